"""Text forms of bytes and instants: one text for one value, and back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradatim.engine import encoding
from gradatim.engine.errors import InputError


@given(st.binary(max_size=200))
def test_bytes_come_back(data):
    assert encoding.base58_decode(encoding.base58_encode(data)) == data
    assert encoding.base64url_decode(encoding.base64url_encode(data)) == data
    assert encoding.multibase_decode(encoding.multibase_encode(data)) == data
    assert encoding.multibase_decode("u" + encoding.base64url_encode(data)) == data


@given(st.text(alphabet="123456789ABCxyz", max_size=60))
def test_base58_has_one_text_for_one_value(text):
    assert encoding.base58_encode(encoding.base58_decode(text)) == text


@given(st.text(alphabet="AQgw_-z09", max_size=40))
def test_base64url_has_one_text_for_one_value(text):
    try:
        data = encoding.base64url_decode(text)
    except InputError:
        return
    assert encoding.base64url_encode(data) == text


@pytest.mark.parametrize(
    ("data", "text"), [(b"", ""), (b"\0\0a", "112g"), (b"Hello World!", "2NEpo7TZRRrLZSi2U")]
)
def test_base58_examples(data, text):
    assert encoding.base58_encode(data) == text


@pytest.mark.parametrize("text", ["0", "O", "I", "l", " ", "\u0661", "1" * (encoding.BASE58_LIMIT + 1)])
def test_no_base58(text):
    with pytest.raises(InputError) as bad:
        encoding.base58_decode(text)
    assert bad.value.code == "encoding"


@pytest.mark.parametrize("text", ["AA==", "A", "AB", "A+", "A/", "AA\n", " AA", "\u0661\u0661"])
def test_no_base64url(text):
    with pytest.raises(InputError) as bad:
        encoding.base64url_decode(text)
    assert bad.value.code == "encoding"


@pytest.mark.parametrize("text", ["", "m1", "f00", "Z1", "b", "\u0661"])
def test_no_multibase(text):
    with pytest.raises(InputError):
        encoding.multibase_decode(text)


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES))  # noqa: DTZ001 - the zones are drawn beside
def test_instants_come_back(moment):
    whole = moment.replace(microsecond=0)
    assert encoding.parse_datetime(whole.isoformat()) == whole
    assert encoding.parse_datetime(moment.isoformat()) == moment
    if moment.year > 1000:
        assert encoding.parse_datetime(encoding.format_datetime(moment)) == whole


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-05-30T12:00:00Z", datetime(2026, 5, 30, 12, tzinfo=UTC)),
        ("2026-05-30T17:00:00+05:00", datetime(2026, 5, 30, 12, tzinfo=UTC)),
        ("2026-05-30T12:00:00-00:00", datetime(2026, 5, 30, 12, tzinfo=UTC)),
        ("2026-05-30T24:00:00Z", datetime(2026, 5, 31, tzinfo=UTC)),
        ("2026-05-30T12:00:00.123456789Z", datetime(2026, 5, 30, 12, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_instants(text, instant):
    assert encoding.parse_datetime(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        None, 5, "", "2026-05-30", "2026-05-30T12:00:00", "2026-05-30 12:00:00Z", "2026-02-30T00:00:00Z",
        "2026-05-30T25:00:00Z", "2026-05-30T24:00:01Z", "2026-05-30T12:60:00Z", "2026-05-30T12:00:60Z",
        "2026-05-30T12:00:00+14:01", "2026-05-30T12:00:00+1:00", "2026-05-30t12:00:00z", "2026-05-30T12:00:00Z\n",
        "0000-01-01T00:00:00Z", "12026-05-30T12:00:00Z", "02026-05-30T12:00:00Z", "-0044-03-15T12:00:00Z", "\u0662026-05-30T12:00:00Z",
        "9999-12-31T24:00:00Z", "9" * 5000 + "-01-01T00:00:00Z",
    ],
)  # fmt: skip
def test_no_instants(text):
    with pytest.raises(InputError) as bad:
        encoding.parse_datetime(text)
    assert bad.value.code == "parse"


def test_an_instant_without_a_zone_is_a_bug_of_the_caller():
    with pytest.raises(ValueError, match="time zone"):
        encoding.format_datetime(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
