"""What a chair stumbled over: rows typed by their names, steps that change nothing, what hangs, the way back from the register."""

import re

import pytest

from gradatim.program.council import actions, packs, queries
from gradatim.program.taxonomy import pack
from gradatim.program.taxonomy.models import ChangeList
from gradatim.program.taxonomy.quality import keyed, spelled
from tests.program.council.acts import earlier
from tests.program.council.test_charters import at
from tests.program.council.test_pages import text

pytestmark = pytest.mark.django_db

NAMES = {"new": "Something new", "ict": "Information and communication", "law": "Business, law"}


def test_codes_are_typed_and_shown_by_their_names():
    assert spelled(["new", "other"], NAMES) == "Something new, other"
    assert spelled("law", NAMES) == "law"  # its name could not be typed in a list
    assert spelled(3, {}) == "3"
    assert keyed("something NEW, ict, Other", NAMES) == "new, ict, Other"
    assert keyed("a, b", {}) == "a, b"


def posted(editor):
    data = {"order": [form.prefix[1:] for form in editor.stages], "save": "1"}
    for form in (editor.head, *editor.stages):
        for bound in form:
            value = bound.value()
            if value not in (None, "", False):
                data[bound.html_name] = "on" if value is True else value
    return data


def test_a_route_is_shown_by_names_and_saved_unchanged_it_changes_nothing(cast, proposal, signed_in):
    inside = signed_in(cast.manager)
    page = inside.get(at("route", "correction"))
    assert 'value="A correction"' in page.content.decode()
    data = posted(page.context["editor"]) | {"edition": "1"}
    answer = inside.post(at("route", "correction"), data, follow=True)
    assert "It reads as before, so nothing changed." in answer.content.decode()
    assert cast.northfield.routes.get(key="correction").edition == 1
    assert not ChangeList.objects.exists()
    data["route-value_0"] = "a minor change"
    inside.post(at("route", "correction"), data)
    (changes,) = ChangeList.objects.all()
    assert "kind equals minor" in changes.text
    shown = inside.get(at("change_list", changes.pk)).content.decode()
    assert "Changed route: Correction" in shown
    assert "proposals when what is asked for is “A minor change”" in shown
    assert shown.count("Take it off the list") == 1


def test_stages_that_are_the_same_are_written_alike(cast):
    said = {"key": "vote", "kind": "ballot", "name": "Vote", "who": "chair"}
    long = said | {"body": "Microcredential Council", "days": 0, "waits": True, "consent": False, "when": []}
    bodies = queries.stored_council(cast.northfield).bodies
    texts = {
        pack.write(pack.Policy(rest=packs.write(packs.Council(bodies, [
            {"key": "all", "name": "All", "stages": [stage]}]))))
        for stage in (said | {"body": cast.council.key}, long)
    }  # fmt: skip
    assert len(texts) == 1


def test_a_rule_is_written_with_the_names_of_values(cast, signed_in):
    page = signed_in(cast.manager).get(
        f"/o/northfield/taxonomy/rules/{cast.northfield.rules.get(key='assessment-present').pk}/"
    )
    assert re.search(r'name="condition-0-value"[^>]*>Recognition</textarea>', page.content.decode())


def test_what_hangs_stands_there_once_and_not_while_it_is_put_off(cast, proposal):
    (hanging,) = queries.reach(cast.northfield).hanging
    assert [stage.name for stage in hanging.stages] == ["Review", "Vote"]
    earlier(actions.put_off, proposal=proposal, until=None, why="Later.", actor=cast.chair)
    assert queries.reach(cast.northfield).hanging == ()


def test_the_register_keeps_the_way_back_for_who_works_here(cast, signed_in, client):
    for path in ("decisions/", "meetings/"):
        assert "/o/northfield/proposals/" not in client.get(f"/o/northfield/{path}").content.decode()
    for person, way in ((cast.chair, True), (cast.outsider, False)):
        page = signed_in(person).get("/o/northfield/decisions/").content.decode()
        assert ('href="/o/northfield/proposals/"' in page) is way


def test_the_way_says_whether_the_vote_is_open(cast, proposal, signed_in):
    inside = signed_in(cast.member)
    assert "not opened yet" in text(inside.get("/o/northfield/proposals/1/"))
    actions.open_ballot(proposal=proposal, actor=cast.chair)
    page = text(inside.get("/o/northfield/proposals/1/"))
    assert "the vote is open" in page
    assert f"Vote on “{proposal.title}”" in page


def test_the_charter_page_says_how_it_reads(cast, signed_in):
    page = text(signed_in(cast.manager).get(at("charter", cast.council.pk)))
    assert "more than half of the voting seats present" in page
