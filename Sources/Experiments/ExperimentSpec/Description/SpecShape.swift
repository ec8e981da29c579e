/// What a value of a spec may be.
package indirect enum SpecShape: Sendable {
  /// Which numbers.
  package enum Numbers: Sendable { case any, notNegative, positive, between(Double, Double) }

  /// A text, possibly empty.
  case text
  /// A text with at least one character.
  case nonEmptyText
  /// A text that ends up in file names and on command lines.
  case name
  /// A text of the form of a regular expression.
  case matching(String)
  /// One of some words.
  case word([String])
  /// This text and no other.
  case constant(String)
  case integer(ClosedRange<Int>)
  case number(Numbers)
  case numberOrNull
  case boolean
  /// Seconds above 0, or a text such as `10m`.
  case duration
  /// Seconds from 0, or a text such as `10m`.
  case durationOrZero
  /// Bytes, or a text such as `2G`.
  case byteCount
  /// A text, a number or a boolean.
  case scalar
  /// Anything at all.
  case anything
  /// An object whose members are the author's own.
  case anyObject
  /// A program and its arguments.
  case command
  /// Values, or lists of allowed values, of some axes.
  case condition
  case list(SpecShape, atLeast: Int = 0, atMost: Int? = nil, isDistinct: Bool = false)
  /// Values by names of the author's choice; names are those of ``name`` unless they may be any.
  case dictionary(SpecShape, isNamed: Bool = true, atLeast: Int = 0)
  /// An object with fixed members.
  case object(SpecObject)
  /// One of several shapes.
  case either([SpecShape])

  /// A text, or a list of different ones.
  static let names = SpecShape.either([.nonEmptyText, .list(.nonEmptyText, atLeast: 1, isDistinct: true)])

  /// One of the words of an enumeration.
  static func word<Word>(of type: Word.Type) -> SpecShape
  where Word: CaseIterable & RawRepresentable, Word.RawValue == String {
    .word(type.allCases.map(\.rawValue))
  }
}
