"""Getting and showing a credential: links never act by being opened, and what is hidden stays hidden."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gradatim.program.credentials.models import Credential
from gradatim.program.ground.models import Link, Work
from gradatim.program.ground.refused import Refused
from gradatim.program.offerings import actions as offerings
from gradatim.program.passport import actions
from gradatim.program.people.models import Learner

SITE = "http://localhost:8000"


def of(number):
    return Credential.objects.select_related("organization", "learner").get(learner__number=number)


def link_of(credential):
    text = Work.objects.get(kind="mail", key=f"claim:{credential.pk}").payload["text"]
    return next(word for word in text.split() if "/get/" in word).removeprefix(SITE)


def test_a_robot_opening_the_link_does_nothing(filled, client):
    credential = of("N-1002")
    path = link_of(credential)
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    credential.refresh_from_db()
    assert credential.claimed_at is None
    assert not Link.objects.exclude(used_at=None).exists()
    answer = client.post(path)
    assert answer.url == reverse("passport:own", args=[credential.pk])
    assert client.get(answer.url).status_code == 200
    learner = Learner.objects.get(number="N-1002")
    assert learner.person.email == "ben.castillo@northfield.example"
    assert client.post(path).status_code == 409


def test_the_mail_is_written_once(filled):
    credential = of("N-1002")
    before = Work.objects.get(kind="mail", key=f"claim:{credential.pk}").payload
    actions.write_claim_mail(credential_id=str(credential.pk))
    after = Work.objects.get(kind="mail", key=f"claim:{credential.pk}").payload
    assert before == after
    assert Link.objects.filter(purpose="claim", key=str(credential.pk)).count() == 1


def test_a_slip_gets_it_without_an_address(filled, client):
    slips = dict(
        actions.make_slips(
            organization=filled.cast.northfield,
            reason=f"cohort:{filled.cohort.pk}",
            actor=filled.cast.administrator,
        )
    )
    credential = of("N-1004")
    page = reverse("passport:get")
    assert client.post(page, {"code": "AAAA-AAAA"}).status_code == 422
    client.get(f"{page}?code={slips[credential]}")
    assert Credential.objects.get(pk=credential.pk).claimed_at is None
    assert client.post(page, {"code": slips[credential].lower()}).status_code == 302
    assert Credential.objects.get(pk=credential.pk).claimed_at is not None
    client.logout()
    assert client.post(page, {"code": slips[credential]}).status_code == 422


def test_codes_cannot_be_guessed_for_long(filled, client):
    page = reverse("passport:get")
    answers = [client.post(page, {"code": f"AAAA-{n:04d}"}).content.decode() for n in range(22)]
    assert "Too many" in answers[-1]
    assert "Too many" not in answers[0]


def test_visitors_behind_a_proxy_try_codes_each_for_himself(filled, client, settings):
    settings.BEHIND_PROXY = True
    page = reverse("passport:get")
    for number in range(22):
        worn = client.post(page, {"code": f"AAAA-{number:04d}"}, headers={"x-forwarded-for": "203.0.113.1"})
    other = client.post(page, {"code": "AAAA-0000"}, headers={"x-forwarded-for": "203.0.113.2"})
    assert "Too many" in worn.content.decode()
    assert "Too many" not in other.content.decode()


def test_nobody_gets_what_is_another_persons(filled, signed_in):
    slips = dict(
        actions.make_slips(
            organization=filled.cast.northfield,
            reason=f"cohort:{filled.cohort.pk}",
            actor=filled.cast.administrator,
        )
    )
    client = signed_in(filled.cast.outsider)
    answer = client.post(
        reverse("passport:get"), {"code": slips[of("N-1001")]}
    )  # Amina's, and she has an account
    assert answer.status_code == 422
    assert Learner.objects.get(number="N-1001").person == filled.cast.learner


def test_only_the_holder_sees_it(filled, signed_in):
    own = reverse("passport:own", args=[of("N-1001").pk])
    assert signed_in(filled.cast.learner).get(own).status_code == 200
    for person in (filled.cast.outsider, filled.cast.employer, filled.cast.manager):
        assert signed_in(person).get(own).status_code == 404


def test_sharing_until_a_date_and_taking_it_back(filled, client):
    credential = of("N-1001")
    share = actions.share(
        credential=credential, person=filled.cast.learner, expires_at=timezone.now() + timedelta(days=1)
    )
    page = reverse("passport:shared", args=[share.token])
    assert client.get(page).status_code == 200
    assert (
        client.get(reverse("passport:shared_file", args=[share.token, "json"])).content.decode()
        == credential.document
    )
    type(share).objects.filter(pk=share.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(page).status_code == 404
    other = actions.share(credential=credential, person=filled.cast.learner)
    actions.withdraw_share(link=other, person=filled.cast.learner)
    assert client.get(reverse("passport:shared", args=[other.token])).status_code == 404


def test_private_until_its_holder_says_otherwise(filled, client):
    credential = of("N-1001")
    page = reverse("credentials:credential", args=[credential.pk])
    assert client.get(page).status_code == 404
    actions.set_public(credential=credential, public=True, person=filled.cast.learner)
    assert client.get(page).status_code == 200
    assert client.get(page, headers={"accept": "application/ld+json"}).content.decode() == credential.document
    actions.set_public(credential=credential, public=False, person=filled.cast.learner)
    assert client.get(page).status_code == 404


def hide(filled, number):
    """A hold set by the next roster."""
    learner = Learner.objects.get(number=number)
    row = f"id,legal name,school address,directory hold\n{number},{learner.legal_name},{learner.school_email},yes\n"
    read = offerings.read_roster(
        cohort=filled.cohort, name="r.csv", content=row.encode(), actor=filled.cast.administrator
    )
    offerings.confirm_roster(roster_import=read, actor=filled.cast.administrator)


def test_a_hold_closes_what_was_public_and_shared_at_once(filled, client):
    credential = of("N-1001")
    actions.set_public(credential=credential, public=True, person=filled.cast.learner)
    share = actions.share(credential=credential, person=filled.cast.learner)
    hide(filled, "N-1001")
    paths = public_paths(credential, share.token)
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


@pytest.mark.parametrize("number", ["N-1003", "N-1004"])
def test_hold_and_minor_are_on_no_public_page(filled, client, number):
    credential = of(number)
    paths = public_paths(credential, "nothing")
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
    for path in (
        "/",
        "/catalog/",
        "/o/northfield/catalog/",
        "/o/northfield/decisions/",
        "/o/northfield/issuer",
    ):
        assert credential.learner.legal_name not in client.get(path).content.decode()
    checked = client.post("/verify/", {"text": credential.document}).content.decode()
    assert "Genuine" in checked
    assert credential.learner.legal_name not in checked


def public_paths(credential, token):
    key = credential.pk
    files = [reverse("credentials:file", args=[key, form]) for form in ("json", "jwt", "png", "svg", "pdf")]
    shared = [reverse("passport:shared_file", args=[token, form]) for form in ("json", "pdf")]
    return [
        reverse("credentials:credential", args=[key]),
        reverse("credentials:qr", args=[key]),
        reverse("passport:shared", args=[token]),
        *files,
        *shared,
    ]


def test_a_hidden_learner_is_told_why_sharing_is_refused(filled):
    credential = of("N-1003")
    person = filled.cast.learner
    Learner.objects.filter(number="N-1003").update(person=person)
    credential = of("N-1003")
    for act in (
        lambda: actions.share(credential=credential, person=person),
        lambda: actions.set_public(credential=credential, public=True, person=person),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert "directory hold" in refused.value.message


def test_the_page_of_a_link_is_light_and_needs_no_script(filled, client):
    body = client.get(link_of(of("N-1002"))).content
    assert b"<script" not in body
    sheets = re.findall(rb'href="(/static/[^"]+\.css)"', body)
    weight = len(body)
    for sheet in sheets:
        answer = client.get(sheet.decode())
        weight += (
            sum(len(part) for part in answer.streaming_content) if answer.streaming else len(answer.content)
        )
    assert len(sheets) == 4
    assert weight <= 60_000, weight


def test_the_code_of_a_mail_opens_the_same_page(filled, client):
    credential = of("N-1002")
    text = Work.objects.get(kind="mail", key=f"claim:{credential.pk}").payload["text"]
    code = re.search(r"type this code: (\S+)", text)[1]
    wrong = client.post("/code/", {"email": "chloe@northfield.example", "code": code})
    assert wrong.status_code == 422
    answer = client.post("/code/", {"email": "Ben.Castillo@northfield.example", "code": code.lower()})
    assert answer.status_code == 302
    assert "Get your credential" in client.get(answer.url).content.decode()
    credential.refresh_from_db()
    assert credential.claimed_at is None
    assert client.post(answer.url).url == reverse("passport:own", args=[credential.pk])
    client.logout()
    assert client.post(link_of(credential)).status_code == 409  # one of them has done its work


def test_no_slip_for_what_was_taken_back(filled):
    credential = of("N-1002")
    Credential.objects.filter(pk=credential.pk).update(state="revoked")
    made = actions.make_slips(
        organization=filled.cast.northfield, reason=f"cohort:{filled.cohort.pk}", actor=filled.cast.manager
    )
    assert credential.pk not in {one.pk for one, _code in made}
