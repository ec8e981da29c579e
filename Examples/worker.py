#!/usr/bin/env python3
"""A worker for the orchestrator, with the Python package `orchestrate` (`pip install ./Python`, or `PYTHONPATH=Python/src`).

It offers two tasks: `add` (parameters a, b; metric "sum") and `estimate` (parameter darts; a Monte Carlo estimate of pi with
progress, timed samples and an artifact). Copy it, replace the tasks, and name it in an experiment:

    "workers": { "example": { "command": ["python3", "Examples/worker.py"] } },
    "stages": { "pi": { "task": "example/estimate", "with": { "darts": 100000 } } }
"""

import random
import time

import orchestrate


@orchestrate.task
def add(a: float, b: float):
    return {"sum": a + b}


@orchestrate.task
def estimate(darts: int = 10000):
    generator = random.Random(orchestrate.seed())
    warmup = orchestrate.measurement().get("warmup", 0)
    turns = warmup + orchestrate.measurement().get("repetitions", 1)
    hits = 0
    for turn in range(turns):
        begin = time.perf_counter()
        hits = sum(generator.random() ** 2 + generator.random() ** 2 < 1 for _ in range(darts))
        orchestrate.sample("time.estimate", time.perf_counter() - begin, unit="s", warmup=turn < warmup)
        orchestrate.progress(turn + 1, turns, f"{darts} darts thrown")
    pi = 4 * hits / darts
    (orchestrate.output / "pi.txt").write_text(f"{pi}\n", encoding="utf-8")
    orchestrate.artifact("estimate", "pi.txt")
    return {"pi": pi}


if __name__ == "__main__":
    orchestrate.serve("example", version="1.0")
