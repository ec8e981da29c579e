"""Prints what a call of log() costs, in microseconds of processor time: python3 Python/benchmarks/log_cost.py"""

import os
import random
import tempfile
import time

folder = tempfile.TemporaryDirectory()
os.environ.update(ORCHESTRATE_RESULT=f"{folder.name}/result.json", ORCHESTRATE_METRICS=f"{folder.name}/steps.jsonl")

import orchestrate  # noqa: E402


def cost(values, calls=2000, rounds=30):
    """The best of several rounds, since other work only adds."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        for step in range(calls):
            orchestrate.log(values, step=step)
        best = min(best, time.process_time() - begin)
    return best / calls * 1e6


for count in (1, 5, 20):
    print(f"{count} metrics: {cost({f'metric_{number}': random.random() * 10 for number in range(count)}):.1f} µs")
