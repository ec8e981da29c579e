"""The attempt that this program is: what it was given, and where what it records goes."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Protocol

from ._errors import MissingError

if TYPE_CHECKING:
    import tempfile


class Recorder(Protocol):
    """Where measurements go. Everything is checked before it comes here."""

    def metric(self, name: str, value: float, unit: str) -> None:
        """Takes a single value."""

    def sample(
        self, metric: str, value: float, unit: str, repetition: Optional[int], warmup: bool, block: Optional[int], position: Optional[int]
    ) -> None:
        """Takes a repeated value."""

    def artifact(self, name: str, path: str, media_type: Optional[str]) -> None:
        """Takes a file or folder by its absolute path."""

    def steps(self, step: int, values: Mapping[str, float]) -> None:
        """Takes the values of one step."""

    def progress(self, done: float, total: Optional[float], message: Optional[str], remaining: Optional[float]) -> None:
        """Takes how far the attempt has come."""


class Attempt:
    """What an attempt was given."""

    recorder: Recorder

    def parameters(self) -> Dict[str, Any]:
        """The parameters by name."""
        raise NotImplementedError

    def measurement(self) -> Dict[str, Any]:
        """The measurement block; empty if there is none."""
        raise NotImplementedError

    def seed(self) -> int:
        """The seed of the job's own random stream, in 0 ..< 2^53."""
        raise NotImplementedError

    def paths(self, name: str) -> List[str]:
        """The paths of an input.

        Raises:
            MissingError: There is no such input.
        """
        raise NotImplementedError

    def output(self) -> Path:
        """The folder for what the attempt makes."""
        raise NotImplementedError

    def scratch(self) -> Path:
        """The folder that all attempts of the job share."""
        raise NotImplementedError


class CommandAttempt(Attempt):
    """A command's attempt, from the variables that it finds; without them a program that is run by hand."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self._own_scratch: Optional[tempfile.TemporaryDirectory[str]] = None

    def parameters(self) -> Dict[str, Any]:
        words = (word.partition("=") for word in sys.argv[1:])
        said = {name: _json_or_text(value) for name, equals, value in words if equals and name.isidentifier()}
        # Of a variable the spec knows the type.
        return {**said, **_json_object("ORCHESTRATE_PARAMETERS")}

    def measurement(self) -> Dict[str, Any]:
        return _json_object("ORCHESTRATE_MEASUREMENT")

    def seed(self) -> int:
        text = os.environ.get("ORCHESTRATE_SEED", "0")
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"the variable ORCHESTRATE_SEED should be an integer, not {text!r}") from None

    def paths(self, name: str) -> List[str]:
        variable = "ORCHESTRATE_INPUT_" + "".join(_variable_letter(byte) for byte in name.encode())
        if variable in os.environ:
            return os.environ[variable].split("\n")
        if f"{variable}_FILE" in os.environ:
            with open(os.environ[f"{variable}_FILE"], encoding="utf-8", errors="surrogateescape", newline="\n") as file:
                return file.read().rstrip("\n").split("\n")
        cure = "name it in the stage's 'inputs'" if "ORCHESTRATE_STAGE" in os.environ else f"set {variable} to a path, to run it by hand"
        raise MissingError(f"there is no input '{name}'; {cure}")

    def output(self) -> Path:
        return Path(os.environ.get("ORCHESTRATE_OUTPUT_DIRECTORY") or os.getcwd())

    def scratch(self) -> Path:
        if "ORCHESTRATE_SCRATCH_DIRECTORY" in os.environ:
            return Path(os.environ["ORCHESTRATE_SCRATCH_DIRECTORY"])
        if self._own_scratch is None:
            import tempfile

            self._own_scratch = tempfile.TemporaryDirectory(prefix="orchestrate-")
        return Path(self._own_scratch.name)


class Terminal:
    """Prints what nobody stores."""

    def metric(self, name: str, value: float, unit: str) -> None:
        print(f"{name} = {value:.6g} {unit}".rstrip())

    def sample(
        self, metric: str, value: float, unit: str, repetition: Optional[int], warmup: bool, block: Optional[int], position: Optional[int]
    ) -> None:
        number = "" if repetition is None else f"[{repetition}]"
        print(f"{metric}{number} = {value:.6g} {unit}".rstrip() + (" (warm-up)" if warmup else ""))

    def artifact(self, name: str, path: str, media_type: Optional[str]) -> None:
        print(f"artifact {name}: {path}")

    def steps(self, step: int, values: Mapping[str, float]) -> None:
        print("  ".join([f"step {step}"] + [f"{name} {value:.6g}" for name, value in values.items()]))

    def progress(self, done: float, total: Optional[float], message: Optional[str], remaining: Optional[float]) -> None:
        print(f"{done:g}" + ("" if total is None else f"/{total:g}") + ("" if message is None else f"  {message}"))


def _json_object(variable: str) -> Dict[str, Any]:
    try:
        value = json.loads(os.environ.get(variable, "{}"))
    except ValueError as problem:
        raise ValueError(f"the variable {variable} is no JSON: {problem}") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"the variable {variable} should be a JSON object")
    return value


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _variable_letter(byte: int) -> str:
    letter = chr(byte)
    return letter.upper() if letter.isascii() and letter.isalnum() else "_"
