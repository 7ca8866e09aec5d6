"""Pages where the draft of a proposal is written beyond the short form: the rest of it, alignments, languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gradatim.program.achievements import actions as achievement_actions
from gradatim.program.achievements import badge
from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.achievements.views import parts
from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import DefinitionForm
from gradatim.program.council.models import Proposal
from gradatim.program.council.views.proposals import find
from gradatim.program.council.views.saving import Written, keep_typed, save_merged
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy


def _draft_of(request: HttpRequest, found: Proposal) -> Version | None:
    """The draft, if this person may write on it now."""
    able = found.state in Proposal.CHANGEABLE and rules.may_change(signed_in(request), found)
    if found.version is None or found.kind == Proposal.Kind.RETIRE:
        raise Http404
    if not able:
        messages.warning(request, _("You cannot change this proposal now."))
    return found.version if able else None


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_PROPOSE)
def definition(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Everything the credential says besides the short form; what somebody else saved meanwhile is merged."""
    found, person, key = find(organization, number), signed_in(request), f"definition:{number}"
    if (version := _draft_of(request, found)) is None:
        return redirect("council:proposal", organization.slug, number)
    scratch = queries.find_scratch(organization, person, key)
    typed = scratch.typed if scratch and "unsaved" in request.GET else None

    def build(data: Mapping[str, Any] | None, now: Proposal) -> Written:
        return DefinitionForm(organization, data, version=now.version or version, typed=typed)

    def save(now: Proposal, form: Any, revision: int) -> None:  # noqa: ANN401 - a DefinitionForm
        fields = form.values()
        actions.write_draft(
            proposal=now,
            write=lambda draft: achievement_actions.revise(version=draft, actor=person, **fields),
            revision=revision,
            actor=person,
        )

    checking, form = "check" in request.POST, build(None, found)
    context: dict[str, Any] = {"proposal": found, "version": version, "key": key, "checking": checking}
    if checking:
        form = build(request.POST, found)
        form.is_valid()
        context["kept"] = keep_typed(request, organization, key, form)
    elif request.method == "POST":
        form, answer = save_merged(request, found, key, build, save)
        if answer is not None:
            return answer
    context |= {
        "form": form,
        "scratch": scratch if request.method != "POST" and "unsaved" not in request.GET else None,
        "joins": not rules.is_proposer(person, found),
        **_live(organization, version, form),
    }
    if checking and request.headers.get("HX-Request"):
        return render(request, "council/_definition_live.html", context)
    bad = form.is_bound and bool(form.errors) and not checking
    return render(request, "council/definition.html", context, status=422 if bad else 200)


def _live(organization: Organization, version: Version, form: Any) -> dict[str, Any]:  # noqa: ANN401 - a DefinitionForm
    """What the rules say about what stands in the form, and how the badge would look."""
    bound = form.is_bound
    facts = form.facts() if bound else achievements.facts(version)
    if bound:
        version.image_label = getattr(form, "cleaned_data", {}).get("image_label", version.image_label)
    return {
        "findings": taxonomy.findings(organization, facts, subject=achievements.subject(version)),
        "badge": mark_safe(badge.svg(version)),  # noqa: S308 - drawn here, every text in it is escaped
    }


def _door(request: HttpRequest, found: Proposal) -> parts.Door:
    """Writes on the draft go through the proposal."""
    person = signed_in(request)

    def through(write: parts.Write) -> object:
        return actions.write_draft(proposal=found, write=lambda _draft: write(), actor=person)

    at = [found.organization.slug, found.number]
    back, rubric = reverse("council:proposal", args=at), reverse("council:draft_rubric", args=at)
    return parts.Door(request.path, back, rubric, through)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_PROPOSE)
def alignments(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """What the draft is aligned to."""
    found = find(organization, number)
    if (version := _draft_of(request, found)) is None:
        return redirect("council:proposal", organization.slug, number)
    return parts.alignments(request, version, _door(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_PROPOSE)
def translation(
    request: HttpRequest, organization: Organization, number: int, language: str = ""
) -> HttpResponse:
    """The draft in one more language."""
    found = find(organization, number)
    if (version := _draft_of(request, found)) is None:
        return redirect("council:proposal", organization.slug, number)
    return parts.translation(request, version, language, _door(request, found))
