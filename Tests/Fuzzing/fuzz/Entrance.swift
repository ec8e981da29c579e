/// One of the doors through which something from outside comes in.
protocol Entrance: AnyObject, SendableMetatype {
  /// Prepares whatever the door stands in front of.
  init() throws

  /// Inputs that are right, from which mutation begins.
  static var seeds: [[UInt8]] { get throws }

  /// Lets something in; it traps where something behind the door breaks a promise.
  func take(_ bytes: [UInt8]) throws
}

/// The doors by the name that `FUZZ_ENTRANCE` gives them.
let entrances: [String: any Entrance.Type] = [
  "spec": SpecEntrance.self, "worker": WorkerEntrance.self, "result": ResultEntrance.self, "plan": PlanEntrance.self,
  "database": DatabaseEntrance.self,
]

/// Ends the process, which the fuzzer books as a finding, unless a promise was kept.
func require(_ condition: Bool, _ promise: @autoclosure () -> String) {
  if !condition { fatalError("broken promise: \(promise())") }
}

extension [UInt8] {
  /// The parts between zero bytes, which no text has.
  var parts: [[UInt8]] { split(separator: 0, omittingEmptySubsequences: false).map(Array.init) }

  /// The parts as texts.
  var texts: [String] { parts.map { String(decoding: $0, as: UTF8.self) } }
}
