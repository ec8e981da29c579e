"""Reference values for StatisticsTests. Run: python3 make_fixtures.py > statistics.json  (SciPy 1.17.1, NumPy 2)

The resamples are drawn by the same generator as in Swift (xoshiro256** filled by SplitMix64), then handed to
scipy.stats.bootstrap, so that intervals can be compared digit by digit.
"""

import json
import sys

import numpy as np
from scipy import stats

MASK = (1 << 64) - 1


class Xoshiro:
    def __init__(self, seed):
        self.state = []
        counter = seed
        for _ in range(4):
            counter = (counter + 0x9E3779B97F4A7C15) & MASK
            z = counter
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
            self.state.append(z ^ (z >> 31))

    @staticmethod
    def rotate(x, k):
        return ((x << k) | (x >> (64 - k))) & MASK

    def next(self):
        s = self.state
        result = (self.rotate((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = self.rotate(s[3], 45)
        return result

    def index(self, count):
        return (self.next() * count) >> 64


SAMPLES = {
    "five times": [0.0021, 0.0019, 0.0020, 0.0024, 0.0020],
    "skewed": [0.8, 1.1, 1.2, 1.25, 1.3, 1.9, 2.4, 3.7, 8.9, 14.2, 0.95, 1.05],
    "mixed signs": [-0.31, 0.42, 0.18, -0.07, 0.55, 0.29, 0.61, -0.12, 0.33, 0.20, 0.04],
    "two": [3.0, 5.0],
    "even": [4.0, 1.0, 3.0, 2.0],
    "offset": [1e6 + 0.1, 1e6 + 0.2, 1e6 + 0.4, 1e6 + 0.8, 1e6 + 0.3, 1e6 + 0.25],
}
RESAMPLES = 999
SEED = 42


def bootstrap(values, name, method):
    function = {"mean": np.mean, "median": np.median}[name]
    ordered = np.sort(np.array(values))
    generator = Xoshiro(SEED)
    distribution = np.array(
        [function(ordered[[generator.index(len(ordered)) for _ in ordered]]) for _ in range(RESAMPLES)]
    )
    # A resample whose statistic equals the observed one on paper must count as a tie whatever the order of its sum.
    observed = function(ordered)
    distribution[np.abs(distribution - observed) <= 1e-12 * np.abs(ordered).max()] = observed
    previous = stats._resampling.BootstrapResult(None, distribution, None)
    result = stats.bootstrap(
        (ordered,), function, n_resamples=0, bootstrap_result=previous, method=method, vectorized=True
    )
    return [result.confidence_interval.low, result.confidence_interval.high]


def sample(values):
    x = np.array(values)
    n = len(x)
    out = {
        "values": values,
        "mean": np.mean(x),
        "standardDeviation": np.std(x, ddof=1),
        "median": np.median(x),
        "medianAbsoluteDeviation": stats.median_abs_deviation(x),
        "quantiles": [[p, np.quantile(x, p)] for p in (0, 0.025, 0.25, 0.5, 0.75, 0.9, 1)],
        "meanInterval": list(stats.t.interval(0.95, n - 1, loc=np.mean(x), scale=stats.sem(x))),
        "bootstrap": {
            f"{name} {method}": bootstrap(values, name, method)
            for name in ("mean", "median")
            for method in ("percentile", "BCa")
        },
        "signFlip": stats.permutation_test(
            (x,), np.mean, permutation_type="samples", n_resamples=np.inf, vectorized=True
        ).pvalue,
    }
    margin = 0.5 * float(np.std(x, ddof=1)) + abs(float(np.mean(x)))
    lower = stats.ttest_1samp(x, -margin, alternative="greater").pvalue
    upper = stats.ttest_1samp(x, margin, alternative="less").pvalue
    out["equivalence"] = {"margin": margin, "pValue": max(lower, upper)}
    return out


def line(x, y):
    fit = stats.linregress(x, y)
    reach = stats.t.ppf(0.975, len(x) - 2) * fit.stderr
    return {
        "x": x,
        "y": y,
        "slope": fit.slope,
        "intercept": fit.intercept,
        "slopeError": fit.stderr,
        "slopeInterval": [fit.slope - reach, fit.slope + reach],
        "determination": fit.rvalue**2,
    }


if __name__ == "__main__":
    generator = Xoshiro(SEED)
    fixtures = {
        "seed": SEED,
        "resamples": RESAMPLES,
        "generator": [str(generator.next()) for _ in range(5)],
        "samples": {name: sample(values) for name, values in SAMPLES.items()},
        "lines": [
            line([0, 1, 2, 3, 5, 8], [1.1, 2.9, 5.2, 7.1, 11.4, 16.8]),
            line([2, 2, 3, 3, 5, 5], [0.8599, 0.861, 0.8599, 0.858, 0.8599, 0.86]),
            line([1, 2, 4], [3, -1, 2]),
        ],
        "studentUpperTail": [
            [t, v, stats.t.sf(t, v)] for t in (0, 0.3, 1.5, 4.2, 40.0, -2.0) for v in (1, 2, 4.5, 30, 1000)
        ],
        "studentUpperQuantile": [
            [p, v, stats.t.isf(p, v)] for p in (0.4, 0.05, 0.025, 1e-6, 0.9) for v in (1, 2, 4, 29, 500)
        ],
        "normalQuantile": [[p, stats.norm.ppf(p)] for p in (1e-12, 1e-4, 0.025, 0.3, 0.5, 0.8, 0.975, 1 - 1e-9)],
    }
    json.dump(fixtures, sys.stdout, indent=1)
    sys.stdout.write("\n")
