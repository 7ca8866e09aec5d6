"""Where the published standards are, what to say when they are not there, and runs in which nothing may be skipped."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("deep", max_examples=5_000, deadline=None)

SHARED = Path(os.environ.get("GRADATIM_SHARED", Path(__file__).resolve().parents[2] / "shared"))
NO_SKIPS = "GRADATIM_NO_SKIPS"
"""Set where everything that can be installed is installed: a test that is skipped there fails the run."""


def pytest_itemcollected(item):
    if item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames):
        item.add_marker("database")


def pytest_collection_modifyitems(items):
    # The engine's tests without Django take longest and go first: another process does the rest meanwhile.
    items.sort(key=lambda item: "alone" not in item.fixturenames)
    if SHARED.is_dir():
        return
    missing = pytest.mark.skip(
        reason="the published standards are not here: set GRADATIM_SHARED to their folder"
    )
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(missing)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Count what was skipped, whole modules too; the published standards cannot be installed, so they are excused."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get(NO_SKIPS) or terminal is None:
        return
    skipped = [
        report.nodeid
        for report in terminal.stats.get("skipped", ())
        if SHARED.is_dir() or "shared" not in getattr(report, "keywords", ())
    ]
    if skipped and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        terminal.write_line(
            f"\n{NO_SKIPS} is set, and {len(skipped)} were skipped: {', '.join(skipped)}", red=True
        )


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with `standards/` and `attacks/`."""
    return SHARED


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """In place of pytest-django's: the test database is a copy of one that was migrated once."""
    from django.db import connection  # noqa: PLC0415 - needs Django's settings
    from django.test.utils import setup_databases, teardown_databases  # noqa: PLC0415 - needs Django's settings

    from tests import migrated  # noqa: PLC0415 - as above

    with django_db_blocker.unblock():
        migrated.copy()
        made = setup_databases(verbosity=0, interactive=False, keepdb=True, serialized_aliases=set())
        assert (
            connection.features.supports_json_field
        )  # found out by a query, once: not to be counted in a test
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)
