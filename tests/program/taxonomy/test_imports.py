"""Imports in steps: fourteen thousand skills with progress, an update with its difference, and what goes wrong on the way."""

import json
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.framework.library import ABOUT, shipped
from gradatim.engine.framework.shape import About
from gradatim.program.achievements import actions as achievements
from gradatim.program.ground.models import Work
from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy import actions, queries
from gradatim.program.taxonomy.actions.imports import STEP
from gradatim.program.taxonomy.models import Framework, Import, Item
from gradatim.program.web import work
from tests.program.taxonomy.esco import table

pytestmark = pytest.mark.django_db


def at(name, college, *rest):
    return reverse(f"taxonomy:{name}", args=[college.slug, *rest])


@pytest.fixture
def inside(signed_in, college, manager):
    assert college.pk
    return signed_in(manager)


def started(client, college, content, name="skills_en.csv", **said):
    answer = client.post(
        at("import", college), {"file": SimpleUploadedFile(name, content), **said}, follow=True
    )
    return answer, Import.objects.first()


@pytest.mark.slow
def test_fourteen_thousand_skills(inside, college, manager):
    before = time.perf_counter()
    _page, run = started(inside, college, table(14_000))
    inside.post(at("confirm_import", college, run.pk))
    page = inside.get(at("import_run", college, run.pk)).content.decode()
    assert "0 of 14000 statements written" in page
    assert 'hx-trigger="every 2s"' in page
    assert 'http-equiv="refresh"' in page
    seen = []
    while work.run_once(limit=1):
        run.refresh_from_db()
        seen.append(run.done)
        assert Framework.objects.get().whole == (run.state == "done")
        assert bool(queries.frameworks(college)) == (run.state == "done")
    assert seen == [*range(STEP, 14_000, STEP), 14_000]
    assert time.perf_counter() - before < 120
    framework = Framework.objects.get()
    assert (framework.title, framework.items.count(), framework.source) == ("ESCO skills", 14_000, "esco")
    assert "Open the framework" in inside.get(at("import_run", college, run.pk)).content.decode()

    version = achievements.draft(organization=college, title="Data", description="x", actor=manager)
    used = framework.items.get(position=1)
    achievements.align(version=version, items=[used], actor=manager)

    def change(number, row):
        row["modifiedDate"] = "2025-11-28T10:01:02.003Z"
        if number == 3:
            row["preferredLabel"] = "read charts"
        if number == 5:
            row["status"] = "obsolete"
        return number not in {1, 2}

    page, update = started(inside, college, table(14_001, change=change))
    text = page.content.decode()
    for said in ("<dt>New</dt><dd>1</dd>", "<dt>Changed</dt><dd>1</dd>", "<dt>As before</dt><dd>13996</dd>",
                 "<dt>Retired by the publisher</dt><dd>1</dd>", "used by Data (version 1)", "<dt>Left out: deleted</dt><dd>1</dd>"):  # fmt: skip
        assert said in text
    inside.post(at("confirm_import", college, update.pk))
    work.drain()
    update.refresh_from_db()
    assert update.counts == {"new": 1, "changed": 1, "retired": 2, "removed": 1}
    assert sorted(line[0] for line in update.changes) == ["changed", "new", "removed", "retired", "retired"]
    assert framework.items.filter(retired=True).count() == 2
    page = inside.get(at("difference", college, framework.pk, update.pk)).content.decode()
    assert "read charts" in page
    history = inside.get(at("history", college, framework.pk)).content.decode()
    assert history.count("skills_en.csv") == 2
    top = inside.get(at("framework", college, framework.pk)).content.decode()
    assert "page 1 of 280" in top


def test_an_import_that_was_cut_off_goes_on(inside, college):
    _page, run = started(inside, college, table(STEP + 1))
    inside.post(at("confirm_import", college, run.pk))
    actions.carry_on(key=run.pk)
    assert Item.objects.count() == STEP
    Work.objects.update(state=Work.State.FAILED)
    assert "cut off" in inside.get(at("import_run", college, run.pk)).content.decode()
    inside.post(at("confirm_import", college, run.pk))
    work.drain()
    run.refresh_from_db()
    assert (run.state, run.done, Item.objects.count()) == ("done", STEP + 1, STEP + 1)
    actions.carry_on(key=run.pk)  # a late nudge does nothing
    assert Import.objects.get().state == "done"


def test_an_import_that_cannot_go_on_says_why(inside, college, manager):
    _page, run = started(inside, college, table(STEP + 1))
    inside.post(at("confirm_import", college, run.pk))
    actions.carry_on(key=run.pk)
    Framework.objects.update(changed_at="2030-01-01T00:00:00Z")
    work.drain()
    page = inside.get(at("import_run", college, run.pk)).content.decode()
    assert "changed by its publisher later than this file" in page
    assert "failed" in inside.get(at("frameworks", college)).content.decode()
    inside.post(at("discard_import", college, run.pk))
    assert not Framework.objects.exists()
    assert manager.pk


def test_a_table_of_the_same_shape_may_be_another_framework(inside, college):
    _page, run = started(inside, college, table(30))
    inside.post(at("confirm_import", college, run.pk))
    other = b"conceptUri,preferredLabel,description,skillType\nhttps://river.example/1,Mends nets,By hand.,skill\n"
    page, run = started(inside, college, other, name="river valley.csv")
    text = page.content.decode()
    assert "<dt>Left out: deleted</dt><dd>30</dd>" in text
    assert "Is it another framework?" in text
    assert 'value="river valley"' in text
    answer = inside.post(at("import_beside", college, run.pk), {"title": " "}, follow=True)
    assert "Give it a title." in answer.content.decode()
    answer = inside.post(at("import_beside", college, run.pk), {"title": "River valley"}, follow=True)
    assert "This framework is new here" in answer.content.decode()
    inside.post(at("confirm_import", college, run.pk))
    assert sorted(Framework.objects.values_list("title", flat=True)) == ["ESCO skills", "River valley"]
    assert [f.items.count() for f in Framework.objects.order_by("title")] == [30, 1]
    assert inside.post(at("import_beside", college, run.pk), {"title": "x"}).status_code == 409


def test_a_package_that_names_its_framework_is_not_set_apart(inside, college, manager):
    said = {
        "identifier": "6f7c0e2a-0000-4000-8000-000000000001",
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
    }
    item = said | {
        "identifier": "6f7c0e2a-0000-4000-8000-000000000002",
        "uri": "urn:x:2",
        "fullStatement": "Mends",
    }
    document = said | {"uri": "urn:x:1", "title": "Nets", "creator": "Us", "adoptionStatus": "Adopted"}
    content = json.dumps({"CFDocument": document, "CFItems": [item], "CFAssociations": []}).encode()
    for _ in range(2):
        run, _plan = actions.look_at(organization=college, content=content, name="a.json", actor=manager)
        if not Framework.objects.exists():
            actions.confirm(run=run, actor=manager)
    answer = inside.post(at("import_beside", college, run.pk), {"title": "x"}, follow=True)
    assert "The file itself says which framework it is" in answer.content.decode()


def test_a_table_of_ones_own_needs_a_title_and_can_be_updated(inside, college):
    content = b"code,skill,parent\nA,Reads,\nA.1,Reads charts,A\n"
    answer, _run = started(inside, college, content, name="own.csv")
    assert answer.status_code == 422
    assert "Give it a title." in answer.content.decode()
    _page, run = started(inside, college, content, name="own.csv", title="Ours")
    inside.post(at("confirm_import", college, run.pk))
    framework = Framework.objects.get()
    assert (framework.title, framework.source) == ("Ours", "csv")
    changed_at = framework.changed_at
    _page, run = started(inside, college, content, name="own.csv", framework=framework.pk)
    assert "changes no statement" in _page.content.decode()
    inside.post(at("confirm_import", college, run.pk))
    framework.refresh_from_db()
    assert framework.changed_at == changed_at
    _page, run = started(
        inside, college, b"code,skill\nA,Reads well\n", name="own.csv", framework=framework.pk, version="2"
    )
    inside.post(at("confirm_import", college, run.pk))
    framework.refresh_from_db()
    assert (framework.title, framework.version, [i.statement for i in framework.items.all()]) == (
        "Ours",
        "2",
        ["Reads well"],
    )
    assert framework.changed_at > changed_at


COLORS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@base <https://v.example/> .
<> a skos:ConceptScheme ; skos:prefLabel "Colors"@en .
<1> a skos:Concept ; skos:prefLabel "Red"@en, "Rojo"@es .
<2> a skos:Concept ; skos:prefLabel "Dark red"@en ; skos:broader <1> .
<3> a skos:Concept ; skos:prefLabel "Blue"@en .
"""


def test_turtle_is_imported_and_updated(inside, college):
    _page, run = started(inside, college, COLORS.encode(), name="colors.ttl")
    inside.post(at("confirm_import", college, run.pk))
    framework = Framework.objects.get()
    assert (framework.title, framework.source, framework.uri) == ("Colors", "skos", "https://v.example/")
    assert [i.statement for i in framework.items.all()] == ["Red", "Dark red", "Blue"]
    assert framework.associations.count() == 1
    page, _run = started(inside, college, COLORS.encode(), name="colors.ttl")
    assert "changes no statement" in page.content.decode()

    changed = COLORS.replace("Dark red", "Maroon").replace("<3>", "<4>")
    page, run = started(inside, college, changed.encode(), name="colors-2.ttl")
    for said in ("New</dt><dd>1", "Changed</dt><dd>1", "As before</dt><dd>1", "Left out: deleted</dt><dd>1"):
        assert said in page.content.decode()
    inside.post(at("confirm_import", college, run.pk))
    page = inside.get(at("difference", college, framework.pk, run.pk)).content.decode()
    assert "Dark red" in page
    assert "Maroon" in page


def test_a_broken_vocabulary_is_refused_with_its_line(inside, college):
    broken = COLORS.replace('"Blue"@en .', '"Blue"@en')
    answer, _run = started(inside, college, broken.encode() + b"<5> a skos:Concept .\n", name="colors.ttl")
    assert answer.status_code == 422
    assert 'data-cause="parse"' in answer.content.decode()
    assert "Line 7, column 1: the statement before has no dot at its end" in answer.content.decode()
    answer, _run = started(inside, college, b"<html><body>Colors</body></html>", name="colors.rdf")
    assert "This is XML or a web page" in answer.content.decode()
    assert not Import.objects.exists()


def test_a_bad_line_is_named_and_nothing_is_kept(inside, college):
    answer, _run = started(inside, college, b"skill,code\nReads,A\nWrites,A\n", title="Ours")
    assert answer.status_code == 422
    assert 'data-cause="duplicate-row"' in answer.content.decode()
    assert "Line 3" in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize("key", sorted(ABOUT))
def test_what_comes_with_the_product(inside, college, key):
    inside.post(at("import", college), {"shipped": key})
    inside.post(at("confirm_import", college, Import.objects.get().pk))
    assert Framework.objects.get().title == ABOUT[key].title


@pytest.mark.shared
def test_every_published_example(college, manager, shared):
    standards = shared / "standards"
    for path in [
        *sorted((standards / "case/examples").iterdir()),
        standards / "ctdl/examples/credential.4_import.json",
    ]:
        for _again in range(2):
            made = actions.import_framework(
                organization=college,
                content=path.read_bytes(),
                about=About(title=path.name),
                name=path.name,
                actor=manager,
            )
        assert made.whole
        assert made.imports.filter(state="done").count() == 2
        assert made.imports.first().counts == {"new": 0, "changed": 0, "retired": 0, "removed": 0}
    assert Framework.objects.count() == 3


@pytest.mark.shared
def test_an_address_that_is_private_is_refused_on_the_page(inside, college, shared):
    cases = {c["id"]: c for c in json.loads((shared / "attacks/cases.json").read_bytes())["cases"]}
    address = cases["frm-08"]["request"].removeprefix("import address ")
    answer = inside.post(at("import", college), {"address": address})
    assert answer.status_code == 422
    assert f'data-cause="{cases["frm-08"]["expect"]["cause"]}"' in answer.content.decode()
    assert not Import.objects.exists()


def test_a_service_that_goes_round_is_refused():
    base = "https://case.example/ims/case/v1p1"
    body = {"CFDocuments": [{"identifier": "6f7c0e2a-0000-4000-8000-000000000001", "title": "One"}]}
    network = MemoryFetcher(
        {f"{base}/CFDocuments": {"body": body, "link": f'<{base}/CFDocuments>; rel="next"'}}
    )
    with pytest.raises(Refused) as refused:
        actions.fetch(address=base, network=network)
    assert refused.value.code == "fetch-loop"


@pytest.mark.shared
def test_a_service_that_goes_round_is_refused_on_the_page(inside, college, shared, settings):
    cases = {c["id"]: c for c in json.loads((shared / "attacks/cases.json").read_bytes())["cases"]}
    base = "https://case.example/ims/case/v1p1"
    body = {"CFDocuments": [{"identifier": "6f7c0e2a-0000-4000-8000-000000000001", "title": "One"}]}
    itself = {"body": body, "link": f'<{base}/CFDocuments>; rel="next"'}
    settings.FETCHER = MemoryFetcher({f"{base}/CFDocuments": itself})
    answer = inside.post(at("import", college), {"address": base})
    assert answer.status_code == 422
    assert f'data-cause="{cases["frm-07"]["expect"]["cause"]}"' in answer.content.decode()
    assert not Import.objects.exists()


def listed(*rows):
    return b"code,statement\n" + "".join(f"{code},{said}\n" for code, said in rows).encode()


def test_any_two_versions_are_compared(inside, college, manager):
    about = About(title="Own list", creator="Northfield", language="en")
    first = listed(("A", "Adds"), ("B", "Builds"), ("C", "Cuts"), ("E", "Eats"))
    made = actions.import_framework(organization=college, content=first, about=about, actor=manager)
    same = About(title="Own list", identifier=made.identifier, uri=made.uri, language="en")
    for rows in (
        (("A", "Adds up"), ("B", "Builds"), ("D", "Draws"), ("E", "Eats soup")),
        (("A", "Adds and carries"), ("B", "Builds"), ("D", "Draws lines"), ("E", "Eats"), ("F", "Files")),
    ):
        actions.import_framework(organization=college, content=listed(*rows), about=same, actor=manager)
    runs = list(made.imports.order_by("pk"))
    assert len(runs) == 3
    answer = inside.get(
        at("compare_versions", college, made.pk), {"since": runs[2].pk, "until": runs[0].pk}, follow=True
    )
    text = " ".join(answer.content.decode().split())
    assert "Compared with version" in text
    found = {
        (what, after or before) for what, _code, before, after in queries.changes_since(runs[0], runs[2])
    }
    assert found == {
        ("changed", "Adds and carries"), ("removed", "Cuts"), ("new", "Draws lines"), ("new", "Files"),
    }  # fmt: skip
    assert "Eats" not in text
    assert queries.changes_since(runs[1], runs[2]) == [line[:4] for line in runs[2].changes]
    for bad in ({"since": "x", "until": "1"}, {"since": "", "until": ""}):
        assert inside.get(at("compare_versions", college, made.pk), bad).status_code == 404
    again = {"since": runs[0].pk, "until": runs[0].pk}
    assert inside.get(at("compare_versions", college, made.pk), again).status_code == 302
    assert (
        inside.get(at("difference", college, made.pk, runs[0].pk), {"since": runs[2].pk}).status_code == 404
    )


def test_only_the_organization_sees_its_imports(client, signed_in, college, manager, outsider):
    run, _plan = actions.look_at(
        organization=college, content=shipped("bloom")[0], name="x", about=shipped("bloom")[1], actor=manager
    )
    own = outsider.memberships.get().organization
    signed_in(outsider)
    assert client.get(at("import_run", own, run.pk)).status_code == 404
    assert client.post(at("confirm_import", own, run.pk)).status_code == 404
    assert client.post(at("discard_import", own, run.pk)).status_code == 404
