import ExperimentSpec
import Foundation
import TestSupport
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

  @Test func `each table of members is what the reader's description says`() throws {
    var expected = text
    for object in SpecObject.allCases {
      expected = try Self.replacing("members of \(object.rawValue)", in: expected, by: SpecReference.table(of: object))
    }
    expected = try Self.replacing("kinds of charts", in: expected, by: SpecReference.chartKinds)
    expected = try Self.replacing("styles of cells", in: expected, by: SpecReference.cellStyles)
    try PublishedFile.expect(expected, isAt: "Docs/SpecReference.md")
  }

  /// Puts a table behind the mark that names it, in place of the one that stands there.
  private static func replacing(_ mark: String, in page: String, by table: String) throws -> String {
    let line = "<!-- \(mark) -->\n"
    let found = try #require(page.range(of: line), "no mark '\(mark)'")
    let rest = page[found.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0.hasPrefix("|") }
    return page[..<found.upperBound] + table + "\n" + rest.joined(separator: "\n")
  }

  @Test func `the variables are those that exist`() throws {
    let known = ["NAME"] + SpecVariable.planned + SpecVariable.late
    #expect(try names(under: "Variables").sorted() == known.map { "${\($0)}" }.sorted())
  }

  @Test func `every kind of mistake is named, and no other`() throws {
    #expect(try names(under: "Mistakes") == DiagnosticCode.allCases.map(\.rawValue))
  }
}
