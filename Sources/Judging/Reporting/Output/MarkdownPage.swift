import Files
import Printing
import ResultsStore

/// Writes a page as Markdown with pictures beside it.
enum MarkdownPage {
  /// Returns the page's text; pictures are in a folder of the experiment's name.
  static func text(of content: PageContent) -> String {
    text(of: content.blocks, folder: content.results.name)
  }

  /// Returns the text of blocks whose pictures are in a folder.
  static func text(of blocks: [PageBlock], folder: String) -> String {
    var text = ""
    func add(_ content: String) { text += (text.isEmpty ? "" : "\n") + content + "\n" }
    func paragraph(_ content: String) { add(InertMarkdown.text(content)) }
    func picture(_ title: String, _ file: String) {
      paragraph("![\(Markdown.escaped(title))](\(folder)/\(file))")
    }
    for block in blocks {
      switch block {
      case .title(let title): paragraph("# " + title)
      case .heading(let heading): paragraph("## " + heading)
      case .paragraph(let words): paragraph(words)
      case .table(let model, _): text += "\n" + MarkdownTable.text(of: model)
      case .details(let title, let model, _):
        add("<details><summary>\(XMLText.escaped(title))</summary>")
        text += "\n" + MarkdownTable.text(of: model)
        add("</details>")
      case .chart(let chart): picture(chart.title, "\(chart.id).svg")
      case .figure(let figure): picture(figure.title, "\(figure.id).\(figure.ending)")
      case .log(let lines): add(Markdown.fenced(lines))
      case .verdicts: break
      case .rule: paragraph("---")
      }
    }
    return text
  }

  /// Returns the pictures in the order of the page.
  static func attachments(of content: PageContent) -> [ReportPage.Attachment] {
    content.blocks.compactMap { block in
      switch block {
      // Ids are such names, or their report section would not have been read.
      case .chart(let chart):
        FileName(chart.id).map {
          ReportPage.Attachment(id: $0, ending: "svg", bytes: Array(chart.drawing.document.utf8))
        }
      case .figure(let figure):
        FileName(figure.id).map { ReportPage.Attachment(id: $0, ending: figure.ending, bytes: figure.sheet) }
      case .title, .heading, .verdicts, .paragraph, .table, .details, .log, .rule: nil
      }
    }
  }
}
