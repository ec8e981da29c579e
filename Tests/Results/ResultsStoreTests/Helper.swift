import Foundation

/// The running helper program StoreCrashHelper.
final class Helper {
  let process = Process()
  private let output = Pipe()
  private let errorPath: String

  /// Starts it with arguments and additional environment variables.
  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    errorPath = "/tmp/store-helper-\(UUID().uuidString).txt"
    try Data().write(to: URL(fileURLWithPath: errorPath))
    process.executableURL = URL(fileURLWithPath: "\(Self.products)/StoreCrashHelper")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorPath))
    try process.run()
  }

  deinit { try? FileManager.default.removeItem(atPath: errorPath) }

  /// The folder of what the build made.
  static let products: String = {
    let test = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (test as NSString).deletingLastPathComponent
  }()

  /// The environment that makes a change of a file below a folder fail.
  static func faults(below folder: String, at number: Int, kind: String) -> [String: String] {
    [
      "LD_PRELOAD": "\(products)/libStoreFaults.so", "STORE_FAULT_FOLDER": folder, "STORE_FAULT_AT": "\(number)",
      "STORE_FAULT_KIND": kind,
    ]
  }

  /// How many changes of files below a folder it makes, if none fails.
  static func changes(_ arguments: [String], below folder: String, kind: String) throws -> Int {
    let counter = "/tmp/store-fault-count-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: counter) }
    var environment = faults(below: folder, at: 0, kind: kind)
    environment["STORE_FAULT_COUNT"] = counter
    _ = try Helper(arguments, environment: environment).lines()
    let text = try String(contentsOfFile: counter, encoding: .utf8)
    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  /// What it printed on standard error; call it after its end.
  var errors: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }

  /// The next whole line; nil at the end.
  func readLine() -> String? {
    var bytes: [UInt8] = []
    while let byte = output.fileHandleForReading.readData(ofLength: 1).first {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }

  /// All lines to the end of the program.
  func lines() -> [String] {
    var lines: [String] = []
    while let line = readLine() { lines.append(line) }
    process.waitUntilExit()
    return lines
  }
}
