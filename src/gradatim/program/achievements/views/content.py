"""Pages about what versions say: conformance, differences, languages, series, reviews, all held against the rules."""

from __future__ import annotations

import csv
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.achievements import actions, diff, document, queries, rules
from gradatim.program.achievements.forms import CopyForm, ReviewForm
from gradatim.program.achievements.models import Version
from gradatim.program.achievements.views import parts
from gradatim.program.achievements.views.parts import put
from gradatim.program.achievements.views.staff import (
    address,
    may_change,
    only_draft,
    own,
    rubric_page,
    to_proposal,
    to_version,
)
from gradatim.program.ground.refused import Refused
from gradatim.program.ground.tables import harmless
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy
from gradatim.program.taxonomy.queries import Verdict

UNPROCESSABLE = 422
SOON = timedelta(days=90)  # how long before a review it is called soon


@require_safe
@inside(*rules.MAY_SEE)
def conformance(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """A version held against every quality profile, side by side; as JSON with ``?format=json``."""
    found = own(organization, version)
    verdicts = taxonomy.verdicts(organization, queries.facts(found))
    if request.GET.get("format") == "json":
        return JsonResponse(_report(found, verdicts), json_dumps_params={"ensure_ascii": False})
    return render(request, "achievements/conformance.html", {"version": found, "verdicts": verdicts})


def _report(version: Version, verdicts: list[Verdict]) -> dict[str, object]:
    """The verdicts for programs."""
    return {
        "achievement": document.url(version),
        "version": version.number,
        "state": version.state,
        "checked": timezone.now().isoformat(timespec="seconds"),
        "checkedBy": version.achievement.organization.did,
        "profiles": [
            {
                "profile": v.key,
                "name": v.name,
                "edition": v.edition,
                "source": v.url,
                "outcome": v.outcome,
                "words": v.words,
                "missing": list(v.missing),
                "incompleteProfile": v.gaps,
                "rules": [
                    {
                        "rule": f.key,
                        "asks": f.name,
                        "strength": {"block": "required", "warn": "recommended"}.get(
                            f.severity, "if available"
                        ),
                        "met": f.passed,
                        "missing": list(f.missing),
                        "source": f.reference,
                        "trace": [str(s) for s in f.trace],
                    }
                    for f in v.findings
                ],
            }
            for v in verdicts
        ],
    }


@require_safe
@inside(*rules.MAY_SEE)
def compare(request: HttpRequest, organization: Organization, version: int, other: int) -> HttpResponse:
    """Two versions side by side, word by word."""
    after, before = own(organization, version), own(organization, other)
    if before.achievement_id == after.achievement_id and before.number > after.number:
        before, after = after, before
    rows = diff.compare(before, after)
    context = {
        "before": before,
        "after": after,
        "changed": [r for r in rows if not r.same],
        "same": [r.name for r in rows if r.same],
    }
    return render(request, "achievements/compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def copy(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """Start another achievement that says what this version says."""
    found = own(organization, version)
    form = CopyForm(request.POST or None, initial={"title": found.title})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.copy(version=found, title=form.cleaned_data["title"], actor=signed_in(request))
            messages.success(request, _("Copied. Now say what is different."))
            return to_version(organization, made)
        except Refused as refused:
            put(form, refused)
    return _page(request, "achievements/copy.html", form, found)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def translation(
    request: HttpRequest, organization: Organization, version: int, language: str = ""
) -> HttpResponse:
    """Write the content in one more language, beside the original."""
    found = own(organization, version)
    only_draft(found)
    if found.proposal_url:
        return to_proposal(request, found)
    door = parts.Door(request.path, address(organization, found), rubric_page(organization, found))
    return parts.translation(request, found, language, door)


@require_POST
@inside(*rules.MAY_CHANGE)
def series(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """Put the achievement into a series, move it there, or take it out."""
    found = own(organization, version)
    achievement, actor = found.achievement, signed_in(request)
    if request.POST.get("to") in {"up", "down"}:
        actions.move_in_series(
            achievement=achievement, by=-1 if request.POST["to"] == "up" else 1, actor=actor
        )
    else:
        actions.put_in_series(achievement=achievement, title=request.POST.get("title", ""), actor=actor)
    messages.success(request, _("Saved."))
    return to_version(organization, found)


@require_safe
@inside(*rules.MAY_SEE)
def reviews(request: HttpRequest, organization: Organization) -> HttpResponse:
    """When which definition is looked at again; as CSV with ``?format=csv``, for a calendar with ``?format=ics``."""
    found = list(queries.reviews(organization))
    if request.GET.get("format") == "csv":
        return _reviews_csv(organization, found)
    if request.GET.get("format") == "ics":
        return _reviews_ics(organization, found)
    today = timezone.localdate()
    soon = today + SOON
    groups = [
        (_("Overdue"), "bad", [v for v in found if v.review_by and v.review_by < today]),
        (
            _("In the next 90 days"),
            "wait",
            [v for v in found if v.review_by and today <= v.review_by <= soon],
        ),
        (_("Later"), "good", [v for v in found if v.review_by and v.review_by > soon]),
        (_("No day chosen"), "", [v for v in found if v.review_by is None]),
    ]
    context = {"groups": [g for g in groups if g[2]], "may_change": may_change(request)}
    return render(request, "achievements/reviews.html", context)


def _reviews_csv(organization: Organization, found: list[Version]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{organization.slug}-reviews.csv"'
    writer = csv.writer(response)
    writer.writerow(["title", "version", "state", "review by", "address"])
    for version in found:
        writer.writerow(
            [
                harmless(version.title),
                version.number,
                version.state,
                version.review_by or "",
                document.url(version),
            ]
        )
    return response


def _reviews_ics(organization: Organization, found: list[Version]) -> HttpResponse:
    """A calendar of all-day entries (RFC 5545)."""
    stamp = timezone.now().strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Gradatim//reviews//EN"]
    for version in found:
        if version.review_by:
            title = " ".join(version.title.split())  # a line end in it would begin a property of its own
            text = title.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
            lines += [
                "BEGIN:VEVENT",
                f"UID:version-{version.pk}@{organization.slug}.gradatim",
                f"DTSTAMP:{stamp}",
                f"DTSTART;VALUE=DATE:{version.review_by:%Y%m%d}",
                f"SUMMARY:{_('Look again at')} {text}",
                f"URL:{document.url(version)}",
                "END:VEVENT",
            ]
    body = "\r\n".join([*lines, "END:VCALENDAR", ""])
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{organization.slug}-reviews.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def schedule(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """Choose the day by which a version is looked at again."""
    found = own(organization, version)
    if rules.can_edit(found) and found.proposal_url:
        return to_proposal(request, found)
    form = ReviewForm(request.POST or None, initial={"review_by": found.review_by})
    if request.method == "POST" and form.is_valid():
        actions.schedule_review(version=found, on=form.cleaned_data["review_by"], actor=signed_in(request))
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("achievements:reviews", args=[organization.slug]))
    return _page(request, "achievements/schedule.html", form, found)


@require_safe
@inside(*rules.MAY_SEE)
def quality(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every definition held against today's rules: what is not met, rule by rule."""
    checked = queries.recheck(organization)
    by_rule: dict[str, tuple[object, list[Version]]] = {}
    for entry in checked:
        for finding in entry.broken:
            by_rule.setdefault(finding.key, (finding, []))[1].append(entry.version)
    broken = sorted(by_rule.values(), key=lambda e: -len(e[1]))
    context = {
        "broken": [(finding, them[:SHOWN], len(them)) for finding, them in broken],
        "checked": len(checked),
        "clean": sum(1 for entry in checked if not entry.broken),
    }
    return render(request, "achievements/quality.html", context)


SHOWN = 20  # definitions listed under a rule


def _page(
    request: HttpRequest,
    template: str,
    form: CopyForm | ReviewForm,
    found: Version,
    **more: object,
) -> HttpResponse:
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, "version": found, **more}, status=status)
