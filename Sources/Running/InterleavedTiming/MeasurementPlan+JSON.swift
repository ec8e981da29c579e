public import JSON

/// A measurement block that cannot be read.
public struct MeasurementPlanError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong and what to write instead.
  public let description: String
}

extension MeasurementPlan {
  /// Reads the measurement block of a task request; what it leaves out has the default of `init`.
  ///
  /// - Parameter json: An object with any of `warmup`, `repetitions`, `order`, `innerLoop`, `precision`, `maximumRepetitions`,
  ///   `timeBudget` (seconds), `control` ("identity" or a slow-down such as 0.05); or null.
  /// - Throws: `MeasurementPlanError` that names the member.
  public init(_ json: JSONValue) throws(MeasurementPlanError) {
    self.init()
    for (name, value) in json.objectValue ?? [] {
      switch name {
      case "warmup": warmup = try Self.integer(value, name, atLeast: 0)
      case "repetitions": repetitions = try Self.integer(value, name, atLeast: 1)
      case "order":
        guard let order = value.stringValue.flatMap(Order.init(rawValue:)) else {
          throw Self.error(name, Order.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
        }
        self.order = order
      case "innerLoop":
        innerLoop = value.stringValue == "auto" ? .automatic : .calls(try Self.integer(value, name, atLeast: 1))
      case "precision":
        let halfWidth = try Self.number(value, name)
        precision = Precision(halfWidth: halfWidth, maximumRepetitions: precision?.maximumRepetitions ?? 0)
      case "maximumRepetitions": break
      case "timeBudget": timeBudget = try Self.number(value, name)
      case "control":
        control = value.stringValue == "identity" ? .identity : .slowdown(try Self.number(value, name))
      default: throw MeasurementPlanError(description: "unknown member '\(name)' in the measurement block")
      }
    }
    if precision != nil {
      let maximum = try json["maximumRepetitions"].map { (value) throws(MeasurementPlanError) in
        try Self.integer(value, "maximumRepetitions", atLeast: repetitions)
      }
      precision?.maximumRepetitions = maximum ?? 10 * repetitions
    }
  }

  private static func integer(
    _ value: JSONValue, _ name: String, atLeast minimum: Int
  ) throws(MeasurementPlanError) -> Int {
    guard let integer = value.intValue, integer >= minimum else { throw error(name, "an integer from \(minimum)") }
    return integer
  }

  private static func number(_ value: JSONValue, _ name: String) throws(MeasurementPlanError) -> Double {
    guard let number = value.doubleValue, number > 0, number.isFinite else { throw error(name, "a number above 0") }
    return number
  }

  private static func error(_ name: String, _ expected: String) -> MeasurementPlanError {
    MeasurementPlanError(description: "'\(name)' in the measurement block must be \(expected)")
  }
}
