"""The file to which a command appends its step metrics while it runs."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from typing import Dict, Mapping, Tuple

from . import _values

_LARGEST_BACKLOG = 16 << 20
"""Bytes of lines that are kept while they cannot be written."""


class StepFile:
    """Appends a line for each step, with one write: whatever ends the process, earlier lines are there.

    Lines that cannot be written, as on a full disk, are kept and tried again each second; the program goes on.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor = -1
        self._forms: Dict[Tuple[str, ...], str] = {}
        self._backlog = b""
        self._next_try = 0.0
        self._has_failed = False
        self._has_warned = False

    def append(self, step: int, values: Mapping[str, float]) -> None:
        """Writes the values of one step, numbers with twelve digits.

        Args:
            step: From 0.
            values: By name; names are checked.
        """
        numbers = values.values()
        if math.isfinite(sum(numbers)):
            names = tuple(values)
            form = self._forms.get(names)
            if form is None:
                form = self._forms[names] = _form(names)
            line = form % (step, *numbers)
        else:
            members = {name: _values.json_number(value) for name, value in values.items()}
            line = json.dumps({"step": step, "metrics": members}, ensure_ascii=False, separators=(",", ":")) + "\n"
        self._backlog += line.encode()
        if len(self._backlog) > _LARGEST_BACKLOG:
            self._drop_oldest()
        if not self._has_failed or time.monotonic() >= self._next_try:
            self.flush()

    def flush(self) -> bool:
        """Writes what could not be written before; returns whether nothing is left."""
        # Taken out first: the handler of a signal may append while this one writes.
        lines, self._backlog = self._backlog, b""
        try:
            if lines and self._descriptor < 0:
                self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
            while lines:
                lines = lines[os.write(self._descriptor, lines) :]
            self._has_failed = False
        except OSError as problem:
            self._backlog = lines + self._backlog
            self._has_failed = True
            self._next_try = time.monotonic() + 1
            if not self._has_warned:
                self._has_warned = True
                print(
                    f"orchestrate: steps cannot be written to '{self._path}': {problem.strerror}; they are kept and tried again",
                    file=sys.stderr,
                )
        return not self._backlog

    def _drop_oldest(self) -> None:
        # The first line may have been written in part.
        first = self._backlog.index(b"\n") + 1
        middle = self._backlog.index(b"\n", len(self._backlog) // 2) + 1
        self._backlog = self._backlog[:first] + self._backlog[middle:]


def _form(names: Tuple[str, ...]) -> str:
    members = ",".join(json.dumps(name, ensure_ascii=False).replace("%", "%%") + ":%.12g" for name in names)
    return '{"step":%d,"metrics":{' + members + "}}\n"
