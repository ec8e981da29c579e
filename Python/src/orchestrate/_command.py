"""Records what a command measures, into the files that the orchestrator named."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import threading
from typing import Callable, Mapping, Optional

from . import _processes, _result_file
from ._measurements import Measurements
from ._step_file import StepFile


class CommandRecorder:
    """Keeps measurements until the process ends, and then adds them to the result file.

    Each process of an attempt adds its own. A forked one does not have those of its parent. One that may be ended without notice, such
    as a process of a pool, cannot record anything but steps, which are written at once.
    """

    def __init__(self, result: str, steps: Optional[str]) -> None:
        self._result = result
        self._step_path = steps
        # A handler of a signal may record while the same thread does.
        self._lock = threading.RLock()
        self._ended = False
        self._origin = os.getpid()
        self._is_prepared = False
        self._measurements = Measurements()
        self._step_file = StepFile(steps) if steps else None
        atexit.register(self._end)
        os.register_at_fork(after_in_child=self._begin_in_child)

    def metric(self, name: str, value: float, unit: str) -> None:
        self._add(lambda measurements: measurements.add_metric(name, value, unit))

    def sample(
        self, metric: str, value: float, unit: str, repetition: Optional[int], warmup: bool, block: Optional[int], position: Optional[int]
    ) -> None:
        self._add(lambda measurements: measurements.add_sample(metric, value, unit, repetition, warmup, block, position))

    def artifact(self, name: str, path: str, media_type: Optional[str]) -> None:
        self._add(lambda measurements: measurements.add_artifact(name, path, media_type))

    def steps(self, step: int, values: Mapping[str, float]) -> None:
        if self._step_file is None:
            self._add(lambda measurements: measurements.add_steps(step, values))
            return
        with self._lock:
            self._step_file.append(step, values)

    def progress(self, done: float, total: Optional[float], message: Optional[str], remaining: Optional[float]) -> None:
        """Is dropped: commands have no way to tell it."""

    def flush(self) -> None:
        """Adds everything until now to the result file.

        Raises:
            OSError: It cannot be written.
            ValueError: What lies there is no result.
        """
        with self._lock:
            self._flush()

    def _flush(self) -> None:
        if self._measurements:
            _result_file.add(self._measurements.result(), self._result)
            if self._measurements.is_thinned:
                print("orchestrate: more steps than a result can hold: every second one was left out, once or more", file=sys.stderr)
            self._measurements = Measurements()

    def _add(self, change: Callable[[Measurements], None]) -> None:
        if not self._is_prepared:
            self._prepare_end_of_child()
        with self._lock:
            change(self._measurements)
            # Handlers of other modules may record after this one's end.
            if self._ended:
                self._flush()

    def _begin_in_child(self) -> None:
        # The lock may be held by a thread that is not in this process.
        self._lock = threading.RLock()
        self._ended = False
        self._is_prepared = False
        self._measurements = Measurements()
        self._step_file = StepFile(self._step_path) if self._step_path else None

    def _prepare_end_of_child(self) -> None:
        """Makes sure that a process which other processes have started ends with its measurements written."""
        is_child = _processes.is_child()
        if (is_child and _processes.is_daemon()) or (os.getpid() != self._origin and not is_child):
            raise RuntimeError(
                "a process that may end without notice (of a pool, or forked) cannot record measurements; "
                "return the value to the main process and record it there"
            )
        if is_child:
            from multiprocessing import util

            util.Finalize(None, self._end, exitpriority=0)
        self._is_prepared = True

    def _end(self) -> None:
        """Writes what was recorded; the process fails if that cannot be done, so that no success is without its values."""
        with self._lock:
            self._ended = True
            problems = []
            if self._step_file is not None and not self._step_file.flush():
                problems.append(f"the last steps were not written to '{self._step_path}'")
            try:
                self._flush()
            except OSError as problem:
                problems.append(f"the result was not written to '{self._result}': {problem.strerror or problem}")
            except ValueError as problem:
                problems.append(f"the result was not added to '{self._result}', in which something else lies: {problem}")
        if problems:
            print(f"orchestrate: {'; '.join(problems)}", file=sys.stderr)
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(Exception):
                    stream.flush()
            # Python ignores what goes wrong in an exit handler.
            os._exit(1)
