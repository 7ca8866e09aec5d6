"""Reads of credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from gradatim.program.credentials import sealing
from gradatim.program.credentials.models import (
    Batch,
    Credential,
    Intent,
    SigningKey,
    StatusChange,
    StatusList,
)
from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Organization, Person

_WITH = (
    "organization",
    "version__achievement",
    "version__level",
    "version__type",
    "learner",
    "intent__status_list",
)


def own_issuers() -> frozenset[str]:
    """The identifiers of the issuers of this installation."""
    return frozenset(Organization.objects.values_list("did", flat=True))


def keys(organization: Organization) -> QuerySet[SigningKey]:
    """All keys, the newest first."""
    return organization.keys.select_related("organization").order_by("-id")


def active_key(organization: Organization, kind: str) -> SigningKey | None:
    """The key that signs now."""
    found = SigningKey.objects.select_related("organization")
    return found.filter(organization=organization, kind=kind, state=SigningKey.State.ACTIVE).first()


def opens(key: SigningKey) -> bool:
    """Whether the sealing key of this installation opens it; after a restore it may be another one."""
    try:
        sealing.unseal(
            bytes(key.sealed_secret), bound_to=sealing.binding(key.organization.did, key.public_multibase)
        )
    except Refused:
        return False
    return True


def find_key(organization: Organization, key: int) -> SigningKey | None:
    """One key."""
    return keys(organization).filter(pk=key).first()


def find_status_list(organization: str, purpose: str, number: int) -> StatusList | None:
    """A published status list by its address."""
    return (
        StatusList.objects.select_related("organization")
        .filter(organization__slug=organization, purpose=purpose, number=number)
        .exclude(document="")
        .first()
    )


def set_indexes(status_list: StatusList) -> list[int]:
    """The indexes that are set: what was taken back, and what is paused in a list of that purpose."""
    states = [Credential.State.REVOKED]
    if status_list.purpose == "suspension":
        states.append(Credential.State.SUSPENDED)
    found = Intent.objects.filter(status_list=status_list, credential__state__in=states)
    return list(found.values_list("status_index", flat=True))


def lists_to_publish(stale_before: datetime) -> QuerySet[StatusList]:
    """Lists that changed since they were published, and those whose signature is due to be made anew."""
    return StatusList.objects.filter(Q(published_at=None) | Q(dirty=True) | Q(published_at__lt=stale_before))


def credentials(organization: Organization, *, text: str = "", state: str = "") -> QuerySet[Credential]:
    """An organization's credentials, newest first, perhaps those of a learner, a title, a state."""
    found = Credential.objects.filter(organization=organization).select_related(
        "learner", "version__achievement"
    )
    if text:
        found = found.filter(
            Q(learner__legal_name__icontains=text)
            | Q(learner__chosen_name__icontains=text)
            | Q(learner__number__iexact=text)
            | Q(version__title__icontains=text)
        )
    if state:
        found = found.filter(state=state)
    return found.order_by("-issued_at", "id")


def find_credential(credential: UUID) -> Credential | None:
    """One credential with all that its page shows."""
    return Credential.objects.select_related(*_WITH).filter(pk=credential).first()


def find_own_credential(organization: Organization, credential: UUID) -> Credential | None:
    """One credential of an organization."""
    return Credential.objects.select_related(*_WITH).filter(organization=organization, pk=credential).first()


def credentials_of(person: Person) -> QuerySet[Credential]:
    """A person's credentials, newest first, of all organizations."""
    return Credential.objects.filter(learner__person=person).select_related(*_WITH).order_by("-issued_at")


def last_change(credential: Credential) -> StatusChange | None:
    """What was done to it last."""
    return credential.changes.order_by("-at", "-id").first()


def batches(organization: Organization) -> QuerySet[Batch]:
    """Issuing runs with how far they are, newest first."""
    return _counted(organization.batches.select_related("version")).order_by("-id")


def find_batch(organization: Organization, batch: int) -> Batch | None:
    """One issuing run with how far it is."""
    return (
        _counted(organization.batches.select_related("version__achievement", "started_by"))
        .filter(pk=batch)
        .first()
    )


def _counted(found: QuerySet[Batch]) -> QuerySet[Batch]:
    state = Intent.State
    return found.annotate(
        total=Count("intents"),
        done=Count("intents", filter=Q(intents__state=state.DONE)),
        failed=Count("intents", filter=Q(intents__state=state.FAILED)),
        waiting=Count("intents", filter=Q(intents__state=state.WAITING)),
    )


def failures(batch: Batch) -> QuerySet[Intent]:
    """What of a run could not be issued, and why."""
    return batch.intents.filter(state=Intent.State.FAILED).select_related("learner").order_by("id")


@dataclass(frozen=True, slots=True)
class Totals:
    """How many credentials stand."""

    issued: int
    got: int
    taken_back: int


def totals(organization: Organization) -> Totals:
    """How many were issued, got by their learners, taken back."""
    found = Credential.objects.filter(organization=organization).aggregate(
        issued=Count("id"),
        got=Count("id", filter=~Q(claimed_at=None)),
        taken_back=Count("id", filter=Q(state=Credential.State.REVOKED)),
    )
    return Totals(**found)


def find_by_url(identifier: str) -> Credential | None:
    """The credential whose id this is, whichever host it names."""
    last = identifier.rstrip("/").rpartition("/")[2]
    try:
        key = UUID(last)
    except ValueError:
        return None
    found = find_credential(key)
    return found if found is not None and f'"id":"{identifier}"' in found.document else None


def find_credential_by_key(key: str) -> Credential | None:
    """One credential by its key as text."""
    try:
        return find_credential(UUID(key))
    except ValueError:
        return None
