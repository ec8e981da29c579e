"""Serves tasks: the worker's side of the worker protocol."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import traceback
from typing import Any, Dict, Optional

from . import _processes, _recording, _values
from ._protocol import Channel
from ._task import tasks
from ._task_attempt import TaskAttempt


def serve(name: Optional[str] = None, version: str = "1") -> None:
    """Runs the tasks of this program, one at a time, until the orchestrator ends it.

    Standard input and output belong to the protocol; whatever is printed goes to the log of the task that runs. Call it at the end of the
    program, and let what takes long, such as loading a model, wait for the first task: the orchestrator waits 30 seconds for this call.

    Args:
        name: The worker's name in messages; that of the program unless given.
        version: The worker's version in messages.

    Raises:
        TypeError: A task has a type hint that no request can be checked against.
        ValueError: There is no task.
    """
    if _processes.is_child():
        # A process that a task has started imports the program anew.
        return
    if not tasks:
        raise ValueError("this worker has no task: put @orchestrate.task before a function")
    for task in tasks.values():
        task.prepare()
    if sys.stdin is not None and sys.stdin.isatty():
        sys.exit(
            f"this is a worker for 'orchestrate run' (tasks: {', '.join(tasks)}): name it in the \"workers\" of a spec, or call its "
            "functions from Python"
        )
    channel = Channel()
    hello: Dict[str, Any] = {"type": "hello", "protocol": 1}
    hello["name"] = _values.name(name or os.path.splitext(os.path.basename(sys.argv[0]))[0] or "worker", "the name of a worker")
    hello["version"] = _values.name(version, "the version of a worker", allows_empty=True)
    hello["tasks"] = [{"name": task.name, "version": task.version} for task in tasks.values()]
    channel.send(channel.line(hello))
    _Worker(channel).serve()


class _Worker:
    """The tasks on their way from the reading thread to the one that runs them."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._requests: queue.SimpleQueue[Optional[TaskAttempt]] = queue.SimpleQueue()
        self._open: Dict[str, TaskAttempt] = {}
        self._current: Optional[TaskAttempt] = None
        self._thread = threading.get_ident()
        self._may_interrupt = threading.current_thread() is threading.main_thread()
        self._interrupts = False

    def serve(self) -> None:
        """Runs one task after the other until the orchestrator says shutdown."""
        if self._may_interrupt:
            signal.signal(signal.SIGINT, self._interrupted)
        threading.Thread(target=self._read, name="orchestrate", daemon=True).start()
        while True:
            attempt = self._requests.get()
            if attempt is None:
                return
            self._current = attempt
            _recording.begin_task(attempt)
            try:
                line = attempt.run()
            finally:
                _recording.begin_task(None)
                self._current = None
            self._open.pop(attempt.id, None)
            self._channel.send(line)

    def _read(self) -> None:
        try:
            for message in self._channel.messages():
                if message["type"] == "run":
                    attempt = TaskAttempt(message, self._channel, self._thread)
                    self._open[attempt.id] = attempt
                    self._requests.put(attempt)
                elif message["type"] == "cancel":
                    self._cancel(message["id"])
                elif message["type"] == "shutdown":
                    self._requests.put(None)
                    return
        except Exception:
            traceback.print_exc()
            os._exit(1)
        # The orchestrator is gone: end at once, whatever is being computed.
        os._exit(0)

    def _cancel(self, id: str) -> None:
        attempt = self._open.get(id)
        if attempt is None:
            return
        attempt.is_cancelled = True
        if self._may_interrupt:
            # Wakes the task from whatever it waits for.
            self._interrupts = True
            signal.pthread_kill(self._thread, signal.SIGINT)

    def _interrupted(self, number: int, frame: object) -> None:
        if not self._interrupts:
            raise KeyboardInterrupt
        self._interrupts = False
        if self._current is not None:
            self._current.raise_if_cancelled()
