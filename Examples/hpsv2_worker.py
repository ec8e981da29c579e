#!/usr/bin/env python3
"""Scores a folder of images with HPSv2, the human preference score of Wu et al. (2023).

A worker for the orchestrator; the protocol takes the standard library alone. Scoring takes the package hpsv2 with its weights, best on
a GPU: `pip install hpsv2`. Without the package each task fails with an error that says so, and the report prints "not evaluated".

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
import os
import sys
import threading

# Only messages may go to standard output, so everything that prints is sent to standard error.
protocol_output = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
output_lock = threading.Lock()
cancelled = set()
requests = []
request_arrived = threading.Condition()


class InputError(Exception):
    """The parameters or inputs are wrong; trying again cannot help."""


class Cancelled(Exception):
    """The orchestrator asked to give up."""


def send(message):
    with output_lock:
        protocol_output.write(json.dumps(message) + "\n")
        protocol_output.flush()


def load_scorer():
    """Imports the package only when a score is asked for, so that the worker can say what is missing."""
    try:
        import hpsv2
    except ImportError as problem:
        raise InputError(
            f"HPSv2 is not evaluated: the package hpsv2 cannot be imported ({problem}); run 'pip install hpsv2' for {sys.executable}"
        ) from problem
    return hpsv2.score


def captioned_images(folder):
    """Returns pairs of path and caption, by what captions.jsonl says."""
    path = os.path.join(folder, "captions.jsonl")
    if not os.path.isfile(path):
        raise InputError(f"there is no {path}; give a folder that priorbrush/generate-set wrote, or write one line "
                         '{"file": "a.png", "caption": "a cat"} for each image')
    pairs = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                name, caption = entry["file"], entry["caption"]
            except (ValueError, KeyError, TypeError) as problem:
                raise InputError(f"{path}:{number}: a line needs 'file' and 'caption': {problem}") from problem
            image = os.path.join(folder, name)
            if not os.path.isfile(image):
                raise InputError(f"{path}:{number}: there is no image {image}")
            pairs.append((image, caption))
    if not pairs:
        raise InputError(f"{path} names no image")
    return pairs


def score(request):
    version = request["parameters"].get("version", "v2.1")
    if version not in ("v2.0", "v2.1"):
        raise InputError(f"parameter 'version' is {version!r}; give \"v2.0\" or \"v2.1\"")
    folder = request["inputs"].get("images")
    if not isinstance(folder, str):
        raise InputError("the stage has no input 'images'; add a folder of images to its \"inputs\"")
    pairs = captioned_images(folder)
    rate = load_scorer()
    values = []
    for image, caption in pairs:
        if request["id"] in cancelled:
            raise Cancelled()
        values.append(float(rate(image, caption, hps_version=version)[0]))
        send({"type": "progress", "id": request["id"], "done": len(values), "total": len(pairs)})
    mean = sum(values) / len(values)
    spread = sum((value - mean) ** 2 for value in values) / max(len(values) - 1, 1)
    return {
        "metrics": [{"name": "hpsv2", "value": mean, "unit": ""},
                    {"name": "hpsv2.error", "value": math.sqrt(spread / len(values)), "unit": ""},
                    {"name": "images", "value": len(values), "unit": ""}],
        "samples": [{"metric": "hpsv2.image", "unit": "", "repetition": number, "value": value}
                    for number, value in enumerate(values)],
    }


TASKS = {"score": score}


def read_requests():
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "cancel":
            cancelled.add(message["id"])
            continue
        with request_arrived:
            requests.append(message)
            request_arrived.notify()
    os._exit(0)  # The orchestrator is gone: end at once, whatever is being computed.


def main():
    send({"type": "hello", "protocol": 1, "name": "hpsv2", "version": "1.0",
          "tasks": [{"name": name, "version": "1"} for name in TASKS]})
    threading.Thread(target=read_requests, daemon=True).start()
    while True:
        with request_arrived:
            request_arrived.wait_for(lambda: requests)
            request = requests.pop(0)
        if request["type"] == "shutdown":
            return
        answer = {"id": request["id"]}
        try:
            answer.update(TASKS[request["task"]](request), type="result")
        except Cancelled:
            answer.update(type="error", kind="task", message="the task was cancelled")
        except InputError as problem:
            answer.update(type="error", kind="input", message=str(problem))
        except Exception as problem:  # A task's bug must not end the worker.
            answer.update(type="error", kind="internal", message=f"{type(problem).__name__}: {problem}")
        send(answer)


if __name__ == "__main__":
    main()
