"""The results database, opened so that nothing in its folder is changed."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from typing import Iterator, List, Optional, Tuple
from urllib.parse import quote

_OLDEST_SCHEMA = 5


@contextlib.contextmanager
def reading(path: str) -> Iterator[sqlite3.Connection]:
    """Opens a results database for one consistent look.

    Where SQLite may not write its index beside a write-ahead log, a database with everything in its own file is read as it lies there, and
    any other in a private copy.

    Args:
        path: The database file.

    Raises:
        FileNotFoundError: There is none.
        ValueError: It is none that can be read.
        BlockingIOError: It was changed while it was read in place or copied.
    """
    if not os.path.isfile(path):
        raise FileNotFoundError(f"there is no results database '{path}'; 'orchestrate run' makes one, or name another results folder")
    if not os.access(path, os.R_OK):
        raise PermissionError(f"'{path}' may not be read")
    with contextlib.ExitStack() as stack:
        try:
            connection, before = _connection(path, stack)
            _require_schema(connection, path)
            yield connection
        except sqlite3.Error as problem:
            raise ValueError(_explanation(path, problem)) from problem
        if before is not None and _stamps(path) != before:
            raise BlockingIOError(f"'{path}' was changed while it was read; try again")


_Stamp = Optional[Tuple[int, int, int]]


def _connection(path: str, stack: contextlib.ExitStack) -> Tuple[sqlite3.Connection, Optional[List[_Stamp]]]:
    """Opens the database in the first way that works; with stamps if nothing keeps others from changing it."""
    if _may_share(path):
        # An index that is there may still be one that only others may write.
        with contextlib.suppress(sqlite3.OperationalError):
            return _opened(path, "mode=ro", stack), None
    before = _stamps(path)
    if not any(_has_content(path + suffix) for suffix in ("-wal", "-journal")):
        return _opened(path, "immutable=1", stack), before
    return _opened(_copy(path, stack), "mode=rw", stack), None


def _opened(path: str, how: str, stack: contextlib.ExitStack) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(path)}?{how}", uri=True, timeout=10, isolation_level=None)
    stack.callback(connection.close)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("BEGIN")
    connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    return connection


def _may_share(path: str) -> bool:
    """Whether SQLite finds or may make its index there: in one's own folder, so that it belongs to who writes the database."""
    if os.path.exists(path + "-shm"):
        return True
    is_own = os.geteuid() == 0 or (os.stat(path).st_uid == os.geteuid() and os.access(path, os.W_OK))
    return is_own and os.access(os.path.dirname(path) or ".", os.W_OK)


def _has_content(path: str) -> bool:
    return os.path.exists(path) and os.path.getsize(path) > 0


def _stamps(path: str) -> List[_Stamp]:
    """What tells one content of the database from another without reading it."""
    stamps: List[_Stamp] = []
    for suffix in ("", "-wal", "-journal"):
        try:
            status = os.stat(path + suffix)
            stamps.append((status.st_ino, status.st_size, status.st_mtime_ns))
        except FileNotFoundError:
            stamps.append(None)
    return stamps


def _copy(path: str, stack: contextlib.ExitStack) -> str:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="orchestrate-"))
    copy = os.path.join(folder, "copy.sqlite")
    before = _stamps(path)
    for suffix, stamp in zip(("", "-wal", "-journal"), before):
        if stamp is not None:
            shutil.copyfile(path + suffix, copy + suffix)
    if _stamps(path) != before:
        raise BlockingIOError(f"'{path}' was changed while it was read; try again")
    return copy


def _require_schema(connection: sqlite3.Connection, path: str) -> None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not {"schema_version", "attempt"} <= tables:
        raise ValueError(f"'{path}' is an SQLite file of another program; name another file")
    (version,) = connection.execute("SELECT version FROM schema_version").fetchone()
    if version < _OLDEST_SCHEMA:
        raise ValueError(
            f"'{path}' was made by an older version of orchestrate (schema {version}); 'orchestrate recover' brings it up to date, after "
            "a backup"
        )


def _explanation(path: str, problem: sqlite3.Error) -> str:
    text = str(problem)
    if sqlite3.sqlite_version_info < (3, 38):
        return f"'{path}' cannot be read with SQLite {sqlite3.sqlite_version}, this Python's: it takes 3.38 or newer ({text})"
    if "no such" in text:
        return f"'{path}' was made by another version of orchestrate ({text}); install the Python package of the same version"
    return f"'{path}' cannot be read: {text}"
