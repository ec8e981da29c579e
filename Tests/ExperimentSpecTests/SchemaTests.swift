import ExperimentSpec
import Foundation
import JSON
import Testing

@Suite struct `The published schema` {
  private func schema() throws -> JSONValue {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: root.appendingPathComponent("experiments/experiment.schema.json"))
    return try JSONValue(parsing: Array(data))
  }

  private func definition(_ object: SpecObject, in schema: JSONValue) throws -> JSONValue {
    object == .experiment ? schema : try #require(schema["$defs"]?[object.rawValue])
  }

  @Test(arguments: SpecObject.allCases)
  func `the schema and the reader know the same members`(object: SpecObject) throws {
    let definition = try definition(object, in: try schema())
    #expect(definition["properties"]?.objectValue?.map(\.key).sorted() == object.members.sorted())
    let required = definition["required"]?.arrayValue ?? []
    #expect(required.compactMap(\.stringValue).sorted() == object.required.sorted())
    #expect(definition["additionalProperties"] == .bool(false))
  }

  @Test func `every definition belongs to the reader and every reference leads somewhere`() throws {
    let schema = try schema()
    let names = Set((schema["$defs"]?.objectValue ?? []).map(\.key))
    #expect(names == Set(SpecObject.allCases.map(\.rawValue)).subtracting(["experiment"]).union(["condition"]))
    func walk(_ value: JSONValue) {
      if let reference = value["$ref"]?.stringValue {
        #expect(names.contains(String(reference.dropFirst("#/$defs/".count))))
      }
      for (_, child) in value.objectValue ?? [] { walk(child) }
      for child in value.arrayValue ?? [] { walk(child) }
    }
    walk(schema)
  }

  @Test func `every property has a description`() throws {
    let schema = try schema()
    for object in SpecObject.allCases {
      for (name, property) in try definition(object, in: schema)["properties"]?.objectValue ?? [] {
        let isDescribed = property["description"] != nil || property["$ref"] != nil
        #expect(isDescribed, "\(object).\(name)")
      }
    }
  }
}
