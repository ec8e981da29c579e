import JSON

/// The experiment that is run under torture: chains of commands, worker tasks, files, and a job that leaves a daemon behind.
struct TortureGraph {
  /// Stages of one chain.
  static let stageCount = 5

  /// Path of the executable that serves as worker.
  let orchestrate: String
  /// Number of chains; each has ``stageCount`` jobs.
  let chains: Int

  var jobs: Int { chains * Self.stageCount }

  /// The spec; what a job produces depends on nothing but its parameters.
  var spec: JSONValue {
    [
      "name": "torture",
      "axes": ["seed": ["from": 1, "to": .integer(Int64(chains))]],
      "workers": ["torture": ["command": [.string(orchestrate), "selftest", "--serve"], "count": 2]],
      "stages": [
        "value": [
          "command": shell("sleep 0.00$((${seed} % 10)); echo value ${seed} >$ORCHESTRATE_OUTPUT_DIRECTORY/value.txt"),
          "outputs": ["value": "value.txt"],
        ],
        "double": [
          "command": shell(
            #"read word n <${inputs.value}; "#
              + #"echo "{\"metrics\":[{\"name\":\"double\",\"value\":$((2 * n)),\"unit\":\"1\"}]}" >$ORCHESTRATE_RESULT"#
          ),
          "inputs": ["value": ["stage": "value", "artifact": "value"]],
        ],
        "square": [
          "task": "torture/square", "with": ["seed": "${seed}"],
          "inputs": ["value": ["stage": "value", "artifact": "value"]],
        ],
        "daemon": [
          "command": shell("(setsid sleep 77 >/dev/null 2>&1 &); echo ${seed}"), "needs": ["double"],
        ],
        "last": [
          "command": shell("cat ${inputs.square} >$ORCHESTRATE_OUTPUT_DIRECTORY/copy.txt"),
          "inputs": ["square": ["stage": "square", "artifact": "square"]], "needs": ["daemon"],
          "outputs": ["copy": "copy.txt"],
        ],
      ],
    ]
  }

  private func shell(_ script: String) -> JSONValue { ["sh", "-c", .string(script)] }
}
