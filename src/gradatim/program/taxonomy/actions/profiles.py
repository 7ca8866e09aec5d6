"""Writes of the taxonomy: quality profiles. Their rules are written by `keep_rule`."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy.actions.editions import keep
from gradatim.program.taxonomy.models import Profile
from gradatim.program.taxonomy.quality import key_of


@transaction.atomic
def keep_profile(
    *,
    organization: Organization,
    name: str,
    description: str = "",
    edition: str = "",
    url: str = "",
    passed_words: str = "",
    gaps: str = "",
    active: bool = True,
    profile: Profile | None = None,
    actor: Person,
) -> Profile:
    """Write a quality profile, new or changed.

    Args:
        organization: whose.
        name: as it stands on the screen.
        description: what it is.
        edition: of its source.
        url: of its source.
        passed_words: what may be said when everything it requires is there.
        gaps: what it does not hold yet; empty only if it is complete.
        active: whether definitions are held against it.
        profile: the one to change; ``None`` for a new one.
        actor: who does it.

    Returns:
        The profile.

    Raises:
        Refused: ``certified`` if the words claim a certificate; ``duplicate`` if there is one of this name.
    """
    if "certified" in passed_words.casefold() or "certificate" in passed_words.casefold():
        raise Refused(
            "certified",
            _(
                "Nobody certified anything: say what was checked, like “all required fields present, self-checked”."
            ),
            field="passed_words",
        )
    if profile is None:
        last = Profile.objects.filter(organization=organization).aggregate(n=Max("position"))["n"]
        position = 0 if last is None else last + 1
        profile = Profile(organization=organization, key=key_of(name), position=position)
    profile.name, profile.description, profile.edition, profile.url = name, description, edition, url
    profile.passed_words, profile.gaps, profile.active = passed_words, gaps, active
    try:
        with transaction.atomic():
            profile.save()
    except IntegrityError:
        raise Refused("duplicate", _("There is a profile of this name already."), field="name") from None
    keep(organization=organization, verb="profile.kept", target=f"profile:{profile.pk}", actor=actor)
    return profile


@transaction.atomic
def remove_profile(*, profile: Profile, actor: Person) -> None:
    """Take a profile out with its rules; to pause it, keep it with ``active=False``.

    Args:
        profile: which one.
        actor: who does it.
    """
    organization, target = profile.organization, f"profile:{profile.pk}"
    profile.delete()
    keep(organization=organization, verb="profile.removed", target=target, actor=actor)
