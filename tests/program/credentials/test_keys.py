"""Keys: sealed outside the database, changed without a gap, published for as long as anything they signed is out there."""

import json
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from gradatim.engine.did import find_method
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from gradatim.program.credentials import actions, addresses, documents, queries, sealing, verification
from gradatim.program.credentials.actions.keys import signer
from gradatim.program.credentials.models import Credential, Intent, SigningKey, StatusList
from gradatim.program.ground.models import Work
from gradatim.program.ground.refused import Refused
from gradatim.program.people import queries as people
from gradatim.program.web import work

State = SigningKey.State


@pytest.fixture
def northfield(filled):
    return filled.cast.northfield


def key_of(organization, kind="Ed25519", state=State.ACTIVE):
    return organization.keys.select_related("organization").get(kind=kind, state=state)


def test_two_issuers_share_no_key(filled):
    fingerprints = list(SigningKey.objects.values_list("public_multibase", flat=True))
    assert len(fingerprints) == len(set(fingerprints)) == 4
    taken = SigningKey.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(
            organization=filled.cast.southgate, public_multibase=taken.public_multibase, sealed_secret=b""
        )


def test_the_database_alone_signs_nothing(northfield, settings):
    """A restored backup without its sealing key: refused, with the way out."""
    settings.SEALING_KEY = "another one"
    for kind in ("Ed25519", "P-256"):
        with pytest.raises(Refused) as refused:
            signer(key_of(northfield, kind))
        assert refused.value.code == "key-sealed"
        assert "sealing.key" in refused.value.message
        assert "GRADATIM_SEALING_KEY" in refused.value.message
    assert not any(queries.opens(key) for key in queries.keys(northfield))


def test_no_secret_stands_in_the_database(northfield, settings):
    for key in northfield.keys.all():
        secret = signer(key_of(northfield, key.kind)).secret
        assert secret not in bytes(key.sealed_secret)
        assert settings.SEALING_KEY != settings.SECRET_KEY


def test_a_sealed_secret_opens_for_its_own_key_only(filled, northfield):
    """Put into another issuer's row, or beside another public half, it does not open."""
    mine, other = key_of(northfield), key_of(filled.cast.southgate)
    other.sealed_secret = mine.sealed_secret
    with pytest.raises(Refused):
        signer(other)
    sealed = sealing.seal(b"x" * 32, bound_to="a")
    assert sealing.unseal(sealed, bound_to="a") == b"x" * 32
    for spoiled in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises((Refused, InvalidTag)):
            sealing.unseal(spoiled, bound_to="a")


def test_prepared_keys_are_published_and_do_not_sign(northfield):
    prepared = actions.prepare_keys(organization=northfield)
    assert [key.state for key in prepared] == [State.NEXT, State.NEXT]
    assert actions.prepare_keys(organization=northfield) == prepared
    listed = documents.did_document(northfield)["assertionMethod"]
    for key in prepared:
        assert f"{northfield.did}#{key.public_multibase}" in listed
        with pytest.raises(Refused):
            signer(SigningKey.objects.select_related("organization").get(pk=key.pk))
    assert actions.rotate_key(organization=northfield).pk == prepared[0].pk
    assert {key.pk for key in northfield.keys.filter(state=State.ACTIVE)} == {key.pk for key in prepared}


def test_after_a_change_the_old_ones_stay_good_and_sign_nothing(northfield):
    credential = Credential.objects.get(learner__number="N-1001")
    old = key_of(northfield)
    actions.rotate_key(organization=northfield)
    assert verification.check(credential.document).verdict == "valid"
    assert northfield.keys.filter(state=State.ACTIVE).count() == 2
    old.refresh_from_db()
    assert old.state == State.VERIFY_ONLY
    with pytest.raises(Refused):
        signer(old)


def seen(document, organization, memory, client):
    """The causes a stranger is told who remembers issuers, and to whom the issuer's documents are at hand."""
    listing = StatusList.objects.get(organization=organization)
    web = {
        "https://demo.example/.well-known/did.json": {
            "body": json.loads(client.get(reverse("credentials:did", args=["northfield"])).content)
        },
        addresses.status_url(listing): {"body": json.loads(listing.document)},
    }
    report = verify(document, fetcher=MemoryFetcher(web), now=timezone.now(), memory=memory)
    assert report.verdict == "valid"
    return {check.cause for check in report.checks}


def test_an_old_key_vouches_for_the_new_one(filled, northfield, client, settings):
    """Whoever saw the first key is not warned of those after it; of one that nobody vouches for they are."""
    version = Credential.objects.first().version
    memory: dict[str, str] = {}
    changed = "issuer-key-changed"
    assert changed not in seen(Credential.objects.first().document, northfield, memory, client)
    assert "proof" not in actions.did_document(organization=northfield)
    for reason in ("the second key", "the third key"):
        actions.rotate_key(organization=northfield)
        learner = northfield.learners.get(number="N-1005")
        actions.start_batch(
            version=version,
            learners=[(learner, {})],
            reason=reason,
            label="W",
            actor=filled.cast.administrator,
        )
        work.drain()
    newest = Credential.objects.order_by("issued_at").last().document
    assert changed not in seen(newest, northfield, dict(memory), client)
    shown = actions.did_document(organization=northfield)
    assert shown == actions.did_document(organization=northfield)
    assert len(shown["proof"]) == 4
    settings.SEALING_KEY = "another one"
    assert "proof" not in actions.did_document(organization=northfield)
    assert changed in seen(newest, northfield, dict(memory), client)


def test_a_revoked_key_vouches_for_nothing(northfield):
    old = key_of(northfield)
    actions.rotate_key(organization=northfield)
    actions.revoke_key(key=old)
    proofs = actions.did_document(organization=northfield)["proof"]
    assert all(not proof["verificationMethod"].endswith(old.public_multibase) for proof in proofs)


def test_a_revoked_key(filled, northfield):
    """It signs nothing, stays published with its date, and another signs the lists and what waits."""
    version = Credential.objects.first().version
    learner = northfield.learners.get(number="N-1005")
    actions.start_batch(
        version=version, learners=[(learner, {})], reason="w", label="W", actor=filled.cast.administrator
    )
    key = key_of(northfield)
    actions.revoke_key(key=key, actor=filled.cast.administrator)
    with pytest.raises(Refused):
        actions.revoke_key(key=key, actor=filled.cast.administrator)
    key.refresh_from_db()
    with pytest.raises(Refused):
        signer(key)
    shown = {m["id"]: m for m in documents.did_document(northfield)["verificationMethod"]}
    assert "revoked" in shown[f"{northfield.did}#{key.public_multibase}"]
    assert all(key.public_multibase not in k["kid"] for k in documents.key_set(northfield)["keys"])
    new = key_of(northfield)
    assert Intent.objects.get(learner=learner, reason="w").key == new
    work.drain()
    listing = json.loads(StatusList.objects.get(organization=northfield).document)
    assert listing["proof"]["verificationMethod"].endswith(new.public_multibase)
    assert verification.check(Credential.objects.get(learner=learner).document).verdict == "valid"


def test_what_a_key_signed_before_it_was_revoked_stays_good(northfield):
    credential = Credential.objects.get(learner__number="N-1001")
    SigningKey.objects.filter(pk=key_of(northfield).pk).update(
        state=State.REVOKED, revoked_at=timezone.now() + timedelta(seconds=2)
    )
    actions.make_key(organization=northfield)
    StatusList.objects.update(dirty=True)
    actions.publish_status_lists()
    assert verification.check(credential.document).verdict == "valid"


def test_only_administrators_decide_about_keys(filled, northfield):
    before = list(northfield.keys.values_list("pk", "state"))
    for person in (filled.cast.manager, filled.cast.assessor, filled.cast.learner, filled.cast.outsider):
        for act in (
            lambda p: actions.make_key(organization=northfield, actor=p),
            lambda p: actions.prepare_keys(organization=northfield, actor=p),
            lambda p: actions.rotate_key(organization=northfield, actor=p),
            lambda p: actions.revoke_key(key=key_of(northfield), actor=p),
        ):
            with pytest.raises(Refused) as refused:
                act(person)
            assert refused.value.code == "permission"
    assert list(northfield.keys.values_list("pk", "state")) == before


def test_what_is_published_resolves(client, northfield):
    """The shape verifiers insist on: absolute strings, both forms of a key, the issuer as controller."""
    document = json.loads(client.get(reverse("credentials:did", args=["northfield"])).content)
    assert document["id"] == northfield.did
    assert all(isinstance(m, str) and m.startswith(f"{northfield.did}#") for m in document["assertionMethod"])
    assert {m["type"] for m in document["verificationMethod"]} == {"Multikey", "JsonWebKey"}
    assert {m["controller"] for m in document["verificationMethod"]} == {northfield.did}
    assert [m["id"] for m in document["verificationMethod"]] == document["assertionMethod"]
    web = {"https://demo.example/.well-known/did.json": {"body": document}}
    for method in document["assertionMethod"]:
        assert find_method(method, fetcher=MemoryFetcher(web)).controller == northfield.did
    keys = client.get(reverse("credentials:key_set", args=["northfield"]))
    assert keys["Content-Type"] == "application/jwk-set+json"
    for key in json.loads(keys.content)["keys"]:
        assert key["iss"] == northfield.did
        assert "d" not in key


def test_an_issuer_named_by_the_site_itself(client, northfield, settings):
    for path in ("/.well-known/did.json", "/.well-known/jwks.json"):
        assert client.get(path).status_code == 404
    settings.SITE_URL = "https://demo.example"
    assert json.loads(client.get("/.well-known/did.json").content)["id"] == northfield.did
    keys = json.loads(client.get("/.well-known/jwks.json").content)["keys"]
    assert {key["iss"] for key in keys} == {northfield.did}


def test_the_command(northfield, capsys, settings):
    call_command("keys", "rotate", "northfield")
    assert "verify_only" in capsys.readouterr().out
    call_command("keys", "prepare", "northfield")
    call_command("keys", "revoke", "northfield", str(key_of(northfield).pk))
    assert "revoked" in capsys.readouterr().out
    settings.SEALING_KEY = "another one"
    call_command("keys", "list", "northfield")
    assert "CANNOT be opened" in capsys.readouterr().out
    for words in (["list", "nowhere"], ["revoke", "northfield"], ["revoke", "northfield", "999999"]):
        with pytest.raises(CommandError):
            call_command("keys", *words)
    assert people.check_log(northfield) == []
    assert not Work.objects.filter(state="failed").exists()
