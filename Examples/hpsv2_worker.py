#!/usr/bin/env python3
"""Scores a folder of images with HPSv2, the human preference score of Wu et al. (2023).

A worker for the orchestrator, with the Python package `orchestrate` (`pip install ./Python`, or `PYTHONPATH=Python/src`). Scoring takes
the package hpsv2 with its weights, best on a GPU: `pip install hpsv2`. Without it each task fails with an error that says so, and the
report prints "not evaluated".

One task, `score`: parameter `version` ("v2.0" or "v2.1"), input `images`, a folder of PNG files with a `captions.jsonl` such as
`priorbrush/generate-set` writes. Metrics `hpsv2` (the mean; tables usually print it times 100), `hpsv2.error` (its standard error) and
`images`; one sample `hpsv2.image` for each image in the order of the captions.

    "workers": { "hpsv2": { "command": ["python3", "Examples/hpsv2_worker.py"] } },
    "stages": {
      "set": { "task": "priorbrush/generate-set", "with": { "system": "student", "seed": 1 }, "inputs": { ... } },
      "preference": { "task": "hpsv2/score", "inputs": { "images": { "stage": "set", "artifact": "images" } } }
    }
"""

import json
import math
import sys
from typing import Literal

import orchestrate


def load_scorer():
    """Imports the package only when a score is asked for, so that the worker can say what is missing."""
    try:
        import hpsv2
    except ImportError as problem:
        raise orchestrate.InputError(
            f"HPSv2 is not evaluated: the package hpsv2 cannot be imported ({problem}); run 'pip install hpsv2' for {sys.executable}"
        ) from problem
    return hpsv2.score


def captioned_images(folder):
    """Returns pairs of path and caption, by what captions.jsonl says."""
    path = folder / "captions.jsonl"
    if not path.is_file():
        raise orchestrate.InputError(
            f"there is no {path}; give a folder that priorbrush/generate-set wrote, or write one line "
            '{"file": "a.png", "caption": "a cat"} for each image'
        )
    pairs = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                image, caption = folder / entry["file"], entry["caption"]
            except (ValueError, KeyError, TypeError) as problem:
                raise orchestrate.InputError(f"{path}:{number}: a line needs 'file' and 'caption': {problem}") from problem
            if not image.is_file():
                raise orchestrate.InputError(f"{path}:{number}: there is no image {image}")
            pairs.append((str(image), caption))
    if not pairs:
        raise orchestrate.InputError(f"{path} names no image")
    return pairs


@orchestrate.task
def score(version: Literal["v2.0", "v2.1"] = "v2.1"):
    pairs = captioned_images(orchestrate.inputs["images"])
    rate = load_scorer()
    values = []
    for image, caption in pairs:
        values.append(float(rate(image, caption, hps_version=version)[0]))
        orchestrate.sample("hpsv2.image", values[-1])
        orchestrate.progress(len(values), len(pairs))
    mean = sum(values) / len(values)
    spread = sum((value - mean) ** 2 for value in values) / max(len(values) - 1, 1)
    return {"hpsv2": mean, "hpsv2.error": math.sqrt(spread / len(values)), "images": len(values)}


if __name__ == "__main__":
    orchestrate.serve("hpsv2", version="1.0")
