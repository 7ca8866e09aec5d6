"""The page on which the rubric of a draft is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from gradatim.program.achievements.views.staff import address, only_draft, own, to_proposal
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
    aligning = reverse("achievements:alignments", args=[organization.slug, found.pk])
    return written(
        request,
        found,
        Ways(address(organization, found), aligning),
        lambda criteria: actions.set_rubric(version=found, criteria=criteria, actor=signed_in(request)),
    )


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the editor leads: ``back`` when it is saved or left, and where a part is aligned."""

    back: str
    aligning: str


def written(
    request: HttpRequest, version: Version, ways: Ways, keep: Keep, *, revision: int | None = None
) -> HttpResponse:
    """The editor of a rubric; "save" and "align" write, every other button only changes what stands in it.

    Args:
        request: of the page.
        version: whose rubric.
        ways: where it leads.
        keep: writes the criteria.
        revision: of what stands there now, sent along with what is written.
    """
    data = request.POST if request.method == "POST" else None
    editor, mistake = RubricEditor(data, version), ""
    if data is not None and not {"save", "align"}.isdisjoint(data):
        try:
            keep(editor.whole())
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_onward(version, editor, ways))
        except Refused as refused:
            if refused.code not in {"field", "conflict"}:
                raise
            mistake = refused.message
            if refused.code == "conflict":
                mistake = _(
                    "Somebody else saved it meanwhile. What you wrote still stands here: look at theirs on its page, then "
                    "save once more to put yours in its place."
                )
    context = {
        "version": version,
        "editor": editor,
        "mistake": mistake,
        "back": ways.back,
        "revision": revision,
    }
    return render(request, "achievements/rubric.html", context, status=422 if mistake else 200)


def _onward(version: Version, editor: RubricEditor, ways: Ways) -> str:
    """Back, or on to where the part is aligned whose button was used."""
    rubric = Version.objects.values_list("rubric", flat=True).get(pk=version.pk)
    part = editor.asked(rubric)
    return f"{ways.aligning}?of={part}" if part else ways.back
