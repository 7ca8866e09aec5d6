"""Documents as large as a reader takes, unsigned: how long an answer takes grows with the document, and not faster."""

import json

import pytest

from gradatim.engine.model import credential as model
from tests.engine.samples import check, credential
from tests.engine.timing import within

RESULT = {"type": "Result", "resultDescription": "a:0"}
DESCRIPTION = {"type": "ResultDescription", "name": "", "resultType": "Result"}
LEVEL = {"type": "RubricCriterionLevel", "name": ""}


def badge(*, achievement=None, **subject):
    document = credential()
    document["credentialSubject"] |= subject
    document["credentialSubject"]["achievement"] |= achievement or {}
    return document


def many_descriptions(number=7000):
    return badge(
        result=[RESULT | {"achievedLevel": "b:c"}] * number,
        achievement={"resultDescription": [DESCRIPTION | {"id": f"a:{n}"} for n in range(number)]},
    )


def many_values(number=8000):
    description = DESCRIPTION | {"id": "a:0", "allowedValue": [f"x{n}" for n in range(number * 4)]}
    return badge(result=[RESULT | {"value": "y"}] * number, achievement={"resultDescription": [description]})


def many_levels(number=8000):
    levels = [LEVEL | {"id": f"a:{n}"} for n in range(number)]
    description = DESCRIPTION | {"id": "a:0", "rubricCriterionLevel": levels}
    result = [RESULT | {"achievedLevel": "b:c"}] * number
    return badge(result=result, achievement={"resultDescription": [description]})


def profiles_in_profiles(tokens, depth=55):
    profile = {"id": "a:b", "type": "Profile", "endorsementJwt": tokens}
    for _ in range(depth):
        profile = {"id": "a:b", "type": "Profile", "parentOrg": profile}
    return badge(achievement={"creator": profile})


LARGE = {
    "results and descriptions": many_descriptions,
    "values that are allowed": many_values,
    "levels": many_levels,
    "a breach far inside": lambda: profiles_in_profiles(["ey.."] * 90_000 + ["x"]),
    "breaches far inside": lambda: profiles_in_profiles(["x"] * 90_000),
    "breaches": lambda: badge(achievement={"tag": [1] * 90_000}),
}


@pytest.mark.parametrize("made", LARGE.values(), ids=LARGE)
def test_an_answer_in_time(made):
    data = json.dumps(made(), separators=(",", ":")).encode()
    with within(2):
        report = check(data)
    assert (report.verdict, report.cause) == ("refused", "schema")


def test_a_breach_that_many_entries_share_is_told_once():
    found = model.findings(badge(achievement={"tag": [1] * 90_000 + [None]}))
    assert [error.path for error in found] == ["credentialSubject.achievement.tag"]
