/// How a verdict counts units that have no finite value, as the spec says before the run.
enum IncompleteUnits: String, Sendable, CaseIterable {
  /// They leave the verdict open: the rest cannot speak for them.
  case undecided
  /// They do not count.
  case leaveOut = "leave-out"
  /// Each breaks the rule.
  case worst
}
