"""Writes metrics.json: values of scikit-image for images that integer formulas make.

The Swift tests make the same images from the same formulas, so only numbers are stored.
    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install scikit-image==0.26.0
    /tmp/venv/bin/python make_fixtures.py > metrics.json
"""

import json
import sys

import numpy as np
import skimage
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity


def base(width, height, channels, seed):
    """A pattern with slopes, stripes and texture; every operation is on integers."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    slope = x * 5 + y * 3 + c * 29 + seed * 17
    texture = (x * y + seed) % 31 * 5
    stripes = (x // 4 + y // 3 + c) % 2 * 60
    return (slope + texture + stripes) % 256


def pair(kind, width, height, channels, seed):
    a = base(width, height, channels, seed)
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    if kind == "same":
        b = a
    elif kind == "noise":
        b = np.clip(a + (x * 37 + y * 91 + c * 13 + x * y * 7 + seed) % 61 - 30, 0, 255)
    elif kind == "negative":
        b = 255 - a
    elif kind == "other":
        b = base(width, height, channels, seed + 5)
    elif kind == "flat":
        a, b = np.full_like(a, 40), np.full_like(a, 200)
    return a.astype(np.uint8), b.astype(np.uint8)


def measure(a, b, data_range):
    gray = a.shape[2] == 1
    u, v = (a[:, :, 0], b[:, :, 0]) if gray else (a, b)
    axis = None if gray else 2
    out = {"uniform7": float(structural_similarity(u, v, channel_axis=axis, data_range=data_range))}
    if min(a.shape[:2]) >= 11:
        out["gaussian"] = float(
            structural_similarity(
                u, v, channel_axis=axis, data_range=data_range, gaussian_weights=True, use_sample_covariance=False
            )
        )
    mse = float(mean_squared_error(u, v))
    out["mse"] = mse
    out["mae"] = float(np.mean(np.abs(a.astype(np.float64) - b.astype(np.float64))))
    if mse > 0:
        out["psnr"] = float(peak_signal_noise_ratio(u, v, data_range=data_range))
    return out


def main():
    shapes = [(32, 32, 3), (64, 64, 3), (32, 32, 1), (33, 47, 1), (41, 29, 3), (7, 7, 1), (7, 20, 3), (11, 11, 3), (64, 11, 1)]
    cases = []
    for index, (width, height, channels) in enumerate(shapes):
        for kind in ("same", "noise", "negative", "other", "flat"):
            a, b = pair(kind, width, height, channels, index)
            case = {"kind": kind, "width": width, "height": height, "channels": channels, "seed": index}
            case["bytes"] = measure(a, b, 255)
            f, g = (p.astype(np.float32) / np.float32(127.5) - np.float32(1) for p in (a, b))
            case["floats"] = measure(f, g, 2)
            cases.append(case)
    json.dump({"skimage": skimage.__version__, "cases": cases}, sys.stdout, indent=1)


main()
