"""Tasks: functions with type hints whose parameters come from requests."""

from __future__ import annotations

import types
import typing
from typing import Any, Callable, Dict, List, Mapping, Optional, TypeVar, Union, overload

from . import _values
from ._errors import InputError

Function = TypeVar("Function", bound=Callable[..., Any])

_NO_PLAIN_FUNCTION = 0x20 | 0x80 | 0x200
"""Flags of the code of generators and coroutines (`inspect.CO_GENERATOR` and kin)."""

tasks: Dict[str, Task] = {}
"""The tasks of this program by name, in the order of their definition."""


class Task:
    """A function that runs as a task."""

    def __init__(self, function: Callable[..., Any], name: str, version: str) -> None:
        self.name = name
        self.version = version
        self._function = function
        self._required: List[str] = []
        self._hints: Dict[str, Any] = {}
        self._allows_more = False
        self._is_ready = False

    def prepare(self) -> None:
        """Reads the type hints, which may name what is defined after the function.

        Raises:
            TypeError: The function has something that no request can give.
        """
        import inspect

        from . import _hints

        try:
            hints = typing.get_type_hints(self._function)
        except Exception as problem:
            raise TypeError(f"the type hints of task '{self.name}' cannot be read: {problem}") from problem
        for parameter in inspect.signature(self._function).parameters.values():
            place = f"parameter '{parameter.name}' of task '{self.name}'"
            if parameter.kind is parameter.VAR_KEYWORD:
                self._allows_more = True
                continue
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
                raise TypeError(f"{place} has no name in a request; make it a usual parameter")
            hint = hints.get(parameter.name, Any)
            _hints.require_known(hint, place)
            self._hints[parameter.name] = hint
            if parameter.default is parameter.empty:
                self._required.append(parameter.name)
        self._is_ready = True

    def run(self, parameters: Mapping[str, Any]) -> Any:
        """Calls the function.

        Raises:
            InputError: A parameter is missing, unknown or not what its hint says.
        """
        if not self._is_ready:
            self.prepare()
        from . import _hints

        try:
            arguments = _hints.members(
                parameters, self._hints, self._required, f"task '{self.name}'", allows_more=self._allows_more
            )
        except _hints.Mismatch as problem:
            raise InputError(str(problem)) from None
        if self._allows_more:
            arguments = {**parameters, **arguments}
        return self._function(**arguments)


@overload
def task(function: Function, /) -> Function: ...


@overload
def task(*, name: Optional[str] = None, version: str = "1") -> Callable[[Function], Function]: ...


def task(
    function: Optional[Function] = None, /, *, name: Optional[str] = None, version: str = "1"
) -> Union[Function, Callable[[Function], Function]]:
    """Makes a function a task of this worker; it can still be called as it is.

    The task's parameters are the function's, checked against its type hints. What it returns, a mapping of names to numbers or nothing, is
    recorded as metrics; :func:`metric` and the like record more.

    Args:
        function: The function.
        name: The task's name; the function's unless given.
        version: Change it when results may change, and only then: it is part of the identity of each result.

    Raises:
        TypeError: It is no plain function.
        ValueError: There is such a task already.
    """

    def define(function: Function) -> Function:
        if not isinstance(function, types.FunctionType) or function.__code__.co_flags & _NO_PLAIN_FUNCTION:
            raise TypeError(f"a task is a plain function, not {function!r}")
        title = _values.name(name or function.__name__, "the name of a task")
        if title in tasks:
            raise ValueError(f"there is a task '{title}' already; give this one another name: @task(name=\"…\")")
        tasks[title] = Task(function, title, _values.name(str(version), "the version of a task", allows_empty=True))
        return function

    return define if function is None else define(function)
