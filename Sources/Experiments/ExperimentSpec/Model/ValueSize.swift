import JSON

/// The most that a value takes when its variables are filled in.
struct ValueSize {
  /// Bytes as JSON, but for escapes; no more than ``ceiling``.
  var bytes = 0
  /// Lists and objects in each other.
  var depth = 0

  /// Sums stay here, so that they cannot overflow.
  static let ceiling = 1 << 40

  init(bytes: Int = 0, depth: Int = 0) {
    self.bytes = min(bytes, Self.ceiling)
    self.depth = depth
  }

  /// Measures a value.
  init(_ value: JSONValue) {
    switch value {
    case .string(let text): self.init(bytes: text.utf8.count)
    case .array(let elements):
      self.init(depth: 1)
      for element in elements { add(ValueSize(element), inside: true) }
    case .object(let members):
      self.init(depth: 1)
      for (key, value) in members {
        add(ValueSize(bytes: key.utf8.count), inside: true)
        add(ValueSize(value), inside: true)
      }
    default: self.init(bytes: 8)
    }
  }

  /// Measures a value with variables.
  ///
  /// - Parameters:
  ///   - template: The value.
  ///   - lookup: Returns the size of a variable's value.
  init(_ template: ValueTemplate, _ lookup: (String) -> ValueSize) {
    switch template {
    case .constant(let value): self.init(value)
    case .variable(let name): self = lookup(name)
    case .text(let pieces):
      self.init()
      for piece in pieces {
        switch piece {
        case .literal(let text): add(ValueSize(bytes: text.utf8.count))
        case .variable(let name): add(ValueSize(bytes: lookup(name).bytes))
        }
      }
    case .array(let elements):
      self.init(depth: 1)
      for element in elements { add(ValueSize(element, lookup), inside: true) }
    case .object(let members):
      self.init(depth: 1)
      for member in members {
        add(ValueSize(bytes: member.key.utf8.count), inside: true)
        add(ValueSize(member.value, lookup), inside: true)
      }
    }
  }

  /// Adds what stands beside the value, or inside it.
  mutating func add(_ other: ValueSize, inside: Bool = false) {
    bytes = min(bytes + other.bytes + (inside ? 2 : 0), Self.ceiling)
    depth = max(depth, other.depth + (inside ? 1 : 0))
  }

  /// The greater of two sizes.
  func union(_ other: ValueSize) -> ValueSize {
    ValueSize(bytes: max(bytes, other.bytes), depth: max(depth, other.depth))
  }
}
