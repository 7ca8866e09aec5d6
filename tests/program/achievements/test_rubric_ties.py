"""What a criterion of a rubric measures and where it is used: chosen, kept, followed, asked by rules, shown."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gradatim.program.achievements import actions, diff, document, judged, queries, rubric
from gradatim.program.achievements.forms import VersionForm
from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy import actions as taxonomy

pytestmark = pytest.mark.django_db

LEVELS = [{"name": "No"}, {"name": "Yes"}]
READ, QUESTION, EXPLAIN = "Reads a chart", "Questions a source", "Explains a finding"
TIED = [
    {"name": "Reading", "levels": LEVELS, "measures": [QUESTION, READ], "used_in": ["project"]},
    {"name": "Talking", "levels": LEVELS, "measures": [EXPLAIN]},
]
KINDS = ["project", "talk"]

TEXTS = st.lists(st.text("abc ", min_size=1, max_size=12), max_size=6, unique=True)


@given(TEXTS, TEXTS)
def test_what_became_of_outcomes(before, after):
    found = rubric.heirs(before, after)
    assert set(found) <= set(before)
    assert all(now in after for now in found.values())
    assert all(found[text] == text for text in before if text in after)
    reworded = [now for text, now in found.items() if text != now]
    assert len(set(reworded)) == len(reworded)
    assert not set(reworded) & set(before)


def test_the_closest_words_win():
    became = rubric.heirs(
        ["Reads charts", "Reads a chart aloud"],
        ["Writes a report", "Reads a chart aloud to others", "Reads the charts"],
    )
    assert became == {
        "Reads charts": "Reads the charts",
        "Reads a chart aloud": "Reads a chart aloud to others",
    }


def test_criteria_without_ties_measure_nothing_and_are_used_everywhere():
    loose = [{"key": "a", "name": "A", "needed": "", "levels": []}]
    assert rubric.unmeasured(loose, [READ]) == [READ]
    assert rubric.unjudged(loose, KINDS) == []
    assert rubric.unjudged([], KINDS) == KINDS
    assert rubric.followed(loose, {}, outcomes=[READ], kinds=KINDS) == loose


@pytest.fixture
def tied(draft, manager):
    actions.revise(version=draft, actor=manager, assessment_kinds=KINDS)
    return queries.find_own_version(
        draft.achievement.organization, actions.set_rubric(version=draft, criteria=TIED, actor=manager).pk
    )


def ties(version):
    version.refresh_from_db()
    return [(c.get("measures", []), c.get("used_in", [])) for c in version.rubric]


def test_ties_stand_in_the_order_of_the_outcomes(tied):
    assert ties(tied) == [([READ, QUESTION], ["project"]), ([EXPLAIN], [])]


@pytest.mark.parametrize("wrong", [{"measures": ["Flies"]}, {"used_in": ["portfolio"]}])
def test_a_tie_to_nothing_is_refused(tied, manager, wrong):
    with pytest.raises(
        Refused, match=r"Criterion 1: “(Flies|portfolio)” is not there any more; choose again."
    ):
        actions.set_rubric(version=tied, criteria=[{**TIED[0], **wrong}], actor=manager)
    assert len(ties(tied)) == 2


def test_ties_follow_outcomes_that_move_and_are_reworded(tied, manager):
    actions.revise(
        version=tied, actor=manager, outcomes=["Explains findings", QUESTION, "Reads charts", "Decides"]
    )
    assert ties(tied) == [([QUESTION, "Reads charts"], ["project"]), (["Explains findings"], [])]
    assert queries.facts(tied)["unmeasured"] == ["Decides"]


def test_what_is_gone_ties_nothing_and_is_said(tied, manager):
    read = queries.find_own_version(tied.achievement.organization, tied.pk)
    actions.revise(version=tied, actor=manager, outcomes=[READ, "Decides"], assessment_kinds=["talk"])
    assert ties(tied) == [([READ], []), ([], [])]
    assert queries.loosened(read) == [
        f"“Reading” measured “{QUESTION}”, which is gone. Say in the rubric what it measures now.",
        "“Reading” was used in “Project or case”, which is gone. Say in the rubric where it is used now.",
        f"“Talking” measured “{EXPLAIN}”, which is gone. Say in the rubric what it measures now.",
    ]
    assert queries.loosened(tied) == []


def test_the_page_says_what_a_change_cut_loose(tied, college, manager, signed_in):
    inside = signed_in(manager)
    at = reverse("achievements:edit", args=[college.slug, tied.pk])
    form = inside.get(at).context["form"]
    typed = {name: value for name in form.fields if (value := form[name].value()) is not None}
    saved = inside.post(at, {**typed, "outcomes": f"{EXPLAIN}\n{READ}"}, follow=True).content.decode()
    assert f"“Reading” measured “{QUESTION}”, which is gone." in saved
    assert "Saved." in saved


def test_it_is_compared_copied_and_stands_in_the_signed_words(tied, manager, approve):
    (row,) = [r for r in diff.compare(tied, tied) if r.name == "Rubric"]
    words = "".join(w for _differs, w in row.before)
    assert f"Reading\nmeasures: {READ}\nmeasures: {QUESTION}\nused in: Project or case\n- No" in words
    before = queries.content_digest(tied)
    copy = actions.copy(version=tied, title="Another", actor=manager)
    assert copy.rubric == tied.rubric
    actions.set_rubric(version=tied, criteria=[{**TIED[0], "measures": [READ]}, TIED[1]], actor=manager)
    assert queries.content_digest(queries.find_own_version(tied.achievement.organization, tied.pk)) != before
    later = actions.new_version(version=approve(tied), actor=manager)
    assert ties(later) == [([READ], ["project"]), ([EXPLAIN], [])]
    narrative = document.narrative(later)
    assert (
        f"### Rubric\n\n- Reading: measures {READ}, used in Project or case\n- Talking: measures {EXPLAIN}"
        in narrative
    )


def test_rules_ask_whether_every_outcome_is_measured(tied, college, manager):
    taxonomy.keep_rule(
        organization=college, name="Every outcome has a criterion.", severity="block", condition=[],
        expression=[{"fact": "unmeasured", "is": "absent"}, {"fact": "unjudged", "is": "absent"}],
        message="Say what measures it.", actor=manager,
    )  # fmt: skip

    def asked(version):
        (found,) = [f for f in queries.findings(version) if f.message == "Say what measures it."]
        return found.passed, str(found.trace[-2])

    assert asked(tied)[0]
    actions.revise(version=tied, actor=manager, outcomes=[READ, EXPLAIN, "Decides on a step"])
    again = queries.find_own_version(college, tied.pk)
    assert asked(again) == (
        False,
        "outcomes that no criterion of the rubric measures: is empty; found: Decides on a step",
    )
    only = [{**TIED[0], "measures": [READ, EXPLAIN]}]
    written = actions.set_rubric(version=again, criteria=only, actor=manager)
    assert queries.facts(written)["unjudged"] == ["talk"]
    assert next(found for version, found in queries.described(college) if version == tied)["unmeasured"] == [
        "Decides on a step"
    ]


def test_the_form_of_rules_offers_it(college, manager, signed_in):
    page = signed_in(manager).get(reverse("taxonomy:new_rule", args=[college.slug])).content.decode()
    assert "outcomes that no criterion of the rubric measures" in page


def test_what_is_written_is_asked_before_it_is_saved(tied, college):
    initial = VersionForm.initial_of(tied)
    typed = {
        **{k: v for k, v in initial.items() if v is not None},
        "type": tied.type_id,
        "level": tied.level_id,
    }
    form = VersionForm(
        college, {**typed, "outcomes": f"Reads the chart\n{EXPLAIN}\nDecides", "assessment_kinds": ["talk"]}
    )
    assert form.is_valid(), form.errors
    asked = form.facts(tied)
    assert (asked["measured"], asked["unmeasured"]) == (["Reads the chart", EXPLAIN], ["Decides"])
    assert asked["unjudged"] == []


def typed(**more):
    return {
        "order": ["0"],
        "c0-name": "Reading",
        "c0-l0-name": "No",
        "c0-l1-name": "Yes",
        "save": "1",
        **more,
    }


def test_the_editor_offers_outcomes_and_kinds(tied, college, manager, signed_in):
    inside, at = signed_in(manager), reverse("achievements:rubric", args=[college.slug, tied.pk])
    first, second = inside.get(at).context["editor"].criteria
    assert [o.data["value"] for o in first["measures"] if o.data["selected"]] == [READ, QUESTION]
    assert [o.choice_label for o in second["used_in"]] == ["Project or case", "Talk or oral examination"]
    gone = inside.post(at, typed(**{"c0-measures": [READ, "Flies"]}))
    assert gone.status_code == 422
    assert "“Flies” is not there any more" in gone.content.decode()
    nameless = inside.post(at, {"order": ["0"], "c0-name": "", "c0-measures": [READ], "save": "1"})
    assert "give it a name" in nameless.content.decode()
    long = inside.post(at, typed(**{"c0-name": "x" * 201}))
    assert "at most 200 letters" in long.content.decode()
    page = inside.post(
        at, typed(**{"c0-measures": [EXPLAIN], "c0-used_in": ["talk"]}), follow=True
    ).content.decode()
    assert ties(tied) == [([EXPLAIN], ["talk"])]
    assert "<dt>Measures</dt><dd>Explains a finding</dd>" in page
    assert "No criterion measures:" in page
    actions.revise(version=tied, actor=manager, outcomes=[], assessment_kinds=["talk"])
    bare = inside.get(at)
    assert bare.context["editor"].criteria[0].ties == []
    assert "Write the outcomes first" in bare.content.decode()


def test_everyone_sees_what_a_criterion_measures(tied, approve, client):
    version = approve(tied)
    at = reverse("achievements:version", args=["northfield", version.achievement.slug, 1])
    page = client.get(at).content.decode()
    assert f"<dt>Measures</dt><dd>{READ}</dd><dd>{QUESTION}</dd>" in page
    assert "<dt>Used in</dt><dd>Project or case</dd>" in page
    assert "No criterion measures" not in page
    assert [[str(o) for o in c.measures] for c in judged.judged(version)] == [[READ, QUESTION], [EXPLAIN]]
