"""Writes of status: taking back, pausing, lifting; status lists are made from these rows."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.engine import status_list as lists
from gradatim.engine.issue import issue
from gradatim.engine.keys import ED25519
from gradatim.program.achievements.models import Version
from gradatim.program.credentials import addresses, queries, rules
from gradatim.program.credentials.actions.keys import signer
from gradatim.program.credentials.models import Batch, Credential, Intent, StatusChange, StatusList
from gradatim.program.ground import actions as ground
from gradatim.program.ground.models import Work
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Organization, Person

FULL = 0.8  # of a list's entries; then the next one is begun
BEAT = timedelta(
    hours=1
)  # a list is signed anew this often, changed or not, so that the time of a change tells nothing
logger = logging.getLogger(__name__)
Kind = StatusChange.Kind
State = Credential.State
_STATES = {Kind.REVOKE: State.REVOKED, Kind.SUSPEND: State.SUSPENDED, Kind.REINSTATE: State.ACTIVE}
_FROM = {
    Kind.REVOKE: {State.ACTIVE, State.SUSPENDED},
    Kind.SUSPEND: {State.ACTIVE},
    Kind.REINSTATE: {State.SUSPENDED},
}


def list_with_room(*, organization: Organization, purpose: str) -> tuple[StatusList, int]:
    """The list that new credentials get their index in, locked, and how many it still takes.

    Args:
        organization: whose.
        purpose: a `Version.Taking`.
    """
    lists = StatusList.objects.filter(organization=organization, purpose=purpose)
    number = lists.aggregate(last=Max("number"))["last"] or 1
    while True:
        found, made = StatusList.objects.get_or_create(
            organization=organization, purpose=purpose, number=number
        )
        found = lists.select_for_update(of=("self",)).select_related("organization").get(pk=found.pk)
        if made:
            _publish(found)
        room = int(found.size * FULL) - Intent.objects.filter(status_list=found).count()
        if room > 0:
            return found, room
        number += 1


@transaction.atomic
def take_back(
    *, credential: Credential, kind: str, reason: str, actor: Person, note: str = ""
) -> StatusChange:
    """Take a credential back for good, pause it, or lift a pause; the learner is told by mail.

    Args:
        credential: which.
        kind: a `StatusChange.Kind`; pausing only where the version allows it.
        reason: a `StatusChange.Reason`; public.
        actor: a program manager or registrar.
        note: stays inside.

    Returns:
        The change; it is on the published list within a minute.

    Raises:
        Refused: ``permission``; ``row-invalid`` for an unknown reason; ``not-suspendable``; ``closed`` when it is in no state
            for it (taken back is for good).
    """
    credential = (
        Credential.objects.select_for_update(of=("self",))
        .select_related("organization", "version", "learner", "intent__status_list")
        .get(pk=credential.pk)
    )
    if not rules.may_issue(actor, credential.organization):
        raise Refused("permission", _("Only program managers and registrars take credentials back."))
    if kind not in Kind.values or reason not in StatusChange.Reason.values:
        raise Refused("row-invalid", _("Choose what to do and a reason from the list."), field="reason")
    if kind != Kind.REVOKE and credential.intent.status_list.purpose != Version.Taking.SUSPENDABLE:
        raise Refused(
            "not-suspendable",
            _("Credentials of this version can be taken back, but not paused."),
            field="kind",
        )
    if credential.state not in _FROM[Kind(kind)]:
        raise Refused("closed", _("It is %(state)s already.") % {"state": credential.get_state_display()})
    now = timezone.now()
    change = StatusChange.objects.create(
        credential=credential, kind=kind, reason=reason, note=note, at=now, by=actor
    )
    Credential.objects.filter(pk=credential.pk).update(state=_STATES[Kind(kind)])
    StatusList.objects.filter(pk=credential.intent.status_list_id).update(dirty=True)
    ground.enqueue(kind="status-list", key=f"change:{change.pk}", payload={})
    _tell(credential, change)
    log(
        organization=credential.organization,
        verb=f"credential.{kind}",
        target=f"credential:{credential.pk}",
        actor=actor,
        detail={"reason": reason},
    )
    return change


def _tell(credential: Credential, change: StatusChange) -> None:
    for address in credential.learner.addresses[:1]:
        words = {
            "name": credential.learner.name,
            "title": credential.version.title,
            "organization": credential.organization.name,
            "what": change.get_kind_display(),
            "reason": change.get_reason_display(),
        }
        ground.write_mail(
            key=f"change:{change.pk}",
            to=address,
            subject=_("“%(title)s” is %(what)s") % words,
            text=_(
                "Dear %(name)s,\n\nyour credential “%(title)s” is %(what)s. The reason is: %(reason)s.\n\n"
                "If you think this is wrong, answer this mail.\n\n%(organization)s"
            )
            % words,
            organization_name=credential.organization.name,
        )


def publish_status_lists() -> int:
    """Publish every list that changed, and sign the others anew on a fixed beat.

    A list whose key cannot sign stays as it was published and is tried again at the next beat; the others go on.

    Returns:
        How many were published.
    """
    published = 0
    for pk in list(queries.lists_to_publish(timezone.now() - BEAT).values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                locked = StatusList.objects.select_for_update(of=("self",)).select_related("organization")
                _publish(locked.get(pk=pk))
        except Refused as refused:
            logger.error("status list %s could not be published: %s", pk, refused.message)  # noqa: TRY400 - its sentence says all
        else:
            published += 1
    return published


def _publish(status_list: StatusList) -> None:
    """One edition, from the rows as they are now; a later edition always says a later time."""
    organization = status_list.organization
    key = queries.active_key(organization, ED25519)
    if key is None:
        raise Refused("key-unresolved", _("There is no signing key. Ask an administrator to make one."))
    now = timezone.now()
    moment = now.replace(microsecond=0)
    if status_list.published_at and moment <= status_list.published_at:
        moment = status_list.published_at.replace(microsecond=0) + timedelta(seconds=1)
    unsigned = lists.credential(
        url=addresses.status_url(status_list),
        issuer=organization.did,
        purpose=status_list.purpose,
        bits=lists.bits_of(queries.set_indexes(status_list), entries=status_list.size),
        valid_from=moment,
    )
    signed = issue(
        unsigned, signer=signer(key), verification_method=addresses.method_url(key), created=moment
    )
    status_list.document = json.dumps(signed, separators=(",", ":"))
    status_list.version += 1
    status_list.dirty = False
    status_list.published_at = max(now, moment)
    status_list.save(update_fields=["document", "version", "dirty", "published_at"])


@transaction.atomic
def remove_practice(*, organization: Organization) -> None:
    """Delete the credentials made while practicing.

    Args:
        organization: whose.
    """
    mine = {"organization": organization, "practice": True}
    gone = Credential.objects.filter(**mine)
    Work.objects.filter(kind="notify", key__in=[str(pk) for pk in gone.values_list("pk", flat=True)]).delete()
    StatusChange.objects.filter(credential__in=gone).delete()
    gone.delete()
    Intent.objects.filter(**mine).delete()
    StatusList.objects.filter(organization=organization).update(dirty=True)
    Batch.objects.filter(**mine).delete()
