"""Pages of the council: what each shows to whom, what forms answer, how many queries a page asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council import actions
from gradatim.program.council.models import Body, Decision, Proposal, Review, Seat, Vote
from gradatim.program.taxonomy import queries as taxonomy
from tests.program.council.acts import cast_all, close, decided, propose

TURNOUT = 6  # of what an open page asks every five seconds
QUERIES = {"chair": 9, "manager": 8, "member": 8}  # of a proposal's page, with session, person and roles

REST_OF_A_CHARTER = {
    "form": "council", "cadence": "monthly", "service_days": "21", "quorum": "seats", "quorum_number": 1,
    "threshold_of": "cast", "objections_allowed": 0, "tie": "lost", "alternates": "never", "secrecy": "never",
    "readings": 1, "law": "ordinary", "law_source": "", "notice_hours": 72, "vacant_counts": "on",
    "between_meetings": "on", "link_votes": "on",
}  # fmt: skip


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def asked(client, path):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        text(client.get(path))
    return len(queries)


@pytest.fixture
def form(cast):
    return {
        "title": "Solar installation basics",
        "description": "Plans and mounts a small installation.",
        "purpose": "For people who start in the trades.",
        "need": "Four installers, May 2026.",
        "type": taxonomy.types(cast.northfield).first().pk,
        "level": taxonomy.levels(cast.northfield).first().pk,
        "outcomes": "Measure a roof\nMount a rail\n\nCheck the work",
        "criteria": "One installation on the training roof.",
        "workload_hours": 60,
        "recognition": "",
    }


def test_a_proposal_is_one_page_of_ten_fields(cast, signed_in, form):
    client = signed_in(cast.manager)
    page = text(client.get("/o/northfield/proposals/new/"))
    assert sum(f'name="{name}"' in page for name in form) == len(form) == 10
    answer = client.post("/o/northfield/proposals/new/", form)
    assert answer.url == "/o/northfield/proposals/1/"
    made = Proposal.objects.get()
    assert made.version.state == Version.State.DRAFT
    assert [o.text for o in made.version.outcomes.all()] == [
        "Measure a roof",
        "Mount a rail",
        "Check the work",
    ]
    assert made.version.assessment == form["criteria"]
    assert "Send to council" in text(client.get(answer.url))
    assert "It is with the council now" in text(client.post(f"{answer.url}submit/", follow=True))


@pytest.mark.parametrize(("field", "value"), [("title", ""), ("workload_hours", "many"), ("type", "0")])
def test_a_proposal_with_a_mistake_keeps_what_was_typed(cast, signed_in, form, field, value):
    page = text(signed_in(cast.manager).post("/o/northfield/proposals/new/", form | {field: value}), 422)
    assert "For people who start in the trades." in page
    assert f'id="id_{field}_error"' in page
    assert not Proposal.objects.exists()


def test_an_outcome_that_is_too_long_is_named(cast, signed_in, form):
    long = {"outcomes": "x" * 301}
    page = text(signed_in(cast.manager).post("/o/northfield/proposals/new/", form | long), 422)
    assert 'id="id_outcomes_error"' in page
    assert not Proposal.objects.exists()


def test_a_blocked_draft_says_what_to_mend_and_offers_no_sending(cast, signed_in, form):
    client = signed_in(cast.manager)
    path = f"/o/northfield/proposals/{propose(cast, criteria='').number}/"
    page = text(client.get(path))
    assert "before it can go to the council" in page
    assert "Send to council" not in page
    assert "Why" in page  # the trace of each rule
    text(client.post(f"{path}submit/"), 409)
    assert client.post(f"{path}edit/", form).url == path
    assert "Send to council" in text(client.get(path))


def test_an_assessment_written_elsewhere_is_left_alone(cast, signed_in, form, draft):
    path = f"/o/northfield/proposals/{draft.number}/"
    assert draft.version.assessment != draft.version.criteria
    signed_in(cast.manager).post(f"{path}edit/", form)
    version = Version.objects.get(pk=draft.version_id)
    assert (version.criteria, version.assessment) == (form["criteria"], draft.version.assessment)


def test_a_draft_is_changed_by_its_own_people_only(cast, signed_in, draft):
    path = f"/o/northfield/proposals/{draft.number}/edit/"
    assert draft.version.title in text(signed_in(cast.manager).get(path))
    assert "one of its proposers" in text(signed_in(cast.administrator).get(path))
    assert signed_in(cast.member).get(path).url == f"/o/northfield/proposals/{draft.number}/"


def test_a_next_version_is_taken_to_the_council(cast, signed_in, form, draft):
    decided(cast, draft, "for", "for", "for")
    following = achievements.new_version(version=Version.objects.get(), actor=cast.manager)
    client, path = signed_in(cast.manager), f"/o/northfield/proposals/new/?version={following.pk}"
    assert path in text(client.get("/o/northfield/proposals/"))
    page = text(client.get(path))
    assert draft.need in page
    assert client.post(path, form | {"kind": "substantive"}).url == "/o/northfield/proposals/2/"
    assert Proposal.objects.get(number=2).version == following
    assert client.get(path).url == "/o/northfield/proposals/2/"
    for key in (draft.version_id, 999, "x"):
        assert client.get(f"/o/northfield/proposals/new/?version={key}").status_code == 404


def test_proposals_by_state_and_page_by_page(cast, signed_in):
    for number in range(3):
        propose(cast, title=f"Draft {number}")
    client = signed_in(cast.chair)
    few = asked(client, "/o/northfield/proposals/")
    for number in range(3, 35):
        propose(cast, title=f"Draft {number}")
    actions.submit(proposal=Proposal.objects.get(number=1), actor=cast.manager)
    assert asked(client, "/o/northfield/proposals/") == few
    first = text(client.get("/o/northfield/proposals/"))
    assert "Draft 34" in first
    assert "Draft 1<" not in first
    assert "Draft 1<" in text(client.get("/o/northfield/proposals/?page=2"))
    only = text(client.get("/o/northfield/proposals/?state=submitted"))
    assert "Draft 0<" in only
    assert "Draft 34" not in only
    for asks, said in (("draft+34", "Draft 34"), ("1&state=submitted", "Draft 0"), ("priya+2", "Draft 2<"), ("9" * 11, "None found")):  # fmt: skip
        assert said in text(client.get(f"/o/northfield/proposals/?q={asks}"))
    assert "None found" in text(client.get("/o/northfield/proposals/?state=decided"))
    assert "Draft 34" in text(client.get("/o/northfield/proposals/?state=nonsense"))


@pytest.mark.parametrize(("who", "many"), QUERIES.items())
def test_the_page_of_a_proposal_asks_as_often_for_much_as_for_nothing(cast, signed_in, ballot, who, many):
    path, made, today = "/o/northfield/proposals/1/", ballot.proposal, timezone.localdate()
    client = signed_in(getattr(cast, who))
    assert asked(client, path) == many
    for person in (cast.chair, cast.member, cast.second_member):
        actions.review(
            proposal=made, scores={"need": 2}, comment="Good", recommendation="approve", actor=person
        )
        actions.comment(proposal=made, text="x", actor=person)
        made.evidence.create(kind="employer", text="t", source="s", dated=today)
        actions.ask_guest(proposal=made, name="Ada", email=f"{person.pk}@x.example", actor=cast.chair)
    cast_all(cast, ballot, "for", "for", "for")
    assert asked(client, path) == many


def test_the_draft_of_a_change_that_a_rule_blocks_keeps_the_budget(cast, signed_in, draft):
    decided(cast, draft, "for", "for", "for")
    following = achievements.new_version(version=Version.objects.get(), actor=cast.manager)
    achievements.revise(version=following, criteria="", assessment="", actor=cast.manager)
    kept = {"purpose": "p", "need": "n", "kind": "substantive", "version": following}
    made = actions.propose(organization=cast.northfield, body=cast.council, actor=cast.manager, **kept)
    assert asked(signed_in(cast.manager), f"/o/northfield/proposals/{made.number}/") == 12


def test_an_open_vote_shows_who_is_there_and_nothing_of_the_result(cast, signed_in, ballot):
    cast_all(cast, ballot, "against", "against", None)
    page = text(signed_in(cast.second_member).get("/o/northfield/proposals/1/"))
    assert "2 have voted" in page
    assert "Present 2 of 4, needed 3" in page
    for word in ("0 for", "2 against", "lost", "carried"):
        assert word not in page
    assert "Cast vote" in page
    own = text(signed_in(cast.member).get("/o/northfield/proposals/1/"))
    assert "You voted: Against." in own
    assert "Change your vote" in own


def test_the_turnout_is_told_and_nothing_of_the_result(cast, signed_in, ballot):
    cast_all(cast, ballot, "against", None, None)
    client, path = signed_in(cast.member), "/o/northfield/proposals/1/vote/turnout/"
    page = text(client.get(path))
    assert "1 has voted" in page
    assert "hx-trigger" in page
    few = asked(client, path)
    cast_all(cast, ballot, None, "for", "for")
    assert asked(client, path) == few <= TURNOUT
    actions.close_ballot(ballot=ballot, actor=cast.chair)
    page = text(client.get(path))
    assert "Show the result" in page
    assert "hx-trigger" not in page
    assert "carried" not in page
    assert client.get("/o/northfield/proposals/99/vote/turnout/").status_code == 404


def test_a_proposer_sees_that_others_decide(cast, signed_in, ballot):
    page = text(signed_in(cast.manager).get("/o/northfield/proposals/1/"))
    assert "This is your own proposal" in page
    for word in ("Cast vote", "Close the vote", "Note presence", "Give your review"):
        assert word not in page
    answer = signed_in(cast.manager).post("/o/northfield/proposals/1/vote/cast/", {"choice": "for"})
    assert "own proposal" in text(answer, 422)
    assert not Vote.objects.exists()


def test_the_whole_vote_on_pages(cast, signed_in, proposal):
    path = "/o/northfield/proposals/1/"
    chair = signed_in(cast.chair)
    assert "Open the vote" in text(chair.get(path))
    assert "every elector gets a message" in text(chair.post(f"{path}vote/open/", follow=True))
    assert text(chair.post(f"{path}vote/cast/", {"choice": ""}), 422)
    assert "Your vote is cast" in text(chair.post(f"{path}vote/cast/", {"choice": "for"}, follow=True))
    assert "Change your vote" in text(chair.get(path))
    signed_in(cast.member).post(f"{path}vote/cast/", {"choice": "for"})
    electors = proposal.ballots.get().electors
    there = {"present": [electors.get(person=cast.second_member).pk, "x"]}
    chair = signed_in(cast.chair)
    page = text(chair.post(f"{path}vote/presence/", there, follow=True))
    assert "Present 3 of 4, needed 3" in page
    assert "Closed: carried" in text(chair.post(f"{path}vote/close/", follow=True))
    assert 'id="id_rationale_error"' in text(chair.post(f"{path}decide/", {"rationale": ""}), 422)
    page = text(chair.post(f"{path}decide/", {"outcome": "approved", "rationale": "Good."}, follow=True))
    assert "held" in page
    assert "Until it is published nothing can be issued." in page
    assert "Published" in text(chair.post(f"{path}publish/", follow=True))
    assert Version.objects.get().issuable
    text(chair.post(f"{path}decide/", {"outcome": "approved", "rationale": "Again."}), 422)
    assert Decision.objects.count() == 1


def test_a_tie_and_a_missing_quorum_are_said_in_words(cast, signed_in, ballot):
    close(cast, ballot, "for", None, None)
    chair = signed_in(cast.chair)
    page = text(chair.get("/o/northfield/proposals/1/"))
    assert "Too few were present" in page
    assert "Call the vote again" in page
    again = actions.open_ballot(proposal=Proposal.objects.get(), actor=cast.chair)
    close(cast, again, "for", "against", "abstain")
    page = text(chair.get("/o/northfield/proposals/1/"))
    assert "A tie does not carry." in page
    assert "Called again" in page
    assert 'value="approved"' not in page


def test_a_review_on_the_page(cast, signed_in, proposal):
    client, path = signed_in(cast.member), "/o/northfield/proposals/1/review/"
    typed = {"score_need": "0", "score_purpose": "3", "comment": "Who else was asked?"}
    page = text(client.post(path, typed), 422)
    assert "Who else was asked?" in page
    page = text(client.post(path, typed | {"recommendation": "revise"}, follow=True))
    assert Review.objects.get().scores == {"need": 0, "purpose": 3}
    assert "will not do" in page
    assert "not score" in text(client.get("/o/northfield/proposals/1/"))


def test_returned_with_a_reason(cast, signed_in, proposal):
    client, path = signed_in(cast.chair), "/o/northfield/proposals/1/"
    assert 'id="id_reason_error"' in text(client.post(f"{path}return/", {"reason": ""}), 422)
    assert "Say who assesses." in text(
        client.post(f"{path}return/", {"reason": "Say who assesses."}, follow=True)
    )


def test_the_council_page_shows_what_waits(cast, signed_in, ballot):
    actions.submit(proposal=propose(cast, title="Second"), actor=cast.manager)
    path = "/o/northfield/council/"
    page = text(signed_in(cast.member).get(path))
    for words in (
        "0 of 3 have voted",
        ">Vote</a>",
        "Second",
        "Microcredential Council",
        "more than half of the voting seats present",
    ):
        assert words in page
    assert "Change charter" not in page
    assert ">Vote</a>" not in text(signed_in(cast.manager).get(path))


def test_a_first_council_is_set_up_on_pages(cast, signed_in):
    client = signed_in(cast.outsider)
    assert "There is no council yet" in text(client.get("/o/southgate/proposals/new/"))
    assert 'id="id_name_error"' in text(client.post("/o/southgate/council/", {"name": ""}), 422)
    answer = client.post("/o/southgate/council/", {"name": "Board", "form": "council", "law": "ordinary"})
    body = Body.objects.get(organization=cast.southgate)
    assert answer.url == f"/o/southgate/council/{body.pk}/"
    assert "No seat yet" in text(client.get(answer.url))
    chair = {"person": cast.outsider.pk, "role": "chair", "constituency": "All"}
    assert client.post(f"{answer.url}seats/", chair).status_code == 302
    assert "has a seat already" in text(client.post(f"{answer.url}seats/", chair), 422)
    seat = body.seats.get()
    client.post(f"{answer.url}seats/{seat.pk}/vacate/")
    assert "Give a vacant seat" in text(client.get(f"{answer.url}seats/"))
    client.post(f"{answer.url}seats/", {"seat": seat.pk, "person": cast.outsider.pk})
    assert Seat.objects.get(pk=seat.pk).holder == cast.outsider
    theirs = cast.council.seats.first()
    assert client.post(f"{answer.url}seats/{theirs.pk}/vacate/").status_code == 404


def test_a_member_sets_up_nothing(cast, signed_in):
    text(
        signed_in(cast.member).post(
            "/o/northfield/council/", {"name": "Mine", "form": "council", "law": "ordinary"}
        ),
        403,
    )
    assert Body.objects.filter(organization=cast.northfield).count() == 1


def test_a_charter_is_changed_on_its_page(cast, signed_in):
    client, path = signed_in(cast.manager), f"/o/northfield/council/{cast.council.pk}/"
    rules = {
        "name": "Council",
        "kind": "deciding",
        **REST_OF_A_CHARTER,
        "quorum_numerator": 2,
        "quorum_denominator": 3,
        "quorum_inclusive": "on",
        "threshold": "two_thirds",
        "recused_counts": "on",
    }
    assert 'id="id_recused_clause_error"' in text(client.post(path, rules), 422)
    assert client.post(path, rules | {"recused_clause": "§ 4"}).status_code == 302
    page = text(client.get("/o/northfield/council/"))
    for words in ("at least two thirds", "two thirds of the votes cast", "counts for the quorum (§ 4)"):
        assert words in page


@pytest.mark.parametrize(
    "path", ["proposals/", "proposals/new/", "proposals/1/", "proposals/1/edit/", "council/"]
)
def test_outsiders_and_learners_see_nothing(cast, signed_in, client, draft, path):
    assert client.get(f"/o/northfield/{path}").url.startswith("/account/login/")
    assert signed_in(cast.outsider).get(f"/o/northfield/{path}").status_code == 404
    assert signed_in(cast.learner).get(f"/o/northfield/{path}").status_code == 403


def test_an_outsider_acts_on_nothing(cast, signed_in, ballot):
    client = signed_in(cast.outsider)
    for act in ("submit", "return", "withdraw", "review", "vote/cast", "vote/close", "decide", "publish"):
        posted = {"choice": "for", "reason": "x", "rationale": "x", "recommendation": "reject"}
        assert client.post(f"/o/northfield/proposals/1/{act}/", posted).status_code == 404
        assert client.post(f"/o/southgate/proposals/1/{act}/", posted).status_code == 404
    ballot.refresh_from_db()
    assert ballot.state == "open"
    assert not Vote.objects.exists()


def test_who_decides_sees_everything_the_credential_says(cast, signed_in, proposal):
    version = proposal.version
    Version.objects.filter(pk=version.pk).update(
        participation="online",
        cost="40 dollars",
        credit="convertible",
        credit_course="DATA 101",
        credit_office="Registrar",
    )
    page = text(signed_in(cast.member).get(f"/o/northfield/proposals/{proposal.number}/"))
    for said in ("DATA 101", "Registrar", "40 dollars", "Online", "<svg", "Held against quality profiles"):
        assert said in page, said
    assert "Nothing yet." not in page or version.alignments.count() == 0


def test_a_change_shows_word_by_word_what_it_changes(cast, signed_in, draft):
    decided(cast, draft, "for", "for", "for")
    following = achievements.new_version(version=Version.objects.get(), actor=cast.manager)
    kept = {"purpose": "p", "need": "n", "kind": "substantive", "version": following}
    made = actions.propose(organization=cast.northfield, body=cast.council, actor=cast.manager, **kept)
    page = f"/o/northfield/proposals/{made.number}/"
    assert "It still says the same as version 1" in text(signed_in(cast.member).get(page))
    achievements.revise(version=following, workload_hours=99, prerequisites="A laptop", actor=cast.manager)
    assert asked(signed_in(cast.manager), page) == 11
    found = text(signed_in(cast.member).get(page))
    assert "2 parts differ from version 1" in found
    assert '<ins><span class="hidden-text">[new:</span>99' in found
    assert "A laptop" in found


def test_any_part_is_remarked_on_beside_what_it_says(cast, signed_in, proposal):
    page = f"/o/northfield/proposals/{proposal.number}/"
    client = signed_in(cast.member)
    assert f"{page}?about=criteria#comments".removeprefix(page) in text(client.get(page))
    asking = text(client.get(f"{page}?about=participation"))
    assert '<option value="participation" selected>' in asking
    assert 'value="wording"' not in asking  # this is no text
    answer = client.post(f"{page}comments/", {"field": "participation", "text": "Online too, please."})
    assert answer.status_code == 302
    assert "Online too, please." in text(client.get(page))
    words = {"field": "credit", "suggestion": "Credit."}
    assert "no words can be taken over" in text(client.post(f"{page}comments/", words), 422)
