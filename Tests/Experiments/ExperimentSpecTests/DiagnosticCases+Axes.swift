import ExperimentSpec

/// What may be said of axes and metrics in a report, and what follows from it.
extension DiagnosticCases {
  static let axes: [DiagnosticCase] = [
    DiagnosticCase(
      "rows and columns by axes",
      report(
        """
        "tables": [{"id": "t", "rows": ["seed", 1️⃣"seed"], "columns": 2️⃣{"stage": "a"}},
        {"id": "u", "rows": 3️⃣[], "rowLabel": ["x"], "columns": [{"stage": "a", "metric": "m", "by": 4️⃣"sede"}]},
        {"id": "v", "rows": ["seed"], "rowLabel": 5️⃣["x", "y"], "cell": 6️⃣"mena",
         "columns": {"stage": "a", "metric": "m", "by": "seed", 7️⃣"paper": [1, 2]}},
        {"id": "w", 8️⃣"cell": "best", "columns": {"stage": "a", "metric": "m"}}]
        """),
      [
        .init(1, .duplicateValue, "'rows' of table 't' has 'seed' twice"),
        .init(2, .missingMember, "column of table 't' has no member 'metric'"),
        .init(3, .empty, "'rows' of table 'u' must not be empty"),
        .init(4, .unknownAxis, "unknown axis 'sede' in 'by' of column of table 'u'", suggestion: "seed"),
        .init(5, .unequalLengths, "'rowLabel' of table 'v' has 2 texts, but 'rows' has 1 axis"),
        .init(6, .outOfRange, "'cell' of table 'v' is 'mena'", suggestion: "mean"),
        .init(7, .misplacedMember, "column of table 'v' has both 'by' and 'paper'"),
        .init(
          8, .misplacedMember,
          "column 'm' of table 'w' prints the best value of 'm', of which nobody says what is better"),
      ]),
    DiagnosticCase(
      "axes that nobody calls repetitions",
      """
      {"name": "x", "axes": {"seed": [1, 2], "C": [1, 10]}, "stages": {"a": {"command": ["c", "${seed}", "${C}"]}},
      "report": {
        "tables": [{"id": "t", 1️⃣"rows": "seed", "columns": [{"label": "l", "stage": "a", "metric": "m"}]}],
        "charts": [{"id": "c", 2️⃣"x": {"axis": "seed"}, "panels": [{"series": [{"stage": "a", "metric": "m"}]}]}],
        "claims": [{"id": "A", "text": "t", "tests": [{3️⃣"quantity": {"stage": "a", "metric": "m"}, "rule": {"less": 1}}]}]}}
      """,
      [
        .init(1, .pooledAxis, "the cells of column 'l' of table 't' would average over 'C'"),
        .init(2, .pooledAxis, "the points of series 'm' of chart 'c' would average over 'C'"),
        .init(3, .pooledAxis, "test of claim 'A' would take the values of 'C' for repetitions"),
      ]),
    DiagnosticCase(
      "what holds of metrics",
      with("\"replicates\": [1️⃣\"sede\"], \"metrics\": {\"m\": {\"better\": 2️⃣\"more\", \"digits\": 3️⃣-1}},"),
      [
        .init(1, .unknownAxis, "unknown axis 'sede' in 'replicates'"),
        .init(2, .outOfRange, "'better' of metric 'm' is 'more'"),
        .init(3, .outOfRange, "'digits' of metric 'm' is -1, which is out of range"),
      ]),
  ]
}
