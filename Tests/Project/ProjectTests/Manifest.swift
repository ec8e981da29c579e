import Foundation
import JSON
import TestSupport

/// The modules of the package and what they depend on, as the package manager reads the manifest.
struct Manifest {
  struct Module {
    var name: String
    /// `regular`, `executable`, `system` or `test`.
    var kind: String
    /// Relative to the package's folder.
    var path: String
    /// Modules of the package, in the manifest's order.
    var dependencies: [String]
    /// Modules of other packages.
    var products: [String]

    /// The folder of `Sources` that it stands in; `nil` for tests and their helpers.
    var group: String? {
      let parts = path.split(separator: "/")
      return parts.first == "Sources" && parts.count > 2 ? String(parts[1]) : nil
    }
  }

  var modules: [Module]

  init() throws {
    let scratch = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swift", "package", "dump-package", "--package-path", packageFolder, "--scratch-path", scratch.path,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    modules = (try JSONValue(parsing: Array(bytes))["targets"]?.arrayValue ?? []).map { target in
      let dependencies = target["dependencies"]?.arrayValue ?? []
      func names(_ kinds: Set<String>) -> [String] {
        dependencies.compactMap { dependency in
          guard let (kind, value) = dependency.objectValue?.first, kinds.contains(kind) else { return nil }
          return value[0]?.stringValue
        }
      }
      return Module(
        name: target["name"]?.stringValue ?? "", kind: target["type"]?.stringValue ?? "",
        path: target["path"]?.stringValue ?? "", dependencies: names(["byName", "target"]), products: names(["product"])
      )
    }
  }

  /// The modules of the product, without tests and their helpers.
  var product: [Module] { modules.filter { $0.group != nil } }

  /// All modules that one depends on, directly or through others.
  func reachable(from name: String) -> Set<String> {
    var found: Set<String> = []
    var open = [name]
    while let next = open.popLast() {
      for dependency in modules.first(where: { $0.name == next })?.dependencies ?? []
      where found.insert(dependency).inserted { open.append(dependency) }
    }
    return found
  }

  /// The arrows of a module that no way over another module stands for.
  func essentialDependencies(of module: Module) -> [String] {
    module.dependencies.filter { dependency in
      !module.dependencies.contains { $0 != dependency && reachable(from: $0).contains(dependency) }
    }
  }
}
