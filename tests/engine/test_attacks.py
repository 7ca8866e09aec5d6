"""The list of hostile inputs, as far as verification meets them: verdict, cause, time, and who was asked."""

import base64
import gzip
import hashlib
import json
import time
import tracemalloc
import zlib
from collections import Counter

import pytest

from gradatim.engine import encoding, fetch, keys, status_list
from gradatim.engine.bake import _chunk
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.proof import data_integrity
from gradatim.engine.verify import verify
from tests.conftest import SHARED
from tests.engine.samples import DID, KEY, METHOD, NOW, check, credential, signed

FOLDER = SHARED / "attacks"
LIST = json.loads((FOLDER / "cases.json").read_text()) if FOLDER.exists() else {"cases": []}
AREAS = {"control", "proof", "meaning", "shape", "jose", "status", "fetch", "json", "image", "record"}
VIA = {"verify", "verify-image", "import-record"}
# Signed with a type that no context defines, read as relative to a base address that the signing library supplied.
LEFT_OUT = {"fet-10"}
# Written by the tests below, because the files would be large.
MADE_HERE = {"sta-13", "jsn-15", "jsn-16", "img-10", "rec-09"}
CASES = [
    case
    for case in LIST["cases"]
    if case["area"] in AREAS and case["via"] in VIA and case["id"] not in LEFT_OUT | MADE_HERE
]


def report_of(case, memory=None, web=None):
    web = web or json.loads((FOLDER / "web.json").read_text())
    web["https://rebind.example/status"] = {"dns": ["203.0.113.9"]}
    report = verify(
        case if isinstance(case, bytes) else (FOLDER / case["file"]).read_bytes(),
        fetcher=MemoryFetcher(web, FOLDER),
        now=encoding.parse_datetime(LIST["clock"]),
        trusted=LIST["trusted"],
        memory=memory,
        recipient=None if isinstance(case, bytes) else case.get("email"),
        importing=not isinstance(case, bytes) and case["via"] == "import-record",
    )
    for request in report.requests:
        fetch.check_address(request["url"])
        assert not web.get(request["url"], {}).get("forbidden")
    return report


@pytest.mark.shared
def test_the_list_is_whole():
    assert len(CASES) == 154


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case):
    memory = {}
    expect = case["expect"]
    verdicts = {expect["verdict"]}
    if verdicts & {"refused", "invalid"}:
        verdicts = {"refused", "invalid"}
    wanted = expect.get("cause", [])
    for _ in range(2 if case["id"] == "sta-14" else 1):
        started = time.process_time()
        report = report_of(case, memory)
        assert time.process_time() - started < 2
        assert report.verdict in verdicts
        if wanted:
            assert report.cause in ([wanted] if isinstance(wanted, str) else wanted)
        elif case["area"] == "control":
            assert report.cause is None


def by_id(name):
    return next(case for case in LIST["cases"] if case["id"] == name)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "most"), [("sta-17", 2), ("fet-13", fetch.MAX_REDIRECTS + 1), ("mea-04", 0)]
)
def test_how_often_is_asked(name, most):
    asked = Counter(request["url"] for request in report_of(by_id(name)).requests)
    assert max(asked.values(), default=0) <= most


@pytest.mark.shared
def test_a_short_list_is_named_as_the_standard_names_it():
    assert any("STATUS_LIST_LENGTH_ERROR" in one.detail for one in report_of(by_id("sta-11")).checks)


@pytest.mark.shared
def test_names_are_shown_unchanged():
    case = by_id("ctl-07")
    assert report_of(case).document == json.loads((FOLDER / case["file"]).read_bytes())


@pytest.mark.shared
@pytest.mark.slow
def test_sta_13():
    """A status list of 512 MiB in 700 kB, signed by the issuer."""
    packer = zlib.compressobj(9, wbits=31)
    folded = b"".join(packer.compress(bytes(1 << 20)) for _ in range(512)) + packer.flush()
    seed = hashlib.sha256(b"attack-vectors/web-key-1").digest()
    url = json.loads((FOLDER / by_id("sta-13")["file"]).read_text())["credentialStatus"][
        "statusListCredential"
    ]
    listing = status_list.credential(
        url=url,
        issuer="did:web:issuer.example",
        purpose="revocation",
        bits=b"",
        valid_from=NOW.replace(month=5),
    )
    listing["credentialSubject"]["encodedList"] = "u" + encoding.base64url_encode(folded)
    listing = data_integrity.add_proof(
        listing,
        signer=keys.PrivateKey(keys.ED25519, seed),
        verification_method="did:web:issuer.example#key-1",
        created=NOW.replace(month=5),
    )
    web = json.loads((FOLDER / "web.json").read_text()) | {url: {"body": listing}}
    tracemalloc.start()
    started = time.process_time()
    report = report_of(by_id("sta-13"), web=web)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (report.verdict in {"refused", "invalid"}, report.cause) == (True, "resource-limit")
    assert time.process_time() - started < 5
    assert peak < 100 * 1024 * 1024


def test_jsn_15():
    started = time.process_time()
    report = check(b'{"a":"' + b"x" * 50_000_000 + b'"}')
    assert (report.verdict, report.cause) == ("refused", "too-large")
    assert time.process_time() - started < 1


def test_jsn_16():
    entry = b'{"id":"https://x.example/1","type":["Evidence"]}'
    text = json.dumps(signed()).encode()[:-1] + b',"evidence":[' + b",".join([entry] * 200_000) + b"]}"
    report = check(text)
    assert (report.verdict, report.cause) == ("refused", "too-large")


@pytest.mark.shared
def test_rec_09():
    part = (FOLDER / "control/ctl-01.json").read_bytes()
    outside = json.loads((FOLDER / "record/rec-01.json").read_text())
    outside["credentialSubject"]["verifiableCredential"] = []
    text = json.dumps(outside).replace('"verifiableCredential": []', '"verifiableCredential": [%s]')
    report = check(text.encode() % b",".join([part] * 10_000), importing=True)
    assert (report.verdict, report.cause) == ("refused", "too-large")


def test_img_10():
    picture = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
    )
    folded = zlib.compress(b"A" * (64 << 20), 9)
    chunk = _chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + folded)
    report = check(picture[:33] + chunk + picture[33:])
    assert (report.verdict, report.cause) == ("refused", "image-invalid")


def test_an_older_list_is_not_taken_from_the_memory_either():
    url = "https://issuer.example/status/1"

    def listed(indexes, day):
        listing = status_list.credential(
            url=url,
            issuer=DID,
            purpose="revocation",
            bits=status_list.bits_of(indexes),
            valid_from=NOW.replace(day=day, month=5),
        )
        return data_integrity.add_proof(
            listing, signer=KEY, verification_method=METHOD, created=NOW.replace(day=day, month=5)
        )

    document = signed(credential(credentialStatus=status_list.entry(url, index=7, purpose="revocation")))
    memory = {}
    for body, cause in (
        (listed([], 1), None),
        (listed([7], 2), "revoked"),
        (listed([], 1), "revoked"),
        (listed([], 3), None),
    ):
        report = verify(document, fetcher=MemoryFetcher({url: {"body": body}}), now=NOW, memory=memory)
        assert report.cause == cause


def test_a_list_is_only_unfolded_as_far_as_allowed():
    assert len(status_list.decode("u" + encoding.base64url_encode(gzip.compress(bytes(16384))))) == 16384
