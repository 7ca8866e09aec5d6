"""Limits that hold for the whole of a thing, not for each of its pieces."""

import time

import pytest

from gradatim.engine.bake import unbake
from gradatim.engine.errors import FetchError
from gradatim.engine.fetch import MAX_SECONDS, MemoryFetcher
from tests.engine.timing import within
from tools import limits

HOST = "https://slow.example"


def chain(seconds):
    web = {f"{HOST}/{i}": {"status": 302, "location": f"/{i + 1}", "hang_s": seconds} for i in range(3)}
    return MemoryFetcher(web | {f"{HOST}/3": {"body": "{}", "hang_s": seconds}})


def test_waiting_adds_up_over_redirects():
    assert chain(MAX_SECONDS / 5).get(f"{HOST}/0").url == f"{HOST}/3"
    with pytest.raises(FetchError) as late:
        chain(MAX_SECONDS / 3).get(f"{HOST}/0")
    assert late.value.code == "timeout"


def test_each_question_has_its_own_time():
    fetcher = MemoryFetcher({HOST: {"body": "{}", "hang_s": MAX_SECONDS * 0.9}})
    started = time.monotonic()
    assert [fetcher.get(HOST).body for _ in range(3)] == [b"{}"] * 3
    assert time.monotonic() - started < 1


def test_a_credential_in_many_pieces_is_joined_once():
    pieces = 500_000
    picture = (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="https://purl.imsglobal.org/ob/v3p0"><o:credential>'
        + b"<![CDATA[a]]>" * pieces
        + b"</o:credential></svg>"
    )
    with within(1):
        assert unbake(picture) == b"a" * pieces


def test_ports_and_the_numbers_of_a_status_entry_are_among_the_limits():
    rows = {f"{module}.{name}": limits.shown(value) for module, name, value, _ in limits.limits()}
    assert rows["fetch.PORTS"] == "443, 8443"
    assert rows["model.credential.MAX_INDEX_DIGITS"] == "12"
    assert rows["model.credential.MAX_STATUS_SIZE"] == "8"


def test_every_limit_stands_in_the_documentation():
    assert limits.PAGE.read_text() == limits.page(), "run tools/limits.py"
