"""Rules at work: when they are asked, what an exception lifts, what a change does, and how fast all are checked."""

import time
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gradatim.program.achievements import actions, queries
from gradatim.program.achievements.models import Achievement, Alignment, Outcome, Version
from gradatim.program.credentials.actions.batches import check_gate
from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy import queries as taxonomy_queries
from gradatim.program.taxonomy.models import Rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def image_rule(college, manager):
    """A rule that blocks whoever describes no image, at the moments that are asked for."""

    def write(**more):
        return taxonomy.keep_rule(
            organization=college, name="The image is described.", severity="block", condition=[],
            expression=[{"fact": "image_alt", "is": "present"}], message="Describe the image.", actor=manager, **more,
        )  # fmt: skip

    return write


def test_a_rule_is_asked_at_its_moments(draft, image_rule, approve, manager):
    rule = image_rule(moments=["issue"])
    approved = approve(draft)
    with pytest.raises(Refused, match=r"a rule blocks it\. Describe the image") as refused:
        check_gate(approved)
    assert refused.value.code == "rules"
    Rule.objects.filter(pk=rule.pk).update(moments=["edit"])
    check_gate(approved)
    assert "Describe the image." in [f.message for f in queries.findings(approved) if not f.passed]


def test_a_rule_at_approval_holds_back_what_was_submitted_before_it(draft, image_rule, approve):
    version = actions.send_to_review(version=draft, actor=None)
    image_rule(moments=["approval"])
    with pytest.raises(Refused, match="Describe the image"):
        actions.approve(
            version=version,
            decision_number="2026-09",
            decision_url="https://x.example/",
            decided_at=timezone.now(),
        )


def test_dates(draft, image_rule, manager):
    today = timezone.localdate()
    rule = image_rule(since=today + timedelta(days=1))
    actions.send_to_review(version=draft, actor=manager)
    actions.back_to_draft(version=draft, actor=manager)
    for since, until, asked in (
        (today, None, True),
        (None, today, True),
        (None, today - timedelta(days=1), False),
    ):
        Rule.objects.filter(pk=rule.pk).update(since=since, until=until)
        assert any(f.key == rule.key for f in queries.findings(draft)) == asked


def test_an_exception_lifts_a_block_until_its_day_and_then_blocks_again(draft, image_rule, manager):
    rule, today = image_rule(), timezone.localdate()
    with pytest.raises(Refused, match="Describe the image"):
        actions.send_to_review(version=draft, actor=manager)
    waiver = taxonomy.waive(
        rule=rule, subject=queries.subject(draft), decision_number="2026-11", reason="The picture comes in spring.",
        decision_url="https://badges.example/o/northfield/decisions/2026-11/", decided_on=today, expires_on=today,
        actor=manager,
    )  # fmt: skip
    (finding,) = [f for f in queries.findings(draft) if f.key == rule.key]
    assert not finding.passed
    assert not finding.blocks
    assert (finding.exception.decision_number, finding.exception.expires_on) == ("2026-11", today)
    actions.send_to_review(version=draft, actor=manager)
    actions.back_to_draft(version=draft, actor=manager)
    type(waiver).objects.update(decided_on=today - timedelta(days=9), expires_on=today - timedelta(days=1))
    with pytest.raises(Refused, match="Describe the image"):
        actions.send_to_review(version=draft, actor=manager)


def test_an_exception_is_for_one_version_and_can_be_taken_back(college, draft, image_rule, manager, fields):
    rule, today = image_rule(), timezone.localdate()
    other = actions.draft(organization=college, actor=manager, **fields)
    waiver = taxonomy.waive(
        rule=rule, subject=queries.subject(draft), decision_number="2026-11", decision_url="https://x.example/",
        decided_on=today, expires_on=today, actor=manager,
    )  # fmt: skip
    with pytest.raises(Refused):
        actions.send_to_review(version=other, actor=manager)
    taxonomy.end_waiver(waiver=waiver, actor=manager)
    with pytest.raises(Refused):
        actions.send_to_review(version=draft, actor=manager)
    with pytest.raises(Refused, match="already"):
        taxonomy.end_waiver(waiver=waiver, actor=manager)


@pytest.mark.parametrize(
    ("bad", "code"),
    [({"decision_number": " "}, "no-decision"), ({"expires_on": date(2026, 1, 1)}, "dates")],
)
def test_only_a_decision_makes_an_exception(draft, image_rule, manager, bad, code):
    given = {
        "rule": image_rule(), "subject": queries.subject(draft), "decision_number": "1", "actor": manager,
        "decision_url": "https://x.example/", "decided_on": date(2026, 2, 1), "expires_on": date(2026, 3, 1),
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        taxonomy.waive(**{**given, **bad})
    assert refused.value.code == code


def test_nobody_lifts_the_rules_of_a_profile(college, draft, manager):
    rule = taxonomy_queries.any_rules(college).exclude(profile=None).first()
    with pytest.raises(Refused, match="someone else's"):
        taxonomy.waive(
            rule=rule, subject="x/1", decision_number="1", decision_url="https://x.example/",
            decided_on=date(2026, 1, 1), expires_on=date(2026, 2, 1), actor=manager,
        )  # fmt: skip


def test_what_a_change_would_do_is_listed(college, draft, approved, manager, fields):
    other = actions.draft(organization=college, actor=manager, **{**fields, "image_alt": "A hexagon"})
    rule = Rule(
        key="new", name="The image is described.", severity="block", message="Describe it.",
        expression=[{"fact": "image_alt", "is": "present"}],
    )  # fmt: skip
    found = queries.effects(college, before=[], after=[rule])
    assert [(e.version, [f.message for f in e.broken]) for e in found] == [(approved, ["Describe it."])]
    assert other not in [e.version for e in found]
    back = queries.effects(college, before=[rule], after=[])
    assert [(e.version, e.mended) for e in back] == [(approved, ("The image is described.",))]
    softer = Rule(key="new", name="x", severity="warn", message="Describe it.", expression=rule.expression)
    assert [
        f.severity for e in queries.effects(college, before=[rule], after=[softer]) for f in e.broken
    ] == ["warn"]


def test_an_endorsement_counts_while_it_stands(draft, manager):
    row = actions.attach_endorsement(
        version=draft, identifier="urn:uuid:1", endorser="Lakeside Health", document="{}",
        valid_from=date(2026, 1, 1), actor=manager,
    )  # fmt: skip
    assert queries.facts(queries.find_own_version(draft.achievement.organization, draft.pk))[
        "endorsements"
    ] == ["Lakeside Health"]
    actions.withdraw_endorsement(endorsement=row, actor=manager)
    assert (
        queries.facts(queries.find_own_version(draft.achievement.organization, draft.pk))["endorsements"]
        == []
    )


def many(college, fields, count, *, first=0):
    """So many definitions with three outcomes and an alignment each."""
    made = Achievement.objects.bulk_create(
        [Achievement(organization=college, slug=f"made-{first + n}") for n in range(count)]
    )
    columns = {k: v for k, v in fields.items() if k != "outcomes"}
    versions = Version.objects.bulk_create([Version(achievement=a, **columns) for a in made])
    Outcome.objects.bulk_create(Outcome(version=v, text=t) for v in versions for t in fields["outcomes"])
    Alignment.objects.bulk_create(
        Alignment(version=v, target_name="Reads", target_url="https://skills.example/1") for v in versions
    )


def test_a_thousand_definitions_are_checked_in_a_blink(college, fields, django_assert_max_num_queries):
    many(college, fields, 1000)
    start = time.process_time()
    with django_assert_max_num_queries(10):  # rules, dimensions twice, values, versions and their five parts
        found = queries.recheck(college)
    assert time.process_time() - start < 2  # seconds; ten thousand have to take less than 10
    assert len(found) == 1000
    assert all([f.key for f in checked.broken] == [] for checked in found)


@pytest.mark.slow
def test_ten_thousand_definitions_are_checked_within_ten_seconds(college, fields):
    many(college, fields, 10_000)
    start, busy = time.perf_counter(), time.process_time()
    assert len(queries.recheck(college)) == 10_000
    wall, busy = time.perf_counter() - start, time.process_time() - busy
    rules = taxonomy_queries.rules(college).count()
    print(f"10,000 definitions against {rules} rules: {wall:.1f} s, {busy:.1f} s of them computing")  # noqa: T201 - the figure is the point
    assert busy < 10  # seconds of this process, whatever else the machine does meanwhile


def test_the_page_of_all_definitions_asks_as_often_for_a_thousand_as_for_one(
    college, fields, manager, signed_in, django_assert_num_queries
):
    page = reverse("achievements:quality", args=[college.slug])
    inside, took = signed_in(manager), []
    for count in (1, 999):
        many(college, fields, count, first=len(took))
        for _try in range(3):  # the best of a few, because other things run on this machine too
            start = time.process_time()
            with django_assert_num_queries(3 + 10):  # the frame; as above
                text = inside.get(page).content.decode()
            took.append(time.process_time() - start)
    assert "1000 definitions were checked;" in text
    print(f"the page of 1,000 definitions: {min(took[3:]) * 1000:.0f} ms")  # noqa: T201 - the figure is the point
    assert min(took[3:]) < 1  # a quarter of a second by itself; tests run side by side
