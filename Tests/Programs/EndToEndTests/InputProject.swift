import Foundation
import Glibc
import Testing

/// A project as people have it: a package of ten modules, configurations, a script that calls a program, a virtual environment with a
/// package, and a worker.
struct InputProject {
  /// Where it was made.
  let project: Project

  /// For each file, the stages that read it.
  static let readers: [(file: String, stages: Set<String>)] = [
    ("job.sh", ["train"]), ("main.py", ["train"]), ("evaluate.py", ["evaluate"]), ("w.py", ["task"]),
    ("pkg/m0.py", ["train", "task"]), ("pkg/m3.py", ["train", "evaluate"]), ("pkg/m6.py", ["evaluate"]),
    ("pkg/m9.py", []), ("pkg/__init__.py", ["train", "evaluate", "task"]), ("conf.yaml", ["train", "evaluate"]),
    ("start.yaml", ["task"]), ("task.yaml", ["task"]), ("README.md", []),
  ]

  init() throws {
    project = try Project()
    for folder in ["pkg", "venv/bin", "venv/site-packages", "deep/down"] {
      try FileManager.default.createDirectory(atPath: "\(project.folder)/\(folder)", withIntermediateDirectories: true)
    }
    for (file, text) in Self.files { try project.write(text, to: file) }
    for number in 0..<10 { try project.write("V = \(number)\n", to: "pkg/m\(number).py") }
    try install("1.16.0")
    try project.write("#!/bin/sh\nPYTHONPATH=venv/site-packages exec python3 \"$@\"\n", to: "venv/bin/python")
    chmod("\(project.folder)/venv/bin/python", 0o755)
  }

  /// Puts a version of `six` into the environment, in the place of another one.
  func install(_ version: String) throws {
    let site = "\(project.folder)/venv/site-packages"
    for entry in try FileManager.default.contentsOfDirectory(atPath: site) where entry.hasPrefix("six") {
      try FileManager.default.removeItem(atPath: "\(site)/\(entry)")
    }
    try FileManager.default.createDirectory(
      atPath: "\(site)/six-\(version).dist-info", withIntermediateDirectories: true)
    try project.write("six.py,,\n", to: "venv/site-packages/six-\(version).dist-info/RECORD")
    try project.write("__version__ = '\(version)'\n", to: "venv/site-packages/six.py")
  }

  /// What `plan` says of each stage, by its name.
  static func statuses(_ plan: Project.Outcome) -> [String: String] {
    #expect(plan.status == 0, "\(plan.errors)")
    var found: [String: String] = [:]
    for line in plan.output.split(separator: "\n") where line.hasPrefix("#") {
      let parts = line.drop { $0 != " " }.dropFirst().split(separator: ":", maxSplits: 1)
      if parts.count == 2 { found[String(parts[0])] = String(parts[1].dropFirst()) }
    }
    return found
  }

  private static let files: [(file: String, text: String)] = [
    ("README.md", "# Read me\n"), ("conf.yaml", "a: 1\n"), ("start.yaml", "b: 1\n"), ("task.yaml", "c: 1\n"),
    ("pkg/__init__.py", ""), ("job.sh", "set -e\nvenv/bin/python main.py\n"),
    ("main.py", "from pkg import m0, m1, m2, m3, m4\nimport six\nopen('conf.yaml').read()\n"),
    ("evaluate.py", "import sys\nfrom pkg import m3, m4, m5, m6, m7\nopen(sys.argv[1]).read()\n"),
    (
      "w.py",
      """
      import json, six, sys
      from pkg import m0
      open("start.yaml").read()
      def say(message):
          print(json.dumps(message), flush=True)
      say({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]})
      for line in sys.stdin:
          message = json.loads(line)
          if message["type"] == "run":
              open("task.yaml").read()
              say({"type": "result", "id": message["id"]})
          elif message["type"] == "shutdown":
              break

      """
    ),
    (
      "s.json",
      """
      { "name": "p", "workers": { "w": { "command": ["venv/bin/python", "w.py"] } }, "stages": {
        "train": { "command": ["bash", "-eu", "job.sh"] },
        "evaluate": { "command": ["venv/bin/python", "evaluate.py", "conf.yaml"] },
        "make": { "command": ["sh", "-c", "echo 1 > ${outputDirectory}/o"], "outputs": { "o": "o" } },
        "use": { "command": ["sh", "-c", "cat ${inputs.o}"], "inputs": { "o": { "stage": "make", "artifact": "o" } } },
        "task": { "task": "w/t", "with": { "n": 1 } } } }
      """
    ),
  ]
}
