"""What the bench works on: one realistic credential, many like it, a record of fifty, status lists, keys.

`python bench/material.py FILE` writes it as JSON, so that every station works on the same bytes.
"""

from __future__ import annotations

import copy
import json
import random
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gradatim.engine import PrivateKey, contexts, did_key, issue, status_list
from gradatim.engine.keys import ED25519

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
KEY = PrivateKey(ED25519, bytes(range(32)))
ISSUER = did_key(KEY.public_key)
METHOD = f"{ISSUER}#{KEY.public_key.to_multibase()}"
LIST = "https://credentials.northfield.example/status/revocation/3"
SITE = "https://credentials.northfield.example"
V2, OB = "https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
EMBEDDED = 50  # credentials in the record


def credential(number: int = 1) -> dict[str, Any]:
    """One learner's credential: profile, image, three alignments, result, evidence, status."""
    learner = f"urn:uuid:6f1c2f0e-7a10-4c1e-9d53-{number:012d}"
    return {
        "@context": [V2, OB],
        "id": f"{SITE}/credentials/0b9c61de-31a2-4d8f-8f0e-{number:012d}",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": "Data literacy for the workplace",
        "issuer": {
            "id": ISSUER,
            "type": ["Profile"],
            "name": "Northfield College",
            "url": "https://www.northfield.example/",
            "email": "credentials@northfield.example",
            "description": "A college of applied sciences.",
            "image": {"id": f"{SITE}/northfield/logo.png", "type": "Image", "caption": "Northfield College"},
        },
        "validFrom": f"2026-10-{1 + number % 28:02d}T08:{number % 60:02d}:00Z",
        "awardedDate": f"2026-10-{1 + number % 28:02d}T08:{number % 60:02d}:00Z",
        "validUntil": "2031-10-31T23:59:59Z",
        "credentialSubject": {
            "id": learner,
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": f"sha256${number:064x}",
                    "identityType": "emailAddress",
                    "salt": f"kf82-{number:08d}",
                }
            ],
            "activityStartDate": "2026-09-01T00:00:00Z",
            "activityEndDate": "2026-09-30T00:00:00Z",
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": f"{SITE}/a/data-literacy/results/case",
                    "value": str(60 + number % 41),
                }
            ],
            "achievement": achievement(),
        },
        "evidence": [
            {
                "id": f"{SITE}/evidence/{number:08d}",
                "type": ["Evidence"],
                "name": "Case report",
                "narrative": f"A report of {6 + number % 9} pages on the energy use of a small bakery, with two charts.",
                "genre": "Report",
            }
        ],
        "credentialStatus": status_list.entry(LIST, index=97 * number % 131_072, purpose="revocation"),
    }


def achievement() -> dict[str, Any]:
    """What every learner of the batch achieved."""
    return {
        "id": f"{SITE}/a/data-literacy/versions/2",
        "type": ["Achievement"],
        "name": "Data literacy for the workplace",
        "description": "Reads, checks and explains the data that a small organization works with every day.",
        "achievementType": "MicroCredential",
        "creditsAvailable": 2,
        "inLanguage": "en",
        "version": "2",
        "tag": ["data", "statistics", "workplace"],
        "image": {"id": f"{SITE}/a/data-literacy/2.png", "type": "Image", "caption": "A rising bar chart"},
        "criteria": {
            "id": f"{SITE}/a/data-literacy/2#criteria",
            "narrative": "Solve one case of 90 minutes and explain it to two assessors.",
        },
        "alignment": [
            {
                "type": ["Alignment"],
                "targetName": "Evaluating data, information and digital content",
                "targetUrl": f"https://competences.example/digcomp/{code}",
                "targetCode": code,
                "targetFramework": "DigComp 2.2",
                "targetType": "CFItem",
                "targetDescription": f"To analyse and evaluate what is found (level {level}).",
            }
            for code, level in (("1.2", 4), ("1.3", 5), ("3.1", 3))
        ],
        "resultDescription": [
            {
                "id": f"{SITE}/a/data-literacy/results/case",
                "type": ["ResultDescription"],
                "name": "Case",
                "resultType": "Percent",
                "valueMin": "0",
                "valueMax": "100",
                "requiredValue": "60",
            }
        ],
    }


def record() -> dict[str, Any]:
    """A CLR with fifty signed credentials, each its own achievement; unsigned itself."""
    inside = []
    for number in range(EMBEDDED):
        one = copy.deepcopy(credential(number + 1))
        subject = one["credentialSubject"]
        text = json.dumps(subject["achievement"]).replace("data-literacy", f"course-{number}")
        subject["achievement"] = json.loads(text.replace("digcomp/", f"digcomp/{number}/"))
        subject["result"][0]["resultDescription"] = f"{SITE}/a/course-{number}/results/case"
        subject["id"] = "urn:uuid:6f1c2f0e-7a10-4c1e-9d53-000000000001"
        inside.append(signed(one))
    return {
        "@context": [V2, CLR, OB],
        "id": f"{SITE}/records/1",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Record of learning",
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Northfield College"},
        "validFrom": "2026-10-31T08:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:6f1c2f0e-7a10-4c1e-9d53-000000000001",
            "type": ["ClrSubject"],
            "verifiableCredential": inside,
        },
    }


def bits() -> bytes:
    """A status list of 131,072 entries, two in a hundred of them set; none of the bench's own."""
    mine = {97 * number % 131_072 for number in range(10_000)}
    draw = random.Random(1)
    return status_list.bits_of({draw.randrange(131_072) for _ in range(2700)} - mine)


def listing() -> dict[str, Any]:
    """The list as an unsigned credential."""
    return status_list.credential(url=LIST, issuer=ISSUER, purpose="revocation", bits=bits(), valid_from=NOW)


def signed(document: dict[str, Any]) -> dict[str, Any]:
    """As the engine signs it."""
    return issue(document, signer=KEY, verification_method=METHOD, created=NOW)


def main(out: Path) -> None:
    """Write it all."""
    urls = (V2, OB, CLR, "https://w3id.org/security/data-integrity/v2")
    listed = signed(listing())
    material = {
        "contexts": {url: {"@context": contexts.load(url)} for url in urls},
        "seed": KEY.secret.hex(),
        "public": KEY.public_key.to_multibase(),
        "secret": KEY.to_multibase(),
        "issuer": ISSUER,
        "method": METHOD,
        "now": "2026-11-01T12:00:00Z",
        "unsigned": credential(),
        "signed": signed(credential()),
        "record": record(),
        "record_signed": signed(record()),
        "list": listed,
        "encoded_list": listed["credentialSubject"]["encodedList"],
    }
    out.write_text(json.dumps(material, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
