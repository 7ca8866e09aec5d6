"""Frameworks in the browser: every page under axe, and an import from the file to a statement, by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from gradatim.program.taxonomy.models import Framework, Import, Item

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [
    pytest.param({"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}, id="desktop-light"),
    pytest.param({"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"}, id="phone-dark"),
]


def faults(page, path):
    found = []
    width, most = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    if width > most:
        found.append((path, f"scrolls sideways: {width}"))
    results = Axe().run(page, options={"runOnly": RULES})
    return found + [
        (path, v["id"], [n["html"][:140] for n in v["nodes"]][:2]) for v in results.response["violations"]
    ]


@pytest.mark.parametrize("look", LOOKS)
def test_every_page(filled, visit, look):
    own = Framework.objects.get(published_at__isnull=False)
    item, other = Item.objects.get(framework=own, code="C.1"), Item.objects.get(code="2.7")
    base = "/o/northfield/taxonomy/frameworks/"
    paths = [
        "", "import/", f"{own.pk}/", f"{own.pk}/?q=chart", f"{own.pk}/?q=zebra", f"{own.pk}/graph/", f"{own.pk}/versions/",
        f"{own.pk}/versions/{Import.objects.filter(framework=own).first().pk}/", f"items/{item.pk}/", f"items/{other.pk}/",
        "crosswalks/", "crosswalks/new/", "crosswalks/new/?q=chart", f"crosswalks/new/?first={item.pk}",
        f"crosswalks/new/?first={item.pk}&second={other.pk}",
    ]  # fmt: skip
    page = visit("Priya Nair", **look)
    found = []
    for path in paths:
        page.goto(base + path)
        found += faults(page, path)
    page.goto("/o/northfield/matrix/")
    found += faults(page, "matrix")
    assert found == [], "\n".join(map(str, found))
    assert filled.cast.northfield.pk


@pytest.mark.usefixtures("filled")
def test_an_import_by_keyboard(visit, tmp_path):
    table = tmp_path / "skills.csv"
    table.write_text("code,skill,parent\nW,Weld,\nW.1,Read a weld symbol,W\n", encoding="utf-8")
    page = visit("Priya Nair")
    page.goto("/o/northfield/taxonomy/frameworks/import/")
    page.get_by_label("File").set_input_files(table)
    page.get_by_role("button", name="Look at it").first.press("Enter")
    assert "Give it a title" in page.inner_text("main")
    assert faults(page, "refused") == []
    page.get_by_label("File").set_input_files(table)
    page.get_by_label("What it is called").first.fill("Welding")
    page.get_by_role("button", name="Look at it").first.press("Enter")
    assert "This framework is new here" in page.inner_text("main")
    assert faults(page, "preview") == []
    page.get_by_role("button", name="Import the framework").press("Enter")
    page.get_by_label("Search statements").fill("symbol")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Read a weld symbol").press("Enter")
    page.wait_for_url("**/items/*/")
    assert "Welding" in page.inner_text("nav[aria-label='Where it stands']")


@pytest.mark.usefixtures("filled")
def test_without_javascript_a_framework_comes_along(visit):
    page = visit("Priya Nair", java_script_enabled=False)
    page.goto("/o/northfield/taxonomy/frameworks/import/")
    page.get_by_role("button", name="Bloom").click()
    assert "importing it changes no statement" in page.inner_text("main")
