import AttemptModel
import JSON
import ResultsStore

/// How quantities of a series are called: "STAGE:METRIC", and "STAGE:METRIC:AXIS=VALUE" if axes tell several apart.
enum CellAddress {
  /// The axes whose values are repetitions of one quantity, unless a spec says which are.
  private static let replicates: Set<String> = ["seed", "repetition", "repeat"]

  static func text<Value>(_ job: SeriesJob<Value>, _ quantity: String, in spec: JSONValue) -> String {
    let declared = spec["replicates"]?.arrayValue.map { Set($0.compactMap(\.stringValue)) }
    let replicates = declared ?? replicates
    let axes = job.axes.filter { !replicates.contains($0.name) }.map { "\($0.name)=\(text($0.value))" }
    return ([job.stage, quantity] + (axes.isEmpty ? [] : [axes.joined(separator: ",")])).joined(separator: ":")
  }

  private static func text(_ value: JSONValue) -> String { value.stringValue ?? CanonicalJSON.text(of: value) }
}

extension NightCell.Better {
  /// Returns what a resolved spec says of a metric; nil if it says nothing.
  init?(metric: String, in spec: JSONValue) {
    guard let word = spec["metrics"]?[metric]?["better"]?.stringValue else { return nil }
    self.init(rawValue: word)
  }
}

/// What a stage measures in place of the compared things, as its spec says.
enum StageControl: Hashable {
  case identity
  case slowdown(Double)

  /// Returns the control of a stage in a resolved spec; nil for an ordinary stage.
  init?(stage: String, in spec: JSONValue) {
    let own = spec["stages"]?[stage]?["measurement"]?["control"]
    guard let control = own ?? spec["measurement"]?["control"], !control.isNull else { return nil }
    let isTimed = spec["stages"]?[stage]?["lane"]?.stringValue.flatMap(Lane.init(rawValue:)) == .timed
    guard isTimed || own != nil else { return nil }
    if control.stringValue == "identity" {
      self = .identity
    } else if let share = control.doubleValue {
      self = .slowdown(share)
    } else {
      return nil
    }
  }
}
