"""What tests share: programs that use the package, and the real orchestrator."""

import json
import os
import pathlib
import subprocess
import sys
import textwrap

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


class Program:
    """Runs Python programs as commands of the orchestrator are run."""

    def __init__(self, folder):
        self.folder = folder
        self.result_path = folder / "attempt" / "result.json"
        self.steps_path = folder / "attempt" / "steps.jsonl"
        self.output = folder / "attempt" / "output"
        self.output.mkdir(parents=True)
        (folder / "scratch").mkdir()

    def run(self, text, *arguments, by_hand=False, steps=False, **variables):
        """Runs a program to its end; `steps` gives it a file for step metrics."""
        file = self.folder / "program.py"
        file.write_text("import orchestrate\n" + textwrap.dedent(text))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ORCHESTRATE_")}
        if not by_hand:
            environment.update(
                ORCHESTRATE_RESULT=str(self.result_path),
                ORCHESTRATE_OUTPUT_DIRECTORY=str(self.output),
                ORCHESTRATE_SCRATCH_DIRECTORY=str(self.folder / "scratch"),
                ORCHESTRATE_SEED="7",
                ORCHESTRATE_STAGE="s",
                ORCHESTRATE_PARAMETERS="{}",
                ORCHESTRATE_MEASUREMENT="null",
            )
        if steps:
            environment["ORCHESTRATE_METRICS"] = str(self.steps_path)
        environment.update(variables)
        return subprocess.run(
            [sys.executable, str(file), *arguments], env=environment, cwd=self.folder, capture_output=True, text=True, timeout=120
        )

    def result(self, text, **options):
        """The result of a program that must end well."""
        outcome = self.run(text, **options)
        assert outcome.returncode == 0, outcome.stderr
        return self.stored()

    def stored(self):
        """The result as it lies there."""
        return json.loads(self.result_path.read_text())

    def metrics(self):
        """Names and values of the stored metrics."""
        return {metric["name"]: metric["value"] for metric in self.stored()["metrics"]}

    def steps(self):
        """The lines of the file of steps."""
        return [json.loads(line) for line in self.steps_path.read_text().splitlines()]


@pytest.fixture
def program(tmp_path):
    """A place for a program that runs as a command."""
    return Program(tmp_path)


class Project:
    """A project folder with specs, in which the real orchestrator runs."""

    def __init__(self, folder, executables):
        self.folder = folder
        self.executables = executables

    def write(self, name, text):
        """Writes a file; an object becomes JSON."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(text) if isinstance(text, dict) else textwrap.dedent(text))
        return path

    def command(self, *words):
        """A command line of a program of the product."""
        return [str(self.executables / words[0]), *words[1:]]

    def run(self, *words, **options):
        """Runs a program of the product to its end."""
        return subprocess.run(self.command(*words), cwd=self.folder, capture_output=True, text=True, timeout=300, **options)

    def orchestrate(self, spec, *words):
        """Runs a spec that must end well."""
        self.write("spec.json", spec)
        outcome = self.run("orchestrate", "run", "spec.json", *words)
        assert outcome.returncode == 0, outcome.stderr
        return outcome


def _executables():
    named = os.environ.get("ORCHESTRATE_BIN")
    found = [pathlib.Path(named)] if named else [REPOSITORY / ".build" / kind for kind in ("release", "debug")]
    found = [folder for folder in found if (folder / "orchestrate").exists()]
    if named and not found:
        raise FileNotFoundError(f"ORCHESTRATE_BIN names '{named}', where no program orchestrate is")
    return max(found, key=lambda folder: (folder / "orchestrate").stat().st_mtime, default=None)


@pytest.fixture
def project(tmp_path):
    """A project in which the real orchestrator runs."""
    executables = _executables()
    if executables is None:
        pytest.skip("orchestrate is not built: swift build, or name its folder in ORCHESTRATE_BIN")
    return Project(tmp_path, executables)
