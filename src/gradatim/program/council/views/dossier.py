"""What is added to a proposal piece by piece: evidence, files, co-proposers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.views.judging import Ways, written
from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import AttachForm, EvidenceForm, ProposerForm
from gradatim.program.council.views.proposals import find, find_for, page, put
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization


def _back(request: HttpRequest, organization: Organization, number: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("council:proposal", organization.slug, number)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_PROPOSE)
def rubric(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Write the rubric of the draft that a proposal is about."""
    found, person = find(organization, number), signed_in(request)
    if not rules.may_change(person, found):
        raise Refused("permission", _("Only its proposers and program managers change a proposal."))
    if found.version is None or found.state not in found.CHANGEABLE:
        raise Refused(
            "not-draft", _("It is with the council now; ask for it to be returned if it has to change.")
        )
    return written(
        request,
        found.version,
        Ways(
            reverse("council:proposal", args=[organization.slug, number]),
            reverse("council:alignments", args=[organization.slug, number]),
        ),
        lambda criteria: actions.write_draft(
            proposal=found,
            write=lambda draft: achievements.set_rubric(version=draft, criteria=criteria, actor=person),
            revision=int(read) if (read := request.POST.get("revision", "")).isdecimal() else None,
            actor=person,
        ),
        revision=found.revision,
    )


@require_POST
@inside(*rules.MAY_PROPOSE)
def add_evidence(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Add a piece of evidence."""
    found, form = find(organization, number), EvidenceForm(request.POST)
    if form.is_valid():
        try:
            actions.add_evidence(proposal=found, actor=signed_in(request), **form.cleaned_data)
            return _back(request, organization, number, _("Added."))
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            put(form, refused)
    return page(request, found, evidence_form=form)


@require_POST
@inside(*rules.MAY_PROPOSE)
def remove_evidence(
    request: HttpRequest, organization: Organization, number: int, evidence: int
) -> HttpResponse:
    """Take a piece of evidence out."""
    row = queries.find_evidence(find(organization, number), evidence)
    if row is None:
        raise Http404
    actions.remove_evidence(evidence=row, actor=signed_in(request))
    return _back(request, organization, number, _("Taken out."))


@require_POST
@inside(*rules.MAY_PROPOSE)
def attach(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Attach a file."""
    found, form = find(organization, number), AttachForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.attach(proposal=found, name=file.name, content=file.read(), actor=signed_in(request))
            return _back(request, organization, number, _("Attached."))
        except Refused as refused:
            if refused.field not in form.fields and refused.code != "too-large":
                raise
            form.add_error("file", refused.message)
    return page(request, found, attach_form=form)


@require_POST
@inside(*rules.MAY_PROPOSE)
def detach(request: HttpRequest, organization: Organization, number: int, attachment: int) -> HttpResponse:
    """Take a file out."""
    row = queries.find_attachment(find(organization, number), attachment)
    if row is None:
        raise Http404
    actions.detach(attachment=row, actor=signed_in(request))
    return _back(request, organization, number, _("Taken out."))


@require_safe
@inside()
def attachment(
    request: HttpRequest, organization: Organization, number: int, attachment: int
) -> HttpResponse:
    """A file, always as a download."""
    row = queries.find_attachment(find_for(request, organization, number), attachment)
    if row is None:
        raise Http404
    response = HttpResponse(bytes(row.file.content), content_type=row.file.media_type)
    name = "".join(c for c in row.file.name if c.isprintable() and c not in '"\\/')
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{name.encode("ascii", "replace").decode()}"'
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@inside(*rules.MAY_PROPOSE)
def add_proposer(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Somebody proposes it too."""
    found, form = find(organization, number), ProposerForm(request.POST, organization=organization)
    if form.is_valid():
        person = form.cleaned_data["person"]
        try:
            actions.add_proposer(proposal=found, person=person, actor=signed_in(request))
            return _back(request, organization, number, _("%(name)s proposes it too.") % {"name": person})
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            put(form, refused)
    return page(request, found, proposer_form=form)
