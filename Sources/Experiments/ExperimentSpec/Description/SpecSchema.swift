package import JSON

/// The JSON Schema (draft 2020-12) of specs, made of what ``SpecObject`` says.
package enum SpecSchema {
  /// The whole document, as it is published.
  package static var document: JSONValue {
    [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "Experiment",
      "type": "object",
      "description": "An experiment: axes multiply into trials, stages of each trial become jobs.",
      "if": ["required": ["extends"]],
      "then": ["$ref": "#/$defs/extension"],
      "else": ["$ref": "#/$defs/experiment"],
      "$defs": .object(definitions),
    ]
  }

  private static var definitions: [(key: String, value: JSONValue)] {
    let objects = SpecObject.allCases.map { ($0.rawValue, definition(of: $0)) }
    return objects + [
      ("condition", condition),
      (
        "extension",
        partial(
          .experiment, "A spec that starts from another one; what it leaves out is taken over, and null removes.",
          required: ["extends", "name"])
      ),
      ("partialStage", partial(.stage, "What differs from a stage of the extended spec, or a whole one.")),
      ("partialWorker", partial(.worker, "What differs from a worker of the extended spec, or a whole one.")),
      ("partialRange", partial(.range, "What differs from a range of the extended spec, or a whole one.")),
    ]
  }

  private static func definition(of object: SpecObject) -> JSONValue {
    var schema: JSONValue = [
      "type": "object", "description": .string(object.meaning), "additionalProperties": false,
      "properties": .object(
        object.members.map { ($0.name, described($0.shape.schema, by: $0)) }),
    ]
    if !object.requiredNames.isEmpty { schema["required"] = texts(object.requiredNames) }
    if !object.alternatives.isEmpty {
      schema["oneOf"] = .array(object.alternatives.map { ["required": texts([$0])] })
    }
    return schema
  }

  private static var condition: JSONValue {
    [
      "type": "object",
      "description": "A value, or a list of allowed values, for some axes; all must match.",
      "additionalProperties": SpecShape.either([.scalar, .list(.scalar)]).schema,
    ]
  }

  /// An object of a spec that extends another: parts of it, and null for what is removed.
  private static func partial(_ object: SpecObject, _ meaning: String, required: [String] = []) -> JSONValue {
    var schema: JSONValue = [
      "type": "object", "description": .string(meaning), "additionalProperties": false,
      "properties": .object(
        object.members.map { member in
          let whole: JSONValue = ["$ref": .string("#/$defs/\(object.rawValue)/properties/\(member.name)")]
          let isKept = required.contains(member.name) || member.name == "$schema"
          return (member.name, described(isKept ? whole : member.shape.partialSchema ?? orNull(whole), by: member))
        }),
    ]
    if !required.isEmpty { schema["required"] = texts(required) }
    return schema
  }

  private static func described(_ schema: JSONValue, by member: SpecMember) -> JSONValue {
    let meaning = member.meaning.prefix(1).uppercased() + member.meaning.dropFirst() + "."
    var schema = schema
    schema["description"] = .string(meaning)
    return schema
  }

  fileprivate static func orNull(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }

  fileprivate static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}

extension SpecShape {
  private static let namePattern = "^[A-Za-z0-9_-]{1,\(SpecLimit.nameBytes)}$"

  /// The JSON Schema of a value of the shape.
  fileprivate var schema: JSONValue {
    switch self {
    case .text: ["type": "string"]
    case .nonEmptyText: ["type": "string", "minLength": 1]
    case .name: ["type": "string", "pattern": .string(Self.namePattern)]
    case .matching(let pattern): ["type": "string", "pattern": .string(pattern)]
    case .word(let words): ["enum": SpecSchema.texts(words)]
    case .constant(let text): ["const": .string(text)]
    case .integer(let range): Self.integers(range)
    case .number(let numbers): numbers.schema
    case .numberOrNull: ["type": ["number", "null"]]
    case .boolean: ["type": "boolean"]
    case .duration: Self.quantity(.positive, pattern: #"^[0-9]+(\.[0-9]+)?[smh]$"#)
    case .durationOrZero: Self.quantity(.notNegative, pattern: #"^[0-9]+(\.[0-9]+)?[smh]$"#)
    case .byteCount: Self.quantity(.positive, pattern: #"^[0-9]+(\.[0-9]+)?[KMGT](i?B)?$"#)
    case .scalar: ["type": ["string", "number", "boolean"]]
    case .anything: true
    case .anyObject: ["type": "object"]
    case .command: ["type": "array", "items": ["type": "string"], "minItems": 1]
    case .condition: ["$ref": "#/$defs/condition"]
    case .list(let element, let atLeast, let atMost, let isDistinct):
      Self.array(element, atLeast: atLeast, atMost: atMost, isDistinct: isDistinct)
    case .dictionary(let value, let isNamed, let atLeast):
      Self.dictionary(value.schema, isNamed: isNamed, atLeast: atLeast)
    case .object(let object): ["$ref": .string("#/$defs/\(object.rawValue)")]
    case .either(let shapes): ["oneOf": .array(shapes.map(\.schema))]
    }
  }

  /// The JSON Schema of what a spec that extends another may give; `nil` if that is a whole value or null.
  fileprivate var partialSchema: JSONValue? {
    switch self {
    case .dictionary(let value, _, _):
      ["type": ["object", "null"], "additionalProperties": value.partialSchema ?? true]
    case .object(let object):
      switch object {
      case .stage: SpecSchema.orNull(["$ref": "#/$defs/partialStage"])
      case .worker: SpecSchema.orNull(["$ref": "#/$defs/partialWorker"])
      case .range: ["$ref": "#/$defs/partialRange"]
      default: ["type": ["object", "null"]]
      }
    case .either(let shapes) where shapes.contains { $0.partialSchema != nil } && !shapes.contains { $0.isScalar }:
      SpecSchema.orNull(["anyOf": .array(shapes.map { $0.partialSchema ?? $0.schema })])
    case .anyObject: ["type": ["object", "null"]]
    default: nil
    }
  }

  private var isScalar: Bool {
    switch self {
    case .list, .dictionary, .object, .either, .anyObject, .command, .condition: false
    default: true
    }
  }

  private static func integers(_ range: ClosedRange<Int>) -> JSONValue {
    var schema: JSONValue = ["type": "integer", "minimum": .integer(Int64(range.lowerBound))]
    if range.upperBound < .max { schema["maximum"] = .integer(Int64(range.upperBound)) }
    return schema
  }

  private static func quantity(_ numbers: Numbers, pattern: String) -> JSONValue {
    ["oneOf": [numbers.schema, ["type": "string", "pattern": .string(pattern)]]]
  }

  private static func array(_ element: SpecShape, atLeast: Int, atMost: Int?, isDistinct: Bool) -> JSONValue {
    var schema: JSONValue = ["type": "array", "items": element.schema]
    if atLeast > 0 { schema["minItems"] = .integer(Int64(atLeast)) }
    if let atMost { schema["maxItems"] = .integer(Int64(atMost)) }
    if isDistinct { schema["uniqueItems"] = true }
    return schema
  }

  private static func dictionary(_ value: JSONValue, isNamed: Bool, atLeast: Int) -> JSONValue {
    var schema: JSONValue = ["type": "object", "additionalProperties": value]
    if isNamed { schema["propertyNames"] = ["pattern": .string(namePattern)] }
    if atLeast > 0 { schema["minProperties"] = .integer(Int64(atLeast)) }
    return schema
  }
}

extension SpecShape.Numbers {
  fileprivate var schema: JSONValue {
    switch self {
    case .any: ["type": "number"]
    case .notNegative: ["type": "number", "minimum": 0]
    case .positive: ["type": "number", "exclusiveMinimum": 0]
    case .between(let low, let high): ["type": "number", "minimum": .number(low), "maximum": .number(high)]
    }
  }
}
