"""The demo's program is lived in: bodies, proposals in every state, meetings, frameworks, profiles, policies, an exception."""

from collections import Counter

from django.utils import timezone

from gradatim.program.council.models import Body, Comment, Decision, Meeting, Proposal, Recusal, Review, Stage
from gradatim.program.council.routing import Kind
from gradatim.program.credentials import actions as credentials
from gradatim.program.credentials.models import Credential
from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.models import Edition, Framework, Profile, Waiver
from gradatim.program.web import practice
from gradatim.program.web.demo import walk
from gradatim.program.web.work import drain


def test_everything_is_there(lived):
    northfield = lived.cast.northfield
    assert set(Body.objects.values_list("kind", "law")) == {
        ("deciding", "ordinary"),
        ("deciding", "open"),
        ("advisory", "advisory"),
    }
    states = Counter(northfield.proposals.values_list("state", flat=True))
    assert set(states) == set(Proposal.State.values)
    assert states.total() >= 14
    assert set(northfield.proposals.filter(version=None).values_list("kind", flat=True)) == {
        "policy",
        "taxonomy",
    }
    assert set(northfield.decisions.values_list("outcome", flat=True)) == set(Decision.Outcome.values)
    assert set(Stage.objects.values_list("kind", flat=True)) == set(Kind.values)
    waiting = Stage.objects.filter(state="open", proposal__state="submitted")
    assert set(waiting.values_list("kind", flat=True)) == set(Kind.values) - {Kind.INFORMATION}
    assert Recusal.objects.filter(proposal__state="submitted").exists()
    assert Review.objects.count() >= 10
    assert set(Comment.objects.values_list("visibility", flat=True)) == {"proposer", "chair"}

    meetings = Meeting.objects.filter(body__organization=northfield)
    past, coming = meetings.filter(state="published"), meetings.filter(state="noticed")
    assert [bool(m.minutes) for m in past] == [True, True]
    assert min(m.items.count() for m in coming) >= 1
    assert set(coming.values_list("body__law", flat=True)) == {"open", "ordinary"}

    assert Framework.objects.filter(organization=northfield).count() >= 4
    assert Framework.objects.get(title="Skills of the river valley").items.count() == 12
    assert Profile.objects.filter(organization=northfield, active=True).count() >= 4
    taken = Edition.objects.filter(change="policy.taken").values_list("organization__slug", flat=True)
    assert set(taken) == {"northfield", "southgate"}
    exception = Waiver.objects.get()
    assert exception.decided_on <= timezone.localdate() < exception.expires_on
    assert northfield.decisions.get(number=exception.decision_number).kind == "policy"


def test_it_was_written_over_months(lived):
    """Stages took days, nothing lies ahead of today but what is announced, and decisions are numbered as they came."""
    now, northfield = timezone.now(), lived.cast.northfield
    done = Stage.objects.filter(state="done", proposal__organization=northfield).exclude(ended_at=None)
    days = [(s.ended_at - s.opened_at).days for s in done]
    assert max(days) >= 10
    assert sum(d > 0 for d in days) > len(days) / 2
    assert all(s.opened_at <= s.ended_at <= now for s in done)
    assert (now - northfield.proposals.earliest("created_at").created_at).days > 100
    numbers = list(northfield.decisions.order_by("decided_at").values_list("number", flat=True))
    assert numbers == sorted(numbers)


def test_the_main_job_stays_first(lived):
    northfield = lived.cast.northfield
    titles = [p.version.title for p in northfield.proposals.order_by("number")[:3]]
    assert [t.partition("] ")[2] or t for t in titles] == [
        "Data literacy for the workplace",
        "Solar installation basics",
        "Conversations in care",
    ]
    assert lived.decision.number.endswith("-01")
    assert northfield.proposals.filter(practice=False).count() == 0
    assert northfield.decisions.filter(practice=False).count() == 0


def test_the_pages_show_it(lived, signed_in):
    """Every staff page of the council, the taxonomy and the achievements opens for the program manager."""
    northfield = lived.cast.northfield
    paths = [
        "", "proposals/", "council/", "council/routes/", "decisions/", "decisions/held/", "meetings/",
        "taxonomy/", "taxonomy/rules/", "taxonomy/profiles/", "taxonomy/exceptions/", "achievements/",
    ]  # fmt: skip
    paths += [f"proposals/{p.number}/" for p in northfield.proposals.all()]
    paths += [f"meetings/{m.pk}/" for m in Meeting.objects.all()]
    paths += [f"council/{b.pk}/" for b in Body.objects.filter(organization=northfield)]
    client = signed_in(lived.cast.manager)
    found = {path: client.get(f"/o/northfield/{path}").status_code for path in paths}
    assert set(found.values()) == {200}, found


def test_it_is_found_as_it_was_left(filled, tmp_path, capsys):
    """Who has issued once more, taken back, or removed what is for practice, can start it again."""

    def again():
        assert walk.once(directory=tmp_path)
        return capsys.readouterr().out

    amina, ben = (Credential.objects.get(learner__number=number) for number in ("N-1001", "N-1002"))
    assert "✓ Amina's credential, checked by the engine alone: valid\n" in again()
    registrar = filled.cast.administrator
    for credential in (amina, ben):
        credentials.take_back(credential=credential, kind="revoke", reason="mistake", actor=registrar)
    credentials.start_batch(
        version=filled.cohort.version,
        learners=[(amina.learner, {})],
        reason="again",
        label="Again",
        actor=registrar,
    )
    drain()
    assert Credential.objects.filter(learner__number="N-1001").count() == 2
    assert "✓ Amina's credential, checked by the engine alone: invalid, revoked\n" in again()
    people.make_real(organization=filled.cast.northfield, actor=registrar)
    northfield = Organization.objects.get(pk=filled.cast.northfield.pk)
    practice.remove(organization=northfield, actor=registrar)
    assert "as you left it: http://localhost:8000/cast/" in again()
