"""The walk through the main job: filled in once, then shown with links; ends with a check by the engine alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from gradatim.engine.did import did_web_url
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from gradatim.program.council import queries as council
from gradatim.program.credentials import actions as credentials
from gradatim.program.credentials import addresses, documents
from gradatim.program.credentials.models import Credential, StatusList
from gradatim.program.people.models import Organization
from gradatim.program.web.demo import lived_in, program
from gradatim.program.web.demo.cast import DID
from gradatim.program.web.work import drain

State = Credential.State


def once(*, directory: Path | None = None) -> bool:
    """Fill the demo in if it is not there, show what it did, and check one credential as a stranger would.

    Args:
        directory: where ``credential.json`` and ``web.json`` go; ``demo`` in the data folder if left out.

    Returns:
        Whether the checks say what was done: valid, and of the one that was taken back revoked. Whoever has been at work
        here since, and has issued, taken back or removed others, finds it as they left it.
    """
    northfield = Organization.objects.filter(did=DID).first()
    if northfield is None:
        with transaction.atomic():
            lived_in.fill(program.fill().cast)
        drain()
        _take_one_back()
        northfield = Organization.objects.get(did=DID)
    credentials.publish_status_lists()
    return _show(northfield, directory or settings.DATA / "demo")


def _take_one_back() -> None:
    """One of the four is taken back, so that a check has something to find."""
    registrar = (
        Organization.objects.get(did=DID)
        .memberships.filter(role="issuer")
        .select_related("person")
        .get()
        .person
    )
    credentials.take_back(
        credential=_of("N-1002"),
        kind="revoke",
        reason="mistake",
        note="Wrong section of the roster.",
        actor=registrar,
    )
    drain()


def _of(number: str) -> Credential:
    """The first credential of a learner."""
    found = Credential.objects.select_related("organization", "version__achievement")
    return found.filter(organization__did=DID, learner__number=number).earliest("issued_at")


def _show(northfield: Organization, directory: Path) -> bool:
    try:
        good, bad = _of("N-1001"), _of("N-1002")
    except Credential.DoesNotExist:  # somebody has removed what is for practice
        sys.stdout.write(
            f"\nNorthfield College is as you left it: {settings.SITE_URL}{reverse('web:cast')}\n"
        )
        return True
    directory.mkdir(parents=True, exist_ok=True)
    web = _web(northfield)
    (directory / "credential.json").write_text(good.document, encoding="utf-8")
    (directory / "web.json").write_text(json.dumps(web, indent=1), encoding="utf-8")
    say = sys.stdout.write
    decision = council.public_decisions(northfield).last()
    version = good.version
    lines = [
        (
            "A council approved a proposal",
            reverse("council:decision", args=[northfield.slug, decision.number if decision else ""]),
        ),
        (
            "The achievement it approved",
            reverse("achievements:version", args=[northfield.slug, version.achievement.slug, version.number]),
        ),
        (
            "Amina's credential (sign in as her or the registrar)",
            reverse("credentials:credential", args=[good.pk]),
        ),
        ("Be one of the cast", reverse("web:cast")),
        ("Check any credential", reverse("credentials:verify")),
    ]
    say("\nNorthfield College: from a proposal to a credential that anyone can check\n\n")
    for number, (words, path) in enumerate(lines, start=1):
        say(f"  {number}. {words}\n     {settings.SITE_URL}{path}\n")
    say("\n")
    as_done = [
        _checked("Amina's credential, checked by the engine alone", good, web),
        _checked("Ben's credential, taken back (issued by mistake)", bad, web),
    ]
    say("\n")
    say("Check it yourself:\n")
    say(f"gradatim verify --web {directory / 'web.json'} {directory / 'credential.json'}\n")
    sys.stdout.flush()
    return all(as_done)


_VERDICTS = {State.ACTIVE: "valid", State.REVOKED: "invalid, revoked", State.SUSPENDED: "invalid, suspended"}


def _checked(words: str, credential: Credential, web: dict[str, Any]) -> bool:
    """Say what the engine says of a credential, and whether that is what was done with it."""
    verdict = _verdict(credential.document, web)
    good = verdict == _VERDICTS[State(credential.state)]
    sys.stdout.write(f"  {'✓' if good else '✗'} {words}: {verdict}\n")
    return good


def _verdict(document: str, web: dict[str, Any]) -> str:
    report = verify(document, fetcher=MemoryFetcher(web), now=timezone.now())
    return ", ".join(filter(None, (report.verdict, report.cause)))


def _web(northfield: Organization) -> dict[str, Any]:
    """A stand-in network with what the issuer publishes."""
    found: dict[str, Any] = {did_web_url(northfield.did): {"body": documents.did_document(northfield)}}
    for one in StatusList.objects.filter(organization=northfield).select_related("organization"):
        found[addresses.status_url(one)] = {"body": json.loads(one.document)}
    return found
