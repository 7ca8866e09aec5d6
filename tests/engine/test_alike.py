"""A document that equals a good one but for some texts is judged by these texts as it would be whole."""

import copy
import random

import pytest

from gradatim.engine import status_list
from gradatim.engine.canonical.sheet import Sheets
from gradatim.engine.model import alike
from gradatim.engine.model import credential as model
from tests.engine.random_credentials import Maker
from tests.engine.samples import credential, places

TEXTS = [
    "urn:x:a", "https://x.example/1", "javascript:alert(1)", "no address", "", "2026-01-01T00:00:00Z", "2040-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z", "ext:own", "emailAddress", "en", "1", "0x1", "sha256$" + "a" * 64, "ey.a.b", "Status", "Completed", "urn:",
]  # fmt: skip


def rich():
    """Every rule of a class and of the whole has something to look at."""
    one = credential(
        validUntil="2030-01-01T00:00:00Z", awardedDate="2026-01-01T00:00:00Z", name="N", description="D"
    )
    subject = one["credentialSubject"]
    subject["identifier"] = [
        {"type": "IdentityObject", "hashed": True, "identityHash": "md5$" + "0" * 32, "identityType": "name"}
    ]
    levels = [{"id": "urn:x:l1", "type": ["RubricCriterionLevel"], "name": "Good"}]
    subject["achievement"]["resultDescription"] = [
        {"id": "urn:x:r1", "type": ["ResultDescription"], "name": "R", "resultType": "Percent", "valueMax": "100",
         "rubricCriterionLevel": levels, "requiredLevel": "urn:x:l1"},
        {"id": "urn:x:r2", "type": ["ResultDescription"], "name": "S", "resultType": "Status", "allowedValue": ["1", "2"]},
    ]  # fmt: skip
    subject["result"] = [
        {"type": ["Result"], "resultDescription": "urn:x:r1", "value": "60", "achievedLevel": "urn:x:l1"},
        {"type": ["Result"], "resultDescription": "urn:x:r2", "value": "1", "status": "Completed"},
    ]
    one["credentialStatus"] = status_list.entry("https://x.example/s", index=1, purpose="revocation")
    one["evidence"] = [{"id": "https://x.example/e", "type": ["Evidence"], "name": "E"}]
    one["credentialSchema"] = [{"id": "https://x.example/schema", "type": "JsonSchema"}]
    return one


def by_chance(seed):
    """Without what has a graph of its own."""
    one = Maker(seed).credential()
    achievement = one["credentialSubject"]["achievement"]
    for owner in (one, one["issuer"], achievement, achievement.get("creator", {})):
        if isinstance(owner, dict):
            owner.pop("endorsement", None)
    return one


def known(document, sheets):
    for _ in range(3):
        if sheets.filled(document) is None:
            sheets.learn(document)
    found = sheets.filled(document)
    assert found is not None
    assert alike.findings(document, "achievement", found) == []
    return found.sheet


@pytest.mark.parametrize("make", [rich, *[lambda seed=seed: by_chance(seed) for seed in (0, 1, 2, 4, 6, 7)]])
def test_every_text_of_a_good_one_changed(make):
    good, draw = make(), random.Random(3)
    sheets = Sheets()
    known(good, sheets)
    quick = bad = 0
    for path in places(good):
        for text in draw.sample(TEXTS, 6):
            one = copy.deepcopy(good)
            at = one
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = text
            found = sheets.filled(one)
            if found is not None:
                told = [str(error) for error in alike.findings(one, "achievement", found)]
                assert told == [str(error) for error in model.findings(one, "achievement")]
                quick, bad = quick + (not told), bad + bool(told)
    assert quick > 50
    assert bad > 2


def test_a_bad_one_is_bad_however_often_it_comes():
    bad = credential(validFrom="yesterday")
    sheets = Sheets()
    for _ in range(6):
        found = sheets.filled(bad)
        if found is None:
            sheets.learn(bad)
        assert [error.path for error in alike.findings(bad, "achievement", found)] == ["validFrom"]


def test_a_proof_is_looked_at_each_time():
    sheets = Sheets()
    known(credential(), sheets)
    found = sheets.filled(credential())
    told = alike.findings(credential() | {"proof": {"cryptosuite": "x"}}, "achievement", found)
    assert [error.path for error in told] == ["proof"]


def test_few_and_short_texts_are_remembered(monkeypatch):
    """What is not remembered is looked at each time, with the same answer."""
    monkeypatch.setattr(alike, "MAX_KNOWN", 2)
    looked = []
    rule = alike.Held((0,), lambda document: looked.append(document) or True)
    for text in ("x" * 2000, "a", "b", "c", "a", "c", "x" * 2000):
        assert rule.again({"text": text}, [text])
    assert rule.known == {("a",), ("b",)}
    assert len(looked) == 6
