/// The variables of the environment in which a command finds its inputs and tokens.
package enum VariableName {
  /// What the variables that orchestrate sets begin with.
  package static let reserved = "ORCHESTRATE_"

  /// The variable with the paths of an input.
  package static func input(_ name: String) -> String { "\(reserved)INPUT_\(suffix(of: name))" }

  /// The variable with the file that lists the paths of an input with very many.
  package static func inputList(_ name: String) -> String { "\(input(name))_FILE" }

  /// The variable with the names of the tokens of a pool.
  package static func resource(_ name: String) -> String { "\(reserved)RESOURCE_\(suffix(of: name))" }

  /// Upper-case letters and digits; everything else becomes an underscore.
  private static func suffix(of name: String) -> String {
    let bytes = name.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): byte & 0xDF
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
      default: UInt8(ascii: "_")
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
