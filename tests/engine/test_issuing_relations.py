"""What members of a credential that is to be signed have to be to each other: results, descriptions, and when it was done."""

import copy

import pytest

from gradatim.engine import issue_many
from gradatim.engine.errors import ShapeError
from gradatim.engine.issue import issue
from gradatim.engine.model import relations
from tests.engine.samples import check, credential, from_elsewhere
from tests.engine.test_issuing import HOW, a_batch, deep, endorsement, record

R1 = "urn:x:r1"


def description(**changes):
    return {"id": R1, "type": ["ResultDescription"], "name": "R", "resultType": "Percent"} | changes


def described(*descriptions, value=None, **subject):
    """A badge whose achievement has these result descriptions; with a result of the first, if there is a value."""
    document = copy.deepcopy(credential())
    if descriptions:
        document["credentialSubject"]["achievement"]["resultDescription"] = list(descriptions)
    if value is not None:
        document["credentialSubject"]["result"] = [
            {"type": ["Result"], "resultDescription": descriptions[0]["id"], "value": value}
        ]
    document["credentialSubject"] |= subject
    return document


def done(start, end):
    return described(activityStartDate=start, activityEndDate=end)


def recorded(*descriptions):
    achievement = credential()["credentialSubject"]["achievement"] | {"resultDescription": list(descriptions)}
    return record(achievement=[achievement])


UP_TO_100 = description(valueMin="0", valueMax="100")
GRADES = description(resultType="LetterGrade", allowedValue=["C", "B", "A"])
WHERE = "credentialSubject.achievement.resultDescription"

GOOD = {
    "done in a moment": done("2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00"),
    "done, and the end is open": described(activityStartDate="2026-01-02T00:00:00Z"),
    "done, and the start is not known": described(activityEndDate="2026-01-02T00:00:00Z"),
    "all of them": described(UP_TO_100, value="100%"),
    "a hundred of a hundred": described(description(valueMin="0 %", valueMax="100%"), value="100"),
    "a word beside numbers": described(UP_TO_100, value="passed"),
    "no limits": described(description(), value="101%"),
    "a result of nothing described": described(UP_TO_100, result=[{"type": ["Result"], "value": "101%"}]),
    "a grade that is required": described(GRADES | {"requiredValue": "B"}, value="C"),
    "a number that is required": described(UP_TO_100 | {"requiredValue": "50"}, value="40"),
    "what is required, and nothing else": described(description(requiredValue="B")),
    "one limit": described(description(valueMin="5"), value="7%"),
    "one value": described(description(valueMin="5", valueMax="5.0"), value="5"),
    "limits that are no numbers": described(description(valueMin="Z", valueMax="A"), value="M"),
    "two of them": described(UP_TO_100, GRADES | {"id": "urn:x:r2"}),
    "a record": recorded(UP_TO_100, GRADES | {"id": "urn:x:r2"}),
}
BAD = {
    "credentialSubject.activityEndDate lies before": done("2026-01-02T00:00:00Z", "2026-01-02T00:30:00+01:00"),
    "credentialSubject.result.value lies outside": described(UP_TO_100, value="101%"),
    "credentialSubject.result.value lies outside valueMin": described(UP_TO_100, value="-1 %"),
    "credentialSubject.result.value lies outside valueMin and": described(description(valueMax="50%"), value="51"),
    f"{WHERE}.requiredValue is none of the values": described(GRADES | {"requiredValue": "D"}),
    f"{WHERE}.requiredValue is none of the values that": described(UP_TO_100 | {"requiredValue": "120"}),
    f"{WHERE}.valueMin is more than valueMax": described(description(valueMin="100", valueMax="20")),
    f"{WHERE}.valueMin is more": described(description(valueMin="100%", valueMax="20")),
    f"{WHERE}.id {R1} stands twice": described(UP_TO_100, GRADES),
    f"{WHERE}.valueMin is more than": recorded(description(valueMin="100", valueMax="20")),
}  # fmt: skip


@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD)
def test_issued_and_valid(document):
    made = issue(document, **HOW)
    assert check(made).verdict == "valid"
    assert list(issue_many([document], **HOW)) == [made]


@pytest.mark.parametrize(("words", "document"), BAD.items(), ids=BAD)
def test_refused_with_cause_and_cure_and_read_all_the_same(words, document):
    with pytest.raises(ShapeError, match=f"^{words}") as refused:
        issue(document, **HOW)
    assert refused.value.code == "schema"
    with pytest.raises(ShapeError, match=f"^{words}"):
        list(issue_many([credential(), document], **HOW))
    assert check(from_elsewhere(document)).verdict == "valid"


@pytest.mark.parametrize("name", [{"@value": "x", "@language": "de"}, ["urn:x:y"], 5, None])
def test_a_record_of_an_achievement_whose_id_is_none(name):
    part = from_elsewhere()
    part["credentialSubject"]["achievement"]["id"] = name
    with pytest.raises(
        ShapeError, match=r"^credentialSubject.verifiableCredential holds an achievement"
    ) as refused:
        issue(record(part), **HOW)
    assert refused.value.code == "schema"


def test_an_endorsement_has_none_of_them():
    """Its subject has no such members; findings about others are not made of them."""
    subject = {"achievement": "x", "activityStartDate": "z", "activityEndDate": "a", "result": "x"}
    told = []
    relations.check(subject, "endorsement", lambda *breach: told.append(breach))
    assert told == []
    assert check(issue(endorsement(), **HOW)).verdict == "valid"


PLACE = ("credentialSubject", "achievement", "resultDescription", 0)


@pytest.mark.parametrize(
    ("change", "values", "bad", "words"),
    [
        (
            deep("credentialSubject", "activityEndDate"),
            ["2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z"],
            "2026-01-01T00:00:00Z",
            "lies before activityStartDate",
        ),
        (
            deep("credentialSubject", "activityStartDate"),
            ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"],
            "2026-01-05T00:00:00Z",
            "lies before activityStartDate",
        ),
        (deep("credentialSubject", "result", 0, "value"), ["60%", "70%"], "101%", "lies outside"),
        (deep(*PLACE, "requiredValue"), ["50", "60"], "120", "requiredValue is none"),
        (deep(*PLACE, "valueMin"), ["1", "2"], "120%", "valueMin is more"),
        (
            deep("credentialSubject", "achievement", "resultDescription", 1, "id"),
            ["urn:x:r3", "urn:x:r4"],
            R1,
            "stands twice",
        ),
    ],
)
def test_the_last_of_a_batch_is_held_against_the_same_rules(change, values, bad, words):
    """Of the same shape as those before, which were good; what was bad once stays bad."""

    def varied(number, document):
        document["credentialSubject"] |= {
            "activityStartDate": "2026-01-02T00:00:00Z",
            "activityEndDate": "2026-01-02T08:00:00Z",
            "result": [{"type": ["Result"], "resultDescription": R1, "value": "80%"}],
        }
        document["credentialSubject"]["achievement"]["resultDescription"] = [
            UP_TO_100 | {"requiredValue": "50"},
            description(id="urn:x:r2"),
        ]
        change(document, bad if number == 9 else values[number % 2])

    made = issue_many(a_batch(varied), **HOW)
    for number in range(9):
        assert next(made)["id"].endswith(f"{number:012d}")
    with pytest.raises(ShapeError, match=words):
        next(made)
