import ArgumentParser
import Glibc
import JobGraph
import Scheduling

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
    // A program of this name may be anything, and do anything but answer.
    guard let stream = popen("LC_ALL=C timeout -s KILL 5 make --version </dev/null 2>/dev/null", "r") else {
      return true
    }
    defer { pclose(stream) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), stream) != nil else { return true }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    while fgets(&line, Int32(line.count), stream) != nil {}
    guard text.hasPrefix("GNU Make ") else { return true }
    let numbers = text.dropFirst("GNU Make ".count).split { !$0.isNumber }.compactMap { Int($0) }
    return !numbers.prefix(2).lexicographicallyPrecedes([4, 4])
  }
}
