"""Pages of the passport: getting a credential, "my credentials", sharing."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.credentials import files
from gradatim.program.credentials import queries as credentials
from gradatim.program.credentials.models import Credential
from gradatim.program.credentials.views.public import download, facts
from gradatim.program.ground import limits
from gradatim.program.ground import queries as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.passport import actions, queries, rules
from gradatim.program.passport.forms import CodeForm, ShareForm
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Membership, Organization, Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TRIES = 20  # wrong codes an hour from one address
HOUR = 3600
Role = Membership.Role


def _person(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


@require_http_methods(["GET", "HEAD", "POST"])
def get(request: HttpRequest) -> HttpResponse:
    """Enter a short code; the button gets the credential. A QR code fills the code in, and still does nothing."""
    form = CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        who = limits.client(request)
        try:
            if limits.counted("codes", who, seconds=HOUR) >= TRIES:
                raise Refused(
                    "rate-limited", _("Too many codes were tried from here. Wait an hour."), field="code"
                )
            got, holder = actions.claim_by_code(code=form.cleaned_data["code"], person=_person(request))
        except Refused as refused:
            limits.count("codes", who, seconds=HOUR)
            form.add_error(refused.field, refused.message)
        else:
            return _welcome(request, got, holder)
    return render(request, "passport/get.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def get_link(request: HttpRequest, token: str) -> HttpResponse:
    """Opening shows what waits; only the button gets it."""
    found = queries.find_waiting(token)
    if found is None:
        raise Http404
    link, credential = found
    if request.method == "POST":
        got, holder = actions.claim_by_link(token=token, person=_person(request))
        return _welcome(request, got, holder)
    context = {"credential": credential, "open": ground.is_open(link), "version": credential.version}
    return render(request, "passport/get_link.html", context)


def _welcome(request: HttpRequest, credential: Credential, holder: Person) -> HttpResponse:
    if request.user != holder:
        login(request, holder, backend=BACKEND)
    messages.success(request, _("It is yours now."))
    return redirect("passport:own", credential.pk)


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Everything this person holds."""
    return render(
        request, "passport/mine.html", {"credentials": credentials.credentials_of(signed_in(request))}
    )


def _own(request: HttpRequest, pk: UUID) -> Credential:
    found = credentials.find_credential(pk)
    if found is None or found.learner.person_id != signed_in(request).pk:
        raise Http404
    return found


@require_safe
@login_required
def own(request: HttpRequest, credential: UUID) -> HttpResponse:
    """One's own credential: keep it, show it, share it."""
    return _own_page(request, _own(request, credential), ShareForm())


def _own_page(request: HttpRequest, found: Credential, form: ShareForm) -> HttpResponse:
    context = facts(found) | {
        "form": form,
        "shares": queries.shares(found),
        "may_share": rules.may_share(signed_in(request), found),
        "site": settings.SITE_URL,
        "linkedin": _linkedin(found),
        "line": _("%(title)s, %(organization)s, %(year)s")
        % {
            "title": found.version.title,
            "organization": found.organization.name,
            "year": found.issued_at.year,
        },
    }
    return render(request, "passport/own.html", context, status=422 if form.errors else 200)


def _linkedin(found: Credential) -> dict[str, str]:
    """The fields of LinkedIn's "add to profile", for its address and for copying."""
    fields = {
        "name": found.version.title,
        "organizationName": found.organization.name,
        "issueYear": str(found.issued_at.year),
        "issueMonth": str(found.issued_at.month),
        "certUrl": files.page_url(found),
        "certId": str(found.pk),
    }
    if found.organization.linkedin_id:
        fields["organizationId"] = found.organization.linkedin_id
    if found.valid_until:
        fields |= {
            "expirationYear": str(found.valid_until.year),
            "expirationMonth": str(found.valid_until.month),
        }
    query = urlencode({"startTask": "CERTIFICATION_NAME", **fields})
    return fields | {"address": f"https://www.linkedin.com/profile/add?{query}"}


@require_POST
@login_required
def share(request: HttpRequest, credential: UUID) -> HttpResponse:
    """Make a share link."""
    found = _own(request, credential)
    form = ShareForm(request.POST)
    if form.is_valid():
        try:
            data = form.cleaned_data
            actions.share(
                credential=found, person=signed_in(request), label=data["label"], expires_at=data["until"]
            )
            messages.success(request, _("The link is ready; copy it below."))
            return redirect("passport:own", found.pk)
        except Refused as refused:
            form.add_error(refused.field, refused.message)
    return _own_page(request, found, form)


@require_POST
@login_required
def withdraw(request: HttpRequest, credential: UUID, link: int) -> HttpResponse:
    """Take a share link back."""
    found = queries.shares(_own(request, credential)).filter(pk=link).first()
    if found is None:
        raise Http404
    actions.withdraw_share(link=found, person=signed_in(request))
    messages.success(request, _("The link shows nothing any more."))
    return redirect("passport:own", credential)


@require_POST
@login_required
def public(request: HttpRequest, credential: UUID) -> HttpResponse:
    """Make the page public, or private again."""
    found = _own(request, credential)
    actions.set_public(
        credential=found, public=request.POST.get("public") == "yes", person=signed_in(request)
    )
    return redirect("passport:own", credential)


def _shared(token: str) -> Credential:
    link = queries.find_share(token)
    found = credentials.find_credential(link.credential_id) if link else None
    if found is None:
        raise Http404
    return found


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """A credential as its holder shows it."""
    response = render(request, "passport/shared.html", facts(_shared(token)) | {"token": token})
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def shared_file(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """A file of a shared credential."""
    return download(_shared(token), form)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(Role.MANAGER, Role.ISSUER)
def slips(request: HttpRequest, organization: Organization, cohort: int) -> HttpResponse:
    """Slips to print, one for each credential that nobody has got yet; POST makes the codes."""
    reason = f"cohort:{cohort}"
    context = {
        "cohort": cohort,
        "waiting": queries.slipless(organization, reason).count(),
        "site": settings.SITE_URL,
    }
    if request.method == "POST":
        made = actions.make_slips(organization=organization, reason=reason, actor=signed_in(request))
        address = settings.SITE_URL + reverse("passport:get")
        context["slips"] = [
            (c, code, files.qr_svg(f"{address}?{urlencode({'code': code})}")) for c, code in made
        ]
    return render(request, "passport/slips.html", context)
