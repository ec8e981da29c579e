import JSON
import ResultsStore

/// A choice of trials by some of their values: `{"steps": 3, "seed": [43, 44]}`.
struct TrialFilter: Sendable {
  /// Accepted values by variable; all variables must match.
  var conditions: [(name: String, values: [JSONValue])] = []

  /// Returns whether a trial has an accepted value for each named variable.
  func matches(_ trial: TrialResults) -> Bool {
    conditions.allSatisfy { condition in
      guard let value = trial.value(of: condition.name) else { return false }
      return condition.values.contains { $0.denotesSame(as: value) }
    }
  }
}

extension TrialResults {
  /// Returns the value of a variable, `nil` if the trial has no such variable.
  func value(of name: String) -> JSONValue? {
    assignment.first { $0.name == name }?.value
  }
}

extension JSONValue {
  /// Whether two values mean the same to a reader: 3 and 3.0 do.
  func denotesSame(as other: JSONValue) -> Bool {
    if let a = doubleValue, let b = other.doubleValue { return a == b }
    return self == other
  }

  /// A text that two values share exactly if they denote the same.
  var comparable: String {
    doubleValue.map { "number \($0 == 0 ? 0 : $0)" } ?? compactText
  }

  /// The value as a reader wants to see it: strings without quotes.
  var displayText: String {
    stringValue ?? compactText
  }
}
