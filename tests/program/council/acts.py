"""What several tests of the council do: be refused, vote, do things at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from gradatim.program.council import actions, queries, tally
from gradatim.program.ground.models import Work
from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.web.demo import program


def refused(code, action, *given, **arguments):
    """The refusal of an action, which has to have this code."""
    with pytest.raises(Refused) as caught:
        action(*given, **arguments)
    assert caught.value.code == code, caught.value.message
    return caught.value


def earlier(action, **given):
    """A change of a charter or a route that was decided before this test begins."""
    with taxonomy.rehearsing():
        return action(**given)


def propose(cast, **changes):
    """A draft by the program manager that the rules have nothing against."""
    return program._propose(cast, {**program.DATA_LITERACY, **changes}, "skill", "intermediate")


def cast_all(cast, ballot, chair, member, second):
    """The three electors vote; ``None`` is silence."""
    for person, choice in ((cast.chair, chair), (cast.member, member), (cast.second_member, second)):
        if choice:
            actions.cast_vote(ballot=ballot, choice=choice, actor=person)


def close(cast, ballot, *choices):
    """A vote with these choices of chair, member and second member, closed."""
    cast_all(cast, ballot, *choices)
    return actions.close_ballot(ballot=ballot, actor=cast.chair)


def needed(ballot):
    """How many have to be present."""
    return tally.quorum_needed(queries.count(ballot), ballot)


def decided(cast, proposal, *choices, outcome=None):
    """A proposal taken from draft to a published decision."""
    actions.submit(proposal=proposal, actor=cast.manager)
    closed = close(cast, actions.open_ballot(proposal=proposal, actor=cast.chair), *choices)
    decision = actions.decide(ballot=closed, rationale="Because.", outcome=outcome, actor=cast.chair)
    return actions.publish(decision=decision, actor=cast.chair)


def mail_of(ballot, person):
    """The text of the mail that asked a person for their vote."""
    return Work.objects.get(kind="mail", key=f"vote:{ballot.electors.get(person=person).pk}").payload["text"]


def path_in(text):
    """The link in such a mail, as a path."""
    return next(w for w in text.split() if "/vote/" in w).removeprefix("http://localhost:8000")


def code_in(text):
    """The short code in such a mail."""
    return text.partition("this code: ")[2].split()[0]


def at_once(*things):
    """Each in a thread and a transaction of its own; the refusal's code, or None, in order."""
    codes = [None] * len(things)
    barrier = threading.Barrier(len(things))

    def run(number, thing):
        barrier.wait()
        try:
            thing()
        except Refused as no:
            codes[number] = no.code
        except Exception as error:  # noqa: BLE001 - shown by the caller
            codes[number] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(things)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def resolved(cast, title):
    """A published decision about policy: a motion that a meeting of the council carried."""
    meeting = actions.plan_meeting(
        body=cast.council,
        starts_at=timezone.now() + timedelta(days=5),
        place="Room 4",
        minutes_long=90,
        actor=cast.chair,
    )
    item = actions.add_item(meeting=meeting, kind="discussion", title=title, actor=cast.chair)
    actions.begin_meeting(meeting=meeting, actor=cast.chair)
    there = [cast.chair, cast.member, cast.second_member]
    seats = {seat.pk: "holder" for seat in cast.council.seats.filter(holder__in=there)}
    actions.note_attendance(meeting=meeting, there=seats, guests="", actor=cast.chair)
    motion = actions.make_motion(item=item, text=title, moved_by=cast.member, actor=cast.chair)
    actions.second_motion(motion=motion, seconded_by=cast.chair, actor=cast.chair)
    actions.settle_motion(motion=motion, how="vote", votes=dict.fromkeys(there, "for"), actor=cast.chair)
    decision = actions.record_motion(
        motion=motion, kind="policy", rationale="Until summer.", actor=cast.chair
    )
    return actions.publish(decision=decision, actor=cast.chair)
