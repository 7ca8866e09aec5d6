"""Status lists that are signed well and say odd things: an answer each time, never a crash, never `valid`."""

import copy
from datetime import UTC, datetime

import pytest

from gradatim.engine import status_list
from gradatim.engine.errors import StatusError
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.proof import data_integrity
from gradatim.engine.report import VERDICTS
from gradatim.engine.verify import verify
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
