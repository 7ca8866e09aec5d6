"""What the verification page says of a badge of Open Badges 2.0: nothing of a signature where there is none."""

import json

import pytest

from gradatim.program.credentials import verification
from tests.engine.test_older_badges import HOST, assertion, signed, web
from tests.program.credentials.test_verifying import PATH


@pytest.fixture
def judged(filled, client, monkeypatch):
    def page(given, pages):
        monkeypatch.setattr(verification, "WebFetcher", lambda: pages)
        return client.post(PATH, {"text": given}).content.decode()

    return page


def test_a_hosted_one(judged):
    page = judged(json.dumps(assertion()), web())
    assert "It is not signed: the address of the issuer named below says the same." in page
    assert "since it was signed" not in page
    assert f"{HOST}/issuer" in page
    gone = web()
    gone.web = {**gone.web, f"{HOST}/a/1": {"status": 410}}
    page = judged(json.dumps(assertion()), gone)
    assert "Taken back" in page
    assert "whose address answers that it is gone for good" in page
    assert "The signature is right" not in page


def test_a_signed_one(judged):
    page = judged(signed(), web())
    assert "Nobody changed it since it was signed." in page
    listed = {"issuer": {"revocationList": f"{HOST}/list"}, "list": {"revokedAssertions": [f"{HOST}/a/1"]}}
    page = judged(signed(), web(**listed))
    assert "The signature is right" in page
