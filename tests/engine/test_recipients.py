"""To whom it is made out, by kinds of identity beside the e-mail address."""

import hashlib
import json
from pathlib import Path

import pytest

from gradatim.engine.cli import USAGE, main
from tests.engine import test_older_badges as older
from tests.engine.samples import DID, check, credential, from_elsewhere, signed

ME = credential()["credentialSubject"]["id"]


def made_out_to(*entries):
    document = credential()
    subject = document["credentialSubject"]
    subject["identifier"] = [{"type": "IdentityObject", "hashed": False} | entry for entry in entries]
    return signed(document)


def plain(kind, value):
    return {"identityType": kind, "identityHash": value}


def hashed(kind, value, salt="s"):
    digest = hashlib.sha256((value + salt).encode()).hexdigest()
    return {"identityType": kind, "identityHash": f"sha256${digest}", "hashed": True, "salt": salt}


NUMBER = plain("sourcedId", "S-0042")


@pytest.mark.parametrize(
    ("entries", "asked", "cause", "words"),
    [
        ([NUMBER], {"sourcedId": "S-0042"}, None, "made out to S-0042"),
        ([NUMBER], {"sourcedId": "s-0042"}, "recipient-mismatch", "another identifier than s-0042"),
        ([hashed("sourcedId", "S-0042")], {"sourcedId": "S-0042"}, None, "made out to"),
        ([hashed("sourcedId", "S-0042")], {"sourcedId": "S-0043"}, "recipient-mismatch", "another"),
        ([hashed("sourcedId", "s")], {"sourcedId": "S"}, "recipient-mismatch", "another"),
        ([NUMBER], {"systemId": "S-0042"}, None, "names no identifier that could be compared"),
        ([NUMBER], {"systemId": "x", "sourcedId": "S-0042"}, None, "made out to S-0042"),
        ([plain("emailAddress", "Ada@x.example")], {"email": "ada@x.example"}, None, "made out to"),
        ([plain("ext:url", "https://ada.example/")], {"url": "https://ada.example/"}, None, "made out to"),
        ([plain("ext:telephone", "+4930123")], {"telephone": "+4930123"}, None, "made out to"),
        ([plain("identifier", "urn:x:y")], {"id": "urn:x:y"}, None, "made out to"),
        ([NUMBER], {"id": ME}, None, f"made out to {ME}"),
        ([NUMBER], ME, None, "made out to"),
        ([NUMBER], "did:example:other", "recipient-mismatch", "another identifier than did:example:other"),
        ([NUMBER], {"id": "did:example:other", "sourcedId": "S-0042"}, None, "made out to S-0042"),
        ([NUMBER], {}, None, "names no identifier"),
        ([plain("ltiContextId", "c1")], {"ltiContextId": "c1"}, None, "names no identifier that could"),
        ([plain("name", "Ada")], {"name": "Ada"}, None, "names no identifier that could be compared"),
        (
            [plain("emailAddress", "b@x.example"), plain("ltiContextId", "c1"), plain("name", "Ada")],
            {"email": "a@x.example", "ltiContextId": "c1", "name": "Ada"},
            "recipient-mismatch",
            "another identifier",
        ),
    ],
)
def test_an_identity(entries, asked, cause, words):
    report = check(made_out_to(*entries), recipient=asked)
    told = next(each for each in report.checks if each.name == "recipient")
    assert (report.verdict, told.cause) == ("valid", cause)
    assert words in told.detail


def test_one_of_several_subjects():
    subjects = [{"id": "urn:x:a"}, {"id": "urn:x:b"}]
    document = {"@context": [credential()["@context"][0]], "type": ["VerifiableCredential"], "issuer": DID}
    document = from_elsewhere(document | {"credentialSubject": subjects})
    assert "recipient-mismatch" not in check(document, recipient="urn:x:b").warnings
    assert "recipient-mismatch" in check(document, recipient="urn:x:c").warnings


@pytest.mark.parametrize(
    ("kind", "value", "asked"),
    [
        ("url", "https://ada.example/", {"url": "https://ada.example/"}),
        ("telephone", "+4930123", {"telephone": "+4930123"}),
        ("id", "urn:x:ada", {"id": "urn:x:ada"}),
        ("id", "urn:x:ada", "urn:x:ada"),
    ],
)
def test_an_older_badge(kind, value, asked):
    person = {"type": kind, "hashed": False, "identity": value}
    made = older.assertion(recipient=person)
    report = older.judge(made, older.web(hosted=made), recipient=asked)
    told = next(each for each in report.checks if each.name == "recipient")
    assert (told.cause, told.detail) == (None, f"It is made out to {value}.")


def test_on_the_command_line(tmp_path, capsys):
    file = tmp_path / "one.json"
    file.write_text(json.dumps(made_out_to(NUMBER)))
    Path(tmp_path / "web.json").write_text("{}")
    words = [
        "verify",
        str(file),
        "--json",
        "--now",
        "2026-06-01T12:00:00Z",
        "--web",
        str(tmp_path / "web.json"),
    ]
    assert main([*words, "--recipient", "sourcedId=S-0042", "--recipient", "systemId=1"]) == 0
    assert json.loads(capsys.readouterr().out)["warnings"] == []
    assert main([*words, "--recipient", "id=did:example:other", "--email", "a@x.example"]) == 0
    assert json.loads(capsys.readouterr().out)["warnings"] == ["recipient-mismatch"]
    with pytest.raises(SystemExit) as stopped:
        main([*words, "--recipient", "S-0042"])
    assert stopped.value.code == USAGE
    assert "KIND=VALUE" in capsys.readouterr().err
