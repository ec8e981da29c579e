import ExperimentSpec
import JSON
import PNGImage
import Printing
import ResultsStore

/// Writes a page as one HTML file that holds its pictures, styles and the origin of every number.
struct HTMLPage {
  private let content: PageContent
  private let runs: [Int64: RunSummary]

  /// Prepares a page.
  ///
  /// - Parameters:
  ///   - content: The page.
  ///   - runs: Runs by id, for the commits and machines of attempts.
  init(_ content: PageContent, runs: [Int64: RunSummary]) {
    self.content = content
    self.runs = runs
  }

  /// The file; well-formed XML apart from the document type.
  var text: String {
    let body = Parallel.map(content.blocks, HTMLPage.html).joined() + origins
    return HTMLPage.document(title: content.results.spec["title"]?.stringValue ?? content.results.name, body: body)
  }

  /// Returns a page that needs no origins.
  static func text(of blocks: [PageBlock], title: String) -> String {
    document(title: title, body: Parallel.map(blocks, html).joined())
  }

  /// Returns a whole document around the content of its body.
  static func document(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en" xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>\(XMLText.escaped(InlineMarkdown.plain(title)))</title>
    <style>
    \(HTMLStyle.sheet)\(ChartStyle.sheet(scope: ".chart"))</style></head><body>
    \(body)<script>
    //<![CDATA[
    \(HTMLStyle.script)//]]>
    </script></body></html>

    """
  }

  @Sendable
  private static func html(_ block: PageBlock) -> String {
    switch block {
    case .title(let title): return "<h1>\(HTMLText.inline(title))</h1>\n"
    case .heading(let heading): return "<h2>\(HTMLText.inline(heading))</h2>\n"
    case .paragraph(let text): return HTMLText.blocks(text)
    case .table(let model, _): return HTMLText.table(model, anchor: anchor)
    case .details(let title, let model, _):
      return
        "<details><summary>\(HTMLText.inline(title))</summary>\n\(HTMLText.table(model, anchor: anchor))</details>\n"
    case .chart(let chart):
      let wide = chart.drawing.inline(id: "chart-\(chart.id)")
      guard let narrow = chart.narrowDrawing?().inline(id: "chart-\(chart.id)-narrow") else {
        return "<figure class=\"chart\">\(wide)</figure>\n"
      }
      return "<figure class=\"chart\"><div class=\"wide\">\(wide)</div><div class=\"narrow\">\(narrow)</div></figure>\n"
    case .figure(let figure): return grid(figure)
    case .rule: return ""
    }
  }

  private static func anchor(_ address: String) -> String { "origin:\(address)" }

  /// The images of a figure, rows by trials and columns by methods; each image keeps its own pixels.
  private static func grid(_ figure: FigurePicture) -> String {
    let panels = figure.content.request.panels
    let hasLabels = figure.content.rows.contains { !$0.label.isEmpty }
    let template = (hasLabels ? "fit-content(12rem) " : "") + "repeat(\(panels.count), auto)"
    var html = "<figure><div class=\"grid\" style=\"grid-template-columns:\(template)\">"
    if hasLabels { html += "<span></span>" }
    for panel in panels { html += "<span>\(HTMLText.inline(panel.label))</span>" }
    for row in figure.content.rows {
      if hasLabels { html += "<span>\(XMLText.escaped(row.label))</span>" }
      let magnify = panels.map { $0.magnify ?? figure.content.request.magnify }
      let factors = FigureSheet.factors(for: row, magnify: magnify)
      for ((panel, cell), factor) in zip(zip(panels, row.cells), factors) {
        let parts = [panel.label, row.label].filter { !$0.isEmpty }
        let name = parts.isEmpty ? figure.title : parts.joined(separator: ", ")
        switch cell {
        case .gap(let reason): html += "<span>\(XMLText.escaped(reason))</span>"
        case .image(let image):
          guard let bytes = try? image.pngBytes(path: figure.id) else {
            html += "<span>unreadable image</span>"
            continue
          }
          html +=
            "<img alt=\"\(XMLText.escaped(name))\" width=\"\(image.width * factor)\" "
            + "height=\"\(image.height * factor)\" src=\"data:image/png;base64,\(HTMLText.base64(bytes))\"/>"
        }
      }
    }
    return html + "</div><figcaption>\(HTMLText.inline(figure.title))</figcaption></figure>\n"
  }

  /// Every number with its attempts, and every attempt with its run, machine and samples.
  private var origins: String {
    guard !content.traces.isEmpty else { return "" }
    let trail = OriginTables(content, runs: runs)
    return "<h2 id=\"origins\">Where every number comes from</h2>\n"
      + "<p class=\"small\">The numbers above lead here. <code>report trace ADDRESS</code> lists the samples too.</p>\n"
      + "<details><summary>Numbers (\(content.traces.count))</summary>\n\(trail.numbers(anchor: HTMLPage.anchor))</details>\n"
      + "<details><summary>Attempts (\(trail.attemptCount))</summary>\n\(trail.attempts)</details>\n"
      + "<details><summary>Runs, code and machines</summary>\n\(trail.runTable)</details>\n"
  }
}
