"""A task of a worker while it runs."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import traceback
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional

from . import _recording
from ._attempt import Attempt
from ._errors import Cancelled, InputError, MissingError, WorkerError
from ._measurements import Measurements
from ._protocol import LONGEST_LINE, Channel, flush_log
from ._task import tasks

_PROGRESS_INTERVAL = 0.05
"""Seconds between progress messages; the orchestrator passes no more on."""

_LARGEST_AMOUNT = 1e15
_LONGEST_WORDS = 8_000


class TaskAttempt(Attempt):
    """A task's attempt, from its request. It is its own recorder."""

    def __init__(self, request: Mapping[str, Any], channel: Channel, thread: int) -> None:
        """Takes a request.

        Args:
            request: The message.
            channel: Where the answer goes.
            thread: The thread in which the task will run and is cancelled.
        """
        self.recorder = self
        self.id: str = request["id"]
        self.is_cancelled = False
        self._measurements = Measurements()
        self._request = request
        self._channel = channel
        self._thread = thread
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._next_progress = 0.0
        self._is_running = False
        self._has_raised = False
        self._changes = 0

    def parameters(self) -> Dict[str, Any]:
        return dict(self._request["parameters"])

    def measurement(self) -> Dict[str, Any]:
        return dict(self._request.get("measurement") or {})

    def seed(self) -> int:
        return int(self._request["seed"])

    def paths(self, name: str) -> List[str]:
        found = self._request["inputs"].get(name)
        if found is None:
            raise MissingError(f"there is no input '{name}'; name it in the stage's 'inputs'")
        return [found] if isinstance(found, str) else list(found)

    def output(self) -> Path:
        return Path(self._request["outputDirectory"])

    def scratch(self) -> Path:
        return Path(self._request["scratchDirectory"])

    def metric(self, name: str, value: float, unit: str) -> None:
        with self._change():
            self._measurements.add_metric(name, value, unit)

    def sample(
        self, metric: str, value: float, unit: str, repetition: Optional[int], warmup: bool, block: Optional[int], position: Optional[int]
    ) -> None:
        with self._change():
            self._measurements.add_sample(metric, value, unit, repetition, warmup, block, position)

    def artifact(self, name: str, path: str, media_type: Optional[str]) -> None:
        with self._change():
            self._measurements.add_artifact(name, path, media_type)

    def steps(self, step: int, values: Mapping[str, float]) -> None:
        with self._change():
            self._measurements.add_steps(step, values)

    def progress(self, done: float, total: Optional[float], message: Optional[str], remaining: Optional[float]) -> None:
        # A task that went on after its cancellation learns of it here again.
        self._has_raised = False
        with self._change():
            now = time.monotonic()
            if not self._is_running or (now < self._next_progress and done != total):
                return
            self._next_progress = now + _PROGRESS_INTERVAL
            line: Dict[str, Any] = {"type": "progress", "id": self.id, "done": _amount(done)}
            if total is not None:
                line["total"] = _amount(total)
            if message is not None:
                line["message"] = _words(message)
            if remaining is not None:
                line["remainingSeconds"] = _amount(remaining)
            self._channel.send(self._channel.line(line))

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        """A change that a cancellation must not cut; it is raised afterwards."""
        if os.getpid() != self._process:
            raise RuntimeError(
                "a process forked from a worker cannot record measurements; return the value to the task and record it there"
            )
        is_own = threading.get_ident() == self._thread
        self._changes += is_own
        try:
            with self._lock:
                yield
        finally:
            self._changes -= is_own
            if is_own and not self._has_raised:
                self.raise_if_cancelled()

    def raise_if_cancelled(self) -> None:
        """Raises ``Cancelled`` if the task runs, was cancelled and is not in the middle of a change."""
        if self.is_cancelled and self._is_running and not self._changes:
            self._has_raised = True
            raise Cancelled()

    def run(self) -> bytes:
        """Runs the task to its end and returns the answer as a line."""
        answer: Dict[str, Any] = {"id": self.id}
        try:
            try:
                self._is_running = True
                self.raise_if_cancelled()
                self._take(tasks[self._request["task"]].run(self.parameters()))
            finally:
                with self._lock:
                    self._is_running = False
        except Cancelled:
            answer.update(type="error", kind="task", message="the task was cancelled")
        except InputError as problem:
            answer.update(type="error", kind="input", message=_words(str(problem)))
        except WorkerError as problem:
            _print_traceback(problem)
            answer.update(type="error", kind="internal", message=_words(str(problem)))
        except (Exception, SystemExit) as problem:
            _print_traceback(problem)
            answer.update(type="error", kind="task", message=_words(f"{type(problem).__name__}: {problem}"))
        else:
            answer.update(self._measurements.result(), type="result")
        if os.getpid() != self._process:
            # A fork of the task, which has come to its end as well.
            os._exit(0)
        flush_log()
        line = self._channel.line(answer)
        if len(line) > LONGEST_LINE:
            message = f"the result of the task has {len(line)} bytes, more than {LONGEST_LINE}; record fewer samples"
            line = self._channel.line({"type": "error", "id": self.id, "kind": "task", "message": message})
        return line

    def _take(self, returned: object) -> None:
        if returned is None:
            return
        if not isinstance(returned, Mapping):
            raise TypeError(
                f"task '{self._request['task']}' returned {type(returned).__name__}; return a mapping of metrics to numbers, or nothing"
            )
        for name, value in returned.items():
            _recording.metric(name, value)


def _print_traceback(problem: BaseException) -> None:
    """Prints where a task failed, without the calls that led to it."""
    trace = problem.__traceback__
    package = os.path.dirname(__file__)
    while trace is not None and trace.tb_next is not None and os.path.dirname(trace.tb_frame.f_code.co_filename) == package:
        trace = trace.tb_next
    traceback.print_exception(type(problem), problem, trace)


def _amount(value: float) -> float:
    """What is no number becomes 0, and what is out of bounds the nearest bound."""
    return 0 if value != value else min(max(value, 0), _LARGEST_AMOUNT)


def _words(text: str) -> str:
    """Words for people that any reader takes."""
    return text[:_LONGEST_WORDS].encode("utf-8", "backslashreplace").decode()
