"""Issuing: the gate at every stage, nobody twice, the same bytes every time, nothing half done."""

import json

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from gradatim.program.achievements.models import Version
from gradatim.program.credentials import actions, documents, queries, verification
from gradatim.program.credentials.actions import issuing
from gradatim.program.credentials.models import Credential, Intent, SigningKey
from gradatim.program.ground.models import Work
from gradatim.program.ground.refused import Refused
from gradatim.program.people import queries as people
from gradatim.program.people.models import Learner
from gradatim.program.web import work


@pytest.fixture
def version(filled):
    return Version.objects.get(achievement__slug="data-literacy-for-the-workplace")


def learners(filled, *numbers):
    return [(filled.cast.northfield.learners.get(number=n), {}) for n in numbers]


def start(filled, version, *numbers, reason="again", actor=None):
    return actions.start_batch(
        version=version,
        learners=learners(filled, *numbers),
        reason=reason,
        label="Run",
        actor=actor or filled.cast.administrator,
    )


def test_what_is_issued_verifies_by_the_published_documents_alone(filled):
    credential = Credential.objects.get(learner__number="N-1001")
    web = {
        "https://demo.example/.well-known/did.json": {"body": documents.did_document(filled.cast.northfield)}
    }
    for one in filled.cast.northfield.status_lists.all():
        web[json.loads(one.document)["id"]] = {"body": json.loads(one.document)}
    report = verify(credential.document.encode(), fetcher=MemoryFetcher(web), now=timezone.now())
    assert (report.verdict, report.cause) == ("valid", None)
    assert report.document["name"] == "Practice: Data literacy for the workplace"


def test_the_signed_bytes_name_nobody(filled):
    for credential in Credential.objects.select_related("learner"):
        for word in (credential.learner.legal_name, credential.learner.number, *credential.learner.addresses):
            assert word not in credential.document


def test_nobody_gets_it_twice_for_one_reason(filled, version):
    start(filled, version, "N-1005")
    with pytest.raises(Refused) as refused:
        start(filled, version, "N-1005")
    assert refused.value.code == "already-issued"
    start(filled, version, "N-1005", "N-1001")  # only the new one
    work.drain()
    assert Credential.objects.filter(learner__number="N-1005").count() == 1


def test_only_those_who_issue(filled, version):
    for person in (filled.cast.assessor, filled.cast.chair, filled.cast.learner, filled.cast.outsider):
        with pytest.raises(Refused) as refused:
            start(filled, version, "N-1005", actor=person)
        assert refused.value.code == "permission"


def test_a_second_try_gives_the_same_bytes(filled, version):
    """Cut off after signing and before the commit: nothing has happened, and the next try signs the same bytes."""
    batch = start(filled, version, "N-1005")
    before = state_of(filled)
    seen = []
    for _ in range(2):
        with transaction.atomic():
            actions.issue_due(batch=batch)
            seen.append(Credential.objects.get(intent__batch=batch).document)
            transaction.set_rollback(True)
        assert state_of(filled) == before
        assert batch.intents.get().state == Intent.State.WAITING
    work.drain()
    assert {Credential.objects.get(intent__batch=batch).document, *seen} == {seen[0]}


def state_of(filled):
    return (
        Credential.objects.count(),
        Work.objects.count(),
        filled.cast.northfield.log.count(),
        list(Intent.objects.order_by("id").values_list("id", "state")),
    )


class CutOffError(OperationalError):
    """Stands for a full disk, a lost database."""


def test_cut_off_at_every_statement(filled, version):
    """The n-th statement fails, for every n: the state is as before, and the next try is whole."""
    reached = []

    def cut(run, sql, params, many, context):
        reached.append(sql)
        if len(reached) == limit:
            raise CutOffError
        return run(sql, params, many, context)

    batch = start(filled, version, "N-1005")
    before = state_of(filled)
    for limit in range(1, 200):
        reached.clear()
        try:
            with connection.execute_wrapper(cut), transaction.atomic():
                actions.issue_due(batch=batch)
        except CutOffError:
            assert state_of(filled) == before, limit
        else:
            break
    assert 10 < limit < 200
    credential = Credential.objects.get(intent__batch=batch)
    assert Work.objects.filter(kind="notify", key=str(credential.pk)).count() == 1
    assert people.check_log(filled.cast.northfield) == []


def test_each_credential_has_one_mail_or_none_without_address(filled):
    assert Work.objects.filter(kind="notify").count() == Credential.objects.count() == 4
    mails = Work.objects.filter(kind="mail", key__startswith="claim:")
    assert mails.count() == 3  # one learner of the roster has no address
    assert len({m.payload["message_id"] for m in mails}) == 3


def test_a_stopped_run_issues_nothing_more(filled, version):
    batch = start(filled, version, "N-1005")
    actions.cancel_batch(batch=batch, actor=filled.cast.administrator)
    work.drain()
    assert not Credential.objects.filter(learner__number="N-1005").exists()
    with pytest.raises(Refused):
        actions.cancel_batch(batch=batch, actor=filled.cast.administrator)


def test_what_a_result_may_say(filled, version):
    evidence = [{"type": ["Evidence"], "name": "Case", "narrative": "A report on ward data."}]
    claims = {"narrative": "With distinction.", "evidence": evidence, "creditsEarned": 1.5}
    learner = filled.cast.northfield.learners.get(number="N-1005")
    batch = actions.start_batch(
        version=version,
        learners=[(learner, claims)],
        reason="r",
        label="R",
        actor=filled.cast.administrator,
    )
    work.drain()
    credential = Credential.objects.get(intent__batch=batch)
    document = json.loads(credential.document)
    assert document["evidence"] == evidence
    assert document["credentialSubject"]["narrative"] == "With distinction."
    assert verification.check(credential.document).verdict == "valid"


@given(
    st.dictionaries(
        st.sampled_from(sorted(documents.CLAIMS)),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=6,
        ),
        min_size=1,
        max_size=3,
    )
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_claimed_is_either_signed_and_good_or_refused_with_a_reason(waiting, claims):
    """What was handed over is data: it stops nobody else, and never gets a signature that does not verify."""
    waiting.claims = claims
    done = issuing._sign_all([waiting], waiting.version)
    if done:
        assert verification.check(done[0][1]).verdict == "valid"
    else:
        waiting.refresh_from_db(fields=["state", "error"])
        assert waiting.state == Intent.State.FAILED
        assert waiting.error


@pytest.fixture
def waiting(filled, version):
    """An intent that waits, as the worker reads it."""
    batch = start(filled, version, "N-1005")
    found = Intent.objects.select_related(
        "organization__logo", "version", "learner", "key__organization", "status_list__organization"
    )
    return found.get(batch=batch)


def test_the_real_key_is_not_opened_for_what_is_not_in_order(waiting, settings):
    settings.SEALING_KEY = "another one"  # opening it would be refused with other words
    waiting.claims = {"result": 5}
    assert issuing._sign_all([waiting], waiting.version) == []
    waiting.refresh_from_db()
    assert "Result" in waiting.error
    assert "sealing" not in waiting.error


def test_a_group_asks_as_often_for_many_as_for_one(filled, version):
    batch = start(filled, version, "N-1001", "N-1002", "N-1003", "N-1004", "N-1005")
    asked = []
    for limit in (1, 3):
        with CaptureQueriesContext(connection) as queries_of:
            assert actions.issue_due(batch=batch, limit=limit) == limit
        asked.append(len(queries_of))
    assert asked == [32, 32]
    assert batch.intents.filter(state=Intent.State.DONE).count() == 4


def test_one_bad_row_stops_nobody_else(filled, version):
    good, bad = (filled.cast.northfield.learners.get(number=n) for n in ("N-1005", "N-1002"))
    batch = actions.start_batch(
        version=version,
        learners=[(bad, {"result": 5}), (good, {})],
        reason="mixed",
        label="Mixed",
        actor=filled.cast.administrator,
    )
    work.drain()
    assert [i.state for i in batch.intents.order_by("id")] == [Intent.State.FAILED, Intent.State.DONE]
    batch.refresh_from_db()
    assert batch.state == "done"


def test_what_failed_is_tried_again(filled, version, settings):
    good = settings.SEALING_KEY
    settings.SEALING_KEY = "another one"
    batch = start(filled, version, "N-1005")
    work.drain()
    intent = batch.intents.get()
    assert intent.state == Intent.State.FAILED
    assert "sealing.key" in intent.error
    settings.SEALING_KEY = good
    for person in (filled.cast.assessor, filled.cast.learner, filled.cast.outsider):
        with pytest.raises(Refused):
            actions.resume_batch(batch=batch, actor=person)
    assert actions.resume_batch(batch=batch, actor=filled.cast.administrator) == 1
    work.drain()
    credential = Credential.objects.get(intent=intent)
    assert credential.pk == intent.credential_id
    assert verification.check(credential.document).verdict == "valid"
    with pytest.raises(Refused) as refused:
        actions.resume_batch(batch=batch, actor=filled.cast.administrator)
    assert refused.value.code == "no-rows"


def test_a_new_run_takes_up_who_failed_before(filled, version, settings):
    good = settings.SEALING_KEY
    settings.SEALING_KEY = "another one"
    start(filled, version, "N-1005")
    work.drain()
    settings.SEALING_KEY = good
    start(filled, version, "N-1005")
    work.drain()
    assert Credential.objects.filter(learner__number="N-1005").count() == 1


def test_keys_changed_in_mid_batch(filled, version):
    """Each credential verifies with the key it names; rows of two keys in one group are signed by their own."""
    learners = Learner.objects.bulk_create(
        Learner(organization=filled.cast.northfield, number=f"M-{n}", legal_name=f"L {n}") for n in range(60)
    )
    batch = actions.start_batch(
        version=version,
        learners=[(x, {}) for x in learners],
        reason="mid",
        label="Mid",
        actor=filled.cast.administrator,
    )
    actions.issue_due(batch=batch, limit=20)
    actions.rotate_key(organization=filled.cast.northfield)
    actions.issue_due(batch=batch, limit=20)
    actions.revoke_key(
        key=queries.active_key(filled.cast.northfield, "Ed25519"), actor=filled.cast.administrator
    )
    work.drain()
    issued = Credential.objects.filter(intent__batch=batch).select_related("intent__key")
    assert issued.count() == 60
    assert issued.values("intent__key").distinct().count() == 3
    for credential in issued:
        named = json.loads(credential.document)["proof"]["verificationMethod"]
        assert named.endswith(credential.intent.key.public_multibase)
        if credential.intent.key.state != SigningKey.State.REVOKED:  # revoked within the second it signed in
            assert verification.check(credential.document).verdict == "valid"


def test_the_token_says_the_same(filled):
    credential = Credential.objects.select_related("organization").get(learner__number="N-1001")
    report = verification.check(actions.token(credential=credential))
    assert report.verdict == "valid"
    assert report.document["id"] == json.loads(credential.document)["id"]


def test_the_log_is_whole_after_all_of_it(filled):
    assert people.check_log(filled.cast.northfield) == []
