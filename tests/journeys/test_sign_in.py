"""Signing in as people do: a code by e-mail, a passkey, a password with a second factor."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ADDRESS = "priya.nair@northfield.example"


def ask_for_a_code(page):
    page.goto("/account/login/")
    page.get_by_role("link", name="Send me a code").click()
    page.get_by_label("Email").fill(ADDRESS)
    page.get_by_role("button").filter(has_text=re.compile("code|send", re.IGNORECASE)).first.click()


def code_of(mail):
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.body, re.MULTILINE)[1]


def sign_in_by_code(page, mailoutbox):
    ask_for_a_code(page)
    page.get_by_label("Code").fill(code_of(mailoutbox[-1]))
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/o/northfield/")


def test_a_code_by_mail(cast, visit, mailoutbox):
    page = visit()
    sign_in_by_code(page, mailoutbox)
    assert "Priya Nair" in page.inner_text("header")
    assert "/account/" not in mailoutbox[-1].body  # no link that a scanner of mail could follow


def test_a_passkey(cast, visit, mailoutbox):
    page = visit()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
               "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in_by_code(page, mailoutbox)
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("Name").fill("Laptop")
    if (box := page.get_by_label(re.compile("passwordless", re.IGNORECASE))).count():
        box.check()
    page.get_by_role("button", name=re.compile("create|add", re.IGNORECASE)).first.click()
    page.wait_for_url(re.compile("recovery|webauthn/$"))
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/o/northfield/")
    assert "Priya Nair" in page.inner_text("header")


def totp(secret, ahead=0):
    counter = next(iter(yield_hotp_counters_from_time())) + ahead
    return format_hotp_value(hotp_value(secret, counter))


def test_a_password_with_a_second_factor(cast, visit):
    cast.manager.set_password("three calm words")
    cast.manager.save()
    page = visit()

    def sign_in():
        page.goto("/account/login/")
        page.get_by_label("Email").fill(ADDRESS)
        page.get_by_label("Password").fill("three calm words")
        page.get_by_role("button", name="Sign in", exact=True).click()

    sign_in()
    page.wait_for_url("**/o/northfield/")
    page.goto("/account/2fa/totp/activate/")
    page.get_by_label("Password").fill("three calm words")
    page.get_by_role("button", name="Confirm").click()
    secret = page.locator("input[disabled]").input_value()
    page.get_by_label("Authenticator code").fill(totp(secret))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    sign_in()
    page.wait_for_url("**/2fa/authenticate/")
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Sign In", exact=True).click()
    assert "Incorrect code" in page.inner_text("main")
    page.get_by_label("Code", exact=True).fill(totp(secret, ahead=1))
    page.get_by_role("button", name="Sign In", exact=True).click()
    page.wait_for_url("**/o/northfield/")
    assert "Priya Nair" in page.inner_text("header")
