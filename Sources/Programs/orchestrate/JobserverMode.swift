import ArgumentParser
import Foundation
import JobGraph
import Scheduling
import Spawning

/// Whether a run shares its processors with builds inside its commands.
enum JobserverMode: String, ExpressibleByArgument, CaseIterable {
  /// With a parent that offers to, otherwise with commands if the installed make understands the offer.
  case auto
  /// With a parent that offers to, otherwise with commands.
  case on
  /// With nobody.
  case off

  /// Joins a parent's jobserver or makes one for the commands of a plan.
  func jobserver(for plan: Plan) throws -> Jobserver? {
    guard self != .off else { return nil }
    if let parent = Jobserver.inherited() { return parent }
    let hasCommands = plan.jobs.contains { if case .command = $0.action { true } else { false } }
    guard hasCommands, self == .on || Self.makeUnderstandsNamedPipes() else { return nil }
    return try Jobserver.offering(tokens: plan.resources["cpu"] ?? 1)
  }

  /// Whether there is no GNU make before 4.4, which stops at the name of a pipe where it expects two numbers.
  private static func makeUnderstandsNamedPipes() -> Bool {
    var variables = ProcessInfo.processInfo.environment
    variables["LC_ALL"] = "C"
    // A program of this name may be anything, and do anything but answer.
    let output = ChildProcess.output(
      of: ["make", "--version"], environment: variables.map { "\($0.key)=\($0.value)" }, within: 5)
    let text = String(decoding: (output ?? []).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    guard text.hasPrefix("GNU Make ") else { return true }
    let numbers = text.dropFirst("GNU Make ".count).split { !$0.isNumber }.compactMap { Int($0) }
    return !numbers.prefix(2).lexicographicallyPrecedes([4, 4])
  }
}
