"""Pages of routes and stages: the editor works by plain forms, the page of a proposal says why and what is next."""

import pytest

from gradatim.program.achievements.models import Version
from gradatim.program.council import actions, queries
from gradatim.program.council.models import Proposal, Route
from tests.program.council.acts import decided, propose, refused
from tests.program.council.test_pages import asked, text
from tests.program.council.test_routes import end, keep, open_now

ROUTES = "/o/northfield/council/routes/"


def stage(n, **said):
    return {f"s{n}-{name}": value for name, value in said.items()}


@pytest.fixture
def typed():
    return {
        "order": ["0", "1"],
        "route-name": "For credit",
        "route-fact_0": "credit_bearing",
        "route-is_0": "equals",
        "route-value_0": "yes",
        **stage(0, name="Registrar", kind="sign_off", who="second", days=7, waits="on"),
        **stage(1, name="Vote", kind="ballot", who="chair", waits="on"),
    }


def test_a_route_is_written_by_forms(cast, signed_in, draft, typed):
    client = signed_in(cast.manager)
    assert 'name="s0-kind"' in text(client.get(f"{ROUTES}new/"))
    assert client.post(f"{ROUTES}new/", typed | {"save": "1"}).url == ROUTES
    made = queries.find_route(cast.northfield, "for-credit")
    assert made.when == [{"fact": "credit_bearing", "is": "equals", "value": "yes"}]
    assert made.stages == [
        {"key": "registrar", "kind": "sign_off", "name": "Registrar", "who": "second", "days": 7},
        {"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"},
    ]
    page = text(client.get(ROUTES))
    for words in (
        "For credit",
        "For proposals when credit-bearing is “yes”.",
        "a second person of the staff",
        "For everything that no other route is for.",
    ):
        assert words in page
    sent = actions.submit(
        proposal=propose(cast, title="With credit", credit="credit", credits=2), actor=cast.manager
    )
    assert open_now(sent) == ["registrar"]


def test_buttons_add_move_and_take_out_stages_and_save_nothing(cast, signed_in, draft, typed):
    client, path = signed_in(cast.chair), f"{ROUTES}new/"
    page = text(client.post(path, typed | {"more": "1"}))
    assert 'name="s2-name"' in page
    assert 'value="Registrar"' in page
    page = text(client.post(path, typed | {"up": "1"}))
    assert page.index('value="Vote"') < page.index('value="Registrar"')
    page = text(client.post(path, typed | {"out": "0"}))
    assert 'value="Registrar"' not in page
    assert Route.objects.filter(key="for-credit").count() == 0


def test_any_number_of_tests_and_a_row_more_keeps_what_was_typed(cast, signed_in, draft, typed):
    client, path = signed_in(cast.manager), f"{ROUTES}new/"
    page = text(client.post(path, typed | {"row": "route"}))
    assert 'name="route-fact_3"' in page
    assert 'name="s0-fact_3"' not in page
    assert 'value="Registrar"' in page
    many = typed | {f"route-fact_{n}": "credit_bearing" for n in range(5)}
    many |= {f"route-is_{n}": "equals" for n in range(5)} | {f"route-value_{n}": "yes" for n in range(5)}
    assert 'name="route-fact_5"' in text(client.post(path, many | {"row": "route"}))
    assert client.post(path, many | {"save": "1"}).url == ROUTES
    made = queries.find_route(cast.northfield, "for-credit")
    assert len(made.when) == 5
    page = text(client.get(f"{ROUTES}for-credit/"))
    assert 'name="route-fact_4"' in page
    assert 'name="route-fact_5"' not in page


@pytest.mark.parametrize("lets", [True, False])
def test_suggestions_are_taken_over_in_a_stage_that_lets_proposers(cast, signed_in, lets):
    keep(cast, [
        {"key": "review", "kind": "rubric", "name": "Review", "who": "members", **({"edits": True} if lets else {})},
        {"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"},
    ])  # fmt: skip
    made = actions.submit(proposal=propose(cast), actor=cast.manager)
    said = actions.comment(
        proposal=made, field="title", text="", suggestion="Data in plain words", actor=cast.member
    )
    path = f"/o/northfield/proposals/1/comments/{said.pk}/settle/"
    page = text(signed_in(cast.manager).get("/o/northfield/proposals/1/"))
    assert ("Take these words over" in page) == lets
    if not lets:
        refused("not-draft", actions.take_suggestion, comment=said, actor=cast.manager)
        return
    refused("permission", actions.take_suggestion, comment=said, actor=cast.administrator)
    text(signed_in(cast.manager).post(path, {"take": "1"}, follow=True))
    version = Version.objects.get()
    assert (version.title, version.state) == ("Data in plain words", Version.State.IN_REVIEW)
    made.refresh_from_db()
    assert (made.state, made.revision) == ("submitted", made.edits.count())
    empty = actions.comment(proposal=made, field="criteria", text="", suggestion=".", actor=cast.member)
    end(made, "review", cast.chair)
    refused("not-draft", actions.take_suggestion, comment=empty, actor=cast.manager)


def test_the_editor_shows_which_way_something_would_go(cast, signed_in, draft, typed):
    client = signed_in(cast.chair)
    conditional = stage(0, fact_0="risk", is_0="equals", value_0="high")
    trying = {"try": "1", "version": draft.version_id, "kind": "new"}
    page = text(client.post(f"{ROUTES}new/", typed | conditional | trying))
    assert "“Registrar” is left out:" in page
    assert "risk: is “high”; found: “medium”" in page
    page = text(client.get(f"{ROUTES}?version={draft.version_id}&kind=correction"))
    assert "The route is “Correction”" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"route-name": ""}, "required"),
        ({"route-value_0": ""}, "needs a value"),
        ({"route-is_0": ""}, "Choose what is asked and how."),
        (stage(1, name="Vote", kind="technical", who="chair", waits="on"), "has to be a vote or a sign-off"),
        (stage(0, name="R", kind="sign_off", who="named", waits="on"), "name the people"),
        (stage(0, name="R", kind="sign_off", who="chair", days="-1"), "greater than or equal to 0"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, signed_in, draft, typed, wrong, words):
    page = text(signed_in(cast.manager).post(f"{ROUTES}new/", typed | wrong | {"save": "1"}), 422)
    assert words in page
    assert "Registrar" in page or wrong.get("s0-name") == "R"
    assert Route.objects.filter(key="for-credit").count() == 0


def test_a_route_changed_by_somebody_else_meanwhile_is_not_written_over(cast, signed_in, draft, typed):
    client = signed_in(cast.manager)
    client.post(f"{ROUTES}new/", typed | {"save": "1"})
    path = f"{ROUTES}for-credit/"
    assert 'name="edition" value="1"' in text(client.get(path))
    again = typed | {"edition": "1", "save": "1"}
    assert client.post(path, again | {"route-name": "Credit"}).url == ROUTES
    page = text(client.post(path, again | {"route-name": "Mine"}), 422)
    assert "was written meanwhile" in page
    assert 'value="Mine"' in page
    assert "Edition 2" in text(client.get(path))


def test_members_read_routes_and_do_not_write_them(cast, signed_in, draft):
    client = signed_in(cast.member)
    assert "Write a route" not in text(client.get(ROUTES))
    text(client.get(f"{ROUTES}new/"), 403)
    text(client.post(f"{ROUTES}full-review/remove/"), 403)


def test_more_routes_ask_no_more(cast, signed_in, draft, typed):
    client = signed_in(cast.manager)
    few = asked(client, ROUTES)
    for n in range(3):
        client.post(f"{ROUTES}new/", typed | {"save": "1", "route-name": f"Route {n}"})
    assert asked(client, ROUTES) == few <= 11


def test_a_page_of_a_draft_says_which_way_it_will_go(cast, signed_in, draft):
    page = text(signed_in(cast.manager).get("/o/northfield/proposals/1/"))
    assert "Why it goes this way: Full review" in page
    assert "The risk is medium: it is assessed and bears no credit." in page
    assert "Not “Correction”: what is asked for: is “A correction”; found: “Something new”" in page


def test_stages_on_the_page(cast, signed_in):
    keep(cast)
    made = actions.submit(proposal=propose(cast), actor=cast.manager)
    path = "/o/northfield/proposals/1/"
    client = signed_in(cast.administrator)
    page = text(client.get(path))
    assert "It is complete" in page
    assert "Open the vote" not in page
    waits = text(client.get("/o/northfield/"))
    assert "Complete?, until" in waits
    row = made.stages.get(key="complete")
    asking = {"people": [cast.assessor.pk], "add": "on", "due": "2030-01-31"}
    assert "newly asked" in text(client.post(f"{path}stages/{row.pk}/ask/", asking, follow=True))
    row.refresh_from_db()
    assert row.due_at.year == 2030
    bad = text(client.post(f"{path}stages/{row.pk}/ask/", {"people": [cast.manager.pk]}), 422)
    assert "Nothing was saved" in bad
    other = signed_in(cast.assessor)
    assert "is done" in text(other.post(f"{path}stages/{row.pk}/end/", {"note": "Fine."}, follow=True))
    end(made, "employers", cast.chair)
    chair = signed_in(cast.chair)
    assert 'value="complete"' in text(chair.get(path))
    back = {"reason": "Not complete after all.", "to": "complete"}
    assert "back at an earlier stage" in text(chair.post(f"{path}return/", back, follow=True))
    assert open_now(made) == ["complete"]
    assert text(chair.post(f"{path}stages/999/end/"), 404)


def test_a_change_and_a_retirement_start_from_what_is_approved(cast, signed_in):
    client, path = signed_in(cast.manager), "/o/northfield/proposals/change/"
    assert "Nothing is approved yet" in text(client.get(path))
    decided(cast, propose(cast), "for", "for", "for")
    version = Version.objects.get()
    assert version.title in text(client.get(path))
    assert "required" in text(client.post(path, {"version": version.pk}), 422)
    there = client.post(path, {"version": version.pk, "kind": "correction"}).url
    following = Version.objects.get(number=2)
    assert there == f"/o/northfield/proposals/new/?version={following.pk}&kind=correction"
    page = text(client.get(there))
    assert "A correction: a typing mistake" in page
    assert "Whom it touches" in page
    assert client.post(path, {"version": version.pk, "kind": "minor"}).url.endswith(
        f"{following.pk}&kind=minor"
    )
    retire = client.post(path, {"version": version.pk, "kind": "retire"}).url
    page = text(client.get(retire))
    assert "Why it should end" in page
    made = client.post(retire, {"purpose": "Nobody asks for it.", "need": "It stays valid."}).url
    assert Proposal.objects.get(number=2).kind == "retire"
    assert "Whom it touches" in text(client.get(made))
    assert client.post(f"{made}submit/").status_code == 302
    answer = client.get(f"{made}edit/")
    assert answer.status_code == 302
