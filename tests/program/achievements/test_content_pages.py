"""Conformance, comparison, copies, languages, series, reviews and credit, as people see them."""

import json
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gradatim.engine.model import credential
from gradatim.program.achievements import actions, credit, diff, document, queries
from gradatim.program.achievements.models import Series, Version
from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy.models import Profile

pytestmark = pytest.mark.django_db


def at(name, college, *rest):
    return reverse(f"achievements:{name}", args=[college.slug, *rest])


@pytest.fixture
def inside(signed_in, college, manager):
    assert college.pk
    return signed_in(manager)


PELL = {
    "clock_hours": 300, "weeks": 10, "stacking": "stackable", "stacks_into": "Certificate in analytics",
    "credit": "convertible", "credit_course": "STAT 101", "credit_office": "The registrar",
    "offered_since": date(2024, 1, 1),
}  # fmt: skip


def verdict(version, key):
    from gradatim.program.taxonomy import queries as taxonomy  # noqa: PLC0415 - beside its use

    college = version.achievement.organization
    found = taxonomy.verdicts(
        college, queries.facts(queries.find_own_version(college, version.pk)), day=date(2026, 9, 1)
    )
    return next(v for v in found if v.key == key)


def test_workforce_pell_passes_fails_and_cannot_tell(draft, manager):
    asked = verdict(draft, "workforce-pell")
    assert asked.outcome == "fail"  # noncredit, and nothing larger is named
    actions.revise(
        version=draft,
        actor=manager,
        credit="convertible",
        credit_course="STAT 101",
        stacks_into="A certificate",
    )
    asked = verdict(draft, "workforce-pell")
    assert asked.outcome == "cannot tell"
    assert asked.missing == (
        "clock hours",
        "weeks it takes",
        "whether it stacks",
        "months it has been offered",
    )
    assert asked.words.startswith("Cannot tell yet. Missing: clock hours, weeks")
    actions.revise(version=draft, actor=manager, **PELL)
    assert verdict(draft, "workforce-pell").outcome == "pass"
    for bad in ({"clock_hours": 149}, {"clock_hours": 600}, {"weeks": 15}, {"weeks": 7}):
        actions.revise(version=draft, actor=manager, **{**PELL, **bad})
        assert verdict(draft, "workforce-pell").outcome == "fail", bad


def test_the_rules_of_a_profile_have_dates(draft):
    from gradatim.program.taxonomy import queries as taxonomy  # noqa: PLC0415 - beside its use

    college = draft.achievement.organization
    found = taxonomy.verdicts(college, queries.facts(draft), day=date(2026, 6, 30))
    before = next(v for v in found if v.key == "workforce-pell")
    assert (before.outcome, before.findings) == ("cannot tell", ())


def test_trusted_is_self_checked_never_certified(draft, manager):
    actions.revise(version=draft, actor=manager, evidence_kinds=["artifact"])
    asked = verdict(draft, "trusted")
    assert (asked.outcome, asked.words) == ("pass", "All required fields present, self-checked")
    assert asked.gaps
    actions.revise(version=draft, actor=manager, evidence_kinds=["attendance"])
    assert verdict(draft, "trusted").outcome == "fail"


def test_annex_one_names_what_is_not_said(college, draft, manager):
    college.country = "NL"
    college.save()
    draft.achievement.organization.refresh_from_db()
    assert verdict(draft, "eu-2022").outcome == "fail"
    actions.revise(
        version=draft,
        actor=manager,
        assessment_kinds=["project"],
        quality_assurance="Accredited by the ministry",
    )
    assert verdict(draft, "eu-2022").outcome == "pass"


def test_every_profile_says_what_it_leaves_out_and_cites_its_sources(college):
    for profile in Profile.objects.filter(organization=college):
        assert all(rule.reference for rule in profile.rules.all()), profile
        assert profile.url.startswith("https://")
        assert "certified" not in profile.passed_words.casefold()


def test_conformance_for_people_and_programs(inside, college, draft):
    page = inside.get(at("conformance", college, draft.pk)).content.decode()
    for said in (
        "1EdTech TrustEd",
        "European approach",
        "Workforce Pell",
        "Own policy of Northfield College",
        "incomplete",
    ):
        assert said in page
    answer = inside.get(at("conformance", college, draft.pk), {"format": "json"})
    assert answer["Content-Type"] == "application/json"
    whole = json.loads(answer.content)
    assert [p["profile"] for p in whole["profiles"]] == [
        "own-policy",
        "trusted",
        "eu-2022",
        "workforce-pell",
        "etpl",
    ]
    assert whole["achievement"] == document.url(draft)
    assert {r["strength"] for p in whole["profiles"] for r in p["rules"]} == {
        "required",
        "recommended",
        "if available",
    }


def test_conformance_asks_the_same_for_more_profiles(inside, college, draft, django_assert_max_num_queries):
    with django_assert_max_num_queries(18):
        inside.get(at("conformance", college, draft.pk))


@given(st.text(max_size=60), st.text(max_size=60))
def test_compared_texts_are_the_texts(before, after):
    old, new = diff.words(before, after)
    kept = diff._PIECE.findall
    assert "".join(words for _differs, words in old) == "".join(kept(before))
    assert "".join(words for _differs, words in new) == "".join(kept(after))
    same = ["".join(w for differs, w in side if not differs).split() for side in (old, new)]
    assert "".join(same[0]) == "".join(same[1])


def test_a_word_before_a_new_line_is_the_same_word():
    old, new = diff.words("a chart", "a chart\na table")
    assert old == [(False, "a chart")]
    assert new == [(False, "a chart\n"), (True, "a table")]


def test_two_versions_side_by_side(inside, college, approved, manager):
    second = actions.new_version(version=approved, actor=manager)
    actions.revise(version=second, actor=manager, title="Data literacy at work", credit="credit", credits=2)
    text = " ".join(inside.get(at("compare", college, approved.pk, second.pk)).content.decode().split())
    assert '<del><span class="hidden-text">[gone:</span>for the workplace<span' in text
    assert '<ins><span class="hidden-text">[new:</span>at work<span' in text
    assert "2 parts differ" in text
    assert "The same in both: Description" in text


def test_a_copy_says_the_same_and_is_another(inside, college, approved, manager, fields):
    inside.post(at("copy", college, approved.pk), {"title": "Data literacy for nurses"})
    made = Version.objects.get(title="Data literacy for nurses")
    assert (made.number, made.state, made.achievement.slug, made.digest) == (
        1,
        "draft",
        "data-literacy-for-nurses",
        "",
    )
    assert [o.text for o in made.outcomes.all()] == fields["outcomes"]
    approved.refresh_from_db()
    assert queries.content_digest(approved) == approved.digest
    assert inside.post(at("copy", college, approved.pk), {"title": ""}).status_code == 422


SPANISH = {
    "language": "es", "title": "Alfabetización en datos", "description": "Lee datos.", "criteria": "Un caso.",
    "outcomes": "Lee un gráfico\nCuestiona una fuente\nExplica un resultado", "assessment": "Rúbrica.",
}  # fmt: skip


def test_one_document_for_each_language_linked_to_the_others(
    inside, client, college, draft, approve, manager
):
    inside.post(at("new_translation", college, draft.pk), SPANISH)
    actions.translate(version=draft, language="fr", title="Données", description="Lire.", actor=manager)
    assert queries.facts(draft)["languages"] == ["en", "es", "fr"]
    version = approve(draft)
    main, spanish = json.loads(version.document), json.loads(version.translations.get(language="es").document)
    assert main["inLanguage"] == "en"
    assert [(r["id"], r["inLanguage"]) for r in main["related"]] == [
        (f"{main['id']}es/", "es"), (f"{main['id']}fr/", "fr"),
    ]  # fmt: skip
    assert spanish["id"] == f"{main['id']}es/"
    assert spanish["name"] == "Practice: Alfabetización en datos"
    assert spanish["inLanguage"] == "es"
    assert {r["inLanguage"] for r in spanish["related"]} == {"en", "fr"}
    assert "- Lee un gráfico" in spanish["criteria"]["narrative"]
    assert spanish["image"]["id"] == main["image"]["id"]
    client.logout()
    address = reverse(
        "achievements:translated_version", args=[college.slug, version.achievement.slug, 1, "es"]
    )
    page = client.get(address).content.decode()
    assert '<div class="stack" lang="es"><h1>Practice: Alfabetización en datos</h1>' in page
    assert "<title>Practice: Alfabetización en datos" in page
    assert re.findall(r'hreflang="(..)".*?>(.*?)</a>', page) == [
        ("en", "English"), ("es", "Español"), ("fr", "Français"),
    ]  # fmt: skip
    served = client.get(address, headers={"accept": "application/ld+json"}).json()
    assert served["id"] == spanish["id"]
    assert client.get(address.replace("/es/", "/de/")).status_code == 404


def test_the_engine_accepts_every_language(draft, approve, manager):
    actions.translate(version=draft, language="es", title="Datos", description="Lee.", actor=manager)
    version = approve(draft)
    for text in (version.document, version.translations.get().document):
        whole = {
            "@context": document.CONTEXT, "id": "urn:uuid:6f7c0e2a-0000-4000-8000-000000000001",
            "type": ["VerifiableCredential", "OpenBadgeCredential"], "name": "Datos",
            "issuer": {"id": "did:web:demo.example", "type": ["Profile"], "name": "Northfield College"},
            "validFrom": "2026-05-30T00:00:00Z",
            "credentialSubject": {"id": "did:example:a", "type": ["AchievementSubject"], "achievement": json.loads(text)},
        }  # fmt: skip
        assert credential.findings(whole) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"language": "en"}, "in this language already"),
        ({"language": "Spanish!"}, "language"),
        ({"outcomes": "Lee un gráfico"}, "The version has 3 outcomes"),
        ({"title": ""}, "title"),
    ],
)
def test_a_bad_translation_is_explained(inside, college, draft, typed, said):
    answer = inside.post(at("new_translation", college, draft.pk), {**SPANISH, **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not draft.translations.exists()


def test_a_translation_is_frozen_with_its_version(inside, college, draft, approve, manager):
    before = queries.content_digest(draft)
    row = actions.translate(version=draft, language="es", title="Datos", description="Lee.", actor=manager)
    assert queries.content_digest(draft) != before
    version = approve(draft)
    with pytest.raises(Refused, match="does not change"):
        actions.translate(version=version, language="es", title="Otros", description="x", actor=manager)
    with pytest.raises(Refused, match="does not change"):
        actions.remove_translation(translation=row, actor=manager)
    assert inside.get(at("translation", college, version.pk, "es")).status_code == 409
    second = actions.new_version(version=version, actor=manager)
    assert [(t.language, t.document) for t in second.translations.all()] == [("es", "")]
    inside.post(at("translation", college, second.pk, "es"), {"out": "1"})
    assert not second.translations.exists()


def test_a_series_in_its_order(inside, client, college, draft, approve, manager, fields):
    second = actions.draft(organization=college, actor=manager, **{**fields, "title": "Data stories"})
    for version in (draft, second):
        inside.post(at("series", college, version.pk), {"title": "Data at work"})
    inside.post(at("series", college, second.pk), {"to": "up"})
    for number, version in enumerate((draft, second)):
        approve(version, f"2026-{number}")
    client.logout()
    page = client.get(at("achievement", college, draft.achievement.slug)).content.decode()
    assert (
        page.index("Data at work")
        < page.index(">Data stories</a>")
        < page.index("<b>Data literacy for the workplace</b>")
    )
    client.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    for version in (draft, second):
        client.post(at("series", college, version.pk), {"title": ""})
    assert not Series.objects.exists()


def test_the_schedule_of_reviews(inside, college, manager, fields, approve, django_assert_num_queries):
    today = timezone.localdate()
    days = {"Late": -1, "Soon": 30, "Later": 400}
    for title, ahead in days.items():
        version = approve(
            actions.draft(organization=college, actor=manager, **{**fields, "title": title}), title
        )
        actions.schedule_review(version=version, on=today + timedelta(days=ahead), actor=manager)
    with django_assert_num_queries(4):  # session, person, organization with roles, versions
        text = inside.get(at("reviews", college)).content.decode()
    assert (
        text.index("Overdue")
        < text.index("Late (version 1)")
        < text.index("In the next 90 days")
        < text.index("Later (version 1)")
    )
    table = inside.get(at("reviews", college), {"format": "csv"}).content.decode()
    assert table.splitlines()[1].startswith(f"Late,1,approved,{today - timedelta(days=1)}")
    calendar = inside.get(at("reviews", college), {"format": "ics"}).content.decode()
    assert calendar.count("BEGIN:VEVENT") == 3
    assert f"DTSTART;VALUE=DATE:{today + timedelta(days=30):%Y%m%d}" in calendar
    Version.objects.filter(pk=version.pk).update(title="\r=A\r\nATTENDEE:mailto:x@y.example")
    assert "'\r=A" in inside.get(at("reviews", college), {"format": "csv"}).content.decode()
    calendar = inside.get(at("reviews", college), {"format": "ics"}).content.decode()
    assert calendar.count("ATTENDEE") == calendar.count(" =A ATTENDEE:mailto") == 1
    Version.objects.filter(pk=version.pk).update(title=version.title)
    inside.post(at("schedule", college, version.pk), {"review_by": ""})
    assert "No day chosen" in inside.get(at("reviews", college)).content.decode()
    version.refresh_from_db()
    assert queries.content_digest(version) == version.digest


def test_a_review_planned_in_the_draft_stays_unless_the_decision_says_otherwise(draft, manager):
    actions.revise(version=draft, actor=manager, review_by=date(2028, 5, 1))
    version = actions.send_to_review(version=draft, actor=manager)
    version = actions.approve(
        version=version, decision_number="1", decision_url="https://x.example/", decided_at=timezone.now()
    )
    assert version.review_by == date(2028, 5, 1)
    assert version.policy_edition == 1


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "It carries no academic credit."),
        ({"credit": "credit", "credits": 3}, "It carries 3 credits."),
        ({"credit": "credit", "credits": 1}, "It carries 1 credit."),
        ({"credit": "credit", "credits": 1.5, "credit_course": "STAT 101"}, "It carries 1.5 credits for STAT 101."),
        (
            {
                "credit": "convertible", "credits": 10, "credit_course": "STAT 101", "credit_office": "The registrar",
                "credit_basis": "Policy 4.2.", "credit_until": date(2030, 6, 1),
            },
            "It can be turned into 10 credits for STAT 101. The registrar decides. Basis: Policy 4.2. Until June 1, 2030.",
        ),
        ({"credit": "convertible"}, "It can be turned into credit."),
    ],
)  # fmt: skip
def test_credit_is_said_plainly(columns, said):
    from decimal import Decimal  # noqa: PLC0415 - as it comes from the database

    if "credits" in columns:
        columns = {**columns, "credits": Decimal(str(columns["credits"])).quantize(Decimal("0.01"))}
    assert credit.sentence(Version(**columns)) == said


def test_credit_stands_on_the_page_and_in_the_document(client, draft, approve, manager, college):
    actions.revise(
        version=draft, actor=manager, credit="convertible", credits=2, credit_course="STAT 101",
        credit_office="The registrar", clock_hours=24,
    )  # fmt: skip
    version = approve(draft)
    page = client.get(at("achievement", college, version.achievement.slug)).content.decode()
    assert "It can be turned into 2 credits for STAT 101. The registrar decides." in page
    assert "<dt>Clock hours</dt><dd>24" in page
    whole = json.loads(version.document)
    assert whole["creditsAvailable"] == 2.0
    assert "- Credit: It can be turned into 2 credits for STAT 101." in whole["criteria"]["narrative"]
    assert "- Clock hours: 24" in whole["criteria"]["narrative"]


def test_convertible_credit_names_course_and_office(draft, manager):
    actions.revise(version=draft, actor=manager, credit="convertible", credits=2)
    with pytest.raises(Refused, match="Name the course"):
        actions.send_to_review(version=draft, actor=manager)


def test_all_definitions_against_the_rules(inside, college, draft):
    text = inside.get(at("quality", college)).content.decode()
    assert "One definition was checked;" in text
    assert "Choose at least one statement of a framework" in text
    assert str(draft) in text
