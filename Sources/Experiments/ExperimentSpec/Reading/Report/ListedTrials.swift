import JSON

/// The trials of an experiment whose product of axes is trimmed or added to, one by one.
struct ListedTrials {
  /// Trials beyond which no list is made.
  private static let mostTrials = 200_000

  private let names: [String]
  /// By trial, for each axis and zip member its value.
  private var rows: [[JSONValue]] = []

  /// Multiplies the axes, leaves out what is excluded and adds what is included; `nil` if there are too many trials.
  init?(groups: [AxisGroup], exclude: [AssignmentPattern], include: [AssignmentPattern]) {
    names = groups.flatMap { $0.members.map(\.name) }
    var count = 1
    for group in groups {
      count *= max(1, group.count)
      guard count <= Self.mostTrials else { return nil }
    }
    guard count * (exclude.count + 1) <= SpecLimit.comparisons / 10 else { return nil }
    var product: [[JSONValue]] = [[]]
    for group in groups where group.count > 0 {
      product = product.flatMap { row in
        (0..<group.count).map { step in row + group.members.map { $0.values[step] } }
      }
    }
    guard product.first?.count == names.count else { return nil }
    let columns = Self.columns(of: names)
    func matches(_ pattern: AssignmentPattern, _ row: [JSONValue]) -> Bool {
      pattern.matches { name in columns[name].map { row[$0] } }
    }
    rows = product.filter { row in !exclude.contains { matches($0, row) } }
    for pattern in include {
      let row = names.compactMap { name in pattern.conditions.first { $0.name == name }?.values.first }
      if row.count == names.count { rows.append(row) }
    }
  }

  /// Returns the first of some axes of which a cell has several values, `nil` if each has one in every cell.
  ///
  /// - Parameters:
  ///   - suspects: The axes that are looked at.
  ///   - fixed: The axes whose values make a cell.
  ///   - filters: Which trials count; all must match.
  /// - Returns: The name of an axis.
  func axis(among suspects: [String], fixed: Set<String>, filters: [AssignmentPattern]) -> String? {
    let columns = Self.columns(of: names)
    let keys = names.indices.filter { fixed.contains(names[$0]) }
    let looked = suspects.compactMap { columns[$0] }
    var first: [[JSONValue]: Int] = [:]
    for (position, row) in rows.enumerated()
    where filters.allSatisfy({ $0.matches { name in columns[name].map { row[$0] } } }) {
      let key = keys.map { row[$0].scalarIdentity }
      guard let other = first[key] else {
        first[key] = position
        continue
      }
      if let column = looked.first(where: { !row[$0].isSameScalar(as: rows[other][$0]) }) { return names[column] }
    }
    return nil
  }

  private static func columns(of names: [String]) -> [String: Int] {
    Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
