"""Criteria and levels of a rubric are aligned like the achievement: chosen, shown, kept, signed, verified."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from gradatim.engine.errors import ShapeError
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.issue import lint
from gradatim.engine.verify import verify
from gradatim.program.achievements import actions, diff, document, queries
from gradatim.program.council import actions as council
from gradatim.program.credentials import documents
from gradatim.program.credentials.models import Credential
from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy import queries as taxonomy_queries
from tests.program.taxonomy.schemas import faults

pytestmark = pytest.mark.django_db

LEVELS = [{"name": "No"}, {"name": "Yes", "description": "Reads tables and charts"}]
CRITERIA = [{"name": "Reading", "levels": LEVELS}, {"name": "Talking", "levels": LEVELS}]
TARGET = actions.Target("Reads", "https://skills.example/1", "R-1", "Skills of the state", "ceasn:Competency")


@pytest.fixture
def item(college, manager):
    framework = taxonomy.import_framework(
        organization=college, content=taxonomy_queries.sample_package(), actor=manager
    )
    return framework.items.get(code="D.1")


@pytest.fixture
def judged(draft, manager):
    return actions.set_rubric(version=draft, criteria=CRITERIA, actor=manager)


def parts(version):
    return [(row.part, row.target_name) for row in version.rubric_alignments.all()]


def test_a_part_is_aligned_once_and_only_if_it_is_there(judged, item, manager):
    added = actions.align(version=judged, items=[item, item], targets=[TARGET], part="reading", actor=manager)
    assert [row.target_name for row in added] == [item.statement, "Reads"]
    assert actions.align(version=judged, items=[item], part="reading", actor=manager) == []
    actions.align(version=judged, items=[item], part="talking/yes", actor=manager)
    assert parts(judged) == [
        ("reading", item.statement),
        ("reading", "Reads"),
        ("talking/yes", item.statement),
    ]
    assert not judged.alignments.exists()
    assert taxonomy_queries.users([item])[item.pk] == [
        f"{judged}, its rubric"
    ]  # an import does not take it away
    with pytest.raises(Refused, match="does not have this part"):
        actions.align(version=judged, items=[item], part="reading/maybe", actor=manager)


def test_it_stays_with_its_part_and_goes_with_it(judged, item, manager, approve):
    actions.align(version=judged, items=[item], part="reading", actor=manager)
    actions.align(version=judged, items=[item], part="talking/yes", actor=manager)
    kept = [{**judged.rubric[1], "name": "Speaking"}, judged.rubric[0]]
    actions.set_rubric(version=judged, criteria=kept, actor=manager)
    assert len(parts(judged)) == 2
    for made in (
        actions.copy(version=judged, title="Another", actor=manager),
        actions.new_version(version=approve(judged), actor=manager),
    ):
        assert parts(made) == parts(judged)
        actions.set_rubric(version=made, criteria=[judged.rubric[0]], actor=manager)
        assert parts(made) == [("reading", item.statement)]
    with pytest.raises(Refused, match="does not change"):
        actions.align(version=judged, items=[item], part="reading/no", actor=manager)
    with pytest.raises(Refused, match="does not change"):
        actions.unalign(alignment=judged.rubric_alignments.first(), actor=manager)


def test_keys_that_nobody_could_have_been_given_are_made_anew(draft, manager):
    odd = {"name": "Reading", "key": "../x", "levels": [{**level, "key": "a/b"} for level in LEVELS]}
    kept = actions.set_rubric(version=draft, criteria=[odd], actor=manager).rubric
    assert (kept[0]["key"], [level["key"] for level in kept[0]["levels"]]) == ("reading", ["no", "yes"])


def test_it_is_frozen_compared_and_signed(judged, item, manager):
    before = queries.content_digest(judged)
    actions.align(version=judged, targets=[TARGET], part="reading", actor=manager)
    actions.align(version=judged, items=[item], part="talking/yes", actor=manager)
    assert queries.content_digest(judged) != before
    (row,) = [r for r in diff.compare(judged, judged) if r.name == "Rubric"]
    words = "".join(w for _differs, w in row.before)
    assert "Reading\naligned to: Reads\n- No" in words
    first, second = document.build(judged)["resultDescription"]
    assert first["alignment"] == [
        {
            "type": ["Alignment"],
            "targetName": "Reads",
            "targetUrl": "https://skills.example/1",
            "targetCode": "R-1",
            "targetFramework": "Skills of the state",
            "targetType": "ceasn:Competency",
        }
    ]
    assert "alignment" not in second
    no, yes = second["rubricCriterionLevel"]
    assert "alignment" not in no
    assert (yes["alignment"][0]["targetName"], yes["alignment"][0]["targetType"]) == (
        item.statement,
        "CFItem",
    )


def test_the_page_of_alignments_is_for_parts_too(judged, item, college, manager, signed_in, approve, client):
    inside = signed_in(manager)
    at = reverse("achievements:alignments", args=[college.slug, judged.pk])
    assert "Reading: Yes" in inside.get(at).content.decode()
    page = inside.get(at, {"of": "reading/yes"})
    assert "What “Reading: Yes” is aligned to" in page.content.decode()
    assert item in [s.item for s in page.context["suggestions"]]  # by the words of the level
    assert inside.get(at, {"of": "reading/maybe"}).status_code == 404
    answer = inside.post(f"{at}?of=reading/yes", {"item": [item.pk]})
    assert answer.url == f"{at}?of=reading/yes"
    bad = inside.post(f"{at}?of=reading", {"name": "Reads", "url": "javascript:alert(1)"})
    assert bad.status_code == 422
    inside.post(f"{at}?of=reading", {"name": "Reads", "url": "https://skills.example/1"})
    inside.post(f"{at}?of=reading", {"name": "Sees", "url": "https://skills.example/2"})
    row = judged.rubric_alignments.get(target_name="Sees")
    assert inside.post(at, {"out": row.pk}).status_code == 404  # of another part
    inside.post(f"{at}?of=reading", {"out": row.pk})
    assert parts(judged) == [("reading/yes", item.statement), ("reading", "Reads")]
    public = client.get(
        reverse("achievements:version", args=["northfield", approve(judged).achievement.slug, 1])
    )
    assert 'Aligned to: <a href="https://skills.example/1"' in public.content.decode()
    assert item.statement in public.content.decode()


def test_the_editor_saves_and_leads_to_the_part(judged, college, manager, signed_in):
    inside, at = signed_in(manager), reverse("achievements:rubric", args=[college.slug, judged.pk])
    aligning = reverse("achievements:alignments", args=[college.slug, judged.pk])
    typed = {
        "order": ["0", "1", "2"],
        "c2-name": "Seeing",
        "c2-l0-name": "",
        "c2-l1-name": "Dimly",
        "c2-l2-name": "Well",
    }
    for n, name in enumerate(("Reading", "")):  # the second is empty and left out
        typed |= {f"c{n}-name": name, f"c{n}-l0-name": name and "No", f"c{n}-l1-name": name and "Yes"}
    assert inside.post(at, {**typed, "align": "0"}).url == f"{aligning}?of=reading"
    assert inside.post(at, {**typed, "align": "2"}).url == f"{aligning}?of=seeing"
    assert inside.post(at, {**typed, "align": "9"}).url == reverse(
        "achievements:own_version", args=[college.slug, judged.pk]
    )
    actions.align(version=judged, targets=[TARGET], part="seeing/well", actor=manager)
    assert "Aligned to: Reads" in inside.get(at).content.decode()
    assert inside.post(at, {**typed, "c0-l1-name": "No", "align": "0"}).status_code == 422


def test_in_a_proposal_it_is_written_through_it(filled, signed_in):
    version = actions.new_version(version=filled.cohort.version, actor=filled.cast.manager)
    proposal = council.propose(
        organization=filled.cast.northfield, body=filled.cast.council, version=version, kind="minor",
        purpose="x", need="x", actor=filled.cast.manager,
    )  # fmt: skip
    inside = signed_in(filled.cast.manager)
    at = reverse("council:alignments", args=["northfield", proposal.number])
    before = proposal.revision
    inside.post(f"{at}?of=reading-figures/sound", {"name": "Reads", "url": "https://skills.example/1"})
    proposal.refresh_from_db()
    assert ("reading-figures/sound", "Reads") in parts(version)
    assert proposal.revision == before + 1
    page = inside.get(reverse("council:proposal", args=["northfield", proposal.number])).content.decode()
    assert 'Aligned to: <a href="https://skills.example/1"' in page
    rubric = reverse("council:draft_rubric", args=["northfield", proposal.number])
    assert rubric in inside.get(f"{at}?of=reading-figures").content.decode()


@pytest.fixture
def issued(filled):
    return json.loads(Credential.objects.get(learner__number="N-1001").document)


@pytest.mark.shared
def test_what_is_issued_keeps_the_published_schemas(issued, shared):
    described = issued["credentialSubject"]["achievement"]["resultDescription"]
    assert described[0]["alignment"][0]["targetType"] == "CFItem"
    assert described[1]["rubricCriterionLevel"][1]["alignment"]
    folder = shared / "standards/schemas-1edtech/ob-3.0"
    issued["proof"] = [issued["proof"]]  # the strict one allows no proof that stands alone
    for name in (
        "strict.ob_v3p0_achievementcredential_schema.json",
        "ob_v3p0_achievementcredential_schema.json",
    ):
        schema = json.loads((folder / name).read_bytes())
        assert faults(issued, schema, schema) == [], name
        del described[0]["alignment"][0]["targetUrl"]
        assert faults(issued, schema, schema) != [], name
        described[0]["alignment"][0]["targetUrl"] = "https://skills.example/1"


def test_a_broken_alignment_of_a_level_is_found(issued, filled):
    web = {
        "https://demo.example/.well-known/did.json": {"body": documents.did_document(filled.cast.northfield)}
    }
    for one in filled.cast.northfield.status_lists.all():
        web[json.loads(one.document)["id"]] = {"body": json.loads(one.document)}

    def asked(changed):
        return verify(json.dumps(changed).encode(), fetcher=MemoryFetcher(web), now=timezone.now())

    assert asked(issued).verdict == "valid"
    level = issued["credentialSubject"]["achievement"]["resultDescription"][1]["rubricCriterionLevel"][1]
    level["alignment"][0]["targetName"] = "Something else"
    assert asked(issued).verdict == "invalid"
    unsigned = {name: part for name, part in issued.items() if name != "proof"}
    del level["alignment"][0]["targetName"]
    with pytest.raises(ShapeError, match=r"rubricCriterionLevel\.alignment\.targetName is missing"):
        lint(unsigned)
