"""What a program says of itself: metrics, samples, steps, artifacts, progress."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Set, Tuple, Union

from . import _values
from ._attempt import Attempt, CommandAttempt, Recorder, Terminal
from ._command import CommandRecorder
from ._errors import MissingError

_command: Optional[CommandAttempt] = None
_task: Optional[Attempt] = None
_next_step = 0


def attempt() -> Attempt:
    """The task that runs, else the command that this process is."""
    global _command
    if _task is not None:
        return _task
    if _command is None:
        result = os.environ.get("ORCHESTRATE_RESULT")
        recorder: Recorder = CommandRecorder(result, os.environ.get("ORCHESTRATE_METRICS")) if result else Terminal()
        _command = CommandAttempt(recorder)
    return _command


def begin_task(task: Optional[Attempt]) -> None:
    """Makes a worker's task the attempt, or none of them."""
    global _task, _next_step
    _task = task
    _next_step = 0


def log(values: Optional[Mapping[str, Any]] = None, /, *, step: Optional[int] = None, **metrics: Any) -> None:
    """Records metrics of one step of a series, such as an epoch: ``log(step=3, loss=0.3)``.

    Args:
        values: Metrics by names that are no identifiers: ``log({"loss/test": 0.4}, step=3)``.
        step: From 0; the one after the last unless given. Of a step that comes again the later values count.
        metrics: Metrics by name: numbers, or scalars of NumPy, PyTorch and their kin.

    Raises:
        TypeError: A value is no number.
        ValueError: A name or step is none that can be stored.
    """
    global _next_step
    step = _next_step if step is None else _values.index(step, "'step'")
    row = metrics if values is None else {**values, **metrics} if metrics else values
    attempt().recorder.steps(step, _checked_row(row))
    _next_step = step + 1


_checked_names: Set[Tuple[str, ...]] = set()
"""Names of rows that were found right, since training loops log the same ones each time."""


def _checked_row(metrics: Mapping[str, Any]) -> Mapping[str, float]:
    names = tuple(metrics)
    if names in _checked_names and {*map(type, metrics.values())} == {float}:
        return metrics
    if not metrics:
        raise ValueError("log() needs a metric, as in log(step=3, loss=0.3)")
    row = {_values.name(name, "the name of a metric"): _values.number(value, f"metric '{name}'") for name, value in metrics.items()}
    if tuple(row) == names and len(_checked_names) < 1000:
        _checked_names.add(names)
    return row


def metric(name: str, value: Any, unit: str = "") -> None:
    """Records a single value; recorded again, the later value counts.

    Args:
        name: Any text of at most 1024 bytes without control characters.
        value: A number, or a scalar of NumPy, PyTorch and their kin.
        unit: Its unit; empty if dimensionless.

    Raises:
        TypeError: The value is no number, or a name no text.
        ValueError: A name is none that can be stored.
    """
    name = _values.name(name, "the name of a metric")
    attempt().recorder.metric(name, _values.number(value, f"metric '{name}'"), _values.name(unit, "a unit", allows_empty=True))


def sample(
    metric: str,
    value: Any,
    *,
    repetition: Optional[int] = None,
    unit: str = "",
    warmup: bool = False,
    block: Optional[int] = None,
    position: Optional[int] = None,
) -> None:
    """Records one of several values of a metric, such as a timing.

    Args:
        metric: Name of the metric.
        value: A number, or a scalar of NumPy, PyTorch and their kin.
        repetition: From 0; the next one unless given.
        unit: Its unit; empty if dimensionless.
        warmup: Whether it is stored, but left out of statistics.
        block: Where in an interleaved order it was taken.
        position: Where in its block.

    Raises:
        TypeError: The value is no number, or a name no text.
        ValueError: A name or number is none that can be stored.
    """
    metric = _values.name(metric, "the name of a metric")
    attempt().recorder.sample(
        metric,
        _values.number(value, f"sample '{metric}'"),
        _values.name(unit, "a unit", allows_empty=True),
        None if repetition is None else _values.index(repetition, "'repetition'"),
        bool(warmup),
        None if block is None else _values.index(block, "'block'"),
        None if position is None else _values.index(position, "'position'"),
    )


def artifact(name: str, path: Union[str, "os.PathLike[str]"], media_type: Optional[str] = None) -> None:
    """Announces a file or folder that is to be stored.

    Args:
        name: Name of the artifact; announced again, the later path counts.
        path: A file or folder inside of the attempt's output folder, relative to it or absolute.
        media_type: As "image/png"; by the file's name unless given.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It lies elsewhere, or the name is none that can be stored.
    """
    name = _values.name(name, "the name of an artifact")
    home = attempt().output()
    place = home / os.fspath(path)
    if not place.exists():
        raise FileNotFoundError(
            f"there is no file or folder '{place}' for artifact '{name}'; write it to orchestrate.output / 'NAME' first"
        )
    if home.resolve() not in place.resolve().parents:
        raise ValueError(f"artifact '{name}' is '{place}', outside of the output folder '{home}'; write it to orchestrate.output / 'NAME'")
    _values.name(str(place), "the path of an artifact")
    if media_type is not None:
        media_type = _values.name(media_type, "a media type")
    attempt().recorder.artifact(name, str(place), media_type)


def progress(done: float, total: Optional[float] = None, message: Optional[str] = None, remaining: Optional[float] = None) -> None:
    """Tells how far a worker's task has come; cheap, however often it is called. Commands cannot tell it yet.

    Args:
        done: Units done.
        total: Units in all, if known.
        message: What is going on.
        remaining: Estimate of the time left, in seconds.

    Raises:
        Cancelled: The orchestrator has asked to give the task up.
        TypeError: A number is none.
    """
    attempt().recorder.progress(
        _values.number(done, "'done'"),
        None if total is None else _values.number(total, "'total'"),
        None if message is None else str(message),
        None if remaining is None else _values.number(remaining, "'remaining'"),
    )


def flush() -> None:
    """Writes what was recorded until now, for a program that ends by ``os._exit``; the end of any other does it.

    Raises:
        OSError: It cannot be written.
    """
    recorder = attempt().recorder
    if isinstance(recorder, CommandRecorder):
        recorder.flush()


def seed() -> int:
    """The seed of the job's own random stream, in 0 ..< 2^53; by hand 0, or what ORCHESTRATE_SEED says."""
    return attempt().seed()


def measurement() -> Dict[str, Any]:
    """The stage's measurement block, such as ``{"warmup": 3, "repetitions": 30}``; empty if there is none."""
    return attempt().measurement()


class Folder(os.PathLike[str]):
    """A folder of the attempt, wherever this one's is: it can be used as a path, and has its methods."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    @property
    def path(self) -> Path:
        """The folder as it is now."""
        return attempt().output() if self._kind == "output" else attempt().scratch()

    def __fspath__(self) -> str:
        return str(self.path)

    def __truediv__(self, other: Union[str, "os.PathLike[str]"]) -> Path:
        return self.path / other

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.path, name)

    def __str__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"orchestrate.{self._kind}"


class Inputs:
    """The attempt's inputs by name."""

    def __getitem__(self, name: str) -> Path:
        """The path of an input.

        Raises:
            MissingError: There is no such input.
            ValueError: It has several paths.
        """
        paths = self.all(name)
        if len(paths) != 1:
            raise ValueError(f"input '{name}' has {len(paths)} paths, of the trials that it collects; use inputs.all('{name}')")
        return paths[0]

    def all(self, name: str) -> List[Path]:
        """The paths of an input that collects trials, in their order.

        Raises:
            MissingError: There is no such input.
        """
        return [Path(path) for path in attempt().paths(name)]

    def __contains__(self, name: object) -> bool:
        try:
            return isinstance(name, str) and bool(attempt().paths(name))
        except MissingError:
            return False

    def __repr__(self) -> str:
        return "orchestrate.inputs"


inputs = Inputs()
output = Folder("output")
scratch = Folder("scratch")
