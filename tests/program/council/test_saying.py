"""How charters and routes are said: the same words on their own pages, on change lists, in previews and in what is decided."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gradatim.program.council import actions, examples, packs, queries, routing, saying
from gradatim.program.council.models import Body, Window
from gradatim.program.taxonomy import changes, pack
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.changes import wording
from tests.program.council.acts import earlier

STAGES = [
    {"key": "complete", "kind": "completeness", "name": "Completeness", "who": "office"},
    {"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"},
]
EMPLOYERS = {
    "key": "employers",
    "kind": "consultation",
    "name": "Employer window",
    "who": "members",
    "body": "panel",
    "days": 10,
    "remind": 2,
    "when": [{"fact": "kind", "is": "one-of", "value": ["new", "substantive"]}],
}


def text(*, stages=STAGES, seats=(), **charter):
    """A policy with one council, one panel and one route."""
    council = packs.Entry(
        Body(key="council", name="Council", **{k: v for k, v in charter.items() if k in packs.CHARTER}),
        seats=[packs.Place("chair", "", True, 1), *seats],
        windows=charter.get("windows", ()),
        rubric=charter.get("rubric"),
    )
    panel = packs.Entry(Body(key="panel", name="Employer panel", kind="advisory", law="advisory"))
    route = {"key": "full", "name": "Full review", "stages": stages}
    return pack.write(pack.Policy(rest=packs.write(packs.Council([council, panel], [route]))))


def steps(before, after):
    return changes.steps(changes.apart(before), changes.apart(after))


def only(before, after):
    (step,) = steps(before, after)
    return step


def test_a_stage_is_said_with_its_kind_its_days_and_what_it_comes_after():
    step = only(text(), text(stages=[STAGES[0], EMPLOYERS, STAGES[1]]))
    assert step.words == (
        "Full review: stage 2 “Employer window” (Consultation window, 10 days) added after “Completeness”"
    )
    assert {name: said for name, _was, said in step.fields} == {
        "It waits for": "the members of the body",
        "Only when": "what is asked for is or has one of “Something new”, “A full change”",
        "Of which body": "Employer panel",
        "Reminder": "2 days before",
    }


def test_a_stage_that_comes_first_changes_or_goes_says_so():
    first = only(text(), text(stages=[EMPLOYERS, *STAGES]))
    assert first.words.endswith("added as the first")
    longer = only(text(), text(stages=[STAGES[0] | {"days": 5, "name": "Complete?"}, STAGES[1]]))
    assert longer.words == "Full review: stage 1 “Complete?” changed"
    assert longer.fields == [
        ("Name", "Completeness", "Complete?"),
        ("Days it may take", "any number", "5 days"),
    ]
    gone = only(text(), text(stages=[STAGES[1]]))
    assert gone.words == "Full review: stage 1 “Completeness” (Completeness check) taken out"
    moved = only(text(stages=[EMPLOYERS, *STAGES]), text(stages=[STAGES[0], EMPLOYERS, STAGES[1]]))
    assert moved.fields == [
        ("", "Employer window, Completeness, Vote", "Completeness, Employer window, Vote")
    ]


def test_a_charter_says_what_its_page_says():
    step = only(
        text(),
        text(
            quorum_numerator=2,
            quorum_denominator=3,
            quorum_inclusive=True,
            threshold="two_thirds",
            second_call=3,
        ),
    )
    assert step.words == "Changed body: Council"
    assert step.fields == [
        (
            "Quorum",
            "more than half of the voting seats present",
            "at least two thirds of the voting seats present, 3 when it is called again",
        ),
        ("What carries", "more than half of the votes cast", "two thirds of the votes cast"),
    ]
    said = dict(saying.charter(Body(quorum_numerator=2, quorum_denominator=3, quorum_inclusive=True)))
    assert said["Quorum"] == "at least two thirds of the voting seats present"
    assert "Readings" not in said  # as usual, so the page leaves it out


@pytest.mark.parametrize(
    ("charter", "quorum"),
    [
        ({"quorum": "number", "quorum_number": 5}, "5 present"),
        ({"quorum_inclusive": True}, "at least half of the voting seats present"),
        ({"quorum": "present"}, "more than half of those present vote"),
        ({"quorum_numerator": 3, "quorum_denominator": 5}, "more than 3 of 5 of the voting seats present"),
        (
            {"quorum_numerator": 1, "quorum_denominator": 1, "quorum_inclusive": True},
            "all of the voting seats present",
        ),
    ],
)
def test_every_quorum_has_words(charter, quorum):
    assert dict(saying.charter(Body(**charter)))["Quorum"] == quorum


def test_every_rule_of_a_charter_is_said():
    other = {
        "form": "group", "kind": "advisory", "charter": "It advises.", "law": "advisory", "law_source": "Bylaw 3",
        "secrecy": "allowed", "between_meetings": False, "link_votes": False, "readings": 2, "vacant_counts": False,
        "alternates": "absent", "cadence": "monthly", "service_days": 30, "remind_days": 2, "escalate_days": 3,
        "second_call": 2, "quorum": "number", "quorum_number": 4, "threshold": "consensus", "abstentions_count": True,
        "objections_allowed": 1, "tie": "chair", "recused_counts": True, "recused_clause": "Bylaw 4",
    }  # fmt: skip
    silent = {"threshold_of", "quorum_numerator", "quorum_denominator", "quorum_inclusive", "notice_hours"}
    assert set(other) | silent == set(packs.CHARTER)  # those are said where they count
    for name, value in other.items():
        besides = {"threshold": "consensus"} if name == "objections_allowed" else {}
        besides |= {"quorum": "number"} if name == "quorum_number" else {}
        besides |= {"recused_counts": True} if name == "recused_clause" else {}
        assert only(text(**besides), text(**besides | {name: value})).fields, name
    assert only(text(law="open"), text(law="open", notice_hours=24)).fields
    assert only(text(), text(threshold_of="seats")).fields


def test_seats_windows_and_criteria_are_said_one_by_one():
    student = packs.Place("student", "Students", True, 2)
    window = Window(name="Spring", opens=date(2027, 1, 10), closes=date(2027, 2, 10))
    rubric = {"criteria": [{"key": "need", "words": "It is needed", "floor": 2}]}
    step = only(text(), text(seats=[student], windows=[window]))
    assert step.fields == [
        ("Seat added: Student member (Students)", "", "2 seats, with a vote"),
        ("Takes proposals: Spring", "", "Jan. 10, 2027 to Feb. 10, 2027"),
    ]
    assert only(text(seats=[student]), text()).fields[0][0] == "Seat taken out: Student member (Students)"
    fields = only(text(), text(rubric=rubric)).fields
    assert fields[0] == ("Criterion added: It is needed", "", "at least 2 of 3")
    assert len([name for name, _was, _said in fields if name.startswith("Criterion taken out")]) == 12
    stricter = {"criteria": [{"key": "need", "words": "It is needed", "floor": 3}]}
    assert only(text(rubric=rubric), text(rubric=stricter)).fields == [
        ("It is needed", "at least 2 of 3", "at least 3 of 3")
    ]


def test_a_stage_on_the_page_of_routes_says_its_terms():
    (stage,) = routing.read(
        [EMPLOYERS | {"when": (), "beside": True, "waits": False, "reviews": 1, "consent": True}]
    )
    said = saying.stage(stage, queries.labels_with({}), {"panel": "Employer panel"})
    assert (said.kind, said.who, said.body) == (
        "Consultation window",
        "the members of the body",
        "Employer panel",
    )
    assert said.terms == [
        "10 days",
        "Starts together with the stage before it",
        "The route does not wait for it",
        "Ends after one review",
        "Consent item: carried unless someone pulls it out",
        "Reminder 2 days before",
    ]


SLUG = re.compile(r"\b[a-z]+(?:[-_][a-z0-9]+)+\b|\bkey\b|[{}\[\]]|\bkind:|one-of|\bTrue\b|\bFalse\b|\bNone\b")


@pytest.mark.django_db
@pytest.mark.parametrize("example", examples.all_of_them(), ids=lambda e: e.key)
def test_no_policy_that_comes_along_shows_a_key_or_syntax(cast, example):
    found = pack.read(examples.text(example.key), known=taxonomy.value_keys(cast.northfield))
    given = {"organization": cast.northfield, "policy": found, "replace": False, "actor": cast.manager}
    was, becomes = actions.policy_after(**given)
    said = " ".join(wording(steps(was, becomes)).replace("\\", "").replace("self-", "").split())
    for word in SLUG.findall(said):
        # compounds of the language stand in the file's own sentences
        assert re.search(rf"(?m)(?:asks|name|about|description|message|because|words|passed|gaps):.*{re.escape(word)}",
                         " ".join(examples.text(example.key).split())), word  # fmt: skip


@pytest.mark.django_db
def test_the_pages_of_a_list_say_it_in_words(cast, proposal, signed_in):
    route = queries.routes(cast.northfield).last()
    stages = [*route.stages[:-1], EMPLOYERS | {"body": "", "when": []}, route.stages[-1]]
    inside = signed_in(cast.manager)
    at = lambda name, *rest: reverse(f"council:{name}", args=["northfield", *rest])  # noqa: E731
    file = SimpleUploadedFile("p.yaml", pack.write(pack.Policy(rest=packs.write(
        packs.Council(queries.stored_council(cast.northfield).bodies, [
            *(packs.route_data(r) for r in queries.routes(cast.northfield) if r != route),
            {"key": route.key, "name": route.name, "stages": stages}])))).encode())  # fmt: skip
    page = inside.post(at("policy"), {"file": file, "how": "add"}).content.decode()
    wanted = "stage 2 “Employer window” (Consultation window, 10 days) added after"
    assert wanted in page
    sealed = dict(re.findall(r'name="(policy|how)" value="([^"]*)"', page))
    answer = inside.post(at("confirm_policy"), sealed | {
        "propose": "1", "subject": "Employers are heard", "purpose": "So that they are.", "need": "They asked."})  # fmt: skip
    page = inside.get(answer["Location"]).content.decode()
    assert wanted in page
    made = cast.northfield.proposals.get(subject="Employers are heard")
    page = inside.get(at("change_list", made.changes.pk)).content.decode()
    assert wanted in page
    assert "kind: consultation" not in page  # the text is a file to be had
    whole = inside.get(at("change_list", made.changes.pk) + "?file")
    assert "kind: consultation" in whole.content.decode()
    assert whole["Content-Disposition"].startswith("attachment")


@pytest.mark.django_db
def test_the_pages_of_bodies_and_routes_use_the_same_words(cast, signed_in):
    earlier(
        actions.change_body, body=cast.council, name="Council", readings=2, tie="chair", actor=cast.manager
    )
    page = signed_in(cast.manager).get(reverse("council:council", args=["northfield"])).content.decode()
    for name, said in saying.charter(Body.objects.get(pk=cast.council.pk)):
        assert f"<dt>{name}</dt><dd>{said}</dd>" in page
    assert "2 meetings before the vote" in page
