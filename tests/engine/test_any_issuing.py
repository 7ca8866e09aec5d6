"""Whatever stands in a credential that is to be issued, it is refused with a cause and a cure, or signed; it never raises."""

import copy
from contextlib import suppress

import pytest

from gradatim.engine import status_list
from gradatim.engine.canonical.sheet import Sheets
from gradatim.engine.errors import Error
from gradatim.engine.issue import lint
from tests.engine.samples import DID, NOW, from_elsewhere, places
from tests.engine.test_any_input import RICH
from tests.engine.test_issuing import endorsement, record

BADGE = {name: value for name, value in RICH.items() if name not in {"proof", "endorsementJwt"}}
ASSOCIATION = {
    "type": "Association",
    "associationType": "isChildOf",
    "sourceId": "https://northfield.example/a/1",
    "targetId": "https://northfield.example/a/1",
}
RECORD = record(from_elsewhere(BADGE))
RECORD["credentialSubject"]["association"] = [ASSOCIATION]
LIST = status_list.credential(
    url="https://issuer.example/status/1",
    issuer=DID,
    purpose="revocation",
    bits=status_list.bits_of([7]),
    valid_from=NOW,
)
ODD = [
    None, True, 0, -1.5, 1e300, 10**400, float("inf"), "", "x", "\ud800", "urn:x:y", "2026-02-30T00:00:00Z", [], [[]], [None],
    [{}], {}, {"id": {}}, {"@value": "x", "@language": "DE"}, {"type": []}, {"type": [None]}, ["urn:x:y", 5],
]  # fmt: skip


@pytest.mark.parametrize("embedded", [True, False], ids=["embedded", "token"])
@pytest.mark.parametrize(
    "document", [BADGE, RECORD, endorsement(), LIST], ids=["badge", "record", "endorsement", "list"]
)
def test_odd_values_at_every_place(document, embedded):
    sheets = Sheets()
    for _ in range(2):
        lint(document, embedded=embedded, sheets=sheets)
    for way in places(document, leaves=False):
        changed = copy.deepcopy(document)
        at = changed
        for step in way[:-1]:
            at = at[step]
        for odd in [*ODD, copy.deepcopy(at), [at[way[-1]]]]:
            at[way[-1]] = odd
            for options in ({}, {"sheets": sheets}):
                with suppress(Error):
                    lint(changed, embedded=embedded, **options)
        del at[way[-1]]
        with suppress(Error):
            lint(changed, embedded=embedded)
