import JSON

/// An axis with the values that trials may have on it, for looking them up.
final class KnownAxis {
  let name: String
  let place: Range<Int>
  /// The number of values in the axis itself.
  let listedCount: Int
  /// The same with the values that only included trials have.
  private(set) var count: Int
  private let values: [JSONValue]
  /// Made only if something is looked up: most axes are never asked.
  private var identities: Set<JSONValue>?

  init(_ axis: Axis) {
    name = axis.name
    place = axis.place
    listedCount = axis.values.count
    count = listedCount
    values = axis.values
  }

  /// Whether a trial may have the value, whichever way its number is written.
  func has(_ value: JSONValue) -> Bool {
    prepare()
    return identities?.contains(value.scalarIdentity) ?? false
  }

  /// Adds a value that included trials have.
  func include(_ value: JSONValue) {
    prepare()
    if identities?.insert(value.scalarIdentity).inserted == true { count += 1 }
  }

  private func prepare() {
    if identities == nil { identities = Set(values.map(\.scalarIdentity)) }
  }
}
