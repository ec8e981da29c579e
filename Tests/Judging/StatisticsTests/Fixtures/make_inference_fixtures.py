"""Reference values for the tests of inference.

Run: python3 make_inference_fixtures.py > inference.json  (SciPy 1.17.1, NumPy 2, statsmodels 0.14)

Where no library has the method, the value comes from its definition by another route than the Swift code takes: enumeration, numerical
integration, root finding or projection matrices.
"""

import itertools
import json
import sys

import numpy as np
from make_fixtures import SEED, Xoshiro
from scipy import integrate, optimize, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import ttost_ind

EXACT = stats.PermutationMethod(n_resamples=np.inf)
# Hollander and Wolfe (1999), tables 3.1 (depression scale) and 4.1 (permeability), as in the examples of R's wilcox.test.
DEPRESSION_BEFORE = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
DEPRESSION_AFTER = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
PERMEABILITY_AT_TERM = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
PERMEABILITY_EARLY = [1.15, 0.88, 0.90, 0.74, 1.21]
# Davies and Goldsmith (1972), table 6.4: yield of dyestuff, five preparations of six batches; the Dyestuff data of R's lme4.
DYESTUFF = [
    [1545, 1440, 1440, 1520, 1580],
    [1540, 1555, 1490, 1560, 1495],
    [1595, 1550, 1605, 1510, 1560],
    [1445, 1440, 1595, 1465, 1545],
    [1595, 1630, 1515, 1635, 1625],
    [1520, 1455, 1450, 1480, 1445],
]
TIED = [1, -1, 2, 3, 3, -2, 4, 0, 5, 5]
rng = np.random.default_rng(3)


def rounded(values, digits=6):
    return [float(v) for v in np.round(values, digits)]


LONG = rounded(rng.normal(0.1, 1, 250), 2)
GROUP_A, GROUP_B = rounded(rng.normal(0.4, 1, 70), 1), rounded(rng.normal(0, 1, 60), 1)
FIRST, SECOND = rounded(rng.normal(5, 2, 14)), rounded(rng.normal(4, 1, 14))
SECOND = rounded(0.4 * np.array(FIRST) + np.array(SECOND))


def walsh(values):
    return np.sort([(a + b) / 2 for i, a in enumerate(values) for b in values[i:]])


def rank_interval(sorted_values, null, level):
    """The interval that leaves out as many values on each side as the exact null distribution (a list of sums) allows."""
    null = np.sort(null)
    depth = 0
    while np.mean(null <= depth) <= (1 - level) / 2:
        depth += 1
    if depth == 0:
        return None
    return [sorted_values[depth - 1], sorted_values[-depth], 1 - 2 * float(np.mean(null <= depth - 1))]


def hodges_lehmann_one(values, level):
    n = len(values)
    null = [sum(c) for k in range(n + 1) for c in itertools.combinations(range(1, n + 1), k)]
    averages = walsh(values)
    return {"values": values, "level": level, "estimate": np.median(averages), "interval": rank_interval(averages, null, level)}


def hodges_lehmann_two(a, b, level):
    m = len(a)
    null = [sum(c) - m * (m + 1) // 2 for c in itertools.combinations(range(1, m + len(b) + 1), m)]
    differences = np.sort(np.subtract.outer(a, b).ravel())
    return {
        "first": a, "second": b, "level": level, "estimate": np.median(differences),
        "interval": rank_interval(differences, null, level),
    }


def student(values, popmean):
    test = stats.ttest_1samp(values, popmean)
    return {
        "values": values, "hypothesis": popmean, "statistic": test.statistic, "pValue": test.pvalue,
        "interval": list(test.confidence_interval(0.95)),
    }


def one_sided(values, bound, significance):
    """Both directions, and by plain search how many values the nearer one needs for 80 % power."""
    above, below = (stats.ttest_1samp(values, bound, alternative=a) for a in ("greater", "less"))
    effect = abs(np.mean(values) - bound) / np.std(values, ddof=1)
    power = lambda n: stats.nct.sf(stats.t.isf(significance, n - 1), n - 1, effect * np.sqrt(n))
    return {
        "values": values, "bound": bound, "significance": significance, "abovePValue": above.pvalue,
        "belowPValue": below.pvalue, "neededCount": next((n for n in range(2, 1001) if power(n) >= 0.8), None),
    }


def welch(a, b, margin):
    test = stats.ttest_ind(a, b, equal_var=False)
    return {
        "first": a, "second": b, "statistic": test.statistic, "pValue": test.pvalue, "degreesOfFreedom": test.df,
        "interval": list(test.confidence_interval(0.95)), "margin": margin,
        "equivalence": ttost_ind(np.array(a), np.array(b), -margin, margin, usevar="unequal")[0],
    }


def pitman_morgan(x, y):
    x, y = np.array(x), np.array(y)
    n = len(x)
    limit = stats.t.ppf(0.975, n - 2)

    def t(delta):
        r = stats.pearsonr(x + delta * y, x - delta * y).statistic
        return r * np.sqrt((n - 2) / (1 - r * r))

    ratio = np.std(x) / np.std(y)
    u, v = (x + y) - np.mean(x + y), (x - y) - np.mean(x - y)
    z = np.sum(u * v) / np.sqrt(np.sum((u * v) ** 2))
    return {
        "first": list(x), "second": list(y), "ratio": ratio, "pValue": stats.pearsonr(x + y, x - y).pvalue,
        "robustPValue": 2 * stats.norm.sf(abs(z)),
        "interval": [
            optimize.brentq(lambda d: t(d) - limit, ratio / 50, ratio, xtol=1e-14),
            optimize.brentq(lambda d: t(d) + limit, ratio, ratio * 50, xtol=1e-14),
        ],
    }


def rank_correlation(a, b):
    rho = stats.spearmanr(a, b)
    reach = stats.norm.ppf(0.975) * np.sqrt((1 + rho.statistic**2 / 2) / (len(a) - 3))
    centre = np.arctanh(rho.statistic)
    return {
        "first": a, "second": b, "spearman": rho.statistic, "pValue": rho.pvalue,
        "interval": [np.tanh(centre - reach), np.tanh(centre + reach)], "kendall": stats.kendalltau(a, b).statistic,
    }


def median_interval(values, level):
    x, n = np.sort(values), len(values)
    coverage = lambda d: 1 - 2 * stats.binom.cdf(d - 1, n, 0.5)
    d = max(k for k in range(1, n // 2 + 1) if coverage(k) >= level)
    share = (coverage(d) - level) / (coverage(d) - coverage(d + 1))
    weight = (n - d) * share / (d + (n - 2 * d) * share)
    return {
        "values": values, "level": level,
        "interval": [(1 - weight) * x[d - 1] + weight * x[d], (1 - weight) * x[n - d] + weight * x[n - d - 1]],
    }


def nested(seeds):
    """ANOVA estimates from projection matrices: each mean square's expectation is a sum of traces."""
    y, seed, process = [], [], []
    for i, group in enumerate(seeds):
        for j, values in enumerate(group):
            y += values
            seed += [i] * len(values)
            process += [(i, j)] * len(values)
    y = np.array(y, float)
    dummies = lambda labels: np.array([[a == b for b in dict.fromkeys(labels)] for a in labels], float)
    designs = [np.ones((len(y), 1)), dummies(seed), dummies(process), np.eye(len(y))]
    projections = [z @ np.linalg.pinv(z) for z in designs]
    quadratics = [b - a for a, b in zip(projections, projections[1:])]
    expectations = np.array([[np.trace(z.T @ q @ z) for z in designs[1:]] for q in quadratics])
    return list(np.linalg.solve(expectations, [y @ q @ y for q in quadratics]))


def restricted_likelihood(seeds):
    """REML by minimising the restricted likelihood; MixedLM of statsmodels 0.14 stops within a percent of it."""
    rows = [(v, i, (i, j)) for i, s in enumerate(seeds) for j, p in enumerate(s) for v in p]
    y = np.array([r[0] for r in rows])
    same = lambda k: np.array([[a[k] == b[k] for b in rows] for a in rows], float)
    shared = [same(1), same(2), np.eye(len(y))]

    def minus_twice_log(logs):
        inverse = np.linalg.inv(v := sum(np.exp(l) * z for l, z in zip(logs, shared)))
        ones = inverse.sum()
        centred = y - inverse.sum(0) @ y / ones
        return np.linalg.slogdet(v)[1] + np.log(ones) + centred @ inverse @ centred

    fit = optimize.minimize(minus_twice_log, [1, -1, -1], method="BFGS", options={"gtol": 1e-9})
    fit = optimize.minimize(minus_twice_log, fit.x, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 4000})
    return list(np.exp(fit.x))


def simulated_seeds(counts):
    return [
        [rounded(10 + a + rng.normal(0, 1) + rng.normal(0, 0.7, n), 3) for n in group]
        for group, a in zip(counts, rng.normal(0, 2, len(counts)))
    ]


def lack_of_fit(x, y):
    x, y = np.array(x, float), np.array(y, float)
    line = np.polyval(np.polyfit(x, y, 1), x)
    means = np.array([y[x == v].mean() for v in x])
    groups = len(set(x))
    ratio = (np.sum((means - line) ** 2) / (groups - 2)) / (np.sum((y - means) ** 2) / (len(x) - groups))
    return {"x": list(x), "y": list(y), "statistic": ratio, "pValue": stats.f.sf(ratio, groups - 2, len(x) - groups)}


def sequence_limit(n, level, variance):
    """The t statistic whose Bayes factor against a normal prior of the effect is 1 / (1 - level)."""

    def factor(t):
        weight = lambda d: stats.nct.pdf(t, n - 1, d * np.sqrt(n)) * stats.norm.pdf(d, 0, np.sqrt(variance))
        peak = t / np.sqrt(n)
        total = integrate.quad(weight, -10, 15, points=[0, peak], epsabs=0, epsrel=1e-10, limit=400)[0]
        return total / stats.t.pdf(t, n - 1)

    return optimize.brentq(lambda t: np.log(factor(t)) + np.log(1 - level), 0.5, 60, xtol=1e-10)


def resampled(units, draw, statistic, method):
    generator = Xoshiro(SEED)
    distribution = np.array([statistic(np.array(draw(generator))) for _ in range(499)])
    previous = stats._resampling.BootstrapResult(None, distribution, None)
    whole = (np.arange(units),)
    function = lambda i, axis=-1: np.apply_along_axis(lambda k: statistic(k.astype(int)), axis, i)
    result = stats.bootstrap(whole, function, n_resamples=0, bootstrap_result=previous, method=method, vectorized=True)
    return list(result.confidence_interval)


def unit_bootstrap():
    x, y = np.array(FIRST), np.array(SECOND)
    spread = lambda i: np.std(x[i]) / np.std(y[i])
    n = len(x)
    clusters = [[0, 1, 2], [3, 4], [5, 6, 7, 8], [9, 10], [11, 12, 13]]

    def clustered(g):
        return [i for _ in clusters for i in clusters[g.index(len(clusters))]]

    def blocks(g):
        chosen = []
        while len(chosen) < n:
            start = g.index(n - 4 + 1)
            chosen += range(start, start + 4)
        return chosen[:n]

    studentized = []
    generator = Xoshiro(SEED)
    for _ in range(499):
        drawn = x[[generator.index(n) for _ in range(n)]]
        studentized.append((drawn.mean() - x.mean()) / stats.sem(drawn))
    return {
        "units": {m: resampled(n, lambda g: [g.index(n) for _ in range(n)], spread, m) for m in ("percentile", "BCa")},
        "clusters": resampled(n, clustered, spread, "percentile"),
        "series": resampled(n, blocks, spread, "percentile"),
        "studentized": [x.mean() - stats.sem(x) * np.quantile(studentized, q) for q in (0.975, 0.025)],
    }


def jackknife(blocks):
    """Delete-one-block jackknife of the ratio of means, as in Busing et al. (1999), equations 5 and 6."""
    ratio = lambda parts: np.concatenate([p[0] for p in parts]).mean() / np.concatenate([p[1] for p in parts]).mean()
    parts = [(np.array(FIRST)[b], np.array(SECOND)[b]) for b in blocks]
    sizes = np.array([len(b) for b in blocks])
    n, g, whole = sizes.sum(), len(blocks), ratio(parts)
    out = np.array([ratio(parts[:j] + parts[j + 1 :]) for j in range(g)])
    corrected = g * whole - np.sum((1 - sizes / n) * out)
    h = n / sizes
    variance = np.mean((h * whole - (h - 1) * out - corrected) ** 2 / (h - 1))
    return {"blocks": blocks, "estimate": whole, "biasCorrected": corrected, "standardError": np.sqrt(variance)}


balanced = simulated_seeds([[4] * 3] * 6)
unbalanced = simulated_seeds([[2, 3, 5], [4, 1], [3, 3, 3, 2], [6]])
p_values = [0.01, 0.04, 0.03, 0.005, 0.2, 0.03, 0.9]
fixtures = {
    "signedRank": [
        {
            "differences": rounded(d), "statistic": float(np.sum(stats.rankdata(np.abs(d[d != 0]))[d[d != 0] > 0])),
            "pValue": stats.wilcoxon(d, **options).pvalue,
        }
        for d, options in [
            (np.subtract(DEPRESSION_BEFORE, DEPRESSION_AFTER), {"method": "exact"}),
            (np.array(TIED, float), {"method": EXACT}),
            (np.array(LONG), {"method": "asymptotic", "correction": True}),
        ]
    ],
    "rankSum": [
        {
            "first": a, "second": b, "statistic": stats.mannwhitneyu(a, b).statistic,
            "pValue": stats.mannwhitneyu(a, b, method=method).pvalue,
        }
        for a, b, method in [
            (PERMEABILITY_AT_TERM, PERMEABILITY_EARLY, "exact"),
            ([1, 2, 2, 3, 3, 5], [2, 3, 4, 4, 5, 6, 6], EXACT),
            (GROUP_A, GROUP_B, "asymptotic"),
        ]
    ],
    "hodgesLehmann": [
        hodges_lehmann_one(rounded(np.subtract(DEPRESSION_BEFORE, DEPRESSION_AFTER)), level) for level in (0.95, 0.9, 0.999)
    ],
    "hodgesLehmannShift": [hodges_lehmann_two(PERMEABILITY_AT_TERM, PERMEABILITY_EARLY, level) for level in (0.95, 0.8)],
    "student": [student(FIRST, 4), student(TIED, 0)],
    "welch": [welch(FIRST, SECOND[:9], 3.0), welch(GROUP_A, GROUP_B, 0.5)],
    "adjusted": {
        "pValues": p_values, "holm": list(multipletests(p_values, method="holm")[1]),
        "benjaminiHochberg": list(multipletests(p_values, method="fdr_bh")[1]),
    },
    "oneSided": [
        one_sided(FIRST, 4, 0.05), one_sided(FIRST, 5.2, 0.05), one_sided(DEPRESSION_AFTER, 1.5, 0.05 / 3),
        one_sided(LONG, 0.0, 0.01), one_sided([0.91, 0.9, 0.93], 0.9, 0.05), one_sided(LONG, float(np.mean(LONG)) - 1e-3, 0.05),
    ],
    "slope": [[[0, 2, 3, 5], [1.0, 0.7, 0.9, 0.1], stats.linregress([0, 2, 3, 5], [1.0, 0.7, 0.9, 0.1]).slope]],
    "upperQuantiles": [
        [p, v, stats.t.isf(p, v)]
        for p in (0.49, 0.2, 0.05, 0.025, 1e-4, 1e-9) for v in (1, 2, 3.7, 4, 30, 1000)
    ],
    "pitmanMorgan": [pitman_morgan(FIRST, SECOND)],
    "rankCorrelation": [rank_correlation(FIRST, SECOND), rank_correlation(TIED, [2, 1, 2, 5, 4, 1, 4, 3, 3, 6])],
    "medianInterval": [median_interval(FIRST, 0.95), median_interval(TIED, 0.9), median_interval(LONG, 0.95)],
    "proportions": [
        [k, n, level, *proportion_confint(k, n, 1 - level, method="wilson")]
        for k, n, level in [(0, 10, 0.95), (3, 20, 0.95), (95, 100, 0.9), (7, 7, 0.99), (500, 1000, 0.95)]
    ],
    "noncentral": [
        [t, v, d, stats.nct.cdf(t, v, d)]
        for t, v, d in [(2.0, 9, 1.5), (-2.0, 9, 1.5), (2.05, 29, 3.8), (0.5, 4, -1), (1.0, 99, 0), (12.0, 3, 8.0)]
    ],
    "power": [
        [e, n, a, TTestPower().power(e, n, a)]
        for e, n, a in [(0.5, 10, 0.05), (0.69, 30, 0.05), (0.2, 100, 0.01), (1.5, 6, 0.05), (0.05, 8, 0.1)]
    ],
    "oneSidedPower": [
        [e, n, a, TTestPower().power(e, n, a, alternative="larger")] for e, n, a in [(0.5, 10, 0.05), (0.2, 100, 0.01)]
    ],
    "pairs": [
        [e, power, int(np.ceil(TTestPower().solve_power(e, power=power, alpha=0.05)))]
        for e, power in [(0.5, 0.8), (0.2, 0.9), (1.2, 0.95), (0.69, 0.95)]
    ],
    "fisher": [[x, a, b, stats.f.sf(x, a, b)] for x, a, b in [(1.5, 3, 10), (8.2, 1, 4), (0.3, 6, 60), (40.0, 2, 7)]],
    "lackOfFit": [lack_of_fit([0, 0, 1, 1, 2, 2, 5, 5, 8, 8], [1.1, 0.9, 3.2, 3.0, 5.2, 4.7, 9.8, 10.1, 13.0, 13.4])],
    "dyestuff": DYESTUFF,
    "balanced": {"seeds": balanced, "components": nested(balanced), "restrictedLikelihood": restricted_likelihood(balanced)},
    "unbalanced": {"seeds": unbalanced, "components": nested(unbalanced)},
    "sequence": [[n, level, g, sequence_limit(n, level, g)] for n, level, g in [(5, 0.95, 1.0), (12, 0.95, 0.2), (40, 0.9, 0.25)]],
    "first": FIRST,
    "second": SECOND,
    "bootstrap": unit_bootstrap(),
    "jackknife": jackknife([[0, 1, 2], [3, 4], [5, 6, 7, 8], [9, 10], [11, 12, 13]]),
}
json.dump(fixtures, sys.stdout, indent=1, default=float)
sys.stdout.write("\n")
