"""A rubric in more languages: written beside the original, kept, listed where it is missing, signed in each."""

import json

import pytest
from django.urls import reverse

from gradatim.engine.model import credential
from gradatim.program.achievements import actions, diff, document, judged, languages, queries, rubric
from gradatim.program.council import actions as council
from gradatim.program.credentials.models import Credential
from gradatim.program.ground.refused import Refused
from tests.program.taxonomy.schemas import faults

pytestmark = pytest.mark.django_db

LEVELS = [{"name": "No", "points": "0"}, {"name": "Yes", "points": "1", "description": "Reads it alone."}]
READ, QUESTION, EXPLAIN = "Reads a chart", "Questions a source", "Explains a finding"
CRITERIA = [
    {"name": "Reading", "needed": "Yes", "levels": LEVELS, "measures": [READ, QUESTION]},
    {"name": "Talking", "levels": LEVELS},
]
GERMAN = {
    "language": "de", "title": "Daten verstehen", "description": "Liest Daten.", "criteria": "Ein Fall.",
    "assessment": "Zwei sehen ihn an.", "image_alt": "",
    "outcomes": ["Liest ein Diagramm", "Fragt nach der Quelle", "Erklärt ein Ergebnis"],
}  # fmt: skip
RUBRIC = {
    "reading": {"name": "Lesen"},
    "reading/no": {"name": "Nein"},
    "reading/yes": {"name": "Ja", "description": "Liest es allein."},
}


@pytest.fixture
def version(draft, manager):
    return actions.set_rubric(version=draft, criteria=CRITERIA, actor=manager)


@pytest.fixture
def german(version, manager):
    return actions.translate(version=version, rubric=RUBRIC, actor=manager, **GERMAN)


def test_the_texts_that_can_be_translated(version):
    assert list(rubric.texts(version.rubric).values()) == [
        "Reading", "No", "Yes", "Reads it alone.", "Talking", "No", "Yes", "Reads it alone.",
    ]  # fmt: skip


def test_a_rubric_reads_in_its_language_and_falls_back_visibly(version, german):
    first, second = judged.judged(version, german)
    assert (str(first.name), first.name.language) == ("Lesen", "")
    assert [str(level.name) for level in first.levels] == ["Nein", "Ja"]
    assert str(first.levels[1].description) == "Liest es allein."
    assert [str(outcome) for outcome in first.measures] == ["Liest ein Diagramm", "Fragt nach der Quelle"]
    assert (str(second.name), second.name.language) == ("Talking", "en")
    assert languages.missing(version, german) == {"rubric": "Rubric (4 of 8)"}
    assert [str(c.name) for c in judged.judged(version)] == ["Reading", "Talking"]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"flying": {"name": "Fliegen"}}, "“flying” is gone"),
        ({"reading": {"name": "x" * 201}}, "Reading: write at most 200 letters"),
        ({"reading/yes": {"description": "x" * 1001}}, "Reading: Yes: write at most 1000 letters"),
    ],
)
def test_what_does_not_fit_is_said(version, manager, texts, said):
    with pytest.raises(Refused, match=said) as caught:
        actions.translate(version=version, rubric=texts, actor=manager, **GERMAN)
    assert caught.value.field == "rubric"
    assert not version.translations.exists()


def test_texts_stay_with_their_part_and_go_with_it(version, german, manager, approve):
    before = queries.content_digest(version)
    kept = [{**version.rubric[0], "name": "Reading charts", "levels": version.rubric[0]["levels"][::-1]}]
    actions.set_rubric(version=version, criteria=kept, actor=manager)
    german.refresh_from_db()
    assert german.rubric == RUBRIC
    copied = actions.copy(version=version, title="Another", actor=manager)
    assert copied.translations.get().rubric == RUBRIC
    later = actions.new_version(version=approve(version), actor=manager)
    assert later.translations.get().rubric == RUBRIC
    less = {**kept[0], "levels": [*kept[0]["levels"][:1], {"name": "Maybe"}]}
    actions.set_rubric(version=later, criteria=[less], actor=manager)
    assert set(later.translations.get().rubric) == {"reading", "reading/yes"}
    actions.set_rubric(version=later, criteria=[], actor=manager)
    assert later.translations.get().rubric == {}
    assert queries.content_digest(later) != before


def test_only_a_translated_rubric_changes_the_digest(version, manager):
    actions.translate(version=version, actor=manager, **GERMAN)
    without = queries.content_digest(version)
    actions.translate(version=version, rubric=RUBRIC, actor=manager, **GERMAN)
    assert queries.content_digest(version) != without
    bare = queries.content(actions.set_rubric(version=version, criteria=[], actor=manager))
    assert "rubric" not in bare
    assert [len(said) for said in bare["translations"]] == [7]  # as it was before rubrics were translated


def test_translated_outcomes_follow_the_outcomes(version, german, manager):
    actions.revise(version=version, actor=manager, outcomes=[QUESTION, "Decides", "Reads the chart"])
    german.refresh_from_db()
    again = queries.find_own_version(version.achievement.organization, version.pk)
    assert german.outcomes == ["Fragt nach der Quelle", "", "Liest ein Diagramm"]
    assert [(str(t), t.language) for t in languages.outcomes_in(again, german)] == [
        ("Fragt nach der Quelle", ""), ("Decides", "en"), ("Liest ein Diagramm", ""),
    ]  # fmt: skip
    assert languages.missing(again, german)["outcomes"] == "Outcomes (1 of 3)"
    assert "- Decides\n" in document.narrative(again, german)
    kept = actions.translate(version=again, actor=manager, **{**GERMAN, "outcomes": german.outcomes})
    assert kept.outcomes == german.outcomes
    loose = actions.translate(
        version=again, actor=manager, **{**GERMAN, "outcomes": ["a", "", "b", "", "c", ""]}
    )
    assert loose.outcomes == ["a", "b", "c"]  # blank lines between them are no outcomes
    assert (
        languages.outcomes_in(
            again, actions.translate(version=again, actor=manager, **{**GERMAN, "outcomes": []})
        )[0].language
        == "en"
    )


def test_each_document_carries_the_texts_of_its_language(version, german, approve):
    approved = approve(version)
    own, other = json.loads(approved.document), json.loads(approved.translations.get().document)
    first, second = other["resultDescription"]
    assert [d["id"] for d in other["resultDescription"]] == [d["id"] for d in own["resultDescription"]]
    assert first["requiredLevel"] == own["resultDescription"][0]["requiredLevel"]
    assert first["name"] == "Lesen"
    assert [level["name"] for level in first["rubricCriterionLevel"]] == ["Nein", "Ja"]
    assert first["rubricCriterionLevel"][1]["description"] == "Liest es allein."
    assert second["name"] == "Talking"  # a name is required; the original's is better than none
    assert "- Lesen: measures Liest ein Diagramm; Fragt nach der Quelle" in other["criteria"]["narrative"]
    for achievement in (own, other):
        whole = {
            "@context": document.CONTEXT, "id": "urn:uuid:6f7c0e2a-0000-4000-8000-000000000001",
            "type": ["VerifiableCredential", "OpenBadgeCredential"], "name": "Daten",
            "issuer": {"id": "did:web:demo.example", "type": ["Profile"], "name": "Northfield College"},
            "validFrom": "2026-05-30T00:00:00Z",
            "credentialSubject": {"id": "did:example:a", "type": ["AchievementSubject"], "achievement": achievement},
        }  # fmt: skip
        assert credential.findings(whole) == []


@pytest.mark.shared
def test_the_other_language_keeps_the_published_schemas(filled, shared):
    issued = json.loads(Credential.objects.get(learner__number="N-1001").document)
    (other,) = filled.cohort.version.translations.all()
    issued["credentialSubject"]["achievement"] = json.loads(other.document)
    issued["proof"] = [issued["proof"]]
    names = [d["name"] for d in json.loads(other.document)["resultDescription"]]
    assert names == ["Leer cifras", "Explicar y decidir"]
    folder = shared / "standards/schemas-1edtech/ob-3.0"
    for name in (
        "strict.ob_v3p0_achievementcredential_schema.json",
        "ob_v3p0_achievementcredential_schema.json",
    ):
        schema = json.loads((folder / name).read_bytes())
        assert faults(issued, schema, schema) == [], name


def test_what_differs_in_another_language_is_compared(version, german, manager):
    later = actions.copy(version=version, title=version.title, actor=manager)
    changed = {**RUBRIC, "reading": {"name": "Lesen und Prüfen"}}
    actions.translate(
        version=later, rubric=changed, actor=manager, **{**GERMAN, "assessment": "Drei sehen ihn an."}
    )
    (row,) = [r for r in diff.compare(version, later) if not r.same]
    assert row.name == "In de"
    assert [words.strip() for differs, words in row.after if differs] == ["Drei", "und Prüfen"]


def typed(**more):
    form = {name: text for name, text in GERMAN.items() if name != "outcomes"}
    return {**form, "outcomes": "\n".join(GERMAN["outcomes"]), **more}


def test_it_is_written_beside_the_original(version, college, manager, signed_in, client, approve):
    inside = signed_in(manager)
    at = reverse("achievements:new_translation", args=[college.slug, version.pk])
    page = inside.get(at).content.decode()
    assert "Reads it alone." in page
    assert "What you leave empty is shown in English" in page
    long = inside.post(at, typed(**{"rubric:reading:name": "x" * 201}))
    assert long.status_code == 422
    inside.post(
        at, typed(**{"rubric:reading:name": "Lesen", "rubric:reading/yes:description": "Liest es allein."})
    )
    row = version.translations.get()
    assert row.rubric == {"reading": {"name": "Lesen"}, "reading/yes": {"description": "Liest es allein."}}
    again = inside.get(reverse("achievements:translation", args=[college.slug, version.pk, "de"]))
    assert again.context["form"]["rubric:reading:name"].value() == "Lesen"
    assert "Rubric (6 of 8)" in again.content.decode()
    own = inside.get(reverse("achievements:own_version", args=[college.slug, version.pk])).content.decode()
    assert "not translated yet: Rubric (6 of 8)" in own
    approve(version)
    public = client.get(
        reverse("achievements:translated_version", args=["northfield", version.achievement.slug, 1, "de"])
    ).content.decode()
    assert "<h3>Lesen</h3>" in public
    assert '<h3><span lang="en">Talking</span></h3>' in public
    assert "What is not translated yet stands here in English." in public
    assert "<dd>Liest ein Diagramm</dd>" in public


def test_other_parts_fall_back_too(version, manager, approve, client):
    actions.translate(version=version, language="tlh", title="De'", description="x", actor=manager)
    row = approve(version).translations.get()
    assert set(languages.missing(version, row)) == {"criteria", "assessment", "outcomes", "rubric"}
    at = reverse("achievements:translated_version", args=["northfield", version.achievement.slug, 1, "tlh"])
    page = client.get(at).content.decode()
    assert page.count("What is not translated yet stands here in English.") == 4
    assert f'<span lang="en">{READ}</span>' in page
    assert '<div class="prose" lang="en"><p>A case with real data' in page
    assert "A case with real data" in json.loads(row.document)["criteria"]["narrative"]
    assert languages.name_of("tlh") == "tlh"


def test_in_a_proposal(filled, signed_in):
    version = actions.new_version(version=filled.cohort.version, actor=filled.cast.manager)
    proposal = council.propose(
        organization=filled.cast.northfield, body=filled.cast.council, version=version, kind="minor",
        purpose="x", need="x", actor=filled.cast.manager,
    )  # fmt: skip
    inside = signed_in(filled.cast.manager)
    at = reverse("council:new_translation", args=["northfield", proposal.number])
    german = {
        "language": "de",
        "title": "Daten",
        "description": "Liest.",
        "rubric:reading-figures:name": "Zahlen lesen",
    }
    page = inside.post(at, german, follow=True).content.decode()
    assert version.translations.get(language="de").rubric == {"reading-figures": {"name": "Zahlen lesen"}}
    assert (
        "not translated yet: What has to be shown, How it is assessed, Outcomes (4 of 4), Rubric (13 of 14)"
        in page
    )
