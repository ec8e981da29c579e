package import JSON

extension ReportSection {
  /// A section that says something a report cannot follow.
  package struct Mistake: Error, Sendable {
    /// What is wrong, and where in the section.
    package var message: String
  }

  /// Reads the section of a stored spec; an experiment without one has an empty section.
  ///
  /// Stages and axes are not looked up: they were when the experiment was planned.
  /// - Throws: ``Mistake``, the first one. Unknown members are none: a later version may know them.
  package init(storedSpec spec: JSONValue) throws(Mistake) {
    guard let section = spec["report"] else {
      self.init()
      return
    }
    let reader = SpecReader()
    let source = SourceText(name: "report", text: section.compactText)
    _ = reader.sources.add(source)
    guard let tree = try? LocatedJSON(parsing: source) else { throw Mistake(message: "'report' is no JSON") }
    reader.checkTexts(tree)
    var reading = ReportReader(reader: reader, context: nil)
    let read = reading.section(tree)
    if let mistake = reader.diagnostics.first(where: { $0.severity == .error && $0.code != .unknownMember }) {
      throw Mistake(message: mistake.message + (mistake.hint.map { ", \($0)" } ?? ""))
    }
    self = read
  }
}
