"""Bitstring status lists: bit order, limits, and what is no list."""

import gzip
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradatim.engine import encoding, status_list
from gradatim.engine.errors import LimitError, StatusError


def folded(data):
    return "u" + encoding.base64url_encode(data)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, status_list.MINIMUM - 1), max_size=50))
def test_set_bits_come_back(indexes):
    bits = status_list.decode(status_list.encode(status_list.bits_of(indexes)))
    assert {i for i in range(0, status_list.MINIMUM, 4099) if status_list.get(bits, i)} == {
        i for i in indexes if i % 4099 == 0
    }
    assert all(status_list.get(bits, i) for i in indexes)


def test_index_0_is_the_left_most_bit():
    bits = bytearray(status_list.MINIMUM // 8)
    bits[0] = 0b1000_0000
    assert status_list.get(bytes(bits), 0) == 1
    bits[0] = 0b0000_0001
    assert status_list.get(bytes(bits), 0) == 0
    assert status_list.get(bytes(bits), 7) == 1


def test_entries_of_two_bits():
    bits = bytearray(status_list.MINIMUM // 4)
    bits[0] = 0b0010_0000
    assert [status_list.get(bytes(bits), i, 2) for i in range(3)] == [0, 2, 0]


def test_the_same_bits_give_the_same_text():
    bits = status_list.bits_of({1, 5})
    assert status_list.encode(bits) == status_list.encode(bits)


@pytest.mark.parametrize(
    "encoded",
    [
        None,
        7,
        "",
        "H4sI",
        "z123",
        "u====",
        folded(b"no gzip"),
        folded(gzip.compress(bytes(9), mtime=0)[:-4]),
        folded(gzip.compress(b"a", mtime=0) + b"tail"),
    ],
)
def test_what_is_no_list(encoded):
    with pytest.raises(StatusError) as bad:
        status_list.decode(encoded)
    assert bad.value.code == "status-invalid"


def test_too_short_and_out_of_range():
    with pytest.raises(StatusError, match="STATUS_LIST_LENGTH_ERROR") as short:
        status_list.get(bytes(128), 0)
    with pytest.raises(StatusError, match="RANGE_ERROR") as outside:
        status_list.get(bytes(16384), 131072)
    assert {short.value.code, outside.value.code} == {"status-invalid"}


def test_a_bomb_is_given_up_early():
    bomb = folded(gzip.compress(bytes(64 * 1024 * 1024), 9))
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(LimitError) as limit:
        status_list.decode(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert limit.value.code == "resource-limit"
    assert time.process_time() - started < 2
    assert peak < 100 * 1024 * 1024


def test_an_index_outside_a_list_is_a_bug_of_the_caller():
    with pytest.raises(ValueError, match="outside"):
        status_list.bits_of({status_list.MINIMUM})
