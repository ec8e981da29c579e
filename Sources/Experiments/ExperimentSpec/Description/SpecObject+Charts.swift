// The members of charts and of their parts, in the order in which the reference lists them.
extension SpecObject {
  static let chartMembers: [SpecMember] = [
    .id,
    .title,
    .caption,
    SpecMember("kind", .word(of: ChartRequest.Kind.self), "how values are drawn, see below; `line` unless given"),
    SpecMember(
      "x", .either([.nonEmptyText, .object(.chartAxis)]), isRequired: true,
      """
      what the panels are drawn over: the name of an axis, or an object. `step` and `repetition` are the steps of each \
      attempt's own values and draw curves, unless an axis has that name
      """),
    SpecMember("y", .object(.valueAxis), "the axis of the values; heat maps: the second axis"),
    .filter,
    .over,
    SpecMember("by", .nonEmptyText, "small multiples: an axis, for each value of which the panels are repeated"),
    SpecMember(
      "spread", .word(of: ChartRequest.Spread.self),
      """
      what error bars and bands show over attempts: the 95 % `interval` of the mean (default), one standard deviation \
      (`sd`), the `quartiles` around the median, or `none`
      """),
    SpecMember(
      "join", .boolean, "`line`: whether points over names are joined; not unless asked, as names have no order"),
    SpecMember(
      "horizontal", .boolean, "`bar`, `stacked`, `points`, `strip`, `box`: names stand at the left, values run across"),
    SpecMember(
      "bins", .integer(1...200), "`histogram`: how many bins; as many as Freedman and Diaconis advise unless given"),
    SpecMember(
      "smooth", .integer(1...100_000),
      "curves: each point is the mean of so many steps around it, which the page says; 1 unless given"),
    SpecMember("panels", .list(.object(.chartPanel), atLeast: 1), isRequired: true, "panels side by side"),
  ]

  static let chartAxisMembers: [SpecMember] = [
    SpecMember(
      "axis", .nonEmptyText, isRequired: true,
      "name of an axis: the horizontal positions, or what the points of a scatter chart are"),
    .axisLabel,
    .from,
    .to,
    .log,
    SpecMember("stage", .nonEmptyText, "scatter charts: the stage of the metric"),
    SpecMember("metric", .nonEmptyText, "scatter charts: the metric whose values are the horizontal positions"),
    .scale,
    .statistic,
    SpecMember(
      "better", .word(of: Preference.self),
      "scatter charts: which horizontal values are better, for the Pareto front"),
  ]

  static let valueAxisMembers: [SpecMember] = [
    SpecMember("axis", .nonEmptyText, "heat maps: the axis whose values are the rows"),
    .axisLabel,
    .from,
    .to,
    .log,
  ]

  static let chartPanelMembers: [SpecMember] = [
    SpecMember("label", .text, "title of the y axis"),
    SpecMember("unit", .text, "unit of the y axis"),
    .filter,
    SpecMember("series", .list(.object(.series), atLeast: 1), isRequired: true, "lines"),
    SpecMember("references", .list(.object(.referenceLine)), "lines at fixed values, such as chance or a target"),
    SpecMember(
      "better", .word(of: Preference.self),
      "scatter charts: which vertical values are better, for the Pareto front"),
  ]

  static let referenceLineMembers: [SpecMember] = [
    SpecMember("y", .number(.any), "value of a line along the panel"),
    SpecMember("x", .number(.any), "instead of `y`: position of a line across the panel"),
    SpecMember("label", .text, "what stands beside it"),
  ]

  static let seriesMembers: [SpecMember] = [
    .label,
    .stage,
    .metric,
    .scale,
    .statistic,
    .filter,
    SpecMember("by", .nonEmptyText, "an axis: one series for each of its values, called by the value"),
    SpecMember("paper", .list(.object(.paperPoint)), "the paper's points"),
  ]

  static let paperPointMembers: [SpecMember] = [
    SpecMember("x", .number(.any), isRequired: true, "position on the axis"),
    SpecMember("y", .number(.any), isRequired: true, "value"),
  ]
}

extension SpecMember {
  fileprivate static let axisLabel = SpecMember("label", .text, "title of the axis")
  fileprivate static let from = SpecMember(
    "from", .number(.any), "where the axis begins; columns that do not begin at 0 are marked as cut")
  fileprivate static let to = SpecMember("to", .number(.any), "where the axis ends")
  fileprivate static let log = SpecMember("log", .boolean, "whether equal distances are equal ratios")
}
