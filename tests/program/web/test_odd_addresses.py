"""Addresses that nobody types: an answer that says what to do, never a fault; and the pages of one's own account."""

import pytest
from django.urls import reverse

ACCOUNT = (
    "account_email",
    "account_set_password",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
)


@pytest.mark.parametrize(
    "path",
    [
        "/catalog/?q=%00",
        "/o/northfield/catalog/?level=a%00b",
        "/o/northfield/decisions/?q=a%00",
        "/o/northfield/decisions/register.csv?q=%00",
        "/share/a%00b/",
        "/get/a%00b/",
    ],
)
def test_none_holds_a_zero(filled, client, path):
    answer = client.get(path)
    assert answer.status_code == 400
    assert "That could not be read" in answer.content.decode()


def test_what_only_looks_like_one_is_looked_for(filled, client):
    assert client.get("/catalog/?q=%2500").status_code == 200


@pytest.mark.parametrize("name", ACCOUNT)
def test_the_pages_of_an_account_open(filled, client, name):
    client.post("/cast/", {"person": filled.cast.learner.pk})
    assert client.get(reverse(name)).status_code == 200
