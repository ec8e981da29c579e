"""Makes up the values of the gallery: what a small comparison of classifiers might measure, the same every time.

Run by orchestrate: measure.py STAGE NAME=VALUE ...
"""

import json
import math
import os
import random
import struct
import sys
import zlib

QUALITY = {"linear": 0.90, "tree": 0.86, "forest": 0.955, "gradient boosting": 0.965}
SPEED = {"linear": 0.4, "tree": 0.9, "forest": 9.0, "gradient boosting": 21.0}


def png(width, height, pixel):
    """A grey PNG file, pixel by pixel."""
    rows = b"".join(b"\0" + bytes(pixel(x, y) for x in range(width)) for y in range(height))

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def measure(values, noise):
    model, size = values["model"], int(values["size"])
    accuracy = QUALITY[model] - 0.16 / math.sqrt(size) + 0.008 * noise()
    missed = 0.6 * (1 - accuracy)
    return {
        "accuracy": accuracy, "time": SPEED[model] * size ** 0.7 * math.exp(0.1 * noise()) / 10,
        "error.missed": missed, "error.false": 0.3 * (1 - accuracy), "error.other": 0.1 * (1 - accuracy),
    }


def train(values, noise):
    speed = 0.004 + 0.012 * (QUALITY[values["model"]] - 0.85) / 0.1
    return [2.3 * math.exp(-speed * step) + 0.05 + 0.03 * abs(noise()) for step in range(400)]


def main():
    stage, values = sys.argv[1], dict(word.split("=", 1) for word in sys.argv[2:])
    generator = random.Random(" ".join(sys.argv[1:]))
    noise = lambda: sum(generator.random() for _ in range(12)) - 6
    folder = os.environ["ORCHESTRATE_OUTPUT_DIRECTORY"]
    result = {}
    if stage == "measure":
        result["metrics"] = [{"name": n, "value": v} for n, v in measure(values, noise).items()]
    elif stage == "train":
        result["samples"] = [
            {"metric": "loss", "repetition": step, "value": value} for step, value in enumerate(train(values, noise))]
    elif stage == "nightly":
        night = int(values["night"])
        result["metrics"] = [{"name": "time", "unit": "s", "value": (2.0 if night < 15 else 2.3) + 0.03 * noise()}]
    elif stage == "draw":
        turn = 10 * len(values["model"])
        with open(os.path.join(folder, "confusion.png"), "wb") as file:
            file.write(png(10, 10, lambda x, y: 40 if x == y else 255 - (x * 7 + y * 13 + turn) % 60))
        points = " ".join(f"{20 + 20 * x},{110 - 90 * x / (x + 1 + turn / 60):.1f}" for x in range(9))
        with open(os.path.join(folder, "curve.svg"), "w") as file:
            file.write(
                '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="130" viewBox="0 0 200 130">'
                '<rect width="200" height="130" fill="#ffffff"/><path d="M20 10V110H190" fill="none" stroke="#59636e"/>'
                f'<polyline points="{points}" fill="none" stroke="#0068b5" stroke-width="2"/></svg>\n')
    with open(os.environ["ORCHESTRATE_RESULT"], "w") as file:
        json.dump(result, file)


main()
