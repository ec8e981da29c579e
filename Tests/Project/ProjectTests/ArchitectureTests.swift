import Foundation
import TestSupport
import Testing

@Suite struct `The architecture` {
  private let manifest: Manifest

  init() throws { manifest = try Manifest() }

  @Test func `the map is the manifest's`() throws {
    try PublishedFile.expect(in: "Docs/Architecture.md", between: "<!-- map -->", and: "<!-- end of map -->", map)
  }

  @Test func `no module depends on itself, directly or through others`() {
    #expect(manifest.modules.count > 30)
    for module in manifest.modules {
      #expect(!manifest.reachable(from: module.name).contains(module.name), "\(module.name)")
    }
  }

  @Test func `groups depend on each other in one direction`() {
    let groups = Dictionary(uniqueKeysWithValues: manifest.product.map { ($0.name, $0.group ?? "") })
    var below: [String: Set<String>] = [:]
    for module in manifest.product {
      let group = module.group ?? ""
      below[group, default: []].formUnion(module.dependencies.compactMap { groups[$0] }.filter { $0 != group })
    }
    for (group, others) in below {
      for other in others {
        #expect(below[other]?.contains(group) != true, "\(group) and \(other) depend on each other")
      }
    }
  }

  @Test func `every dependency that a module declares is imported`() throws {
    // Programs that a module starts, and C code that another C module includes.
    let isUsedOtherwise: Set<String> = ["CReadLog", "CProcess"]
    for module in manifest.product where module.kind != "system" {
      let imports = try importedModules(in: module.path)
      for dependency in module.dependencies + module.products
      where !imports.contains(dependency) && !isUsedOtherwise.contains(dependency) {
        Issue.record("\(module.name) depends on \(dependency) and imports it nowhere")
      }
    }
  }

  @Test func `every module of the package that is imported is declared`() throws {
    let known = Set(manifest.modules.map(\.name))
    for module in manifest.modules where module.kind != "system" {
      let declared = Set(module.dependencies + [module.name])
      let missing = try importedModules(in: module.path).intersection(known).subtracting(declared)
      #expect(missing.isEmpty, "\(module.name)")
    }
  }

  @Test func `every module has a row in the table of what it may know`() throws {
    let text = try String(contentsOfFile: "\(packageFolder)/Docs/Architecture.md", encoding: .utf8)
    for module in manifest.product { #expect(text.contains("| `\(module.name)` |"), "\(module.name)") }
  }

  @Test func `files stay short enough to be read`() throws {
    var lengths: [Int] = []
    for folder in ["Sources", "Tests"] {
      for file in try files(in: folder) {
        let lines = try String(contentsOfFile: file, encoding: .utf8).utf8.count { $0 == UInt8(ascii: "\n") }
        #expect(lines <= 400, "\(file)")
        if folder == "Sources" { lengths.append(lines) }
      }
    }
    lengths.sort()
    #expect(lengths.count > 500)
    #expect(lengths[lengths.count / 2] < 100)
    #expect(lengths[lengths.count * 9 / 10] < 200)
  }

  /// A drawing of all modules by groups, with the arrows that no way over another module stands for.
  private var map: String {
    var lines = ["```mermaid", "flowchart BT"]
    var groups: [String] = []
    for module in manifest.product where !groups.contains(module.group ?? "") { groups.append(module.group ?? "") }
    for group in groups {
      lines.append("  subgraph \(group)_ [\(group)]")
      lines += manifest.product.filter { $0.group == group }.map { "    \($0.name)" }
      lines.append("  end")
    }
    for module in manifest.product {
      lines += manifest.essentialDependencies(of: module).map { "  \(module.name) --> \($0)" }
    }
    return (lines + ["```"]).joined(separator: "\n")
  }

  private func importedModules(in path: String) throws -> Set<String> {
    var found: Set<String> = []
    for file in try files(in: path) {
      for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
        let words = line.split(separator: " ")
        if let position = words.firstIndex(of: "import"), position <= 2, position + 1 < words.count {
          found.insert(String(words[position + 1]))
        }
      }
    }
    return found
  }

  private func files(in path: String) throws -> [String] {
    let folder = "\(packageFolder)/\(path)"
    let names = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
    return names.filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }
  }
}
