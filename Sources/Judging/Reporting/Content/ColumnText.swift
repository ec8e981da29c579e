import ExperimentSpec

extension TableRequest.Column {
  /// A single value as the table prints it.
  func text(of value: Double) -> String {
    switch format {
    case .yesNo where value == 1: "yes"
    case .yesNo where value == 0: "no"
    case .yesNo, .number: NumberFormat.fixed(value, digits)
    }
  }
}
