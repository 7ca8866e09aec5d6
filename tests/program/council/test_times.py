"""Times in the program's zone: shown, entered, over a change of summer time, and in files as UTC."""

import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

import gradatim
from gradatim.program.council import actions, calendar, minutes, queries
from gradatim.program.council.models import Body, Meeting, Seat, Stage
from gradatim.program.ground import clock
from gradatim.program.ground.models import Work
from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization
from tests.program.council.acts import propose, refused
from tests.program.council.test_meetings import begin
from tests.program.council.test_pages import text

SUMMER, WINTER = datetime(2027, 7, 1, 14, tzinfo=UTC), datetime(2027, 1, 14, 15, tzinfo=UTC)


@pytest.fixture
def chicago(cast):
    Organization.objects.filter(pk=cast.northfield.pk).update(time_zone="America/Chicago")
    cast.northfield.refresh_from_db()
    cast.council.organization = cast.northfield
    Seat.objects.update(since=timezone.localdate() - timedelta(days=2))  # the day may be an earlier one there
    return cast


def plan(cast, starts_at, **changes):
    return actions.plan_meeting(body=cast.council, starts_at=starts_at, actor=cast.chair, **changes)


def test_a_time_says_its_zone_as_it_is_on_that_day():
    assert clock.moment(SUMMER, "America/Chicago").endswith("9 a.m. CDT")
    assert clock.moment(WINTER, "America/Chicago").endswith("9 a.m. CST")
    assert clock.moment(WINTER).endswith("3 p.m. UTC")
    assert clock.day(datetime(2027, 1, 15, 2, tzinfo=UTC), "America/Chicago") == "Jan. 14, 2027"


def test_pages_show_the_programs_zone_and_the_next_page_of_another_does_not(chicago, signed_in, client):
    Body.objects.update(law="open")
    chicago.council.refresh_from_db()
    made = plan(chicago, SUMMER)
    for path in (f"council/{chicago.council.pk}/meetings/", f"meetings/{made.pk}/"):
        assert "July 1, 2027, 9 a.m. CDT" in text(signed_in(chicago.chair).get(f"/o/northfield/{path}"))
    actions.publish_agenda(meeting=made, actor=chicago.chair)
    client.logout()
    assert "July 1, 2027, 9 a.m. CDT" in text(client.get(f"/o/northfield/meetings/{made.pk}/public/"))
    assert timezone.get_current_timezone_name() == "UTC"
    mail = Work.objects.filter(kind="mail", key__startswith="agenda:").first()
    assert "July 1, 2027, 9 a.m. CDT" in mail.payload["text"]


def test_a_time_is_entered_in_the_programs_zone(chicago, signed_in):
    client, path = signed_in(chicago.chair), f"/o/northfield/council/{chicago.council.pk}/meetings/"
    assert "Time zone: America/Chicago." in text(client.get(path))
    client.post(path, {"starts_at": "2027-07-01T09:00", "minutes_long": 60})
    assert Meeting.objects.get().starts_at == SUMMER
    assert 'value="2027-07-01T09:00"' in text(
        client.get(f"/o/northfield/meetings/{Meeting.objects.get().pk}/")
    )


@pytest.mark.parametrize("never", ["2027-03-14T02:30", "2027-11-07T01:30"])
def test_a_time_that_the_clock_skips_or_has_twice_is_refused_with_the_cause(chicago, signed_in, never):
    path = f"/o/northfield/council/{chicago.council.pk}/meetings/"
    page = text(signed_in(chicago.chair).post(path, {"starts_at": never, "minutes_long": 60}), 422)
    assert "America/Chicago; it may be ambiguous or it may not exist" in page
    assert not Meeting.objects.exists()


def test_the_next_meeting_is_at_the_same_time_of_the_clock_over_a_change_of_summer_time(chicago):
    Body.objects.update(cadence="fortnightly")
    chicago.council.refresh_from_db()
    plan(chicago, datetime(2027, 3, 4, 15, tzinfo=UTC))  # 9 in the morning, winter
    coming = queries.next_date(chicago.council)
    assert coming == datetime(2027, 3, 18, 14, tzinfo=UTC)  # 9 in the morning, summer
    assert clock.moment(coming, "America/Chicago").endswith("9 a.m. CDT")


def test_the_calendar_file_has_utc_whatever_the_zone(chicago, signed_in):
    made = plan(chicago, SUMMER, minutes_long=90)
    answer = signed_in(chicago.chair).get(f"/o/northfield/meetings/{made.pk}/meeting.ics")
    for line in ("DTSTART:20270701T140000Z", "DTEND:20270701T153000Z"):
        assert line in text(answer)
    with timezone.override("America/Chicago"):
        assert "DTSTART:20270701T140000Z" in calendar.calendar([made])


def test_minutes_are_in_the_programs_zone(chicago, signed_in):
    made = plan(chicago, timezone.now() + timedelta(days=1))
    begin(chicago, made)
    Meeting.objects.update(began_at=SUMMER)
    page = text(signed_in(chicago.chair).get(f"/o/northfield/meetings/{made.pk}/minutes/"))
    assert "July 1, 2027, 9 a.m. CDT" in page
    assert "UTC" in str(
        minutes.build(Meeting.objects.get())["facts"]
    )  # outside of a page, where no zone is in use


def test_what_is_due_ends_with_the_day_there(chicago, signed_in):
    actions.submit(proposal=propose(chicago), actor=chicago.manager)
    row = (
        Stage.objects.get(kind="rubric")
        if Stage.objects.filter(kind="rubric").exists()
        else Stage.objects.first()
    )
    path = f"/o/northfield/proposals/1/stages/{row.pk}/ask/"
    signed_in(chicago.chair).post(path, {"add": "on", "due": "2027-07-01"})
    row.refresh_from_db()
    assert row.due_at == datetime(2027, 7, 2, 4, 59, tzinfo=UTC)
    assert 'value="2027-07-01"' in text(signed_in(chicago.chair).get("/o/northfield/proposals/1/"))


def test_a_term_ends_with_the_day_there_in_a_vote_that_opens_by_itself(chicago, proposal, monkeypatch):
    """It opens at nine in the evening of the last day, when it is the next day already by UTC."""
    last = timezone.localdate() + timedelta(days=30)
    Seat.objects.filter(body=chicago.council).update(until=last)
    opens = datetime.combine(last, time(21), ZoneInfo("America/Chicago"))
    ballot = actions.open_ballot(proposal=proposal, opens_at=opens, actor=chicago.chair)
    monkeypatch.setattr(timezone, "now", lambda: opens + timedelta(seconds=1))
    actions.open_due(ballot_id=ballot.pk)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.electors.count()) == ("open", 3)


def test_the_digest_comes_in_the_morning_there(chicago):
    actions.plan_digests(now=datetime(2026, 11, 24, 12, tzinfo=UTC))
    due = {row.payload["organization"]: row.due_at for row in Work.objects.filter(kind="digests")}
    assert due[chicago.northfield.pk] == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert due[chicago.southgate.pk] == datetime(2026, 11, 23, 6, tzinfo=UTC)


def test_the_zone_is_a_setting_of_the_program(cast, signed_in):
    client, path = signed_in(cast.administrator), "/o/northfield/settings/"
    page = text(client.get(path))
    assert '<option value="UTC" selected>' in page
    said = {"name": "Northfield College", "kind": "postsecondary", "language": "en", "brand_color": "#0b5c66"}
    client.post(path, said | {"time_zone": "Europe/Berlin"})
    assert Organization.objects.get(slug="northfield").time_zone == "Europe/Berlin"
    client.post(path, said)
    assert Organization.objects.get(slug="northfield").time_zone == "Europe/Berlin"
    text(client.post(path, said | {"time_zone": "Mars/Olympus"}), 422)
    refused(
        "time-zone",
        people.change_organization,
        organization=cast.northfield,
        actor=cast.administrator,
        name="x",
        kind="postsecondary",
        time_zone="Mars/Olympus",
    )


def test_no_page_shows_a_time_of_day_but_by_the_filter_that_names_the_zone():
    pages = Path(gradatim.__file__).parent.rglob("*.html")
    bare = re.compile(r"DATETIME_FORMAT|TIME_FORMAT|\|time\b|\|date:.[^\"']*[aAfgGhHiPs][^A-Za-z]")
    assert not [page.name for page in pages if bare.search(page.read_text("utf-8"))]


def test_pages_outside_of_the_council_name_the_zone_too(chicago, signed_in):
    inside = signed_in(chicago.manager)
    for path in ("taxonomy/editions/", f"council/{chicago.council.pk}/"):
        page = text(inside.get(f"/o/northfield/{path}"))
        assert re.search(r"[ap]\.m\. C[SD]T", page), path
