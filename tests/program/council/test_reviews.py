"""Reviews: the rubric of a body, comments and suggestions, conflicts of interest, people from outside."""

import pytest

from gradatim.program.council import actions, queries
from gradatim.program.council.models import Comment, Guest, Review, Stage
from gradatim.program.ground.models import Work
from tests.program.council.acts import code_in, earlier, refused
from tests.program.council.test_pages import asked, text
from tests.program.council.test_routes import keep, to_review

PATH = "/o/northfield/proposals/1/"


def review(proposal, actor, scores=None, **changes):
    said = {"scores": scores or {}, "comment": "", "recommendation": "approve", **changes}
    return actions.review(proposal=proposal, actor=actor, **said)


def test_a_body_has_a_rubric_of_its_own(cast, signed_in, proposal):
    path = f"/o/northfield/council/{cast.council.pk}/rubric/"
    client = signed_in(cast.chair)
    assert "Purpose and audience are clear" in text(client.get(path))
    own = {"key_0": "need", "words_0": "It is needed", "floor_0": 2, "words_1": "It is kind", "floor_1": 0}
    assert client.post(path, own).url == path  # onto a change list: it is decided like a charter
    assert queries.rubric_of(cast.council).criteria[0].key == "purpose"
    criteria = [
        {"key": "need", "words": "It is needed", "floor": 2},
        {"key": "", "words": "It is kind", "floor": 0},
    ]
    earlier(
        actions.change_rubric, body=cast.council, criteria=criteria, all_must_meet=False, actor=cast.chair
    )
    review(proposal, cast.member, {"need": 1, "it-is-kind": 0})
    refused("row-invalid", review, proposal, cast.chair, {"purpose": 1})
    page = text(signed_in(cast.second_member).get(PATH))
    assert "Not met in somebody&#x27;s eyes: It is needed" in page or "eyes: It is needed" in page
    assert "It is kind" in page
    assert "Purpose and audience are clear" not in page
    text(signed_in(cast.member).get(path), 403)
    text(signed_in(cast.chair).post(path, {"words_0": " "}), 422)
    twice = {"words_0": "Same", "words_1": "Same", "floor_0": 1, "floor_1": 1}
    assert "there twice" in text(signed_in(cast.chair).post(path, twice), 422)


def test_all_must_be_met(cast, proposal):
    criteria = [{"key": "a", "words": "A", "floor": 3}, {"key": "b", "words": "B", "floor": 0}]
    earlier(
        actions.change_rubric, body=cast.council, criteria=criteria, all_must_meet=True, actor=cast.manager
    )
    refused("row-invalid", review, proposal, cast.member, {"a": 2})
    review(proposal, cast.member, {"a": 1})
    proposal.refresh_from_db()
    assert [c.key for c in queries.misses(proposal)] == ["b"]


def test_a_suggestion_is_taken_over_with_one_click(cast, signed_in, proposal):
    client = signed_in(cast.member)
    said = {
        "field": "need",
        "text": "Name the date.",
        "suggestion": "Nine employers, 3 March 2026.",
        "visibility": "proposer",
    }
    assert client.post(f"{PATH}comments/", said).url == PATH
    row = Comment.objects.get()
    take = {"comment": row, "actor": cast.manager}
    refused("not-draft", actions.take_suggestion, **take)
    actions.return_for_changes(proposal=proposal, reason="See comments.", actor=cast.chair)
    refused("permission", actions.take_suggestion, **take | {"actor": cast.chair})
    owner = signed_in(cast.manager)
    assert "Take these words over" in text(owner.get(PATH))
    assert "Taken over." in text(owner.post(f"{PATH}comments/{row.pk}/settle/", {"take": "1"}, follow=True))
    proposal.refresh_from_db()
    assert proposal.need == "Nine employers, 3 March 2026."
    refused("closed", actions.take_suggestion, **take)
    assert "taken over: Priya Nair" in text(owner.get(PATH))


@pytest.mark.parametrize(
    ("field", "words", "read"),
    [
        ("title", "Other title", lambda p: p.version.title),
        ("outcomes", "Read charts\nAsk", lambda p: "\n".join(o.text for o in p.version.outcomes.all())),
        ("workload_hours", "30", lambda p: str(p.version.workload_hours)),
        ("team", "Ann and Bo", lambda p: p.more["team"]),
    ],
)
def test_suggestions_for_every_sort_of_field(cast, proposal, field, words, read):
    row = actions.comment(proposal=proposal, text="", field=field, suggestion=words, actor=cast.chair)
    actions.return_for_changes(proposal=proposal, reason="See comments.", actor=cast.chair)
    actions.take_suggestion(comment=row, actor=cast.manager)
    proposal.refresh_from_db()
    assert read(proposal) == words
    assert queries.edits(proposal).first().content[field] == words


def test_comments_are_read_by_those_they_are_for(cast, signed_in, proposal):
    for visibility in Comment.Visibility.values:
        actions.comment(proposal=proposal, text=f"For {visibility}", visibility=visibility, actor=cast.member)

    def seen(person):
        page = text(signed_in(person).get(PATH))
        return [v for v in Comment.Visibility.values if f"For {v}" in page]

    assert seen(cast.manager) == ["proposer"]
    assert seen(cast.second_member) == ["proposer", "body"]
    assert seen(cast.chair) == seen(cast.member) == ["proposer", "body", "chair"]
    assert seen(cast.assessor) == []


def test_who_comments_and_what_is_no_comment(cast, proposal):
    said = {"proposal": proposal, "text": "x"}
    refused("permission", actions.comment, **said, actor=cast.assessor)
    refused("row-invalid", actions.comment, **said | {"text": " "}, actor=cast.member)
    refused("row-invalid", actions.comment, **said, suggestion="y", actor=cast.member)
    refused("row-invalid", actions.comment, **said, field="moon", actor=cast.member)
    refused("row-invalid", actions.comment, **said, visibility="chair", actor=cast.manager)
    row = actions.comment(**said, actor=cast.manager)
    refused("permission", actions.settle_comment, comment=row, actor=cast.member)
    assert actions.settle_comment(comment=row, actor=cast.chair).settled_at


def test_who_has_a_conflict_of_interest_does_not_review(cast, signed_in):
    keep(cast)
    made = actions.submit(proposal=propose_quick(cast), actor=cast.manager)
    to_review(cast, made)
    stage = Stage.objects.get(key="review")
    first, second = stage.people.order_by("pk")
    review(made, first)
    page = text(signed_in(first).post(f"{PATH}recuse/", {"reason": "My sister teaches it."}, follow=True))
    assert "conflict of interest, so you are not asked" in page
    assert not Review.objects.filter(reviewer=first).exists()
    refused("recused", review, made, first)
    assert first not in set(queries.find_proposal(cast.northfield, 1).stages.get(key="review").people.all())
    assert stage.people.count() == 2  # somebody else was asked in their place
    assert second in set(stage.people.all())
    refused("own-proposal", actions.recuse, proposal=made, actor=cast.manager)
    refused("permission", actions.recuse, proposal=made, actor=cast.assessor)


def propose_quick(cast):
    from tests.program.council.acts import propose  # noqa: PLC0415 - only here

    return propose(cast)


def test_somebody_from_outside_reviews_by_a_link(cast, signed_in, client, proposal):
    chair = signed_in(cast.chair)
    guest = {"name": "Ada Stone", "email": "Ada@Lakeside.example", "unit": "Lakeside Health"}
    assert "get a message with a link" in text(chair.post(f"{PATH}guests/", guest, follow=True))
    mail = Work.objects.get(key__startswith="guest:").payload
    assert mail["to"] == "ada@lakeside.example"
    path = next(w for w in mail["text"].split() if "/review/" in w).removeprefix("http://localhost:8000")
    client.logout()
    for _n in range(3):
        assert "Nothing happens until you press the button." in text(client.get(path))
        client.head(path)
    assert not Review.objects.exists()
    assert text(client.post(path, {"comment": "x"}), 422)
    said = {"recommendation": "approve", "score_need": "3", "comment": "We would hire them."}
    assert "with the council" in text(client.post(path, said))
    given = Review.objects.get()
    assert (given.by.name, given.scores) == ("Ada Stone", {"need": 3})
    assert "answered already" in text(client.get(path))
    text(client.post(path, said), 422)
    page = text(signed_in(cast.member).get(PATH))
    assert "Ada Stone (Lakeside Health, from outside): approve" in page
    assert client.get("/review/nothing/").status_code == 404


def test_the_code_of_the_mail_opens_the_same_page(cast, client, proposal):
    actions.ask_guest(proposal=proposal, name="Ada", email="ada@lakeside.example", actor=cast.chair)
    code = code_in(Work.objects.get(key__startswith="guest:").payload["text"])
    answer = client.post("/code/", {"email": "ada@lakeside.example", "code": code})
    assert "What do you think of it?" in text(client.get(answer.url))


def test_a_guest_is_asked_by_the_chair_and_is_no_proposer(cast, proposal):
    said = {"proposal": proposal, "name": "A", "email": "a@b.example"}
    refused("permission", actions.ask_guest, **said, actor=cast.member)
    refused("own-proposal", actions.ask_guest, **said | {"email": cast.manager.email}, actor=cast.chair)
    actions.ask_guest(**said, actor=cast.chair)
    actions.ask_guest(**said, actor=cast.chair)
    assert Guest.objects.count() == 1
    assert Work.objects.filter(key__startswith="guest:").count() == 2


def test_more_comments_and_reviews_ask_no_more(cast, signed_in, proposal):
    client = signed_in(cast.chair)
    actions.comment(proposal=proposal, text="x", actor=cast.member)
    few = asked(client, PATH)
    for n in range(4):
        actions.comment(proposal=proposal, text=f"x{n}", actor=cast.second_member)
        actions.ask_guest(proposal=proposal, name="A", email=f"a{n}@b.example", actor=cast.chair)
    review(proposal, cast.member, {"need": 3})
    assert asked(client, PATH) == few
