"""Taking back: rows are the truth, the list is derived, published within a minute, never backwards."""

import itertools
import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from gradatim.engine import encoding, status_list
from gradatim.program.achievements.models import Version
from gradatim.program.credentials import actions, queries, verification
from gradatim.program.credentials.actions import batches, status
from gradatim.program.credentials.models import Credential, StatusChange, StatusList
from gradatim.program.ground.models import Work
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Learner
from gradatim.program.web import work


def of(number):
    return Credential.objects.select_related("organization").get(learner__number=number)


def take_back(filled, number="N-1001", kind="revoke", reason="mistake", actor=None):
    return actions.take_back(
        credential=of(number),
        kind=kind,
        reason=reason,
        note="inside",
        actor=actor or filled.cast.administrator,
    )


def test_a_check_says_so_after_the_next_publication(filled):
    take_back(filled)
    assert StatusList.objects.get(purpose="revocation").dirty
    work.drain()
    report = verification.check(of("N-1001").document)
    assert (report.verdict, report.cause) == ("invalid", "revoked")
    assert verification.check(of("N-1002").document).verdict == "valid"


def test_the_note_stays_inside(filled):
    take_back(filled)
    work.drain()
    mail = Work.objects.get(kind="mail", key__startswith="change:")
    assert "inside" not in json.dumps(mail.payload)
    assert "issued by mistake" in mail.payload["text"]


def test_taken_back_is_for_good(filled):
    take_back(filled)
    for kind in ("revoke", "suspend", "reinstate"):
        with pytest.raises(Refused):
            take_back(filled, kind=kind)


def test_pausing_only_where_the_version_allows_it(filled):
    with pytest.raises(Refused) as refused:
        take_back(filled, kind="suspend")
    assert refused.value.code == "not-suspendable"
    assert not StatusChange.objects.exists()


def test_a_reason_from_the_list_and_a_person_who_may(filled):
    with pytest.raises(Refused):
        take_back(filled, reason="because")
    for person in (filled.cast.assessor, filled.cast.learner, filled.cast.outsider):
        with pytest.raises(Refused) as refused:
            take_back(filled, actor=person)
        assert refused.value.code == "permission"


def test_pause_lift_and_take_back_of_a_suspendable_one(filled, cast_free_version):
    credential = cast_free_version
    states = []
    for kind in ("suspend", "reinstate", "suspend", "revoke"):
        actions.take_back(credential=credential, kind=kind, reason="other", actor=filled.cast.administrator)
        work.drain()
        credential.refresh_from_db()
        states.append((credential.state, verification.check(credential.document).cause))
    assert states == [
        ("suspended", "suspended"),
        ("active", None),
        ("suspended", "suspended"),
        ("revoked", "suspended"),
    ]


@pytest.fixture
def cast_free_version(filled):
    """A credential of a version whose credentials can be paused."""
    version = Version.objects.get(achievement__slug="data-literacy-for-the-workplace")
    Version.objects.filter(pk=version.pk).update(taking="suspension")
    version.refresh_from_db()
    from gradatim.program.achievements import queries as versions  # noqa: PLC0415 - beside its use

    digest = versions.content_digest(Version.objects.get(pk=version.pk))
    Version.objects.filter(pk=version.pk).update(digest=digest)
    version.refresh_from_db()
    learner = filled.cast.northfield.learners.get(number="N-1005")
    actions.start_batch(
        version=version, learners=[(learner, {})], reason="pause", label="P", actor=filled.cast.administrator
    )
    work.drain()
    return of("N-1005")


def test_editions_never_go_back(filled):
    listing = StatusList.objects.get(purpose="revocation")
    seen = []
    for number in ("N-1001", "N-1002", "N-1003"):
        take_back(filled, number)
        actions.publish_status_lists()
        listing.refresh_from_db()
        document = json.loads(listing.document)
        bits = status_list.decode(document["credentialSubject"]["encodedList"])
        seen.append(
            (
                listing.version,
                encoding.parse_datetime(document["validFrom"]),
                sum(b.bit_count() for b in bits),
            )
        )
    assert [s[0] for s in seen] == sorted({s[0] for s in seen})
    assert [s[1] for s in seen] == sorted({s[1] for s in seen})
    assert [s[2] for s in seen] == [1, 2, 3]


def test_unchanged_lists_are_left_alone_until_the_beat(filled):
    actions.publish_status_lists()
    version = StatusList.objects.get().version
    assert actions.publish_status_lists() == 0
    StatusList.objects.update(published_at=timezone.now() - timedelta(hours=2))
    assert actions.publish_status_lists() == 1
    assert StatusList.objects.get().version == version + 1


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, status_list.MINIMUM - 1), max_size=300))
def test_bits_are_where_they_belong(indexes):
    bits = status_list.decode(status_list.encode(status_list.bits_of(indexes)))
    assert {i for i in indexes if status_list.get(bits, i)} == indexes
    assert sum(b.bit_count() for b in bits) == len(indexes)


def test_indexes_are_random_and_nobody_shares_one(filled):
    listing = StatusList.objects.get()
    drawn = batches.free_indexes(listing.pk, listing.size, 3000)
    taken = set(listing_indexes(listing))
    assert len(set(drawn)) == 3000
    assert not taken & set(drawn)
    mean = sum(drawn) / len(drawn) / listing.size
    assert 0.45 < mean < 0.55
    rising = sum(a < b for a, b in itertools.pairwise(drawn)) / len(drawn)
    assert 0.45 < rising < 0.55


def listing_indexes(listing):
    from gradatim.program.credentials.models import Intent  # noqa: PLC0415 - beside its use

    return Intent.objects.filter(status_list=listing).values_list("status_index", flat=True)


WRITERS, EACH = 8, 12


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_writers_lose_nothing(filled):
    """Eight writers take back at once while a ninth publishes; the last edition holds every one."""
    organization = filled.cast.northfield
    learners = Learner.objects.bulk_create(
        Learner(organization=organization, number=f"W-{n}", legal_name=f"L {n}")
        for n in range(WRITERS * EACH)
    )
    version = Version.objects.get(achievement__slug="data-literacy-for-the-workplace")
    batch = actions.start_batch(
        version=version,
        learners=[(x, {}) for x in learners],
        reason="many",
        label="Many",
        actor=filled.cast.administrator,
    )
    work.drain()
    errors, editions = [], []
    stop = threading.Event()

    def write(numbers):
        try:
            for number in numbers:
                take_back(filled, number)
        except Exception as error:  # noqa: BLE001 - shown below
            errors.append(error)
        finally:
            connection.close()

    def publish():
        try:
            while not stop.is_set():
                actions.publish_status_lists()
                editions.append(edition())
        except Exception as error:  # noqa: BLE001 - shown below
            errors.append(error)
        finally:
            connection.close()

    parts = [[x.number for x in learners[n::WRITERS]] for n in range(WRITERS)]
    writers = [threading.Thread(target=write, args=[part]) for part in parts]
    publisher = threading.Thread(target=publish)
    for thread in (*writers, publisher):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    publisher.join()
    assert errors == []
    actions.publish_status_lists()
    editions.append(edition())
    assert editions == sorted(editions)  # neither the number, nor the time, nor what is set ever goes back
    assert editions[-1][2] == WRITERS * EACH == StatusChange.objects.count()
    assert set(queries.set_indexes(StatusList.objects.get())) == set(
        batch.intents.values_list("status_index", flat=True)
    )


def edition():
    listing = StatusList.objects.get()
    document = json.loads(listing.document)
    bits = status_list.decode(document["credentialSubject"]["encodedList"])
    return listing.version, document["validFrom"], sum(b.bit_count() for b in bits)


def test_served_byte_for_byte_and_kept_for_a_minute(filled, client):
    listing = StatusList.objects.get(purpose="revocation")
    path = reverse("credentials:status_list", args=["northfield", "revocation", 1])
    answer = client.get(path)
    assert answer.content.decode() == listing.document
    assert answer["Cache-Control"] == "public, max-age=60, stale-if-error=86400"
    assert json.loads(answer.content)["credentialSubject"]["ttl"] == 60_000
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304
    take_back(filled)
    work.drain()
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 200


def test_as_a_token_for_those_who_ask(filled, client):
    path = reverse("credentials:status_list", args=["northfield", "revocation", 1])
    first, second = (client.get(path, headers={"accept": "application/vc+jwt"}) for _ in range(2))
    assert first["Content-Type"] == "application/vc+jwt"
    assert first.content == second.content
    assert first["ETag"] != client.get(path)["ETag"]
    claims = json.loads(encoding.base64url_decode(first.content.decode().split(".")[1]))
    listing = json.loads(StatusList.objects.get(purpose="revocation").document)
    assert claims["credentialSubject"] == listing["credentialSubject"]
    assert claims["iss"] == filled.cast.northfield.did
    report = verification.check(first.content)
    assert (report.verdict, report.cause) == ("valid", None)


def test_a_list_that_cannot_be_signed_stops_no_other(filled, caplog):
    """One organization's key does not open; the other's list is published all the same."""
    southgate = filled.cast.southgate
    other, _room = status.list_with_room(organization=southgate, purpose="revocation")
    filled.cast.northfield.keys.update(sealed_secret=b"\0" * 60)
    StatusList.objects.update(dirty=True)
    before = StatusList.objects.get(organization=filled.cast.northfield)
    assert actions.publish_status_lists() == 1
    other.refresh_from_db()
    assert not other.dirty
    after = StatusList.objects.get(organization=filled.cast.northfield)
    assert (after.dirty, after.document) == (True, before.document)
    assert "sealing.key" in caplog.text


def test_a_full_list_is_followed_by_the_next(filled):
    """At four fifths the next list begins; the old one stays where it is."""
    StatusList.objects.update(size=8)  # four of the demo's are in it: two more, then it is full
    learners = Learner.objects.bulk_create(
        Learner(organization=filled.cast.northfield, number=f"F-{n}", legal_name=f"L {n}") for n in range(5)
    )
    version = Version.objects.get(achievement__slug="data-literacy-for-the-workplace")
    batch = actions.start_batch(
        version=version,
        learners=[(x, {}) for x in learners],
        reason="full",
        label="Full",
        actor=filled.cast.administrator,
    )
    placed = list(batch.intents.order_by("id").values_list("status_list__number", flat=True))
    assert placed == [1, 1, 2, 2, 2]
    assert set(StatusList.objects.values_list("number", "size")) == {(1, 8), (2, 131_072)}
