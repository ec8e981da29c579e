"""Times bootstraps of 1,000 pairs (median ratio) and 1,000 values (mean), 10,000 resamples, against SciPy in alternating rounds.

Usage: Benchmarks/scipy.sh (makes the virtual environment, builds the benchmark and runs this file).
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import statistics
import subprocess
import sys
import time

import numpy as np
from scipy import stats

ROUNDS = 5
random = np.random.default_rng(1)
numerators, denominators = (10 * np.exp(random.standard_normal(1000) / 2) for _ in range(2))


def median_ratio(a, b, axis=-1):
    return np.median(a / b, axis=axis)


def scipy_seconds(name, batch):
    statistic, method = name.split("/")
    data, function = ((numerators, denominators), median_ratio) if statistic == "median" else ((numerators,), np.mean)
    start = time.process_time()
    stats.bootstrap(
        data, function, paired=len(data) == 2, vectorized=True, n_resamples=10_000, method=method, batch=batch,
        rng=np.random.default_rng(2),
    )
    return time.process_time() - start


def our_seconds(name):
    output = subprocess.run([sys.argv[1], "bootstrap", "3"], check=True, capture_output=True, text=True).stdout
    return min(float(line.split()[1]) for line in output.splitlines() if line.startswith(name))


print("| interval | ours | SciPy, all at once | SciPy, batches of 100 | ratio to the faster, median of 5 rounds (range) |")
print("|---|--:|--:|--:|--:|")
for name in ("median/percentile", "median/BCa", "mean/percentile"):
    ours, whole, batched = [], [], []
    for _ in range(ROUNDS):
        ours.append(our_seconds(name))
        whole.append(scipy_seconds(name, None))
        batched.append(scipy_seconds(name, 100))
    ratios = [min(a, b) / c for a, b, c in zip(whole, batched, ours)]
    times = [f"{1000 * statistics.median(x):.1f} ms" for x in (ours, whole, batched)]
    print(
        f"| {name.replace('/', ', ')} | " + " | ".join(times)
        + f" | {statistics.median(ratios):.0f} ({min(ratios):.0f} to {max(ratios):.0f}) |"
    )
