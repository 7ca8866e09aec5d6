"""A real browser: Debian's Chromium, driven by Playwright."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    if CHROMIUM:
        return
    missing = pytest.mark.skip(reason="there is no Chromium: apt-get install chromium")
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(missing)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def cast(transactional_db):
    """The cast, seen by the server's thread too."""
    from gradatim.program.web.demo import cast as demo_cast  # noqa: PLC0415 - needs Django's apps
    from tests import kept  # noqa: PLC0415 - as above

    return kept.again(demo_cast.make)


@pytest.fixture
def filled(transactional_db):
    """The demo's whole program."""
    from tests import kept, made  # noqa: PLC0415 - needs Django's apps

    return kept.again(made.filled)


@pytest.fixture
def lived(transactional_db):
    """The same with a council that has been at work for months."""
    from tests import kept, made  # noqa: PLC0415 - needs Django's apps

    return kept.again(made.lived_in_for_months)


@pytest.fixture
def visit(chromium, live_server):
    """A function that opens the site as somebody: ``visit("Ruth Alvarez")``; without a name, as a stranger."""
    contexts = []

    def open_as(name=None, **options):
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        if name:
            page.goto("/cast/")
            page.get_by_role("button", name=f"Be {name}", exact=True).click()
            page.wait_for_url("**/")
        return page

    yield open_as
    for context in contexts:
        context.close()
