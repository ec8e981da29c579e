"""The file in which a command leaves what it measured."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Iterator

from ._measurements import JSONObject, merged


def add(result: JSONObject, path: str) -> None:
    """Adds to the result file, or makes it; readers see the old content or the new one.

    Several processes of an attempt may do so, one after the other or at once.

    Args:
        result: The members `metrics`, `samples` and `artifacts`.
        path: The file.

    Raises:
        OSError: It cannot be written.
        ValueError: What lies there is no result.
    """
    with _alone(os.path.dirname(path) or "."):
        temporary = f"{path}.{os.getpid()}"
        try:
            text = json.dumps(merged(_content(path), result), ensure_ascii=False, separators=(",", ":"))
            with open(temporary, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise


def _content(path: str) -> JSONObject:
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except FileNotFoundError:
        return {}
    if not isinstance(content, dict):
        raise ValueError("it is no JSON object")
    return content


@contextlib.contextmanager
def _alone(folder: str) -> Iterator[None]:
    """Keeps other processes of this package away from the files of a folder."""
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
