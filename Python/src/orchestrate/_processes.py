"""What this process is to the module multiprocessing."""

from __future__ import annotations

import sys


def is_child() -> bool:
    """Whether another process started this one to run its functions; also while it imports the program anew."""
    process = sys.modules.get("multiprocessing.process")
    return process is not None and (process.parent_process() is not None or getattr(process.current_process(), "_inheriting", False))


def is_daemon() -> bool:
    """Whether the one that started it ends it without notice, as those of a pool."""
    process = sys.modules.get("multiprocessing.process")
    return process is not None and bool(process.current_process().daemon)
