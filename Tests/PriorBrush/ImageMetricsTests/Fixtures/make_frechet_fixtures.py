"""Makes frechet.json: Fréchet distances by SciPy, of feature vectors that the tests make by the same formula.

Run: python3 make_frechet_fixtures.py > frechet.json
"""

import json

import numpy as np
import scipy
from scipy import linalg


def features(seed, count, width, shift):
    """Sums of 12-bit numbers, exact in single precision; neighbours in a vector are correlated."""
    state, rows = seed, []
    for _ in range(count):
        row, last = [], 0.0
        for column in range(width):
            state = (1664525 * state + 1013904223) % 2**32
            last = (state >> 20) / 4096 * (1 + column % 3) + last / 2 if column % 4 else (state >> 20) / 4096
            row.append(last + shift)
        rows.append(row)
    values = np.array(rows)
    assert (values == values.astype(np.float32)).all()
    return values


def statistics(values):
    return values.mean(axis=0), np.cov(values, rowvar=False)


def distance(first, second):
    (m1, s1), (m2, s2) = statistics(first), statistics(second)
    root = linalg.sqrtm(s1 @ s2)
    assert np.abs(np.imag(root)).max() < 1e-6
    return float(((m1 - m2) ** 2).sum() + np.trace(s1) + np.trace(s2) - 2 * np.trace(np.real(root)))


cases = []
for width, count1, count2, shift in [(2, 50, 60, 0), (8, 200, 150, 0.25), (32, 300, 300, 0.5), (64, 200, 400, 0)]:
    first = features(7 + width, count1, width, 0)
    second = features(100 + width, count2, width, shift)
    cases.append({
        "width": width, "seeds": [7 + width, 100 + width], "counts": [count1, count2], "shift": shift,
        "distance": distance(first, second),
        "eigenvalues": sorted(linalg.eigvalsh(statistics(first)[1]).tolist()),
    })
print(json.dumps({"scipy": scipy.__version__, "cases": cases}, indent=1))
