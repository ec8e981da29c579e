import JSON

extension SpecReader {
  /// Reads what a spec says of metrics, by their names.
  func metricDescriptions(_ node: LocatedJSON?) -> [String: MetricDescription] {
    var descriptions: [String: MetricDescription] = [:]
    for member in limitedMembers(node, "'metrics'", to: SpecLimit.parts) ?? [] {
      checkFreeName(member.key, at: member.keyRange, "a metric")
      guard let object = object(member.value, as: .metric, "metric '\(member.key)'") else { continue }
      descriptions[member.key] = MetricDescription(
        label: object.text("label"), unit: object.text("unit"), digits: object.integer("digits"),
        better: object.word("better", as: MetricDescription.Better.self))
    }
    return descriptions
  }

  /// Reads the axes whose values are repetitions; `axes` has the known ones, `nil` if names are not to be looked up.
  func replicates(_ node: LocatedJSON?, axes: [String: KnownAxis]?) -> Set<String> {
    guard let node else { return ReportSection.standardReplicates }
    let names = strings(node, "'replicates'")
    for (name, range) in names where axes.map({ $0[name] == nil }) ?? false {
      reportUnknown(
        .unknownAxis, "axis", name, at: range, known: axes?.keys.sorted() ?? [], of: " in 'replicates'")
    }
    return Set(names.map(\.text))
  }
}
