"""How what is written in a proposal is kept: while it is typed, and merged with what others saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gradatim.program.achievements.views.parts import warn
from gradatim.program.council import actions, queries
from gradatim.program.council.forms import (
    DefinitionForm,
    MoreForm,
    ProposalForm,
    RetireForm,
    TextForm,
    field_name,
)
from gradatim.program.council.merging import Merged, merge
from gradatim.program.council.models import Proposal, Scratch
from gradatim.program.council.views.proposals import find, put
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import signed_in
from gradatim.program.people.models import Organization

TRIES = 5  # times that a text is merged anew because others save all the while
Written = ProposalForm | RetireForm | TextForm | MoreForm | DefinitionForm


def keep_typed(request: HttpRequest, organization: Organization, key: str, form: Written) -> Scratch | None:
    """Keep what is typed, for this person alone."""
    typed = {name: text for name, text in form.content.items() if text or name in request.POST}
    return actions.keep_scratch(organization=organization, key=key, typed=typed, actor=signed_in(request))


def save_merged(
    request: HttpRequest,
    found: Proposal,
    key: str,
    build: Callable[[Mapping[str, Any] | None, Proposal], Written],
    save: Callable[[Proposal, Any, int], None],
) -> tuple[Written, HttpResponse | None]:
    """Save a form; what others saved meanwhile is merged by field, and where both wrote the person chooses."""
    organization, person = found.organization, signed_in(request)
    data: Mapping[str, Any] = _chosen(request.POST)
    revision = int(data["revision"]) if str(data.get("revision")).isdecimal() else 0
    theirs: tuple[str, ...] = ()
    form = build(data, found)
    for _again in range(TRIES):
        if not form.is_valid():
            return form, None
        try:
            save(found, form, revision)
        except Refused as refused:
            if refused.code != "conflict":
                put(form, refused)
                return form, None
        else:
            actions.drop_scratch(organization=organization, key=key, actor=person)
            together = _("Saved together with what was saved meanwhile: %(fields)s.")
            names = ", ".join(field_name(field) for field in theirs)
            messages.success(request, together % {"fields": names} if theirs else _("Saved."))
            if found.version:
                warn(request, found.version)
            return form, redirect("council:proposal", organization.slug, found.number)
        before = queries.content_at(found, revision)
        found = find(organization, found.number)
        merged = merge(before, form.content, queries.content_of(found))
        if merged.clashes:
            return form, _clash(request, found, build(merged.content, found), merged)
        revision, theirs = found.revision, merged.theirs
        form = build(merged.content, found)
    raise Refused("conflict", _("Others save this proposal all the while. Try again in a moment."))


def _chosen(posted: QueryDict) -> QueryDict:
    """What was posted, with the chosen text in every field that two people had changed."""
    data = posted.copy()
    for name, choice in posted.items():
        if name.startswith("choose_") and choice in {"mine", "theirs"}:
            field = name.removeprefix("choose_")
            data[field] = posted.get(f"{choice}_{field}", "")
    return data


def _clash(request: HttpRequest, found: Proposal, form: Written, merged: Merged) -> HttpResponse:
    """Both texts side by side; nothing is saved before one is chosen."""
    clashing = {clash.field for clash in merged.clashes}
    context = {
        "proposal": found,
        "last": queries.edits(found).first(),
        "clashes": [
            {
                "field": c.field,
                "name": field_name(c.field) if c.field not in form.fields else form.fields[c.field].label,
                "mine": c.mine,
                "theirs": c.theirs,
                "mine_shown": _shown(form, c.field, c.mine),
                "theirs_shown": _shown(form, c.field, c.theirs),
            }
            for c in merged.clashes
        ],
        "rest": [(n, t) for n, t in merged.content.items() if n in form.fields and n not in clashing],
    }
    return render(request, "council/clash.html", context, status=409)


def _shown(form: Written, field: str, text: str) -> str:
    """A field's text as a person reads it: of a choice its words."""
    choices = {str(value): str(label) for value, label in getattr(form.fields.get(field), "choices", ())}
    return "\n".join(choices.get(line, line) for line in text.splitlines()) if choices else text
