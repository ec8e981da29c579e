"""Programs and workers of this package in runs of the real orchestrator."""

import signal
import subprocess
import sys
import time

import orchestrate


def test_a_command_records_and_is_given_everything(project):
    project.write(
        "train.py",
        """
        import dataclasses, json, orchestrate

        @dataclasses.dataclass
        class Settings:
            rate: float
            name: str
            seed: int

        settings = orchestrate.parameters(Settings)
        assert orchestrate.inputs["data"].read_text() == "data"
        for epoch in range(3):
            orchestrate.log(step=epoch, loss=settings.rate / (epoch + 1))
        orchestrate.metric("accuracy", float("nan"))
        orchestrate.sample("time", 0.5, unit="s")
        print(settings.name, orchestrate.seed() > 0)
        (orchestrate.output / "model.json").write_text(json.dumps(settings.rate))
        orchestrate.artifact("model", "model.json")
        orchestrate.artifact("more", "model.json")
        (orchestrate.scratch / "checkpoint").write_text("x")
        """,
    )
    project.write("data.txt", "data")
    project.orchestrate(
        {
            "name": "e2e",
            "axes": {"seed": [1, 2]},
            "stages": {
                "train": {
                    "command": [sys.executable, "train.py", "rate=${rate}", "name=${name}", "seed=${seed}"],
                    "inputs": {"data": "data.txt"},
                    "outputs": {"model": "model.json"},
                },
                "test": {
                    "command": [sys.executable, "-c", "from orchestrate import *; metric('size', inputs['model'].stat().st_size)"],
                    "inputs": {"model": {"stage": "train", "artifact": "model"}},
                },
            },
            "parameters": {"rate": 0.25, "name": "größe"},
        }
    )
    results = orchestrate.read(project.folder / "results")
    train = [row for row in results.attempts if row["stage"] == "train"]
    assert [row["axes"] for row in train] == [{"seed": 1}, {"seed": 2}]
    assert train[0]["parameters"] == {"name": "größe", "rate": 0.25, "seed": 1}
    assert train[0]["artifacts"]["model"].read_text() == "0.25"
    assert set(train[0]["artifacts"]) == {"model", "more"}
    samples = [row for row in results.samples if row["attempt"] == train[0]["attempt"]]
    counted = {row["metric"]: row["value"] for row in samples if not row["warmup"]}
    assert counted.pop("accuracy") != counted
    assert counted == {"loss": 0.25 / 3, "time": 0.5}
    assert [(row["repetition"], row["value"]) for row in samples if row["warmup"]] == [(0, 0.25), (1, 0.125), (2, 0.25 / 3)]
    assert [(row["axes"]["seed"], row["value"]) for row in results.samples if row["metric"] == "size"] == [(1, 4), (2, 4)]
    summary = project.run("orchestrate", "query", "SELECT mean FROM summary WHERE metric = 'loss' AND trial = 0", "--format", "csv")
    assert "0.0833" in summary.stdout


def test_a_program_that_fails_shows_its_traceback(project):
    command = [sys.executable, "-c", "import orchestrate; orchestrate.metric('a\\n', 1)"]
    project.write("spec.json", {"name": "f", "stages": {"s": {"command": command}}})
    outcome = project.run("orchestrate", "run", "spec.json")
    assert outcome.returncode == 1
    assert "should be a text without control characters, not one with U+000A" in outcome.stderr


WORKER = """
import time
import orchestrate

@orchestrate.task
def train(rate: float, epochs: int = 2):
    print("training at", rate)
    for epoch in range(epochs):
        orchestrate.progress(epoch, epochs)
        orchestrate.log(step=epoch, loss=rate)
    if rate > 1:
        raise ValueError("the loss is infinite")
    (orchestrate.output / "model").mkdir()
    (orchestrate.output / "model" / "weights").write_text("w")
    orchestrate.artifact("model", "model")
    return {"rate": rate}

@orchestrate.task
def wait():
    try:
        time.sleep(600)
    finally:
        (orchestrate.scratch / "saved").write_text("saved")

orchestrate.serve()
"""


def spec(task, **parameters):
    return {
        "name": "w",
        "workers": {"own": {"command": [sys.executable, "worker.py"]}},
        "stages": {"s": {"task": f"own/{task}", "with": parameters}},
    }


def test_a_worker_trains_and_its_results_are_stored(project):
    project.write("worker.py", WORKER)
    project.orchestrate(spec("train", rate=0.5))
    results = orchestrate.read(project.folder / "results")
    (row,) = results.attempts
    assert row["artifacts"]["model"].is_dir()
    assert {sample["metric"]: sample["value"] for sample in results.samples if not sample["warmup"]} == {"rate": 0.5, "loss": 0.5}
    assert "training at 0.5" in project.run("orchestrate", "logs", str(row["attempt"])).stdout


def test_a_failing_task_tells_where(project):
    project.write("worker.py", WORKER)
    project.write("spec.json", spec("train", rate=2))
    outcome = project.run("orchestrate", "run", "spec.json")
    assert outcome.returncode == 1
    assert "ValueError: the loss is infinite" in outcome.stderr
    assert 'worker.py", line 12, in train' in outcome.stderr
    project.write("spec.json", spec("train", rates=2))
    outcome = project.run("orchestrate", "run", "spec.json")
    assert "task 'train' has no parameter 'rates'; did you mean 'rate'?" in outcome.stderr


def test_an_interrupted_task_saves_its_state(project):
    project.write("worker.py", WORKER)
    project.write("spec.json", spec("wait"))
    run = subprocess.Popen(project.command("orchestrate", "run", "spec.json"), cwd=project.folder, stderr=subprocess.PIPE, text=True)
    database = project.folder / "results" / "results.sqlite"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if database.exists() and [row for row in _all(project) if row["state"] == "running"]:
            break
        time.sleep(0.05)
    # The attempt is running from its request on, which the worker reads after its hello.
    time.sleep(0.5)
    run.send_signal(signal.SIGINT)
    run.send_signal(signal.SIGINT)
    while run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.2)
        run.send_signal(signal.SIGTERM)
    run.stderr.close()
    assert run.returncode == 130
    assert [row["state"] for row in _all(project)] == ["cancelled"]
    assert [path.read_text() for path in (project.folder / "results" / "scratch").rglob("saved")] == ["saved"]


def _all(project):
    try:
        return orchestrate.read(project.folder / "results", failed=True).attempts
    except (BlockingIOError, FileNotFoundError, ValueError):
        return []
