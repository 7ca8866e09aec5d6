"""Pages about a part of a draft, alignments and languages: opened from the achievement, or from the proposal about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from gradatim.program.achievements import actions, judged, queries, rubric
from gradatim.program.achievements.forms import TargetForm
from gradatim.program.achievements.models import Version
from gradatim.program.achievements.translation_form import TranslationForm
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import signed_in
from gradatim.program.taxonomy import queries as taxonomy

UNPROCESSABLE = 422
Write = Callable[[], object]


def _at_once(write: Write) -> object:
    return write()


@dataclass(frozen=True, slots=True)
class Door:
    """From where a draft is written.

    Attributes:
        here: address of the page.
        back: of the page behind it.
        rubric: of the page on which its rubric is written.
        through: does a write, with what else belongs to it there.
    """

    here: str
    back: str
    rubric: str
    through: Callable[[Write], object] = _at_once


def alignments(request: HttpRequest, found: Version, door: Door) -> HttpResponse:
    """Choose what a draft is aligned to, or with ``?of=`` a part of its rubric; or take something out."""
    organization, of = found.achievement.organization, request.GET.get("of", "")
    form = TargetForm(request.POST if "url" in request.POST else None)
    parts = rubric.parts(found.rubric)
    if of and of not in parts:
        raise Http404
    here = f"{door.here}?of={of}" if of else door.here
    if request.method == "POST":
        try:
            if _align(request, found, form, door, of):
                return HttpResponseRedirect(here)
        except Refused as refused:
            if not form.is_bound:
                raise
            put(form, refused)
    text = request.GET.get("q", "").strip()[:100]
    items = taxonomy.search_items(organization, text)
    aligned = queries.aligned(found, of)
    known = {a.item_id for a in aligned}
    words = judged.words_of(found, of) if of else [o.text for o in found.outcomes.all()]
    context = {
        "version": found,
        "items": [i for i in items if i.pk not in known],
        "q": text,
        "form": form,
        "here": here,
        "back": door.back,
        "rubric": door.rubric,
        "aligned": aligned,
        "of": of,
        "parts": parts,
        "name": parts.get(of, ""),
        "suggestions": taxonomy.suggestions(organization, words, leave_out={k for k in known if k}),
        "any_framework": bool(items) or taxonomy.frameworks(organization).exists(),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "achievements/alignments.html", context, status=status)


def _align(request: HttpRequest, found: Version, form: TargetForm, door: Door, of: str) -> bool:
    """Do what was asked; whether there is nothing to mend."""
    actor, said = signed_in(request), request.POST
    if out := said.get("out"):
        row = next((a for a in queries.aligned(found, of) if str(a.pk) == out), None)
        if row is None:
            raise Http404
        door.through(lambda: actions.unalign(alignment=row, actor=actor))
        messages.success(request, _("Taken out."))
        return True
    if form.is_bound and not form.is_valid():
        return False
    targets = [form.target()] if form.is_bound else []
    items = [] if form.is_bound else taxonomy.find_items(found.achievement.organization, said.getlist("item"))
    added: list[object] = []
    door.through(
        lambda: added.extend(actions.align(version=found, items=items, targets=targets, part=of, actor=actor))
    )
    messages.success(request, _("Aligned to %(n)s more.") % {"n": len(added)})
    return True


def translation(request: HttpRequest, found: Version, language: str, door: Door) -> HttpResponse:
    """Write the content in one more language, beside the original, or take the language out."""
    row = queries.find_translation(found, language) if language else None
    if language and row is None:
        raise Http404
    actor, out = signed_in(request), "out" in request.POST
    if row is not None and request.method == "POST" and out:
        door.through(lambda: actions.remove_translation(translation=row, actor=actor))
        messages.success(request, _("Taken out."))
        return HttpResponseRedirect(door.back)
    form = TranslationForm(found, request.POST or None, said=row)
    if request.method == "POST" and form.is_valid():
        try:
            door.through(lambda: actions.translate(version=found, actor=actor, **form.values()))
            messages.success(request, _("Saved. It becomes a document of its own when it is approved."))
            return HttpResponseRedirect(door.back)
        except Refused as refused:
            put(form, refused)
    context = {
        "form": form,
        "version": found,
        "row": row,
        "language": language,
        "here": door.here,
        "back": door.back,
    }
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, "achievements/translation.html", context, status=status)


def warn(request: HttpRequest, read: Version) -> None:
    """Say what a change cut loose in the rubric.

    Args:
        request: of the change.
        read: the version as it was read before.
    """
    for said in queries.loosened(read):
        messages.warning(request, said)


def put(form: forms.Form, refused: Refused) -> None:
    """Put a refusal on the form, at its field if the form has it."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)
