/// What a torture found.
public struct TortureOutcome: Sendable, Hashable, CustomStringConvertible {
  /// How many times a run was killed.
  public var kills = 0
  /// How many graphs were brought to their end after kills.
  public var graphs = 0
  /// Jobs of one graph.
  public var jobs = 0
  /// Results that were reported or seen as stored and were not there later.
  public var lost = 0
  /// Jobs with more than one result.
  public var duplicated = 0
  /// Processes that were alive two seconds after the kill.
  public var survivors = 0
  /// Rows in which a resumed database differed from the undisturbed one, times aside.
  public var differences = 0
  /// Results that were complete on the disk when the kill came and were taken over by the next run.
  public var adopted = 0
  /// Attempts that the kills cut short.
  public var cutShort = 0
  /// What was wrong, in words; the first twenty.
  public var findings: [String] = []

  /// Whether nothing was wrong.
  public var isClean: Bool { lost == 0 && duplicated == 0 && survivors == 0 && differences == 0 && findings.isEmpty }

  /// A table for people.
  public var description: String {
    let counts = [
      ("kills", kills), ("graphs completed", graphs), ("jobs a graph", jobs), ("attempts cut short", cutShort),
      ("results taken over", adopted), ("results lost", lost), ("results doubled", duplicated),
      ("processes alive after 2 s", survivors), ("rows that differ", differences),
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
