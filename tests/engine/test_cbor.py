"""One text of bytes for each value: what could be written in two ways is read in one."""

import pytest

from gradatim.engine.errors import InputError
from gradatim.engine.proof import cbor

GOOD = [{}, {0: 1, 2: b"x", "a": [1]}, {23: 0, 24: 0, 255: 0, 256: 0}, {b"k": "v", "k": b"v"}]


@pytest.mark.parametrize("value", GOOD, ids=str)
def test_maps_in_order(value):
    data = cbor.encode(value)
    assert cbor.decode(data) == value
    assert cbor.encode(dict(reversed(value.items()))) == data


@pytest.mark.parametrize(
    "data",
    [
        b"\xa2\x02\x00\x00\x00",  # out of order
        b"\xa2\x00\x00\x00\x01",  # twice the same
        b"\xa1\x80\x00",  # an array as a key
        b"\x18\x17",  # 23 in two bytes
        b"\x9f\xff",  # of no stated length
        b"\xf6",  # null
        b"\x20",  # a number below 0
        b"\xc0\x00",  # a tag
        b"\x81" * 9 + b"\x00",  # too deep
        b"",
    ],
    ids=bytes.hex,
)
def test_what_is_not_read(data):
    with pytest.raises(InputError) as refused:
        cbor.decode(data)
    assert refused.value.code == "parse"
