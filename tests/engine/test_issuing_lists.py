"""Status lists that are issued have to be of use to every verifier; and how the command line names what is not issued."""

import json
from pathlib import Path

import pytest

from gradatim.engine import status_list
from gradatim.engine.cli import main
from gradatim.engine.errors import StatusError
from gradatim.engine.issue import issue
from tests.engine.samples import DID, KEY, METHOD, NOW, check, credential

HOW = {"signer": KEY, "verification_method": METHOD, "created": NOW}


def listing(**subject):
    made = status_list.credential(
        url="https://x.example/s",
        issuer=DID,
        purpose="revocation",
        bits=status_list.bits_of([]),
        valid_from=NOW,
    )
    made["credentialSubject"] |= subject
    return {**made, "credentialSubject": {k: v for k, v in made["credentialSubject"].items() if v != "gone"}}


def test_a_status_list_is_issued():
    assert check(issue(listing(), **HOW)).verdict == "valid"
    assert check(issue(listing(ttl="gone"), **HOW)).verdict == "valid"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "StatusList"}, "type BitstringStatusList"),
        ({"statusPurpose": "gone"}, "statusPurpose"),
        ({"ttl": 0}, "ttl"),
        ({"ttl": 1.5}, "ttl"),
        ({"encodedList": "gone"}, "letter u"),
        ({"encodedList": status_list.encode(bytes(8))}, "make it longer"),
    ],
)
def test_a_status_list_that_nobody_could_use_is_not(change, words):
    with pytest.raises(StatusError, match=words) as refused:
        issue(listing(**change), **HOW)
    assert refused.value.code == "status-invalid"
    with pytest.raises(StatusError):
        issue(listing() | {"credentialSubject": [listing()["credentialSubject"]]}, **HOW)


def test_the_command_line_names_every_breach(tmp_path, capsys):
    Path(tmp_path / "bad.json").write_text(json.dumps(credential(evidence=[], jti="urn:x:y")))
    key = {"id": METHOD, "controller": DID, "secretKeyMultibase": KEY.to_multibase()}
    Path(tmp_path / "key.json").write_text(json.dumps(key))
    assert main(["issue", str(tmp_path / "bad.json"), "--key", str(tmp_path / "key.json")]) == 3
    told = capsys.readouterr().err
    assert "evidence is empty" in told
    assert "jti cannot stand" in told
    assert main(["issue", str(tmp_path / "bad.json"), "--key", str(tmp_path / "key.json"), "--jwt"]) == 3
    told = capsys.readouterr().err
    assert "jti is written into a token" in told
