"""Rows of several tables in one query are the rows that as many queries would read."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council.models import Body, Seat
from gradatim.program.ground.together import Part, read_together, remember
from gradatim.program.people.models import Organization, Person


@pytest.mark.django_db
def test_every_column_comes_as_its_table_has_it(cast, django_assert_num_queries):
    Organization.objects.update(real_since=timezone.now() + timedelta(microseconds=7))
    cast.council.seats.filter(holder=cast.member).update(
        since=timezone.localdate(), constituency="Ärzte \" \\ '"
    )
    parts = {
        "bodies": Part(Body.objects.all(), along={"organization": ()}),
        "seats": Part(Seat.objects.order_by("-id"), along={"holder": ("name",), "alternate": ("name",)}),
        "nothing": Part(Seat.objects.none()),
    }
    with django_assert_num_queries(1):
        found = read_together(parts)
    assert found["nothing"] == []
    for name, model in (("bodies", Body), ("seats", Seat)):
        plain = list(model.objects.order_by("pk"))
        assert found[name] == plain
        for one, other in zip(found[name], plain, strict=True):
            for field in model._meta.concrete_fields:
                assert getattr(one, field.attname) == getattr(other, field.attname), field.name
    organization = found["bodies"][0].organization
    assert organization.real_since == Organization.objects.get(slug="northfield").real_since
    with django_assert_num_queries(0):
        names = [seat.holder.name for seat in found["seats"]]
        assert all(seat.alternate is None for seat in found["seats"])
    assert names == [seat.holder.name for seat in Seat.objects.order_by("pk")]
    assert found["seats"][0].holder.email == cast.chair.email  # read when it is asked for


@pytest.mark.django_db
def test_amounts_come_to_the_last_digit(cast):
    made = achievements.draft(
        organization=cast.northfield,
        title="Welding",
        description="Joins steel.",
        credits=Decimal("1.50"),
        weeks=Decimal("0.3"),
        actor=cast.manager,
    )
    (found,) = read_together({"versions": Part(Version.objects.filter(pk=made.pk))})["versions"]
    assert (str(found.credits), str(found.weeks)) == ("1.50", "0.3")


@pytest.mark.django_db
def test_what_was_read_answers_for_the_relation(cast, django_assert_num_queries):
    found = read_together(
        {
            "seats": Part(Seat.objects.filter(body=cast.council)),
            "people": Part(Person.objects.filter(seats__body=cast.council), ("name",)),
        }
    )
    remember(cast.council, "seats", found["seats"])
    with django_assert_num_queries(0):
        assert [seat.pk for seat in cast.council.seats.all()] == [seat.pk for seat in found["seats"]]
    assert cast.council.seats.filter(role="chair").count() == 1
    assert {person.name for person in found["people"]} >= {"Ruth Alvarez", "Priya Nair"}
