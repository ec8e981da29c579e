"""The parameters of the attempt, with types."""

from __future__ import annotations

from typing import Any, Dict, Optional, Type, TypeVar, overload

from ._errors import InputError, MissingError
from ._recording import attempt

Kind = TypeVar("Kind")


class Parameters(Dict[str, Any]):
    """Parameters by name; a missing one is told with the cure."""

    def __missing__(self, name: str) -> Any:
        import difflib

        near = difflib.get_close_matches(name, self, 1)
        known = f"did you mean '{near[0]}'?" if near else "known are " + (", ".join(sorted(self)) or "none")
        raise MissingError(f"there is no parameter '{name}' ({known}); a command has those that its words name, as in {name}=${{{name}}}")


@overload
def parameters(**defaults: Any) -> Dict[str, Any]: ...


@overload
def parameters(kind: Type[Kind], /) -> Kind: ...


def parameters(kind: Optional[Type[Kind]] = None, /, **defaults: Any) -> Any:
    """The parameters of this attempt: for a task those of ``with``, for a command the words ``name=value`` of its command line.

    Each value of a word is JSON or a bare text. In a run, what a command's words name as ``${name}`` has the value and type that it has in
    the spec, whatever the word is.

    Args:
        kind: A data class: its object is returned, each parameter checked against the type hint. Parameters that it does not have are
            left out.
        defaults: Values of parameters that are not given. What is given has to be of the default's type, and becomes it.

    Returns:
        Parameters by name with the types that they have in the spec, or an object of ``kind``.

    Raises:
        InputError: A parameter is missing or not what its hint or default says.
    """
    given = attempt().parameters()
    if kind is None and not defaults:
        return Parameters(given)
    import dataclasses

    from . import _hints

    try:
        if kind is not None:
            if not dataclasses.is_dataclass(kind):
                raise TypeError(f"parameters() takes a data class, not {kind!r}")
            _hints.require_known(kind, kind.__name__)
            return _hints.instance(given, kind, kind.__name__, allows_more=True)
        for name, default in defaults.items():
            if name in given and type(default) in (int, float, str, bool, list, dict):
                given[name] = _hints.checked(given[name], type(default), f"parameter '{name}'")
    except _hints.Mismatch as problem:
        raise InputError(str(problem)) from None
    return Parameters({**defaults, **given})

