import Statistics

/// A claim with its verdict and what the verdict rests on.
package struct ClaimOutcome: Sendable {
  let request: ClaimRequest
  let tests: [TestOutcome]
  /// The verdict after the correction for the family.
  package let verdict: Verdict
  /// The least risk of either decision, corrected for the family; `nil` if nothing was tested.
  let adjustedP: Double?

  /// The claim's id.
  package var id: String { request.id }
  /// The paper's statement, shortened.
  package var text: String { request.text }

  /// Greatest accepted risk of a wrong verdict in a family.
  static let significance = 0.05

  /// Judges all claims of a section; families are corrected by Holm's method.
  static func all(_ requests: [ClaimRequest], index: ResultsIndex) -> [ClaimOutcome] {
    let tested = requests.map { request in request.tests.map { TestOutcome($0, index: index) } }
    let risks = tested.map { tests in Risk(tests) }
    var adjusted = [(factor: Int, p: Double)?](repeating: nil, count: requests.count)
    for family in Set(requests.map(\.family)) {
      let members = requests.indices.filter { requests[$0].family == family && requests[$0].missing == nil }
      for (member, value) in zip(members, HolmCorrection.adjusted(members.map { risks[$0].least })) {
        adjusted[member] = value
      }
    }
    return requests.indices.map { position in
      ClaimOutcome(requests[position], tested[position], risks[position], adjusted[position])
    }
  }

  private init(
    _ request: ClaimRequest, _ tests: [TestOutcome], _ risk: Risk, _ adjusted: (factor: Int, p: Double)?
  ) {
    self.request = request
    self.tests = tests
    adjustedP = adjusted?.p
    if let missing = request.missing {
      verdict = .notTestable(missing)
    } else {
      verdict = Verdict(
        risk, adjusted: adjusted ?? (1, 1), criteria: tests.map(\.criteria), counts: tests.map(\.decidingCount))
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
  /// Decides with a corrected risk; if it is too great, says what more would decide.
  init(_ risk: Risk, adjusted: (factor: Int, p: Double), criteria: [[OneSidedTest]], counts: [Int]) {
    if adjusted.p < ClaimOutcome.significance {
      self = risk.hold <= risk.fail ? .reproduced : .refuted
    } else if counts.contains(0) {
      self = .undecided(.noValues)
    } else if counts.contains(1) {
      self = .undecided(.oneValue)
    } else {
      self = .undecided(Verdict.open(criteria.joined().map { $0 }, factor: adjusted.factor))
    }
  }

  /// If all criteria point upward, all must become certain; else one of the others.
  private static func open(_ criteria: [OneSidedTest], factor: Int) -> Reason {
    let against = criteria.filter { $0.mean < 0 }
    let risk = ClaimOutcome.significance / Double(max(factor, 1))
    let needed: Int?
    if against.isEmpty {
      let counts = criteria.map { $0.neededCount(significance: risk) }
      needed = counts.contains { $0 == nil } ? nil : counts.compactMap { $0 }.max()
    } else {
      needed = against.compactMap { $0.neededCount(significance: risk / Double(criteria.count)) }.min()
    }
    guard let needed, let present = criteria.map(\.count).min() else { return .hopeless }
    return .needsMore(max(1, needed - present))
  }
}
