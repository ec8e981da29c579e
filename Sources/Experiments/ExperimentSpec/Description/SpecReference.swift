/// Tables of the spec's members in Markdown, made of what ``SpecObject`` says.
package enum SpecReference {
  /// The members of an object, a row each.
  ///
  /// - Parameter object: An object of a spec.
  /// - Returns: A table in Markdown, without a line break at its end.
  package static func table(of object: SpecObject) -> String {
    rows(
      "member",
      object.members.map { ($0.name, ($0.isRequired ? "required; " : "") + $0.meaning) }, head: "what it says")
  }

  /// The kinds of charts, a row each.
  package static var chartKinds: String {
    rows("kind", ChartRequest.Kind.allCases.map { ($0.rawValue, $0.meaning) }, head: "what it draws")
  }

  /// The styles of a table's cells, a row each.
  package static var cellStyles: String {
    rows("style", TableRequest.CellStyle.allCases.map { ($0.rawValue, $0.meaning) }, head: "what a cell prints")
  }

  /// All tables, each under the name of its object.
  package static var document: String {
    let objects = SpecObject.allCases.map { "## \($0.rawValue)\n\n\($0.meaning)\n\n\(table(of: $0))\n" }
    return objects.joined(separator: "\n") + "\n## Kinds of charts\n\n\(chartKinds)\n"
      + "\n## Styles of cells\n\n\(cellStyles)\n"
  }

  private static func rows(_ first: String, _ rows: [(name: String, meaning: String)], head: String) -> String {
    (["| \(first) | \(head) |", "|---|---|"] + rows.map { "| `\($0.name)` | \($0.meaning) |" })
      .joined(separator: "\n")
  }
}
