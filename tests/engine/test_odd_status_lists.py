"""Status lists that are signed well and say odd things: an answer each time, never a crash, never `valid`."""

import copy
import gzip
import random
import zlib
from datetime import UTC, datetime

import pytest
from zlib_ng import zlib_ng

from gradatim.engine import status_list
from gradatim.engine.errors import StatusError
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.model.values import listed
from gradatim.engine.proof import data_integrity
from gradatim.engine.report import VERDICTS
from gradatim.engine.verify import Sitting, verify
from tests.engine.samples import DID, KEY, METHOD, NOW, signed

URL = "https://issuer.example/status/1"
REVOKED = signed(credentialStatus=status_list.entry(URL, index=7, purpose="revocation"))
LIST = status_list.credential(
    url=URL,
    issuer=DID,
    purpose="revocation",
    bits=status_list.bits_of({7}),
    valid_from=datetime(2026, 5, 1, tzinfo=UTC),
)
ODD = [None, 5, -1, 1.5, True, "", [], {}, ["x"], [5], [None], [[]], {"revocation": 1}]
PLACES = ["type", "id", "issuer", "validFrom", "validUntil", "credentialSubject"]
INSIDE = ["type", "id", "statusPurpose", "encodedList", "ttl", "statusSize"]


def answer(listing):
    try:
        body = data_integrity.add_proof(listing, signer=KEY, verification_method=METHOD, created=NOW)
    except Exception:  # noqa: BLE001 - what cannot be signed is served without a proof
        body = listing
    return verify(REVOKED, fetcher=MemoryFetcher({URL: {"body": body}}), now=NOW)


def test_the_list_itself_is_good():
    assert answer(LIST).cause == "revoked"


def test_a_list_that_takes_too_long_leaves_the_question_open():
    """And it is not kept for others: perhaps the credential that asked had used up all there was."""
    ring = [{"id": f"_:x{number}", "p": f"_:x{(number + 1) % 100}"} for number in range(100)]
    context = [*listed(LIST["@context"]), {"p": {"@id": "urn:p", "@type": "@id"}}]
    body = LIST | {
        "@context": context,
        "credentialSubject": [LIST["credentialSubject"], *ring],
        "proof": REVOKED["proof"],
    }
    sitting = Sitting()
    report = verify(REVOKED, fetcher=MemoryFetcher({URL: {"body": body}}), now=NOW, sitting=sitting)
    assert (report.verdict, report.cause) == ("undetermined", "resource-limit")
    sitting.at(NOW)
    assert sitting.lists == {}


@pytest.mark.parametrize("value", ODD, ids=repr)
@pytest.mark.parametrize("name", PLACES)
def test_odd_lists(name, value):
    report = answer(LIST | {name: value})
    assert report.verdict in set(VERDICTS) - {"valid"}


@pytest.mark.parametrize("value", ODD, ids=repr)
@pytest.mark.parametrize("name", INSIDE)
def test_odd_subjects_of_lists(name, value):
    listing = copy.deepcopy(LIST)
    listing["credentialSubject"][name] = value
    report = answer(listing)
    assert report.verdict in set(VERDICTS) - {"valid"}


def test_a_purpose_is_a_word_or_words():
    for purposes in (5, True, None, {"revocation": 1}, "revocations"):
        subject = LIST["credentialSubject"] | {"statusPurpose": purposes}
        with pytest.raises(StatusError):
            status_list.subject_of(LIST | {"credentialSubject": subject}, url=URL, purpose="revocation")


def test_no_index_counts_from_the_end():
    with pytest.raises(StatusError, match="RANGE_ERROR"):
        status_list.get(bytes(16383) + b"\1", -1)
    with pytest.raises(ValueError, match="0 bits"):
        status_list.get(bytes(16384), 0, 0)


def unfolded(library, stream, limit):
    """What an inflater says of a stream: its bytes, whether it ended, what it left; or that it refuses."""
    inflater = library.decompressobj(wbits=31)
    try:
        bits = inflater.decompress(stream, limit)
        bits += inflater.decompress(inflater.unconsumed_tail, limit) if not inflater.eof else b""
    except library.error:
        return None
    return bits, inflater.eof, inflater.unused_data


def damaged(stream, chance):
    """A stream with a few bytes changed, cut out, doubled or put at its end."""
    stream = bytearray(stream)
    for _ in range(chance.randint(0, 3)):
        at = chance.randrange(len(stream))
        kind = chance.randrange(5)
        if kind == 0:
            stream[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del stream[at : at + chance.randint(1, 9)]
        elif kind == 2:
            stream[at:at] = stream[at : at + 9]
        elif kind == 3:
            stream += chance.randbytes(chance.randint(1, 9))
        else:
            stream[chance.randrange(min(12, len(stream)))] = chance.randrange(256)  # the head and its flags
        if not stream:
            break
    return bytes(stream)


@pytest.mark.parametrize("seed", range(8))
def test_the_inflater_says_what_the_standard_library_says(seed):
    chance = random.Random(seed)
    whole = [status_list.bits_of(chance.sample(range(status_list.MINIMUM), n)) for n in (0, 3, 900, 20_000)]
    streams = [gzip.compress(bits, level) for bits in whole for level in (0, 1, 9)]
    for _ in range(500):
        stream = damaged(chance.choice(streams), chance)
        for limit in (status_list.MINIMUM // 8 + 1, 100):
            assert unfolded(zlib_ng, stream, limit) == unfolded(zlib, stream, limit)
