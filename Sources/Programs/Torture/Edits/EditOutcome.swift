/// What a torture by edits found.
public struct EditOutcome: Sendable, Hashable, CustomStringConvertible {
  /// How many times an input was edited while a run was on.
  public var edits = 0
  /// How many of the runs were killed.
  public var kills = 0
  /// How many runs there were that were edited.
  public var runs = 0
  /// Attempts that failed because something changed.
  public var refused = 0
  /// Results whose recorded inputs were compared with what their job has really read.
  public var records = 0
  /// Results that are stored under inputs that their job has not read.
  public var wrong = 0
  /// How many times the values of a settled run were compared with those of a run from nothing.
  public var comparisons = 0
  /// Results of earlier runs among those values.
  public var reused = 0
  /// Values that differ.
  public var differences = 0
  /// What was wrong, in words; the first twenty.
  public var findings: [String] = []

  /// Whether nothing was wrong.
  public var isClean: Bool { wrong == 0 && differences == 0 && findings.isEmpty }

  /// A table for people.
  public var description: String {
    let counts = [
      ("edits", edits), ("runs edited", runs), ("kills", kills), ("attempts refused", refused),
      ("records compared", records), ("wrong records", wrong), ("settled runs compared", comparisons),
      ("results reused in them", reused), ("values that differ", differences),
    ]
    let lines = counts.map { name, count in
      name + String(repeating: " ", count: 28 - name.count) + "\(count)"
    }
    return (lines + findings.map { "! \($0)" }).joined(separator: "\n")
  }

  mutating func note(_ finding: String) {
    if findings.count < 20 { findings.append(finding) }
  }
}
