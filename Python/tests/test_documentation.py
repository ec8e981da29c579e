"""Docs/Python.md does what it says."""

import os
import pathlib
import re
import shlex
import subprocess
import sys

import pytest

import orchestrate
from conftest import REPOSITORY

PAGE = (REPOSITORY / "Docs" / "Python.md").read_text()


def sections():
    """By heading: the files that a section shows, and the command lines that it has people type."""
    for section in re.split(r"^## ", PAGE, flags=re.M)[1:]:
        files = re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```", section, flags=re.M | re.S)
        lines = re.findall(r"^    ((?:orchestrate|report|python3) .*)$", section, flags=re.M)
        yield section.split("\n")[0], dict(files), lines


def test_every_example_runs(project):
    environment = {**os.environ, "PATH": f"{pathlib.Path(sys.executable).parent}:{project.executables}:{os.environ['PATH']}"}
    outputs = {}
    for heading, files, lines in sections():
        assert files and lines, heading
        for name, text in files.items():
            project.write(name, text)
        for line in lines:
            outcome = subprocess.run(shlex.split(line), cwd=project.folder, env=environment, capture_output=True, text=True, timeout=300)
            assert outcome.returncode == 0, f"{line}: {outcome.stderr}"
            outputs[line] = outcome.stdout
    assert outputs["python3 train.py rate=0.3 epochs=2"].splitlines()[0] == "step 0  loss 0.49"
    assert "0.0000" in (project.folder / "reports" / "train.md").read_text()
    assert len(outputs["python3 look.py"].splitlines()) == 4
    sums = orchestrate.read(project.folder / "results", experiment="sums")
    assert sorted(row["value"] for row in sums.samples if row["metric"] == "sum") == [2, 3]
    assert {row["value"] for row in sums.samples if row["metric"] == "loss" and not row["warmup"]} == {0.5 / 3}


@pytest.mark.parametrize("name", [name for name in orchestrate.__all__ if name != "__version__"])
def test_everything_public_is_described(name):
    assert re.search(rf"\b{name}\b", PAGE), name
    assert getattr(orchestrate, name).__doc__


def test_the_package_says_what_it_is():
    from importlib import metadata

    assert metadata.version("orchestrate") == orchestrate.__version__
    files = {file.name for file in metadata.files("orchestrate")}
    assert {"py.typed", "__init__.py", "METADATA", "RECORD"} <= files
    assert not metadata.requires("orchestrate")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        orchestrate.nothing
