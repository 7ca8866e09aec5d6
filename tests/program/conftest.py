"""The cast, and a data folder of the tests' own."""

from types import SimpleNamespace

import pytest


@pytest.fixture(autouse=True)
def own_limits(settings, tmp_path, monkeypatch):
    """Nobody's requests count in another test, and no minute ends within one."""
    from gradatim.program.ground import limits  # noqa: PLC0415 - needs Django's settings

    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_800_000_001.0))
    settings.LIMITS_FILE = tmp_path / "limits.sqlite3"


@pytest.fixture
def cast(db):
    """Both organizations with all their people; everyone's address is verified."""
    from gradatim.program.web.demo import cast as demo_cast  # noqa: PLC0415 - needs Django's apps
    from tests import kept  # noqa: PLC0415 - as above

    return kept.again(demo_cast.make)


@pytest.fixture
def signed_in(client):
    """A function that signs a person in: ``signed_in(cast.chair)`` returns the client."""

    def sign_in(person):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def filled(db):
    """The demo's whole program, with everything issued and every mail written."""
    from tests import kept, made  # noqa: PLC0415 - needs Django's apps

    return kept.again(made.filled)


@pytest.fixture
def lived(db):
    """The demo's program with a council that has been at work for months."""
    from tests import kept, made  # noqa: PLC0415 - needs Django's apps

    return kept.again(made.lived_in_for_months)
