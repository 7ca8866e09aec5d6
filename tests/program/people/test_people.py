"""Organizations, roles, invitations, learners, and a log that shows when it is touched."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from gradatim.program.ground.models import Link, Work
from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions, contrast, pictures, queries
from gradatim.program.people.models import Learner, LogEntry, Membership, Organization, Person
from tests.conftest import SHARED

Role = Membership.Role


def refused(code, action, **arguments):
    with pytest.raises(Refused) as caught:
        action(**arguments)
    assert caught.value.code == code
    return caught.value


def test_an_untouched_log_is_whole(cast):
    assert queries.check_log(cast.northfield) == []
    call_command("check_log")


@pytest.mark.parametrize(
    "change",
    [{"verb": "x"}, {"actor_name": "Somebody"}, {"target": "x"}, {"detail": {"x": 1}}, {"hash": "0" * 64}],
)
def test_a_changed_line_is_named(cast, change):
    line = cast.northfield.log.order_by("sequence")[4]
    LogEntry.objects.filter(pk=line.pk).update(**change)
    assert queries.check_log(cast.northfield)[0] == line.sequence
    with pytest.raises(CommandError):
        call_command("check_log")


def test_a_line_cut_out_is_named(cast):
    cast.northfield.log.order_by("sequence")[4].delete()
    assert queries.check_log(cast.northfield) == [6]


def test_the_other_organizations_log_is_its_own(cast):
    cast.northfield.log.update(verb="x")
    assert queries.check_log(cast.southgate) == []


def test_roles_once_and_the_last_administrator_stays(cast):
    actions.give_role(
        organization=cast.northfield, person=cast.chair, role=Role.COUNCIL, actor=cast.administrator
    )
    assert cast.northfield.memberships.filter(person=cast.chair).count() == 1
    last = cast.northfield.memberships.get(role=Role.ADMINISTRATOR)
    refused("in-use", actions.take_role, membership=last, actor=cast.administrator)


def test_names_and_colors_of_organizations(cast):
    refused(
        "taken",
        actions.create_organization,
        name="Northfield",
        kind="workforce",
        slug="northfield",
        administrator=cast.chair,
    )
    refused("name", actions.create_organization, name="???", kind="workforce", administrator=cast.chair)
    refused(
        "contrast",
        actions.create_organization,
        name="Pale",
        kind="workforce",
        administrator=cast.chair,
        brand_color="#ffee88",
    )
    made = actions.create_organization(name="River School", kind="secondary", administrator=cast.chair)
    assert made.did == "did:web:localhost%3A8000:o:river-school"
    assert made.practicing


def test_contrast_is_that_of_wcag():
    assert contrast.ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast.ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_a_robot_opening_an_invitation_does_nothing(cast, client):
    actions.invite(
        organization=cast.northfield, email="new@person.example", role=Role.ASSESSOR, actor=cast.administrator
    )
    text = Work.objects.get(kind="mail", key__startswith="invitation:").payload["text"]
    path = next(w for w in text.split() if "/invitation/" in w).removeprefix("http://localhost:8000")
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert not Person.objects.filter(email="new@person.example").exists()
    assert not Link.objects.exclude(used_at=None).exists()
    assert client.post(path, {"name": ""}).status_code == 422
    assert client.post(path, {"name": "Nia New"}).status_code == 302
    person = Person.objects.get(email="new@person.example")
    assert queries.roles(cast.northfield, person) == {Role.ASSESSOR}
    assert client.post(path, {"name": "Again"}).status_code == 409


def test_a_withdrawn_invitation_opens_nothing(cast, client):
    made = actions.invite(
        organization=cast.northfield, email="new@person.example", role=Role.ASSESSOR, actor=cast.administrator
    )
    text = Work.objects.get(kind="mail", key__startswith="invitation:").payload["text"]
    path = next(w for w in text.split() if "/invitation/" in w).removeprefix("http://localhost:8000")
    actions.withdraw_invitation(invitation=made, actor=cast.administrator)
    assert client.get(path).status_code == 404


def test_bad_invitations(cast):
    arguments = {"organization": cast.northfield, "actor": cast.administrator}
    refused("row-invalid", actions.invite, email="no address", role=Role.ASSESSOR, **arguments)
    refused("row-invalid", actions.invite, email="a@b.example", role="king", **arguments)


def test_a_learner_is_known_by_number(cast):
    keep = {"organization": cast.northfield, "actor": cast.manager, "number": "7"}
    first = actions.keep_learner(**keep, legal_name="Ana", private_email="ana@home.example")
    lines = cast.northfield.log.count()
    assert actions.keep_learner(**keep, legal_name="Ana").pk == first.pk
    assert cast.northfield.log.count() == lines
    changed = actions.keep_learner(**keep, legal_name="Ana Diaz", minor=True)
    assert (changed.pk, changed.hidden, changed.private_email) == (first.pk, True, "ana@home.example")
    refused("row-invalid", actions.keep_learner, **keep | {"number": " "}, legal_name="Ana")
    assert Learner.objects.filter(number="7").count() == 1


def test_a_proven_address_is_one_persons(cast):
    refused("conflict", actions.prove_address, person=cast.outsider, email=cast.chair.email)
    same = actions.create_person(name="Anybody", email=cast.chair.email.upper(), verified=True)
    assert same == cast.chair


def test_the_form_of_the_organization_says_what_is_wrong(cast, signed_in):
    client = signed_in(cast.administrator)
    page = reverse("people:settings", args=["northfield"])
    assert client.get(page).status_code == 200
    answer = client.post(
        page, {"name": "", "kind": "postsecondary", "language": "en", "brand_color": "#ffee88"}
    )
    assert answer.status_code == 422
    assert Organization.objects.get(slug="northfield").name == "Northfield College"


def test_people_pages_are_for_administrators(cast, signed_in):
    for page in ("people:people", "people:settings", "people:log"):
        url = reverse(page, args=["northfield"])
        assert signed_in(cast.administrator).get(url).status_code == 200
        assert signed_in(cast.manager).get(url).status_code == 403
        assert signed_in(cast.outsider).get(url).status_code == 404


def test_the_log_says_it_in_words(cast, signed_in):
    actions.give_role(
        organization=cast.northfield, person=cast.member, role=Role.ISSUER, actor=cast.administrator
    )
    page = signed_in(cast.administrator).get(reverse("people:log", args=["northfield"])).content.decode()
    assert "Role given" in page
    assert "role.given" not in page


@pytest.mark.shared
@pytest.mark.parametrize("name", [f"img-{n}.svg" for n in range(14, 21)])
def test_hostile_pictures_are_refused(name):
    with pytest.raises(Refused) as caught:
        pictures.check((SHARED / "attacks/image" / name).read_bytes())
    assert caught.value.code in {"unsafe-content", "image-invalid"}


def test_good_pictures_are_taken():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#123456"/></svg>'
    assert pictures.check(svg) == "image/svg+xml"
    for inside in ("url(#a)", "url( #a )", "url('#a')", "url( '#a')"):
        assert pictures.check(svg.replace(b"#123456", inside.encode())) == "image/svg+xml"
    for outside in ("url(a)", "url( 'a#b')", "URL(//a)", "url(#a) url(b)"):
        with pytest.raises(Refused):
            pictures.check(svg.replace(b"#123456", outside.encode()))
    for bad in (
        b"",
        b"GIF89a",
        svg.replace(b"circle", b"script"),
        svg.replace(b"fill", b"onload"),
        b"\x89PNG\r\n\x1a\nnope",
    ):
        with pytest.raises(Refused):
            pictures.check(bad)


def test_the_log_cannot_be_searched_by_strangers(cast, client):
    assert client.get(reverse("people:log", args=["northfield"])).status_code == 302
