"""How long the commands take on a large results folder: a spec of N trials of one job each, and a stage that collects them all.

Usage: large_store.py [--trials N] [--programs FOLDER] [--folder FOLDER] [--keep]

N is 100,000 unless given; the programs are those of .build/release. Everything happens in a new folder below FOLDER (the current
one), which is removed at the end unless --keep is given. Printed are seconds of the clock and of the processor. Making the
results takes a few minutes at 100,000.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

WORKER = """
import json, os, sys
def send(message): print(json.dumps(message), flush=True)
send({"type": "hello", "protocol": 1, "name": "many", "version": "1.0", "tasks": [{"name": "files", "version": "1"}]})
for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "shutdown": break
    if message["type"] == "cancel": continue
    artifacts = []
    for number in range(message["parameters"]["count"]):
        with open(os.path.join(message["outputDirectory"], f"{number}.txt"), "w") as file: file.write(f"content {number}\\n")
        artifacts.append({"name": f"file{number}", "path": f"{number}.txt", "mediaType": "text/plain"})
    send({"type": "result", "id": message["id"], "metrics": [{"name": "count", "value": len(artifacts)}], "artifacts": artifacts})
"""


def write(path, content):
    with open(path, "w", encoding="utf-8") as file:
        file.write(content if isinstance(content, str) else json.dumps(content))


def make_specs(trials):
    values = {"from": 1, "to": trials}
    result = 'echo "{\\"metrics\\":[{\\"name\\":\\"value\\",\\"value\\":$1}]}" >$ORCHESTRATE_RESULT'
    write("large.json", {
        "name": "large", "maxJobs": 10_000_000, "axes": {"i": values},
        "stages": {
            "make": {
                "command": ["sh", "-c", f"printf 'file %08d' $1 >$ORCHESTRATE_OUTPUT_DIRECTORY/f; {result}", "sh", "${i}"],
                "outputs": {"f": "f"}, "observe": False,
            },
            "gather": {"command": ["sh", "-c", result, "sh", "1"], "inputs": {"f": {"stage": "make", "artifact": "f"}},
                       "collect": ["i"], "observe": False},
        },
        "report": {"tables": [{"id": "t", "title": "T", "rows": "i",
                               "columns": [{"label": "value", "stage": "make", "metric": "value"}]}]},
    })
    write("small.json", {
        "name": "small", "axes": {"i": [1, 2]},
        "stages": {"make": {"command": ["sh", "-c", result, "sh", "${i}"]}},
        "report": {"tables": [{"id": "t", "title": "T", "rows": "i",
                               "columns": [{"label": "value", "stage": "make", "metric": "value"}]}]},
    })
    write("new.json", {
        "name": "new", "maxJobs": 10_000_000, "axes": {"i": {"from": 1, "to": 2 * trials}}, "stages": {"nothing": {"command": ["true", "${i}"]}},
    })
    write("worker.py", WORKER)
    write("many.json", {
        "name": "many", "workers": {"many": {"command": [sys.executable, "worker.py"]}},
        "stages": {"files": {"task": "many/files", "with": {"count": max(10, trials // 10)}}},
    })


class Bench:
    def __init__(self, programs):
        self.programs = programs

    def time(self, label, program, *arguments):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        command = [os.path.join(self.programs, program), *arguments]
        with open("output.txt", "w", encoding="utf-8") as output:
            ending = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)
        seconds = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"| {label} | {seconds:.1f} | {processor:.1f} |", flush=True)
        if ending.returncode != 0:
            with open("output.txt", encoding="utf-8", errors="replace") as output:
                sys.exit(f"{' '.join(command)} ended with {ending.returncode}: {output.read()[:2000]}")


def measure(bench, trials):
    run = bench.time
    run(f"(making the results of {trials} trials)", "orchestrate", "run", "large.json")
    run("(a second, small experiment)", "orchestrate", "run", "small.json")
    print("| | | |", flush=True)
    run("`query \"SELECT count(*) FROM latest_result\"`", "orchestrate", "query", "SELECT count(*) FROM latest_result")
    run("`show`", "orchestrate", "show", "1")
    run("`export --format csv`", "orchestrate", "export", "--format", "csv", "large.csv")
    run("`export --format jsonl`", "orchestrate", "export", "--format", "jsonl", "large.jsonl")
    run("`verify`, every file read", "orchestrate", "verify")
    run("`report build`", "report", "build")
    run("`report build small`", "report", "build", "small")
    run("`report list`", "report", "list")
    run("`report trace small:t:1:value`", "report", "trace", "small:t:1:value")
    run("`report trace large:t:1:value`", "report", "trace", "large:t:1:value")
    run("`run`, everything has its result", "orchestrate", "run", "large.json")
    run(f"`run --only` of 20 of {2 * trials} new jobs", "orchestrate", "run", "new.json", "--results", "new",
        *(word for i in range(1, 21) for word in ("--only", f"i={i}")))
    run(f"`run` of one task with {max(10, trials // 10)} artifacts", "orchestrate", "run", "many.json", "--results", "many")
    run("`export --format bundle`", "orchestrate", "export", "--format", "bundle", "bundle")
    run("`merge` of that bundle", "orchestrate", "merge", "bundle", "--results", "merged")
    run("`invalidate --stage make --dry-run`", "orchestrate", "invalidate", "--stage", "make", "--reason", "wrong", "--dry-run")
    run("`invalidate --stage make`", "orchestrate", "invalidate", "--stage", "make", "--reason", "wrong")
    run("`gc --dry-run`", "orchestrate", "gc", "--dry-run")
    run("`gc --yes`", "orchestrate", "gc", "--yes")
    run("`verify` afterwards", "orchestrate", "verify")


def main():
    own = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--trials", type=int, default=100_000)
    parser.add_argument("--programs", default=os.path.join(own, "..", ".build", "release"))
    parser.add_argument("--folder", default=".")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    programs = os.path.realpath(options.programs)
    folder = tempfile.mkdtemp(prefix="large-store-", dir=options.folder)
    try:
        os.chdir(folder)
        make_specs(options.trials)
        print("| | seconds | of the processor |\n|---|--:|--:|")
        measure(Bench(programs), options.trials)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
