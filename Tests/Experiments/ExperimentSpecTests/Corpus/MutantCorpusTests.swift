import ExperimentSpec
import Foundation
import JSON
import Testing

@Suite struct `Mutants of the shipped specs` {
  @Test func `each mistake is reported at its line and column, and nine of ten with the right name`() throws {
    let corpus = try MutantCorpus(seed: 20_240_611, perKind: 6)
    var misplaced: [String] = []
    var uncured: [String] = []
    var named = 0
    for mutant in corpus.mutants {
      let diagnostics = SpecReading(mutant.source).diagnostics
      let file = mutant.source.name.split(separator: "/").last ?? ""
      let title = "\(mutant.kind) in \(file):\(mutant.place.line):\(mutant.place.column) \(mutant.site)"
      if !mutant.isPlaced(by: diagnostics) {
        misplaced.append("\(title)\n\(DiagnosticRenderer().text(of: diagnostics))")
      }
      if let suggestion = mutant.suggestion {
        named += 1
        if !mutant.isCured(by: diagnostics) { uncured.append("\(title), meant '\(suggestion)'") }
      }
    }
    let total = corpus.mutants.count
    print("\(total) mutants, \(total - misplaced.count) at the right place, \(named - uncured.count) of \(named) cured")
    for line in uncured { print("  not cured: \(line)") }
    #expect(total >= 80)
    #expect(misplaced.isEmpty, "\(misplaced.joined(separator: "\n"))")
    #expect(Double(uncured.count) <= 0.1 * Double(named))
    #expect(Set(corpus.mutants.map(\.kind)).count >= 16)
  }

  @Test func `the shipped specs themselves have no mistake`() {
    for name in ShippedSpec.names {
      let reading = SpecReading(file: "\(ShippedSpec.folder)/\(name).json")
      #expect(DiagnosticRenderer().text(of: reading.diagnostics) == "", "\(name)")
      #expect(reading.experiment != nil)
    }
  }

  @Test func `a mistake in an extended spec is reported in the file where it stands`() throws {
    let corpus = try MutantCorpus(seed: 7, perKind: 6)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("corpus-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.copyItem(atPath: "\(ShippedSpec.folder)/micro.json", toPath: "\(folder)/micro.json")
    // What micro.json replaces may be wrong in train.json.
    let replaced = [
      "report", "zip", "exclude", "parameters", "name", "title", "description", "$schema", "id", "rowNames",
    ]
    let mutants = corpus.mutants.filter { mutant in
      mutant.source.name.hasSuffix("/train.json")
        && (mutant.site.isEmpty || !replaced.contains { mutant.site.hasPrefix($0) }) && mutant.kind != "empty axis"
    }
    #expect(mutants.count >= 20)
    for mutant in mutants {
      let changed = SourceText(name: "\(folder)/train.json", bytes: mutant.source.bytes)
      try Data(changed.bytes).write(to: URL(fileURLWithPath: changed.name))
      var moved = mutant
      moved.source = changed
      let diagnostics = SpecReading(file: "\(folder)/micro.json").diagnostics
      #expect(
        moved.isPlaced(by: diagnostics),
        "\(mutant.kind) \(mutant.place) \(mutant.site)\n\(DiagnosticRenderer().text(of: diagnostics))")
    }
  }
}
