"""The gate: what the council did not approve gets no signature, through whichever door."""

import ast
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import get_resolver, reverse

import gradatim.program
from gradatim.engine import cli
from gradatim.program.achievements.models import Version
from gradatim.program.credentials import actions
from gradatim.program.credentials.models import Batch, Credential, Intent, SigningKey
from gradatim.program.ground.refused import Refused
from gradatim.program.web import work

SLUG = "data-literacy-for-the-workplace"
WAYS = [
    {"state": "draft"},
    {"state": "in_review"},
    {"state": "retired"},
    {"decision_number": ""},
    {"digest": ""},
    {"digest": "0" * 64},
    {"title": "Something else"},
]


@pytest.fixture
def version(filled):
    return Version.objects.get(achievement__slug=SLUG)


@pytest.fixture(params=WAYS, ids="-".join)
def closed(version, request):
    """A version that must not be issued, in each way that can come about."""
    Version.objects.filter(pk=version.pk).update(**request.param)
    version.refresh_from_db()
    return version


def learners(filled, *numbers):
    return [(filled.cast.northfield.learners.get(number=n), {}) for n in numbers]


def start(filled, version, *numbers, claims=None):
    return actions.start_batch(
        version=version,
        learners=[(learner, claims or {}) for learner, _none in learners(filled, *numbers)],
        reason="again",
        label="Run",
        actor=filled.cast.administrator,
    )


def counts():
    return Credential.objects.count(), Intent.objects.count(), Batch.objects.count()


def test_the_action(filled, closed):
    before = counts()
    with pytest.raises(Refused) as refused:
        start(filled, closed, "N-1005")
    assert refused.value.code == "not-approved"
    assert counts() == before


def test_the_page(filled, closed, signed_in):
    """The button of a cohort, pressed by somebody who may press it."""
    enrolment = filled.cohort.enrolments.exclude(result="met").first()
    filled.cohort.enrolments.filter(pk=enrolment.pk).update(result="met")
    before = counts()
    client = signed_in(filled.cast.administrator)
    answer = client.post(reverse("offerings:issue", args=["northfield", filled.cohort.pk]), follow=True)
    assert "cannot be issued" in answer.content.decode()
    assert counts() == before


def test_the_worker(filled, version):
    """What was approved when it was started, and is not when it is signed."""
    batch = start(filled, version, "N-1005")
    Version.objects.filter(pk=version.pk).update(description="Changed behind the council's back")
    work.drain()
    intent = batch.intents.get()
    assert intent.state == Intent.State.FAILED
    assert "no longer what was approved" in intent.error
    assert not Credential.objects.filter(intent=intent).exists()


def test_trying_again(filled, version):
    batch = start(filled, version, "N-1005")
    Version.objects.filter(pk=version.pk).update(state="retired")
    work.drain()
    with pytest.raises(Refused) as refused:
        actions.resume_batch(batch=batch, actor=filled.cast.administrator)
    assert refused.value.code == "not-approved"
    assert batch.intents.get().state == Intent.State.FAILED


@pytest.mark.parametrize(
    "name", ["achievement", "id", "type", "identifier", "image", "name", "issuer", "@context"]
)
def test_a_result_says_nothing_but_the_result(filled, version, name):
    """The claims of a learner do not replace what was approved."""
    before = counts()
    with pytest.raises(Refused) as refused:
        start(filled, version, "N-1005", claims={name: {"name": "Doctor of everything"}})
    assert refused.value.code == "row-invalid"
    assert counts() == before


def test_a_row_that_was_written_behind_the_actions_back(filled, version):
    """Even then the subject's achievement is the approved one, byte for byte."""
    batch = start(filled, version, "N-1005")
    batch.intents.update(claims={"achievement": {"name": "Doctor of everything"}, "id": "urn:other"})
    work.drain()
    credential = Credential.objects.get(intent__batch=batch)
    subject = json.loads(credential.document)["credentialSubject"]
    assert subject["achievement"] == json.loads(version.document)
    assert subject["id"] == f"urn:uuid:{credential.intent.subject_id}"


def test_the_command_line_has_no_way_to_the_keys(filled, tmp_path, capsys):
    """`gradatim issue` signs with a key file only, and no command writes a secret."""
    unsigned = tmp_path / "unsigned.json"
    unsigned.write_text(Credential.objects.first().document)
    with pytest.raises(SystemExit):
        cli.main(["issue", str(unsigned)])
    call_command("keys", "list", "northfield")
    said = capsys.readouterr().out
    for key in filled.cast.northfield.keys.all():
        assert key.public_multibase in said
        assert bytes(key.sealed_secret).hex() not in said
    assert "secret" not in said.lower()


def test_the_interfaces_have_no_door_of_their_own(filled, closed, signed_in):
    """No address issues by being posted to, with a credential as body, as the person who may do most."""
    before = counts()
    client = signed_in(filled.cast.administrator)
    body = Credential.objects.first().document
    for path in ("/verify/", *(f"/{p}" for p in addresses("credentials"))):
        client.post(path, body, content_type="application/json")
    work.drain()
    assert counts() == before


def addresses(space):
    """Every address of a room, with the parts that Northfield has."""
    values = {"organization": "northfield", "purpose": "revocation", "number": 1, "form": "json"}
    values |= {"credential": Credential.objects.first().pk, "batch": Batch.objects.first().pk}
    values |= {"key": SigningKey.objects.first().pk, "version": Version.objects.first().pk, "endorsement": 1}
    sub = get_resolver().namespace_dict[space][1]
    for found in {k for k in sub.reverse_dict if isinstance(k, str)}:
        for possibility in sub.reverse_dict.getlist(found):
            template, parts = possibility[0][0]
            yield template % {part: values[part] for part in parts}


def test_only_issuing_signs_achievements():
    """One module turns intents into credentials; whoever wants one comes through `start_batch`."""
    root = Path(gradatim.program.__file__).parent
    proofs = ("data_integrity", "jose", "selective")
    signing = {"gradatim.engine.issue", *(f"gradatim.engine.proof.{name}" for name in proofs)}
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in signing
    }
    assert found == {f"credentials/actions/{name}.py" for name in ("issuing", "keys", "status")}
