"""RFC 8785: the published examples, and numbers as ECMAScript writes them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.engine.canonical import jcs
from gradatim.engine.errors import InputError
from tests.conftest import SHARED

SUITE = SHARED / "standards/vectors/jcs"
NAMES = sorted(p.name for p in (SUITE / "input").glob("*.json")) if SUITE.exists() else []


@pytest.mark.shared
@pytest.mark.parametrize("name", NAMES)
def test_vector(name):
    got = jcs.canonicalize(json.loads((SUITE / "input" / name).read_bytes()))
    assert got == (SUITE / "output" / name).read_bytes().rstrip(b"\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (1, "1"), (-1.5, "-1.5"), (1e21, "1e+21"), (1e20, "100000000000000000000"),
        (1e-6, "0.000001"), (1e-7, "1e-7"), (5e-324, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
        (333333333.3333332, "333333333.3333332"), (9007199254740994, "9007199254740994"), (0.002, "0.002"),
    ],
)  # fmt: skip
def test_numbers(value, text):
    assert jcs.number(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back(value):
    assert float(jcs.number(value)) == value


@pytest.mark.parametrize("value", [2**53 + 1, 10**400, -(2**63) - 1])
def test_numbers_that_a_double_cannot_hold(value):
    with pytest.raises(InputError):
        jcs.number(value)


@pytest.mark.parametrize("value", [2**53, 43231077346534500, 10**20, -(2**60)])
def test_whole_numbers_that_come_back_as_they_are_written(value):
    assert float(jcs.number(value)) == float(value)
    assert jcs.number(int(jcs.number(value))) == jcs.number(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", b"x", object()])
def test_what_is_no_json(value):
    with pytest.raises(InputError):
        jcs.canonicalize([value])
