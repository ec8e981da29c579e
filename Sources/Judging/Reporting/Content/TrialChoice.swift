import ExperimentSpec
import JSON
import ResultsStore

extension AssignmentPattern {
  /// Returns whether a trial has an accepted value for each named variable.
  func matches(_ trial: TrialResults) -> Bool { matches(trial.value(of:)) }
}

extension TrialResults {
  /// Returns the value of a variable, `nil` if the trial has no such variable.
  func value(of name: String) -> JSONValue? {
    assignment.first { $0.name == name }?.value
  }
}

extension JSONValue {
  /// A text that two values share exactly if they denote the same.
  var comparable: String {
    doubleValue.map { "number \($0 == 0 ? 0 : $0)" } ?? compactText
  }

  /// The value as a reader wants to see it: strings without quotes.
  var displayText: String {
    stringValue ?? compactText
  }
}
