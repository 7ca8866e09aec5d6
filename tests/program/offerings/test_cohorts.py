"""A cohort from roster to issuing: a dry run stores nothing, a yes stores once, the gate holds."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gradatim.program.achievements.models import Version
from gradatim.program.credentials.models import Batch, Intent
from gradatim.program.ground.refused import Refused
from gradatim.program.offerings import actions
from gradatim.program.offerings.models import Cohort, Enrolment, RosterImport
from gradatim.program.people.models import Learner
from gradatim.program.web.demo import program

HEAD = "id,legal name,school address,directory hold,minor\n"


@pytest.fixture
def draft(cast):
    return program._propose(cast, program.DATA_LITERACY, "skill", "intermediate").version


@pytest.fixture
def cohort(cast, draft):
    return actions.create_cohort(
        organization=cast.northfield, version=draft, name="First", actor=cast.manager
    )


def take_in(cast, cohort, text, actor=None):
    actor = actor or cast.manager
    read = actions.read_roster(cohort=cohort, name="r.csv", content=(HEAD + text).encode(), actor=actor)
    actions.confirm_roster(roster_import=read, actor=actor)
    return read


def test_a_dry_run_stores_nothing(cast, cohort):
    before = (Learner.objects.count(), Enrolment.objects.count())
    read = actions.read_roster(
        cohort=cohort,
        name="r.csv",
        content=f"{HEAD}1,Ana,,,\n,Bo,,,\nN-1001,Amina Yusuf,amina.yusuf@northfield.example,,\n".encode(),
        actor=cast.manager,
    )
    assert [r["outcome"] for r in read.rows] == ["new", "error", "enrol"]
    assert (Learner.objects.count(), Enrolment.objects.count()) == before


def test_a_yes_takes_the_good_rows_once(cast, cohort):
    read = take_in(cast, cohort, "1,Ana,,,\n,Bo,,,\n")
    assert cohort.enrolments.count() == 1
    with pytest.raises(Refused) as refused:
        actions.confirm_roster(roster_import=read, actor=cast.manager)
    assert refused.value.code == "closed"
    again = take_in(cast, cohort, "1,Ana,,,\n")
    assert [r["outcome"] for r in again.rows] == ["same"]
    assert cohort.enrolments.count() == 1


def test_a_hold_is_set_and_lifted_by_the_next_file(cast, cohort):
    take_in(cast, cohort, "1,Ana,,yes,\n")
    assert Learner.objects.get(number="1").hidden
    changed = take_in(cast, cohort, "1,Ana,,no,no\n")
    assert changed.rows[0]["outcome"] == "changed"
    assert not Learner.objects.get(number="1").hidden


def test_a_new_file_replaces_the_one_that_waited(cast, cohort):
    first = actions.read_roster(
        cohort=cohort, name="r.csv", content=f"{HEAD}1,Ana,,,\n".encode(), actor=cast.manager
    )
    actions.read_roster(cohort=cohort, name="r.csv", content=f"{HEAD}2,Bo,,,\n".encode(), actor=cast.manager)
    first.refresh_from_db()
    assert first.state == RosterImport.State.DISCARDED


def test_the_gate_through_a_cohort(cast, cohort):
    take_in(cast, cohort, "1,Ana,,,\n")
    results = {e.pk: "met" for e in cohort.enrolments.all()}
    actions.record_results(cohort=cohort, results=results, actor=cast.assessor)
    with pytest.raises(Refused) as refused:
        actions.issue_met(cohort=cohort, actor=cast.manager)
    assert refused.value.code == "not-approved"
    assert "council has not approved" in refused.value.message
    assert not Intent.objects.exists()
    assert not Batch.objects.exists()


def test_nobody_assesses_themself(cast, cohort):
    take_in(cast, cohort, "1,Tom Lindqvist,,,\n")
    Learner.objects.filter(number="1").update(person=cast.assessor)
    with pytest.raises(Refused) as refused:
        actions.record_results(
            cohort=cohort, results={cohort.enrolments.get().pk: "met"}, actor=cast.assessor
        )
    assert refused.value.code == "own-result"


def test_nor_by_being_on_the_roster_before_the_mail_is_opened(cast, cohort):
    """The learner is nobody's yet, but the credential's mail would go to who assesses."""
    address = cast.assessor.email
    take_in(cast, cohort, f"1,Tom Lindqvist,{address.upper()},,\n2,Ida Berg,ida@northfield.example,,\n")
    own, other = cohort.enrolments.order_by("learner__number")
    with pytest.raises(Refused) as refused:
        actions.record_results(cohort=cohort, results={own.pk: "met"}, actor=cast.assessor)
    assert refused.value.code == "own-result"
    assert actions.record_results(cohort=cohort, results={other.pk: "met"}, actor=cast.assessor) == 1
    assert actions.record_results(cohort=cohort, results={own.pk: "met"}, actor=cast.manager) == 1


def test_a_result_that_a_credential_stands_on_stays(filled):
    enrolment = filled.cohort.enrolments.get(learner__number="N-1001")
    with pytest.raises(Refused) as refused:
        actions.record_results(
            cohort=filled.cohort, results={enrolment.pk: "not_met"}, actor=filled.cast.assessor
        )
    assert refused.value.code == "already-issued"


def test_who_may_do_what(cast, cohort):
    for person in (cast.assessor, cast.chair, cast.learner, cast.outsider):
        with pytest.raises(Refused):
            take_in(cast, cohort, "1,Ana,,,\n", actor=person)
    for person in (cast.chair, cast.learner, cast.outsider, cast.administrator):
        with pytest.raises(Refused):
            actions.record_results(cohort=cohort, results={}, actor=person)


def test_nobody_waits(filled):
    with pytest.raises(Refused) as refused:
        actions.issue_met(cohort=filled.cohort, actor=filled.cast.manager)
    assert refused.value.code == "no-rows"


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(cast, draft, signed_in, django_assert_num_queries, number):
    for name in range(number):
        Cohort.objects.create(organization=cast.northfield, version=draft, name=str(name))
    client = signed_in(cast.manager)
    with django_assert_num_queries(5):
        assert client.get(reverse("offerings:cohorts", args=["northfield"])).status_code == 200


def test_a_bad_upload_says_what_is_wrong_and_where(cast, cohort, signed_in):
    client = signed_in(cast.manager)
    url = reverse("offerings:upload", args=["northfield", cohort.pk])
    answer = client.post(url, {"file": SimpleUploadedFile("r.csv", b"name\nAna\n")})
    assert answer.status_code == 422
    assert "missing: id" in answer.content.decode()
    assert not RosterImport.objects.exists()


def test_the_pages_of_a_cohort_by_hand(cast, cohort, signed_in):
    client = signed_in(cast.manager)
    base = reverse("offerings:cohort", args=["northfield", cohort.pk])
    answer = client.post(
        f"{base}roster/", {"file": SimpleUploadedFile("r.csv", f"{HEAD}1,Ana,,,\n".encode())}
    )
    preview = client.get(answer.url)
    assert "What this file will do" in preview.content.decode()
    client.post(f"{answer.url}confirm/")
    enrolment = cohort.enrolments.get()
    client.post(f"{base}results/", {f"result-{enrolment.pk}": "", "all": "1"})
    enrolment.refresh_from_db()
    assert (enrolment.result, enrolment.result_by) == ("met", cast.manager)
    refused = client.post(f"{base}issue/")
    assert refused.status_code == 409
    assert "cannot be issued" in refused.content.decode()
    assert Version.objects.get().state == "draft"
