import AttemptModel

// The members of an experiment and of its parts, in the order in which the reference lists them.
extension SpecObject {
  static let experimentMembers: [SpecMember] = [
    SpecMember("$schema", .nonEmptyText, "where the JSON Schema is, for editors"),
    SpecMember("extends", .nonEmptyText, "a spec that this one starts from"),
    SpecMember(
      "name", .name, isRequired: true,
      """
      letters, digits, `_` and `-`; not `audit`, `claims` or `index`, which are pages of every report. \
      Results of all runs of a name belong together
      """),
    SpecMember("title", .text, "title of its reports"),
    SpecMember("description", .text, "what it is about"),
    SpecMember(
      "parameters", .dictionary(.anything),
      "constants of the experiment: scalars, lists or objects by name"),
    SpecMember(
      "axes", .dictionary(.either([.list(.scalar, atLeast: 1), .object(.range)])),
      "by name a list of scalars, or a range. Axes multiply in document order, the last one fastest"),
    SpecMember(
      "zip", .dictionary(.dictionary(.either([.list(.scalar, atLeast: 1), .object(.range)]), atLeast: 1)),
      """
      by name a group of equally long lists or ranges that advance together; the group multiplies with the \
      axes
      """),
    SpecMember(
      "exclude", .list(.condition),
      #"list of partial assignments, `[{"steps": [0, 1], "seed": 43}]`; a trial that matches one is dropped"#),
    SpecMember("include", .list(.dictionary(.scalar, isNamed: false)), "list of whole assignments, added last"),
    SpecMember("maxJobs", .integer(1...10_000_000), "largest plan that is accepted, 100000 unless given"),
    SpecMember(
      "resources", .dictionary(.either([.integer(0...SpecLimit.poolSize), .object(.pool)])),
      "by name the size of a pool, or the names of its tokens; `cpu` is the number of cores unless given"),
    SpecMember(
      "inheritEnvironment", .list(.nonEmptyText),
      """
      environment variables that commands and workers take over besides the documented ones \
      (`Scheduling.md`); `"X_*"` for all that begin so
      """),
    SpecMember(
      "observe", .boolean,
      """
      whether the files that jobs are seen to read decide if their results are used again (`Inputs.md`), \
      true unless given
      """),
    SpecMember("workers", .dictionary(.object(.worker)), "worker programs by name"),
    SpecMember("stages", .dictionary(.object(.stage), atLeast: 1), isRequired: true, "by name the steps of a trial"),
    SpecMember("measurement", .object(.measurement), "how timed stages repeat, unless they say otherwise"),
    SpecMember(
      "replicates", .list(.nonEmptyText),
      """
      the axes and zip members whose values are repetitions of the same thing, over which reports may average; \
      `["seed"]` unless given
      """),
    SpecMember(
      "metrics", .dictionary(.object(.metric), isNamed: false),
      "by name what holds of a metric in every table, claim and night"),
    SpecMember("report", .object(.report), "what `report build` makes of the results"),
  ]

  static let poolMembers: [SpecMember] = [
    SpecMember(
      "indices", .list(.matching(#"^[^,]+$"#), isDistinct: true), isRequired: true,
      "the names of the tokens; the pool is as large as the list"),
    SpecMember(
      "variable", .matching(#"^[^=]+$"#),
      "an environment variable that names a job's tokens, separated by commas"),
  ]

  static let rangeMembers: [SpecMember] = [
    SpecMember("from", .number(.any), isRequired: true, "the first value"),
    SpecMember("to", .number(.any), isRequired: true, "the last one; it belongs to the range if a step meets it"),
    SpecMember("by", .number(.any), "the step, 1 unless given; a negative one counts down"),
  ]

  static let workerMembers: [SpecMember] = [
    SpecMember(
      "command", .command, isRequired: true,
      """
      program and arguments. A bare name is looked for in `PATH`, that of a program of this product beside \
      `orchestrate` first; variables that are the same in all trials may be used
      """),
    SpecMember("count", .integer(1...1024), "how many processes may run at once, 1 unless given"),
    SpecMember("environment", .dictionary(.text, isNamed: false), "further environment variables"),
    SpecMember(
      "maxRequests", .integer(1...Int.max),
      "after so many tasks a process is replaced by a fresh one; never unless given"),
    SpecMember(
      "sources", .list(.nonEmptyText),
      "patterns of files that its tasks depend on besides those that are found by themselves (`Inputs.md`)"),
    SpecMember("observe", .boolean, "whether what it reads is observed; as the experiment says unless given"),
  ]

  static let stageMembers: [SpecMember] = [
    SpecMember("task", .matching(#"^[A-Za-z0-9_-]+/.+$"#), "`worker/task`, a task of a worker"),
    SpecMember("command", .command, "a program and its arguments"),
    SpecMember("compare", .dictionary(.command, atLeast: 2), "two or more commands by name that are timed in turns"),
    SpecMember("with", .anyObject, "parameters of the task"),
    SpecMember(
      "inputs", .dictionary(.either([.nonEmptyText, .object(.artifactInput)])),
      "by name a file or folder of the project, or an artifact of another stage"),
    SpecMember(
      "needs", .list(.nonEmptyText),
      "stages that must succeed first; a stage named in `inputs` need not be repeated"),
    SpecMember(
      "collect", .list(.nonEmptyText),
      "axes over which the stage gathers: it runs once for the other axes, and its inputs become lists"),
    SpecMember("when", .condition, #"runs only for trials that match: `{"steps": [2, 3]}`"#),
    SpecMember(
      "outputs", .dictionary(.nonEmptyText, isNamed: false),
      "commands: artifacts by file or folder name in the output folder"),
    SpecMember("environment", .dictionary(.text, isNamed: false), "further environment variables"),
    SpecMember(
      "lane", .word(of: Lane.self),
      """
      `throughput` (default), or `timed` (default of a stage that compares): the job has the machine to \
      itself
      """),
    SpecMember(
      "resources", .dictionary(.integer(0...SpecLimit.poolSize)),
      #"what it takes from the pools while it runs, `{"cpu": 1}` unless given"#),
    SpecMember("timeLimit", .duration, #"`"90s"`, `"10m"`, `"2h"` or seconds"#),
    SpecMember(
      "grace", .duration,
      #"between SIGTERM (or the wish to cancel a task) and SIGKILL, `"5s"` unless given"#),
    SpecMember(
      "memoryLimit", .byteCount,
      #"most memory of all processes of an attempt together: `"512M"`, `"2G"` or bytes"#),
    SpecMember(
      "retries", .either([.integer(AttemptRules.range), .object(.retries)]),
      "further attempts after a failure: their number, or also the pauses before them"),
    SpecMember("priority", .integer(-1_000_000...1_000_000), "higher runs first"),
    SpecMember("measurement", .object(.measurement), "how this stage repeats"),
    SpecMember(
      "workingDirectory", .word(of: Stage.WorkingDirectory.self),
      "commands: `project` (default) or `output`, the attempt's own empty output folder"),
    SpecMember(
      "sources", .list(.nonEmptyText),
      """
      patterns of files that its jobs depend on besides those that are found by themselves, \
      `["lib/**/*.py"]`; `!` takes files out (`Inputs.md`)
      """),
    SpecMember(
      "observe", .boolean,
      "whether what its jobs read is observed; as the worker or the experiment says unless given"),
  ]

  static let retriesMembers: [SpecMember] = [
    SpecMember("limit", .integer(AttemptRules.range), isRequired: true, "further attempts after a failed one"),
    SpecMember("backoff", .duration, #"pause before the first of them, `"1s"` unless given"#),
    SpecMember("factor", .number(.between(1, 1000)), "how much longer each further pause is, 2 unless given"),
    SpecMember("longest", .duration, #"longest pause, `"1h"` unless given"#),
  ]

  static let artifactInputMembers: [SpecMember] = [
    SpecMember("stage", .nonEmptyText, isRequired: true, "the stage that makes it"),
    SpecMember("artifact", .nonEmptyText, isRequired: true, "its name"),
  ]

  static let measurementMembers: [SpecMember] = [
    SpecMember(
      "warmup", .integer(0...1_000_000),
      "repetitions that are recorded and left out of statistics, 3 unless given"),
    SpecMember("repetitions", .integer(1...1_000_000), "repetitions that count, 30 unless given"),
    SpecMember(
      "order", .word(of: Measurement.Order.self),
      """
      `abba` (default) lets compared things take turns so that drift cancels; `random` draws the order of \
      each pair of rounds and reverses it; `fixed` never changes it
      """),
    SpecMember(
      "innerLoop", .either([.integer(Measurement.InnerLoop.range), .constant("auto")]),
      #"calls that one sample spans, 1 unless given; `"auto"` makes it 20 if a call takes less than 5 ms"#),
    SpecMember(
      "precision", .number(.positive),
      """
      goes on after `repetitions` until the interval of the ratio's logarithm has this half-width, 0.02 \
      for about 2 %
      """),
    SpecMember(
      "maximumRepetitions", .integer(1...10_000_000),
      "where that stops all the same, ten times `repetitions` unless given"),
    SpecMember(
      "timeBudget", .duration,
      #"no further pair of rounds begins after `"90s"`, `"10m"`, `"2h"` or seconds"#),
    SpecMember(
      "control", .either([.number(.positive), .constant("identity")]),
      """
      measures what the machine can tell apart instead: `"identity"` the first thing against itself, 0.05 \
      against itself made slower by that share
      """),
    SpecMember("quiet", .object(.quiet), "when the machine is quiet enough for a timed attempt"),
  ]

  static let quietMembers: [SpecMember] = [
    SpecMember("load", .number(.positive), "most processors that other work may keep busy, 0.5 unless given"),
    SpecMember("wait", .durationOrZero, #"longest wait, `"30s"` unless given; 0 only looks"#),
  ]
}
