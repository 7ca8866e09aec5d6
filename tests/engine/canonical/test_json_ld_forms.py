"""The W3C JSON-LD suite, its other parts: a document and its other form say the same, one read by us, the other by PyLD."""

import json

import pytest

from tests.engine.canonical import oracle
from tests.engine.canonical.test_json_ld_api import SUITE, closed, compare, entries, judge, language

pytestmark = [pytest.mark.shared, pytest.mark.slow]

HOME = "https://w3c.github.io/json-ld-api/tests/"


@pytest.mark.parametrize("door", [closed, language], ids=lambda d: d.__name__)
@pytest.mark.parametrize(
    ("manifest", "ours", "theirs"),
    [("expand", "input", "expect"), ("flatten", "input", "expect"), ("compact", "expect", "input")],
    ids=lambda value: value if value in {"expand", "flatten", "compact"} else "",
)
def test_both_forms_say_the_same(manifest, ours, theirs, door):
    judged = {}
    for entry in entries(manifest):
        option = {"base": HOME + entry["input"]} | entry.get("option", {})
        if "expectErrorCode" in entry:
            if ours == "input":
                judged[entry["@id"]] = judge(door, entry["input"], None)
            continue

        def expected(entry=entry, option=option):
            document = json.loads((SUITE / entry[theirs]).read_text())
            return oracle.canonical(document, base=option["base"])

        judged[entry["@id"]] = judge(door, entry[ours], expected)
    compare(manifest, door, judged)
