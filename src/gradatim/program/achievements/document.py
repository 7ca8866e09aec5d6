"""An achievement version as the Achievement of Open Badges 3.0, the way it is frozen on approval and signed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from gradatim.program.achievements import badge, credit, judged
from gradatim.program.achievements.languages import outcomes_in
from gradatim.program.achievements.models import PRACTICE_MARK, Translation, Version

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
PRACTICE_NOTE = (
    "For practice only: this was made while trying out the product. It says nothing about anyone's skills."
)


def url(version: Version, language: str = "") -> str:
    """The permanent address of a version: its ``id`` in everything that is signed, written out so that it never moves.

    Args:
        version: which one.
        language: of a translation, whose address stands below the version's own.
    """
    achievement = version.achievement
    base = (
        f"{settings.SITE_URL}/o/{achievement.organization.slug}/catalog/{achievement.slug}/{version.number}/"
    )
    return f"{base}{language}/" if language else base


def build(version: Version, translation: Translation | None = None) -> dict[str, Any]:
    """The Achievement of a version, in its own language or in one it was translated to.

    Args:
        version: complete, with the decision's number and address.
        translation: one of the version's.

    Returns:
        The JSON object (Open Badges 3.0, Achievement); nothing empty in it. What the standard has no property for
        (outcomes, assessment, workload, credit in words, the decision) stands in the criteria's narrative; the
        documents of the other languages, and of the version before, in ``related``.
    """
    organization = version.achievement.organization
    said = translation or version
    language = translation.language if translation else ""
    address = url(version, language)
    counts = version.credit != Version.Credit.NONCREDIT
    mark = PRACTICE_MARK if version.achievement.practice else ""
    whole = {
        "id": address,
        "type": ["Achievement"],
        "name": f"{mark}{said.title}",
        "description": said.description,
        "criteria": {"id": address, "narrative": narrative(version, translation)},
        "achievementType": (version.type.achievement_type if version.type else "") or "MicroCredential",
        "image": {
            "id": f"{url(version)}badge.png",
            "type": "Image",
            "caption": (translation.image_alt if translation else "") or badge.alt(version),
        },
        "creator": {"id": organization.did, "type": ["Profile"], "name": organization.name},
        "inLanguage": said.language,
        "version": str(version.number),
        "humanCode": version.code,
        "tag": [str(t) for t in version.tags],
        "alignment": [a.signed() for a in version.alignments.all()],
        "resultDescription": judged.described(version, url(version), translation),
        "creditsAvailable": float(version.credits) if version.credits and counts else None,
        "related": _related(version, said.language),
    }
    return {name: value for name, value in whole.items() if value not in (None, "", [])}


def _related(version: Version, language: str) -> list[dict[str, Any]]:
    """The same in other languages, then the version before."""
    languages = {version.language: "", **{t.language: t.language for t in version.translations.all()}}
    found: list[dict[str, Any]] = [
        {"id": url(version, part), "type": ["Related"], "inLanguage": other, "version": str(version.number)}
        for other, part in languages.items()
        if other != language
    ]
    earlier = (
        version.achievement.versions.filter(number__lt=version.number)
        .exclude(digest="")
        .order_by("-number")
        .first()
    )
    if earlier:
        found.append({"id": url(earlier), "type": ["Related"], "version": str(earlier.number)})
    return found


def narrative(version: Version, translation: Translation | None = None) -> str:
    """The criteria in Markdown, in one language: what has to be shown, outcomes, assessment, credit, who decided.

    What a translation lacks is said in the version's own language.
    """
    said = translation or version
    with override(said.language):
        facts = [
            (_("Level"), str(version.level) if version.level else ""),
            (
                _("Workload"),
                _("%(n)s hours") % {"n": version.workload_hours} if version.workload_hours else "",
            ),
            (_("Clock hours"), str(version.clock_hours or "")),
            (_("Credit"), credit.sentence(version)),
            (_("Participation"), version.get_participation_display() if version.participation else ""),
            (_("Supervision"), version.get_supervision_display() if version.supervision else ""),
            (_("Quality assurance"), version.quality_assurance),
            (
                _("Valid for"),
                _("%(n)s months") % {"n": version.validity_months} if version.validity_months else "",
            ),
        ]
        parts = [
            PRACTICE_NOTE if version.achievement.practice else "",
            (said.criteria or version.criteria).strip(),
            _section(_("Outcomes"), "\n".join(f"- {text}" for text in outcomes_in(version, translation))),
            _section(_("Assessment"), (said.assessment or version.assessment).strip()),
            _section(_("Rubric"), judged.ties_in_words(version, translation)),
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
