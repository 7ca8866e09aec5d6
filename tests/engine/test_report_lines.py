"""Which checks a report of each kind of document holds, in which order, and where it stops."""

import pytest

from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from tests.engine import test_older_badges as older
from tests.engine import test_sd_jwt as shown
from tests.engine.samples import METHOD as KEY_AT
from tests.engine.samples import NOW, credential, signed, token

TYPED = "input type shape"
PROVED = "proof key issuer"
OLD = f"{TYPED} proof issuer dates status"


def lines(report):
    """The names of its checks; one that did not pass with its cause."""
    return " ".join(f"{c.name}={c.cause}" if c.cause else c.name for c in report.checks)


def embedded(document, **options):
    return verify(document, fetcher=MemoryFetcher({}), now=NOW, **options)


@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        (lambda: embedded(signed()), f"input type context shape terms {PROVED} dates status"),
        (lambda: embedded(signed(), trusted=["x"]), f"input type context shape terms {PROVED} dates status issuer-known=issuer-unknown"),
        (lambda: embedded(signed(), recipient="a@b.c"), f"input type context shape terms {PROVED} dates status recipient"),
        (lambda: embedded(token(credential(), {"alg": "EdDSA", "kid": KEY_AT})), f"input type context shape terms {PROVED} dates status"),
        (lambda: embedded(signed() | {"proof": []}), "input type context shape proof=proof-missing"),
        (lambda: embedded(b"{"), "input=parse"),
        (lambda: embedded(b"{}"), "input type=type"),
        (lambda: embedded({"type": ["VerifiableCredential"]}), "input type context=context"),
        (lambda: older.judge(older.assertion()), f"{OLD} version=legacy-ob2"),
        (lambda: older.judge(older.assertion(), trusted=[]), f"{OLD} issuer-known=issuer-unknown version=legacy-ob2"),
        (lambda: older.judge(older.assertion(), older.web(hosted=older.assertion(revoked=True))), f"{TYPED} status=revoked version=legacy-ob2"),
        (lambda: older.judge(older.assertion(), MemoryFetcher({})), f"{TYPED} proof=status-unavailable version=legacy-ob2"),
        (lambda: older.judge(older.signed(), older.web(issuer={"publicKey": f"{older.HOST}/key"})), f"{OLD} version=legacy-ob2"),
        (lambda: older.judge(older.assertion(expires="2026-05-01T00:00:00Z"), older.web(hosted=older.assertion(expires="2026-05-01T00:00:00Z"))),
         f"{TYPED} proof issuer dates=expired status version=legacy-ob2"),
        (lambda: shown.judge(shown.token(shown.GIVEN)), f"{TYPED} terms {PROVED} dates status kind=not-a-badge"),
        (lambda: shown.judge(shown.token(shown.GIVEN), trusted=[]), f"{TYPED} terms {PROVED} dates status issuer-known=issuer-unknown kind=not-a-badge"),
        (lambda: shown.judge(shown.token(body=shown.payload(vct=5))), "input type=type"),
        (lambda: shown.judge(shown.token(body=shown.payload(iss="me"))), "input type shape=schema"),
        (lambda: shown.judge(shown.token(key=shown.HOLDER)), f"{TYPED} terms proof=proof-invalid dates status kind=not-a-badge"),
        (lambda: shown.judge(shown.token(kid="k2")), f"{TYPED} terms key=key-unresolved dates status kind=not-a-badge"),
        (lambda: shown.judge(shown.token(body=shown.payload(status={}))), f"{TYPED} terms {PROVED} dates status=status-unsupported kind=not-a-badge"),
    ],
)  # fmt: skip
def test_the_lines_of_a_report(judged, expected):
    assert lines(judged()) == expected


@pytest.mark.parametrize("judge", [older.judge, shown.judge])
def test_a_known_issuer_is_said_to_be_known(judge):
    source, known = (
        (older.assertion(), f"{older.HOST}/issuer") if judge is older.judge else (shown.token(), shown.ISSUER)
    )
    report = judge(source, trusted=[known])
    assert "issuer-unknown" not in report.warnings
    said = [(c.cause, "is on your list" in c.detail) for c in report.checks if c.name == "issuer-known"]
    assert said == ([(None, True)] if judge is older.judge else [])
    assert "issuer-unknown" in judge(source, trusted=[f"{known}x"]).warnings


def test_what_refuses_is_refused():
    for text in (shown.token(body=shown.payload(vct=5)), shown.token(body=shown.payload(iss="me"))):
        report = shown.judge(text)
        assert (report.verdict, report.document is not None) == ("refused", True)
    assert older.judge(older.assertion(type="Assertion", badge=5)).verdict == "refused"
    blocked = verify("https://localhost/a", fetcher=MemoryFetcher({}), now=NOW)
    assert blocked.verdict == "refused"


def test_an_older_badge_in_the_shape_of_today():
    assert older.judge(older.assertion()).document == {
        "id": f"{older.HOST}/a/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Data literacy",
        "issuer": {"id": f"{older.HOST}/issuer", "type": ["Profile"], "name": "Northfield"},
        "validFrom": "2026-01-15T09:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": "asha@learner.example",
                    "identityType": "emailAddress",
                }
            ],
            "achievement": {
                "id": f"{older.HOST}/badge",
                "type": ["Achievement"],
                "name": "Data literacy",
                "description": "Reads data.",
                "criteria": {"narrative": "A case."},
                "image": {"id": f"{older.HOST}/badge.png", "type": "Image"},
                "tag": ["data"],
                "alignment": [
                    {"type": ["Alignment"], "targetName": "Read", "targetUrl": "https://x.example/1"}
                ],
            },
        },
        "evidence": [
            {"type": ["Evidence"], "narrative": "What was done."},
            {"type": ["Evidence"], "id": f"{older.HOST}/work"},
        ],
    }
