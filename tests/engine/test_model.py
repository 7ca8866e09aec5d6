"""The data model, place by place: what the published schemas refuse, and what only their prose says."""

import copy

import pytest

from gradatim.engine.model import credential as model
from gradatim.engine.verify import person
from tests.engine.samples import credential

DELETED = ...  # reads the same in every test id
ENDORSEMENT = {"type": ["VerifiableCredential", "EndorsementCredential"]}


def badge():
    document = credential(
        image={"id": "https://x.example/i.png", "type": "Image"},
        evidence=[{"id": "https://x.example/e", "type": ["Evidence"], "name": "Work"}],
        endorsement=[ENDORSEMENT],
        endorsementJwt=["eyJh.eyJh.x"],
        refreshService={"id": "https://x.example/r", "type": "1EdTechCredentialRefresh"},
        credentialSchema=[{"id": "https://x.example/s", "type": "1EdTechJsonSchemaValidator2019"}],
        validUntil="2027-01-01T00:00:00Z",
    )
    document["issuer"] |= {
        "otherIdentifier": [{"type": ["IdentifierEntry"], "identifier": "1", "identifierType": "systemId"}],
        "endorsement": [ENDORSEMENT],
        "address": {"type": ["Address"], "addressCountry": "IN", "geo": {"type": "GeoCoordinates", "latitude": 1, "longitude": 2}},
        "parentOrg": {"id": "did:example:parent", "type": ["Profile"]},
    }  # fmt: skip
    subject = document["credentialSubject"]
    subject |= {
        "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": "a", "identityType": "emailAddress"}],
        "result": [{"type": ["Result"], "resultDescription": "urn:r:1", "achievedLevel": "urn:l:1", "value": "A"}],
        "creditsEarned": 2.5,
        "source": {"id": "did:example:source", "type": ["Profile"]},
    }  # fmt: skip
    subject["achievement"] |= {
        "achievementType": "MicroCredential",
        "creator": {"id": "did:example:creator", "type": ["Profile"]},
        "endorsement": [ENDORSEMENT],
        "endorsementJwt": ["eyJh.eyJh.x"],
        "inLanguage": "en",
        "related": [{"id": "https://x.example/a/2", "type": ["Related"]}],
        "tag": ["data"],
        "resultDescription": [
            {
                "id": "urn:r:1", "type": ["ResultDescription"], "name": "Grade", "resultType": "RubricCriterionLevel",
                "requiredLevel": "urn:l:1", "allowedValue": ["A"],
                "rubricCriterionLevel": [
                    {"id": "urn:l:1", "type": ["RubricCriterionLevel"], "name": "Good", "description": "d", "level": "1", "points": "3"}
                ],
            }
        ],
    }  # fmt: skip
    return document


def test_a_rich_badge_is_good():
    assert model.findings(badge()) == []


SUBJECT = ("credentialSubject",)
ACHIEVEMENT = (*SUBJECT, "achievement")
DESCRIPTION = (*ACHIEVEMENT, "resultDescription", 0)
LEVEL = (*DESCRIPTION, "rubricCriterionLevel", 0)


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("id",), DELETED), (("id",), "x y"), (("type",), ["VerifiableCredential", "OpenBadgeCredential", 5]), (("name",), 5),
        (("validFrom",), DELETED), (("validFrom",), "2026-05-30"), (("validUntil",), "2020-01-01T00:00:00Z"), (("awardedDate",), "x"),
        (("image",), "https://x.example/i.png"), (("image", "type"), "Picture"), (("evidence",), ["x"]), (("evidence", 0, "type"), "Other"),
        (("endorsement",), ["x"]), (("endorsement",), [{}]), (("endorsementJwt",), ["x"]), (("endorsementJwt",), [{}]), (("endorsementJwt",), [5]),
        (("refreshService", "id"), 5), (("refreshService", "type"), DELETED), (("credentialSchema", 0, "id"), DELETED),
        (("termsOfUse",), [{"id": "x"}]), (("relatedResource",), [{"id": "https://x.example"}]), (("proof",), {"created": "x"}),
        (("issuer",), 5), (("issuer",), {}), (("issuer", "id"), DELETED), (("issuer", "type"), ["Organization"]), (("issuer", "url"), "x"),
        (("issuer", "otherIdentifier", 0, "identifierType"), "passport"), (("issuer", "otherIdentifier", 0, "identifier"), DELETED),
        (("issuer", "endorsement"), [5]), (("issuer", "address", "geo", "latitude"), "1"), (("issuer", "parentOrg", "type"), "Org"),
        (("issuer", "email"), []), (("issuer", "image"), "https://x.example/i.png"),
        (SUBJECT, []), (SUBJECT, {}), ((*SUBJECT, "type"), "Person"), ((*SUBJECT, "achievement"), DELETED), ((*SUBJECT, "creditsEarned"), "2"),
        ((*SUBJECT, "identifier", 0, "hashed"), "no"), ((*SUBJECT, "identifier", 0, "hashed"), True),
        ((*SUBJECT, "identifier", 0, "identityType"), "passport"), ((*SUBJECT, "identifier", 0, "identityHash"), DELETED),
        ((*SUBJECT, "activityStartDate"), "today"), ((*SUBJECT, "source", "type"), DELETED),
        ((*SUBJECT, "result", 0, "resultDescription"), "urn:r:2"), ((*SUBJECT, "result", 0, "achievedLevel"), "urn:l:2"),
        ((*SUBJECT, "result", 0, "value"), "B"), ((*SUBJECT, "result", 0, "status"), "Great"), ((*SUBJECT, "result", 0, "type"), "Grade"),
        ((*ACHIEVEMENT, "id"), DELETED), ((*ACHIEVEMENT, "name"), DELETED), ((*ACHIEVEMENT, "description"), DELETED),
        ((*ACHIEVEMENT, "criteria"), DELETED), ((*ACHIEVEMENT, "criteria"), {}), ((*ACHIEVEMENT, "achievementType"), "Program"),
        ((*ACHIEVEMENT, "alignment", 0, "targetUrl"), DELETED), ((*ACHIEVEMENT, "alignment", 0, "targetType"), "ESCOSkill"),
        ((*ACHIEVEMENT, "inLanguage"), "english language"), ((*ACHIEVEMENT, "related", 0, "id"), DELETED), ((*ACHIEVEMENT, "tag"), [5]),
        ((*ACHIEVEMENT, "endorsement"), ["x"]), ((*ACHIEVEMENT, "endorsementJwt"), ["x"]), ((*ACHIEVEMENT, "creator", "id"), "x"),
        ((*DESCRIPTION, "resultType"), "GPA"), ((*DESCRIPTION, "name"), DELETED), ((*DESCRIPTION, "requiredLevel"), "urn:l:2"),
        ((*LEVEL, "description"), 5), ((*LEVEL, "level"), 5), ((*LEVEL, "points"), 3), ((*LEVEL, "name"), DELETED), ((*LEVEL, "type"), "Level"),
    ],
    ids=str,
)  # fmt: skip
def test_a_breach_is_found_where_it_is(way, value):
    document = copy.deepcopy(badge())
    inner = document
    for step in way[:-1]:
        inner = inner[step]
    if value is DELETED:
        del inner[way[-1]]
    else:
        inner[way[-1]] = value
    found = model.findings(document)
    assert found
    assert all(error.code == "schema" and error.path for error in found)
    assert any(error.path.startswith(str(way[0])) for error in found)


@pytest.mark.parametrize(
    ("way", "value"),
    [
        ((*ACHIEVEMENT, "achievementType"), "ext:Programme"), ((*ACHIEVEMENT, "alignment", 0, "targetType"), "ext:ESCOSkill"),
        (("issuer",), "did:example:issuer"), ((*ACHIEVEMENT, "name"), [{"@value": "Daten", "@language": "de"}]),
        ((*SUBJECT, "id"), DELETED), ((*SUBJECT, "identifier"), DELETED), (("unknown",), 5),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_allowed(way, value):
    document = badge()
    inner = document
    for step in way[:-1]:
        inner = inner[step]
    if value is DELETED:
        del inner[way[-1]]
    else:
        inner[way[-1]] = value
    assert model.findings(document) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"statusListIndex": 7}, {"statusListIndex": "-1"}, {"statusListIndex": "01"}, {"statusPurpose": 5}, {"statusListCredential": None},
        {"statusSize": 0}, {"statusSize": 9}, {"statusSize": True}, {"statusSize": 2}, {"id": 5}, {"type": []},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("kind", ["BitstringStatusListEntry", "StatusList2021Entry"])
def test_status_entries(kind, changes):
    good = {
        "id": "https://x.example/1#7", "type": kind, "statusPurpose": "revocation", "statusListIndex": "7",
        "statusListCredential": "https://x.example/1",
    }  # fmt: skip
    assert model.findings(credential(credentialStatus=good)) == []
    found = model.findings(credential(credentialStatus=good | changes))
    assert found[0].path.startswith("credentialStatus")


@pytest.mark.parametrize("name", ["EndorsementCredential", "ClrCredential"])
def test_endorsements_and_records_have_a_name(name):
    document = credential(type=["VerifiableCredential", name])
    del document["name"]
    assert "name is missing." in [error.message for error in model.findings(document)]


def test_the_published_identity_hash():
    entry = {
        "hashed": True, "identityType": "emailAddress", "salt": "Kosher",
        "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
    }  # fmt: skip
    assert person.fits(entry, "a@example.com")
    assert person.fits(
        entry | {"identityHash": entry["identityHash"].upper().replace("SHA", "sha")}, "A@example.com"
    )
    assert not person.fits(entry, "b@example.com")
    assert not person.fits(entry | {"salt": "Other"}, "a@example.com")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"validFrom": "2027-01-01T00:00:00Z"}, True),
        ({"id": " urn%3Auuid%3A5f1c2f0e-0000-4000-8000-000000000001"}, True),
        ({"issuer": credential()["issuer"]["id"]}, True),
        ({"id": "urn:uuid:5f1c2f0e-0000-4000-8000-000000000099"}, False),
        ({"issuer": "did:example:other"}, False),
    ],
)
def test_which_credentials_are_the_same(other, same):
    assert (model.identity_of(credential(**other)) == model.identity_of(credential())) is same
