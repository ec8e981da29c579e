import ExperimentSpec
import Statistics

/// A claim with its verdict and what the verdict rests on.
package struct ClaimOutcome: Sendable {
  let request: ClaimRequest
  /// Whose statement it is.
  let voice: Voice
  let tests: [TestOutcome]
  /// The verdict after the correction for the family.
  package let verdict: Verdict
  /// The least risk of either decision, corrected for the family; `nil` if nothing was tested.
  let adjustedP: Double?

  /// The claim's id.
  package var id: String { request.id }
  /// The statement, shortened.
  package var text: String { request.text }
  /// The verdict in a word or a few: "reproduced" for a paper's claim is "holds" for a hypothesis.
  package var word: String { voice.word(verdict) }

  /// Judges all claims of a section; families are corrected by Holm's method.
  static func all(_ section: ReportSection, index: ResultsIndex) -> [ClaimOutcome] {
    let (requests, voice) = (section.claims, Voice(section))
    let tested = requests.map { request in request.tests.map { TestOutcome($0, index: index) } }
    let risks = tested.map { tests in Risk(tests) }
    var shares = [ClaimFamily.Share?](repeating: nil, count: requests.count)
    for family in Set(requests.map(\.family)) {
      let members = requests.indices.filter { requests[$0].family == family && requests[$0].missing == nil }
      for (member, share) in zip(members, ClaimFamily.shares(members.map { risks[$0].least })) {
        shares[member] = share
      }
    }
    return requests.indices.map { position in
      ClaimOutcome(requests[position], voice, tested[position], risks[position], shares[position])
    }
  }

  private init(
    _ request: ClaimRequest, _ voice: Voice, _ tests: [TestOutcome], _ risk: Risk, _ share: ClaimFamily.Share?
  ) {
    self.request = request
    self.voice = voice
    self.tests = tests
    adjustedP = share?.adjustedP
    if let missing = request.missing {
      verdict = .notTestable(missing)
    } else {
      verdict = Verdict(
        risk, share: share ?? ClaimFamily.Share(), criteria: tests.flatMap(\.criteria),
        counts: tests.map(\.decidingCount), incompleteness: tests.compactMap(\.incompleteness).first)
    }
  }
}

/// The risks of the two decisions on a claim.
struct Risk: Sendable {
  /// Risk of accepting a claim that is wrong: each of its tests must hold.
  var hold: Double
  /// Risk of rejecting a claim that is right: any of its tests may fail.
  var fail: Double

  /// Joins the tests of one claim.
  init(_ tests: [TestOutcome]) {
    hold = tests.isEmpty ? 1 : tests.map(\.holdP).max() ?? 1
    fail = tests.map(\.failP).min().map { min(1, $0 * Double(tests.count)) } ?? 1
  }

  var least: Double { min(hold, fail) }
}

extension Verdict {
  /// Further values that are looked at when asking how many would decide.
  private static let reach = 10_000

  /// Decides with the risk that the family leaves to it; if it is too great, says what more would decide.
  init(
    _ risk: Risk, share: ClaimFamily.Share, criteria: [OneSidedTest], counts: [Int], incompleteness: Reason?
  ) {
    if share.adjustedP < ClaimFamily.significance {
      self = risk.hold <= risk.fail ? .reproduced : .refuted
    } else if let incompleteness {
      self = .undecided(incompleteness)
    } else if counts.contains(0) {
      self = .undecided(.noValues)
    } else if counts.contains(1) {
      self = .undecided(.oneValue)
    } else {
      self = .undecided(Verdict.open(criteria, threshold: share.threshold))
    }
  }

  /// If all criteria point upward, all must become certain; else one of the others.
  private static func open(_ criteria: [OneSidedTest], threshold: Double) -> Reason {
    func needed(_ test: OneSidedTest, _ significance: Double) -> Int? {
      (try? test.neededCount(significance: significance, limit: test.count + reach)) ?? nil
    }
    let against = criteria.filter { $0.distance < 0 }
    let count: Int?
    if against.isEmpty {
      let counts = criteria.map { needed($0, threshold) }
      count = counts.contains { $0 == nil } ? nil : counts.compactMap { $0 }.max()
    } else {
      count = against.compactMap { needed($0, threshold / Double(criteria.count)) }.min()
    }
    guard let count, let present = criteria.map(\.count).min() else { return .hopeless }
    return .needsMore(max(1, count - present))
  }
}
