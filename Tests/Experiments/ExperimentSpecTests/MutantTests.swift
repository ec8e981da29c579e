import ExperimentSpec
import JSON
import Testing

/// Breaks the full example in one place after the other.
@Suite struct Mutants {
  /// A place in the full example.
  private struct Site {
    var path: [String]
    var key: String
    var keyRange: Range<Int>
    var valueRange: Range<Int>
    var isInFixedObject: Bool
  }

  private static let namedMaps: Set<String> = [
    "parameters", "axes", "zip", "resources", "workers", "stages", "with", "compare", "inputs", "outputs",
    "environment", "when",
    "where",
    "exclude", "include", "size",
  ]

  private let source = SourceText(name: "full.json", text: FullSpec.text)

  private func sites() throws -> [Site] {
    var sites: [Site] = []
    func walk(_ node: LocatedJSON, _ path: [String]) {
      for element in node.elements ?? [] { walk(element, path) }
      for member in node.members ?? [] {
        let isFixed = path != ["metrics"] && path.last.map { !Self.namedMaps.contains($0) } ?? true
        sites.append(
          Site(
            path: path, key: member.key, keyRange: member.keyRange, valueRange: member.value.range,
            isInFixedObject: isFixed))
        let childPath =
          path.last.map { Self.namedMaps.contains($0) && $0 != "zip" && $0 != "axes" } == true && isNamed(path)
          ? path + ["*"] : path + [member.key]
        walk(member.value, childPath)
      }
    }
    func isNamed(_ path: [String]) -> Bool { ["workers", "stages", "inputs"].contains(path.last ?? "") }
    walk(try LocatedJSON(parsing: source, dialect: .relaxed), [])
    return sites
  }

  private func replacing(_ range: Range<Int>, by text: String) -> SourceText {
    SourceText(
      name: source.name,
      bytes: Array(source.bytes[..<range.lowerBound]) + Array(text.utf8) + Array(source.bytes[range.upperBound...]))
  }

  @Test func `the full example has no mistake and uses every member`() throws {
    let reading = SpecReading(source)
    #expect(DiagnosticRenderer().text(of: reading.diagnostics) == "")
    #expect(reading.experiment != nil)
    let used = Set(try sites().map(\.key))
    let unused = SpecObject.allCases.flatMap(\.memberNames).filter { !used.contains($0) }
    #expect(unused == ["extends"])
  }

  @Test func `a misspelt member is found at its place, with the right name suggested`() throws {
    for site in try sites() where site.isInFixedObject {
      var letters = Array(site.key)
      if letters.count > 1, letters[0] != letters[1] { letters.swapAt(0, 1) } else { letters.append(letters[0]) }
      let mutant = replacing(site.keyRange, by: "\"\(String(letters))\"")
      let expected = mutant.location(at: site.keyRange.lowerBound)
      let found = SpecReading(mutant).diagnostics.first { $0.code == .unknownMember }
      #expect(found?.place.location == expected, "\(site.path) \(site.key)")
      #expect(found?.suggestion == site.key, "\(site.path) \(site.key)")
    }
  }

  @Test func `null in the place of any value is found at its place`() throws {
    for site in try sites() where !site.path.contains("parameters") && !site.path.contains("with") {
      let mutant = replacing(site.valueRange, by: "null")
      let expected = mutant.location(at: site.valueRange.lowerBound)
      let places = SpecReading(mutant).diagnostics.filter { $0.severity == .error }.map(\.place.location)
      #expect(places.contains(expected), "\(site.path) \(site.key)")
    }
  }

  @Test func `a text cut anywhere is an error and never a trap`() {
    for length in stride(from: 0, to: source.bytes.count - 5, by: 7) {
      let reading = SpecReading(SourceText(name: "x", bytes: Array(source.bytes[..<length])))
      #expect(reading.experiment == nil)
    }
  }

  @Test func `any single byte may be wrong without a trap`() {
    var state: UInt64 = 1
    for _ in 0..<400 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var bytes = source.bytes
      bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 25)
      let reading = SpecReading(SourceText(name: "x", bytes: bytes))
      #expect(reading.experiment != nil || !reading.diagnostics.isEmpty)
    }
  }
}
