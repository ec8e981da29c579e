// The members of the report section and of its parts, in the order in which the reference lists them.
extension SpecObject {
  static let metricMembers: [SpecMember] = [
    SpecMember("label", .nonEmptyText, "what readers call it, its name unless given"),
    SpecMember("unit", .text, "the printed unit"),
    .digits,
    SpecMember(
      "better", .word(of: MetricDescription.Better.self),
      """
      which values are better: tables mark the direction and the best value, a night that moves the better way is no \
      regression; `neither` for a quantity that should stay where it is
      """),
  ]

  static let reportMembers: [SpecMember] = [
    SpecMember("introduction", .text, "Markdown at the top"),
    SpecMember("tables", .list(.object(.table)), "tables of measured values"),
    SpecMember("charts", .list(.object(.chart)), "charts of measured values"),
    SpecMember("figures", .list(.object(.figure)), "rows of pictures"),
    SpecMember("claims", .list(.object(.claim)), "claims of the paper or of the author, and what would decide them"),
    SpecMember("audit", .list(.object(.finding)), "what the paper's printed numbers show without an experiment"),
  ]

  static let tableMembers: [SpecMember] = [
    .id,
    .title,
    .caption,
    SpecMember("place", .nonEmptyText, #"where the paper prints it: "Table 1", "section 6.3""#),
    SpecMember(
      "rows", .names,
      "the axis or zip member whose values are the rows, or a list of them, the outermost first"),
    SpecMember(
      "rowLabel", .either([.text, .list(.text, atLeast: 1)]),
      "heading of the column that names the rows, one for each axis of `rows`"),
    SpecMember(
      "rowNames", .word(of: TableRequest.RowNames.self),
      "rows are called 1, 2, 3 … (`index`), or by their value (`value`, unless given)"),
    .filter,
    .over,
    SpecMember(
      "columns", .either([.list(.object(.column), atLeast: 1), .object(.column)]), isRequired: true,
      "the columns, or a single one"),
    SpecMember("cell", .word(of: TableRequest.CellStyle.self), "what a cell prints, see below"),
    SpecMember(
      "best", .word(of: TableRequest.BestScope.self),
      """
      where the best value of a metric with `better` is sought, and set in bold with all that a paired test does not find \
      worse: in each `column` (default), in each `row`, in the whole `table`, or `none`
      """),
    SpecMember("summary", .list(.word(of: TableRequest.SummaryRow.self)), "rows below the others"),
  ]

  static let columnMembers: [SpecMember] = [
    SpecMember("id", .name, "the column's name in addresses of cells"),
    SpecMember("label", .text, "its head"),
    SpecMember("stage", .nonEmptyText, "the stage that measures it"),
    SpecMember("metric", .nonEmptyText, "the metric"),
    SpecMember("by", .names, "an axis or a list of them: a column for each value, under one head"),
    .filter,
    SpecMember("cell", .word(of: TableRequest.CellStyle.self), "what its cells print, if not what the table says"),
    SpecMember("unit", .text, "the printed unit"),
    .digits,
    SpecMember(
      "format", .word(of: TableRequest.Column.Format.self),
      #"`number`, or `yes-no` to print 1 and 0 as words; several attempts that disagree are "yes in 3 of 5""#),
    .scale,
    .statistic,
    SpecMember(
      "paper", .list(.numberOrNull),
      "the paper's values in the order of the rows, `null` where it has none"),
    SpecMember("paperSummary", .object(.paperSummary), "the paper's `mean` and `std`"),
    SpecMember("place", .nonEmptyText, "where the paper prints the values, if not with the table"),
    SpecMember(
      "precision", .number(.positive),
      "what the paper's rounding may hide; half a unit of the last digit unless given"),
    SpecMember(
      "margin", .number(.positive),
      """
      greatest difference that counts as equal, in the printed unit. With it every published cell gets a \
      verdict: equal within the margin or not, by two one-sided tests, the table being one family
      """),
    SpecMember(
      "incomplete", .word(of: IncompleteUnits.self),
      """
      how the verdict counts values that are infinite, NaN, failed, skipped or missing, with `margin`: \
      `undecided` (default), `leave-out` or `worst`, as in tests of a claim
      """),
    SpecMember(
      "missing", .nonEmptyText,
      """
      instead of `stage` and `metric`: why the quantity cannot be measured here and how it could be; \
      beside them: what to print and to supply as long as no attempt reports the metric
      """),
  ]

  static let paperSummaryMembers: [SpecMember] = [
    SpecMember("mean", .number(.any), "mean"),
    SpecMember("std", .number(.any), "standard deviation"),
  ]

  static let figureMembers: [SpecMember] = [
    .id,
    .title,
    .caption,
    .filter,
    SpecMember("magnify", .integer(1...64), "whole-number enlargement"),
    SpecMember("panels", .list(.object(.figurePanel), atLeast: 1), isRequired: true, "pictures"),
    SpecMember("metrics", .list(.object(.figureMetric)), "numbers below the pictures"),
  ]

  static let figurePanelMembers: [SpecMember] = [
    .stage,
    SpecMember("artifact", .nonEmptyText, isRequired: true, "name of the artifact"),
    .label,
    SpecMember("magnify", .integer(1...64), "whole-number enlargement of this picture, if not the figure's"),
  ]

  static let figureMetricMembers: [SpecMember] = [
    .label,
    .stage,
    .metric,
    .digits,
  ]

  static let claimMembers: [SpecMember] = [
    SpecMember("id", .name, isRequired: true, "its name"),
    SpecMember("text", .nonEmptyText, isRequired: true, "what the paper says, or what the author expects"),
    SpecMember("place", .nonEmptyText, "where it is said"),
    SpecMember("family", .nonEmptyText, "claims whose risks are counted together, `claims` unless given"),
    .filter,
    .over,
    SpecMember("tests", .list(.object(.claimTest), atLeast: 1), "what decides it; all must hold"),
    SpecMember("missing", .nonEmptyText, "instead of `tests`: what would make it testable"),
    SpecMember("remark", .nonEmptyText, "what a reader must know to judge the verdict"),
  ]

  static let claimTestMembers: [SpecMember] = [
    SpecMember("label", .nonEmptyText, "what it is called in the report"),
    SpecMember(
      "form", .word(of: ClaimTest.Form.self),
      """
      `value` (default), `difference` or `ratio` to `against`; pairs are formed within a unit, ratios \
      tested on the logarithmic scale
      """),
    SpecMember(
      "quantity", .object(.quantity), isRequired: true,
      "what is measured: `stage` and `metric`, with `statistic`, `scale` and `where` as in columns and tables"),
    SpecMember("against", .object(.quantity), "what it is compared with, a quantity too"),
    SpecMember(
      "over", .names,
      "the axis of the rules `trend`, `constant` and `saturatesAt`; or a list of axes that a unit's value is the mean over"
    ),
    SpecMember(
      "units", .list(.nonEmptyText, atLeast: 1),
      """
      the axes whose values are independent repetitions; unless given all in which the trials of a quantity differ and \
      that no other member mentions. Attempts that serve several units count once
      """),
    .filter,
    SpecMember("rule", .object(.rule), isRequired: true, "exactly one of those below"),
    SpecMember(
      "incomplete", .word(of: IncompleteUnits.self),
      """
      how units count that have no finite value (infinite, NaN, failed, skipped, missing): they leave the \
      verdict `undecided` (default), `leave-out` does not count them, with `worst` each breaks the rule
      """),
    SpecMember("unit", .nonEmptyText, "the printed unit"),
    .digits,
    SpecMember("paper", .nonEmptyText, "what the paper prints for it"),
  ]

  static let quantityMembers: [SpecMember] = [
    .stage,
    .metric,
    .statistic,
    .scale,
    .filter,
  ]

  static let ruleMembers: [SpecMember] = [
    SpecMember("equal", .number(.any), "equal to this value within the margin, by two one-sided tests"),
    SpecMember("margin", .number(.positive), "greatest difference that counts as equal"),
    SpecMember("between", .list(.number(.any), atLeast: 2, atMost: 2), "between two bounds, by two one-sided tests"),
    SpecMember("greater", .number(.any), "greater than this"),
    SpecMember("less", .number(.any), "less than this"),
    SpecMember("trend", .word(of: ClaimRule.Trend.self), "the slope over the axis, within each unit"),
    SpecMember(
      "constant", .number(.positive),
      "all values of the axis agree within this margin, each pair by two one-sided tests"),
    SpecMember("saturatesAt", .number(.any), "value of the axis after which nearly nothing is gained"),
    SpecMember("from", .number(.any), "value of the axis that the gain is counted from"),
    SpecMember("share", .number(.positive), "greatest share of the gain that may come after, 0.1 unless given"),
    SpecMember(
      "better", .word(of: Preference.self), "which values are better, as `metrics` says unless given"),
    SpecMember("identical", .number(.notNegative), "all units give the same value, each within this of the middle"),
  ]

  static let findingMembers: [SpecMember] = [
    SpecMember("observation", .nonEmptyText, isRequired: true, "what is seen"),
    SpecMember("reason", .nonEmptyText, isRequired: true, "why it matters"),
    SpecMember("expectation", .nonEmptyText, "what a measurement should show"),
  ]
}

extension SpecMember {
  static let id = SpecMember(
    "id", .name, isRequired: true, "name of the element, unique in the report; used in file names")
  static let title = SpecMember("title", .text, "heading")
  static let caption = SpecMember("caption", .text, "Markdown below the element")
  static let filter = SpecMember("where", .condition, "only trials that match")
  static let over = SpecMember(
    "over", .names, "axes that numbers average over besides the `replicates` of the experiment")
  static let stage = SpecMember("stage", .nonEmptyText, isRequired: true, "the stage that makes it")
  static let metric = SpecMember(
    "metric", .nonEmptyText, isRequired: true,
    #"a metric that the stage reports, such as "ssim" or "time.priorbrush""#)
  static let scale = SpecMember(
    "scale", .number(.any), "a factor, such as 1000 for seconds to milliseconds; not 0, 1 unless given")
  static let statistic = SpecMember(
    "statistic", .word(of: MetricSource.Statistic.self),
    "`mean` (default), `median`, `min`, `max` or `last` of the repetitions in an attempt")
  fileprivate static let digits = SpecMember("digits", .integer(0...12), "digits behind the decimal point")
  static let label = SpecMember(
    "label", .text, "what it is called, the name of the metric or artifact unless given")
}
