import ExperimentSpec

/// One case or more for each code of the reader; braces around a fragment are added by `with`.
enum DiagnosticCases {
  /// A whole spec from members to put before an ordinary stage.
  static func with(_ members: String) -> String {
    "{\"name\": \"x\",\n\(members)\n\"workers\": {\"w\": {\"command\": [\"w\"]}}, \"stages\": {\"a\": {\"task\": \"w/t\"}}}"
  }

  /// A whole spec with one stage besides an ordinary one, and the axes `seed` and `steps`.
  private static func stage(_ members: String) -> String {
    """
    {"name": "x", "axes": {"seed": [1, 2], "steps": [0, 1]}, "parameters": {"list": [1], "deep": "${seed}"}, "resources": {"gpu": 1},
    "workers": {"w": {"command": ["w"]}},
    "stages": {"a": {"task": "w/t"}, "c": {"command": ["c"], "outputs": {"image": "i.png"}},
    "b": {
    \(members)
    }}}
    """
  }

  /// A whole spec with a report section.
  static func report(_ members: String) -> String {
    """
    {"name": "x", "axes": {"seed": [1, 2]}, "workers": {"w": {"command": ["w"]}}, "stages": {"a": {"task": "w/t"}},
    "report": {
    \(members)
    }}
    """
  }

  static let all: [DiagnosticCase] = structure + names + stages + reports + axes

  private static let structure: [DiagnosticCase] = [
    DiagnosticCase("syntax", "{\"name\": 1️⃣nme}", [.init(1, .syntax, "found 'nme' where a value was expected")]),
    DiagnosticCase(
      "unknown and missing members", "1️⃣{2️⃣\"nmae\": \"x\"}",
      [
        .init(1, .missingMember, "the experiment has no member 'name'"),
        .init(1, .missingMember, "the experiment has no member 'stages'"),
        .init(2, .unknownMember, "unknown member 'nmae' of the experiment", suggestion: "name"),
      ]),
    DiagnosticCase(
      "a duplicate member", with("\"title\": \"a\", 1️⃣\"title\": \"b\","),
      [.init(1, .duplicateMember, "the member 'title' occurs twice in one object")]),
    DiagnosticCase(
      "wrong types", with("\"title\": 1️⃣1, \"axes\": {\"a\": 2️⃣3, \"b\": [3️⃣[1]]}, \"maxJobs\": 4️⃣1.5,"),
      [
        .init(1, .wrongType, "'title' must be a string, not an integer"),
        .init(2, .wrongType, "axis 'a' must be a list of values or a range {\"from\", \"to\", \"by\"}, not an integer"),
        .init(3, .wrongType, "a value of axis 'b' must be a string, a number or a boolean, not an array"),
        .init(4, .wrongType, "'maxJobs' must be an integer, not a number"),
      ]),
    DiagnosticCase(
      "values out of range", with("\"maxJobs\": 1️⃣0, \"measurement\": {\"order\": 2️⃣\"abab\", \"repetitions\": 3️⃣0},"),
      [
        .init(1, .outOfRange, "'maxJobs' is 0, which is out of range"),
        .init(2, .outOfRange, "'order' of 'measurement' is 'abab'", suggestion: "abba"),
        .init(3, .outOfRange, "'repetitions' of 'measurement' is 0, which is out of range"),
      ]),
    DiagnosticCase(
      "measurements",
      with(
        "\"measurement\": {\"order\": 1️⃣\"rnadom\", \"innerLoop\": 2️⃣\"atuo\", \"precision\": 3️⃣0, "
          + "\"timeBudget\": 4️⃣\"soon\", \"control\": 5️⃣[]},"),
      [
        .init(1, .outOfRange, "'order' of 'measurement' is 'rnadom'", suggestion: "random"),
        .init(2, .outOfRange, "'innerLoop' of 'measurement' is 'atuo'", suggestion: "auto"),
        .init(3, .outOfRange, "'precision' of 'measurement' must be above 0"),
        .init(4, .badDuration, "'timeBudget' of 'measurement' is not a duration"),
        .init(5, .wrongType, "'control' of 'measurement' must be a number or 'identity', not an array"),
      ]),
    DiagnosticCase(
      "the most repetitions",
      with("\"measurement\": {1️⃣\"maximumRepetitions\": 2️⃣20, \"innerLoop\": 3️⃣1.5},"),
      [
        .init(1, .misplacedMember, "'measurement' has 'maximumRepetitions' without 'precision'"),
        .init(2, .outOfRange, "'measurement' has at most 20 repetitions, but at least 30"),
        .init(3, .wrongType, "'innerLoop' of 'measurement' must be an integer or 'auto', not a number"),
      ]),
    DiagnosticCase(
      "empty lists", with("\"axes\": {\"a\": 1️⃣[], \"b\": 2️⃣{\"from\": 3, \"to\": 1}}, \"exclude\": [3️⃣{}],"),
      [
        .init(1, .empty, "axis 'a' must not be empty"),
        .init(2, .empty, "axis 'b' is empty: 'to' lies before 'from'"),
        .init(3, .empty, "an element of 'exclude' without conditions matches every trial"),
      ]),
    DiagnosticCase(
      "no stages", "{\"name\": \"x\", \"stages\": 1️⃣{}}", [.init(1, .empty, "'stages' must not be empty")]),
    DiagnosticCase(
      "zip lengths", with("\"zip\": {\"g\": {\"u\": [1, 2], \"v\": 1️⃣[1]}},"),
      [.init(1, .unequalLengths, "'v' has 1 values, but 'u' of the same zip group has 2")]),
    DiagnosticCase(
      "included trials",
      with("\"axes\": {\"a\": [1], \"b\": [1]}, \"include\": [1️⃣{\"a\": 2}, {\"a\": 1, \"b\": 2️⃣[1]}],"),
      [
        .init(1, .missingMember, "an included trial needs a value for every axis; 'b' is missing"),
        .init(2, .wrongType, "'b' in 'include' must be a value, not an array"),
      ]),
  ]

  private static let names: [DiagnosticCase] = [
    DiagnosticCase(
      "invalid names",
      "{\"name\": 1️⃣\"a b\", \"parameters\": {2️⃣\"a.b\": 1}, \"stages\": {3️⃣\"a/b\": {\"command\": [\"x\"]}}}",
      [
        .init(1, .invalidName, "'a b' cannot be the name of an experiment"),
        .init(2, .invalidName, "'a.b' cannot be the name of a parameter"),
        .init(3, .invalidName, "'a/b' cannot be the name of a stage"),
      ]),
    DiagnosticCase(
      "the name of a page that every report has",
      "{\"name\": 1️⃣\"claims\", \"stages\": {\"a\": {\"command\": [\"x\"]}}}",
      [.init(1, .invalidName, "'claims' cannot be the name of an experiment")]),
    DiagnosticCase(
      "the same name in capitals",
      "{\"name\": 1️⃣\"Index\", \"stages\": {\"a\": {\"command\": [\"x\"]}}}",
      [.init(1, .invalidName, "'Index' cannot be the name of an experiment")]),
    DiagnosticCase(
      "the name of a device, which no file can have everywhere",
      "{\"name\": 1️⃣\"con\", \"stages\": {\"a\": {\"command\": [\"x\"], \"outputs\": {\"i\": \"i\"}}}, "
        + "\"report\": {\"figures\": [{\"id\": 2️⃣\"aux\", \"panels\": [{\"stage\": \"a\", \"artifact\": \"i\"}]}]}}",
      [
        .init(1, .invalidName, "'con' cannot be the name of an experiment, because it is the name of a device"),
        .init(2, .invalidName, "'aux' cannot be the name of a figure, because it is the name of a device"),
      ]),
    DiagnosticCase(
      "duplicate names", with("\"parameters\": {\"seed\": 1, 1️⃣\"projectRoot\": 2}, \"axes\": {2️⃣\"seed\": [1]},"),
      [
        .init(1, .duplicateName, "'projectRoot' is a variable that every experiment has"),
        .init(2, .duplicateName, "'seed' is an axis and also a parameter"),
      ]),
    DiagnosticCase(
      "duplicate values", with("\"axes\": {\"seed\": [1, 2, 1️⃣1]},"),
      [.init(1, .duplicateValue, "axis 'seed' has the value 1 twice")]),
    DiagnosticCase(
      "unknown variables and broken ones",
      with(
        "\"parameters\": {\"size\": 1, \"a\": \"größe 1️⃣${siez}\", \"b\": \"x2️⃣${size\", \"c\": \"3️⃣${}\", \"d\": \"$${ok}\"},"
      ),
      [
        .init(1, .unknownVariable, "unknown variable 'siez'", suggestion: "size"),
        .init(2, .badInterpolation, "a variable without its end '}'"),
        .init(3, .badInterpolation, "'${}' is not a variable"),
      ]),
    DiagnosticCase(
      "a circle of parameters", with("\"parameters\": {\"a\": 1️⃣\"${b}\", \"b\": \"${c}\", \"c\": \"${a}\"},"),
      [.init(1, .cycle, "parameters are made of each other: a → b → c → a")]),
    DiagnosticCase(
      "unknown axes", with("\"axes\": {\"steps\": [1]}, \"exclude\": [{1️⃣\"stpes\": 1}, {\"steps\": 2️⃣7}],"),
      [
        .init(1, .unknownAxis, "unknown axis 'stpes' in 'exclude'", suggestion: "steps"),
        .init(2, .noMatch, "axis 'steps' has no value 7, so 'exclude' matches nothing here"),
      ]),
    DiagnosticCase(
      "variables of a worker",
      "{\"name\": \"x\", \"axes\": {\"s\": [1]}, \"workers\": {\"w\": {\"command\": [\"1️⃣${s}\"]}}, \"stages\": {\"a\": {\"task\": \"w/t\"}}}",
      [.init(1, .unknownVariable, "the variable 's' differs from trial to trial and cannot be used in worker 'w'")]),
  ]

  private static let stages: [DiagnosticCase] = [
    DiagnosticCase(
      "neither task nor command", "{\"name\": \"x\", \"stages\": {1️⃣\"a\": {}}}",
      [.init(1, .missingMember, "stage 'a' has neither a 'task' nor a 'command'")]),
    DiagnosticCase(
      "task and command", stage("\"task\": \"w/t\", 1️⃣\"command\": [\"c\"], 2️⃣\"outputs\": {}"),
      [
        .init(1, .misplacedMember, "'command' does not belong to stage 'b'"),
        .init(2, .misplacedMember, "'outputs' does not belong to stage 'b'"),
      ]),
    DiagnosticCase(
      "a comparison of one",
      stage("\"compare\": 1️⃣{\"a\": [\"x\"]}, 2️⃣\"workingDirectory\": \"output\", 3️⃣\"with\": {}"),
      [
        .init(1, .empty, "'compare' of stage 'b' needs two commands or more"),
        .init(2, .misplacedMember, "'workingDirectory' does not belong to stage 'b'"),
        .init(3, .misplacedMember, "'with' does not belong to stage 'b'"),
      ]),
    DiagnosticCase(
      "compared commands", stage("\"compare\": {1️⃣\"a b\": 2️⃣[], \"c\": 3️⃣7, \"d\": [\"x\", \"4️⃣${sed}\"]}"),
      [
        .init(1, .invalidName, "'a b' cannot be the name of a compared command"),
        .init(2, .empty, "'a b' in 'compare' of stage 'b' must not be empty"),
        .init(3, .wrongType, "'c' in 'compare' of stage 'b' must be a list, not an integer"),
        .init(4, .unknownVariable, "unknown variable 'sed' in stage 'b'", suggestion: "seed"),
      ]),
    DiagnosticCase(
      "a command and a comparison", stage("\"command\": [\"c\"], 1️⃣\"compare\": {\"a\": [\"x\"], \"b\": [\"y\"]}"),
      [.init(1, .misplacedMember, "'compare' does not belong to stage 'b'")]),
    DiagnosticCase(
      "parameters of a command", stage("\"command\": [\"c\"], 1️⃣\"with\": {}"),
      [.init(1, .misplacedMember, "'with' does not belong to stage 'b'")]),
    DiagnosticCase(
      "a task without worker", stage("\"task\": 1️⃣\"t\""), [.init(1, .invalidName, "'task' of stage 'b' is 't'")]),
    DiagnosticCase(
      "unknown worker", stage("\"task\": \"1️⃣ww/t\""),
      [.init(1, .unknownWorker, "unknown worker 'ww' in 'task' of stage 'b'", suggestion: "w")]),
    DiagnosticCase(
      "unknown stages",
      stage("\"task\": \"w/t\", \"needs\": [1️⃣\"aa\"], \"inputs\": {\"i\": {\"stage\": 2️⃣\"zzz\", \"artifact\": \"x\"}}"),
      [
        .init(1, .unknownStage, "unknown stage 'aa' in 'needs' of stage 'b'", suggestion: "a"),
        .init(2, .unknownStage, "unknown stage 'zzz' in input 'i' of stage 'b'"),
      ]),
    DiagnosticCase(
      "an input of an unknown stage, where it stands only",
      stage(
        "\"command\": [\"c\", \"${inputs.i}\"], \"inputs\": {\"i\": {\"stage\": 1️⃣\"zzz\", \"artifact\": \"x\"}}"),
      [.init(1, .unknownStage, "unknown stage 'zzz' in input 'i' of stage 'b'")]),
    DiagnosticCase(
      "unknown artifact of a command",
      stage("\"task\": \"w/t\", \"inputs\": {\"i\": {\"stage\": \"c\", \"artifact\": 1️⃣\"imgae\"}}"),
      [.init(1, .unknownArtifact, "unknown artifact 'imgae' of stage 'c'", suggestion: "image")]),
    DiagnosticCase(
      "an artifact of a worker that is spelt like no other",
      stage(
        """
        "task": "w/t", "inputs": {"i": {"stage": "a", "artifact": "image"}, "j": {"stage": "a", "artifact": "image"},
        "k": {"stage": "a", "artifact": 1️⃣"imgae"}, "l": {"stage": "a", "artifact": "image2"}}
        """),
      [
        .init(
          1, .unusualArtifact, "only this input takes an artifact 'imgae' of stage 'a'", suggestion: "image")
      ]),
    DiagnosticCase(
      "a stage that needs itself", stage("\"task\": \"w/t\", \"needs\": [1️⃣\"b\"]"),
      [.init(1, .cycle, "stage 'b' needs itself")]),
    DiagnosticCase(
      "a circle of stages",
      """
      {"name": "x", "stages": {"a": {"command": ["x"], "needs": ["c"]}, "b": {"command": ["x"], "outputs": {"o": "o"}, "needs": [1️⃣"a"]},
      "c": {"command": ["x"], "outputs": {"o": "o"}, "inputs": {"i": {"stage": "b", "artifact": "o"}}}}}
      """,
      [
        .init(1, .cycle, "stages need each other: a → c → b → a")
      ]),
    DiagnosticCase(
      "durations", stage("\"task\": \"w/t\", \"timeLimit\": 1️⃣\"10 minutes\""),
      [.init(1, .badDuration, "'timeLimit' of stage 'b' is not a duration")]),
    DiagnosticCase(
      "limits of attempts",
      stage(
        "\"task\": \"w/t\", \"grace\": 1️⃣-1, \"memoryLimit\": 2️⃣\"2 GB\", "
          + "\"retries\": {\"limit\": 3️⃣-1, \"factor\": 4️⃣0.5, 5️⃣\"bakcoff\": 1}, 6️⃣\"workingDirectory\": \"output\""),
      [
        .init(1, .badDuration, "'grace' of stage 'b' must be above 0"),
        .init(2, .outOfRange, "'memoryLimit' of stage 'b' is not an amount of memory"),
        .init(3, .outOfRange, "'limit' of 'retries' of stage 'b' is -1, which is out of range"),
        .init(4, .outOfRange, "'factor' of 'retries' of stage 'b' is 0.5"),
        .init(5, .unknownMember, "unknown member 'bakcoff' of 'retries' of stage 'b'", suggestion: "backoff"),
        .init(6, .misplacedMember, "'workingDirectory' does not belong to stage 'b'"),
      ]),
    DiagnosticCase(
      "resources", stage("\"task\": \"w/t\", \"resources\": {\"gpu\": 1️⃣2, 2️⃣\"gup\": 1}"),
      [
        .init(1, .outOfRange, "'resources' of stage 'b' asks for 2 of 'gpu', but there are only 1"),
        .init(
          2, .unknownResource,
          "unknown resource 'gup' in 'resources' of stage 'b'; declare it in 'resources' of the experiment",
          suggestion: "gpu"),
      ]),
    DiagnosticCase(
      "collected variables",
      stage(
        "\"task\": \"w/t\", \"collect\": [\"seed\", 1️⃣\"stpes\"], \"with\": {\"s\": \"2️⃣${seed}\", \"d\": \"3️⃣${deep}\"}"),
      [
        .init(1, .unknownAxis, "unknown axis 'stpes' in 'collect' of stage 'b'", suggestion: "steps"),
        .init(2, .collectedVariable, "stage 'b' collects 'seed' and so has no single value of 'seed'"),
        .init(
          3, .collectedVariable,
          "stage 'b' collects 'seed' and so has no single value of 'deep', which depends on 'seed'"),
      ]),
    DiagnosticCase(
      "lists inside texts", stage("\"command\": [\"x\", \"1️⃣${list}\"], \"inputs\": {\"f\": \"a/2️⃣${list}\"}"),
      [
        .init(1, .notText, "'list' is a list or an object and cannot be a part of a text"),
        .init(2, .notText, "'list' is a list or an object and cannot be a part of a text"),
      ]),
    DiagnosticCase(
      "late variables", stage("\"command\": [\"x\", \"${inputs.f}\", \"1️⃣${inputs.g}\"], \"inputs\": {\"f\": \"a\"}"),
      [.init(1, .unknownVariable, "unknown variable 'inputs.g' in stage 'b'", suggestion: "inputs.f")]),
    DiagnosticCase(
      "outputs outside", stage("\"command\": [\"x\"], \"outputs\": {\"o\": 1️⃣\"../o\"}"),
      [.init(1, .outOfRange, "output 'o' of stage 'b' leaves the output directory")]),
  ]

  private static let reports: [DiagnosticCase] = [
    DiagnosticCase(
      "tables",
      report(
        """
        "tables": [{"id": "t", "rows": 1️⃣"sede", "columns": [{"label": "l", "stage": 2️⃣"b", "metric": "m", 3️⃣"unti": "s"}]},
        {"id": 4️⃣"t", "rows": "seed", "columns": 5️⃣[]}]
        """),
      [
        .init(1, .unknownAxis, "unknown axis 'sede' in 'rows' of table 't'", suggestion: "seed"),
        .init(2, .unknownStage, "unknown stage 'b' in 'stage' of column 'l' of table 't'"),
        .init(3, .unknownMember, "unknown member 'unti' of a column of table 't'", suggestion: "unit"),
        .init(4, .duplicateName, "the id 't' is used twice in the report"),
        .init(5, .empty, "'columns' of table 't' must not be empty"),
      ]),
    DiagnosticCase(
      "the paper's values",
      report(
        "\"tables\": [{\"id\": \"t\", \"rows\": \"seed\", \"columns\": [{\"label\": \"l\", \"stage\": \"a\", \"metric\": \"m\", \"paper\": 1️⃣[1]}]}]"
      ),
      [.init(1, .unequalLengths, "'paper' of column 'l' of table 't' has 1 value, but axis 'seed' has 2")]),
    DiagnosticCase(
      "charts",
      report(
        """
        "charts": [{"id": "c", 1️⃣"kind": "heat", "x": {"axis": "seed"}, "panels": [{"series": [{"stage": "a", "metric": "m"}]}]},
        {"id": "d", "kind": 2️⃣"scater", "x": {"axis": "seed"}, "panels": [{"series": [{"stage": "a", "metric": "m"}]}]},
        {"id": "e", "kind": "scatter", "x": 3️⃣{"axis": "seed", "stage": "a"}, "panels": [{"series": [{"stage": "a", "metric": "m"}]}]}]
        """),
      [
        .init(1, .missingMember, "chart 'c' has no member 'y'"),
        .init(2, .outOfRange, "'kind' of chart 'd' is 'scater'", suggestion: "scatter"),
        .init(3, .missingMember, "'x' of chart 'e' has no member 'metric'"),
      ]),
    DiagnosticCase(
      "axes of charts",
      report(
        """
        "charts": [{"id": "a", "x": "step", 1️⃣"bins": 4, "panels": [{"series": [{"stage": "a", "metric": "m"}]}]},
        {"id": "b", "kind": "bar", "x": 2️⃣"step", "panels": [{"series": [{"stage": "a", "metric": "m"}]}]},
        {"id": "c", "x": {"axis": "seed", "from": 2, "to": 3️⃣1}, "panels": [{"series": [{"stage": "a", "metric": "m", "by": 4️⃣"sed"}]}]},
        {"id": "d", "x": "seed", "y": {"log": true, "from": 5️⃣0}, "by": 6️⃣"modle", 7️⃣"smooth": 3, "panels": [{"series": [{"stage": "a", "metric": "m"}],
          "references": [8️⃣{"label": "l"}]}]},
        {"id": "e", "kind": "heat", "x": "seed", 9️⃣"horizontal": true, "y": {"axis": "seed"}, "panels": [{"series": [{"stage": "a", "metric": "m"}]}]}]
        """),
      [
        .init(1, .misplacedMember, "'bins' of chart 'a' has no effect on a chart of the kind 'line'"),
        .init(2, .misplacedMember, "chart 'b' is drawn over steps, which a chart of the kind 'bar' cannot be"),
        .init(3, .outOfRange, "'x' of chart 'c' ends at 1.0, but begins at 2.0"),
        .init(4, .unknownAxis, "unknown axis 'sed' in 'by' of series of chart 'c'", suggestion: "seed"),
        .init(5, .outOfRange, "'from' of 'y' of chart 'd' is 0.0 on a logarithmic axis"),
        .init(6, .unknownAxis, "unknown axis 'modle' in 'by' of chart 'd'"),
        .init(7, .misplacedMember, "'smooth' of chart 'd' has no effect on a chart of the kind 'line'"),
        .init(8, .missingMember, "a reference line of chart 'd' needs exactly one of 'y' and 'x'"),
        .init(9, .misplacedMember, "'horizontal' of chart 'e' has no effect on a chart of the kind 'heat'"),
      ]),
    DiagnosticCase(
      "claims",
      report(
        """
        "claims": [1️⃣{"id": "A", "text": "t"},
        {"id": "B", "text": "t", "tests": [{"quantity": {"stage": "a", "metric": "m"}, "rule": 2️⃣{"less": 1, "greater": 0}}]},
        {"id": "C", "text": "t", "tests": [{"quantity": {"stage": "a", "metric": "m"}, "rule": 3️⃣{"equal": 1}}]},
        {"id": "D", "text": "t", "tests": [{"quantity": {"stage": "a", "metric": "m"}, 4️⃣"form": "ratio", "rule": {"less": 5️⃣0}}]},
        {"id": "E", "text": "t", "tests": [{"quantity": {"stage": "a", "metric": "m"}, 6️⃣"rule": {"constant": 1}}], 7️⃣"missing": "x"}]
        """),
      [
        .init(1, .missingMember, "claim 'A' has neither 'tests' nor 'missing'"),
        .init(2, .misplacedMember, "'rule' of test of claim 'B' must say one thing, not 2"),
        .init(3, .missingMember, "'rule' of test of claim 'C' has no member 'margin'"),
        .init(4, .missingMember, "test of claim 'D' has no member 'against'"),
        .init(5, .outOfRange, "'less' of 'rule' of test of claim 'D' must be above 0, as every ratio is"),
        .init(6, .missingMember, "test of claim 'E' has no member 'over'"),
        .init(7, .misplacedMember, "claim 'E' has both 'tests' and 'missing'"),
      ]),
    DiagnosticCase(
      "a column without a metric",
      report(
        "\"tables\": [{\"id\": \"t\", \"columns\": [1️⃣{\"label\": \"l\", \"stage\": \"a\"}, {\"missing\": \"weights\"}]}]"
      ),
      [.init(1, .missingMember, "column 'l' of table 't' has no member 'metric'")]),
    DiagnosticCase(
      "how incomplete units count",
      report(
        """
        "tables": [{"id": "t", "columns": [{"label": "l", "stage": "a", "metric": "m", 1️⃣"incomplete": "worst"}]}],
        "claims": [{"id": "A", "text": "t", "tests": [
          {"quantity": {"stage": "a", "metric": "m"}, "rule": {"less": 1}, "incomplete": 2️⃣"leave out"}]}]
        """),
      [
        .init(1, .misplacedMember, "column 'l' of table 't' has 'incomplete' without 'margin'"),
        .init(2, .outOfRange, "'incomplete' of test of claim 'A' is 'leave out'", suggestion: "leave-out"),
      ]),
  ]
}
