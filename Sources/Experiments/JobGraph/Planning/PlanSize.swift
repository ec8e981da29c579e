import ExperimentSpec
import JSON

/// How much a plan holds, as far as a spec of a few lines could make it grow without end.
struct PlanSize {
  /// What there may be too much of: what is handed to jobs, or needs.
  enum Excess { case bytes, needs }

  /// How often jobs need others, repeats included.
  var needs = 0
  private var bytes = 0

  /// What jobs may have without being counted.
  private static let freeBytes = 1 << 10

  /// Counts what is handed to a job.
  mutating func add(_ job: Job) {
    var own = Self.bytes(of: job.parameters)
    if case .command(let arguments, _) = job.action { own += arguments.reduce(0) { $0 + $1.utf8.count } }
    own += job.environment.values.reduce(0) { $0 + $1.utf8.count }
    bytes += max(0, own - Self.freeBytes)
  }

  /// What there is too much of, if anything.
  var excess: Excess? {
    if bytes > SpecLimit.planBytes { return .bytes }
    return needs > SpecLimit.needs ? .needs : nil
  }

  private static func bytes(of value: JSONValue) -> Int {
    switch value {
    case .string(let text): text.utf8.count
    case .array(let elements): elements.reduce(0) { $0 + bytes(of: $1) }
    case .object(let members): members.reduce(0) { $0 + $1.key.utf8.count + bytes(of: $1.value) }
    default: 8
    }
  }
}
