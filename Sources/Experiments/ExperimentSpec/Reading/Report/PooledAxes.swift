import JSON

/// Finds the axes that a cell, a point or a claim would average over although nobody said that they are repetitions.
final class PooledAxes {
  private let groups: [AxisGroup]
  private let replicates: Set<String>
  private let dependence: StageDependence
  private let conditions: [String: AssignmentPattern]
  private let exclude: [AssignmentPattern]
  private let include: [AssignmentPattern]
  /// The trials one by one if the product of the axes is trimmed or added to.
  private lazy var listed: ListedTrials? =
    exclude.isEmpty && include.isEmpty ? nil : ListedTrials(groups: groups, exclude: exclude, include: include)
  private var known: [Question: String?] = [:]

  /// What is asked of the trials behind a number.
  struct Question: Hashable {
    /// The stage that measures it.
    var stage: String
    /// Which trials count; all must match.
    var filters: [AssignmentPattern]
    /// The axes that have one value in it.
    var fixed: Set<String>
    /// The axes that it averages over because its author says so; members of a zip group go together.
    var over: Set<String>
  }

  init(
    groups: [AxisGroup], exclude: [AssignmentPattern], include: [AssignmentPattern], replicates: Set<String>,
    stages: [Stage], dependence: StageDependence
  ) {
    self.groups = groups
    self.replicates = replicates
    self.dependence = dependence
    conditions = Dictionary(
      stages.compactMap { stage in stage.when.map { (stage.name, $0) } }, uniquingKeysWith: { first, _ in first })
    self.exclude = exclude
    self.include = include
  }

  /// Returns an axis that the number would average over without saying so, `nil` if there is none.
  func axis(of question: Question) -> String? {
    if let answer = known[question] { return answer }
    let answer = find(question)
    known[question] = .some(answer)
    return answer
  }

  private func find(_ question: Question) -> String? {
    let suspects = suspects(question)
    guard !suspects.isEmpty else { return nil }
    let filters = question.filters + [conditions[question.stage]].compactMap(\.self)
    if let listed { return listed.axis(among: suspects, fixed: question.fixed, filters: filters) }
    return groups.lazy.compactMap { Self.axis(of: $0, among: suspects, fixed: question.fixed, filters: filters) }.first
  }

  /// The axes that the stage depends on and that nothing accounts for, in document order.
  private func suspects(_ question: Question) -> [String] {
    let axes = dependence.axes(of: question.stage)
    return groups.flatMap { group -> [String] in
      guard !group.members.contains(where: { question.over.contains($0.name) }) else { return [] }
      return group.members.map(\.name).filter {
        axes.contains($0) && !replicates.contains($0) && !question.fixed.contains($0)
      }
    }
  }

  /// The first suspect of a group of which a cell has several values; exact if every combination of the groups is a trial.
  private static func axis(
    of group: AxisGroup, among suspects: [String], fixed: Set<String>, filters: [AssignmentPattern]
  ) -> String? {
    let members = group.members.filter { suspects.contains($0.name) }
    guard !members.isEmpty else { return nil }
    let conditions = filters.flatMap(\.conditions).compactMap { condition in
      group.members.first { $0.name == condition.name }.map { member in
        (values: member.values, allowed: Set(condition.values.map(\.scalarIdentity)))
      }
    }
    let keys = group.members.filter { fixed.contains($0.name) }
    guard !conditions.isEmpty || !keys.isEmpty else { return members.first { Self.varies($0.values) }?.name }
    var first: [[JSONValue]: Int] = [:]
    for step in 0..<group.count
    where conditions.allSatisfy({ $0.allowed.contains($0.values[step].scalarIdentity) }) {
      let key = keys.map { $0.values[step].scalarIdentity }
      guard let other = first[key] else {
        first[key] = step
        continue
      }
      if let member = members.first(where: { !$0.values[step].isSameScalar(as: $0.values[other]) }) {
        return member.name
      }
    }
    return nil
  }

  private static func varies(_ values: [JSONValue]) -> Bool {
    guard let first = values.first else { return false }
    return values.contains { !$0.isSameScalar(as: first) }
  }
}
