"""Prints how long scikit-image, NumPy and SciPy take for what MetricBenchmarks times.

    /tmp/venv/bin/pip install numpy scipy scikit-image
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 /tmp/venv/bin/python compare_metrics.py
"""

import time

import numpy as np
import scipy.linalg
from skimage.metrics import structural_similarity


def report(name, body, rounds=3):
    body()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        body()
        times.append(1000 * (time.perf_counter() - start))
    print(f"{name}\t{sorted(times)[rounds // 2]:.1f} ms\t(min {min(times):.1f})", flush=True)


def main():
    generator = np.random.default_rng(1)
    a, b = (generator.integers(0, 256, (512, 512, 3), dtype=np.uint8) for _ in range(2))
    report("ssim-uniform7 512 x 512 x 3", lambda: structural_similarity(a, b, channel_axis=2), 9)
    gaussian = dict(gaussian_weights=True, use_sample_covariance=False)
    report("ssim-gauss 512 x 512 x 3", lambda: structural_similarity(a, b, channel_axis=2, **gaussian), 9)
    for width in (64, 768, 2048):
        first, second = (np.cov(generator.random((2 * width, width)), rowvar=False) for _ in range(2))

        def by_eigenvalues():
            values, vectors = np.linalg.eigh(first)
            root = (vectors * np.sqrt(values)) @ vectors.T
            return np.sqrt(np.linalg.eigvalsh(root @ second @ root)).sum()

        report(f"frechet d {width}, numpy eigh", by_eigenvalues, 1)
        report(f"frechet d {width}, scipy sqrtm", lambda: scipy.linalg.sqrtm(first @ second), 1)


main()
