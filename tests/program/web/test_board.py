"""The board: the six steps and what waits, in as many queries for a full program as for an empty one."""

import pytest

from gradatim.program.ground.together import count_together

pytestmark = pytest.mark.django_db

FRAME = 3  # session, person, organization with roles


@pytest.mark.parametrize(("who", "queries"), [("manager", 5), ("chair", 4), ("assessor", 4)])
def test_it_asks_seldom(lived, signed_in, who, queries, django_assert_num_queries):
    client = signed_in(getattr(lived.cast, who))
    with django_assert_num_queries(
        FRAME + queries
    ):  # counts, the next look back, credentials, what waits; for managers the cohorts that are ready
        page = client.get("/o/northfield/").content.decode()
    assert "seats filled" in page


def test_what_is_counted_together_is_what_there_is(lived):
    org = lived.cast.northfield
    rows = {
        "rules": org.rules.filter(active=True),
        "proposals": org.proposals.select_related("version").order_by("number"),
        "none": org.proposals.filter(number=0),
    }
    assert count_together(rows) == {name: of.count() for name, of in rows.items()}
