import dataclasses
import typing
from typing import Any, Dict, List, Literal, Optional, Union

import pytest

from orchestrate import _hints


@dataclasses.dataclass
class Optimiser:
    rate: float
    name: Literal["adam", "sgd"] = "adam"
    betas: List[float] = dataclasses.field(default_factory=list)


@pytest.mark.parametrize(
    ("value", "hint", "expected"),
    [
        (3, int, 3),
        (3, float, 3.0),
        ("Infinity", float, float("inf")),
        (None, Optional[int], None),
        ("a", Union[int, str], "a"),
        (3, Union[float, int], 3),
        ([1, 2], List[float], [1.0, 2.0]),
        ({"a": [1]}, Dict[str, List[int]], {"a": [1]}),
        ([1, "a"], list, [1, "a"]),
        ("sgd", Literal["adam", "sgd"], "sgd"),
        ({"x": None}, Any, {"x": None}),
        ({"rate": 1, "betas": [1]}, Optimiser, Optimiser(1.0, "adam", [1.0])),
        ({"rate": 1}, Optional[Optimiser], Optimiser(1.0)),
    ],
)
def test_values_become_what_their_hints_say(value, hint, expected):
    _hints.require_known(hint, "p")
    found = _hints.checked(value, hint, "p")
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "hint", "words"),
    [
        (3.0, int, "p should be an integer, found 3.0"),
        (True, int, "p should be an integer, found true"),
        (True, float, "p should be a number, found true"),
        (1, bool, "p should be true or false, found 1"),
        ("0.1", float, "p should be a number, found the text '0.1'"),
        (None, str, "p should be a text, found null"),
        (1, Literal["adam", 2], "p should be 'adam' or 2, found 1"),
        ([1, None], List[int], r"p\[1\] should be an integer, found null"),
        ({"a": ["x"]}, Dict[str, List[int]], r"p.a\[0\] should be an integer"),
        ("x", Optional[int], "p should be an integer or null"),
        ([1], Optional[List[str]], r"p\[0\] should be a text, found 1"),
        ({"rate": 1, "nam": "sgd"}, Optimiser, "p has no parameter 'nam'; did you mean 'name'?"),
        ({}, Optimiser, "p needs the parameter 'rate', a number"),
    ],
)
def test_what_a_hint_does_not_say_is_told(value, hint, words):
    with pytest.raises(_hints.Mismatch, match=words):
        _hints.checked(value, hint, "p")


@pytest.mark.parametrize("hint", [bytes, typing.Tuple[int, int], Dict[int, str], List[complex], typing.Callable[[], int]])
def test_hints_that_no_request_can_meet_are_refused(hint):
    with pytest.raises(TypeError, match="type hint"):
        _hints.require_known(hint, "p")


def test_a_command_has_the_spec_s_parameters(program):
    outcome = program.run(
        """
        import dataclasses
        settings = orchestrate.parameters(rate=1.0, size=3)
        print(settings, type(settings["rate"]))

        @dataclasses.dataclass
        class Settings:
            rate: float
            size: int = 4

        print(orchestrate.parameters(Settings))
        for wrong in (lambda: settings["rat"], lambda: orchestrate.parameters(name=1)):
            try: wrong()
            except orchestrate.InputError as problem: print(problem)
        """,
        "rate=3",
        "name=y",
        ORCHESTRATE_PARAMETERS='{"rate": 2, "name": "x"}',
    )
    assert outcome.stdout.splitlines() == [
        "{'rate': 2.0, 'size': 3, 'name': 'x'} <class 'float'>",
        "Settings(rate=2.0, size=4)",
        "there is no parameter 'rat' (did you mean 'rate'?); a command has those that its words name, as in rat=${rat}",
        "parameter 'name' should be an integer, found the text 'x'",
    ], outcome.stderr


def test_words_of_the_command_line_are_parameters(program):
    words = ["a=2", "b=[1, 2]", "c=text", "--d=3", "e", "f="]
    outcome = program.run("print(orchestrate.parameters(a=1.0))", *words, ORCHESTRATE_PARAMETERS='{"c": 7}')
    assert outcome.stdout == "{'a': 2.0, 'b': [1, 2], 'c': 7, 'f': ''}\n"
