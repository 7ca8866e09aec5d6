"""Endorsements from outside: checked in full, attached to what they are about, counted while they stand."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from gradatim.engine import MemoryFetcher, PrivateKey, did_key, encoding, issue, issue_token, status_list
from gradatim.engine.keys import ED25519
from gradatim.engine.model.credential import OB, V1, V2
from gradatim.engine.proof import data_integrity
from gradatim.program.achievements import document
from gradatim.program.achievements import queries as definitions
from gradatim.program.achievements.models import Version
from gradatim.program.credentials import actions
from gradatim.program.ground.refused import Refused

KEY = PrivateKey(ED25519, bytes(range(32)))
LAKESIDE = did_key(KEY.public_key)
METHOD = f"{LAKESIDE}#{KEY.public_key.to_multibase()}"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
LIST = "https://lakeside.example/status/1"


@pytest.fixture
def version(filled):
    return Version.objects.get(achievement__slug="data-literacy-for-the-workplace", number=1)


def unsigned(about, **changes):
    return {
        "@context": [V2, OB],
        "id": "urn:uuid:11f2c6de-31a2-4d8f-8f0e-000000000001",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "We hire for this",
        "issuer": {
            "id": LAKESIDE,
            "type": ["Profile"],
            "name": "Lakeside Health",
            "url": "https://lakeside.example/",
        },
        "validFrom": encoding.format_datetime(timezone.now() - timedelta(days=1)),
        "credentialSubject": {
            "id": about,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Every ward clerk needs it.",
        },
    } | changes


def signed(about, **changes):
    made = issue(unsigned(about, **changes), signer=KEY, verification_method=METHOD, created=timezone.now())
    return json.dumps(made).encode()


def receive(version, content, actor, web=None):
    return actions.receive_endorsement(
        version=version, content=content, actor=actor, network=MemoryFetcher(web or {})
    )


def listing(*indexes):
    made = status_list.credential(
        url=LIST, issuer=LAKESIDE, purpose="revocation", bits=status_list.bits_of(indexes),
        valid_from=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    whole = data_integrity.add_proof(made, signer=KEY, verification_method=METHOD, created=timezone.now())
    return {LIST: {"body": json.dumps(whole)}}


@pytest.mark.parametrize("form", ["json", "token"])
def test_it_is_checked_attached_and_shown(filled, signed_in, version, form):
    about = document.url(version)
    content = signed(about)
    if form == "token":
        content = issue_token(unsigned(about), signer=KEY, verification_method=METHOD).encode()
    row = receive(version, content, filled.cast.manager)
    assert (row.endorser, row.endorser_url) == ("Lakeside Health", "https://lakeside.example/")
    assert row.claim == "Every ward clerk needs it."
    assert row.document.encode() == content
    assert receive(version, content, filled.cast.manager) == row  # twice is once
    facts = definitions.facts(definitions.find_own_version(filled.cast.northfield, version.pk))
    assert facts["endorsements"] == ["Lakeside Health"]
    page = signed_in(filled.cast.learner).get(
        reverse("achievements:version", args=["northfield", version.achievement.slug, 1])
    )
    assert "Lakeside Health" in page.content.decode()


def test_one_of_the_older_data_model(filled, version):
    """Data model 1.1 calls its dates issuanceDate and expirationDate."""
    about, until = document.url(version), timezone.now() + timedelta(days=30)
    older = unsigned(about, expirationDate=encoding.format_datetime(until))
    older["issuanceDate"] = older.pop("validFrom")
    older["@context"] = [V1, OB, DATA_INTEGRITY]
    made = data_integrity.add_proof(older, signer=KEY, verification_method=METHOD, created=timezone.now())
    row = receive(version, json.dumps(made).encode(), filled.cast.manager)
    assert row.valid_from == (timezone.now() - timedelta(days=1)).date()
    assert row.valid_until == until.date()
    del older["expirationDate"]
    older["id"] = "urn:uuid:11f2c6de-31a2-4d8f-8f0e-000000000002"
    made = data_integrity.add_proof(older, signer=KEY, verification_method=METHOD, created=timezone.now())
    assert receive(version, json.dumps(made).encode(), filled.cast.manager).valid_until is None


def test_control_characters_are_not_kept(filled, version):
    """PostgreSQL refuses U+0000."""
    about = document.url(version)
    issuer = unsigned(about)["issuer"] | {"name": "Lake\0side\x1b\nHealth\x85"}
    subject = unsigned(about)["credentialSubject"] | {"endorsementComment": "One.\0\r\nTwo.\x07"}
    row = receive(version, signed(about, issuer=issuer, credentialSubject=subject), filled.cast.manager)
    assert (row.endorser, row.claim) == ("Lakeside Health", "One.\nTwo.")
    nameless = issuer | {"name": "\0 \x07"}
    again = signed(about, id="urn:uuid:11f2c6de-31a2-4d8f-8f0e-000000000003", issuer=nameless)
    assert receive(version, again, filled.cast.manager).endorser == LAKESIDE


def test_what_is_not_attached(filled, version):
    about, manager = document.url(version), filled.cast.manager
    changed = signed(about).replace(b"Every ward clerk", b"Nobody")
    cases = {
        "proof-invalid": changed,
        "endorsement-mismatch": signed("https://elsewhere.example/a/1"),
        "expired": signed(about, validUntil=encoding.format_datetime(timezone.now() - timedelta(hours=1))),
        "not-an-endorsement": b"{}",
    }
    for code, content in cases.items():
        with pytest.raises(Refused) as refused:
            receive(version, content, manager)
        assert refused.value.code == code
    for content in (b"\x89PNG\r\n\x1a\n", b"not json", b""):
        with pytest.raises(Refused) as refused:
            receive(version, content, manager)
        assert refused.value.code == "not-an-endorsement"
    own = filled.cast.northfield
    own.did = LAKESIDE
    version.achievement.organization = own
    with pytest.raises(Refused, match="Your own program"):
        receive(version, signed(about), manager)
    assert not version.endorsements.exists()


def test_what_its_signer_takes_back_is_withdrawn_when_it_is_checked_again(filled, version):
    about = document.url(version)
    entry = status_list.entry(LIST, index=7, purpose="revocation")
    row = receive(version, signed(about, credentialStatus=entry), filled.cast.manager, listing())
    check = actions.check_endorsement
    assert check(endorsement=row, actor=None, network=MemoryFetcher(listing())).verdict == "valid"
    assert row.withdrawn_at is None
    assert check(endorsement=row, actor=None, network=MemoryFetcher(listing(7))).cause == "revoked"
    assert row.withdrawn_at is not None


def test_the_page(filled, signed_in, version, django_assert_num_queries):
    path = reverse("credentials:endorsements", args=["northfield", version.pk])
    client = signed_in(filled.cast.manager)
    assert "Nobody has endorsed it yet" in client.get(path).content.decode()
    content = signed(document.url(version))
    assert client.post(path, {"text": ""}).status_code == 422
    refused = client.post(path, {"text": "{}"})
    assert refused.status_code == 422
    assert "This is no endorsement" in refused.content.decode()
    upload = SimpleUploadedFile("e.json", content, content_type="application/json")
    page = client.post(path, {"file": upload}, follow=True).content.decode()
    assert "Lakeside Health stands behind it" in page
    row = version.endorsements.get()
    again = client.post(
        reverse("credentials:check_endorsement", args=["northfield", version.pk, row.pk]), follow=True
    )
    assert "It still holds." in again.content.decode()
    gone = client.post(
        reverse("credentials:withdraw_endorsement", args=["northfield", version.pk, row.pk]), follow=True
    )
    assert "Withdrawn." in gone.content.decode()
    assert signed_in(filled.cast.manager).get(path.replace(str(version.pk), "0")).status_code == 404
    large = SimpleUploadedFile("e.json", b"x" * (1024 * 1024 + 1))
    assert "larger than 1 MiB" in client.post(path, {"file": large}).content.decode()
