"""A version's way from draft to approval: what changes, what never does."""

import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradatim.engine.model import credential
from gradatim.program.achievements import actions, document, queries
from gradatim.program.achievements.models import Version
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import LogEntry, Organization
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy import queries as taxonomy_queries
from gradatim.program.taxonomy.quality import FACTS

pytestmark = pytest.mark.django_db

State = Version.State
line = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(str.strip)
ATTEMPTS = (
    lambda v, m: actions.revise(version=v, actor=m, title="Another"),
    lambda v, m: actions.align(
        version=v, targets=[actions.Target("Other", "https://other.example/")], actor=m
    ),
    lambda v, m: actions.unalign(alignment=v.alignments.first(), actor=m),
    lambda v, m: actions.send_to_review(version=v, actor=m),
    lambda v, m: actions.back_to_draft(version=v, actor=m),
    lambda v, m: actions.approve(
        version=v, decision_number="2", decision_url="https://x.example/", decided_at=v.approved_at, actor=m
    ),
    lambda v, m: actions.remove_draft(version=v, actor=m),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=line,
    outcomes=st.lists(line, min_size=1, max_size=5),
    hours=st.none() | st.integers(1, 5000),
    credits_=st.none() | st.decimals("0.25", "40", places=2),
    attempt=st.sampled_from(ATTEMPTS),
)
def test_nothing_moves_what_was_approved(
    college, manager, fields, approve, title, outcomes, hours, credits_, attempt
):
    version = actions.draft(
        organization=college,
        actor=manager,
        **{
            **fields,
            "title": f"x {title}",
            "outcomes": outcomes,
            "workload_hours": hours,
            "credits": credits_,
        },
    )
    actions.align(
        version=version, targets=[actions.Target("Reads", "https://skills.example/1")], actor=manager
    )
    before = queries.content_digest(version)
    version = approve(version)
    assert version.digest == before == queries.content_digest(Version.objects.get(pk=version.pk))
    frozen = (version.digest, version.document)
    with pytest.raises(Refused):
        attempt(version, manager)
    actions.new_version(version=version, actor=manager)
    actions.activate(version=version)
    again = Version.objects.get(pk=version.pk)
    assert (again.digest, again.document) == frozen
    assert queries.content_digest(again) == again.digest


@pytest.mark.parametrize("column", ["title", "criteria", "assessment", "code", "taking", "workload_hours"])
def test_the_digest_depends_on(draft, column):
    before = queries.content_digest(draft)
    Version.objects.filter(pk=draft.pk).update(**{column: 1 if column == "workload_hours" else "z"})
    assert queries.content_digest(Version.objects.get(pk=draft.pk)) != before


def test_the_digest_depends_on_outcomes_and_places(college, draft, manager):
    seen = {queries.content_digest(draft)}
    actions.revise(version=draft, actor=manager, outcomes=["Reads a chart", "Explains a finding"])
    seen.add(queries.content_digest(draft))
    audience = taxonomy.add_dimension(organization=college, name="Audience", actor=manager)
    adults = taxonomy.add_value(dimension=audience, name="Adults", actor=manager)
    actions.revise(version=draft, actor=manager, placements=[adults])
    seen.add(queries.content_digest(draft))
    assert len(seen) == 3
    assert queries.facts(draft)["audience"] == "adults"
    with pytest.raises(Refused, match="Data literacy"):
        taxonomy.remove_value(value=adults, actor=manager)


def test_renaming_in_the_taxonomy_moves_nothing(approved, manager):
    taxonomy.change_value(value=approved.type, name="Ability", color="#000000", actor=manager)
    assert queries.content_digest(Version.objects.get(pk=approved.pk)) == approved.digest


def test_the_document(approved):
    whole = json.loads(approved.document)
    assert whole["type"] == ["Achievement"]
    assert whole["name"] == "Practice: Data literacy for the workplace"
    assert whole["achievementType"] == "MicroCredential"
    assert whole["image"]["type"] == "Image"
    assert whole["creator"] == {
        "id": "did:web:demo.example",
        "type": ["Profile"],
        "name": "Northfield College",
    }
    narrative = whole["criteria"]["narrative"]
    assert narrative.startswith("For practice only")
    assert "- Reads a chart\n" in narrative
    assert "[decision 2026-09](https://badges.example/o/northfield/decisions/2026-09/)" in narrative
    assert all(v not in (None, "", []) for v in whole.values())


def test_the_document_of_something_real(college, manager, fields, approve):
    Organization.objects.filter(pk=college.pk).update(real_since="2026-01-01T00:00Z")
    college.refresh_from_db()
    taxonomy.import_framework(organization=college, content=taxonomy_queries.sample_package(), actor=manager)
    version = actions.draft(
        organization=college,
        actor=manager,
        **fields,
        credit="credit",
        credits=Decimal("1.5"),
        code="DL-101",
        tags=["data"],
    )
    actions.align(version=version, items=taxonomy_queries.search_items(college, "D.3"), actor=manager)
    first = approve(version)
    whole = json.loads(first.document)
    assert whole["name"] == "Data literacy for the workplace"
    assert "practice" not in whole["criteria"]["narrative"].lower()
    assert (whole["creditsAvailable"], whole["humanCode"], whole["tag"]) == (1.5, "DL-101", ["data"])
    aligned = whole["alignment"][0]
    assert (aligned["targetType"], aligned["targetFramework"]) == (
        "CFItem",
        "Northfield outcomes for work and data",
    )
    second = approve(actions.new_version(version=first, actor=manager), "2026-10")
    related = json.loads(second.document)["related"]
    assert related == [{"id": whole["id"], "type": ["Related"], "version": "1"}]


def test_the_engine_accepts_the_document(draft, approve, manager):
    actions.align(
        version=draft,
        targets=[actions.Target("Reads", "https://x.example/1", type="ext:ESCOSkill")],
        actor=manager,
    )
    version = approve(draft)
    whole = {
        "@context": document.CONTEXT,
        "id": "urn:uuid:6f7c0e2a-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": version.public_title,
        "issuer": {"id": "did:web:demo.example", "type": ["Profile"], "name": "Northfield College"},
        "validFrom": "2026-05-30T00:00:00Z",
        "credentialSubject": {
            "id": "did:example:amina",
            "type": ["AchievementSubject"],
            "achievement": json.loads(version.document),
        },
    }
    assert credential.findings(whole) == []


def test_a_rule_that_blocks_keeps_the_draft_back(college, manager, fields):
    version = actions.draft(organization=college, actor=manager, **{**fields, "title": "A national diploma"})
    with pytest.raises(Refused, match="out of the title") as refused:
        actions.send_to_review(version=version, actor=manager)
    assert refused.value.code == "rules"
    version.refresh_from_db()
    assert version.state == State.DRAFT


def test_only_a_decision_approves(draft, manager):
    with pytest.raises(Refused, match="cannot become"):
        actions.approve(
            version=draft, decision_number="1", decision_url="https://x.example/", decided_at=None
        )
    version = actions.send_to_review(version=draft, actor=manager)
    with pytest.raises(Refused) as refused:
        actions.approve(version=version, decision_number=" ", decision_url="", decided_at=None)
    assert refused.value.code == "no-decision"
    assert not Version.objects.get(pk=draft.pk).issuable


def test_what_may_be_issued(approved, manager, college):
    assert list(queries.issuable(college)) == [approved]
    actions.activate(version=approved)
    actions.deprecate(version=approved, actor=manager)
    assert list(queries.issuable(college)) == [approved]
    actions.retire(version=approved, actor=manager)
    assert not queries.issuable(college).exists()
    with pytest.raises(Refused):
        actions.activate(version=approved)


def test_values_of_others_and_bad_values_are_refused(college, manager, outsider, fields):
    own = outsider.memberships.get().organization
    strange = taxonomy_queries.types(own).first()
    for bad, field in (
        ({"type": strange}, "type"),
        ({"type": fields["level"]}, "type"),
        ({"title": "x" * 121}, "title"),
        ({"taking": "maybe"}, "taking"),
        ({"workload_hours": -1}, "workload_hours"),
        ({"outcomes": ["x" * 301]}, "outcomes"),
        ({"colour": "red"}, None),
    ):
        with pytest.raises(Refused) as refused:
            actions.draft(organization=college, actor=manager, **{**fields, **bad})
        assert refused.value.field == field
    assert not Version.objects.exists()
    assert not college.achievements.exists()


def test_items_of_others_are_refused(draft, outsider, manager):
    own = outsider.memberships.get().organization
    framework = taxonomy.import_framework(
        organization=own, content=taxonomy_queries.sample_package(), actor=outsider
    )
    with pytest.raises(Refused):
        actions.align(version=draft, items=framework.items.all()[:1], actor=manager)


def test_aligning_twice_is_aligning_once(draft, manager):
    target = actions.Target("Reads", "https://skills.example/1")
    assert len(actions.align(version=draft, targets=[target, target], actor=manager)) == 1
    assert actions.align(version=draft, targets=[target], actor=manager) == []


def test_addresses_differ_for_the_same_title(college, manager, fields):
    slugs = [actions.draft(organization=college, actor=manager, **fields).achievement.slug for _ in range(3)]
    assert slugs == [f"data-literacy-for-the-workplace{end}" for end in ("", "-2", "-3")]
    assert (
        actions.draft(organization=college, actor=manager, **{**fields, "title": "数据"}).achievement.slug
        == "achievement"
    )


def test_every_fact_is_given(draft):
    assert set(queries.facts(draft)) == set(FACTS) | {"type", "level"}


@pytest.mark.usefixtures("approved")
def test_practice_can_be_removed(college):
    actions.remove_practice(organization=college)
    assert not Version.objects.exists()


@pytest.mark.usefixtures("approved")
def test_everything_is_logged():
    verbs = list(LogEntry.objects.values_list("verb", flat=True))
    assert verbs[-3:] == ["achievement.drafted", "achievement.sent-to-review", "achievement.approved"]
