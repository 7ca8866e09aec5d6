"""Pages of the staff: draft, align, look at what the rules say, start the next version."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.achievements import actions, badge, document, queries, rules
from gradatim.program.achievements.forms import VersionForm
from gradatim.program.achievements.languages import outcomes_in
from gradatim.program.achievements.models import Achievement, Version
from gradatim.program.achievements.views import parts
from gradatim.program.achievements.views.parts import put
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy

PER_PAGE = 50
UNPROCESSABLE = 422
IN_PROPOSAL = gettext_lazy(
    "A proposal is about this draft, so it is written there: nothing is lost when two write, and who writes it does not decide on it."
)


@require_safe
@inside(*rules.MAY_SEE)
def all_of_them(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every achievement with its newest version."""
    found = Paginator(queries.newest(organization), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "achievements/list.html", {"versions": found, "may_change": may_change(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Draft an achievement."""
    form = VersionForm(organization, request.POST or None, initial={"language": organization.language})
    if request.method == "POST" and form.is_valid() and "check" not in request.POST:
        try:
            made = actions.draft(organization=organization, actor=signed_in(request), **form.values())
            messages.success(request, _("Drafted. Now align it to a framework, then take it to the council."))
            return to_version(organization, made)
        except Refused as refused:
            put(form, refused)
    return _form_page(request, organization, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def edit(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """Change a draft."""
    found = own(organization, version)
    only_draft(found)
    if found.proposal_url and request.method != "POST":
        return to_proposal(request, found)
    form = VersionForm(organization, request.POST or None, initial=VersionForm.initial_of(found))
    if request.method == "POST" and form.is_valid() and "check" not in request.POST:
        try:
            if not rules.is_written_here(found):
                raise Refused("in-proposal", str(IN_PROPOSAL))
            actions.revise(version=found, actor=signed_in(request), **form.values())
            messages.success(request, _("Saved."))
            parts.warn(request, found)
            return to_version(organization, found)
        except Refused as refused:
            put(form, refused)
    return _form_page(request, organization, form, found)


def _form_page(
    request: HttpRequest, organization: Organization, form: VersionForm, found: Version | None
) -> HttpResponse:
    checking = request.method == "POST" and "check" in request.POST
    bad = form.is_bound and not form.is_valid() and not checking
    return render(
        request,
        "achievements/form.html",
        {"form": form, "version": found, "checking": checking, **_live(organization, form, found)},
        status=UNPROCESSABLE if bad else 200,
    )


@require_POST
@inside(*rules.MAY_CHANGE)
def check(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What the rules say about a form that is being filled in, and how its badge looks; nothing is stored."""
    form = VersionForm(organization, request.POST)
    form.is_valid()
    found = queries.find_own_version(organization, request.POST.get("version", ""))
    return render(request, "achievements/_live.html", _live(organization, form, found))


def _live(organization: Organization, form: VersionForm, found: Version | None) -> dict[str, object]:
    """Findings and badge of what stands in a form, or of the version if nothing was typed."""
    if not form.is_bound:
        preview = found or Version(
            achievement=Achievement(organization=organization, practice=organization.practicing),
            title=_("Your title"),
        )
        return {"findings": queries.findings(found) if found else [], "badge": _drawn(preview)}
    data = form.cleaned_data if hasattr(form, "cleaned_data") else {}
    practice = found.achievement.practice if found else organization.practicing
    preview = Version(
        achievement=Achievement(organization=organization, practice=practice),
        title=data.get("title") or _("Your title"),
        image_label=data.get("image_label", ""),
        type=data.get("type"),
        level=data.get("level"),
    )
    subject = queries.subject(found) if found else ""
    findings = taxonomy.findings(organization, form.facts(found), subject=subject)
    return {"findings": findings, "badge": _drawn(preview)}


@require_safe
@inside(*rules.MAY_SEE)
def version(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """A version with everything it says, what the rules say, and what can be done next."""
    found = own(organization, version)
    return render(
        request,
        "achievements/version.html",
        {
            "version": found,
            "findings": queries.findings(found),
            "said": found,
            "outcomes": outcomes_in(found),
            "badge": _drawn(found),
            "can_edit": rules.is_written_here(found) and may_change(request),
            "in_proposal": rules.can_edit(found) and bool(found.proposal_url),
            "may_change": may_change(request),
            "siblings": list(found.achievement.versions.order_by("-number")),
            "series": [str(s) for s in queries.series(organization)],
            "public": found.state in Version.PUBLIC,
            "issuable": found.issuable,
            "address": document.url(found),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def alignments(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """Choose what a draft is aligned to: statements of frameworks, or something elsewhere."""
    found = own(organization, version)
    only_draft(found)
    if found.proposal_url:
        return to_proposal(request, found)
    here = reverse("achievements:alignments", args=[organization.slug, found.pk])
    return parts.alignments(
        request, found, parts.Door(here, address(organization, found), rubric_page(organization, found))
    )


@require_POST
@inside(*rules.MAY_CHANGE)
def next_version(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """Start the next version."""
    made = actions.new_version(version=own(organization, version), actor=signed_in(request))
    messages.success(
        request, _("Version %(n)s is a draft now. The approved one stays as it is.") % {"n": made.number}
    )
    return to_version(organization, made)


@require_POST
@inside(*rules.MAY_CHANGE)
def remove(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """Throw a draft away."""
    actions.remove_draft(version=own(organization, version), actor=signed_in(request))
    messages.success(request, _("The draft is gone."))
    return HttpResponseRedirect(reverse("achievements:list", args=[organization.slug]))


@require_POST
@inside(*rules.MAY_CHANGE)
def close(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """Let a version run out, or retire it."""
    found = own(organization, version)
    if request.POST.get("how") == "retire":
        actions.retire(version=found, actor=signed_in(request))
    else:
        actions.deprecate(version=found, actor=signed_in(request))
    messages.success(request, _("Done. Credentials that were issued stay as they are."))
    return to_version(organization, found)


@require_safe
@inside(*rules.MAY_SEE)
def badge_svg(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """The badge image of any version, drafts too."""
    return HttpResponse(badge.svg(own(organization, version)), content_type="image/svg+xml")


def _drawn(found: Version) -> SafeString:
    return mark_safe(badge.svg(found))  # noqa: S308 - our own drawing; every text in it is escaped


def may_change(request: HttpRequest) -> bool:
    """Whether the person on this page may change achievements."""
    return bool(request.roles & frozenset(rules.MAY_CHANGE))  # type: ignore[attr-defined]  # set by @inside


def own(organization: Organization, version: int) -> Version:
    """A version of the organization, or "not found"."""
    found = queries.find_own_version(organization, version)
    if found is None:
        raise Http404
    return found


def only_draft(version: Version) -> None:
    """Say what to do instead, before someone types into the form of a version that does not change."""
    if not rules.can_edit(version):
        raise Refused(
            "not-draft",
            _("This version is %(state)s and does not change. Start a new version.")
            % {"state": version.get_state_display()},
        )


def address(organization: Organization, found: Version) -> str:
    """The page of a version."""
    return reverse("achievements:own_version", args=[organization.slug, found.pk])


def rubric_page(organization: Organization, found: Version) -> str:
    """The page on which the rubric of a draft is written."""
    return reverse("achievements:rubric", args=[organization.slug, found.pk])


def to_version(organization: Organization, found: Version) -> HttpResponse:
    """On to the page of a version."""
    return HttpResponseRedirect(address(organization, found))


def to_proposal(request: HttpRequest, found: Version) -> HttpResponse:
    """On to the proposal in which a draft is written."""
    messages.info(request, IN_PROPOSAL)
    return HttpResponseRedirect(found.proposal_url)
