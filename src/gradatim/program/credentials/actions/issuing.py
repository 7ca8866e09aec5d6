"""Issuing: lint, sign, verify, and one commit with the outbox and the log.

Every row is linted before the real key is touched. The first row of a group, the first of each key, and every 25th are
also rehearsed with a throw-away key and, once signed, read back as a stranger would; so a single one always is.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.engine.canonical.rdfc import Canonical
from gradatim.engine.canonical.sheet import Sheets
from gradatim.engine.did import did_web_url
from gradatim.engine.errors import Error, FetchError
from gradatim.engine.fetch import Fetcher, MemoryFetcher, Response
from gradatim.engine.issue import lint
from gradatim.engine.keys import ED25519, PrivateKey
from gradatim.engine.proof.data_integrity import add_proof
from gradatim.engine.reader import write_json
from gradatim.engine.verify import Setting, run
from gradatim.engine.verify.asking import Asking
from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.credentials import addresses, documents
from gradatim.program.credentials.actions.batches import check_gate
from gradatim.program.credentials.actions.keys import signer
from gradatim.program.credentials.fetching import ProductFetcher
from gradatim.program.credentials.models import Batch, Credential, Intent, SigningKey, StatusList
from gradatim.program.ground.models import Work
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log

GROUP = 250  # credentials a commit
SAMPLE = 25  # every so many of a group are checked by the independent path

Signed = list[tuple[Intent, str]]
"""Intents with the bytes that were signed for them."""


def issue_due(*, batch: Batch | None = None, limit: int = GROUP) -> int:
    """Issue what waits: one group, one commit. Cut off at any point, nothing of the group has happened.

    Args:
        batch: only of this run.
        limit: at most so many.

    Returns:
        How many were dealt with, failures included; 0 when nothing waits.
    """
    with transaction.atomic():
        waiting = Intent.objects.filter(state=Intent.State.WAITING)
        if batch is not None:
            waiting = waiting.filter(batch=batch)
        first = waiting.order_by("id").values_list("batch_id", flat=True).first()
        if first is None:
            return 0
        held = waiting.filter(batch_id=first).order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            held = held.select_for_update(skip_locked=True)
        intents = list(held[:limit])
        if not intents:
            return 0
        _issue_group(intents)
        _finish(first)
    return len(intents)


def _issue_group(intents: list[Intent]) -> None:
    version = _in_common(intents)
    try:
        check_gate(version)
    except Refused as refused:
        _fail(intents, refused.message)
        return
    done = _sign_all(intents, version)
    published = Asking(ProductFetcher(MemoryFetcher({})))
    try:
        for place in _sample([intent for intent, _text in done]):
            intent, text = done[place]
            _read_back(text, published, intent.created)
    except Error as error:  # the rows were in order: the key, or what is published of it, is not
        _fail([intent for intent, _text in done], error.message)
        return
    if done:
        _keep(done, version)


def _in_common(intents: list[Intent]) -> Version:
    """What the intents of a run share is read once and given to each of them; the version, now locked, is returned."""
    version = (
        Version.objects.select_for_update(of=("self",))
        .select_related("achievement__organization__logo", "type", "level")
        .get(pk=intents[0].version_id)
    )
    organization = version.achievement.organization
    keys = SigningKey.objects.in_bulk({intent.key_id for intent in intents})
    lists = StatusList.objects.defer("document").in_bulk({intent.status_list_id for intent in intents})
    for key in keys.values():
        key.organization = organization
    for status_list in lists.values():
        status_list.organization = organization
    for intent in intents:
        intent.organization, intent.version = organization, version
        intent.key, intent.status_list = keys[intent.key_id], lists[intent.status_list_id]
    return version


def _sign_all(intents: list[Intent], version: Version) -> Signed:
    """Sign what is in order; what is not is noted with its reason, and stops nobody else."""
    rehearsed, sheets, frame = _sample(intents), Sheets(), documents.Frame(version)
    keys: dict[int, PrivateKey] = {}
    done = []
    for place, intent in enumerate(intents):
        try:
            if intent.version_digest != version.digest:
                raise Refused(
                    "not-approved",
                    _("The version is no longer what was approved when this was started."),
                )
            unsigned = documents.unsigned(intent, frame)
            canonical = lint(unsigned, sheets=sheets)
            if place in rehearsed:
                _rehearse(unsigned, intent)
            if intent.key_id not in keys:
                keys[intent.key_id] = signer(intent.key)
            done.append((intent, signed(unsigned, intent, keys[intent.key_id], canonical)))
        except (Error, Refused) as refusal:
            _fail([intent], refusal.message)
    return done


def _sample(intents: list[Intent]) -> set[int]:
    """The places of the rows that the independent path checks: every so many, and the first of each key."""
    first = {intent.key_id: place for place, intent in reversed(list(enumerate(intents)))}
    return set(range(0, len(intents), SAMPLE)) | set(first.values())


def signed(
    unsigned: dict[str, Any], intent: Intent, private: PrivateKey, canonical: Canonical | None = None
) -> str:
    """The signed bytes of an intent; the same every time, because all that varies was fixed beforehand.

    Args:
        unsigned: from `documents.unsigned`, linted.
        intent: says when and by which key.
        private: that key.
        canonical: what linting gave.
    """
    document = add_proof(
        unsigned,
        signer=private,
        verification_method=addresses.method_url(intent.key),
        created=intent.created,
        canonical=canonical,
    )
    return write_json(document).decode()


def _rehearse(unsigned: dict[str, Any], intent: Intent) -> None:
    """Sign with a key made for this moment and hold the result against our own verifier."""
    throwaway = PrivateKey.generate(ED25519)
    key = SigningKey(
        organization=intent.organization, kind=ED25519, public_multibase=throwaway.public_key.to_multibase()
    )
    text = signed(unsigned, Intent(key=key, created=intent.created), throwaway)
    _read_back(text, _OnlyThis(documents.controller_document(intent.organization.did, [key])), intent.created)


def _read_back(text: str, fetcher: Fetcher, moment: datetime) -> None:
    """Read the bytes as a stranger would, against the published documents."""
    run(text.encode(), Setting(fetcher, max(moment, timezone.now()), status=False)).raise_for_failure()


class _OnlyThis:
    """A `Fetcher` that knows one did:web document and nothing else."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.requests: list[dict[str, Any]] = []

    def get(self, url: str, *, accept: str = "application/json") -> Response:
        """As `Fetcher.get`."""
        if url != did_web_url(self.document["id"]):
            raise FetchError("not-found", f"{url} is not part of a rehearsal.")
        return Response(url, json.dumps(self.document).encode(), accept)


def _keep(done: Signed, version: Version) -> None:
    """The commit: credentials, intents done, one outbox row each, one line in the log."""
    now = timezone.now()
    organization = done[0][0].organization
    Credential.objects.bulk_create(
        Credential(
            id=intent.credential_id,
            intent_id=intent.pk,
            organization_id=organization.pk,
            version_id=version.pk,
            learner_id=intent.learner_id,
            document=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            issued_at=now,
            valid_until=intent.valid_until,
            practice=intent.practice,
        )
        for intent, text in done
    )
    Intent.objects.filter(pk__in=[intent.pk for intent, _text in done]).update(state=Intent.State.DONE)
    Work.objects.bulk_create(
        Work(
            kind="notify",
            key=str(intent.credential_id),
            payload={"credential": str(intent.credential_id)},
            due_at=now,
        )
        for intent, _text in done
    )
    if version.state == Version.State.APPROVED:
        achievements.activate(version=version)
    log(
        organization=organization,
        verb="credentials.issued",
        target=f"batch:{done[0][0].batch_id}",
        detail={"credentials": [str(intent.credential_id) for intent, _text in done]},
    )


def _fail(intents: list[Intent], why: str) -> None:
    Intent.objects.filter(pk__in=[i.pk for i in intents]).update(state=Intent.State.FAILED, error=why)


def _finish(batch_id: int) -> None:
    if not Intent.objects.filter(batch_id=batch_id, state=Intent.State.WAITING).exists():
        Batch.objects.filter(pk=batch_id, state=Batch.State.RUNNING).update(
            state=Batch.State.DONE, finished_at=timezone.now()
        )
