"""Writes of the passport: the mail that brings a credential, slips, getting it, sharing it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.program.credentials import queries as credentials
from gradatim.program.credentials.models import Credential
from gradatim.program.ground import actions as ground
from gradatim.program.ground.models import Work
from gradatim.program.ground.refused import Refused
from gradatim.program.passport import queries, rules
from gradatim.program.passport.models import ShareLink, Slip
from gradatim.program.people import actions as people
from gradatim.program.people import rules as entrance
from gradatim.program.people.actions import log
from gradatim.program.people.models import Organization, Person

VALID = timedelta(days=365)  # of links and slips by which a credential is got


@transaction.atomic
def write_claim_mail(*, credential_id: str) -> None:
    """Write the mail that brings a credential, once; a learner without an address gets a slip instead.

    Args:
        credential_id: of a credential that was issued.
    """
    credential = credentials.find_credential_by_key(credential_id)
    if credential is None or not credential.learner.addresses:
        return
    key = f"claim:{credential.pk}"
    if Work.objects.filter(kind="mail", key=key).exists():
        return
    address = credential.learner.addresses[0]
    link = ground.make_link(purpose=queries.PURPOSE, key=str(credential.pk), email=address, valid=VALID)
    words = {
        "name": credential.learner.name,
        "organization": credential.organization.name,
        "title": credential.version.title,
        "address": settings.SITE_URL + reverse("passport:get_link", args=[link.token]),
        "code": ground.code_sentence(link),
    }
    ground.write_mail(
        key=key,
        to=address,
        subject=_("Your credential: %(title)s") % words,
        text=_(
            "Dear %(name)s,\n\n%(organization)s has issued you “%(title)s”.\n\nGet it on this page, no password needed:\n"
            "%(address)s\n\n%(code)s\n\nOpening the page does nothing yet; the button there does. It is yours to keep and to show."
        )
        % words,
        organization_name=credential.organization.name,
    )


@transaction.atomic
def make_slips(*, organization: Organization, reason: str, actor: Person) -> list[tuple[Credential, str]]:
    """Make a slip with a short code for each credential of a run that nobody has got yet.

    Args:
        organization: whose.
        reason: what the credentials were issued for.
        actor: a program manager or registrar.

    Returns:
        Each credential with its code (XXXX-XXXX). Codes are not kept: printing again makes new ones.
    """
    made = []
    for credential in queries.slipless(organization, reason):
        code = "".join(secrets.choice(ground.CODE_LETTERS) for _n in range(ground.CODE_LENGTH))
        Slip.objects.update_or_create(
            credential=credential,
            defaults={
                "code_digest": queries.code_digest(code),
                "expires_at": timezone.now() + VALID,
                "used_at": None,
            },
        )
        made.append((credential, f"{code[:4]}-{code[4:]}"))
    log(
        organization=organization,
        verb="slips.printed",
        target=reason,
        actor=actor,
        detail={"count": len(made)},
    )
    return made


@transaction.atomic
def claim_by_link(*, token: str, person: Person | None = None) -> tuple[Credential, Person]:
    """Get a credential by the link of its mail; the address it went to counts as proven.

    Args:
        token: from the address.
        person: who is signed in, if anybody is.

    Returns:
        The credential and its holder, to be signed in by the caller.

    Raises:
        Refused: ``not-found``, ``closed``, ``expired``; ``conflict`` when it belongs to another account, or to one that
            the mail does not open.
    """
    link = ground.use_link(token=token, purpose=queries.PURPOSE)
    credential = credentials.find_credential_by_key(link.key)
    if credential is None:
        raise Refused("not-found", _("This credential is no longer there."))
    holder = credential.learner.person or person
    if holder is None:
        holder = people.create_person(name=credential.learner.name, email=link.email, verified=True)
    if holder != person and not entrance.may_be_entered(holder, email=link.email):
        raise _sign_in_first()
    people.prove_address(person=holder, email=link.email)
    return _claimed(credential, holder), holder


@transaction.atomic
def claim_by_code(*, code: str, person: Person | None = None) -> tuple[Credential, Person]:
    """Get a credential by the short code of a printed slip.

    Args:
        code: as printed; dashes, spaces and letter case do not matter.
        person: who is signed in, if anybody is.

    Returns:
        The credential and its holder, to be signed in by the caller.

    Raises:
        Refused: ``not-found``; ``conflict`` when it belongs to another account, or to one that has a way in of its own.
    """
    slip = queries.find_slip(code)
    slip = Slip.objects.select_for_update().filter(pk=slip.pk, used_at=None).first() if slip else None
    if slip is None:
        raise Refused(
            "not-found",
            _("This code is not known, or was used. Compare it with the slip, letter by letter."),
            field="code",
        )
    credential = credentials.find_credential(slip.credential_id)
    assert credential is not None  # noqa: S101 - the slip points to it
    holder = credential.learner.person or person or people.create_person(name=credential.learner.name)
    if person is not None and holder != person:
        raise Refused(
            "conflict",
            _("This belongs to another account. Sign out, then enter the code again."),
            field="code",
        )
    if person is None and not entrance.may_be_entered(holder):
        raise _sign_in_first(field="code")
    slip.used_at = timezone.now()
    slip.save(update_fields=["used_at"])
    return _claimed(credential, holder), holder


def _sign_in_first(field: str | None = None) -> Refused:
    return Refused(
        "conflict",
        _("This is for somebody who has an account here. Sign in to it, then do this again."),
        field=field,
    )


def _claimed(credential: Credential, holder: Person) -> Credential:
    people.link_learner(learner=credential.learner, person=holder)
    ground.close_links(purpose=queries.PURPOSE, key=str(credential.pk))
    Slip.objects.filter(credential=credential, used_at=None).update(used_at=timezone.now())
    if credential.claimed_at is None:
        credential.claimed_at = timezone.now()
        Credential.objects.filter(pk=credential.pk, claimed_at=None).update(claimed_at=credential.claimed_at)
        log(
            organization=credential.organization,
            verb="credential.got",
            target=f"credential:{credential.pk}",
            actor=holder,
        )
    return credential


def _may_share(person: Person, credential: Credential) -> None:
    if rules.may_share(person, credential):
        return
    if credential.learner.person_id == person.pk:
        raise Refused(
            "permission",
            _(
                "Your records say that nothing about you may be public (a directory hold, or you are a minor). Ask your organization to lift it; until then show the file or the PDF yourself."
            ),
        )
    raise Refused("permission", _("Only its holder shares a credential."))


@transaction.atomic
def share(
    *, credential: Credential, person: Person, label: str = "", expires_at: datetime | None = None
) -> ShareLink:
    """Make a link by which anyone who has it sees the credential, until a date.

    Args:
        credential: the person's own.
        person: its holder.
        label: for whom; only the holder sees it.
        expires_at: until when; for good if left out.

    Returns:
        The link.

    Raises:
        Refused: ``permission``; ``expired`` for a date in the past.
    """
    _may_share(person, credential)
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused("expired", _("The date lies in the past."), field="until")
    made = ShareLink.objects.create(
        credential=credential,
        person=person,
        label=label.strip(),
        expires_at=expires_at,
        token=secrets.token_urlsafe(24),
    )
    log(
        organization=credential.organization,
        verb="credential.shared",
        target=f"credential:{credential.pk}",
        actor=person,
        detail={"share": made.pk},
    )
    return made


@transaction.atomic
def withdraw_share(*, link: ShareLink, person: Person) -> None:
    """Make a share link show nothing any more.

    Args:
        link: one of the person's.
        person: the holder.

    Raises:
        Refused: ``permission``.
    """
    if link.credential.learner.person_id != person.pk:
        raise Refused("permission", _("Only the holder takes a link back."))
    link.withdrawn_at = timezone.now()
    link.save(update_fields=["withdrawn_at"])
    log(
        organization=link.credential.organization,
        verb="credential.share-withdrawn",
        target=f"credential:{link.credential_id}",
        actor=person,
        detail={"share": link.pk},
    )


@transaction.atomic
def set_public(*, credential: Credential, public: bool, person: Person) -> None:
    """Let everyone see the credential's page, or only the holder again.

    Args:
        credential: the person's own.
        public: which of the two.
        person: the holder.

    Raises:
        Refused: ``permission``.
    """
    if public:
        _may_share(person, credential)
    elif credential.learner.person_id != person.pk:
        raise Refused("permission", _("Only the holder decides this."))
    Credential.objects.filter(pk=credential.pk).update(published_at=timezone.now() if public else None)
    verb = "credential.made-public" if public else "credential.made-private"
    log(organization=credential.organization, verb=verb, target=f"credential:{credential.pk}", actor=person)
