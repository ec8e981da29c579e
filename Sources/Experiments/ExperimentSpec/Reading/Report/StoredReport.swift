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
    let parts: [(key: String, value: JSONValue)] = ["metrics", "replicates", "report"].compactMap { name in
      spec[name].map { (name, $0) }
    }
    let reader = SpecReader()
    let source = SourceText(name: "report", text: JSONValue.object(parts).compactText)
    _ = reader.sources.add(source)
    guard let tree = try? LocatedJSON(parsing: source) else { throw Mistake(message: "'report' is no JSON") }
    reader.checkTexts(tree)
    let nodes = tree.memberValues
    var reading = ReportReader(reader: reader, context: nil, metrics: reader.metricDescriptions(nodes["metrics"]))
    var read = reading.section(nodes["report"])
    read.replicates = reader.replicates(nodes["replicates"], axes: nil)
    if let mistake = reader.diagnostics.first(where: { $0.severity == .error && $0.code != .unknownMember }) {
      throw Mistake(message: mistake.message + (mistake.hint.map { ", \($0)" } ?? ""))
    }
    self = read
  }
}
