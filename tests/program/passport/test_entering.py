"""Whose account a slip or a mail opens: what the keeper of the records hands out opens no account of somebody else's."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.urls import reverse

from gradatim.program.credentials.models import Credential
from gradatim.program.ground import actions as ground
from gradatim.program.ground.models import Link
from gradatim.program.ground.refused import Refused
from gradatim.program.passport import actions
from gradatim.program.people import actions as people
from gradatim.program.people.models import Learner

GET = "/get/"


def of(number):
    return Credential.objects.select_related("organization", "learner").get(learner__number=number)


def slip_of(filled, number):
    made = actions.make_slips(
        organization=filled.cast.northfield,
        reason=f"cohort:{filled.cohort.pk}",
        actor=filled.cast.administrator,
    )
    return dict(made)[of(number)]


def who(client):
    return client.session.get("_auth_user_id")


def link_to(credential, email):
    """A claim mail's link, as the product writes it after a roster has named an address."""
    return ground.make_link(purpose="claim", key=str(credential.pk), email=email).token


def belongs_to(person, number):
    Learner.objects.filter(number=number).update(person=person)


def test_a_slip_opens_no_account_that_has_a_way_in_of_its_own(filled, client):
    code = slip_of(filled, "N-1001")  # Amina's, who has an account; the registrar has printed it
    answer = client.post(GET, {"code": code})
    assert answer.status_code == 422
    assert "Sign in to it" in answer.content.decode()
    assert who(client) is None
    assert of("N-1001").claimed_at is None


def test_its_owner_uses_the_same_slip_signed_in(filled, signed_in):
    code = slip_of(filled, "N-1001")
    answer = signed_in(filled.cast.learner).post(GET, {"code": code})
    assert answer.url == reverse("passport:own", args=[of("N-1001").pk])


def test_a_slip_is_the_way_in_for_who_has_no_other(filled, client):
    person = people.create_person(name="Chloe Martin")
    belongs_to(person, "N-1004")
    assert client.post(GET, {"code": slip_of(filled, "N-1004")}).status_code == 302
    assert who(client) == str(person.pk)


def test_a_mail_to_an_address_that_a_roster_names_opens_no_account(filled, client):
    token = link_to(of("N-1001"), "somebody@elsewhere.example")
    page = reverse("passport:get_link", args=[token])
    assert client.get(page).status_code == 200
    answer = client.post(page)
    assert answer.status_code == 409
    assert "Sign in to it" in answer.content.decode()
    assert who(client) is None
    assert not EmailAddress.objects.filter(email="somebody@elsewhere.example").exists()
    assert not Link.objects.filter(key=str(of("N-1001").pk)).exclude(used_at=None).exists()


def test_nor_for_somebody_who_is_signed_in_as_another(filled, signed_in):
    client = signed_in(filled.cast.outsider)
    token = link_to(of("N-1001"), "somebody@elsewhere.example")
    assert client.post(reverse("passport:get_link", args=[token])).status_code == 409
    assert who(client) == str(filled.cast.outsider.pk)


def test_a_mail_to_a_proven_address_signs_in(filled, client):
    token = link_to(of("N-1001"), filled.cast.learner.email.upper())
    assert client.post(reverse("passport:get_link", args=[token])).status_code == 302
    assert who(client) == str(filled.cast.learner.pk)


def test_a_mail_signs_nobody_in_past_a_second_step(filled, client):
    Authenticator.objects.create(user=filled.cast.learner, type=Authenticator.Type.TOTP, data={})
    token = link_to(of("N-1001"), filled.cast.learner.email)
    assert client.post(reverse("passport:get_link", args=[token])).status_code == 409
    assert who(client) is None


def test_nor_does_an_invitation(filled, client):
    chair = filled.cast.chair
    Authenticator.objects.create(user=chair, type=Authenticator.Type.TOTP, data={})
    invitation = people.invite(
        organization=filled.cast.northfield,
        email=chair.email,
        role="assessor",
        actor=filled.cast.administrator,
    )
    token = ground.make_link(purpose="invitation", key=str(invitation.pk), email=chair.email).token
    with pytest.raises(Refused, match="Sign in to it"):
        people.accept_invitation(token=token, name="Anybody")
    assert people.accept_invitation(token=token, person=chair) == chair
    assert client.post(reverse("people:invitation", args=[token]), {"name": "x"}).status_code == 409
