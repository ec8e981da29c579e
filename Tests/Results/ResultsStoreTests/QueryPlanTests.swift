import ResultsStore
import Testing

/// What is looked up once for each of many rows has to be found by a key, or the work grows with the square of the rows.
@Suite struct QueryPlanTests {
  private static let large = [
    "trial", "job", "job_trial", "job_need", "run_job", "attempt", "sample", "artifact", "fingerprint_part", "event",
  ]

  /// The steps of a plan that go through a whole table, but for the first one, which is the outermost loop.
  private func scans(_ sql: String) throws -> [String] {
    let fixture = StoreFixture()
    let steps = try fixture.open().query("EXPLAIN QUERY PLAN \(sql)").rows.compactMap { row -> String? in
      if case .text(let step) = row[3] { step } else { nil }
    }
    #expect(!steps.isEmpty)
    return steps.dropFirst().filter { step in
      let words = step.split(separator: " ")
      return words.first == "SCAN" && Self.large.contains { words.dropFirst().first == Substring($0) }
    }
  }

  @Test(arguments: [
    "SELECT count(*) FROM latest_result", "SELECT * FROM result WHERE run = 1 ORDER BY trial, job, ordinal",
    "SELECT * FROM latest_result WHERE stage = 'a' AND metric = 'x'", "SELECT * FROM summary", "SELECT * FROM failure",
    "SELECT * FROM timing",
  ])
  func `views look up by keys`(sql: String) throws {
    #expect(try scans(sql).isEmpty)
  }

  @Test func `users of results are found from the results`() throws {
    let sql = Invalidation.usersQuery.replacing("?", with: "'[1,2]'")
    #expect(try scans(sql).isEmpty)
    let fixture = StoreFixture()
    let steps = try fixture.open().query("EXPLAIN QUERY PLAN \(sql)").rows.map { "\($0[3])" }
    #expect(steps[0].contains("SCAN made") && steps[1].contains("run_job_by_attempt"))
  }

  @Test func `the trials of a job have a key`() throws {
    let sql = "SELECT trial_position FROM job_trial WHERE plan_id = 1 AND job_position = 2"
    let fixture = StoreFixture()
    let steps = try fixture.open().query("EXPLAIN QUERY PLAN \(sql)").rows.map { "\($0[3])" }
    #expect(steps.count == 1 && steps[0].contains("job_trial_by_job"))
  }
}
