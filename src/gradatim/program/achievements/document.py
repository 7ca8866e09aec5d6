"""An achievement version as the Achievement of Open Badges 3.0, the way it is frozen on approval and signed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from gradatim.program.achievements import badge
from gradatim.program.achievements.models import Alignment, Version

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
PRACTICE_NOTE = (
    "For practice only: this was made while trying out the product. It says nothing about anyone's skills."
)


def url(version: Version) -> str:
    """The permanent address of a version: its ``id`` in everything that is signed, written out so that it never moves."""
    achievement = version.achievement
    return (
        f"{settings.SITE_URL}/o/{achievement.organization.slug}/catalog/{achievement.slug}/{version.number}/"
    )


def build(version: Version) -> dict[str, Any]:
    """The Achievement of a version.

    Args:
        version: complete, with the decision's number and address.

    Returns:
        The JSON object (Open Badges 3.0, Achievement); nothing empty in it. What the standard has no property for
        (outcomes, assessment, workload, the decision) stands in the criteria's narrative.
    """
    organization = version.achievement.organization
    earlier = (
        version.achievement.versions.filter(number__lt=version.number)
        .exclude(digest="")
        .order_by("-number")
        .first()
    )
    address = url(version)
    whole = {
        "id": address,
        "type": ["Achievement"],
        "name": version.public_title,
        "description": version.description,
        "criteria": {"id": address, "narrative": narrative(version)},
        "achievementType": (version.type.achievement_type if version.type else "") or "MicroCredential",
        "image": {"id": f"{address}badge.png", "type": "Image", "caption": badge.alt(version)},
        "creator": {"id": organization.did, "type": ["Profile"], "name": organization.name},
        "inLanguage": version.language,
        "version": str(version.number),
        "humanCode": version.code,
        "tag": [str(t) for t in version.tags],
        "alignment": [alignment(a) for a in version.alignments.all()],
        "creditsAvailable": float(version.credits) if version.credits else None,
        "related": [{"id": url(earlier), "type": ["Related"], "version": str(earlier.number)}]
        if earlier
        else [],
    }
    return {name: value for name, value in whole.items() if value not in (None, "", [])}


def alignment(row: Alignment) -> dict[str, Any]:
    """One alignment."""
    whole = {
        "type": ["Alignment"],
        "targetName": row.target_name,
        "targetUrl": row.target_url,
        "targetCode": row.target_code,
        "targetFramework": row.target_framework,
        "targetType": row.target_type,
    }
    return {name: value for name, value in whole.items() if value}


def narrative(version: Version) -> str:
    """The criteria in Markdown, in the version's language: what has to be shown, outcomes, assessment, who decided."""
    with override(version.language):
        facts = [
            (_("Level"), version.level.name if version.level else ""),
            (
                _("Workload"),
                _("%(n)s hours") % {"n": version.workload_hours} if version.workload_hours else "",
            ),
            (_("Participation"), version.get_participation_display() if version.participation else ""),
            (
                _("Valid for"),
                _("%(n)s months") % {"n": version.validity_months} if version.validity_months else "",
            ),
        ]
        parts = [
            PRACTICE_NOTE if version.achievement.practice else "",
            version.criteria.strip(),
            _section(_("Outcomes"), "\n".join(f"- {o.text}" for o in version.outcomes.all())),
            _section(_("Assessment"), version.assessment.strip()),
            _section(_("In short"), "\n".join(f"- {name}: {value}" for name, value in facts if value)),
            _("Approved by [decision %(number)s](%(url)s).")
            % {"number": version.decision_number, "url": version.decision_url}
            if version.decision_url
            else "",
        ]
    return "\n\n".join(p for p in parts if p)


def _section(heading: str, text: str) -> str:
    return f"### {heading}\n\n{text}" if text else ""


def standalone(document: dict[str, Any]) -> dict[str, Any]:
    """An Achievement as a JSON-LD document of its own, with its context."""
    return {"@context": CONTEXT, **document}
