import fractions
import math

import pytest

from orchestrate import _values


class Scalar:
    """What numpy.float32 or a torch tensor of one element are to this package."""

    def __init__(self, value):
        self._value = value

    def item(self):
        return self._value


@pytest.mark.parametrize("value", [2, 2.0, True + 1, Scalar(2.0), Scalar(2), fractions.Fraction(2)])
def test_numbers_of_all_kinds_are_taken(value):
    assert _values.number(value, "x") == 2.0
    assert type(_values.number(value, "x")) is float


def test_what_is_not_finite_is_a_number():
    assert math.isnan(_values.number(Scalar(math.nan), "x"))
    assert _values.json_number(-math.inf) == "-Infinity"


class Array:
    shape = (3, 2)

    def item(self):
        raise ValueError("can only convert an array of size 1")


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        ("0.5", TypeError, "the text '0.5'"),
        (None, TypeError, "not None"),
        ([1], TypeError, "a list"),
        (1j, TypeError, "a complex"),
        (Scalar(1j), TypeError, "a complex"),
        (Scalar("a"), TypeError, "the text 'a'"),
        (Array(), TypeError, r"Array of shape \(3, 2\); reduce it first"),
        (10**400, ValueError, "beyond what a float can hold"),
    ],
)
def test_what_is_no_number_is_refused(value, error, words):
    with pytest.raises(error, match=words):
        _values.number(value, "metric 'x'")


def test_names_are_composed():
    assert _values.name("u\u0308", "a name") == "ü"


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", ValueError, "empty text"),
        ("a\nb", ValueError, r"U\+000A"),
        ("a\x00", ValueError, r"U\+0000"),
        ("\x9b31m", ValueError, r"U\+009B"),
        ("ü" * 513, ValueError, "at most 1024 bytes, not 1026"),
        ("\ud800", ValueError, "surrogates"),
        (3, TypeError, "an int"),
    ],
)
def test_names_that_cannot_be_stored_are_refused(text, error, words):
    with pytest.raises(error, match=words):
        _values.name(text, "the name of a metric")


@pytest.mark.parametrize("value", [-1, 2**53, 1.0, True, "1"])
def test_steps_are_integers_from_0(value):
    with pytest.raises((TypeError, ValueError), match="integer"):
        _values.index(value, "'step'")


def test_scalars_of_numpy_are_numbers():
    numpy = pytest.importorskip("numpy")
    assert _values.number(numpy.float32(0.5), "x") == 0.5
    assert _values.number(numpy.array([0.5]), "x") == 0.5
    assert _values.number(numpy.bool_(True), "x") == 1.0
    assert _values.index(numpy.int64(3), "step") == 3
    with pytest.raises(TypeError, match="shape"):
        _values.number(numpy.zeros(3), "x")
