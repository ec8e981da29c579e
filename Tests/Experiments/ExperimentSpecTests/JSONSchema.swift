import Foundation
import JSON

/// As much of JSON Schema (draft 2020-12) as the published schema uses.
struct JSONSchema {
  let root: JSONValue

  private static let known: Set<String> = [
    "$schema", "$defs", "$ref", "title", "description", "type", "properties", "additionalProperties", "required",
    "propertyNames", "minProperties", "items", "minItems", "maxItems", "uniqueItems", "enum", "oneOf", "anyOf", "if",
    "then", "else",
    "pattern",
    "minLength", "minimum", "maximum", "exclusiveMinimum", "not", "const",
  ]

  /// Returns paths and reasons of all mistakes.
  func mistakes(in value: JSONValue) -> [String] {
    mistakes(in: value, by: root, at: "")
  }

  /// Returns the keywords of the schema that this validator does not know.
  func unknownKeywords() -> [String] {
    var found: [String] = []
    func walk(_ schema: JSONValue) {
      for (key, value) in schema.objectValue ?? [] {
        if !Self.known.contains(key) { found.append(key) }
        switch key {
        case "properties", "$defs": for (_, child) in value.objectValue ?? [] { walk(child) }
        case "oneOf", "anyOf": for child in value.arrayValue ?? [] { walk(child) }
        case "additionalProperties", "items", "propertyNames", "if", "then", "else", "not": walk(value)
        default: break
        }
      }
    }
    walk(root)
    return found
  }

  /// Returns what a reference leads to.
  func definition(_ reference: String) -> JSONValue? {
    var value: JSONValue? = root
    for part in reference.dropFirst(2).split(separator: "/") {
      value = Int(part).flatMap { value?[$0] } ?? value?[String(part)]
    }
    return value
  }

  private func mistakes(in value: JSONValue, by schema: JSONValue, at path: String) -> [String] {
    if schema == .bool(false) { return ["\(path): not allowed"] }
    var found: [String] = []
    for (keyword, argument) in schema.objectValue ?? [] {
      switch keyword {
      case "$ref":
        let target = argument.stringValue.flatMap(definition) ?? .bool(false)
        found += mistakes(in: value, by: target, at: path)
      case "type":
        let names = argument.arrayValue?.compactMap(\.stringValue) ?? [argument.stringValue ?? ""]
        if !names.contains(where: { Self.isType($0, value) }) { found.append("\(path): not \(names)") }
      case "enum":
        if argument.arrayValue?.contains(value) != true { found.append("\(path): not one of \(argument)") }
      case "const": if argument != value { found.append("\(path): not \(argument)") }
      case "oneOf", "anyOf":
        let fits = (argument.arrayValue ?? []).count { mistakes(in: value, by: $0, at: path).isEmpty }
        if fits == 0 || keyword == "oneOf" && fits > 1 { found.append("\(path): fits \(fits) of \(keyword)") }
      case "not": if mistakes(in: value, by: argument, at: path).isEmpty { found.append("\(path): fits 'not'") }
      case "if":
        let branch = mistakes(in: value, by: argument, at: path).isEmpty ? "then" : "else"
        if let chosen = schema[branch] { found += mistakes(in: value, by: chosen, at: path) }
      case "pattern", "minLength", "minimum", "maximum", "exclusiveMinimum":
        if !Self.isInside(value, keyword, argument) { found.append("\(path): \(keyword) \(argument)") }
      default: found += mistakesOfParts(of: value, keyword, argument, schema, at: path)
      }
    }
    return found
  }

  private func mistakesOfParts(
    of value: JSONValue, _ keyword: String, _ argument: JSONValue, _ schema: JSONValue, at path: String
  ) -> [String] {
    if let elements = value.arrayValue {
      switch keyword {
      case "items":
        return elements.enumerated().flatMap { mistakes(in: $1, by: argument, at: "\(path)/\($0)") }
      case "minItems": return elements.count < argument.intValue ?? 0 ? ["\(path): too few"] : []
      case "maxItems": return elements.count > argument.intValue ?? .max ? ["\(path): too many"] : []
      case "uniqueItems": return Set(elements).count < elements.count ? ["\(path): a value twice"] : []
      default: return []
      }
    }
    guard let members = value.objectValue else { return [] }
    switch keyword {
    case "properties":
      return (argument.objectValue ?? []).flatMap { name, child in
        value[name].map { mistakes(in: $0, by: child, at: "\(path)/\(name)") } ?? []
      }
    case "additionalProperties":
      return members.filter { schema["properties"]?[$0.key] == nil }
        .flatMap { mistakes(in: $0.value, by: argument, at: "\(path)/\($0.key)") }
    case "required":
      return (argument.arrayValue ?? []).compactMap(\.stringValue).filter { value[$0] == nil }
        .map { "\(path): no '\($0)'" }
    case "propertyNames":
      return members.flatMap { mistakes(in: .string($0.key), by: argument, at: "\(path)/\($0.key)") }
    case "minProperties": return members.count < argument.intValue ?? 0 ? ["\(path): too few"] : []
    default: return []
    }
  }

  private static func isType(_ name: String, _ value: JSONValue) -> Bool {
    switch name {
    case "object": value.objectValue != nil
    case "array": value.arrayValue != nil
    case "string": value.stringValue != nil
    case "boolean": value.boolValue != nil
    case "integer": value.integerValue != nil
    case "number": value.doubleValue != nil
    case "null": value.isNull
    default: false
    }
  }

  private static func isInside(_ value: JSONValue, _ keyword: String, _ argument: JSONValue) -> Bool {
    switch keyword {
    case "pattern":
      guard let text = value.stringValue, let pattern = argument.stringValue else { return true }
      return text.range(of: pattern, options: .regularExpression) != nil
    case "minLength": return value.stringValue.map { $0.count >= argument.intValue ?? 0 } ?? true
    case "minimum": return value.doubleValue.map { $0 >= argument.doubleValue ?? 0 } ?? true
    case "maximum": return value.doubleValue.map { $0 <= argument.doubleValue ?? 0 } ?? true
    default: return value.doubleValue.map { $0 > argument.doubleValue ?? 0 } ?? true
    }
  }
}
