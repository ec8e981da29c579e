public import JSON

/// A value with variables in it: `"${model}/teacher.safetensors"`, or a whole object of such texts.
///
/// A text that is exactly `${x}` takes over the type of `x`; in any longer text the variable's value is written as text.
/// `$${` stands for a literal `${`.
public indirect enum ValueTemplate: Sendable, Hashable {
  /// A value without variables.
  case constant(JSONValue)
  /// A text that is exactly one variable.
  case variable(String)
  /// A text with variables.
  case text([TextPiece])
  /// A list with variables somewhere in it.
  case array([ValueTemplate])
  /// An object with variables somewhere in it.
  case object([ObjectMember])

  /// A part of a text.
  public enum TextPiece: Sendable, Hashable {
    /// Literal text.
    case literal(String)
    /// The name of a variable.
    case variable(String)
  }

  /// A member of an object.
  public struct ObjectMember: Sendable, Hashable {
    /// The member's name; never interpolated.
    public var key: String
    /// The member's value.
    public var value: ValueTemplate
  }

  /// The names of all variables, in the order of their first use.
  public var variables: [String] {
    var names: [String] = []
    var seen: Set<String> = []
    visitVariables { if seen.insert($0).inserted { names.append($0) } }
    return names
  }

  private func visitVariables(_ visit: (String) -> Void) {
    switch self {
    case .constant: break
    case .variable(let name): visit(name)
    case .text(let pieces): for case .variable(let name) in pieces { visit(name) }
    case .array(let elements): for element in elements { element.visitVariables(visit) }
    case .object(let members): for member in members { member.value.visitVariables(visit) }
    }
  }

  /// Fills in the variables.
  ///
  /// - Parameter lookup: Returns a variable's value.
  /// - Returns: The value without variables; lists and objects in the middle of a text are written as canonical JSON.
  /// - Throws: What `lookup` throws.
  public func resolved<Failure: Error>(_ lookup: (String) throws(Failure) -> JSONValue) throws(Failure) -> JSONValue {
    switch self {
    case .constant(let value): return value
    case .variable(let name): return try lookup(name)
    case .text(let pieces):
      var text = ""
      for piece in pieces {
        switch piece {
        case .literal(let literal): text += literal
        case .variable(let name): text += try lookup(name).interpolatedText
        }
      }
      return .string(text)
    case .array(let elements):
      var values: [JSONValue] = []
      values.reserveCapacity(elements.count)
      for element in elements { values.append(try element.resolved(lookup)) }
      return .array(values)
    case .object(let members):
      var values: [(key: String, value: JSONValue)] = []
      values.reserveCapacity(members.count)
      for member in members { values.append((member.key, try member.value.resolved(lookup))) }
      return .object(values)
    }
  }
}

extension JSONValue {
  /// The value as it appears in the middle of a text: strings without quotation marks, everything else as canonical JSON.
  public var interpolatedText: String {
    stringValue ?? CanonicalJSON.text(of: self)
  }
}
