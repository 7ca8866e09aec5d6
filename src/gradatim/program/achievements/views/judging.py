"""The page on which the rubric of a draft is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gradatim.program.achievements import actions, rules
from gradatim.program.achievements.models import Version
from gradatim.program.achievements.rubric_form import RubricEditor
from gradatim.program.achievements.views.staff import only_draft, own, to_proposal
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization

Keep = Callable[[Sequence[Mapping[str, Any]]], object]


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_CHANGE)
def rubric(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """Write the rubric of a draft."""
    found = own(organization, version)
    only_draft(found)
    if found.proposal_url:
        return to_proposal(request, found)
    back = reverse("achievements:own_version", args=[organization.slug, found.pk])
    return written(
        request,
        found,
        back,
        lambda criteria: actions.set_rubric(version=found, criteria=criteria, actor=signed_in(request)),
    )


def written(
    request: HttpRequest, version: Version, back: str, keep: Keep, *, revision: int | None = None
) -> HttpResponse:
    """The editor of a rubric; only "save" writes, every other button only changes what stands in it.

    Args:
        request: of the page.
        version: whose rubric.
        back: where the page leads when it is saved or left.
        keep: writes the criteria.
        revision: of what stands there now, sent along with what is written.
    """
    data = request.POST if request.method == "POST" else None
    editor, mistake = RubricEditor(data, version), ""
    if data is not None and "save" in data:
        try:
            keep(editor.whole())
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(back)
        except Refused as refused:
            if refused.code not in {"field", "conflict"}:
                raise
            mistake = refused.message
            if refused.code == "conflict":
                mistake = _(
                    "Somebody else saved it meanwhile. What you wrote still stands here: look at theirs on its page, then "
                    "save once more to put yours in its place."
                )
    context = {"version": version, "editor": editor, "mistake": mistake, "back": back, "revision": revision}
    return render(request, "achievements/rubric.html", context, status=422 if mistake else 200)
