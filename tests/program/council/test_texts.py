"""Proposals that are decided as a text: a policy, a change of the taxonomy, a stack, a recognition."""

import pytest
from django.utils import timezone

from gradatim.program.council import actions
from gradatim.program.council.models import Proposal, Resolution
from tests.program.council.acts import decided, earlier, refused, resolved
from tests.program.council.test_pages import text

PATH = "/o/northfield/proposals/1/"
NEW = "/o/northfield/proposals/new/?kind=policy"
TEXT = {
    "subject": "Who may stand behind a badge",
    "wording": "An employer who stands behind a badge is named on it.",
    "purpose": "For trust.",
    "need": "Asked for by three employers, May 2026.",
    "recognition": "",
}


@pytest.fixture
def policy(cast):
    return actions.propose_text(
        organization=cast.northfield, body=cast.council, kind="policy", actor=cast.manager, **TEXT
    )


def test_a_text_goes_the_whole_way(cast, policy):
    decision = decided(cast, policy, "for", "for", "for")
    assert decision.approves
    policy.refresh_from_db()
    assert (policy.state, policy.title) == ("decided", TEXT["subject"])
    assert policy.public_title == f"Practice: {TEXT['subject']}"
    again = actions.reconsider(decision=decision, reason="Two more asked.", actor=cast.administrator)
    assert (again.kind, again.wording) == ("policy", TEXT["wording"])


def test_a_text_does_not_change_while_it_is_voted_on(cast, policy):
    actions.submit(proposal=policy, actor=cast.manager)
    ballot = actions.open_ballot(proposal=policy, actor=cast.chair)
    Proposal.objects.filter(pk=policy.pk).update(wording="Something else.")
    refused("conflict", actions.cast_vote, ballot=ballot, choice="for", actor=cast.chair)


def test_a_text_is_written_and_shown_on_pages(cast, signed_in, client):
    owner = signed_in(cast.manager)
    assert "?kind=policy" in text(owner.get("/o/northfield/proposals/new/"))
    page = text(owner.get(NEW))
    assert "word for word" in page
    assert 'id="id_wording_error"' in text(owner.post(NEW, TEXT | {"wording": " "}), 422)
    assert owner.post(NEW, TEXT).url == PATH
    assert TEXT["wording"] in text(owner.get(PATH))
    changed = TEXT | {"wording": "Nobody is named.", "revision": "1"}
    assert owner.post(f"{PATH}edit/", changed).url == PATH
    theirs = changed | {"wording": "Everybody is named."}
    assert "Nobody is named." in text(signed_in(cast.administrator).post(f"{PATH}edit/", theirs), 409)
    made = Proposal.objects.get()
    assert (made.kind, made.wording, made.revision) == ("policy", "Nobody is named.", 2)
    actions.submit(proposal=made, actor=cast.manager)
    chair = signed_in(cast.chair)
    page = text(chair.get(PATH))
    for words in (
        "A policy",
        "Nobody is named.",
        "Open the vote",
        "it changes the rules for everything else",
    ):
        assert words in page
    ballot = actions.open_ballot(proposal=made, actor=cast.chair)
    for person in (cast.chair, cast.member, cast.second_member):
        actions.cast_vote(ballot=ballot, choice="for", actor=person)
    actions.close_ballot(ballot=ballot, actor=cast.chair)
    decision = actions.decide(ballot=ballot, rationale="Good.", actor=cast.chair)
    for path in ("/o/northfield/decisions/held/", "/o/northfield/council/", "/o/northfield/proposals/", PATH):
        assert TEXT["subject"] in text(signed_in(cast.chair).get(path)) or path.endswith("council/")
    actions.publish(decision=decision, actor=cast.chair)
    client.logout()
    for path in (
        "decisions/",
        f"decisions/{decision.number}/",
        "decisions/register.csv",
        "decisions/feed.atom",
    ):
        assert TEXT["subject"] in text(client.get(f"/o/northfield/{path}"))
    assert TEXT["subject"] in text(client.get("/o/northfield/decisions/?q=badge"))


def test_a_text_is_reviewed_in_words_unless_its_body_wrote_criteria(cast, signed_in, policy):
    actions.submit(proposal=policy, actor=cast.manager)
    page = text(signed_in(cast.member).get(PATH))
    assert "Give your review" in page
    assert 'name="score_outcomes"' not in page
    refused(
        "row-invalid",
        actions.review,
        proposal=policy,
        scores={"outcomes": 2},
        comment="",
        recommendation="approve",
        actor=cast.member,
    )
    actions.review(proposal=policy, scores={}, comment="Good.", recommendation="approve", actor=cast.member)
    own = [{"key": "fair", "words": "It is fair", "floor": 1}]
    earlier(actions.change_rubric, body=cast.council, criteria=own, all_must_meet=False, actor=cast.chair)
    assert 'name="score_fair"' in text(signed_in(cast.member).get(PATH))


def test_what_is_no_text(cast, policy):
    said = {"organization": cast.northfield, "body": cast.council, "actor": cast.manager, **TEXT}
    refused("kind", actions.propose_text, **said, kind="new")
    refused("row-invalid", actions.propose_text, **said | {"wording": " "}, kind="policy")
    refused("row-invalid", actions.propose_text, **said | {"subject": " "}, kind="stack")
    refused("permission", actions.propose_text, **said | {"actor": cast.learner}, kind="policy")
    refused(
        "kind", actions.propose, organization=cast.northfield, body=cast.council, kind="policy", purpose="p",
        need="n", title="T", description="D", actor=cast.manager,
    )  # fmt: skip
    row = actions.comment(proposal=policy, text="", field="wording", suggestion="Named.", actor=cast.manager)
    actions.take_suggestion(comment=row, actor=cast.manager)
    policy.refresh_from_db()
    assert policy.wording == "Named."
    other = {"proposal": policy, "text": "", "field": "title", "suggestion": "Named.", "actor": cast.manager}
    refused("row-invalid", actions.comment, **other)


@pytest.mark.parametrize("kind", Proposal.TEXTS)
def test_every_kind_of_text_has_a_page(cast, signed_in, kind):
    assert str(Proposal.Kind(kind).label) in text(
        signed_in(cast.manager).get(f"/o/northfield/proposals/new/?kind={kind}")
    )


def adopted(cast, wording):
    made = actions.propose_text(
        organization=cast.northfield,
        body=cast.council,
        kind="policy",
        actor=cast.manager,
        **(TEXT | {"wording": wording}),
    )
    return decided(cast, made, "for", "for", "for")


def test_a_decided_text_is_a_numbered_resolution_with_what_differs_from_the_one_before(cast, client):
    first = adopted(cast, "An employer is named on it.")
    second = adopted(cast, "Every employer is named on it.")
    one, two = first.resolution, second.resolution
    assert (one.number, one.wording, one.replaces) == (1, "An employer is named on it.", None)
    assert (two.number, two.replaces, two.adopted_on) == (2, one, timezone.localdate())
    page = text(client.get(f"/o/northfield/decisions/{second.number}/"))
    assert "Resolution 2 of Microcredential Council" in page
    assert "Every employer is named on it." in page
    assert "It takes the place of resolution 1" in page
    assert '<del><span class="hidden-text">[gone:</span>An employer' not in page
    assert "<del>" in page
    register = text(client.get("/o/northfield/decisions/?q=every+employer"))
    assert "resolution 2" in register
    assert first.number not in register
    table = client.get("/o/northfield/decisions/register.csv").content.decode()
    assert "Every employer is named on it." in table


def test_a_text_that_waits_for_a_condition_or_was_rejected_is_no_resolution(cast, policy):
    lost = decided(cast, policy, "against", "against", "for")
    assert not hasattr(lost, "resolution")
    assert not Resolution.objects.exists()


def test_the_words_of_a_policy_motion_are_a_resolution_too(cast):
    decision = resolved(cast, "Fees stay.")
    assert (decision.resolution.subject, decision.resolution.wording) == ("Fees stay.", "Fees stay.")
