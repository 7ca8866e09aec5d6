"""What we issue we verify, and no change of a signed text does."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradatim.engine import did, encoding, keys
from gradatim.engine.errors import Error, InputError
from gradatim.engine.issue import issue, issue_many, issue_token
from tests.engine.samples import KEY, METHOD, NOW, check, credential, places, signed

SIGNED = signed()


def test_issued_is_valid_in_every_form():
    for form in (SIGNED, json.dumps(SIGNED), json.dumps(SIGNED).encode()):
        assert (check(form).verdict, check(form).cause) == ("valid", None)


def worth(credits_):
    document = credential()
    document["credentialSubject"]["achievement"] |= {"creditsAvailable": credits_, "tag": ["a", "b"]}
    return signed(document)


@pytest.mark.parametrize("number", [1e-7, -2e-9, 5e-324])
def test_numbers_that_verifiers_read_as_nothing_are_not_signed(number):
    with pytest.raises(InputError, match="/credentialSubject/achievement/creditsAvailable") as refused:
        worth(number)
    assert refused.value.code == "parse"


@pytest.mark.parametrize("number", [0.0, -0.0, 1e-6, 1.5e-7, 5.0, 1e21, 0.5])
def test_other_numbers_are(number):
    assert check(worth(number)).verdict == "valid"


def test_the_same_arguments_give_the_same_bytes():
    assert json.dumps(signed()) == json.dumps(SIGNED)
    assert list(SIGNED)[-1] == "proof"


def test_many():
    ids = [f"urn:uuid:5f1c2f0e-0000-4000-8000-0000000000{n:02d}" for n in range(10, 15)]
    made = list(
        issue_many((credential(id=i) for i in ids), signer=KEY, verification_method=METHOD, created=NOW)
    )
    assert [m["id"] for m in made] == ids
    assert {check(m).verdict for m in made} == {"valid"}


def test_a_batch_of_odd_ones_has_the_bytes_of_single_ones():
    """Contexts of their own, and twins, for which there is no fast way."""
    inline = credential()["@context"] + [{"own": "urn:x:own"}]
    twins = credential()
    twins["credentialSubject"]["achievement"]["alignment"] *= 2
    rows = [credential(), credential(own="x") | {"@context": inline}, twins, credential()]
    options = {"signer": KEY, "verification_method": METHOD, "created": NOW}
    made = list(issue_many(rows, **options))
    assert made == [issue(row, **options) for row in rows]
    assert [check(one).verdict for one in made] == ["valid"] * 4


@pytest.mark.parametrize("kind", [keys.P256, keys.P384])
def test_a_batch_by_another_kind_of_key(kind):
    key = keys.PrivateKey.generate(kind)
    issuer = did.did_key(key.public_key)
    method = f"{issuer}#{key.public_key.to_multibase()}"
    rows = [
        credential(id=f"urn:x:{n}", issuer={"id": issuer, "type": ["Profile"], "name": "N"}) for n in range(3)
    ]
    made = list(issue_many(rows, signer=key, verification_method=method, created=NOW))
    assert [check(one).verdict for one in made] == ["valid"] * 3
    assert {one["proof"]["cryptosuite"] for one in made} == {"ecdsa-rdfc-2019"}


@pytest.mark.parametrize("kind", [keys.ED25519, keys.P256, keys.P384, keys.RSA])
def test_tokens_of_every_kind_of_key(kind):
    key = keys.PrivateKey.generate(kind)
    jwk = encoding.base64url_encode(json.dumps(key.public_key.to_jwk()).encode())
    issuer = f"did:jwk:{jwk}"
    document = credential(issuer={"id": issuer, "type": ["Profile"], "name": "N"})
    token = issue_token(document, signer=key, verification_method=f"{issuer}#0")
    assert (check(token).verdict, check(token).cause) == ("valid", None)
    head, payload, signature = token.split(".")
    other = issue_token(document | {"name": "Other"}, signer=key, verification_method=f"{issuer}#0").split(
        "."
    )[1]
    assert check(f"{head}.{other}.{signature}").cause == "proof-invalid"
    assert payload != other


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"validFrom": "2026-05-30"}, "schema"),
        ({"name": None}, "schema"),
        ({"bonus": "PhD"}, "term-dropped"),
        ({"credentialStatus": {"id": "https://x.example/1", "type": "FooStatus"}}, "term-dropped"),
        ({"type": ["AchievementCredential"]}, "type"),
        ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, "context"),
        ({"proof": {}}, "proof-invalid"),
        ({"validUntil": "2026-05-29T12:00:00Z"}, "schema"),
    ],
)
def test_what_a_verifier_would_refuse_is_not_signed(change, code):
    with pytest.raises(Error) as refused:
        signed(**change)
    assert refused.value.code == code


PLACES = sorted(places(SIGNED), key=str)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), st.integers(0, 200), st.characters(codec="utf-8"))
def test_no_change_of_a_single_letter_verifies(place, position, letter):
    document = copy.deepcopy(SIGNED)
    at = document
    for step in place[:-1]:
        at = at[step]
    text = at[place[-1]]
    position %= len(text)
    changed = text[:position] + letter + text[position + 1 :]
    if changed == text:
        return
    at[place[-1]] = changed
    report = check(document)
    assert report.verdict in {"invalid", "refused", "undetermined"}, (place, changed)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(extra="x"),
        lambda d: d["credentialSubject"].update({"https://schema.org/name": "x"}),
        lambda d: d.update({"@included": [{"id": "urn:x:y", "name": "x"}]}),
        lambda d: d["credentialSubject"].pop("id"),
        lambda d: d.pop("name"),
        lambda d: d["credentialSubject"]["achievement"].update(tag=["new"]),
    ],
)
def test_nothing_can_be_added_or_taken_away(change):
    document = copy.deepcopy(SIGNED)
    change(document)
    assert check(document).verdict in {"invalid", "refused"}
