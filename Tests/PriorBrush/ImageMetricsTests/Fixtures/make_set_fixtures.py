"""Writes sets.json: values of published code for feature vectors and images that integer formulas make.

The Swift tests make the same inputs from the same formulas, so only numbers are stored.
    python3 -m venv /tmp/venv
    /tmp/venv/bin/pip install numpy scipy scikit-image scikit-learn prdc clean-fid pytorch-fid
    /tmp/venv/bin/python make_set_fixtures.py > sets.json
"""

import contextlib
import json
import sys

import numpy as np
import scipy.ndimage
from cleanfid.fid import kernel_distance
from prdc import compute_prdc
from pytorch_fid.fid_score import calculate_frechet_distance
from scipy.spatial.distance import cdist, pdist
from skimage.color import rgb2hsv

MASK = 2**64 - 1


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Stream:
    """The random numbers of `CounterStream`."""

    def __init__(self, seed, stream=0):
        self.key = mix((seed + stream * 0xD1B54A32D192ED03) & MASK)
        self.position = 0

    def word(self):
        self.position += 1
        return mix((self.key + self.position * 0x9E3779B97F4A7C15) & MASK)

    def integer(self, bound):
        return self.word() % bound

    def uniform(self):
        return (self.word() >> 11) * 2.0**-53

    def normal(self):
        radius = np.sqrt(-2 * np.log(1 - self.uniform()))
        return radius * np.cos(2 * np.pi * self.uniform())

    def permutation(self, count):
        order = list(range(count))
        for i in range(count - 1, 0, -1):
            j = self.integer(i + 1)
            order[i], order[j] = order[j], order[i]
        return order


def features(seed, count, width, shift=0.0):
    stream = Stream(seed)
    rows = np.zeros((count, width), np.float32)
    for row in range(count):
        last = 0.0
        for column in range(width):
            number = (stream.uniform() + stream.uniform() + stream.uniform() - 1.5) / (1 + column % 7)
            last = number + last * 0.5
            rows[row, column] = np.float32(last + shift)
    return rows


def statistics(x):
    x = x.astype(np.float64)
    return x.mean(axis=0), np.cov(x, rowvar=False)


def frechet(x, y):
    (m1, s1), (m2, s2) = statistics(x), statistics(y)
    return float(calculate_frechet_distance(m1, s1, m2, s2))


def kid(x, y):
    # One subset of all vectors makes clean-fid's random choice a permutation.
    return float(kernel_distance(x.astype(np.float64), y.astype(np.float64), num_subsets=1, max_subset_size=len(x)))


def jackknife(x, y, blocks):
    def without(z, g):
        n = len(z)
        return np.delete(z, slice(g * n // blocks, (g + 1) * n // blocks), axis=0)

    partial = np.array([kid(without(x, g), without(y, g)) for g in range(blocks)])
    return float(np.sqrt((blocks - 1) / blocks * np.sum((partial - partial.mean()) ** 2)))


def extrapolated(x, y, sizes, seed):
    stream = Stream(seed)
    smallest = len(x) // 4
    counts = [smallest + (len(x) - smallest) * i // (sizes - 1) for i in range(sizes)]
    distances = [frechet(x[stream.permutation(len(x))[:n]], y) for n in counts]
    slope, intercept = np.polyfit([1 / n for n in counts], distances, 1)
    return {"value": float(intercept), "slope": float(slope)}


def set_case(seed, count, width, shift, neighbours, blocks):
    real, made = features(seed, count, width), features(seed + 1, count, width, shift)
    half = count // 2
    order = Stream(0).permutation(count)
    case = {"seed": seed, "count": count, "width": width, "shift": shift, "neighbours": neighbours, "blocks": blocks}
    case["frechet"] = frechet(made, real)
    case["baseline"] = frechet(real[order[:half]], real[order[half : 2 * half]])
    case["extrapolated"] = extrapolated(made, real, 5, 3)
    case["kernel"] = kid(made, real)
    case["kernelError"] = jackknife(made, real, blocks)
    case["overlap"] = {k: float(v) for k, v in compute_prdc(real, made, neighbours).items()}
    distances = np.sort(cdist(made.astype(np.float64), real.astype(np.float64)), axis=1)
    case["memorised"] = float(np.mean(distances[:, 0] < 0.9 * distances[:, 1]))
    case["nearest"] = float(distances[:, 0].mean())
    prompts = np.arange(count) % (count // 4)
    case["diversity"] = float(
        np.mean([pdist(made[prompts == p].astype(np.float64)).mean() for p in range(count // 4)])
    )
    unit = [z.astype(np.float64) / np.linalg.norm(z.astype(np.float64), axis=1, keepdims=True) for z in (made, real)]
    cosines = unit[0] @ unit[1].T
    ranks = (cosines >= np.diag(cosines)[:, None]).sum(axis=1)
    case["retrieval"] = {"cosine": float(np.diag(cosines).mean()), "top1": float(np.mean(ranks <= 1)), "top5": float(np.mean(ranks <= 5))}
    return case


def base(width, height, channels, seed):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    slope = x * 5 + y * 3 + c * 29 + seed * 17
    texture = (x * y + seed) % 31 * 5
    stripes = (x // 4 + y // 3 + c) % 2 * 60
    return ((slope + texture + stripes) % 256).astype(np.uint8)


def luma(image):
    image = image.astype(np.float64)
    return image[:, :, 0] if image.shape[2] == 1 else 0.299 * image[:, :, 0] + 0.587 * image[:, :, 1] + 0.114 * image[:, :, 2]


def spectrum(images):
    height, width = images[0].shape[:2]
    side = min(width, height)
    fy, fx = np.meshgrid(np.abs(np.fft.fftfreq(height)), np.abs(np.fft.fftfreq(width)), indexing="ij")
    rings = np.floor(np.sqrt(fx * fx + fy * fy) * side + 0.5).astype(int)
    total = np.zeros(side // 2)
    for image in images:
        power = np.abs(np.fft.fft2(luma(image) / 255)) ** 2 / (width * height)
        decibels = 10 * np.log10(power + 1e-10)
        total += [decibels[rings == r].mean() for r in range(1, side // 2 + 1)]
    return [float(v) for v in total / len(images)]


def image_case(width, height, channels, seed):
    image = base(width, height, channels, seed)
    y = luma(image)
    rgb = image if channels == 3 else np.repeat(image, 3, axis=2)
    return {
        "width": width, "height": height, "channels": channels, "seed": seed,
        "laplacianVariance": float(scipy.ndimage.laplace(y, mode="mirror").var()),
        "totalVariation": float((np.abs(np.diff(y, axis=0)).sum() + np.abs(np.diff(y, axis=1)).sum()) / y.size),
        "saturation": float(rgb2hsv(rgb)[:, :, 1].mean()),
        "clippedShare": float(((image == 0) | (image == 255)).any(axis=2).mean()),
        "spectrum": spectrum([image, base(width, height, channels, seed + 9)]),
    }  # fmt: skip


# The sliced Wasserstein distance as published with "Progressive growing of GANs", with our random numbers.

KERNEL = np.float32(np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1])) / 256


def convolve(images, kernel):
    return scipy.ndimage.convolve(images, kernel[np.newaxis, np.newaxis], mode="mirror")


def pyramid(images, levels):
    result = [np.float32(images)]
    for _ in range(1, levels):
        small = convolve(result[-1], KERNEL)[:, :, ::2, ::2]
        large = np.zeros_like(result[-1])
        large[:, :, ::2, ::2] = small
        result[-1] = result[-1] - convolve(large, KERNEL * 4)
        result.append(small)
    return result


def descriptors(level, patches, stream):
    rows = []
    for index in range(len(level) * patches):
        x = stream.integer(level.shape[3] - 6)
        y = stream.integer(level.shape[2] - 6)
        rows.append(level[index // patches, :, y : y + 7, x : x + 7])
    rows = np.stack(rows).astype(np.float64)
    rows -= np.mean(rows, axis=(0, 2, 3), keepdims=True)
    rows /= np.std(rows, axis=(0, 2, 3), keepdims=True)
    return rows.reshape(len(rows), -1)


def sliced_wasserstein(a, b, patches, directions, seed):
    levels = int(np.log2(a.shape[2] // 16)) + 1
    result = []
    for index, (p, q) in enumerate(zip(pyramid(a, levels), pyramid(b, levels))):
        x, y = (descriptors(z, patches, Stream(seed, 2 * index)) for z in (p, q))
        stream = Stream(seed, 2 * index + 1)
        matrix = np.array([[stream.normal() for _ in range(147)] for _ in range(directions)]).T
        matrix /= np.sqrt(np.sum(np.square(matrix), axis=0, keepdims=True))
        result.append(float(1000 * np.mean(np.abs(np.sort(x @ matrix, axis=0) - np.sort(y @ matrix, axis=0)))))
    return result


def wasserstein_case(side, count, patches, directions, seed):
    a, b = (np.stack([base(side, side, 3, s + i).transpose(2, 0, 1) for i in range(count)]) for s in (0, 100))
    distances = sliced_wasserstein(a, b, patches, directions, seed)
    return {"side": side, "count": count, "patches": patches, "directions": directions, "seed": seed, "levels": distances}


def main():
    with contextlib.redirect_stdout(sys.stderr):
        result = {
            "sets": [
                set_case(1, 48, 6, 0.1, 3, 6),
                set_case(11, 120, 16, 0.05, 5, 10),
                set_case(21, 103, 24, 0.0, 5, 7),
                set_case(31, 600, 64, 0.02, 5, 20),
            ],
            "images": [
                image_case(32, 32, 3, 1), image_case(16, 16, 1, 2), image_case(36, 24, 3, 3), image_case(17, 23, 3, 4),
            ],
            "wasserstein": [wasserstein_case(32, 6, 16, 40, 5), wasserstein_case(64, 3, 20, 33, 6)],
        }  # fmt: skip
    json.dump(result, sys.stdout, indent=1)


main()
