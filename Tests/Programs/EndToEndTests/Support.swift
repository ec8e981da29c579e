import Foundation
import Glibc
import Testing

/// A project folder of its own, and the built executables run in it.
final class Project {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "orchestrate-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// What a finished process left.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  func write(_ text: String, to file: String) throws {
    try text.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
  }

  func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(file)") }

  func text(of file: String) throws -> String { try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8) }

  /// Runs an executable of the product to its end.
  func run(_ program: String, _ arguments: String...) throws -> Outcome {
    try start(program, arguments).outcome()
  }

  /// Starts an executable of the product.
  func start(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(
      path: path(of: program), arguments: arguments, folder: folder, environment: environment)
  }

  /// What `plan` says of the first job of s.json.
  func statusOfFirstJob() throws -> String {
    let plan = try run("orchestrate", "plan", "s.json")
    #expect(plan.status == 0, "\(plan.errors)")
    let line = plan.output.split(separator: "\n").first { $0.hasPrefix("#0 ") } ?? ""
    return String(line.drop { $0 != ":" }.dropFirst(2))
  }

  /// The path of an executable of the product.
  func path(of program: String) -> String { "\(Self.products)/\(program)" }

  /// The folder of the built executables, which is also the one of the running test.
  static let products: String = {
    let test = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (test as NSString).deletingLastPathComponent
  }()
}

/// A process that has been started.
final class RunningProgram {
  private let process = Process()
  private let output: String
  private let errors: String

  init(path: String, arguments: [String], folder: String, environment: [String: String] = [:]) throws {
    output = "\(folder)/.stdout-\(UUID().uuidString)"
    errors = "\(folder)/.stderr-\(UUID().uuidString)"
    for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
  }

  var isRunning: Bool { process.isRunning }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// What has been written to standard error until now.
  var errorsSoFar: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

  func outcome() throws -> Project.Outcome {
    process.waitUntilExit()
    return Project.Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }
}
