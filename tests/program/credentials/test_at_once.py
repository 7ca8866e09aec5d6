"""Several at once: each outcome is one that a serial order could have had."""

import threading

import pytest
from django.db import connection

from gradatim.program.achievements.models import Outcome, Version
from gradatim.program.credentials import actions, queries
from gradatim.program.credentials.models import Credential, Intent, StatusList
from gradatim.program.ground.refused import Refused
from gradatim.program.people import queries as people
from gradatim.program.people.models import Learner
from gradatim.program.web import work

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def at_once(*acts):
    """Do all of it in threads of their own; what each gave, or the code it was refused with."""
    answers = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def one(place, act):
        try:
            ready.wait()
            answers[place] = act()
        except Refused as refused:
            answers[place] = refused.code
        except Exception as error:  # noqa: BLE001 - compared by the test
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def learners(filled):
    return Learner.objects.bulk_create(
        Learner(organization=filled.cast.northfield, number=f"A-{n}", legal_name=f"L {n}") for n in range(40)
    )


@pytest.fixture
def version(filled):
    return Version.objects.get(achievement__slug="data-literacy-for-the-workplace")


def starting(filled, version, learners):
    return lambda: actions.start_batch(
        version=version,
        learners=[(learner, {}) for learner in learners],
        reason="twice",
        label="Twice",
        actor=filled.cast.administrator,
    )


def test_the_button_pressed_four_times(filled, version, learners):
    answers = at_once(*[starting(filled, version, learners)] * 4)
    assert sorted(map(str, answers)) == ["Twice", *["already-issued"] * 3]
    intents = Intent.objects.filter(reason="twice")
    assert intents.count() == 40 == intents.values("status_list", "status_index").distinct().count()


def test_the_first_list_of_a_purpose_is_begun_once(filled, version, learners):
    """Four runs need a list that is not there yet."""
    Version.objects.filter(pk=version.pk).update(taking="suspension")
    parts = [learners[n::4] for n in range(4)]
    others = [copy_of(version, n) for n in range(4)]
    answers = at_once(*(starting(filled, v, part) for v, part in zip(others, parts, strict=True)))
    assert [str(a) for a in answers] == ["Twice"] * 4
    listing = StatusList.objects.get(purpose="suspension")
    assert listing.document
    placed = Intent.objects.filter(status_list=listing)
    assert placed.count() == 40 == placed.values("status_index").distinct().count()


def copy_of(version, number):
    """Another approved version with the same content."""
    from gradatim.program.achievements import queries as versions  # noqa: PLC0415 - beside its use

    made = Version.objects.get(pk=version.pk)
    made.pk, made.number = None, 10 + number
    made.save()
    Outcome.objects.bulk_create(Outcome(version=made, text=o.text) for o in version.outcomes.all())
    made.digest = versions.content_digest(made)
    made.save()
    return made


def test_two_workers_issue_each_row_once(filled, version, learners):
    batch = starting(filled, version, learners)()

    def run():
        done = 0
        for _ in range(20):
            done += actions.issue_due(batch=batch, limit=7)
        return done

    done = at_once(run, run, run)
    assert sum(done) == 40
    assert Credential.objects.filter(intent__batch=batch).count() == 40
    assert people.check_log(filled.cast.northfield) == []


def test_three_changes_of_one_credential(filled, version, learners):
    """Taking back, pausing and taking back again: whoever came too late is told so, and rows and state agree."""
    Version.objects.filter(pk=version.pk).update(taking="suspension")
    version.refresh_from_db()
    paused = copy_of(version, 0)
    starting(filled, paused, learners[:1])()
    work.drain()
    credential = Credential.objects.select_related("organization").get(learner=learners[0])

    def change(kind):
        return lambda: (
            actions.take_back(
                credential=credential, kind=kind, reason="other", actor=filled.cast.administrator
            ).kind
        )

    answers = at_once(change("revoke"), change("suspend"), change("revoke"))
    kept = list(credential.changes.values_list("kind", flat=True))
    assert kept in (["revoke"], ["suspend", "revoke"])
    assert sorted(a for a in answers if a != "closed") == sorted(kept)
    credential.refresh_from_db()
    assert credential.state == "revoked"
    actions.publish_status_lists()
    listing = StatusList.objects.get(purpose="suspension")
    assert queries.set_indexes(listing) == [credential.intent.status_index]


def test_stopping_while_it_runs(filled, version, learners):
    """What was issued stays, the rest is gone, and nothing lies between."""
    batch = starting(filled, version, learners)()

    def run():
        return sum(actions.issue_due(batch=batch, limit=5) for _ in range(10))

    done, stopped = at_once(run, lambda: actions.cancel_batch(batch=batch, actor=filled.cast.administrator))
    issued = Credential.objects.filter(intent__batch=batch).count()
    assert issued == done == batch.intents.count()
    assert stopped in ("closed", batch)
    assert not batch.intents.exclude(state=Intent.State.DONE).exists()
