"""What a sitting remembers changes no answer."""

import copy
import json
import random

import pytest
from hypothesis import settings

from gradatim.engine import MemoryFetcher, issue, issue_many, status_list, verify
from gradatim.engine.canonical import jsonld, rdfc, sheet
from gradatim.engine.canonical.sheet import Sheets
from gradatim.engine.errors import Error
from gradatim.engine.verify import Sitting
from tests.engine.canonical.random_documents import ADDRESSES, ODD_ADDRESSES, TEXTS, Maker
from tests.engine.samples import KEY, METHOD, NOW, check, credential, places, signed

DEEP = 5_000 if settings.default.max_examples > 1000 else 150  # kinds of documents, twenty of each


def plain(document):
    try:
        return rdfc.canonicalize(jsonld.to_quads(document))
    except Error:
        return None


def text_of(sheets, document):
    found = sheets.filled(document)
    return None if found is None else found.text


def put(document, path, value):
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def row(number, **changes):
    """One of a batch: what differs from learner to learner is in six places."""
    one = credential(id=f"urn:uuid:5f1c2f0e-0000-4000-8000-{number:012d}", **changes)
    one["credentialSubject"]["id"] = f"urn:uuid:5f1c2f0e-0000-4000-9000-{number:012d}"
    one["credentialSubject"]["identifier"] = [
        {"type": "IdentityObject", "hashed": False, "identityHash": f"n{number}", "identityType": "name"}
    ]
    one["evidence"] = [{"id": f"https://x.example/{number}", "type": ["Evidence"], "name": f"E{number}"}]
    one["credentialStatus"] = status_list.entry("https://x.example/s", index=number, purpose="revocation")
    return one


def test_documents_of_a_kind_have_the_plain_text():
    draw, maker, filled = random.Random(7), Maker(7), 0
    for _ in range(DEEP):
        base = maker.document()
        leaves = [p for p in places(base) if "@context" not in p]
        chosen = draw.sample(leaves, min(len(leaves), draw.randint(1, 5)))
        sheets = Sheets()
        for _ in range(20):
            document = copy.deepcopy(base)
            for path in chosen:
                odd = draw.random()
                texts = ODD_ADDRESSES if odd < 0.05 else TEXTS if odd < 0.2 else ADDRESSES
                put(document, path, draw.choice(texts) + (str(draw.randint(0, 99)) if odd >= 0.2 else ""))
            if draw.random() < 0.1:
                put(document, draw.choice(leaves), draw.choice([None, 1, True, [], {}, "other"]))
            found = text_of(sheets, document)
            assert found is None or found == plain(document), document
            filled += found is not None
            if found is None:
                sheets.learn(document)
        assert not [one for one in sheets._sheets if one.bad]
    assert filled > DEEP / 2


def test_a_batch_is_filled_in_and_has_the_bytes_of_single_ones():
    rows = [row(number) for number in range(300)]
    options = {"signer": KEY, "verification_method": METHOD, "created": NOW}
    batch = list(issue_many(rows, **options))
    assert batch == [issue(one, **options) for one in rows]
    sheets = Sheets()
    filled = [text_of(sheets, one) or sheets.learn(one) for one in rows]
    assert sum(1 for text in filled if text) > 290


def test_a_bad_row_is_refused_where_it_stands():
    rows = [row(number) for number in range(50)]
    rows[40]["credentialSubject"]["achievement"]["criteria"] = {}
    made = issue_many(rows, signer=KEY, verification_method=METHOD, created=NOW)
    good = [next(made) for _ in range(40)]
    assert len(good) == 40
    with pytest.raises(Error, match="criteria"):
        next(made)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("credentialSubject", "identifier", 0, "hashed"), 0),
        (("credentialSubject", "identifier", 0, "hashed"), 0.0),
        (("credentialSubject", "achievement", "type"), ["Another"]),
        (("evidence",), []),
        (("type",), ["VerifiableCredential", "OpenBadgeCredential"]),
        (("id",), "urn:uuid:5f1c2f0e-0000-4000-9000-000000000099"),
        (("name",), {"@value": "x"}),
    ],
)
def test_what_is_no_slot_counts_to_the_letter(path, value):
    sheets = Sheets()
    for number in range(5):
        if text_of(sheets, row(number)) is None:
            sheets.learn(row(number))
    assert text_of(sheets, row(9)) == plain(row(9))
    other = row(99)
    put(other, path, value)
    found = text_of(sheets, other)
    assert found is None or found == plain(other)
    assert path == ("name",) or found is None


def test_sheets_are_few(monkeypatch):
    sheets, maker = Sheets(), Maker(3)
    for _ in range(200):
        document = maker.document()
        for _ in range(3):
            for path in [p for p in places(document) if "@context" not in p][:1]:
                put(document, path, f"urn:x:{random.random()}")
            sheets.learn(copy.deepcopy(document))
    assert len(sheets._sheets) <= sheet.MAX_SHEETS
    assert sheets._tries <= sheet.MAX_TRIES


def test_a_sitting_says_what_single_verifications_say():
    """Good ones, then every text of one of them changed, in one sitting."""
    listing = status_list.credential(
        url="https://x.example/s",
        issuer=credential()["issuer"]["id"],
        purpose="revocation",
        bits=status_list.bits_of([7]),
        valid_from=NOW,
    )
    web = {"https://x.example/s": {"body": json.dumps(signed(listing))}}
    documents = [signed(row(number)) for number in range(12)]
    for path in places(documents[0]):
        forged = copy.deepcopy(documents[0])
        put(forged, path, "urn:x:forged")
        documents.append(forged)
    sitting = Sitting()
    for document in documents:
        together = verify(document, fetcher=MemoryFetcher(web), now=NOW, sitting=sitting)
        alone = verify(document, fetcher=MemoryFetcher(web), now=NOW)
        assert together == alone
    assert verify(documents[7], fetcher=MemoryFetcher(web), now=NOW, sitting=sitting).cause == "revoked"


def test_another_instant_is_another_sitting():
    sitting = Sitting()
    document = signed(validUntil="2026-06-02T00:00:00Z")
    assert check(document, sitting=sitting).verdict == "valid"
    sitting.answers["x"] = None
    later = verify(document, fetcher=MemoryFetcher({}), now=NOW.replace(month=7), sitting=sitting)
    assert later.cause == "expired"
    assert not sitting.answers


def learnt(*documents):
    sheets = Sheets()
    for document in documents:
        if text_of(sheets, document) is None:
            sheets.learn(document)
    return sheets


def described_twice(number):
    """The criteria have the achievement's address, as the program writes them, and links and texts beside each other."""
    one = row(number)
    achievement = one["credentialSubject"]["achievement"]
    achievement["criteria"]["id"] = achievement["id"]
    achievement["creator"] = {"id": one["issuer"]["id"], "type": ["Profile"], "name": "Northfield College"}
    return one


def test_what_is_described_in_two_places_is_one_subject():
    sheets = learnt(*[described_twice(number) for number in range(4)])
    assert text_of(sheets, described_twice(9)) == plain(described_twice(9))
    two = [described_twice(number) for number in range(4)]
    for number, one in enumerate(
        two
    ):  # two texts under one property of one subject: they would be put in order
        one["credentialSubject"]["achievement"]["criteria"]["name"] = f"Criteria {number}"
    sheets = learnt(*two)
    assert text_of(sheets, two[0]) == plain(two[0])
    two[0]["credentialSubject"]["achievement"]["criteria"]["id"] = "urn:x:elsewhere"  # two subjects now
    assert text_of(sheets, two[0]) is None


def test_what_a_sheet_cannot_fill():
    sheets = learnt(*[row(number) for number in range(4)])
    half = row(9)
    half["evidence"][0]["name"] = "half \ud800"
    assert text_of(sheets, half) is None
    bad_address = row(9)
    bad_address["evidence"][0]["id"] = "relative"
    assert text_of(sheets, bad_address) is None
    quoted = row(9)
    quoted["evidence"][0]["name"] = 'say "x"\n\0%s'
    assert text_of(sheets, quoted) == plain(quoted)


def test_twins_are_for_the_plain_way():
    def twins(one, other):
        document = credential(id=f"urn:x:{one}{other}")
        names = [{"type": ["Alignment"], "targetName": n, "targetUrl": "urn:x:t"} for n in (one, other)]
        document["credentialSubject"]["achievement"]["alignment"] = names
        return document

    sheets = learnt(twins("a", "b"), twins("c", "d"), twins("e", "f"))
    assert text_of(sheets, twins("g", "h")) == plain(twins("g", "h"))
    assert text_of(sheets, twins("x", "x")) is None


def test_terms_are_no_slots():
    def proved(purpose, tag):
        one = credential(proof={"type": "DataIntegrityProof", "proofPurpose": purpose})
        one["credentialSubject"]["achievement"]["tag"] = ["a", tag]
        return one

    assert learnt(proved("assertionMethod", "b"), proved("authentication", "b"))._sheets == []
    documents = [
        {
            "@context": credential()["@context"],
            "type": ["DataIntegrityProof"],
            "proofPurpose": purpose,
            "id": name,
        }
        for purpose, name in [("urn:x:a", "urn:x:1"), ("urn:x:a", "urn:x:2"), ("urn:x:b", "urn:x:3")]
    ]
    sheets = learnt(*documents)
    assert {path for one in sheets._sheets for path in one.paths} == {("id",)}
    assert text_of(sheets, documents[0]) == plain(documents[0])
    assert text_of(sheets, documents[2] | {"proofPurpose": "urn:x:c"}) is None


def test_several_values_are_put_in_order_anew():
    def tagged(*tags):
        one = credential()
        one["credentialSubject"]["achievement"]["tag"] = list(tags)
        one["credentialSubject"]["achievement"]["alignment"] = [
            {"type": ["Alignment"], "targetName": tag, "targetUrl": f"urn:x:{tag}"} for tag in tags
        ]
        one["credentialSubject"]["identifier"] = [
            {"type": "IdentityObject", "hashed": False, "identityHash": tag, "identityType": "name"}
            for tag in tags
        ]
        return one

    sheets = learnt(tagged("a", "b", "c"), tagged("a", "b", "c"))
    for tags in (("c", "b", "a"), ("y", "x", "z"), ("2", "10", "1"), ("\n", '"', "\\")):
        assert text_of(sheets, tagged(*tags)) == plain(tagged(*tags)) is not None
    one = tagged("a", "b", "c")
    one["credentialSubject"]["achievement"]["tag"] = ["same", "same", "same"]
    assert text_of(sheets, one) == plain(one) is not None


def test_few_texts_that_change_make_a_narrow_sheet():
    sheets = learnt(*[row(number) for number in range(sheet.WATCHED)])
    narrow, wide = sheets._sheets
    assert text_of(sheets, row(9)) == plain(row(9))
    assert len(narrow.paths) < len(wide.paths) / 2
    assert sheets._sheets[0] is narrow
    assert text_of(sheets, row(9, name="Another")) == plain(row(9, name="Another")) is not None
    assert sheets._sheets[0] is wide


def test_what_is_too_large_has_no_sheet():
    one = credential()
    one["credentialSubject"]["achievement"]["tag"] = ["x"] * sheet.MAX_SLOTS
    assert learnt(one, one, one)._sheets == []


def test_a_sheet_that_differs_is_thrown_away():
    rows = [row(number) for number in range(6)]
    sheets = learnt(*rows[:2])
    (made,) = sheets._sheets
    for _, lines in made.named:
        lines.pieces[:] = [piece.replace("Achievement", "Attainment") for piece in lines.pieces]
    assert text_of(sheets, rows[2]) is None
    assert made.bad
    assert text_of(sheets, rows[2]) is None


def test_a_sheet_that_takes_what_is_refused_is_thrown_away():
    sheets = learnt(row(0), row(1))
    (made,) = sheets._sheets
    made.mirror.document["unknown"] = 5
    assert text_of(sheets, row(2) | {"unknown": 5}) is None
    assert made.bad
