"""Folders and archives: every file is answered once, in order, as it would be alone."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

import gradatim
from gradatim.__main__ import main
from gradatim.engine import bulk
from tests.engine.samples import KEY, credential, from_elsewhere, signed

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
    places = [bulk.Place(str(path)) for path in sorted(folder.glob("*.json"))[:12]]
    for now in (datetime.fromisoformat(NOW), None):
        question = bulk.Question(now=now)
        alone = [answer for place in places for answer in bulk.answers([place.file], question)]
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


def packed(path, *members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members:
            archive.writestr(name, text)
    return path


@pytest.fixture
def nothing(tmp_path):
    """Places without a file: a folder, one that leads back to itself, an archive, and a folder with only that."""
    for name in ("empty", "loop", "around"):
        (tmp_path / name).mkdir()
    (tmp_path / "loop" / "self").symlink_to(tmp_path / "loop")
    packed(tmp_path / "none.zip")
    packed(tmp_path / "around" / "none.zip", ("folder/", ""))
    return tmp_path


@pytest.mark.parametrize(
    "names", [["empty"], ["loop"], ["none.zip"], ["around"], ["empty", "none.zip"]], ids=" ".join
)
def test_where_there_are_no_files_nothing_is_valid(nothing, capsys, monkeypatch, names):
    monkeypatch.chdir(nothing)
    assert main(["verify", *names]) == 64
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"✗ {', '.join(names)}: There are no files in it.\n")


def test_an_empty_place_beside_others_is_said(nothing, capsys):
    (nothing / "good.json").write_text(json.dumps(signed()))
    code, found = lines(capsys, nothing / "good.json", nothing / "empty", nothing / "none.zip")
    assert (code, [one["verdict"] for one in found]) == (3, ["valid", "refused", "refused"])
    assert found[1]["file"] == str(nothing / "empty")
    assert found[1]["checks"][0]["detail"] == "There are no files in it."


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("turned", [False, True])
def test_two_members_of_one_name_are_two(tmp_path, capsys, turned):
    members = [("a.json", json.dumps(signed())), ("a.json", json.dumps(signed() | {"name": "Another"}))]
    archive = packed(tmp_path / "twice.zip", *(reversed(members) if turned else members))
    code, found = lines(capsys, archive)
    verdicts = ["valid", "invalid"]
    assert (code, [one["verdict"] for one in found]) == (1, verdicts[::-1] if turned else verdicts)
    assert {one["file"] for one in found} == {f"{archive}/a.json"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_two_for_the_cores_too(tmp_path, capsys):
    texts = [json.dumps(signed() | ({"name": "Another"} if n % 2 else {})) for n in range(2)]
    archive = packed(tmp_path / "many.zip", *(("a.json", texts[n % 2]) for n in range(bulk.FEW + 2)))
    _code, found = lines(capsys, archive)
    assert [one["verdict"] for one in found] == ["valid", "invalid"] * (bulk.FEW // 2 + 1)


def no_directory(data):
    return data.replace(b"PK\x01\x02", b"PK\x01\x09", 1)


def no_name(data):
    """A name that is said to be UTF-8 and is none."""
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 8] + b"\x00\x08" + data[at + 10 : at + 46] + b"\xff" + data[at + 47 :]


@pytest.mark.parametrize(
    "harm", [no_directory, no_name, lambda data: data[:40], lambda _: b"{}"], ids=lambda harm: harm.__name__
)
def test_a_damaged_archive_is_named_and_stops_nobody_else(tmp_path, capsys, harm):
    archive = packed(tmp_path / "a.zip", ("a.json", json.dumps(signed())))
    archive.write_bytes(harm(archive.read_bytes()))
    (tmp_path / "b.json").write_text(json.dumps(signed()))
    for words in ([archive, tmp_path / "b.json"], [tmp_path]):
        code, found = lines(capsys, *words)
        assert (code, [one["verdict"] for one in found]) == (3, ["refused", "valid"])
        assert (found[0]["file"], found[0]["cause"]) == (str(archive), "not-found")
        assert "The zip archive is damaged" in found[0]["checks"][0]["detail"]
        assert "get it anew" in found[0]["checks"][0]["detail"]


def test_an_archive_in_a_folder_is_looked_into_and_one_in_an_archive_is_not(tmp_path, capsys):
    good = json.dumps(signed())
    inner = packed(tmp_path / "inner", ("c.json", good))
    (tmp_path / "folder").mkdir()
    packed(tmp_path / "folder" / "b.ZIP", ("x/a.json", good), ("z.zip", inner.read_bytes()))
    (tmp_path / "folder" / "a.json").write_text(good)
    code, found = lines(capsys, tmp_path / "folder", inner)
    names = [one["file"].removeprefix(f"{tmp_path}/") for one in found]
    assert names == ["folder/a.json", "folder/b.ZIP/x/a.json", "folder/b.ZIP/z.zip", "inner"]
    assert (code, [one["verdict"] for one in found]) == (3, ["valid", "valid", "refused", "refused"])
    for one in found[2:]:
        assert one["checks"][0]["detail"] == "This is a zip archive: unpack it, and check the folder."


def test_who_stops_listening_ends_the_work(folder):
    answers = bulk.answers([str(folder)], bulk.Question(now=datetime.fromisoformat(NOW)))
    next(answers)
    assert multiprocessing.active_children()
    answers.close()
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("name", ["", "noise.bin"], ids=["folder", "file"])
def test_a_closed_pipe_ends_it_quietly(folder, name):
    """As `gradatim verify … | head -1` does; its processes have ended when nobody holds the other pipe any more."""
    reading, writing = os.pipe()
    os.close(reading)
    source = Path(gradatim.__file__).parents[1]
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "gradatim", "verify", "--json", folder / name],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            env={"PYTHONPATH": str(source), "PATH": os.environ["PATH"]},
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (141, b"")


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
    assert r" x\n/tmp/diploma.json: valid · Doctor\r\x1b[8m" in out  # the part
    assert r"a\x1b[2J\nb.json: valid: " in out
    for line in out.split("\n"):
        assert line.startswith((str(tmp_path), "  ✓", "  ✗", "  ?", "    ")) or not line
        assert not set(line) & set("\r\x1b\x9b\u202e\u2028\u2066")


def test_without_a_cache_nothing_is_remembered_from_file_to_file(tmp_path):
    assert bulk._Desk(bulk.Question()).memory is None
    assert isinstance(bulk._Desk(bulk.Question(cache=tmp_path)).memory, bulk.Memory)


def test_nor_does_what_is_complained_of(tmp_path, capsys):
    evil = "a\x1b[2J\n✓ b.json\x9b\u202e"
    unsigned, key = tmp_path / "unsigned.json", tmp_path / "key.json"
    unsigned.write_text(json.dumps(credential()))
    key.write_text(json.dumps({"id": "x", "controller": evil, "secretKeyMultibase": KEY.to_multibase()}))
    for words in (
        ["inspect", evil],
        ["unbake", str(tmp_path / evil)],
        ["issue", str(unsigned), "--key", str(key)],
        ["issue", str(unsigned), "--key", evil],
        ["verify", "--now", evil, "x"],
        ["verify", "--web", evil, "x"],
        [evil],
    ):
        with suppress(SystemExit):  # words that are off end it at once
            main(words)
        complaint = capsys.readouterr().err
        assert "b.json" in complaint, words
        assert complaint.count("✓ b") == complaint.count(r"\n✓ b"), complaint
        assert not set(complaint) & set("\x1b\x9b\u202e"), complaint


def test_told_to_end_it_ends_its_processes_too(tmp_path):
    document = json.dumps(signed())
    for number in range(4000):
        (tmp_path / f"{number}.json").write_text(document)
    words = [sys.executable, "-m", "gradatim", "verify", "--now", NOW, str(tmp_path)]
    here = {**os.environ, "PYTHONPATH": str(Path(gradatim.__file__).parent.parent)}
    left = True
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=here, start_new_session=True) as running:
        running.stdout.readline()  # the processes are at work
        running.terminate()
        try:
            assert running.wait(20) == 128 + signal.SIGTERM
        finally:
            try:
                os.killpg(running.pid, signal.SIGKILL)
            except ProcessLookupError:
                left = False
    assert not left


def test_told_to_end_between_two_answers(folder):
    before = signal.getsignal(signal.SIGTERM)
    found = bulk.answers([str(folder)] * 40, bulk.Question(now=datetime.fromisoformat(NOW)))
    next(found)
    with pytest.raises(SystemExit) as ended:
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 128 + signal.SIGTERM
    found.close()
    assert signal.getsignal(signal.SIGTERM) is before


def test_elsewhere_than_in_the_main_thread_signals_stay_as_they_are(folder):
    question = bulk.Question(now=datetime.fromisoformat(NOW))
    before = signal.getsignal(signal.SIGTERM)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(lambda: list(bulk.answers([str(folder)], question))).result()
    assert found == list(bulk.answers([str(folder)], question))
    assert signal.getsignal(signal.SIGTERM) is before
