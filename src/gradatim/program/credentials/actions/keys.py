"""Writes of signing keys: made, prepared, changed, revoked; and tokens, which a key signs when they are asked for."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.engine.issue import issue_token
from gradatim.engine.keys import ED25519, P256, PrivateKey
from gradatim.engine.proof import data_integrity
from gradatim.program.credentials import addresses, documents, queries, rules, sealing
from gradatim.program.credentials.models import Credential, Intent, SigningKey, StatusList
from gradatim.program.ground import actions as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Organization, Person

State = SigningKey.State
KINDS = (ED25519, P256)  # embedded proofs; tokens (most verifiers take no Ed25519 tokens)
VOUCHING = {ED25519: "eddsa-jcs-2022", P256: "ecdsa-jcs-2019"}


@transaction.atomic
def make_key(*, organization: Organization, actor: Person | None = None) -> SigningKey:
    """Make the keys an issuer needs and has not got: one for embedded proofs, one for tokens.

    Args:
        organization: whose; no two organizations ever share a key.
        actor: an administrator; ``None`` for the product itself.

    Returns:
        The active key for embedded proofs.

    Raises:
        Refused: ``permission``.
    """
    organization = _allowed(organization, actor)
    for kind in KINDS:
        if queries.active_key(organization, kind) is None:
            _make(organization, kind, State.ACTIVE, actor)
    key = queries.active_key(organization, ED25519)
    assert key is not None  # noqa: S101 - made above
    return key


def _allowed(organization: Organization, actor: Person | None) -> Organization:
    """The organization, locked, if this person decides about its keys."""
    if actor is not None and not rules.may_keep_keys(actor, organization):
        raise Refused("permission", _("Only administrators decide about keys."))
    return Organization.objects.select_for_update().get(pk=organization.pk)


def _make(organization: Organization, kind: str, state: str, actor: Person | None) -> SigningKey:
    private = PrivateKey.generate(kind)
    public = private.public_key.to_multibase()
    key = SigningKey.objects.create(
        organization=organization,
        kind=kind,
        public_multibase=public,
        sealed_secret=sealing.seal(private.secret, bound_to=sealing.binding(organization.did, public)),
        state=state,
    )
    log(
        organization=organization,
        verb="key.made",
        target=f"key:{key.pk}",
        actor=actor,
        detail={"public": public, "state": str(state)},
    )
    return key


def signer(key: SigningKey) -> PrivateKey:
    """The key, opened.

    Args:
        key: the active one; with its organization.

    Raises:
        Refused: ``key-sealed``; ``key-revoked``, ``key-unresolved`` for a key in another state.
    """
    if key.state == State.REVOKED:
        raise Refused("key-revoked", _("This key was revoked and signs nothing any more."))
    if key.state != State.ACTIVE:
        raise Refused("key-unresolved", _("This key is not the one that signs now."))
    return _opened(key)


def _opened(key: SigningKey) -> PrivateKey:
    bound_to = sealing.binding(key.organization.did, key.public_multibase)
    return PrivateKey(key.kind, sealing.unseal(bytes(key.sealed_secret), bound_to=bound_to))


@transaction.atomic
def prepare_keys(*, organization: Organization, actor: Person | None = None) -> list[SigningKey]:
    """Publish the keys that will sign next, so that every verifier knows them before they sign for the first time.

    Args:
        organization: whose.
        actor: an administrator; ``None`` for the product itself.

    Returns:
        The prepared keys, one of each kind; those that were prepared before stay.

    Raises:
        Refused: ``permission``.
    """
    organization = _allowed(organization, actor)
    prepared = {key.kind: key for key in organization.keys.filter(state=State.NEXT)}
    return [prepared.get(kind) or _make(organization, kind, State.NEXT, actor) for kind in KINDS]


@transaction.atomic
def rotate_key(*, organization: Organization, actor: Person | None = None) -> SigningKey:
    """Sign with new keys from now on (the prepared ones, if there are any); the old ones stay published.

    Args:
        organization: whose.
        actor: an administrator; ``None`` for the product itself.

    Returns:
        The new key for embedded proofs; what waits to be issued is signed by it too.

    Raises:
        Refused: ``permission``.
    """
    organization = _allowed(organization, actor)
    organization.keys.filter(state=State.ACTIVE).update(state=State.VERIFY_ONLY)
    log(organization=organization, verb="key.rotated", target=f"organization:{organization.pk}", actor=actor)
    return _succeed(organization, actor)


def _succeed(organization: Organization, actor: Person | None) -> SigningKey:
    """Put keys where none is active, prepared ones first, and hand them what waits."""
    for kind in KINDS:
        prepared = organization.keys.filter(kind=kind, state=State.NEXT).first()
        if prepared is not None and queries.active_key(organization, kind) is None:
            organization.keys.filter(pk=prepared.pk).update(state=State.ACTIVE)
    key = make_key(organization=organization, actor=actor)
    Intent.objects.filter(organization=organization, state=Intent.State.WAITING).update(key=key)
    return key


@transaction.atomic
def revoke_key(*, key: SigningKey, actor: Person | None = None) -> SigningKey:
    """Revoke a key that others may have: what it signs from now on counts for nothing.

    Args:
        key: any key of the organization; another takes its place if it was active, and signs the status lists anew.
        actor: an administrator; ``None`` for the product itself.

    Returns:
        The key.

    Raises:
        Refused: ``permission``; ``closed``, when it is revoked already.
    """
    organization = _allowed(key.organization, actor)
    key = SigningKey.objects.select_for_update(of=("self",)).select_related("organization").get(pk=key.pk)
    if key.state == State.REVOKED:
        raise Refused("closed", _("It is revoked already."))
    key.state, key.revoked_at = State.REVOKED, timezone.now()
    key.save(update_fields=["state", "revoked_at"])
    log(organization=organization, verb="key.revoked", target=f"key:{key.pk}", actor=actor)
    _succeed(organization, actor)
    StatusList.objects.filter(organization=organization).update(dirty=True)
    ground.enqueue(kind="status-list", key=f"key:{key.pk}", payload={})
    return key


def did_document(*, organization: Organization) -> dict[str, Any]:
    """The did:web document; after a change of keys it is signed by those that signed before.

    By that a reader who has seen an old key knows that the new one is the same issuer's, and not that of somebody who
    bought the domain. While the keys are sealed it comes without these proofs. The same keys give the same text.

    Args:
        organization: whose.
    """
    document = documents.did_document(organization)
    since = organization.keys.aggregate(last=Max("created_at"))["last"]
    earlier = organization.keys.filter(state=State.VERIFY_ONLY).select_related("organization").order_by("id")
    try:
        for key in earlier:
            document = data_integrity.append_proof(
                document,
                signer=_opened(key),
                verification_method=addresses.method_url(key),
                created=since,
                cryptosuite=VOUCHING[key.kind],
            )
    except Refused:
        return documents.did_document(organization)
    return document


def token(*, credential: Credential) -> str:
    """The credential as a signed token (ES256): the same claims, the same status entry.

    Args:
        credential: one that was issued; the token says nothing that its signed bytes do not say.

    Raises:
        Refused: ``key-unresolved``, ``key-sealed``.
    """
    return _as_token(credential.document, credential.organization)


def list_token(*, status_list: StatusList) -> str:
    """The published edition of a status list as a signed token (ES256), for verifiers that read nothing else.

    Args:
        status_list: one that was published; with its organization.

    Raises:
        Refused: ``key-unresolved``, ``key-sealed``.
    """
    return _as_token(status_list.document, status_list.organization)


def _as_token(text: str, organization: Organization) -> str:
    key = queries.active_key(organization, P256)
    if key is None:
        raise Refused("key-unresolved", _("There is no key for tokens. Ask an administrator to make one."))
    document: dict[str, Any] = json.loads(text)
    document.pop("proof")
    return issue_token(document, signer=signer(key), verification_method=addresses.token_method_url(key))
