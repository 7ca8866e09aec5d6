"""The alignment matrix: what stands in each column, every gap named, ties that last, and the download."""

import csv
import io

import pytest
from django.urls import reverse

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council.actions import matrix as actions
from gradatim.program.council.models import Tie
from gradatim.program.council.queries import matrix as queries
from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy.models import Item

pytestmark = pytest.mark.django_db

FRAME = 3  # session, person, organization with roles


def at(name, *rest):
    return reverse(f"council:{name}", args=["northfield", *rest])


@pytest.fixture
def data(filled):
    """The version of the demo that went all the way."""
    return Version.objects.get(achievement__slug="data-literacy-for-the-workplace")


def traced(filled, version):
    return queries.trace(
        filled.cast.northfield,
        [queries.traced(filled.cast.northfield).get(pk=version.pk)],
        queries.judging(filled.cast.northfield),
    )[0]


def gaps(trace):
    return [(g.column, g.text) for g in trace.gaps]


def test_what_stands_behind_an_achievement(filled, data):
    trace = traced(filled, data)
    assert "Nine employers" in trace.cells["need"].text
    assert trace.cells["need"].detail == "Proposal 1, one more source"
    assert trace.cells["assessment"].text.startswith("Case with rubric")
    assert [r.criteria for r in trace.rows] == [
        ["Reading figures", "What the charts show is said correctly (Work with data)"],
        ["Reading figures", "Where the figures come from is asked and answered (Work with data)"],
        ["Explaining and deciding", "Colleagues could act on what was explained (Work with data)"],
        ["Explaining and deciding"],  # its own rubric alone
    ]
    assert trace.cells["evidence"].text == "4 met, 0 not met"
    assert trace.cells["credential"].text == "4 in force"
    assert [len(r.tied) for r in trace.rows] == [1, 1, 1, 0]
    assert gaps(trace) == [
        ("skill", "No skill is tied to “Decide on a next step and give reasons from the data”.")
    ]


def test_a_tie_is_made_by_a_person_and_lasts(filled, data, signed_in):
    client = signed_in(filled.cast.manager)
    chart = Item.objects.get(code="D.1", framework__organization=filled.cast.northfield)
    aligned = data.alignments.get(item=chart)
    outcome = data.outcomes.get(text__startswith="Interpret tables and charts")
    Tie.objects.all().delete()
    row = next(r for r in traced(filled, data).rows if r.outcome == outcome)
    assert [(a.pk, words) for a, words in row.likely] == [(aligned.pk, "tables, charts")]
    assert "shares tables, charts" in client.get(at("matrix")).content.decode()
    post = {"skill": aligned.pk, "outcome": outcome.pk, "page": "1"}
    answer = client.post(at("tie", data.pk), post)
    assert answer["Location"] == f"{at('matrix')}?page=1#v{data.pk}"
    client.post(at("tie", data.pk), post)
    assert Tie.objects.count() == 1
    assert ("outcome", f"The skill “{aligned.target_name}” serves no outcome.") not in gaps(
        traced(filled, data)
    )
    later = achievements.new_version(version=data, actor=filled.cast.manager)
    row = next(r for r in traced(filled, later).rows if r.outcome.text == outcome.text)
    assert [a.target_url for a in row.tied] == [aligned.target_url]
    assert traced(filled, later).cells["need"].text
    assert len(traced(filled, later).idle) == 2
    client.post(at("tie", data.pk), {**post, "to": "untie"})
    assert not Tie.objects.exists()
    for wrong in ({"skill": "x"}, {"outcome": "999999"}, {"skill": ""}):
        assert client.post(at("tie", data.pk), {**post, **wrong}).status_code == 404


def test_dated_sources_speak_first(filled, data):
    proposal = data.proposals.get()
    proposal.evidence.all().delete()
    for day, source in (("2026-03-01", "Workforce survey"), ("2026-05-01", "Letter of Harbor Logistics")):
        proposal.evidence.create(kind="employer", text="Twelve vacancies a year", source=source, dated=day)
    need = traced(filled, data).cells["need"]
    assert need.text == "Twelve vacancies a year (Letter of Harbor Logistics, 2026-05-01)"
    assert need.detail == "Proposal 1, one more source"


def test_a_skill_of_another_version_is_not_tied(filled, data):
    later = achievements.new_version(version=data, actor=filled.cast.manager)
    with pytest.raises(Refused):
        actions.tie_skill(
            alignment=data.alignments.first(), outcome=later.outcomes.first(), actor=filled.cast.manager
        )


def test_every_gap_of_an_empty_draft(filled):
    version = achievements.draft(
        organization=filled.cast.northfield, title="Empty", description="x", actor=filled.cast.manager
    )
    assert [column for column, _text in gaps(traced(filled, version))] == [
        "outcome", "skill", "need", "assessment", "criterion", "evidence", "credential",
    ]  # fmt: skip


def test_the_page_says_how_far_it_goes_and_what_would_fill_the_rest(filled, signed_in):
    text = signed_in(filled.cast.member).get(at("matrix")).content.decode()
    assert "Alignment matrix" in text
    assert "Proposal 1" in text
    assert "Tie it" not in text
    assert "A cohort fills it" in text
    covered = {
        c.key: (c.filled, c.total)
        for c in queries.coverage(filled.cast.northfield, queries.judging(filled.cast.northfield))
    }
    assert covered["credential"] == covered["evidence"] == (1, 3)
    assert covered["need"] == covered["outcome"] == (3, 3)
    assert covered["criterion"] == (1, 3)
    assert "What the charts show is said correctly" in text
    assert "The rubric of the draft fills it" in text  # of an achievement that has none


def test_empty_columns(cast, signed_in):
    text = signed_in(cast.manager).get(at("matrix")).content.decode()
    assert "There is none yet." in text
    assert "Propose one" in text


def test_the_download(filled, data, signed_in):
    data.title = "=cmd()"
    data.save(update_fields=["title"])
    rows = list(
        csv.DictReader(io.StringIO(signed_in(filled.cast.manager).get(at("matrix_table")).content.decode()))
    )
    own = [r for r in rows if r["achievement"] == "'=cmd()"]
    assert len(own) == 4  # one for each outcome
    assert own[0]["credential"] == "4 in force"
    assert own[0]["criterion"].startswith("Reading figures; What the charts show")
    assert own[3]["criterion"] == "Explaining and deciding"
    assert "No skill is tied" in own[0]["gaps"]
    assert own[3]["skill"] == ""


@pytest.mark.parametrize("more", [0, 6])
def test_the_page_asks_as_often_for_nine_as_for_three(filled, signed_in, more, django_assert_num_queries):
    for n in range(more):
        version = achievements.draft(
            organization=filled.cast.northfield,
            title=f"More {n}",
            description="x",
            outcomes=["Read"],
            actor=filled.cast.manager,
        )
        achievements.align(version=version, items=list(Item.objects.all()[:2]), actor=filled.cast.manager)
    client = signed_in(filled.cast.manager)
    with django_assert_num_queries(
        FRAME + 6
    ):  # count, versions, what belongs to them, rubrics of frameworks, coverage twice
        assert client.get(at("matrix")).status_code == 200


def test_who_sees_it(filled, data, client, signed_in):
    assert client.get(at("matrix")).status_code == 302
    signed_in(filled.cast.learner)
    assert client.get(at("matrix")).status_code == 403
    signed_in(filled.cast.outsider)
    assert {client.get(at(n)).status_code for n in ("matrix", "matrix_table")} == {404}
    signed_in(filled.cast.member)
    assert client.post(at("tie", data.pk)).status_code == 403
