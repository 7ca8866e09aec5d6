"""Pages of the staff about endorsements of an achievement: what stands, what is received, what is withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements import document
from gradatim.program.achievements import queries as definitions
from gradatim.program.achievements import rules as drafting
from gradatim.program.achievements.models import Endorsement, Version
from gradatim.program.credentials import actions
from gradatim.program.credentials.forms import EndorsementForm
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*drafting.MAY_CHANGE)
def endorsements(request: HttpRequest, organization: Organization, version: int) -> HttpResponse:
    """Who endorsed a version, and the form that takes another one."""
    found = _version(organization, version)
    form = EndorsementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.receive_endorsement(version=found, content=form.content(), actor=signed_in(request))
            messages.success(
                request,
                _("Received: %(who)s stands behind it from now on.") % {"who": row.endorser},
            )
            return redirect("credentials:endorsements", organization.slug, found.pk)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    today = timezone.localdate()
    context = {
        "version": found,
        "form": form,
        "address": document.url(found),
        "rows": [(row, row.live_on(today)) for row in found.endorsements.all()],
    }
    return render(request, "credentials/endorsements.html", context, status=422 if form.errors else 200)


@require_POST
@inside(*drafting.MAY_CHANGE)
def check(request: HttpRequest, organization: Organization, version: int, endorsement: int) -> HttpResponse:
    """Check one again, against its signer's own lists and keys."""
    row = _endorsement(organization, version, endorsement)
    report = actions.check_endorsement(endorsement=row, actor=signed_in(request))
    bad = report.decided_by
    if bad is None:
        messages.success(request, _("It still holds."))
    elif row.withdrawn_at:
        messages.warning(request, _("It holds no longer and was withdrawn. %(why)s") % {"why": bad.detail})
    else:
        messages.warning(request, _("That could not be decided now. %(why)s") % {"why": bad.detail})
    return redirect("credentials:endorsements", organization.slug, version)


@require_POST
@inside(*drafting.MAY_CHANGE)
def withdraw(
    request: HttpRequest, organization: Organization, version: int, endorsement: int
) -> HttpResponse:
    """Note that one no longer stands."""
    row = _endorsement(organization, version, endorsement)
    achievements.withdraw_endorsement(endorsement=row, actor=signed_in(request))
    messages.success(request, _("Withdrawn. It counts for no rule any more, and no page shows it."))
    return redirect("credentials:endorsements", organization.slug, version)


def _version(organization: Organization, version: int) -> Version:
    found = definitions.find_own_version(organization, version)
    if found is None:
        raise Http404
    return found


def _endorsement(organization: Organization, version: int, endorsement: int) -> Endorsement:
    found = _version(organization, version).endorsements.filter(pk=endorsement).first()
    if found is None:
        raise Http404
    return found
