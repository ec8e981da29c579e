/// Turns what the parser meets into a tree of one kind.
protocol JSONNodeBuilder {
  /// A value of the tree.
  associatedtype Node
  /// A member of an object.
  associatedtype Member

  /// Whether an object may hold a key twice.
  static var allowsDuplicateMembers: Bool { get }

  static func scalar(_ value: JSONValue, range: Range<Int>) -> Node
  static func array(_ elements: [Node], range: Range<Int>) -> Node
  static func member(key: String, keyRange: Range<Int>, value: Node) -> Member
  static func object(_ members: [Member], range: Range<Int>) -> Node
  static func key(of member: Member) -> String
}

/// Builds plain values.
enum PlainJSONBuilder: JSONNodeBuilder {
  static let allowsDuplicateMembers = false

  static func scalar(_ value: JSONValue, range: Range<Int>) -> JSONValue { value }
  static func array(_ elements: [JSONValue], range: Range<Int>) -> JSONValue { .array(elements) }
  static func member(key: String, keyRange: Range<Int>, value: JSONValue) -> (key: String, value: JSONValue) {
    (key, value)
  }
  static func object(_ members: [(key: String, value: JSONValue)], range: Range<Int>) -> JSONValue { .object(members) }
  static func key(of member: (key: String, value: JSONValue)) -> String { member.key }
}

/// Builds values with their places.
enum LocatedJSONBuilder: JSONNodeBuilder {
  static let allowsDuplicateMembers = true

  static func scalar(_ value: JSONValue, range: Range<Int>) -> LocatedJSON {
    LocatedJSON(content: .scalar(value), range: range)
  }
  static func array(_ elements: [LocatedJSON], range: Range<Int>) -> LocatedJSON {
    LocatedJSON(content: .array(elements), range: range)
  }
  static func member(key: String, keyRange: Range<Int>, value: LocatedJSON) -> LocatedJSON.Member {
    LocatedJSON.Member(key: key, keyRange: keyRange, value: value)
  }
  static func object(_ members: [LocatedJSON.Member], range: Range<Int>) -> LocatedJSON {
    LocatedJSON(content: .object(members), range: range)
  }
  static func key(of member: LocatedJSON.Member) -> String { member.key }
}
