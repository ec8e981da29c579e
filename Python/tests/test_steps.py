import json
import resource

import pytest

from orchestrate._measurements import Measurements
from orchestrate._step_file import StepFile


def test_steps_are_written_at_once(program):
    outcome = program.run(
        """
        import os
        orchestrate.log(step=3, loss=0.3)
        orchestrate.log({"loss/test": 1 / 3, '100 % "x"': 2}, lr=1e-7)
        orchestrate.log(step=9, loss=float("nan"), big=float("inf"))
        os._exit(0)
        """,
        steps=True,
    )
    assert outcome.returncode == 0, outcome.stderr
    assert program.steps_path.read_text().splitlines()[0] == '{"step":3,"metrics":{"loss":0.3}}'
    assert program.steps() == [
        {"step": 3, "metrics": {"loss": 0.3}},
        {"step": 4, "metrics": {"loss/test": 0.333333333333, '100 % "x"': 2, "lr": 1e-7}},
        {"step": 9, "metrics": {"loss": "NaN", "big": "Infinity"}},
    ]
    assert not program.result_path.exists()


def test_processes_and_threads_never_cut_a_line(program):
    program.run(
        """
        import multiprocessing, threading
        def work(number):
            for step in range(300):
                orchestrate.log(step=step, **{f"m{number}": step, "x" * 500: 1})
        with multiprocessing.get_context("fork").Pool(4) as pool:
            thread = threading.Thread(target=work, args=(9,))
            thread.start()
            pool.map(work, range(4), chunksize=1)
            thread.join()
        """,
        steps=True,
    )
    assert len(program.steps()) == 5 * 300


def test_without_a_file_the_last_value_is_the_metric(program):
    result = program.result("for step in range(3): orchestrate.log(step=step, loss=1 / (step + 1))")
    assert result["metrics"] == [{"name": "loss", "value": 1 / 3, "unit": ""}]
    assert [(s["repetition"], s["value"], s["warmup"]) for s in result["samples"]] == [(0, 1, True), (1, 0.5, True), (2, 1 / 3, True)]


def test_a_recorded_metric_goes_before_the_last_step(program):
    result = program.result("orchestrate.metric('loss', 5, unit='nat'); orchestrate.log(loss=1)")
    assert result["metrics"] == [{"name": "loss", "value": 5, "unit": "nat"}]
    assert result["samples"][0]["unit"] == "nat"


def test_a_step_that_comes_again_is_no_second_one():
    measurements = Measurements()
    for value in (1.0, 2.0):
        measurements.add_steps(4, {"a": value})
    assert [sample["value"] for sample in measurements.result()["samples"]] == [2.0]


def test_more_steps_than_a_result_holds_are_thinned_out():
    measurements = Measurements()
    for step in range(200_000):
        measurements.add_steps(step, {"loss": float(step)})
    result = measurements.result()
    assert measurements.is_thinned
    assert len(json.dumps(result)) < 16 << 20
    assert len(result["samples"]) > 40_000
    assert result["metrics"][0]["value"] == 199_999
    assert result["samples"][0]["repetition"] == 0 and result["samples"][-1]["repetition"] == 199_999


def test_a_full_disk_loses_no_step_and_ends_no_program(program):
    outcome = program.run(
        """
        import resource, signal, time
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
        for step in range(10):
            orchestrate.log(step=step, loss=0.5)
        print("still there")
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        """,
        steps=True,
    )
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout == "still there\n"
    assert outcome.stderr.count("steps cannot be written") == 1
    assert [line["step"] for line in program.steps()] == list(range(10))


def test_steps_that_are_lost_at_the_end_fail_the_program(program):
    outcome = program.run(
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10)); orchestrate.log(step=0, loss=0.5)", steps=True
    )
    assert outcome.returncode == 1
    assert "the last steps were not written" in outcome.stderr


def test_the_backlog_is_bounded_and_keeps_whole_lines(tmp_path, monkeypatch):
    monkeypatch.setattr("orchestrate._step_file._LARGEST_BACKLOG", 2_000)
    file = StepFile(str(tmp_path / "no" / "steps"))
    for step in range(200):
        file.append(step, {"loss": 0.25})
    (tmp_path / "no").mkdir()
    assert file.flush()
    steps = [json.loads(line)["step"] for line in (tmp_path / "no" / "steps").read_text().splitlines()]
    assert steps[0] == 0 and steps[-1] == 199 and len(steps) < 60
    assert steps == sorted(set(steps))
