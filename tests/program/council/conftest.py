"""A proposal with the council, and a vote on it."""

import pytest

from gradatim.program.council import actions
from tests.program.council.acts import propose


@pytest.fixture
def draft(cast):
    return propose(cast)


@pytest.fixture
def proposal(cast, draft):
    return actions.submit(proposal=draft, actor=cast.manager)


@pytest.fixture
def ballot(cast, proposal):
    return actions.open_ballot(proposal=proposal, actor=cast.chair)
