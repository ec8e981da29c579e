import ExperimentSpec
import Foundation
import JSON
import TestSupport
import Testing

@Suite struct `The published schema` {
  private func schema() throws -> JSONSchema {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(ShippedSpec.folder)/experiment.schema.json"))
    return JSONSchema(root: try JSONValue(parsing: Array(data)))
  }

  @Test func `the published schema is the one that the program prints`() throws {
    try PublishedFile.expect(SpecSchema.document.prettyText + "\n", isAt: "experiments/experiment.schema.json")
  }

  @Test func `every definition belongs to the reader and every reference leads somewhere`() throws {
    let schema = try schema()
    let names = Set((schema.root["$defs"]?.objectValue ?? []).map(\.key))
    let helpers = ["condition", "extension", "partialStage", "partialWorker", "partialRange"]
    #expect(names == Set(SpecObject.allCases.map(\.rawValue)).union(helpers))
    func walk(_ value: JSONValue) {
      if let reference = value["$ref"]?.stringValue { #expect(schema.definition(reference) != nil, "\(reference)") }
      for (_, child) in value.objectValue ?? [] { walk(child) }
      for child in value.arrayValue ?? [] { walk(child) }
    }
    walk(schema.root)
    #expect(schema.unknownKeywords() == [])
  }

  @Test func `every property has a description`() throws {
    let schema = try schema()
    for object in SpecObject.allCases {
      for (name, property) in schema.definition("#/$defs/\(object.rawValue)")?["properties"]?.objectValue ?? [] {
        let isDescribed = property["description"] != nil || property["$ref"] != nil
        #expect(isDescribed, "\(object).\(name)")
      }
    }
  }

  @Test func `the shipped specs and the full example are valid`() throws {
    let schema = try schema()
    for name in ShippedSpec.names {
      #expect(schema.mistakes(in: try ShippedSpec(name).tree.value) == [], "\(name)")
    }
    let full = try JSONValue(parsing: FullSpec.text, dialect: .relaxed)
    #expect(schema.mistakes(in: full) == [])
  }

  @Test func `what the schema refuses, the reader refuses, and structural mistakes are seen by both`() throws {
    let schema = try schema()
    let structural: Set<String> = [
      "misspelt member", "wrong type", "empty axis", "number out of range", "misspelt word", "invalid name",
    ]
    var refused = 0
    for mutant in try MutantCorpus(seed: 99, perKind: 12).mutants {
      guard let tree = try? LocatedJSON(parsing: mutant.source, dialect: .relaxed) else { continue }
      let mistakes = schema.mistakes(in: tree.value)
      let isRefused = SpecReading(mutant.source).diagnostics.contains { $0.severity == .error }
      let what = "\(mutant.kind) \(mutant.source.name) \(mutant.place) \(mutant.site)"
      if !mistakes.isEmpty {
        refused += 1
        #expect(isRefused, "only the schema refuses \(what): \(mistakes)")
      }
      if structural.contains(mutant.kind), isRefused, !mutant.isLeftToReader {
        #expect(!mistakes.isEmpty, "only the reader refuses \(what)")
      }
    }
    #expect(refused > 40)
  }
}

extension SpecMutant {
  /// What the schema cannot tell: a factor or step of zero, and the inner parts of a spec that extends another.
  fileprivate var isLeftToReader: Bool {
    kind == "number out of range" && ["scale", "by"].contains { site.hasSuffix($0) }
      || source.name.hasSuffix("micro.json")
  }
}
