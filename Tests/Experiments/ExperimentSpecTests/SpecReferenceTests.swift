import ExperimentSpec
import Foundation
import Testing

@Suite struct `The spec reference` {
  private let text: String

  init() throws {
    text = try String(contentsOfFile: "\(ShippedSpec.folder)/../Docs/SpecReference.md", encoding: .utf8)
  }

  /// The names in the first column of the first table below a heading.
  private func names(under heading: String) throws -> [String] {
    let lines = text.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix("#") && $0.hasSuffix("# \(heading)") })
    let table = lines[(start + 1)...].drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }.dropFirst(2)
    return table.map { row in row.split(separator: "|")[0].trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
  }

  @Test(arguments: [
    ("The experiment", SpecObject.experiment), ("Ranges", .range), ("Indexed pools", .pool), ("Workers", .worker),
    ("Measurement", .measurement), ("Quiet machine", .quiet), ("Stages", .stage), ("Retries", .retries),
    ("Artifacts as inputs", .artifactInput),
    ("Columns", .column), ("Claims", .claim), ("Tests of a claim", .claimTest), ("Audit", .finding),
  ])
  func `each table has the members that the reader knows, in its order`(heading: String, object: SpecObject) throws {
    #expect(try names(under: heading) == object.members)
  }

  @Test func `every member of the report section is named`() {
    for object in SpecObject.allCases {
      for member in object.members where !text.contains("`\(member)`") {
        Issue.record("'\(member)' of \(object) is not in the reference")
      }
    }
  }

  @Test func `the variables are those that exist`() throws {
    let known = ["NAME"] + SpecVariable.planned + SpecVariable.late
    #expect(try names(under: "Variables").sorted() == known.map { "${\($0)}" }.sorted())
  }

  @Test func `every kind of mistake is named, and no other`() throws {
    #expect(try names(under: "Mistakes") == DiagnosticCode.allCases.map(\.rawValue))
  }
}
