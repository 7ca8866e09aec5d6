"""The way of a proposal as pure data: it never loses one, always ends, and says why."""

import json

from hypothesis import given
from hypothesis import strategies as st

from gradatim.program.council import defaults, routing
from gradatim.program.council.routing import Kind, Stage, Tier, Way
from gradatim.program.taxonomy.quality import FACTS

KNOWN = {**FACTS, **routing.FACTS, "type": "Type", "level": "Level"}
TESTS = st.sampled_from(
    [
        {"fact": "risk", "is": "equals", "value": "high"},
        {"fact": "kind", "is": "one-of", "value": ["minor", "retire"]},
        {"fact": "holders", "is": "at-least", "value": 1},
    ]
)
FACTS_OF = st.fixed_dictionaries(
    {
        "risk": st.sampled_from(Tier.values),
        "kind": st.sampled_from(["new", "minor", "retire"]),
        "holders": st.integers(0, 3),
    }
)


@st.composite
def stages(draw):
    found = [
        {
            "key": f"s{n}",
            "kind": draw(st.sampled_from(Kind.values)),
            "name": f"Stage {n}",
            "when": draw(st.lists(TESTS, max_size=2)),
            "beside": draw(st.booleans()),
            "waits": draw(st.booleans()),
        }
        for n in range(draw(st.integers(0, 9)))
    ]
    last = {"key": "last", "kind": draw(st.sampled_from(routing.DECIDING)), "name": "The end"}
    after = {"key": "told", "kind": "information", "name": "Told"}
    return [*found, last, *([after] if draw(st.booleans()) else [])]


def test_every_route_that_has_no_faults_brings_every_proposal_to_its_end():
    @given(stages(), FACTS_OF, st.data())
    def run(route, facts, data):
        assert routing.faults(route, KNOWN) == []
        way = routing.plan(routing.read(route), facts, {})
        done, returns = set(), data.draw(st.integers(0, 4))
        for _count in range((returns + 1) * len(route) + 1):
            asked = routing.due(way, done)
            assert asked.ended == (not any(stage.holds for stage in asked.stages))  # never lost
            if asked.ended:
                break
            if returns and done and data.draw(st.booleans()):
                returns -= 1
                back_to = data.draw(st.sampled_from(sorted(done)))
                again = routing.undone(way, back_to)
                assert back_to in again
                done -= again
                assert back_to in {s.key for s in routing.due(way, done).stages}
            else:
                done.add(data.draw(st.sampled_from([s.key for s in asked.stages])))
        assert routing.due(way, done).ended  # always ends
        assert "last" in done

    run()


def test_steps_come_in_order_and_those_beside_each_other_together():
    @given(stages(), FACTS_OF)
    def run(route, facts):
        way = routing.plan(routing.read(route), facts, {})
        step = {p.stage.key: p.step for p in way}
        assert list(step.values()) == sorted(step.values())
        done: set[str] = set()
        while not (asked := routing.due(way, done)).ended:
            held = {step[s.key] for s in asked.stages if s.holds}
            assert len(held) == 1
            assert all(step[s.key] <= max(held) for s in asked.stages)
            done |= {s.key for s in asked.stages if s.holds}
        for planned in way:
            assert planned.applies == all(test.held for test in planned.why)
            assert planned.applies or planned.stage.key not in done

    run()


def test_a_route_is_plain_data_there_and_back():
    @given(stages())
    def run(route):
        found = routing.read(route)
        data = json.loads(json.dumps([stage.data() for stage in found]))
        assert routing.read(data) == found
        assert routing.faults(data, KNOWN) == []

    run()


def test_what_is_no_route_is_said_in_sentences():
    good = {"key": "vote", "kind": "ballot", "name": "Vote"}

    def faults(*found):
        return " ".join(routing.faults(list(found), KNOWN))

    assert faults(good) == ""
    assert "at least one stage" in faults()
    assert "list of stages" in " ".join(routing.faults("vote", KNOWN))
    assert "at most 20" in faults(*[good] * 21)
    assert "same" not in faults(good | {"key": "a"}, good)
    assert "Two stages have the key “vote”" in faults(good, good)
    assert "has to be a vote or a sign-off" in faults(good, good | {"key": "b", "kind": "technical"})
    assert "has to be a vote or a sign-off" in faults(good | {"waits": False})
    assert "has no condition" in faults(good | {"when": [{"fact": "risk", "is": "present"}]})
    assert "not at the same time" in faults(good, good | {"key": "b", "beside": True})
    assert "Stage 1: there is no “colour”" in faults(good | {"colour": "red"})
    assert "the kind is one of" in faults(good | {"kind": "party"})
    assert "name the people" in faults(good | {"who": "named"})
    assert "whole number" in faults(good | {"days": -1})
    assert "cannot be asked" in faults(
        {**good, "key": "a", "when": [{"fact": "moon", "is": "present"}]}, good
    )


def test_the_routes_a_council_starts_with_are_in_order():
    found = defaults.routes()
    assert [route["key"] for route in found][-1] == "full-review"
    assert found[-1]["when"] == []
    for route in found:
        assert routing.faults(route["stages"], KNOWN) == [], route["key"]


def test_the_first_route_that_fits_is_taken_and_says_why():
    ways = [Way(r["key"], r["name"], tuple(r["when"]), routing.read(r["stages"])) for r in defaults.routes()]
    taken = routing.choose(ways, {"kind": "minor", "risk": "medium"}, KNOWN)
    assert taken.way.key == "minor"
    assert [str(step) for step in taken.why] == [
        "what is asked for: is “A minor change”; found: “A minor change”"
    ]
    assert [way.key for way, _why in taken.passed_over] == ["correction", "clarification"]
    assert routing.choose(ways, {"kind": "new", "risk": "low"}, KNOWN).way.key == "recognition-badge"
    assert routing.choose(ways, {"kind": "new", "risk": "high"}, KNOWN).way.key == "full-review"
    assert routing.choose(ways[:1], {"kind": "new"}, KNOWN).way is None


def test_the_risk_is_computed_and_says_why():
    def tier(**facts):
        return routing.risk({"kind": "new", "type": "skill", "assessment": "A case."} | facts)

    assert tier().tier == Tier.MEDIUM
    assert tier(credit_bearing="yes").tier == Tier.HIGH
    assert tier(type="recognition", assessment="").tier == Tier.LOW
    assert tier(type="recognition").tier == Tier.MEDIUM
    assert tier(kind="correction", credit_bearing="yes").tier == Tier.LOW
    assert tier(kind="retire", holders=3).tier == Tier.HIGH
    assert "credit" in tier(credit_bearing="yes").because


def test_information_never_stops_a_route():
    told = Stage(key="told", kind=Kind.INFORMATION, name="Told")
    vote = Stage(key="vote", kind=Kind.BALLOT, name="Vote")
    asked = routing.due(routing.plan((told, vote), {}, {}), set())
    assert [s.key for s in asked.stages] == ["told", "vote"]
