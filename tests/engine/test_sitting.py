"""Verifying many at one sitting says of each what it says alone: nothing kept for one counts for another."""

import copy
import json
import random
from datetime import timedelta

import pytest

from gradatim.engine import encoding, issue_token, status_list
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.proof import data_integrity
from gradatim.engine.verify import verify
from gradatim.engine.verify.asking import MAX_KEPT, Sitting
from tests.conftest import SHARED
from tests.engine.random_credentials import Maker
from tests.engine.samples import DID, KEY, METHOD, NOW, check, credential, places, signed

OWN = SHARED / "standards/vectors/own-credentials"
URL = "https://issuer.example/status/1"


def report(source, sitting, web=None, now=NOW, **options):
    return verify(source, fetcher=MemoryFetcher(web or {}), now=now, sitting=sitting, **options)


@pytest.mark.shared
@pytest.mark.parametrize("seed", range(3))
def test_the_published_credentials(seed):
    now = encoding.parse_datetime(json.loads((OWN / "cases.json").read_text())["referenceTime"])
    files = [path for path in sorted(OWN.iterdir()) if path.suffix in {".json", ".jwt", ".png", ".svg"}]
    random.Random(seed).shuffle(files)
    sitting = Sitting()
    for path in files * 2:
        fetchers = [MemoryFetcher.from_file(OWN / "resolver.json") for _ in range(2)]
        together = verify(path.read_bytes(), fetcher=fetchers[0], now=now, sitting=sitting)
        alone = verify(path.read_bytes(), fetcher=fetchers[1], now=now)
        assert together.as_dict() == alone.as_dict(), path.name


@pytest.mark.parametrize("form", ["embedded", "token"])
def test_no_change_of_what_was_good_before(form):
    """After a good credential, each of its values is changed, moved, doubled and left out, at the same sitting."""
    sitting = Sitting()
    chance = random.Random(2)
    for seed in range(6):
        document = signed(Maker(seed, strict=True).credential())
        if form == "token":
            good = issue_token(Maker(seed, strict=True).credential(), signer=KEY, verification_method=METHOD)
            assert report(good, sitting).verdict == "valid"
            for _ in range(150):
                at = chance.randrange(len(good))
                changed = good[:at] + chance.choice("AZaz09-_.") + good[at + 1 :]
                assert changed == good or report(changed, sitting).verdict != "valid"
            continue
        assert report(document, sitting).verdict == "valid"
        ways = sorted(places(document, leaves=False), key=str)
        for way in chance.sample(ways, min(len(ways), 60)):
            changed = copy.deepcopy(document)
            at = changed
            for step in way[:-1]:
                at = at[step]
            other = chance.choice(ways)
            value = document
            for step in other:
                value = value[step]
            at[way[-1]] = chance.choice([value, None, "", [at[way[-1]], value], {"id": "urn:x:y"}, 1])
            together, alone = report(changed, sitting), check(changed)
            assert together.as_dict() == alone.as_dict(), way
            assert together.verdict != "valid" or changed == document or alone.verdict == "valid"
        assert report(document, sitting).verdict == "valid"


def awarded(achievement, number):
    document = credential(id=f"urn:uuid:5f1c2f0e-0000-4000-8000-0000000000{number:02d}")
    document["credentialSubject"]["achievement"] = copy.deepcopy(achievement)
    return document


@pytest.mark.parametrize("way", [("name",), ("criteria", "narrative"), ("id",)])
def test_nothing_is_prepared_for_a_forgery(way):
    """Odd documents first, which make it note a place inside an achievement; then good ones; then one changed there."""
    achievement = credential()["credentialSubject"]["achievement"]
    forged_achievement = copy.deepcopy(achievement)
    at = forged_achievement
    for step in way[:-1]:
        at = at[step]
    at[way[-1]] = "urn:x:forged"
    sitting = Sitting()
    for text in "ab":
        odd = f"urn:x:{text}"
        for step in reversed(way):
            odd = {step: odd}
        report(awarded(odd, 1) | {"proof": signed()["proof"]}, sitting)
    good = [signed(awarded(achievement, number)) for number in (11, 12)]
    forged = copy.deepcopy(good[1])
    forged["credentialSubject"]["achievement"] = forged_achievement
    for document in [*good, forged, good[0], forged, good[1], forged] * 3:
        told = report(document, sitting)
        assert (told.verdict == "valid") is (document is not forged)
        assert told.document == document


def listing(*indexes, issued=NOW, **changes):
    made = status_list.credential(
        url=URL, issuer=DID, purpose="revocation", bits=status_list.bits_of(indexes), valid_from=issued
    )
    return {
        "body": data_integrity.add_proof(made | changes, signer=KEY, verification_method=METHOD, created=NOW)
    }


def with_entry(index):
    return signed(credentialStatus=status_list.entry(URL, index=index, purpose="revocation"))


def test_one_list_for_many():
    sitting = Sitting()
    web = {URL: listing(7, 15)}
    causes = [report(with_entry(index), sitting, web).cause for index in range(20)]
    assert [index for index, cause in enumerate(causes) if cause == "revoked"] == [7, 15]
    assert {cause for index, cause in enumerate(causes) if index not in {7, 15}} == {None}


def test_what_is_wrong_with_a_list_is_kept_too():
    sitting = Sitting()
    assert report(with_entry(7), sitting).cause == "status-unavailable"
    assert report(with_entry(7), sitting, {URL: listing(7)}).cause == "status-unavailable"
    assert (
        report(with_entry(7), sitting, {URL: listing(7)}, now=NOW + timedelta(seconds=1)).cause == "revoked"
    )


def test_a_list_of_one_issuer_is_not_one_of_another():
    sitting = Sitting()
    web = {URL: listing(7)}
    assert report(with_entry(7), sitting, web).cause == "revoked"
    other = "did:web:other.example"
    document = credential(issuer={"id": other, "type": ["Profile"], "name": "N"})
    document["credentialStatus"] = status_list.entry(URL, index=8, purpose="revocation")
    key = {
        "id": f"{other}#k",
        "type": "Multikey",
        "controller": other,
        "publicKeyMultibase": KEY.public_key.to_multibase(),
    }
    did = {"id": other, "verificationMethod": [key], "assertionMethod": [key["id"]]}
    web["https://other.example/.well-known/did.json"] = {"body": did}
    told = report(signed(document, method=f"{other}#k"), sitting, web)
    assert (told.verdict, told.cause) == ("invalid", "status-invalid")


def test_a_sitting_does_not_grow():
    sitting = Sitting()
    for number in range(MAX_KEPT * 2):
        entry = status_list.entry(f"https://issuer.example/{number}", index=1, purpose="revocation")
        report(signed(credentialStatus=entry), sitting)
        assert max(len(sitting.answers), len(sitting.lists)) <= MAX_KEPT + 2


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "after", "verdict"),
    [
        ({}, timedelta(seconds=59), "valid"),  # the list says how long it may be kept
        ({}, timedelta(seconds=60), "undetermined"),
        ({"validUntil": "2026-06-02T12:00:00Z"}, DAY - timedelta(seconds=1), "valid"),
        ({"validUntil": "2026-06-02T12:00:00Z"}, DAY, "undetermined"),
    ],
)
def test_a_list_seen_before_for_when_nothing_answers(changes, after, verdict):
    memory = {}
    assert report(with_entry(8), Sitting(), {URL: listing(7, **changes)}, memory=memory).verdict == "valid"
    assert report(with_entry(8), Sitting(), {}, memory=memory, now=NOW + after).verdict == verdict
    kept = "revoked" if verdict == "valid" else "status-unavailable"
    assert report(with_entry(7), Sitting(), {}, memory=memory, now=NOW + after).cause == kept


@pytest.mark.parametrize("ttl", [None, True, "60000", 10**30, -1])
def test_a_list_that_does_not_say_how_long_it_may_be_kept(ttl):
    web = listing(7)["body"]
    subject = web["credentialSubject"] | {"ttl": ttl}
    memory = {URL: json.dumps(web | {"credentialSubject": subject})}
    assert report(with_entry(8), Sitting(), {}, memory=memory).cause == "status-unavailable"
    assert report(with_entry(8), Sitting(), {}, memory={URL: "["}).cause == "status-unavailable"


def test_a_proof_with_long_members_is_not_kept():
    unsigned = {key: value for key, value in signed().items() if key != "proof"}
    options = {key: value for key, value in signed()["proof"].items() if key != "proofValue"} | {
        "domain": "x" * 10_000
    }
    data = data_integrity.hash_data(unsigned, options)
    proof = options | {"proofValue": encoding.multibase_encode(KEY.sign(data.value))}
    assert check(unsigned | {"proof": proof}).verdict == "valid"
