public import ResultsStore
public import Statistics

/// One quantity of a nightly series.
public struct NightCell: Sendable {
  /// The quantity on one night.
  public struct Point: Sendable, Hashable {
    /// Position of the night in the review.
    public var night: Int
    /// Median over the night's attempts, in the unit.
    public var value: Double
    /// Whether the night is blind.
    public var isBlind: Bool
    /// Why the value does not count any more, if an attempt of it was invalidated.
    public var staleReason: String?

    /// Whether the value counts as history.
    public var isUsable: Bool { !isBlind && staleReason == nil }
  }

  /// A lasting change of level.
  public struct Change: Sendable, Hashable {
    /// Position of the first night at the new level.
    public var night: Int
    /// The level before, in the unit.
    public var before: Double
    /// The level after, in the unit.
    public var after: Double
  }

  /// Which way a quantity moved.
  public enum Direction: String, Sendable, Hashable {
    /// It rose.
    case up
    /// It fell.
    case down
  }

  /// What can be said of the quantity after the latest night.
  public enum Verdict: Sendable, Hashable {
    /// It is where it was.
    case steady
    /// It was not measured anew, because nothing that it depends on has changed.
    case reused
    /// It lies outside of what earlier nights make likely.
    case unusual(Direction)
    /// Its level has changed for good, since a night, and nobody has accepted that.
    case shifted(Direction, since: Int)
    /// Its job failed.
    case failed
    /// Nothing can be said before there are so many nights of history; the number of those that there are.
    case waiting(nights: Int, needed: Int)
    /// Nothing can be said; the reason is a clause.
    case undecided(String)
    /// Its latest value was invalidated; the reason is the user's.
    case stale(String)
  }

  /// Which values of a quantity are better.
  public enum Better: String, Sendable, Hashable {
    /// Greater ones.
    case greater
    /// Lesser ones.
    case less
    /// None: the quantity should stay where it is.
    case neither
  }

  /// "STAGE:METRIC" or "STAGE:METRIC:AXIS=VALUE".
  public var address: String
  /// Unit of the values, empty if dimensionless.
  public var unit: String
  /// Which values are better, if the spec says so.
  public var better: Better?
  /// Its values night by night; nights without one are missing.
  public var points: [Point]
  /// The latest value; nil if the latest night has none of its own.
  public var latest: Point?
  /// Lasting changes, the first one first.
  public var changes: [Change] = []
  /// The present level and the number of nights that it rests on.
  public var level: (value: Double, nights: Int)?
  /// Where the latest value was expected, given the number of cells and the accepted risk.
  public var expected: ConfidenceInterval?
  /// How rare the latest value is if nothing has changed, before the correction for the number of cells.
  public var pValue: Double?
  /// The level that the present one is compared with: the accepted one, or the best of the series.
  public var reference: Double?
  /// The level that somebody accepted.
  public var baseline: BaselineRecord?
  /// What can be said of the latest night.
  public var verdict: Verdict

  /// The direction in which the quantity becomes better, as the spec says or else its unit: less of times, memory and energy is
  /// better; nil if neither is.
  public var betterDirection: Direction? {
    switch better {
    case .less: .down
    case .greater: .up
    case .neither: nil
    case nil: Self.costUnits.contains(unit) ? .down : nil
    }
  }

  /// Whether the verdict must be looked at: a quantity that became worse, or one of which nobody says what is better that moved.
  public var isRegression: Bool {
    switch verdict {
    case .unusual(let direction), .shifted(let direction, _): direction != betterDirection
    case .failed: true
    case .steady, .reused, .waiting, .undecided, .stale: false
    }
  }

  /// Whether nothing can be said.
  public var isOpen: Bool {
    switch verdict {
    case .waiting, .undecided, .stale: true
    case .steady, .reused, .unusual, .shifted, .failed: false
    }
  }

  /// What the present level, or an unusual value, is to the reference, less 1; nil without a reference other than 0.
  public var relativeChange: Double? {
    guard let reference, reference != 0 else { return nil }
    if case .unusual = verdict, let latest { return latest.value / reference - 1 }
    return level.map { $0.value / reference - 1 }
  }

  /// What an acceptance would accept: the present level, or a latest value that is not like it.
  public var acceptableLevel: (value: Double, nights: Int)? {
    if case .unusual = verdict, let latest { return (latest.value, 1) }
    return level
  }

  /// The verdict in a word or two.
  public var verdictText: String {
    switch verdict {
    case .steady: "steady"
    case .reused: "not measured anew"
    case .unusual(let direction): "\(word(direction)) tonight"
    case .shifted(let direction, _): "\(word(direction)) for good"
    case .failed: "failed"
    case .waiting, .undecided: "undecided"
    case .stale: "stale"
    }
  }

  private func word(_ direction: Direction) -> String {
    let isTime = Self.timeUnits.contains(unit)
    switch direction {
    case .up: return isTime ? "slower" : "higher"
    case .down: return isTime ? "faster" : "lower"
    }
  }

  private static let timeUnits: Set<String> = ["ns", "us", "µs", "ms", "s", "min", "h"]
  private static let costUnits = timeUnits.union(["B", "KiB", "MiB", "GiB", "bytes", "J", "Wh"])
}
