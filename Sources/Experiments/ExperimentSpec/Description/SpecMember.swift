/// A member that an object of a spec may have: what reader, published JSON Schema and reference say of it.
package struct SpecMember: Sendable {
  /// The key.
  package var name: String
  /// What its value may be.
  package var shape: SpecShape
  /// Whether it must be there.
  package var isRequired: Bool
  /// What it says, as a part of a sentence in Markdown; defaults included.
  package var meaning: String

  init(_ name: String, _ shape: SpecShape, isRequired: Bool = false, _ meaning: String) {
    self.name = name
    self.shape = shape
    self.isRequired = isRequired
    self.meaning = meaning
  }
}
