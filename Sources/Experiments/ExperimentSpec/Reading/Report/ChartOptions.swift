import JSON

/// The members of a chart that only some kinds have.
struct ChartOptions {
  private var spread: ChartRequest.Spread?
  private var joinsNames: Bool?
  private var isHorizontal: Bool?
  private var binCount: Int?
  private var smoothedSteps: Int?

  /// Reads them, and reports those that would have no effect.
  ///
  /// - Parameters:
  ///   - chart: The chart's members.
  ///   - kind: How it is drawn.
  ///   - isCourse: Whether it is drawn over the steps of each attempt; `nil` if that is not known.
  init(_ chart: SpecMembers, of kind: ChartRequest.Kind, isCourse: Bool?) {
    spread = chart.word("spread", as: ChartRequest.Spread.self)
    joinsNames = chart.boolean("join")
    isHorizontal = chart.boolean("horizontal")
    binCount = chart.integer("bins")
    smoothedSteps = chart.integer("smooth")
    func refuse(_ member: String, unless fits: Bool, _ hint: String) {
      guard !fits, let place = chart.keyRange(member) else { return }
      chart.reader.report(
        .misplacedMember, at: place, "\(chart.phrase(member)) has no effect on a chart of the kind '\(kind.rawValue)'",
        hint: hint)
    }
    func kinds(_ fits: (ChartRequest.Kind) -> Bool) -> String {
      "expected with " + ChartRequest.Kind.allCases.filter(fits).map { "'\($0.rawValue)'" }.joined(separator: ", ")
    }
    refuse("spread", unless: kind.hasSpread, kinds(\.hasSpread))
    refuse("horizontal", unless: kind.canLie, kinds(\.canLie))
    refuse("join", unless: kind == .line, kinds { $0 == .line })
    refuse("bins", unless: kind == .histogram, kinds { $0 == .histogram })
    refuse("smooth", unless: kind == .line && isCourse != false, "expected with 'line' over 'step'")
    if isCourse == true, kind != .line, let place = chart["x"]?.range {
      chart.reader.report(
        .misplacedMember, at: place,
        "\(chart.whole ?? "") is drawn over steps, which a chart of the kind '\(kind.rawValue)' cannot be",
        hint: "use the kind 'line', or name an axis")
    }
  }

  /// Sets what was given.
  func apply(to chart: inout ChartRequest) {
    chart.spread = spread ?? .interval
    chart.joinsNames = joinsNames ?? false
    chart.isHorizontal = isHorizontal ?? false
    chart.binCount = binCount
    chart.smoothedSteps = smoothedSteps ?? 1
  }
}
