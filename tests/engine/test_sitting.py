"""Verifying many at one sitting says of each what it says alone: nothing kept for one counts for another."""

import copy
import json
import random
from datetime import timedelta

import pytest

from gradatim.engine import encoding, issue_token, status_list
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.proof import data_integrity
from gradatim.engine.verify import asking, verify
from gradatim.engine.verify.asking import MAX_KEPT, Sitting
from tests.conftest import SHARED
from tests.engine.random_credentials import Maker
from tests.engine.samples import DID, KEY, METHOD, NOW, check, credential, from_elsewhere, places, signed

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


def test_that_an_address_did_not_answer_is_kept_too():
    sitting = Sitting()
    assert report(with_entry(7), sitting).cause == "status-unavailable"
    assert report(with_entry(7), sitting, {URL: listing(7)}).cause == "status-unavailable"
    assert (
        report(with_entry(7), sitting, {URL: listing(7)}, now=NOW + timedelta(seconds=1)).cause == "revoked"
    )


SITE = "https://site.example/issuer"
LISTED = "https://site.example/status"
NAMES = "https://site.example/names"
PROFILE = {
    "id": SITE,
    "type": "Profile",
    "verificationMethod": [
        {
            "id": f"{SITE}#k",
            "type": "Multikey",
            "controller": SITE,
            "publicKeyMultibase": KEY.public_key.to_multibase(),
        }
    ],
    "assertionMethod": [f"{SITE}#k"],
}


class Site(MemoryFetcher):
    """It has another answer, and no list, for whoever does not ask for a credential."""

    def get(self, url, *, accept="application/json"):
        kind = "list" if "application/vc" in accept else "page"
        return super().get(url if url != LISTED else f"{url}/{kind}", accept=accept)


def site():
    bits = status_list.bits_of({7})
    made = status_list.credential(url=LISTED, issuer=SITE, purpose="revocation", bits=bits, valid_from=NOW)
    made = data_integrity.add_proof(made, signer=KEY, verification_method=f"{SITE}#k", created=NOW)
    names = {"issuer": SITE, "revokedCredential": [credential()["id"]]}
    pages = {SITE: PROFILE, f"{LISTED}/list": made, f"{LISTED}/page": {"id": LISTED}, NAMES: names}
    return Site({url: {"body": body} for url, body in pages.items()})


def of_site(*entries, **changes):
    """An unsigned credential in the name of the site; whoever forges one has no more than this."""
    issuer = {"id": SITE, "type": ["Profile"], "name": "Site"}
    contexts = [*credential()["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
    document = credential(issuer=issuer, **{"@context": contexts}, **changes)
    return document | ({"credentialStatus": list(entries)} if entries else {})


def genuine(*entries):
    return data_integrity.add_proof(
        of_site(*entries), signer=KEY, verification_method=f"{SITE}#k", created=NOW
    )


def forged(*entries, **changes):
    return of_site(*entries, **changes) | {"proof": signed()["proof"] | {"verificationMethod": f"{SITE}#k"}}


BIT = status_list.entry(LISTED, index=8, purpose="revocation")
REVOKED_BIT = status_list.entry(LISTED, index=7, purpose="revocation")
NAMED = {"id": NAMES, "type": "1EdTechRevocationList"}
NOWHERE = [{"id": f"https://x{n}.example/l", "type": "1EdTechRevocationList"} for n in range(19)]
RELATED = [{"id": url, "digestSRI": "sha256-x"} for url in (LISTED, NAMES, SITE)]
MANY = [{"id": f"https://y{n}.example/l", "digestSRI": "sha256-x"} for n in range(15)]
FORGERIES = {
    "lists": forged(*NOWHERE, BIT),
    "names": forged(*NOWHERE, NAMED),
    "a list as names": forged(BIT | {"type": "1EdTechRevocationList", "id": LISTED}),
    "names as a list": forged(BIT | {"statusListCredential": NAMES}),
    "bits": forged(
        BIT | {"statusPurpose": "message"}, BIT | {"statusPurpose": ""}, BIT | {"statusListIndex": "999999"}
    ),
    "answers": forged(relatedResource=RELATED),
    "answers and lists": forged(BIT, NAMED, relatedResource=RELATED),
    "keys": forged(BIT, relatedResource=MANY) | {"issuer": DID},
    "sheets": forged(BIT, name="Another name"),
    "another issuer": forged(BIT, NAMED) | {"issuer": {"id": DID, "type": ["Profile"], "name": "N"}},
}


@pytest.mark.parametrize("budget", [50, 20, 3, 2])
@pytest.mark.parametrize(
    "names", [*((name,) for name in FORGERIES), tuple(FORGERIES), tuple(FORGERIES)[::-1]], ids=str
)
def test_forgeries_change_nothing_for_a_genuine_one(monkeypatch, names, budget):
    monkeypatch.setattr(asking, "MAX_ADDRESSES", budget)
    good = [genuine(BIT), genuine(REVOKED_BIT), genuine(NAMED), genuine()]
    alone = [verify(document, fetcher=site(), now=NOW) for document in good]
    sitting, fetcher = Sitting(), site()
    for name in names:
        report = verify(FORGERIES[name], fetcher=fetcher, now=NOW, sitting=sitting)
        assert report.verdict in {"invalid", "refused", "undetermined"}
        for document, told in zip(good, alone, strict=True):
            together = verify(document, fetcher=fetcher, now=NOW, sitting=sitting)
            assert together.as_dict() == told.as_dict()
    if budget > 2:
        assert [report.cause for report in alone] == [None, "revoked", "revoked", None]


def test_many_long_answers_are_too_much_for_one_credential_only():
    sitting = Sitting()
    entries = [status_list.entry(f"{URL}/{n}", index=8, purpose="revocation") for n in range(12)]
    web = {entry["statusListCredential"]: {"body": " " * 1024 * 1024} for entry in entries} | {
        URL: listing(7)
    }
    greedy = from_elsewhere(
        credentialStatus=[*entries, status_list.entry(URL, index=8, purpose="revocation")]
    )
    told = report(greedy, sitting, web)
    assert (told.verdict, len(told.requests)) == ("undetermined", asking.MAX_BYTES // (1024 * 1024))
    assert report(with_entry(8), sitting, web).verdict == "valid"


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
