"""One text of bytes for each value: what could be written in two ways is read in one."""

import pytest

from gradatim.engine.errors import InputError
from gradatim.engine.proof import cbor

GOOD = [{}, {0: 1, 2: b"x", "a": [1]}, {23: 0, 24: 0, 255: 0, 256: 0}, {b"k": "v", "k": b"v"}]


def test_as_deep_and_as_many_as_are_read():
    assert cbor.decode(b"\x81\x81\x81\x00") == [[[0]]]
    assert cbor.decode(b"\xa1\x00\xa1\x00\x81\x01") == {0: {0: [1]}}
    assert cbor.decode(b"\x99\x4e\x20" + bytes(20_000)) == [0] * 20_000
    assert cbor.decode(b"\x59\x4e\x21" + bytes(20_001)) == bytes(20_001)


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
        b"\x81\x81\x81\x81\x00",  # by one
        b"\x99\x4e\x21" + bytes(20_001),  # too many
        b"\x1c" + bytes(15) + b"\x01",  # a length of no known width
        b"\x1f",  # of no stated length
        b"\x62a",  # shorter than it says
        b"\xa1\x00\xa1\x00\xa1\x00\xa1\x00\x00",  # maps too deep
        b"",
    ],
    ids=bytes.hex,
)
def test_what_is_not_read(data):
    with pytest.raises(InputError) as refused:
        cbor.decode(data)
    assert refused.value.code == "parse"


@pytest.mark.parametrize("value", [-1, 1.5, None, True, (), 2**64])
def test_what_is_not_written(value):
    with pytest.raises(InputError) as refused:
        cbor.encode([value])
    assert refused.value.code == "parse"
