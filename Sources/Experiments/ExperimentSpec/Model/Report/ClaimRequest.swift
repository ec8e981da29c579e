/// A statement of the paper or of the author, and what would decide it.
package struct ClaimRequest: Sendable {
  /// Short name, unique among the ids of a report section.
  package var id: String
  /// The statement in the paper's words, shortened.
  package var text: String
  /// Where the paper makes it: "Abstract", "Figure 2".
  package var place = ""
  /// Claims of one family share the risk of a wrong verdict.
  package var family = "claims"
  /// All of them must hold.
  package var tests: [ClaimTest] = []
  /// What would make the claim testable; a claim with this text has no tests.
  package var missing: String?
  /// What a reader must know to judge the verdict.
  package var remark = ""
}

/// One comparison that a claim rests on.
package struct ClaimTest: Sendable {
  /// A metric at some of the trials.
  package struct Quantity: Sendable {
    /// The metric.
    package var source: MetricSource
    /// Which trials count.
    package var filter: AssignmentPattern
  }

  /// What is computed for each independent unit.
  package enum Form: String, Sendable, CaseIterable {
    /// The quantity itself.
    case value
    /// The quantity minus the one it is compared with.
    case difference
    /// The quantity divided by the one it is compared with; tested on the logarithmic scale.
    case ratio
  }

  /// What the report calls it.
  package var label: String
  /// Which trials count; those of the claim included.
  package var filter: AssignmentPattern
  /// What is measured.
  package var quantity: Quantity
  /// What it is compared with; there exactly if the form is a difference or a ratio.
  package var against: Quantity?
  /// What is computed for each unit.
  package var form: Form
  /// The axis that a rule about a course runs over.
  package var over: String?
  /// The axes whose values are independent repetitions; `nil` for all that no other member mentions.
  package var units: [String]?
  /// The axes that a unit's value is the mean over.
  package var averaged: [String] = []
  /// When the test holds.
  package var rule: ClaimRule
  /// How units count that have no finite value.
  package var incomplete = IncompleteUnits.undecided
  /// The printed unit; may be empty.
  package var unit = ""
  /// Decimals of printed values; `nil` for four significant digits.
  package var digits: Int?
  /// What the paper prints for it, as text.
  package var paper = ""
}

/// How a verdict counts units that have no finite value, as the spec says before the run.
package enum IncompleteUnits: String, Sendable, CaseIterable {
  /// They leave the verdict open: the rest cannot speak for them.
  case undecided
  /// They do not count.
  case leaveOut = "leave-out"
  /// Each breaks the rule.
  case worst
}
