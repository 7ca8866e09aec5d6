"""Status lists to the bit: the text of a list, where it ends, and what the older kind looks like."""

import gzip
import zlib
from datetime import UTC, datetime

import pytest

from gradatim.engine import status_list
from gradatim.engine.encoding import base64url_decode, base64url_encode
from gradatim.engine.errors import LimitError, StatusError

URL = "https://x.example/s"
BYTES = status_list.MINIMUM // 8


def listed(**changes):
    made = status_list.credential(
        url=URL,
        issuer="did:x:y",
        purpose="revocation",
        bits=bytes(BYTES),
        valid_from=datetime(2026, 5, 1, tzinfo=UTC),
    )
    return made | changes


def test_the_text_of_a_list():
    made = status_list.encode(bytes(BYTES))
    assert status_list.decode(made) == bytes(BYTES)
    assert gzip.decompress(base64url_decode(made[1:])) == bytes(BYTES)
    assert base64url_decode(made[1:])[:8] == b"\x1f\x8b\x08\0\0\0\0\0"  # no name, no time


@pytest.mark.parametrize("old", [False, True])
def test_a_list_may_unfold_to_the_limit_and_no_further(old):
    text = status_list.encode(bytes(100))
    assert len(status_list.decode(text, limit=100, old=old)) == 100
    with pytest.raises(LimitError):
        status_list.decode(text, limit=99, old=old)


def test_only_gzip_is_unfolded():
    with pytest.raises(StatusError):
        status_list.decode("u" + base64url_encode(zlib.compress(bytes(BYTES))))


def test_an_older_list_has_no_letter_and_may_be_padded():
    for bits in (bytes(BYTES), bytes(BYTES + 1), bytes(BYTES + 2)):
        bare = base64url_encode(gzip.compress(bits, mtime=0))
        padded = bare + "=" * (-len(bare) % 4)
        for text in (bare, padded, f"u{bare}"):
            assert status_list.decode(text, old=True) == bits
        for text in (bare, padded):
            with pytest.raises(StatusError):
                status_list.decode(text)
    for text in ("H4sX", "x", "", 5, None):
        with pytest.raises(StatusError):
            status_list.decode(text, old=True)


def test_a_long_list_is_read_as_a_short_one():
    bits = bytes(range(256)) * 2048
    text = "u" + base64url_encode(gzip.compress(bits, compresslevel=0, mtime=0))
    assert len(text) > 256 * 1024
    assert status_list.decode(text) == bits


@pytest.mark.parametrize("size", [1, 2, 3, 4, 8])
def test_entries_up_to_the_last(size):
    """Every entry of every size, against the bits written as a text."""
    length = BYTES * size
    bits = bytes(length - 2) + b"\xa5\x3c"
    text = "".join(f"{byte:08b}" for byte in bits)
    entries = length * 8 // size
    for index in (0, 1, entries - 9 // size - 1, entries - 2, entries - 1):
        assert status_list.get(bits, index, size) == int(text[index * size : (index + 1) * size], 2)
    for outside in (-1, entries, entries + 1):
        with pytest.raises(StatusError, match=f"RANGE_ERROR: index {outside:,} .* {entries:,} entries"):
            status_list.get(bits, outside, size)
    with pytest.raises(StatusError, match="LENGTH_ERROR"):
        status_list.get(bits[size:], 0, size)


@pytest.mark.parametrize("size", [0, -1])
def test_entries_of_no_bits(size):
    with pytest.raises(ValueError, match="holds nothing"):
        status_list.get(bytes(BYTES), 0, size)


def test_bits_are_set_from_the_left():
    assert status_list.bits_of([0, 7, 8, 23], entries=24) == b"\x81\x80\x01"
    assert status_list.bits_of([], entries=16) == b"\0\0"
    assert len(status_list.bits_of([])) == BYTES
    for outside in (-1, 24):
        with pytest.raises(ValueError, match=f"{outside} is outside a list of 24"):
            status_list.bits_of([outside], entries=24)


def test_what_an_entry_and_a_list_say():
    assert status_list.entry(URL, index=7, purpose="suspension") == {
        "id": f"{URL}#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "suspension",
        "statusListIndex": "7",
        "statusListCredential": URL,
    }
    subject = listed()["credentialSubject"]
    assert listed() == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:x:y",
        "validFrom": "2026-05-01T00:00:00Z",
        "credentialSubject": subject,
    }
    assert subject == {
        "id": f"{URL}#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": status_list.encode(bytes(BYTES)),
        "ttl": 60_000,
    }


OLD = {"type": ["VerifiableCredential", "StatusList2021Credential"]}
OLD_SUBJECT = {"type": "StatusList2021", "statusPurpose": "revocation"}


@pytest.mark.parametrize(
    ("changes", "good"),
    [
        ({}, True),
        ({"credentialSubject": OLD_SUBJECT, **OLD}, True),
        ({"credentialSubject": {"type": "BitstringStatusList", "statusPurpose": ["x", "revocation"]}}, True),
        (OLD, False),
        ({"credentialSubject": OLD_SUBJECT}, False),
        ({"type": ["VerifiableCredential"]}, False),
        ({"credentialSubject": "x"}, False),
        ({"credentialSubject": None}, False),
        ({"credentialSubject": {"type": "BitstringStatusList", "statusPurpose": ["x"]}}, False),
        ({"credentialSubject": {"type": "BitstringStatusList"}}, False),
        ({"id": f"{URL}2"}, False),
    ],
)
def test_whose_list_it_is(changes, good):
    if good:
        assert status_list.subject_of(listed(**changes), url=URL, purpose="revocation")["type"]
    else:
        with pytest.raises(StatusError) as bad:
            status_list.subject_of(listed(**changes), url=URL, purpose="revocation")
        assert bad.value.code == "status-invalid"
    assert status_list.is_old(listed(**changes)) is ("StatusList2021Credential" in listed(**changes)["type"])
