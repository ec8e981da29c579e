import ResultsStore

/// Names the attempts behind numbers, so that each can be looked up in the database.
package enum AttemptTrail {
  /// How the line begins.
  static let beginning = "*Where the numbers come from:* "

  /// Returns the line under a table or figure.
  ///
  /// - Parameters:
  ///   - attempts: Row ids of attempts.
  ///   - index: Where each of them belongs.
  /// - Returns: One sentence, attempts grouped by stage and run.
  static func line(_ attempts: Set<Int64>, in index: AttemptIndex) -> String {
    guard !attempts.isEmpty else { return beginning + "no attempt has produced any." }
    let parts = index.groups(of: attempts).map { group in
      "\(group.name): attempt\(group.ids.count == 1 ? "" : "s") \(compact(group.ids))"
    }
    return beginning + parts.joined(separator: "; ") + "."
  }

  /// Returns each number once, in ascending order.
  static func distinct(_ ids: [Int64]) -> [Int64] {
    let isDone = zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 }
    return isDone ? ids : Set(ids).sorted()
  }

  /// Returns numbers with runs of three and more written as ranges: "1, 2, 5–9".
  package static func compact(_ ids: [Int64]) -> String {
    let sorted = distinct(ids)
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

/// Which stage and run each attempt belongs to.
struct AttemptIndex: Sendable {
  /// Each attempt once, in plan order, with the position of its group's name.
  private var attempts: [(id: Int64, group: Int)] = []
  private var names: [String] = []

  /// Sorts the attempts of all jobs.
  init(_ results: ExperimentResults) {
    var positions: [String: Int] = [:]
    var seen: Set<Int64> = []
    for job in results.jobs {
      guard let attempt = job.attempt, seen.insert(attempt.id).inserted else { continue }
      let name = "stage \(Markdown.code(job.stage)), run \(attempt.run == 0 ? results.run.id : attempt.run)"
      let group = positions[name] ?? names.count
      if group == names.count {
        positions[name] = group
        names.append(name)
      }
      attempts.append((attempt.id, group))
    }
  }

  /// Returns the chosen attempts by stage and run, in the order of their first.
  func groups(of chosen: Set<Int64>) -> [(name: String, ids: [Int64])] {
    var members = [[Int64]](repeating: [], count: names.count)
    var order: [Int] = []
    for attempt in attempts where chosen.contains(attempt.id) {
      if members[attempt.group].isEmpty { order.append(attempt.group) }
      members[attempt.group].append(attempt.id)
    }
    return order.map { (names[$0], members[$0]) }
  }
}
