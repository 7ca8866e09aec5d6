"""Folders and archives: every file is answered once, in order, as it would be alone."""

import json
import zipfile
from datetime import datetime

import pytest

from gradatim.__main__ import main
from gradatim.engine import bulk
from tests.engine.samples import credential, from_elsewhere, signed

NOW = "2026-06-01T12:00:00Z"


@pytest.fixture
def folder(tmp_path):
    """More files than are checked one by one; some of them bad."""
    files = tmp_path / "files"
    (files / "deeper").mkdir(parents=True)
    for number in range(bulk.FEW + bulk.CHUNK + 20):
        document = signed(credential(id=f"urn:x:{number}"))
        if number % 7 == 3:
            document["name"] = "Another"
        place = files / "deeper" if number % 2 else files
        (place / f"{number:04d}.json").write_text(json.dumps(document))
    (files / "noise.bin").write_bytes(b"\x00\x01")
    return files


def test_what_waits_for_the_cores_is_little_and_in_order(folder, monkeypatch):
    question = bulk.Question(now=datetime.fromisoformat(NOW))
    at_once = list(bulk.answers([str(folder)], question))
    monkeypatch.setattr(bulk, "CHUNK", 3)
    monkeypatch.setattr(bulk, "WAITING", 1)
    assert list(bulk.answers([str(folder)], question)) == at_once


def test_a_process_says_of_each_file_what_is_said_of_it_alone(folder):
    places = [(str(path), "") for path in sorted(folder.glob("*.json"))[:12]]
    for now in (datetime.fromisoformat(NOW), None):
        question = bulk.Question(now=now)
        alone = [answer for path, _ in places for answer in bulk.answers([path], question)]
        assert bulk._chunk(places, question) == alone
        assert {verdict for verdict, _ in alone} == {"valid", "invalid"}


def lines(capsys, *words):
    code = main(["verify", "--json", "--now", NOW, *map(str, words)])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_folder_is_answered_file_by_file(folder, capsys):
    code, found = lines(capsys, folder)
    names = sorted(str(path) for path in folder.rglob("*") if path.is_file())
    assert [one["file"] for one in found] == names
    for one, name in zip(found[:40], names[:40], strict=True):
        assert lines(capsys, name)[1] == [one]
    verdicts = [one["verdict"] for one in found]
    assert {v: verdicts.count(v) for v in set(verdicts)} == {"valid": 146, "invalid": 24, "refused": 1}
    assert code == 1


def test_an_archive_is_answered_member_by_member(folder, tmp_path, capsys):
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in folder.rglob("*"):
            packed.write(path, path.relative_to(folder))
        packed.writestr("bomb.json", b" " * (bulk.MAX_PICTURE + 10))
    _code, inside = lines(capsys, archive)
    _code, outside = lines(capsys, folder)
    by_name = {one["file"].removeprefix(f"{archive}/"): one | {"file": ""} for one in inside}
    bomb = by_name.pop("bomb.json")
    assert (bomb["verdict"], bomb["cause"]) == ("refused", "too-large")
    assert by_name == {one["file"].removeprefix(f"{folder}/"): one | {"file": ""} for one in outside}


def test_a_damaged_member_stops_nobody_else(tmp_path, capsys):
    archive = tmp_path / "few.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.json", json.dumps(signed()))
        packed.writestr("b.json", json.dumps(signed()))
    data = bytearray(archive.read_bytes())
    at = data.index(b'"@context"')
    data[at : at + 4] = b"xxxx"
    archive.write_bytes(data)
    _code, found = lines(capsys, archive)
    assert [one["verdict"] for one in found] == ["refused", "valid"]
    assert found[0]["cause"] == "not-found"


def test_what_a_credential_is_called_changes_nothing_on_the_terminal(tmp_path, capsys):
    """A name may be in any script, but it makes no line of its own, and no letter of it moves, hides or colours another."""
    name = "Données \u00a0नमूना \u0646\u0645\u06cc\u200c\u062e 👩\u200d🎓"
    evil = "x\n/tmp/diploma.json: valid · Doctor\r\x1b[8m\x9b2J\u202e\u2028\u2066"
    odd = tmp_path / "a\x1b[2J\nb.json: valid"
    endorsement = credential(
        id="urn:x:e",
        type=["VerifiableCredential", "EndorsementCredential"],
        name=evil,
        credentialSubject={
            "id": credential()["id"],
            "type": ["EndorsementSubject"],
            "endorsementComment": "Good.",
        },
    )
    files = {
        odd: signed(name=name),
        tmp_path / "c.json": signed() | {"name": evil, "type": evil},
        tmp_path / "d.json": from_elsewhere(endorsement=[endorsement]),
        tmp_path / "e.json": signed() | {"issuer": {"id": evil}, "@context": evil},
    }
    for path, document in files.items():
        path.write_text(json.dumps(document))
    main(["verify", "--now", NOW, str(tmp_path)])
    out = capsys.readouterr().out
    assert f"· {name}\n" in out
    assert r"x\n/tmp/diploma.json: valid · Doctor\r\x1b[8m\x9b2J\u202e\u2028\u2066" in out
    assert r"    x\n/tmp/diploma.json: valid · Doctor\r\x1b[8m" in out  # the part
    assert r"a\x1b[2J\nb.json: valid: " in out
    for line in out.split("\n"):
        assert line.startswith((str(tmp_path), "  ✓", "  ✗", "  ?", "    ")) or not line
        assert not set(line) & set("\r\x1b\x9b\u202e\u2028\u2066")


def test_without_a_cache_nothing_is_remembered_from_file_to_file(tmp_path):
    assert bulk._Desk(bulk.Question()).memory is None
    assert isinstance(bulk._Desk(bulk.Question(cache=tmp_path)).memory, bulk.Memory)
