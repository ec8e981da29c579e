/// How many of the values that there should be are not there for a mean, by kind.
struct Shortfall: Sendable, Hashable {
  /// Why a value cannot be averaged, the most telling first.
  enum Kind: String, Sendable, CaseIterable {
    case infinite
    case notANumber = "NaN"
    /// A ratio of it does not exist.
    case notPositive = "not above 0"
    case failed
    case skipped
    /// The attempt did not report it, or there was none.
    case missing
    /// The plan has no job that would measure it: known before the run, and no loss.
    case unplanned = "not planned"
  }

  private var counts: [Kind: Int] = [:]

  /// Nothing is missing.
  init() {}

  /// Counts what a measurement leaves out of its mean.
  init(_ measurement: Measurement) {
    for observation in measurement.observations where !observation.value.isFinite {
      add(observation.value.isNaN ? .notANumber : .infinite)
    }
    for gap in measurement.gaps { add(Kind(gap)) }
  }

  var isEmpty: Bool { counts.isEmpty }
  /// Values that are left out.
  var count: Int { counts.values.reduce(0, +) }
  /// The most telling kind, `nil` if nothing is missing.
  var kind: Kind? { Kind.allCases.first { counts[$0] != nil } }
  /// The same without what the plan left out.
  var unforeseen: Shortfall {
    var rest = self
    rest.counts[.unplanned] = nil
    return rest
  }
  /// Whether there was nothing to be seen, good or bad.
  var isMereAbsence: Bool { counts.keys.allSatisfy { $0 == .missing || $0 == .unplanned } }

  mutating func add(_ kind: Kind) { counts[kind, default: 0] += 1 }

  mutating func add(_ other: Shortfall) { counts.merge(other.counts, uniquingKeysWith: +) }

  /// "6 infinite, 1 failed".
  var text: String { parts.joined(separator: ", ") }

  /// "6 of 12 infinite, 1 failed".
  ///
  /// - Parameter whole: How many values there should be.
  /// - Returns: Words; empty if nothing is missing.
  func text(of whole: Int) -> String {
    guard let kind, let first = counts[kind] else { return "" }
    return (["\(first) of \(whole) \(kind.rawValue)"] + parts.dropFirst()).joined(separator: ", ")
  }

  private var parts: [String] { Kind.allCases.compactMap { kind in counts[kind].map { "\($0) \(kind.rawValue)" } } }
}

extension Shortfall.Kind {
  init(_ gap: Measurement.Gap) {
    switch gap {
    case .failed: self = .failed
    case .skipped: self = .skipped
    case .missing: self = .missing
    case .unplanned: self = .unplanned
    }
  }
}

extension Verdict.Reason {
  /// Why a verdict is open for which values are missing.
  ///
  /// - Parameters:
  ///   - lost: Those that are missing.
  ///   - whole: How many there should be.
  init(_ lost: Shortfall, of whole: Int) {
    self = lost.isMereAbsence && lost.count == whole ? .noValues : .incomplete(lost.text(of: whole))
  }
}
