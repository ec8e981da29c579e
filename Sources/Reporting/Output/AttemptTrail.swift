import ResultsStore

/// Names the attempts behind numbers, so that each can be looked up in the database.
package enum AttemptTrail {
  /// Returns the line under a table or figure.
  ///
  /// - Parameters:
  ///   - attempts: Row ids of attempts.
  ///   - results: The results they belong to.
  /// - Returns: One sentence, attempts grouped by stage and run.
  static func line(_ attempts: Set<Int64>, in results: ExperimentResults) -> String {
    guard !attempts.isEmpty else { return "*Where the numbers come from:* no attempt has produced any." }
    var groups: [(key: String, ids: [Int64])] = []
    var seen: Set<Int64> = []
    for job in results.jobs {
      guard let attempt = job.attempt, attempts.contains(attempt.id), seen.insert(attempt.id).inserted else { continue }
      let run = attempt.run == 0 ? results.run.id : attempt.run
      let key = "stage `\(job.stage)`, run \(run)"
      if let position = groups.firstIndex(where: { $0.key == key }) {
        groups[position].ids.append(attempt.id)
      } else {
        groups.append((key, [attempt.id]))
      }
    }
    let parts = groups.map { group in
      "\(group.key): attempt\(group.ids.count == 1 ? "" : "s") \(compact(group.ids))"
    }
    return "*Where the numbers come from:* " + parts.joined(separator: "; ") + "."
  }

  /// Returns numbers with runs of three and more written as ranges: "1, 2, 5–9".
  package static func compact(_ ids: [Int64]) -> String {
    let sorted = Set(ids).sorted()
    var parts: [String] = []
    var start = 0
    while start < sorted.count {
      var end = start
      while end + 1 < sorted.count, sorted[end + 1] == sorted[end] + 1 { end += 1 }
      if end - start >= 2 {
        parts.append("\(sorted[start])–\(sorted[end])")
      } else {
        parts += sorted[start...end].map(String.init)
      }
      start = end + 1
    }
    return parts.joined(separator: ", ")
  }
}
