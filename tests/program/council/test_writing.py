"""Writing a proposal: nothing that is typed is lost, two people at once, evidence, files, co-proposers, what is like it."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gradatim.program.council import actions, queries
from gradatim.program.council.models import Attachment, Evidence, Proposal, Scratch
from tests.program.council.acts import decided, propose, refused
from tests.program.council.test_pages import form, text  # noqa: F401 - a fixture

PATH = "/o/northfield/proposals/1/"
FIELDS = {"purpose": "For staff.", "need": "Nine employers."}
KEEP = "/o/northfield/proposals/check/"


def test_every_saved_text_is_kept(cast, draft):
    before = queries.content_of(draft)
    assert draft.revision == 1
    actions.revise_proposal(proposal=draft, actor=cast.manager, title="Other", **FIELDS)
    draft.refresh_from_db()
    assert [e.revision for e in queries.edits(draft)] == [2, 1]
    assert queries.content_at(draft, 1) == before
    assert queries.content_at(draft, 2)["title"] == "Other"


def test_an_old_revision_does_not_write_over_a_new_one(cast, draft):
    actions.revise_proposal(proposal=draft, actor=cast.administrator, revision=1, **FIELDS)
    refused("conflict", actions.revise_proposal, proposal=draft, actor=cast.manager, revision=1, **FIELDS)
    refused("conflict", actions.answer_more, proposal=draft, answers={}, revision=1, actor=cast.manager)


def typed(proposal, **changes):
    content = {k: v for k, v in queries.content_of(proposal).items() if k not in queries.MORE}
    return content | {"revision": proposal.revision} | changes


def test_two_who_change_different_fields_are_put_together(cast, signed_in, draft):
    mine = typed(draft, need="Twelve employers, May 2026.")
    actions.revise_proposal(
        proposal=draft, actor=cast.administrator, purpose="For everyone.", need=draft.need,
        recognition=draft.recognition, title="Data for all",
    )  # fmt: skip
    page = text(signed_in(cast.manager).post(f"{PATH}edit/", mine, follow=True))
    assert "Saved together with what was saved meanwhile: " in page
    draft.refresh_from_db()
    assert (draft.purpose, draft.need) == ("For everyone.", "Twelve employers, May 2026.")
    assert draft.version.title == "Data for all"
    assert draft.revision == 3


def test_two_who_change_the_same_field_choose_with_both_texts_on_the_page(cast, signed_in, draft):
    mine = typed(draft, need="Mine.", purpose="Also mine.")
    actions.revise_proposal(
        proposal=draft, actor=cast.administrator, purpose=draft.purpose, need="Theirs.", recognition="New."
    )
    client = signed_in(cast.manager)
    page = text(client.post(f"{PATH}edit/", mine), 409)
    for words in ("Mine.", "Theirs.", "What Sam Whitaker saved", "Also mine."):
        assert words in page
    draft.refresh_from_db()
    assert draft.need == "Theirs."
    choice = {
        **typed(draft, purpose="Also mine.", need="Mine."),
        "choose_need": "theirs", "mine_need": "Mine.", "theirs_need": "Theirs.",
    }  # fmt: skip
    assert client.post(f"{PATH}edit/", choice).status_code == 302
    draft.refresh_from_db()
    assert (draft.need, draft.purpose, draft.recognition) == ("Theirs.", "Also mine.", "New.")


def test_a_choice_shows_the_words_of_a_value(cast, signed_in, draft):
    other = cast.northfield.dimensions.get(key="level").values.get(key="advanced")
    mine = typed(draft, level=cast.northfield.dimensions.get(key="level").values.get(key="foundation").pk)
    actions.revise_proposal(proposal=draft, actor=cast.administrator, level=other, **FIELDS)
    page = text(signed_in(cast.manager).post(f"{PATH}edit/", mine), 409)
    assert "Foundation" in page
    assert "Advanced" in page


def test_what_is_typed_is_kept_before_it_is_saved(cast, signed_in, form):  # noqa: F811 - the fixture
    client = signed_in(cast.manager)
    answer = client.post(KEEP, {"key": "new", **form, "title": "Solar and more"})
    page = text(answer)
    assert "What you type is kept for you" in page
    assert "<svg" in page
    assert Scratch.objects.get().typed["title"] == "Solar and more"
    new = "/o/northfield/proposals/new/"
    page = text(client.get(new))
    assert "did not save it" in page
    assert "Solar and more" not in page
    assert "Solar and more" in text(client.get(f"{new}?unsaved=1"))
    assert "did not save it" not in text(signed_in(cast.administrator).get(new))
    client = signed_in(cast.manager)
    client.post(new, form)
    assert not Scratch.objects.exists()


def test_what_is_typed_can_be_forgotten(cast, signed_in, draft):
    client = signed_in(cast.manager)
    client.post(KEEP, {"key": "proposal:1", "title": "Half a th"})
    assert "Half a th" in text(client.get(f"{PATH}edit/?unsaved=1"))
    answer = client.post("/o/northfield/proposals/discard/", {"key": "proposal:1"})
    assert answer.url == f"{PATH}edit/"
    assert not Scratch.objects.exists()
    assert signed_in(cast.member).post(KEEP, {"key": "proposal:1", "title": "x"}).status_code == 404


def test_checking_without_javascript_keeps_and_shows_the_same(cast, signed_in, form):  # noqa: F811 - the fixture
    page = text(
        signed_in(cast.manager).post("/o/northfield/proposals/new/", {**form, "check": "1", "title": ""})
    )
    assert "What the rules say" in page
    assert "Which way it will go" in page
    assert "For people who start in the trades." in page
    assert Scratch.objects.exists()
    assert not Proposal.objects.exists()


def test_the_long_form_grows_from_the_short_one(cast, signed_in, draft):
    client, path = signed_in(cast.manager), f"{PATH}more/"
    assert "The long form" in text(client.get(path))
    said = {
        "revision": draft.revision,
        "audience": "Forty staff.",
        "build": "1000",
        "fee": "100",
        "learners": "20",
    }
    assert client.post(path, said).url == PATH
    page = text(client.get(PATH))
    assert "Forty staff." in page
    assert "10 learners" in page
    assert "1,000.00" in page
    bad = text(client.post(path, said | {"revision": 2, "fee": "much"}), 422)
    assert "Forty staff." in bad
    refused("field", actions.answer_more, proposal=draft, answers={"moon": "x"}, actor=cast.manager)
    assert "Kept" not in text(client.post(KEEP, {"key": "more:1", "team": "Ann"}))
    assert Scratch.objects.get().typed == {"team": "Ann"}


def test_evidence_has_a_source_and_a_date(cast, signed_in, draft):
    given = {
        "kind": "employer",
        "text": "Nine ask for it.",
        "source": "Survey",
        "dated": "2026-03-01",
        "url": "",
    }
    client = signed_in(cast.manager)
    assert client.post(f"{PATH}evidence/", given).url == PATH
    page = text(client.get(PATH))
    assert "Survey · March 1, 2026" in page
    later = (timezone.localdate() + timedelta(days=2)).isoformat()
    assert "from the future" in text(client.post(f"{PATH}evidence/", given | {"dated": later}), 422)
    assert queries.journey(draft).choice.way.key == "full-review"
    assert client.post(f"{PATH}evidence/{Evidence.objects.get().pk}/remove/").url == PATH
    assert not Evidence.objects.exists()
    actions.submit(proposal=draft, actor=cast.manager)
    refused("not-draft", actions.add_evidence, proposal=draft, actor=cast.manager, kind="employer", text="t",
            source="s", dated=date(2026, 1, 1))  # fmt: skip


def test_files_come_out_as_downloads(cast, signed_in, draft):
    client = signed_in(cast.manager)
    file = SimpleUploadedFile("letter <b>.pdf", b"%PDF-1.7 x", "text/html")
    assert client.post(f"{PATH}files/", {"file": file}).url == PATH
    row = Attachment.objects.get()
    answer = signed_in(cast.member).get(f"{PATH}files/{row.pk}/")
    assert answer.content == b"%PDF-1.7 x"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    client = signed_in(cast.manager)
    bad = SimpleUploadedFile("page.html", b"<script>", "text/html")
    assert "Attach one of" in text(client.post(f"{PATH}files/", {"file": bad}), 422)
    assert client.post(f"{PATH}files/{row.pk}/remove/").url == PATH
    assert not Attachment.objects.exists()
    assert signed_in(cast.outsider).get(f"{PATH}files/{row.pk}/").status_code == 404


def test_somebody_else_proposes_it_too(cast, signed_in, draft):
    client = signed_in(cast.manager)
    page = text(client.post(f"{PATH}proposers/", {"person": cast.assessor.pk}, follow=True))
    assert "Tom Lindqvist proposes it too." in page
    assert set(draft.proposers.all()) == {cast.manager, cast.assessor}
    refused("outsider", actions.add_proposer, proposal=draft, person=cast.employer, actor=cast.manager)
    refused("permission", actions.add_proposer, proposal=draft, person=cast.member, actor=cast.member)


def test_what_is_like_it_is_shown_with_the_words_that_match(cast, signed_in, form):  # noqa: F811 - the fixture
    decided(cast, propose(cast), "for", "for", "for")
    propose(cast, title="Charts and tables for beginners")
    client = signed_in(cast.manager)
    page = text(client.post(KEEP, {"key": "new", **form, "title": "Literacy in workplace data"}))
    assert "Data literacy for the workplace" in page
    assert "both say: " in page
    assert "literacy" in page
    found = queries.likenesses(
        cast.northfield, title="Charts for beginners", description="Tables and charts", outcomes=[]
    )
    assert found[0].version.title == "Charts and tables for beginners"
    assert found[0].proposal.number == 2
    assert queries.likenesses(cast.southgate, title="Charts", description="", outcomes=[]) == []


@pytest.mark.parametrize("way", ["edit/", "more/"])
def test_what_is_with_the_council_is_not_written(cast, signed_in, proposal, way):
    assert signed_in(cast.manager).get(f"{PATH}{way}").url == PATH
