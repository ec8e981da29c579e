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
    let sections = HTMLPage.sections(of: content.blocks)
    let rendered = Parallel.map(sections) { HTMLPage.html($0.block, id: $0.id) }
    var links = sections.compactMap(\.link)
    if !content.traces.isEmpty { links.append(("origins", "Where every number comes from")) }
    var pages = [("index.html", "All experiments")]
    if !content.claims.isEmpty { pages.append(("claims.html", "All claims")) }
    if !content.section.audit.isEmpty { pages.append(("audit.html", "The paper's own numbers")) }
    return HTMLFrame(
      title: content.results.spec["title"]?.stringValue ?? content.results.name, pages: pages, sections: links
    ).document(around: rendered.joined() + origins)
  }

  /// Returns a page that needs no origins.
  ///
  /// - Parameters:
  ///   - blocks: The page.
  ///   - title: What its window is called.
  ///   - pages: Files and names of other pages.
  /// - Returns: A whole document.
  static func text(of blocks: [PageBlock], title: String, pages: [(file: String, name: String)] = []) -> String {
    let sections = sections(of: blocks)
    let body = Parallel.map(sections) { html($0.block, id: $0.id) }.joined()
    return HTMLFrame(title: title, pages: pages, sections: sections.compactMap(\.link)).document(around: body)
  }

  /// A block with what its heading is called in addresses.
  private struct Section: Sendable {
    var block: PageBlock
    var id: String?

    var link: (id: String, title: String)? {
      guard case .heading(let title) = block, let id else { return nil }
      return (id, title)
    }
  }

  private static func sections(of blocks: [PageBlock]) -> [Section] {
    let titles = blocks.compactMap { block in
      if case .heading(let title) = block { return InlineMarkdown.plain(title) }
      return nil
    }
    var slugs = CellAddress.distinctSlugs(titles)[...]
    return blocks.map { block in
      guard case .heading = block else { return Section(block: block) }
      return Section(block: block, id: "section-" + (slugs.popFirst() ?? ""))
    }
  }

  private static func html(_ block: PageBlock, id: String?) -> String {
    switch block {
    case .title(let title): return "<h1>\(HTMLText.inline(title))</h1>\n"
    case .heading(let heading): return "<h2 id=\"\(XMLText.escaped(id ?? ""))\">\(HTMLText.inline(heading))</h2>\n"
    case .verdicts(let counts): return counts.map(HTMLFrame.verdicts).joined()
    case .paragraph(let text) where text.hasPrefix(AttemptTrail.beginning):
      return "<p class=\"small\">\(HTMLText.inline(text))</p>\n"
    case .paragraph(let text): return HTMLText.blocks(text)
    case .table(let model, _): return HTMLText.table(model, anchor: anchor)
    case .details(let title, let model, _):
      return
        "<details><summary>\(HTMLText.inline(title))</summary>\n\(HTMLText.table(model, anchor: anchor))</details>\n"
    case .chart(let chart): return html(chart)
    case .figure(let figure): return grid(figure)
    case .log(let lines):
      return "<pre class=\"scroll\">\(lines.map(XMLText.escaped).joined(separator: "\n"))</pre>\n"
    case .rule: return "<hr/>\n"
    }
  }

  /// A chart may grow to a quarter more than it was drawn, so that its letters are as large as those of the page.
  private static func html(_ chart: ChartPicture) -> String {
    let wide = chart.drawing.inline(id: "chart-\(chart.id)")
    let size = " style=\"max-width:\(Int((Double(chart.drawing.width) ?? 576) * 1.25))px\""
    guard let narrow = chart.narrowDrawing?().inline(id: "chart-\(chart.id)-narrow") else {
      return "<figure class=\"chart\"\(size)>\(wide)</figure>\n"
    }
    return
      "<figure class=\"chart\"\(size)><div class=\"wide\">\(wide)</div><div class=\"narrow\">\(narrow)</div></figure>\n"
  }

  private static func anchor(_ address: String) -> String { "origin:\(address)" }

  /// The images of a figure, rows by trials and columns by methods; each image keeps its own pixels.
  private static func grid(_ figure: FigurePicture) -> String {
    let panels = figure.content.request.panels
    let rows = figure.content.rows
    let hasLabels = rows.contains { !$0.label.isEmpty }
    let columns = panels.indices.map { column in
      let widest = rows.compactMap { row -> Int? in
        if column < row.cells.count, case .file(let file) = row.cells[column] { return file.width }
        return nil
      }.max()
      return widest.map { "minmax(min(18rem,75vw),\(min($0, 960))px)" } ?? "auto"
    }
    let template = (hasLabels ? ["fit-content(12rem)"] : []) + columns
    var html =
      "<figure class=\"images\"><div class=\"scroll\"><div class=\"grid\" style=\"grid-template-columns:\(template.joined(separator: " "))\">"
    if hasLabels { html += "<span></span>" }
    for panel in panels { html += "<span>\(HTMLText.inline(panel.label))</span>" }
    for row in rows {
      if hasLabels { html += "<span>\(XMLText.escaped(row.label))</span>" }
      let magnify = panels.map { $0.magnify ?? figure.content.request.magnify }
      let factors = FigureSheet.factors(for: row, magnify: magnify)
      for ((panel, cell), factor) in zip(zip(panels, row.cells), factors) {
        let parts = [panel.label, row.label].filter { !$0.isEmpty }
        html += image(cell, name: parts.isEmpty ? figure.title : parts.joined(separator: ", "), factor: factor)
      }
    }
    return html + "</div></div><figcaption>\(HTMLText.inline(figure.title))</figcaption></figure>\n"
  }

  private static func image(_ cell: FigureSheet.Cell, name: String, factor: Int) -> String {
    if case .gap(let reason) = cell { return "<span>\(XMLText.escaped(reason))</span>" }
    guard let size = cell.size, let address = cell.dataAddress else { return "<span>unreadable image</span>" }
    return
      "<img alt=\"\(XMLText.escaped(name))\"\(cell.isPixels ? "" : " class=\"file\"") width=\"\(size.width * factor)\" "
      + "height=\"\(size.height * factor)\" src=\"\(address)\"/>"
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
