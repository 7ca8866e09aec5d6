"""The project's own 72 signed credentials: each with the verdict and the cause that its list states."""

import json

import pytest

from gradatim.engine import encoding
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from tests.conftest import SHARED

FOLDER = SHARED / "standards/vectors/own-credentials"
LIST = json.loads((FOLDER / "cases.json").read_text()) if FOLDER.exists() else {"cases": []}
CASES = LIST["cases"]
CAUSES = {
    "undefined-term": {"term-dropped"},
    "verification-method": {"key-unresolved"},
    "verification-method-purpose": {"key-not-authorised"},
    "verification-method-revoked": {"key-not-authorised"},
    "issuer-binding": {"key-not-authorised"},
    "status-purpose-mismatch": {"status-invalid"},
    "status-list-proof-invalid": {"status-invalid"},
    "status-unknown": {"status-unavailable"},
    "jwt-alg": {"proof-unsupported"},
    "no-credential": {"no-credential-found"},
    "baking": {"several-credentials-found", "image-invalid"},
    "xml-unsafe": {"image-invalid"},
    "nested-proof-invalid": {"proof-invalid"},
    "nested-subject-differs": {"holder-mismatch"},
    "endorsement-subject-mismatch": {"endorsement-mismatch"},
    "holder-binding": {"holder-mismatch"},
    "domain": {"proof-domain"},
    "challenge": {"proof-challenge"},
}
VERDICTS = {"valid": {"valid"}, "valid-with-warning": {"valid"}, "invalid": {"invalid", "refused"}}


def causes(reasons):
    found = set()
    for reason in reasons:
        found |= {"schema"} if reason.startswith("jwt-claim-mismatch") else CAUSES.get(reason, {reason})
    return found


@pytest.mark.shared
def test_the_list_is_whole():
    assert len(CASES) == 72


@pytest.mark.shared
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case):
    report = verify(
        (FOLDER / case["file"]).read_bytes(),
        fetcher=MemoryFetcher.from_file(FOLDER / "resolver.json"),
        now=encoding.parse_datetime(LIST["referenceTime"]),
        **case["expected"].get("context", {}),
    )
    expected = case["expected"]
    marked = "nested-proof-invalid" in expected["reasons"]
    assert report.verdict in (
        VERDICTS.get(expected["verdict"], {expected["verdict"]})
        | ({"valid-with-marked-parts"} if marked else set())
    )
    wanted = causes(expected["reasons"])
    assert report.cause in wanted if wanted else report.cause is None
    if expected["verdict"] == "valid-with-warning":
        assert wanted & set(report.warnings)
