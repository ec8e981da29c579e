"""JSON values checked against type hints."""

from __future__ import annotations

import dataclasses
import difflib
import sys
import typing
from typing import Any, Dict, Iterable, List, Literal, Mapping, Union, get_args, get_origin

_UNIONS = {Union} if sys.version_info < (3, 10) else {Union, __import__("types").UnionType}

_WORDS: Dict[Any, str] = {
    int: "an integer",
    float: "a number",
    str: "a text",
    bool: "true or false",
    type(None): "null",
    list: "a list",
    dict: "an object",
}


class Mismatch(Exception):
    """A value is not what its hint says; the message names the place, what was expected and what was found."""


def checked(value: Any, hint: Any, place: str) -> Any:
    """Returns a JSON value as its hint says: a whole number as a float, an object as a data class.

    Args:
        value: As ``json`` makes it.
        hint: Of what ``require_known`` accepts.
        place: Names the value in messages.

    Raises:
        Mismatch: It is something else.
    """
    if hint is Any or hint is object:
        return value
    origin, arguments = get_origin(hint) or hint, get_args(hint)
    if origin is Literal:
        for choice in arguments:
            if type(value) is type(choice) and value == choice:
                return value
    elif origin in _UNIONS:
        return _checked_choice(value, hint, arguments, place)
    elif origin is float:
        if type(value) in (int, float):
            return float(value)
        if value in ("NaN", "Infinity", "-Infinity"):
            return float(value)
    elif origin is list:
        if isinstance(value, list):
            element = arguments[0] if arguments else Any
            return [checked(part, element, f"{place}[{number}]") for number, part in enumerate(value)]
    elif origin is dict:
        if isinstance(value, dict):
            element = arguments[1] if arguments else Any
            return {key: checked(part, element, f"{place}.{key}") for key, part in value.items()}
    elif dataclasses.is_dataclass(origin):
        if isinstance(value, dict):
            return instance(value, origin, place)
    elif type(value) is origin or (origin is type(None) and value is None):
        return value
    raise Mismatch(f"{place} should be {description(hint)}, found {_found(value)}")


def instance(values: Mapping[str, Any], kind: Any, place: str, *, allows_more: bool = False) -> Any:
    """Returns an object of a data class, or calls a function, with the members of a JSON object.

    Raises:
        Mismatch: One is missing, unknown or not what its hint says.
    """
    hints = typing.get_type_hints(kind)
    fields = [field for field in dataclasses.fields(kind) if field.init]
    required = [f.name for f in fields if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING]
    return kind(**members(values, {f.name: hints[f.name] for f in fields}, required, place, allows_more=allows_more))


def members(
    values: Mapping[str, Any], hints: Mapping[str, Any], required: Iterable[str], place: str, *, allows_more: bool = False
) -> Dict[str, Any]:
    """Returns the members of a JSON object, each as its hint says.

    Args:
        values: The object.
        hints: By name of all members that it may have.
        required: Those that it must have.
        place: Names the object in messages.
        allows_more: Whether members without a hint are left out instead of being a mistake.

    Raises:
        Mismatch: One is missing, unknown or not what its hint says.
    """
    for name in values:
        if name not in hints and not allows_more:
            near = difflib.get_close_matches(name, hints, 1)
            known = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(repr(known) for known in hints) or 'none'}"
            raise Mismatch(f"{place} has no parameter '{name}'; {known}")
    for name in required:
        if name not in values:
            raise Mismatch(f"{place} needs the parameter '{name}', {description(hints[name])}")
    return {name: checked(values[name], hint, f"parameter '{name}' of {place}") for name, hint in hints.items() if name in values}


def require_known(hint: Any, place: str) -> None:
    """Makes sure that values can be checked against a hint.

    Raises:
        TypeError: They cannot.
    """
    origin, arguments = get_origin(hint) or hint, get_args(hint)
    parts: List[Any] = []
    if origin in _UNIONS or origin is list:
        parts = list(arguments)
    elif origin is dict:
        if arguments and arguments[0] is not str:
            raise TypeError(f"{place} has the type hint {hint}; the keys of a JSON object are str")
        parts = list(arguments[1:])
    elif dataclasses.is_dataclass(origin):
        found = typing.get_type_hints(origin)
        parts = [found[field.name] for field in dataclasses.fields(origin) if field.init]
    elif origin not in (Any, object, Literal, int, float, str, bool, type(None)):
        raise TypeError(
            f"{place} has the type hint {hint}, which no JSON value can have; use int, float, str, bool, None, list, dict, Optional, "
            "Union, Literal, Any or a data class of these"
        )
    for part in parts:
        require_known(part, place)


def description(hint: Any) -> str:
    """What a hint asks for, in words."""
    origin, arguments = get_origin(hint) or hint, get_args(hint)
    if origin is Literal:
        return " or ".join(repr(choice) for choice in arguments)
    if origin in _UNIONS:
        return " or ".join(description(part) for part in arguments)
    if origin is list and arguments and arguments[0] is not Any:
        return f"a list, each element {description(arguments[0])}"
    if dataclasses.is_dataclass(origin):
        return f"an object with the members of {getattr(origin, '__name__', origin)}"
    return _WORDS.get(origin, "anything")


def _checked_choice(value: Any, hint: Any, arguments: Any, place: str) -> Any:
    reasons: List[Mismatch] = []
    for part in sorted(arguments, key=lambda part: part is float):  # Whole numbers stay what they are where they may.
        try:
            return checked(value, part, place)
        except Mismatch as problem:
            if part is not type(None):
                reasons.append(problem)
    if len(reasons) == 1 and isinstance(value, (list, dict)):
        raise reasons[0]
    raise Mismatch(f"{place} should be {description(hint)}, found {_found(value)}")


def _found(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {value[:60]!r}"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value) if isinstance(value, (int, float)) else _WORDS.get(type(value), type(value).__name__)
