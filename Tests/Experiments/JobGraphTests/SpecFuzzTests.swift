import ExperimentSpec
import Foundation
import JSON
import JobGraph
import Testing
import TestSupport

/// Specs with random changes, through reader and planner.
///
/// `SPEC_FUZZ_ROUNDS` and `SPEC_FUZZ_SEED` make a longer run of another kind.
@Suite struct `Random specs` {
  @Test func `every one ends in a plan or in mistakes, and none in a trap`() throws {
    let environment = ProcessInfo.processInfo.environment
    let rounds = environment["SPEC_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 400
    let seed = environment["SPEC_FUZZ_SEED"].flatMap { UInt64($0) } ?? 7
    for round in 0..<rounds {
      var mutator = SpecMutator(seed: seed &* 1_000_003 &+ UInt64(round))
      let (text, overrides) = mutator.next()
      // What is being read when a trap ends the process can be made again from seed and round.
      if environment["SPEC_FUZZ_ROUNDS"] != nil { FileHandle.standardError.write(Data("round \(round)\n".utf8)) }
      let reading = SpecReading(SourceText(name: "x.json", bytes: text), overrides: overrides)
      #expect(reading.diagnostics.count <= 202)
      _ = DiagnosticRenderer().text(of: reading.diagnostics)
      guard let experiment = reading.experiment else {
        #expect(reading.diagnostics.contains { $0.severity == .error }, "round \(round)")
        continue
      }
      let planning = Planning(
        of: experiment, versions: Fixtures.versions, files: Fixtures.files, projectRoot: "/p", cores: 2)
      guard let plan = planning.plan else {
        #expect(!planning.diagnostics.isEmpty, "round \(round)")
        continue
      }
      let stored = try Plan(parsing: plan.canonicalJSON)
      #expect(stored.hash == plan.hash, "round \(round)")
      for job in plan.jobs.prefix(20) { _ = job.arguments(inputPaths: [:], outputDirectory: "/o") }
    }
  }
}

/// Makes specs that are wrong in ways that people and programs have thought of, and in ways that nobody has.
private struct SpecMutator {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed) }

  /// What takes the place of values.
  private static let values = [
    "0", "-1", "1.0", "1e308", "-1e-308", "9223372036854775807", "-9223372036854775808", "9007199254740993", "1e400",
    "null", "true", "\"\"", "\"x\"", "\"${seed}\"", "\"${steps}${seed}\"", "\"${prompt}${prompt}\"", "\"${nothing}\"",
    "\"${\"",
    "\"$${x}\"", "\"a\\u0000b\"", "\"a\\nb\"", "\"../../evil\"", "\"e\\u0301\"", "\"1h\"", "\"0s\"", "\"99999h\"", "[]",
    "{}",
    "[[1]]", "[1, 1.0]", "[\"a\", 1, false]", "{\"from\": 1, \"to\": 5}", "{\"from\": 0, \"to\": 1, \"by\": 0.1}",
    "{\"from\": 9223372036854775807, \"to\": 9223372036854775807}", "{\"from\": 1e300, \"to\": 1e308, \"by\": 1e300}",
    "{\"from\": 1, \"to\": 0}", "{\"from\": -9223372036854775808, \"to\": 0, \"by\": 9223372036854775807}",
    "{\"stage\": \"coarse\", \"artifact\": \"image\"}", "{\"a\": \"${b}\", \"b\": \"${a}\"}", "{\"limit\": 1000}",
  ]

  private static let overrides = [
    "seed=1", "steps=[1,2,3]", "prompt=5", "+parameters.x=1", "axes.seed={\"from\":1,\"to\":1e300}",
    "stages.coarse.with.seed=1",
    "seed=", "=", "+", "a.b.c=1", "stages.refine=null", "stages.distance.command.0=x", "report={}", "name=9",
    "measurement.quiet.wait=0s",
  ]

  mutating func next() -> (text: [UInt8], overrides: [String]) {
    var text = Array("{\(Fixtures.pipeline)}".utf8)
    for _ in 0..<Int.random(in: 1...4, using: &generator) { change(&text) }
    let count = Int.random(in: 0...5, using: &generator) / 3
    return (text, (0..<count).compactMap { _ in Self.overrides.randomElement(using: &generator) })
  }

  private mutating func change(_ text: inout [UInt8]) {
    switch Int.random(in: 0..<6, using: &generator) {
    case 0:
      guard let index = text.indices.randomElement(using: &generator) else { return }
      text[index] = UInt8.random(in: 0...255, using: &generator)
    case 1:
      guard let index = text.indices.randomElement(using: &generator) else { return }
      text.removeSubrange(index..<min(text.count, index + Int.random(in: 1...9, using: &generator)))
    default: changeTree(&text)
    }
  }

  /// Replaces, doubles, removes or moves a member or an element.
  private mutating func changeTree(_ text: inout [UInt8]) {
    guard let tree = try? LocatedJSON(parsing: SourceText(name: "x", bytes: text), dialect: .relaxed) else { return }
    var nodes: [Range<Int>] = []
    Self.collect(tree, &nodes)
    guard let place = nodes.randomElement(using: &generator), let other = nodes.randomElement(using: &generator) else {
      return
    }
    let value = Array((Self.values.randomElement(using: &generator) ?? "0").utf8)
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: text.replaceSubrange(place, with: Array(text[other]))
    case 1:
      let depth = Int.random(in: 1...300, using: &generator)
      let open = [UInt8](repeating: UInt8(ascii: "["), count: depth)
      text.replaceSubrange(place, with: open + value + [UInt8](repeating: UInt8(ascii: "]"), count: depth))
    case 2:
      let list = Array(
        repeating: String(decoding: value, as: UTF8.self), count: Int.random(in: 2...200, using: &generator))
      text.replaceSubrange(place, with: Array("[\(list.joined(separator: ", "))]".utf8))
    default: text.replaceSubrange(place, with: value)
    }
  }

  private static func collect(_ node: LocatedJSON, _ ranges: inout [Range<Int>]) {
    ranges.append(node.range)
    for element in node.elements ?? [] { collect(element, &ranges) }
    for member in node.members ?? [] { collect(member.value, &ranges) }
  }
}
