"""The rules of the data model that lie between two members: each breach is named with its place."""

import copy

import pytest

from gradatim.engine.errors import Error, ShapeError
from tests.engine.samples import check, credential, signed

LEVELS = [{"id": "urn:x:l", "type": ["RubricCriterionLevel"], "name": "L"}]
DESCRIPTION = {"id": "urn:x:r", "type": ["ResultDescription"], "name": "R", "resultType": "Percent"}
RESULT = {"type": ["Result"], "resultDescription": "urn:x:r", "value": "5"}
IDENTITY = {"type": "IdentityObject", "hashed": True, "identityType": "emailAddress", "salt": "s"}
STATUS = {
    "id": "https://x.example/s#1",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "message",
    "statusListIndex": "1",
    "statusListCredential": "https://x.example/s",
}


def with_result(description=None, result=None):
    document = copy.deepcopy(credential())
    document["credentialSubject"]["achievement"]["resultDescription"] = [DESCRIPTION | (description or {})]
    document["credentialSubject"]["result"] = [RESULT | (result or {})]
    return document


def with_identity(**changes):
    document = copy.deepcopy(credential())
    document["credentialSubject"]["identifier"] = [
        IDENTITY | {"identityHash": f"sha256${'0' * 64}"} | changes
    ]
    return document


GOOD = {
    "a value between": with_result({"valueMin": "0", "valueMax": "10"}),
    "a word": with_result({"valueMin": "0"}, {"value": "good"}),
    "no end": with_result({"valueMin": "0"}),
    "a level": with_result({"rubricCriterionLevel": LEVELS}, {"achievedLevel": "urn:x:l"}),
    "a required level": with_result({"rubricCriterionLevel": LEVELS, "requiredLevel": "urn:x:l"}),
    "a status": with_result({"resultType": "Status"}, {"status": "Completed"}),
    "a hash": with_identity(),
    "md5": with_identity(identityHash=f"md5${'0' * 32}"),
    "a type of its own": with_result({"resultType": "ext:Stars"}),
    "two bits with four messages": credential(
        credentialStatus=STATUS
        | {"statusSize": 2, "statusMessage": [{"status": hex(n), "message": str(n)} for n in range(4)]}
    ),
}
BAD = {
    "result.value": with_result({"valueMin": "6"}),
    "result.value ": with_result({"valueMax": "4"}),
    "result.value  ": with_result({"allowedValue": ["6", "7"]}),
    "result.resultDescription": with_result(None, {"resultDescription": "urn:x:other"}),
    "result.achievedLevel": with_result({"rubricCriterionLevel": LEVELS}, {"achievedLevel": "urn:x:other"}),
    "result.status": with_result({"resultType": "Status"}),
    "requiredLevel": with_result({"rubricCriterionLevel": LEVELS, "requiredLevel": "urn:x:other"}),
    "resultType": with_result({"resultType": "Stars"}),
    "identityHash": with_identity(identityHash="sha256$0"),
    "credentialSchema.id": credential(
        credentialSchema={"id": "here", "type": "1EdTechJsonSchemaValidator2019"}
    ),
    "statusMessage": credential(credentialStatus=STATUS | {"statusSize": 2}),
    "statusSize": credential(credentialStatus=STATUS | {"statusSize": 9}),
    "statusSize ": credential(credentialStatus=STATUS | {"statusSize": True}),
    "relatedResource.id": credential(relatedResource=[{"id": "urn:x:a", "digestSRI": "sha256-x"}] * 2),
    "relatedResource.id ": credential(relatedResource=["urn:x:a"]),
    "relatedResource": credential(relatedResource={"id": "urn:x:a"}),
}


@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD)
def test_kept(document):
    assert signed(document)


@pytest.mark.parametrize(("place", "document"), BAD.items(), ids=BAD)
def test_broken(place, document):
    with pytest.raises(ShapeError, match=rf"^(\S+\.)?{place.strip()} ") as refused:
        signed(document)
    assert refused.value.code == "schema"
    report = check(document)
    assert report.cause == "schema"
    assert place.strip() in report.decided_by.detail


def test_a_report_stops_a_script():
    assert check(signed()).raise_for_failure() is None
    with pytest.raises(Error) as stopped:
        check(signed(validUntil="2026-05-31T12:00:00Z")).raise_for_failure()
    assert (stopped.value.code, stopped.value.spec) == ("expired", "VC Data Model 2.0, 4.9")


def test_errors_travel_between_processes():
    error = ShapeError("schema", "name is missing.", "Open Badges 3.0, 6")
    kind, arguments = error.__reduce__()
    again = kind(*arguments)
    assert (type(again), again.code, again.message, again.spec) == (ShapeError, *arguments)
