import JSON

/// The programs of the edited project: each waits a little before every read, so that edits come in between.
enum EditedPrograms {
  /// The jobs of one run.
  static let jobs = 4 * seeds
  private static let seeds = 3

  /// Files that are never edited, by name.
  static let constant: [(name: String, text: String)] = [
    ("pkg/__init__.py", ""), ("worker.py", worker), ("spec.json", spec.prettyText),
  ]

  /// What follows the number in `main.py`.
  static let main = """
    import json, os, sys, time
    pause = 0.01 * int(sys.argv[1])
    time.sleep(pause)
    import helper
    time.sleep(pause)
    from pkg import part
    def number(path):
        time.sleep(pause)
        return int(open(path).read())
    read = {"main.py": V, "helper.py": helper.V, "pkg/part.py": part.V}
    for path in ["conf.txt", sys.argv[2].split("=")[1], "link.txt"]:
        read[path] = number(path)
    with open(os.environ["ORCHESTRATE_OUTPUT_DIRECTORY"] + "/sum", "w") as file:
        file.write(str(sum(read.values())))
    metrics = [{"name": name, "value": value} for name, value in read.items()]
    json.dump({"metrics": metrics}, open(os.environ["ORCHESTRATE_RESULT"], "w"))

    """

  /// What follows the number in `job.sh`.
  static let script = """
    sleep 0.0$1; read a <data/a.txt
    sleep 0.0$1; read b <data/b.txt
    sleep 0.0$1; tool=$(./tool)
    read link <current/v.txt
    metric() { printf '{"name":"%s","value":%s}' "$1" "$2"; }
    echo "{\\"metrics\\":[$(metric job.sh $own),$(metric data/a.txt $a),$(metric data/b.txt $b),$(metric tool $tool),$(metric current/v.txt $link)]}" \
      >$ORCHESTRATE_RESULT

    """

  private static let use = #"""
    read conf <conf.txt; read sum <${inputs.sum}
    echo "{\"metrics\":[{\"name\":\"conf.txt\",\"value\":$conf},{\"name\":\"given\",\"value\":$sum}]}" >$ORCHESTRATE_RESULT
    """#

  private static let worker = """
    import json, sys, time, lib
    def say(message):
        print(json.dumps(message), flush=True)
    say({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]})
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "run":
            time.sleep(0.02)
            metrics = [{"name": "lib.py", "value": lib.V}, {"name": "task.txt", "value": int(open("task.txt").read())}]
            say({"type": "result", "id": message["id"], "metrics": metrics})
        elif message["type"] == "shutdown":
            break

    """

  private static let spec: JSONValue = [
    "name": "edits",
    "axes": ["n": ["from": 1, "to": .integer(Int64(seeds))]],
    "workers": ["w": ["command": ["python3", "worker.py"]]],
    "stages": [
      "python": ["command": ["python3", "main.py", "${n}", "--data=named.txt"], "outputs": ["sum": "sum"]],
      "shell": ["command": ["sh", "job.sh", "${n}"], "inputs": ["data": .string(EditedProject.dataFolder)]],
      "use": [
        "command": [
          "sh", "-c", .string(use),
        ],
        "inputs": ["sum": ["stage": "python", "artifact": "sum"]],
      ],
      "task": ["task": "w/t", "with": ["n": "${n}"]],
    ],
  ]
}
