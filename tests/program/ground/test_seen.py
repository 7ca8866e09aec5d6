"""What was seen elsewhere: newest edition at its place, bounded for each host, and never pushed out by another's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gradatim.program.ground import actions, queries
from gradatim.program.ground.models import Seen

pytestmark = pytest.mark.django_db
PLACE = "https://uni.example/lists/1"


def keep(place, text="x", host="uni.example"):
    actions.remember(place=place, host=host, text=text)


def test_the_last_one_at_its_place(django_assert_num_queries):
    assert queries.seen(PLACE) is None
    keep(PLACE, "one")
    keep(PLACE, "two")
    assert (queries.seen(PLACE), Seen.objects.count()) == ("two", 1)
    with django_assert_num_queries(1):  # the same again writes nothing
        keep(PLACE, "two")
    before = timezone.now() - timedelta(days=2)
    Seen.objects.update(at=before)
    keep(PLACE, "two")
    assert Seen.objects.get().at > before
    keep(PLACE, "a\0b")
    keep(PLACE + "\0", "two")
    assert (queries.seen(PLACE), Seen.objects.count()) == ("two", 1)
    keep("https://uni.example/" + "ü" * 5000, "long")
    assert queries.seen("https://uni.example/" + "ü" * 5000) == "long"


def test_a_host_that_has_too_much_loses_its_own_oldest(monkeypatch):
    monkeypatch.setattr(actions, "SEEN_OF_HOST", 3 * actions.SEEN_LEAST)
    keep(PLACE)
    for number in range(5):
        keep(f"https://evil.example/{number}", host="evil.example")
    kept = set(Seen.objects.values_list("place", flat=True))
    assert kept == {PLACE, *(f"https://evil.example/{n}" for n in (2, 3, 4))}
    keep("https://evil.example/4", "x" * actions.SEEN_LEAST * 2, host="evil.example")
    assert set(Seen.objects.values_list("place", flat=True)) == kept - {"https://evil.example/2"}
    keep("https://evil.example/4", "x" * actions.SEEN_LEAST * 4, host="evil.example")
    assert (
        queries.seen("https://evil.example/4") == "x" * actions.SEEN_LEAST * 2
    )  # larger than the room of a host


def test_where_there_is_no_room_the_newcomer_is_not_kept(monkeypatch):
    monkeypatch.setattr(actions, "SEEN_WHOLE", 3 * actions.SEEN_LEAST)
    keep(PLACE)
    for number in range(5):
        keep(f"https://evil{number}.example/", host=f"evil{number}.example")
    assert Seen.objects.count() == 3
    keep(PLACE, "newer")
    assert queries.seen(PLACE) == "newer"
    Seen.objects.exclude(place=PLACE).update(at=timezone.now() - actions.SEEN_FOR)
    keep("https://other.example/", host="other.example")
    assert queries.seen("https://other.example/") == "x"
    assert Seen.objects.count() == 2
