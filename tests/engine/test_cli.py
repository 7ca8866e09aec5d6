"""The command line: exit statuses, the JSON line, and the way from a key to a verified picture."""

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gradatim.__main__ import main
from gradatim.engine import bulk, encoding, status_list
from gradatim.engine.bake import bake
from gradatim.engine.proof import data_integrity
from tests.engine.samples import DID, KEY, METHOD, credential, from_elsewhere, signed
from tests.engine.test_bake import PNG, SVG
from tests.engine.test_presentations import endorsed

URL = "https://issuer.example/status/1"
STATUS = status_list.entry(URL, index=7, purpose="revocation")
NOW = ["--now", "2026-06-01T12:00:00Z"]
CREATED = ["--created", "2026-06-01T11:00:00Z"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {
        "good.json": signed(),
        "changed.json": signed() | {"name": "Other"},
        "open.json": signed(credential(credentialStatus=STATUS)),
        "list.json": [],
        "unsigned.json": credential(),
        "key.json": {"id": METHOD, "controller": DID, "secretKeyMultibase": KEY.to_multibase()},
        "web.json": {},
    }
    for name, value in files.items():
        Path(name).write_text(json.dumps(value))
    Path("good.png").write_bytes(bake(PNG, json.dumps(signed()).encode()))
    Path("plain.png").write_bytes(PNG)
    Path("plain.svg").write_bytes(SVG)
    return tmp_path


def run(capsys, *words):
    """Exit status, what was said, and what was complained of."""
    try:
        status = main([str(word) for word in words])
    except SystemExit as ended:
        status = ended.code
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (["good.json"], 0),
        (["good.png"], 0),
        (["changed.json"], 1),
        (["open.json"], 2),
        (["list.json"], 3),
        (["plain.png"], 3),
        (["missing.json"], 3),
        (["good.json", "open.json"], 2),
        (["open.json", "list.json"], 3),
        (["list.json", "changed.json", "good.json", "open.json"], 1),
    ],
)
def test_verify(folder, capsys, names, status):
    got, said, complaint = run(capsys, "verify", *names, "--web", "web.json", *NOW)
    assert (got, complaint) == (status, "")
    for name in names:
        assert f"{name}: " in said


def test_the_json_line(folder, capsys):
    status, said, _ = run(
        capsys, "verify", "good.json", "missing.json", "--json", "--web", "web.json", "--trust", "urn:x", *NOW
    )
    good, missing = (json.loads(line) for line in said.splitlines())
    assert status == 3
    assert list(good) == ["file", "verdict", "cause", "warnings", "checks", "parts", "requests"]
    assert (good["file"], good["verdict"], good["cause"]) == ("good.json", "valid", "issuer-unknown")
    assert good["warnings"] == ["issuer-unknown"]
    assert all(list(check) == ["name", "outcome", "cause", "detail", "spec"] for check in good["checks"])
    assert (missing["verdict"], missing["cause"], missing["parts"], missing["requests"]) == (
        "refused",
        "not-found",
        [],
        [],
    )


def test_each_part_has_its_sign_and_what_is_said_of_it(folder, capsys):
    other = endorsed(of="urn:x:else")
    own = endorsed(of="https://northfield.example/a/1")
    document = credential(endorsement=[own, other, own | {"name": "Changed"}])
    Path("endorsed.json").write_text(json.dumps(from_elsewhere(document)))
    _, said, _ = run(capsys, "verify", "endorsed.json", "--web", "web.json", *NOW)
    good, strange, changed = said.splitlines()[-3:]
    assert good == "    ✓ Endorsement"
    assert strange == "    ? Endorsement: The endorsement at endorsement[1] is about something else."
    assert changed.startswith("    ✗ Changed: The document was changed")


def test_the_map_stands_for_the_network(folder, capsys):
    Path("web.json").write_text(json.dumps({URL: {"status": 404}}))
    _, said, _ = run(capsys, "verify", "open.json", "good.json", "--json", "--web", "web.json", *NOW)
    first, second = (json.loads(line) for line in said.splitlines())
    assert (first["verdict"], first["cause"]) == ("undetermined", "status-unavailable")
    assert first["requests"] == [{"url": URL, "status": 404, "outcome": "not-found"}]
    assert second["requests"] == []


def test_a_cache_remembers_status_lists(folder, capsys):
    listing = status_list.credential(
        url=URL, issuer=DID, purpose="revocation", bits=status_list.bits_of({7}), valid_from=_day(20)
    )
    Path("listing.json").write_text(json.dumps(_signed_list(listing)))
    older = listing | {"validFrom": "2026-05-10T00:00:00Z"}
    older["credentialSubject"] = listing["credentialSubject"] | {
        "encodedList": status_list.encode(bytes(16384))
    }
    Path("older.json").write_text(json.dumps(_signed_list(older)))
    for name in ("listing.json", "older.json"):
        Path("web.json").write_text(json.dumps({URL: {"file": name}}))
        words = ["verify", "open.json", "--json", "--web", "web.json", "--cache", "seen", *NOW]
        status, said, _ = run(capsys, *words)
        assert (status, json.loads(said)["cause"]) == (1, "revoked")


def _day(day):
    return encoding.parse_datetime(f"2026-05-{day}T00:00:00Z")


def _signed_list(listing):
    return data_integrity.add_proof(listing, signer=KEY, verification_method=METHOD, created=_day(20))


@pytest.mark.parametrize(
    "words",
    [
        ["verify"],
        ["verify", "good.json", "--now", "yesterday"],
        ["verify", "good.json", "--unknown"],
        ["verify", "good.json", "--web", "missing.json"],
        ["issue", "unsigned.json"],
        ["issue", "missing.json", "--key", "key.json"],
        ["issue", "unsigned.json", "--key", "missing.json"],
        ["issue", "unsigned.json", "--key", "key.json", "--jwt", "--suite", "eddsa-jcs-2022"],
        ["issue", "unsigned.json", "--key", "key.json", "--mandatory", "/name"],
        ["issue", "unsigned.json", "--key", "key.json", "--mandatory", "/name", "--suite", "eddsa-jcs-2022"],
        ["issue", "unsigned.json", "--key", "key.json", "--mandatory", "/name", "--jwt"],
        ["bake", "missing.png", "good.json", "out.png"],
        ["bake", "plain.png", "good.json", "no/such/folder.png"],
        ["unbake", "missing.png"],
        ["inspect", "missing.json"],
        ["keys"],
        ["keys", "new", "--kind", "dsa"],
        ["nonsense"],
        [],
    ],
    ids=" ".join,
)
def test_words_that_are_off(folder, capsys, words):
    status, _, complaint = run(capsys, *words)
    assert status == 64
    assert "Traceback" not in complaint


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (["issue", "good.json", "--key", "key.json"], "proof-invalid"),
        (["issue", "list.json", "--key", "key.json"], "type"),
        (["issue", "unsigned.json", "--key", "web.json"], "parse"),
        (["issue", "unsigned.json", "--key", "unsigned.json"], "key-unresolved"),
        (["verify", "good.json", "--web", "list.json"], "parse"),
        (["verify", "good.json", "--web", "plain.png"], "encoding"),
        (["inspect", "plain.png"], "no-credential-found"),
        (["unbake", "plain.svg"], "no-credential-found"),
        (["unbake", "strange.png"], "encoding"),
        (["bake", "good.json", "good.json", "out.png"], "image-invalid"),
        (["bake", "plain.png", "hello", "out.png"], "parse"),
        (["bake", "plain.png", "nothing", "out.png"], "parse"),
        (["bake", "plain.png", "web.json", "out.png"], "type"),
        (["bake", "plain.svg", "good.png", "out.png"], "type"),
        (["issue", "unsigned.json", "--key", "hello"], "parse"),
        (["issue", "unsigned.json", "--key", "key.json", "--suite", "Ed25519Signature2020"], "context"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_files_that_are_refused(folder, capsys, words, cause):
    Path("strange.png").write_bytes(bake(PNG, b"\xff"))
    Path("hello").write_text("hello")
    Path("nothing").write_text("")
    status, said, complaint = run(capsys, *words)
    assert (status, said) == (3, "")
    assert complaint.endswith(f"({cause})\n")
    assert not Path("out.png").exists()


@pytest.mark.parametrize(
    ("kind", "jwt"), [("ed25519", []), ("ed25519", ["--jwt"]), ("p256", ["--jwt"]), ("rsa", ["--jwt"])]
)
def test_from_a_new_key_to_a_verified_picture(folder, capsys, kind, jwt):
    status, said, _ = run(capsys, "keys", "new", "--kind", kind)
    assert status == 0
    Path("new.json").write_text(said)
    issuer = {"id": json.loads(said)["controller"], "type": ["Profile"], "name": "N"}
    Path("mine.json").write_text(json.dumps(credential(issuer=issuer)))
    status, said, _ = run(
        capsys, "issue", "mine.json", "--key", "new.json", "--created", "2026-05-30T12:00:00Z", *jwt
    )
    assert status == 0
    Path("issued").write_text(said)
    for picture in ("plain.png", "plain.svg"):
        assert run(capsys, "bake", picture, "issued", "baked") == (0, "", "")
        assert run(capsys, "unbake", "baked") == (0, said, "")
        status, words, _ = run(capsys, "verify", "baked", "issued", "--web", "web.json", *NOW)
        assert (status, words.count(": valid · Data literacy")) == (0, 2)
    status, shown, _ = run(capsys, "inspect", "baked")
    assert json.loads(shown)["document"]["issuer"] == issuer
    assert ("header" in json.loads(shown)) == bool(jwt)


def test_new_keys_are_new(capsys):
    first, second = (
        json.loads(run(capsys, "keys", "new", "--controller", "did:web:a.example")[1]) for _ in range(2)
    )
    assert first["secretKeyMultibase"] != second["secretKeyMultibase"]
    assert first["id"] == f"did:web:a.example#{first['publicKeyMultibase']}"


def test_as_a_program_of_its_own(folder):
    source = Path(sys.modules["gradatim"].__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "gradatim", "verify", "changed.json", "--web", "web.json", "--json", *NOW],
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(source), "PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert json.loads(done.stdout)["cause"] == "proof-invalid"


def test_without_a_map_nothing_is_asked_that_need_not_be(folder, capsys):
    status, said, _ = run(capsys, "verify", "good.json", "--json", *NOW)
    assert (status, json.loads(said)["requests"]) == (0, [])


def test_everything_that_is_wrong_is_said_before_signing(folder, capsys):
    Path("bad.json").write_text(json.dumps(credential(validFrom="yesterday", name=5)))
    status, said, complaint = run(capsys, "issue", "bad.json", "--key", "key.json")
    assert (status, said) == (3, "")
    assert complaint.count("(schema)\n") == 2


def test_a_key_of_somebody_else(folder, capsys):
    Path("other.json").write_text(
        json.dumps(json.loads(Path("key.json").read_text()) | {"controller": "did:web:x"})
    )
    status, _, complaint = run(capsys, "issue", "unsigned.json", "--key", "other.json")
    assert (status, complaint.endswith("(issuer-mismatch)\n")) == (3, True)


def test_the_memory_of_lists_is_a_mapping(tmp_path):
    memory = bulk.Memory(tmp_path / "seen")
    memory[URL] = "1"
    assert (memory[URL], len(memory), len(list(memory))) == ("1", 1, 1)
    del memory[URL]
    assert URL not in memory


@pytest.mark.parametrize(
    ("kind", "suite"),
    [
        ("ed25519", "eddsa-jcs-2022"),
        ("p256", "ecdsa-jcs-2019"),
        ("p384", "ecdsa-rdfc-2019"),
        ("p384", "ecdsa-jcs-2019"),
        ("p256", "ecdsa-sd-2023"),
    ],
)
def test_every_suite_from_key_to_verdict(folder, capsys, kind, suite):
    _, text, _ = run(capsys, "keys", "new", "--kind", kind)
    Path("new.json").write_text(text)
    issuer = json.loads(text)["controller"]
    Path("mine.json").write_text(
        json.dumps(credential(issuer={"id": issuer, "type": ["Profile"], "name": "N"}))
    )
    status, text, _ = run(capsys, "issue", "mine.json", "--key", "new.json", "--suite", suite, *CREATED)
    assert status == 0
    Path("signed.json").write_text(text)
    assert json.loads(text)["proof"]["cryptosuite"] == suite
    assert run(capsys, "verify", "signed.json", *NOW)[0] == 0


def test_a_part_is_shown(folder, capsys):
    _, text, _ = run(capsys, "keys", "new", "--kind", "p256")
    Path("new.json").write_text(text)
    document = credential(
        issuer={"id": json.loads(text)["controller"], "type": ["Profile"], "name": "N"}, description="Long"
    )
    Path("mine.json").write_text(json.dumps(document))
    words = ["--suite", "ecdsa-sd-2023", "--mandatory", "/credentialSubject/id", "--mandatory", "/issuer"]
    _, text, _ = run(capsys, "issue", "mine.json", "--key", "new.json", *words, *CREATED)
    Path("base.json").write_text(text)
    status, text, _ = run(
        capsys, "derive", "base.json", "--show", "/credentialSubject/achievement", "--show", "/name"
    )
    assert status == 0
    shown = json.loads(text)
    Path("shown.json").write_text(text)
    assert (shown["validFrom"], "description" in shown) == (document["validFrom"], False)
    assert run(capsys, "verify", "shown.json", *NOW)[0] == 0
    assert run(capsys, "derive", "good.json")[0] == 3
    assert run(capsys, "derive", "base.json", "--show", "/nothing")[0] == 3


def test_what_is_refused_is_named_with_its_cure(folder, capsys):
    complaint = run(capsys, "issue", "unsigned.json", "--key", "good.json")[2]
    assert complaint.startswith("✗ good.json: This is no secret Multikey")
    assert "Give a key file as `gradatim keys new` writes it." in complaint
    complaint = run(capsys, "bake", "plain.png", "web.json", "out.png")[2]
    assert complaint.startswith("✗ web.json: This is not a verifiable credential")
    assert "Give a credential as `gradatim issue` writes it." in complaint
    issue = ["issue", "unsigned.json", "--key", "key.json"]
    assert "--suite ecdsa-sd-2023" in run(capsys, *issue, "--mandatory", "/name")[2]
    assert "leave one of them out" in run(capsys, *issue, "--jwt", "--suite", "eddsa-jcs-2022")[2]


def test_a_suite_of_old_says_what_context_it_needs(folder, capsys):
    words = ["issue", "unsigned.json", "--key", "key.json", "--suite", "Ed25519Signature2020", *CREATED]
    complaint = run(capsys, *words)[2]
    address = next(word for word in complaint.split() if word.startswith("https://"))
    document = credential()
    document["@context"].append(address)
    Path("unsigned.json").write_text(json.dumps(document))
    status, said, _ = run(capsys, *words)
    assert (status, json.loads(said)["proof"]["type"]) == (0, "Ed25519Signature2020")


def test_an_older_badge_may_be_baked(folder, capsys):
    badge = {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": "https://issuer.example/assertions/1",
        "badge": "https://issuer.example/badges/1",
    }
    Path("older.json").write_text(json.dumps(badge))
    assert run(capsys, "bake", "plain.png", "older.json", "out.png") == (0, "", "")
    assert json.loads(run(capsys, "unbake", "out.png")[1]) == badge


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-8"])
def test_what_a_terminal_cannot_show_is_spelt(folder, monkeypatch, encoding):
    name = "x\udce9 \xe9 😀.json"
    Path(name).write_text(json.dumps(signed()))
    said = {}
    for form in ([], ["--json"]):
        out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", out)
        assert main(["verify", name, "--web", "web.json", *form, *NOW]) == 0
        said[*form] = out.buffer.getvalue().decode(encoding)
    assert json.loads(said["--json",])["file"] == name
    assert "x\\udce9 " in said[()]


class Full(io.StringIO):
    """As a file on a disk without room."""

    def write(self, _):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_an_output_without_room(folder, capsys, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Full())
        assert main(["inspect", "good.json"]) == 64
    assert capsys.readouterr().err == "✗ The output: No space left on device\n"


def test_an_output_that_nobody_reads(folder, capsys, monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    with monkeypatch.context() as patched, os.fdopen(writing, "w") as closed:
        patched.setattr(sys, "stdout", closed)
        assert main(["inspect", "good.json"]) == 141
    assert capsys.readouterr().err == ""
