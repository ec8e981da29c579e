"""Reading what the real orchestrator has stored."""

import math
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

import orchestrate

SPEC = {
    "name": "coin",
    "axes": {"seed": [1, 2], "sides": [2, 6]},
    "stages": {
        "make": {
            "command": ["sh", "-c", "echo ${seed} >$ORCHESTRATE_OUTPUT_DIRECTORY/f"],
            "outputs": {"f": "f"},
        },
        "throw": {
            "command": [
                "sh",
                "-c",
                'echo \'{"metrics": [{"name": "value", "value": \'${sides}0${seed}\'}, {"name": "odd", "value": -Infinity}, '
                '{"name": "none", "value": NaN}]}\' >$ORCHESTRATE_RESULT',
            ],
            "needs": ["make"],
        },
    },
}


@pytest.fixture
def coin(project):
    """A project with results of eight trials' jobs."""
    project.orchestrate(SPEC)
    project.results = project.folder / "results"
    return project


def values(results):
    return sorted(row["value"] for row in results.samples if row["metric"] == "value")


def test_attempts_and_samples_are_plain_rows(coin):
    results = orchestrate.read(coin.results)
    row = next(row for row in results.attempts if row["stage"] == "throw" and row["axes"] == {"seed": 2, "sides": 6})
    assert set(row) == set(orchestrate.AttemptRow.__annotations__)
    assert row["experiment"] == "coin" and row["run"] == 1 and row["state"] == "succeeded" and row["invalid_reason"] is None
    assert row["parameters"] == {"seed": 2, "sides": 6} and row["seconds"] > 0
    samples = {sample["metric"]: sample for sample in results.samples if sample["attempt"] == row["attempt"]}
    assert set(samples["value"]) == set(orchestrate.SampleRow.__annotations__)
    assert samples["value"]["value"] == 602 and samples["value"]["axes"] == {"seed": 2, "sides": 6}
    assert samples["odd"]["value"] == -math.inf and math.isnan(samples["none"]["value"])
    # A job that serves several trials has a row for each.
    assert len([row for row in results.attempts if row["stage"] == "make"]) == 4
    assert len({row["attempt"] for row in results.attempts if row["stage"] == "make"}) == 2
    assert row["artifacts"] == {}
    assert next(row for row in results.attempts if row["stage"] == "make")["artifacts"]["f"].read_text() in ("1\n", "2\n")


def test_the_latest_result_of_each_trial_counts_whichever_run_it_is_of(coin):
    coin.orchestrate(SPEC, "--set", "sides=[6,20]")
    results = orchestrate.read(coin.results)
    assert values(results) == [201, 202, 601, 602, 2001, 2002]
    assert {row["run"] for row in results.attempts if row["axes"]["sides"] == 2} == {1}
    assert {row["run"] for row in results.attempts if row["axes"]["sides"] == 6} == {2}
    assert values(orchestrate.read(coin.results, run=2)) == [601, 602, 2001, 2002]
    assert values(orchestrate.read(coin.results / "results.sqlite", experiment="coin", run=1)) == [201, 202, 601, 602]
    with pytest.raises(LookupError, match="there is no experiment 'con'; known: coin"):
        orchestrate.read(coin.results, experiment="con")
    with pytest.raises(LookupError, match="there is no run 7"):
        orchestrate.read(coin.results, run=7)


def test_invalidated_results_are_out(coin):
    attempt = next(row["attempt"] for row in orchestrate.read(coin.results).samples if row["value"] == 201)
    outcome = coin.run("orchestrate", "invalidate", "--attempt", str(attempt), "--reason", "wrong coin")
    assert outcome.returncode == 0, outcome.stderr
    assert values(orchestrate.read(coin.results)) == [202, 601, 602]
    assert values(orchestrate.read(coin.results, invalidated=True)) == [201, 202, 601, 602]
    (row,) = [row for row in orchestrate.read(coin.results, failed=True).attempts if row["invalid_reason"]]
    assert row["invalid_reason"] == "wrong coin"


def test_failed_attempts_are_there_when_asked_for(project):
    project.write("spec.json", {"name": "f", "stages": {"s": {"command": ["sh", "-c", "exit 3"]}}})
    assert project.run("orchestrate", "run", "spec.json").returncode == 1
    assert orchestrate.read(project.folder / "results").attempts == []
    (row,) = orchestrate.read(project.folder / "results", failed=True).attempts
    assert row["state"] == "failed" and "exit code 3" in row["message"]


def test_it_reads_beside_a_run(coin):
    coin.write("slow.json", {"name": "slow", "stages": {"s": {"command": ["sleep", "600"]}}})
    run = subprocess.Popen(coin.command("orchestrate", "run", "slow.json"), cwd=coin.folder, stderr=subprocess.DEVNULL)
    try:
        for _ in range(1000):
            if [row for row in orchestrate.read(coin.results, failed=True).attempts if row["state"] == "running"]:
                break
        assert values(orchestrate.read(coin.results)) == [201, 202, 601, 602]
    finally:
        run.terminate()
        run.terminate()
        run.kill()
        run.wait()


@pytest.mark.parametrize("log", [False, True])
def test_it_reads_where_nothing_may_be_written(coin, log, monkeypatch):
    if log:
        # A log that a killed run left: its last changes are there alone.
        connection = sqlite3.connect(coin.results / "results.sqlite", isolation_level=None)
        connection.execute("UPDATE attempt SET message = 'of the log' WHERE id = 1")
        shutil.copytree(coin.results, coin.folder / "copy")
        connection.close()
        os.unlink(coin.folder / "copy" / "results.sqlite-shm")
        folder = coin.folder / "copy"
    else:
        for suffix in ("-wal", "-shm"):
            if os.path.exists(f"{coin.results}/results.sqlite{suffix}"):
                os.unlink(f"{coin.results}/results.sqlite{suffix}")
        folder = coin.results
    before = sorted(file.name for file in folder.iterdir())
    # As for somebody who may only read.
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    results = orchestrate.read(folder)
    assert values(results) == [201, 202, 601, 602]
    if log:
        assert "of the log" in [row["message"] for row in results.attempts]
    assert sorted(file.name for file in folder.iterdir()) == before


def test_what_is_no_results_database_is_told(tmp_path, coin):
    with pytest.raises(FileNotFoundError, match="'orchestrate run' makes one"):
        orchestrate.read(tmp_path / "nothing")
    other = tmp_path / "other.sqlite"
    sqlite3.connect(other).execute("CREATE TABLE t (x)")
    with pytest.raises(ValueError, match="of another program"):
        orchestrate.read(other)
    (tmp_path / "text.sqlite").write_text("no database" * 200)
    with pytest.raises(ValueError, match="cannot be read"):
        orchestrate.read(tmp_path / "text.sqlite")
    database = coin.results / "results.sqlite"
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("UPDATE schema_version SET version = 4")
    with pytest.raises(ValueError, match="'orchestrate recover' brings it up to date"):
        orchestrate.read(coin.results)
    connection.execute("UPDATE schema_version SET version = 99")
    connection.execute("ALTER TABLE machine RENAME COLUMN fingerprint TO print")
    connection.close()
    with pytest.raises(ValueError, match="made by another version of orchestrate"):
        orchestrate.read(coin.results)


def test_data_frames_have_a_column_for_each_axis(coin):
    pytest.importorskip("pandas")
    results = orchestrate.read(coin.results)
    frame = results.samples_frame()
    means = frame[frame.metric == "value"].groupby("sides").value.mean()
    assert means.to_dict() == {2: 201.5, 6: 601.5}
    assert results.attempts_frame().columns[3:6].tolist() == ["axis_seed", "sides", "stage"]
    assert len(orchestrate.read(coin.results, run=1, experiment="coin").attempts_frame()) == 8


def test_without_pandas_it_says_what_is_missing(coin, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        orchestrate.read(coin.results).samples_frame()
