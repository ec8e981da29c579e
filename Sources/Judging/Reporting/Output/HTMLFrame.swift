import Printing

/// What stands around the content of an HTML page: head, ways to other pages, contents.
struct HTMLFrame {
  var title: String
  /// Files and names of other pages.
  var pages: [(file: String, name: String)]
  /// Ids and titles of the page's sections, in inline Markdown.
  var sections: [(id: String, title: String)]

  /// Returns a whole document.
  func document(around content: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en" xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>\(XMLText.escaped(InlineMarkdown.plain(title)))</title>
    <style>
    \(HTMLStyle.sheet)\(ChartStyle.sheet(scope: ".chart"))</style></head><body>
    <a class="skip" href="#content">Skip to the content</a>
    \(navigation)<div class="page\(hasContents ? " with-contents" : "")">
    \(contents)<main id="content">
    \(content)</main></div><script>
    //<![CDATA[
    \(HTMLStyle.script)//]]>
    </script></body></html>

    """
  }

  private var navigation: String {
    guard !pages.isEmpty else { return "" }
    let links = pages.map { "<a href=\"\($0.file)\">\(XMLText.escaped($0.name))</a>" }
    return "<nav class=\"pages\" aria-label=\"Pages\">\(links.joined(separator: " "))</nav>\n"
  }

  /// A page of two sections is its own contents.
  private var hasContents: Bool { sections.count > 2 }

  private var contents: String {
    guard hasContents else { return "" }
    let items = sections.map { "<li><a href=\"#\(XMLText.escaped($0.id))\">\(HTMLText.inline($0.title))</a></li>" }
    return "<nav class=\"contents\" aria-label=\"Contents\"><details><summary>Contents</summary><ol>"
      + "\(items.joined())</ol></details></nav>\n"
  }

  /// Returns verdicts as a list with their counts in front.
  static func verdicts(_ counts: VerdictCounts) -> String {
    let items = counts.entries.map { entry in
      "<li class=\"\(entry.mark.rawValue)\"><b>\(entry.count)</b> \(XMLText.escaped(Voice.predicate(entry.word, count: entry.count)))</li>"
    }
    return "<div class=\"verdicts\"><p>\(counts.subject)</p><ul>\(items.joined())</ul></div>\n"
  }
}
