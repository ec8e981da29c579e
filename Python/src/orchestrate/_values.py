"""Checks of what a program records: the same rules as those of the orchestrator, at the place of the call."""

from __future__ import annotations

import math
import operator
import unicodedata

LONGEST_NAME = 1024
"""Longest name in bytes of UTF-8."""

LARGEST_INTEGER = 2**53 - 1
"""Largest step or repetition: what a double still tells from its neighbours."""


def number(value: object, what: str) -> float:
    """Returns one real number as a float: of Python, or a scalar of NumPy, PyTorch and their kin.

    Args:
        value: A number, or an object with a method ``item`` that returns one. NaN and infinities are numbers; booleans are 0 and 1.
        what: Names the value in messages.

    Raises:
        TypeError: It is no number, or more than one.
        ValueError: It is an integer that no float can hold.
    """
    if isinstance(value, float):
        return float(value)
    plain = value
    item = getattr(value, "item", None)
    if not isinstance(value, int) and callable(item):
        try:
            plain = item()
        except Exception as problem:
            shape = getattr(value, "shape", None)
            found = f"{type(value).__name__} of shape {tuple(shape)}" if shape is not None else type(value).__name__
            raise TypeError(f"{what} should be one number, not {found}; reduce it first, as with .mean()") from problem
    if not isinstance(plain, (int, float)) and not hasattr(plain, "__float__"):
        raise TypeError(f"{what} should be a number, not {_described(plain)}")
    try:
        return float(plain)
    except OverflowError as problem:
        raise ValueError(f"{what} is an integer beyond what a float can hold") from problem
    except Exception as problem:
        raise TypeError(f"{what} should be a number, not {_described(plain)}") from problem


def name(text: object, what: str, *, allows_empty: bool = False) -> str:
    """Returns a name in its composed form (NFC).

    Args:
        text: The name.
        what: Names it in messages, as "the name of a metric".
        allows_empty: Whether an empty text will do.

    Raises:
        TypeError: It is no text.
        ValueError: It is empty, too long, or has characters that a name may not have.
    """
    if not isinstance(text, str):
        raise TypeError(f"{what} should be a text, not {_described(text)}")
    if not text:
        if allows_empty:
            return ""
        raise ValueError(f"{what} should be a name, not an empty text")
    try:
        size = len(text.encode())
    except UnicodeEncodeError as problem:
        raise ValueError(f"{what} should be a text without lone surrogates, not {text[:60]!r}") from problem
    if size > LONGEST_NAME:
        raise ValueError(f"{what} should be a text of at most {LONGEST_NAME} bytes, not {size}")
    for character in text:
        if unicodedata.category(character) == "Cc":
            raise ValueError(f"{what} should be a text without control characters, not one with U+{ord(character):04X}: {text[:60]!r}")
    return unicodedata.normalize("NFC", text)


def index(value: object, what: str) -> int:
    """Returns an integer from 0, such as a step or a repetition; integers of NumPy and PyTorch will do.

    Raises:
        TypeError: It is no integer.
        ValueError: It is negative or beyond 2^53.
    """
    if isinstance(value, bool):
        raise TypeError(f"{what} should be an integer, not a boolean")
    try:
        found = operator.index(value)  # type: ignore[arg-type]
    except TypeError as problem:
        raise TypeError(f"{what} should be an integer, not {_described(value)}") from problem
    if not 0 <= found <= LARGEST_INTEGER:
        raise ValueError(f"{what} should be an integer from 0 to 2^53 - 1, not {found:.6g}")
    return found


def json_number(value: float) -> float | str:
    """A number as JSON has it: those that are not finite are texts."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _described(value: object) -> str:
    if value is None:
        return "None"
    if isinstance(value, str):
        return f"the text {value[:60]!r}"
    return f"{'an' if type(value).__name__[0] in 'aeiou' else 'a'} {type(value).__name__}"
