"""The first run: one's own program in a few questions, practice until it is made real, and one button that clears up."""

import pytest
from django.urls import reverse

from gradatim.program.achievements.models import Achievement
from gradatim.program.council.models import Decision, Proposal
from gradatim.program.credentials import actions as issuing
from gradatim.program.credentials.models import Credential, SigningKey
from gradatim.program.ground.refused import Refused
from gradatim.program.offerings import actions as offerings
from gradatim.program.offerings.models import Cohort
from gradatim.program.people import actions as people_actions
from gradatim.program.people import queries as people
from gradatim.program.people.models import Learner, Organization, Person
from gradatim.program.web import practice
from gradatim.program.web.setup import actions
from gradatim.program.web.work import drain

ANSWERS = {
    "your_name": "Ada Moreau",
    "your_email": "ada@river.example",
    "name": "River Workforce Board",
    "kind": "workforce",
    "brand_color": "#6b2d5c",
}


@pytest.mark.django_db
def test_an_empty_installation_leads_to_a_first_proposal(client):
    assert client.get("/").url == reverse("web:setup")
    assert "Look around" in client.get("/setup/").content.decode()
    answer = client.post("/setup/mine/", ANSWERS)
    organization = Organization.objects.get()
    assert answer.url == reverse("web:first_steps", args=[organization.slug])
    assert "Keep this file" in client.get(answer.url).content.decode()
    assert SigningKey.objects.filter(organization=organization, state="active").count() == 2
    assert organization.practicing
    page = client.get(reverse("council:new", args=[organization.slug]))
    assert page.status_code == 200
    assert b'name="title"' in page.content


@pytest.mark.django_db
def test_the_backup_is_the_sealing_key_and_is_noted(client, settings):
    client.post("/setup/mine/", ANSWERS)
    organization = Organization.objects.get()
    answer = client.post(reverse("web:key_backup", args=[organization.slug]))
    assert answer.content.decode().strip() == settings.SEALING_KEY
    assert organization.log.filter(verb="key.backed-up").count() == 1
    settings.LOCAL = False
    assert client.post(reverse("web:key_backup", args=[organization.slug])).status_code == 403


@pytest.mark.django_db
def test_the_test_mail_is_sent_and_said(client, mailoutbox):
    client.post("/setup/mine/", ANSWERS)
    organization = Organization.objects.get()
    page = client.post(reverse("web:test_mail", args=[organization.slug]), follow=True)
    assert [m.to for m in mailoutbox] == [["ada@river.example"]]
    assert "mail" in page.content.decode()


@pytest.mark.django_db
def test_bad_answers_are_named_and_nothing_is_stored(client):
    answer = client.post("/setup/mine/", {**ANSWERS, "your_email": "ada", "country": "Canada"})
    assert answer.status_code == 422
    assert not Organization.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_in_public_the_code_of_the_server_is_asked_for(client, settings, tmp_path):
    settings.LOCAL, settings.DATA = False, tmp_path
    assert client.post("/setup/", {}).status_code == 404
    code = actions.code_to_print()
    assert "Setup code" in client.get("/setup/mine/").content.decode()
    wrong = client.post("/setup/mine/", {**ANSWERS, "code": "guess"})
    assert "not the setup code" in wrong.content.decode()
    assert not Organization.objects.exists()
    assert client.post("/setup/mine/", {**ANSWERS, "code": code}).status_code == 302
    assert actions.code_to_print() == ""


def test_only_once(filled, client):
    assert client.get("/setup/").status_code == 404
    assert client.get("/setup/mine/").status_code == 404
    with pytest.raises(Refused, match="set up already"):
        actions.start(**{k: v for k, v in ANSWERS.items() if k != "brand_color"})


def test_practice_is_marked_in_the_signed_bytes_and_removed_by_one_button(filled, signed_in):
    northfield, administrator = filled.cast.northfield, filled.cast.administrator
    document = Credential.objects.first().document
    assert '"name":"Practice: Data literacy for the workplace"' in document
    with pytest.raises(Refused, match="Make the program real first"):
        practice.remove(organization=northfield, actor=administrator)
    client = signed_in(administrator)
    client.post(reverse("web:make_real", args=["northfield"]))
    assert Credential.objects.exists()
    page = client.post(reverse("web:remove_practice", args=["northfield"]), follow=True)
    assert "practice data is gone" in page.content.decode()
    for kind in (Credential, Decision, Proposal, Achievement):
        assert not kind.objects.filter(organization=northfield).exists(), kind
    assert northfield.memberships.exists()
    assert northfield.bodies.first().seats.exists()
    assert people.check_log(northfield) == []


@pytest.fixture
def real(filled):
    """The demo's program, real from now on: everything in it was made for practice."""
    people_actions.make_real(organization=filled.cast.northfield, actor=filled.cast.administrator)
    filled.cast.northfield.refresh_from_db()
    return filled


def test_what_was_approved_for_practice_is_issued_for_practice_only(real):
    """In practice the law's hours are not kept, and whoever tries it out may have voted alone."""
    version, learner = real.cohort.version, Learner.objects.get(number="N-1001")
    version = type(version).objects.get(pk=version.pk)
    administrator = real.cast.administrator
    with pytest.raises(Refused, match=r"approved for practice.*propose the copy") as refused:
        issuing.start_batch(
            version=version, learners=[(learner, {})], reason="x", label="x", actor=administrator
        )
    assert refused.value.code == "not-approved"
    with pytest.raises(Refused, match="made for practice"):
        offerings.create_cohort(
            organization=real.cast.northfield, version=version, name="Real", actor=administrator
        )


def test_nor_is_what_waited_when_it_was_made_real(filled):
    learner, administrator = Learner.objects.get(number="N-1001"), filled.cast.administrator
    batch = issuing.start_batch(
        version=filled.cohort.version, learners=[(learner, {})], reason="x", label="x", actor=administrator
    )
    people_actions.make_real(organization=filled.cast.northfield, actor=administrator)
    drain()
    assert not Credential.objects.filter(intent__batch=batch).exists()
    assert "approved for practice" in batch.intents.get().error


def test_a_learner_who_comes_again_when_it_is_real_stays(real):
    northfield, administrator = real.cast.northfield, real.cast.administrator
    people_actions.keep_learner(
        organization=northfield, number="N-1001", legal_name="Amina Yusuf", actor=administrator
    )
    practice.remove(organization=northfield, actor=administrator)
    assert list(northfield.learners.values_list("number", flat=True)) == ["N-1001"]


def test_what_counts_and_stands_on_practice_is_named(real, signed_in):
    Cohort.objects.create(
        organization=real.cast.northfield, version=real.cohort.version, name="Evening group"
    )
    page = signed_in(real.cast.administrator).post(reverse("web:remove_practice", args=["northfield"]))
    assert page.status_code == 409
    assert "cohort “Evening group”" in page.content.decode()
    assert Credential.objects.exists()
