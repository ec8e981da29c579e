/// The variables that exist in every spec; all others are its parameters, axes and members of zip groups.
package enum SpecVariable {
  /// Those with a value when the plan is made.
  package static let planned = ["experiment", "projectRoot"]
  /// Those of commands, with a value when the job starts; `NAME` stands for an input.
  package static let late = ["outputDirectory", "inputs.NAME"]

  /// Whether a variable gets its value only when the job starts.
  package static func isLate(_ name: String) -> Bool { name == "outputDirectory" || name.hasPrefix("inputs.") }
}
