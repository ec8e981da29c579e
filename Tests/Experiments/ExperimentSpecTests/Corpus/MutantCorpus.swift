import ExperimentSpec
import JSON
import TestSupport

/// Mistakes in the shipped specs, the same ones every time.
struct MutantCorpus {
  private let specs: [ShippedSpec]
  private var generator: SeededGenerator
  private(set) var mutants: [SpecMutant] = []

  /// Makes a corpus with some mistakes of each kind in each spec.
  init(seed: UInt64, perKind count: Int) throws {
    specs = try ShippedSpec.names.map { try ShippedSpec($0) }
    generator = SeededGenerator(seed)
    for spec in specs {
      addSyntax(spec, count)
      addMembers(spec, count)
      addValues(spec, count)
      addNames(spec, count)
      addCycles(spec, count)
    }
    try addExtensions()
  }

  private mutating func add(
    _ kind: String, _ spec: ShippedSpec, _ range: Range<Int>, by text: String, at place: Int? = nil,
    suggestion: String? = nil, site: String = "", deletion: Int? = nil, allowsNotes: Bool = false
  ) {
    let source = spec.replacing(range, by: text)
    mutants.append(
      SpecMutant(
        kind: kind, source: source, place: source.location(at: place ?? range.lowerBound), suggestion: suggestion,
        site: site, deletion: deletion, allowsNotes: allowsNotes))
  }

  // MARK: Syntax

  private mutating func addSyntax(_ spec: ShippedSpec, _ count: Int) {
    for offset in generator.some(count, of: spec.offsets(of: ",:")) {
      add("dropped comma or colon", spec, offset..<offset + 1, by: "", deletion: offset)
    }
    for offset in generator.some(2 * count, of: spec.offsets(of: "}]")) {
      add(
        "dropped bracket", spec, offset..<offset + 1, by: "", at: spec.opening(of: spec.outermost(offset)),
        deletion: offset,
        allowsNotes: true)
    }
  }

  // MARK: Members

  private mutating func addMembers(_ spec: ShippedSpec, _ count: Int) {
    let fixed = spec.sites.filter { $0.object?.memberNames.contains($0.key) == true }
    for site in generator.some(2 * count, of: fixed) {
      let misspelt = generator.misspelt(site.key, unlike: spec.keys)
      guard site.object?.memberNames.contains(misspelt) == false else { continue }
      add(
        "misspelt member", spec, site.keyRange, by: "\"\(misspelt)\"", suggestion: site.key,
        site: site.fullPath.joined(separator: "."))
    }
    for site in generator.some(count, of: spec.sites.filter { $0.key != "extends" }) {
      let piece = String(
        decoding: spec.source.bytes[site.keyRange.lowerBound..<site.value.range.upperBound], as: UTF8.self)
      let start = site.keyRange.lowerBound
      add(
        "member twice", spec, start..<start, by: piece + ", ", at: start + piece.utf8.count + 2,
        site: site.fullPath.joined(separator: "."))
    }
    for site in generator.some(count, of: fixed.filter { !["with", "extends"].contains($0.key) && !$0.value.isNull }) {
      add(
        "wrong type", spec, site.value.range, by: Self.otherType(of: site.value),
        site: site.fullPath.joined(separator: "."))
    }
  }

  private static func otherType(of value: LocatedJSON) -> String {
    switch value.content {
    case .array, .object: "17"
    case .scalar(.string): "{\"text\": 1}"
    default: "\"many\""
    }
  }

  // MARK: Values

  private mutating func addValues(_ spec: ShippedSpec, _ count: Int) {
    let axes = spec.sites.filter { $0.path == ["axes"] || $0.path.first == "zip" && $0.path.count == 2 }
    for site in generator.some(count, of: axes) { add("empty axis", spec, site.value.range, by: "[]", site: site.key) }
    let wrong = [
      "warmup": "-1", "repetitions": "0", "digits": "99", "magnify": "0", "cpu": "-2", "priority": "10000000",
      "scale": "0", "by": "0", "margin": "0", "precision": "0",
    ]
    for site in generator.some(count, of: spec.sites.filter { wrong[$0.key] != nil && $0.path.first != "parameters" }) {
      add(
        "number out of range", spec, site.value.range, by: wrong[site.key] ?? "",
        site: site.fullPath.joined(separator: "."))
    }
    let words = spec.sites.filter {
      ["order", "lane", "rowNames", "statistic", "kind", "form", "trend"].contains($0.key) && $0.object != nil
    }
    for site in generator.some(count, of: words) {
      guard let text = site.text else { continue }
      let misspelt = generator.misspelt(text, unlike: spec.keys)
      add("misspelt word", spec, site.value.range, by: "\"\(misspelt)\"", suggestion: text, site: site.key)
    }
    for site in generator.some(1, of: spec.sites.filter { $0.key == "id" || $0.path.isEmpty && $0.key == "name" }) {
      add("invalid name", spec, site.value.range, by: "\"a name\"", site: site.key)
    }
  }

  // MARK: Names

  private mutating func addNames(_ spec: ShippedSpec, _ count: Int) {
    let stageNames = Set(spec.sites.filter { $0.path == ["stages"] }.map(\.key))
    let stages = spec.sites.filter { $0.key == "stage" && $0.object != nil && stageNames.contains($0.text ?? "") }
    addMisspelt("unknown stage", spec, generator.some(count, of: stages))
    let axisNames = Set(spec.sites.filter { $0.path == ["axes"] }.map(\.key))
    let axes = spec.sites.filter { ["rows", "axis"].contains($0.key) && axisNames.contains($0.text ?? "") }
    addMisspelt("unknown axis", spec, generator.some(count, of: axes))
    // A name that only one input takes of its stage may be the right one.
    var producers: [[String]: String] = [:]
    for site in spec.sites where site.object == .artifactInput && site.key == "stage" {
      producers[site.path] = site.text
    }
    let artifacts = spec.sites.filter { $0.object == .artifactInput && $0.key == "artifact" }
    let uses = Dictionary(grouping: artifacts) { [producers[$0.path] ?? "", $0.text ?? ""] }.values.filter {
      $0.count > 2
    }
    addMisspelt(
      "wrong artifact", spec,
      generator.some(count, of: uses.flatMap(\.self).sorted { $0.path.lexicographicallyPrecedes($1.path) }))
    let tasks = spec.sites.filter { $0.object == .stage && $0.key == "task" }
    for site in generator.some(count, of: tasks) {
      guard let worker = site.text?.split(separator: "/").first.map(String.init) else { continue }
      let start = site.value.range.lowerBound + 1
      add(
        "unknown worker", spec, start..<start + worker.utf8.count, by: generator.misspelt(worker, unlike: spec.keys),
        suggestion: worker,
        site: site.path.joined(separator: "."))
    }
    addVariables(spec, count)
  }

  private mutating func addMisspelt(_ kind: String, _ spec: ShippedSpec, _ sites: [ShippedSpec.Site]) {
    for site in sites {
      guard let text = site.text else { continue }
      add(
        kind, spec, site.value.range, by: "\"\(generator.misspelt(text, unlike: spec.keys))\"", suggestion: text,
        site: site.fullPath.joined(separator: "."))
    }
  }

  private mutating func addVariables(_ spec: ShippedSpec, _ count: Int) {
    let sites = spec.sites.filter { $0.text?.contains("${") == true }
    for site in generator.some(2 * count, of: sites) {
      guard let text = site.text, let name = text.split(separator: "${").last?.split(separator: "}").first else {
        continue
      }
      let text8 = Array(text.utf8)
      let notation = Array("${\(name)}".utf8)
      guard let offset = text8.indices.first(where: { text8[$0...].starts(with: notation) }) else { continue }
      let start = site.value.range.lowerBound + 1 + offset
      add(
        "unknown variable", spec, start..<start + notation.count,
        by: "${\(generator.misspelt(String(name), unlike: spec.keys))}",
        suggestion: String(name), site: site.fullPath.joined(separator: "."))
    }
  }

  // MARK: Cycles

  /// Lets a stage need one that takes its artifact.
  private mutating func addCycles(_ spec: ShippedSpec, _ count: Int) {
    let takes = spec.sites.filter { $0.object == .artifactInput && $0.key == "stage" }
    for site in generator.some(count, of: takes) {
      guard let producer = spec.sites.first(where: { $0.path == ["stages"] && $0.key == site.text }) else { continue }
      let start = producer.value.range.lowerBound + 1
      let text = " \"needs\": [\"\(site.path[1])\"],"
      add(
        "cycle", spec, start..<start, by: text, at: start + 11, site: "\(producer.key) and \(site.path[1])",
        allowsNotes: true)
    }
  }

  // MARK: Extension

  private mutating func addExtensions() throws {
    let micro = try ShippedSpec("micro")
    for site in micro.sites where site.key == "extends" {
      for name in ["tain.json", "train.jsno", "trian.json"] {
        add("wrong file", micro, site.value.range, by: "\"\(name)\"", suggestion: "train.json", site: name)
      }
    }
    for site in micro.sites where site.value.isNull {
      add(
        "nothing to remove", micro, site.keyRange, by: "\"\(generator.misspelt(site.key, unlike: micro.keys))\"",
        suggestion: site.key,
        site: site.key)
    }
  }
}

extension LocatedJSON {
  var isNull: Bool {
    if case .scalar(.null) = content { return true }
    return false
  }
}
