"""A worker's end of the worker protocol: lines of JSON over the standard streams."""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any, Dict, Iterator

LONGEST_LINE = 16 << 20
"""Bytes of the longest line that the orchestrator takes."""


class Channel:
    """Takes the standard streams over: they belong to the protocol, and whatever is printed goes to the log."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        # Neither is passed on to programs that a task starts.
        self._input = os.dup(0)
        self._output = os.dup(1)
        os.dup2(2, 1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        self._lock = threading.Lock()
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(line_buffering=True, errors="backslashreplace")

    def messages(self) -> Iterator[Dict[str, Any]]:
        """The orchestrator's messages until it closes the stream."""
        with open(self._input, "rb", closefd=False) as lines:
            for line in lines:
                yield json.loads(line)

    def line(self, message: Dict[str, Any]) -> bytes:
        """A message as a line."""
        return json.dumps(message, separators=(",", ":")).encode() + b"\n"

    def send(self, line: bytes) -> None:
        """Writes a whole line; without an orchestrator that reads it the process ends."""
        with self._lock:
            try:
                while line:
                    line = line[os.write(self._output, line) :]
            except OSError:
                os._exit(0)


def flush_log() -> None:
    """Sends what was printed to the log, that of C libraries included, before the task is over."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass
    import ctypes

    try:
        ctypes.CDLL(None).fflush(None)
    except (OSError, AttributeError, TypeError):
        pass
