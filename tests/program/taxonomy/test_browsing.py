"""Browsing frameworks, crosswalks between them, downloads, publishing and retiring; and the graph's arithmetic."""

import csv
import io
import itertools
import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gradatim.engine.framework.library import shipped
from gradatim.engine.framework.read import read
from gradatim.engine.framework.shape import About
from gradatim.program.achievements import actions as achievements
from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy import actions, queries
from gradatim.program.taxonomy.graph import HEIGHT, Box, Line, draw
from gradatim.program.taxonomy.models import Framework, Match

pytestmark = pytest.mark.django_db

FRAME = 3  # session, person, organization with roles


def at(name, college, *rest):
    return reverse(f"taxonomy:{name}", args=[college.slug, *rest])


@pytest.fixture
def inside(signed_in, college, manager):
    assert college.pk
    return signed_in(manager)


@pytest.fixture
def own(college, manager):
    return actions.import_framework(organization=college, content=queries.sample_package(), actor=manager)


@pytest.fixture
def bloom(college, manager):
    content, about = shipped("bloom")
    return actions.import_framework(organization=college, content=content, about=about, actor=manager)


@pytest.fixture
def match(own, bloom, manager):
    return actions.match_items(
        origin=own.items.get(code="C.1"),
        destination=bloom.items.get(code="2.7"),
        relation=Match.Relation.BROAD,
        actor=manager,
    )


def test_one_statement(inside, college, own, match, manager):
    version = achievements.draft(organization=college, title="Talks", description="x", actor=manager)
    achievements.align(version=version, items=[match.origin], actor=manager)
    text = inside.get(at("item", college, match.origin_id)).content.decode()
    for said in (
        "Explains a finding",
        "Talks (version 1)",
        "is narrower than",
        "2.7 Explain",
        '<svg class="graph"',
        own.title,
    ):
        assert said in text
    assert f"{at('item', college, own.items.get(code='C').pk)}" in text
    other = inside.get(at("item", college, match.destination_id)).content.decode()
    assert "is broader than" in other
    assert "construct a model" in other
    above = inside.get(at("item", college, own.items.get(code="C").pk)).content.decode()
    assert "Below it" in above
    assert above.count('class="strong"') == 1


@pytest.mark.parametrize("rows", [3, 60])
def test_a_statement_asks_as_often_for_sixty_below_it_as_for_three(
    inside, college, manager, rows, django_assert_num_queries
):
    text = "code,skill,parent\nA,Top,\n" + "".join(f"A.{n},Below {n},A\n" for n in range(rows))
    made = actions.import_framework(
        organization=college, content=text.encode(), about=About(title="Ours"), actor=manager
    )
    with django_assert_num_queries(FRAME + 17):
        assert inside.get(at("item", college, made.items.get(code="A").pk)).status_code == 200
    with django_assert_num_queries(FRAME + 7):
        inside.get(at("framework", college, made.pk))
    with django_assert_num_queries(FRAME + 4):
        inside.get(at("graph", college, made.pk))
    with django_assert_num_queries(FRAME + 3):
        inside.get(at("framework", college, made.pk), {"q": "below"})


def test_many_statements_are_opened_level_by_level(inside, college, manager):
    text = "code,skill,parent\nA,Top,\nB,Other,\n" + "".join(f"A.{n},Below {n},A\n" for n in range(400))
    made = actions.import_framework(
        organization=college, content=text.encode(), about=About(title="Ours"), actor=manager
    )
    page = inside.get(at("framework", college, made.pk)).content.decode()
    assert "400 below" in page
    assert "Below 7" not in page
    page = inside.get(at("item", college, made.items.get(code="A").pk), {"page": 2}).content.decode()
    assert "Below 77" in page
    assert "page 2 of 8" in page
    assert "Below 77" in inside.get(at("framework", college, made.pk), {"q": "below 77"}).content.decode()
    assert (
        "No statement has all these words"
        in inside.get(at("framework", college, made.pk), {"q": "zebra"}).content.decode()
    )


def test_a_match_is_made_in_three_steps(inside, college, own, bloom):
    first, second = own.items.get(code="C.1"), bloom.items.get(code="2.7")
    page = at("new_match", college)
    assert str(first.statement) in inside.get(page, {"q": "explains finding"}).content.decode()
    text = inside.get(page, {"first": first.pk, "q": "explain"}).content.decode()
    assert "2.7" in text
    assert "Chooses a chart" not in text  # of the same framework
    assert "Explain" in inside.get(page, {"first": first.pk}).content.decode()  # found by its own words
    both = f"{page}?first={first.pk}&second={second.pk}"
    assert "how do they compare" in inside.get(both).content.decode()
    assert inside.post(both, {"relation": "likes"}).status_code == 422
    inside.post(both, {"relation": "exactMatchOf", "note": "Said so."})
    made = Match.objects.get()
    assert inside.post(both, {"relation": "exactMatchOf"}).status_code == 422
    back = f"{page}?first={second.pk}&second={first.pk}"
    assert "matched already" in inside.post(back, {"relation": "exactMatchOf"}).content.decode()
    assert "Said so." in inside.get(at("crosswalks", college)).content.decode()
    table = list(csv.reader(io.StringIO(inside.get(at("download_crosswalks", college)).content.decode())))
    assert table[1][1:5:3] + table[1][6:8] == ["C.1", "exactMatchOf", "2.7", "Explain"]
    inside.post(at("remove_match", college, made.pk))
    assert not Match.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_crosswalks_ask_as_often_for_three_as_for_one(
    inside, college, own, bloom, manager, rows, django_assert_num_queries
):
    for code, other in itertools.islice(zip(["C.1", "C.2", "C.3"], ["2.1", "2.2", "2.3"], strict=True), rows):
        actions.match_items(
            origin=own.items.get(code=code),
            destination=bloom.items.get(code=other),
            relation="exactMatchOf",
            actor=manager,
        )
    with django_assert_num_queries(FRAME + 3):
        assert inside.get(at("crosswalks", college)).content.decode().count("says the same as") == rows


def test_crosswalks_when_there_is_nothing_to_match(inside, college):
    assert "needs two frameworks" in inside.get(at("crosswalks", college)).content.decode()


def test_what_is_matched_is_not_lost(college, own, match, manager):
    whole = json.loads(queries.sample_package())
    whole["CFItems"] = [i for i in whole["CFItems"] if i["humanCodingScheme"] != "C.1"]
    whole["CFAssociations"] = []
    actions.import_framework(organization=college, content=json.dumps(whole).encode(), actor=manager)
    match.origin.refresh_from_db()
    assert match.origin.retired
    assert own.items.count() == 13
    actions.remove_practice(organization=college)
    assert not Framework.objects.exists()


def test_matches_stay_within_an_organization(own, bloom, outsider, manager):
    other = actions.import_framework(
        organization=outsider.memberships.get().organization, content=queries.sample_package(), actor=outsider
    )
    item = own.items.get(code="C.1")
    for wrong in (other.items.get(code="C.1"), own.items.get(code="C.2")):
        with pytest.raises(Refused):
            actions.match_items(origin=item, destination=wrong, relation="exactMatchOf", actor=manager)
    assert bloom.pk


@pytest.mark.parametrize("kind", ["case", "ctdl"])
def test_downloads_can_be_imported_again(inside, college, own, match, kind):
    answer = inside.get(at("download_framework", college, own.pk, kind))
    assert "attachment" in answer["Content-Disposition"]
    again = read(answer.content)
    assert {i.identifier for i in again.items} == set(own.items.values_list("identifier", flat=True))
    assert [i.statement for i in again.items] == [i.statement for i in own.items.all()]
    outside = [a for a in again.associations if a.outside_uri]
    assert [(a.kind, a.destination) for a in outside] == [
        ("ext:broadMatch", match.destination.identifier)
    ] or kind == "ctdl"
    assert inside.get(at("download_framework", college, own.pk, "pdf")).status_code == 404


def test_publishing_and_retiring(inside, college, own, manager, outsider):
    state = at("framework_state", college, own.pk)
    for to, said in (
        ("publish", "published"),
        ("withdraw", "Publish it"),
        ("retire", "retired"),
        ("restore", "Retire it"),
    ):
        inside.post(state, {"to": to})
        assert (
            said
            in inside.get(at("framework", college, own.pk)).content.decode()
            + inside.get(at("frameworks", college)).content.decode()
        )
    assert inside.post(state, {"to": "sell"}).status_code == 404
    actions.publish_framework(framework=own, actor=manager)
    other = actions.import_framework(
        organization=outsider.memberships.get().organization, content=queries.sample_package(), actor=outsider
    )
    with pytest.raises(Refused, match="publishes this framework here already"):
        actions.publish_framework(framework=other, actor=outsider)


def test_suggestions_stand_on_the_page_of_a_draft(inside, college, own, manager):
    version = achievements.draft(
        organization=college,
        title="Talks",
        description="x",
        outcomes=["Explain a finding to colleagues"],
        actor=manager,
    )
    page = reverse("achievements:alignments", args=[college.slug, version.pk])
    text = inside.get(page).content.decode()
    assert "Your outcomes may mean these" in text
    assert "because of: explain, finding, colleagues" in text
    assert not version.alignments.exists()
    inside.post(page, {"item": [own.items.get(code="C.1").pk]})
    assert "because of: explain, finding, colleagues" not in inside.get(page).content.decode()


@pytest.mark.parametrize(
    ("content", "target"),
    [
        (b"conceptUri,preferredLabel\nhttp://data.europa.eu/esco/skill/x,read\n", ("ext:ESCOSkill", None)),
        (
            b"O*NET-SOC Code\tTitle\tDescription\n15-1252.00\tDevelopers\tx\n",
            ("ext:ONETOccupation", "15-1252.00"),
        ),
        (b"Element ID\tElement Name\n2.A\tSkills\n", ("ext:ONETElement", "2.A")),
        (b"code,skill\nA,Reads\n", ("CFItem", None)),
    ],
)
def test_an_alignment_says_what_it_points_to(college, manager, settings, content, target):
    made = actions.import_framework(
        organization=college, content=content, about=About(title="Ours"), actor=manager
    )
    item = made.items.get()
    version = achievements.draft(organization=college, title="Talks", description="x", actor=manager)
    row = achievements.align(version=version, items=[item], actor=manager)[0]
    assert (row.target_type, row.target_code) == (target[0], target[1] or str(item.identifier))
    own = f"{settings.SITE_URL}/ims/case/v1p1/CFItems/{item.identifier}"
    assert row.target_url == (item.uri if item.link else own)


def boxes(drawing):
    return {p.box.key: p for p in drawing.boxes}


def test_a_graph_goes_from_left_to_right():
    drawing = draw(
        [Box(n, f"Box {n}") for n in range(5)],
        [Line(0, 1), Line(0, 2), Line(1, 3), Line(2, 3), Line(3, 4, loose=True)],
    )
    placed = boxes(drawing)
    assert [placed[n].x for n in range(5)] == [0, 288, 288, 576, 864]
    assert drawing.width == 1080
    assert abs(placed[1].y - placed[2].y) >= HEIGHT


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), max_size=24))
def test_boxes_never_lie_on_each_other(edges):
    lines = [Line(min(a, b), max(a, b), loose=loose) for a, b, loose in edges if a != b]
    drawing = draw([Box(n, "x" * n) for n in range(10)], lines)
    places = [(p.x, p.y) for p in drawing.boxes]
    assert len(drawing.boxes) == 10
    for (x, y), (to_x, to_y) in itertools.combinations(places, 2):
        assert x != to_x or abs(y - to_y) >= HEIGHT
    placed = boxes(drawing)
    assert all(placed[li.origin].x < placed[li.destination].x for li in lines if not li.loose)
    assert max(y for _x, y in places) + HEIGHT <= drawing.height
