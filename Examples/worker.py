#!/usr/bin/env python3
"""A worker for the orchestrator, in the standard library alone.

It offers two tasks: `add` (parameters a, b; metric "sum") and `estimate` (parameter darts; a Monte Carlo estimate of pi with
progress, timed samples and an artifact). Copy it, replace the tasks, and name it in an experiment:

    "workers": { "example": { "command": ["python3", "Examples/worker.py"] } },
    "stages": { "pi": { "task": "example/estimate", "with": { "darts": 100000 } } }
"""

import json
import os
import random
import sys
import threading
import time

# Only messages may go to standard output, so everything that prints is sent to standard error.
protocol_output = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
output_lock = threading.Lock()
cancelled = set()
requests = []
request_arrived = threading.Condition()


class InputError(Exception):
    """The parameters or inputs are wrong; trying again cannot help."""


class Cancelled(Exception):
    """The orchestrator asked to give up."""


def send(message):
    with output_lock:
        protocol_output.write(json.dumps(message) + "\n")
        protocol_output.flush()


def add(request):
    parameters = request["parameters"]
    try:
        total = parameters["a"] + parameters["b"]
    except (KeyError, TypeError) as problem:
        raise InputError(f"'add' needs the numbers a and b: {problem}") from problem
    return {"metrics": [{"name": "sum", "value": total, "unit": ""}]}


def estimate(request):
    darts = int(request["parameters"].get("darts", 10000))
    generator = random.Random(request["seed"])
    measurement = request.get("measurement") or {}
    warmup, repetitions = measurement.get("warmup", 0), measurement.get("repetitions", 1)
    samples, hits = [], 0
    for turn in range(warmup + repetitions):
        if request["id"] in cancelled:
            raise Cancelled()
        begin = time.perf_counter()
        hits = sum(generator.random() ** 2 + generator.random() ** 2 < 1 for _ in range(darts))
        samples.append({"metric": "time.estimate", "unit": "s", "repetition": turn if turn < warmup else turn - warmup,
                        "warmup": turn < warmup, "value": time.perf_counter() - begin})
        send({"type": "progress", "id": request["id"], "done": turn + 1, "total": warmup + repetitions,
              "message": f"{darts} darts thrown"})
    pi = 4 * hits / darts
    with open(os.path.join(request["outputDirectory"], "pi.txt"), "w", encoding="utf-8") as file:
        file.write(f"{pi}\n")
    return {"metrics": [{"name": "pi", "value": pi, "unit": ""}], "samples": samples,
            "artifacts": [{"name": "estimate", "path": "pi.txt", "mediaType": "text/plain"}]}


TASKS = {"add": add, "estimate": estimate}


def read_requests():
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "cancel":
            cancelled.add(message["id"])
            continue
        with request_arrived:
            requests.append(message)
            request_arrived.notify()
    os._exit(0)  # The orchestrator is gone: end at once, whatever is being computed.


def main():
    send({"type": "hello", "protocol": 1, "name": "example", "version": "1.0",
          "tasks": [{"name": name, "version": "1"} for name in TASKS]})
    threading.Thread(target=read_requests, daemon=True).start()
    while True:
        with request_arrived:
            request_arrived.wait_for(lambda: requests)
            request = requests.pop(0)
        if request["type"] == "shutdown":
            return
        answer = {"id": request["id"]}
        try:
            answer.update(TASKS[request["task"]](request), type="result")
        except Cancelled:
            answer.update(type="error", kind="task", message="the task was cancelled")
        except InputError as problem:
            answer.update(type="error", kind="input", message=str(problem))
        except Exception as problem:  # A task's bug must not end the worker.
            answer.update(type="error", kind="internal", message=f"{type(problem).__name__}: {problem}")
        send(answer)


if __name__ == "__main__":
    main()
