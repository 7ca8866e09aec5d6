"""Pages of proposals."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gradatim.program.achievements import queries as achievements
from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import ReviewForm
from gradatim.program.council.models import Proposal
from gradatim.program.council.views.panel import vote_panel
from gradatim.program.council.views.panels import changes_panel, dossier_panel, item_panel, route_panel
from gradatim.program.ground.refused import Refused
from gradatim.program.offerings import rules as offerings
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import queries as taxonomy

PAGE = 30
State, Kinds = Proposal.State, Proposal.Kind


def find(organization: Organization, number: int) -> Proposal:
    """The proposal of a number, or "not found"."""
    found = queries.find_proposal(organization, number)
    if found is None:
        raise Http404
    return found


def find_for(request: HttpRequest, organization: Organization, number: int) -> Proposal:
    """The same for somebody who may open it: who works on the program, or is or was asked about it."""
    held = roles(request)
    found = queries.find_proposal(organization, number)
    known = rules.standing(signed_in(request), found, held) if found else None
    if known is None or not known.may_open:
        raise Http404 if held & frozenset(rules.MAY_SEE) else PermissionDenied
    assert found is not None  # noqa: S101 - for the type checker: there is no standing without it
    return found


def roles(request: HttpRequest) -> frozenset[str]:
    """What the person behind a request is in the organization they are inside of."""
    held: frozenset[str] = request.roles  # type: ignore[attr-defined]  # set by `inside`
    return held


@require_safe
@inside(*rules.MAY_SEE)
def proposals(request: HttpRequest, organization: Organization) -> HttpResponse:
    """All proposals, newest first."""
    state = request.GET.get("state", "")
    words = request.GET.get("q", "").strip()[:200]
    found = queries.proposals(organization, state=state if state in State.values else "", words=words)
    page_of = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_of": page_of,
        "state": state,
        "words": words,
        "states": State.choices,
        "may_propose": rules.may_propose(signed_in(request), organization),
        "unproposed": queries.unproposed(organization),
    }
    return render(request, "council/proposals.html", context)


def put(form: Form, refused: Refused) -> None:
    """A refusal at the field it belongs to, if the form has that field."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


@require_safe
@inside()
def proposal(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """A proposal with everything a council needs to decide."""
    return page(request, find_for(request, organization, number))


def page(request: HttpRequest, found: Proposal, **forms: Form) -> HttpResponse:
    """The proposal's page, perhaps with a form that has errors."""
    person = signed_in(request)
    own = next((r for r in found.reviews.all() if r.reviewer_id == person.pk), None)
    standing, now = rules.standing(person, found, roles(request)), found.state
    version, retiring = found.version, found.kind == Kinds.RETIRE
    book = taxonomy.rulebook(found.organization)
    facts = achievements.facts(version, dimensions=book.dimensions) if version else {"title": found.subject}
    findings = (
        [] if retiring or version is None else book.findings(facts, subject=achievements.subject(version))
    )
    impact = queries.impact_of(version.achievement) if version and found.kind != Kinds.NEW else None
    way = queries.journey(
        found, facts=facts, labels=queries.labels_with(book.labels), held=impact.holders if impact else 0
    )
    context = {
        **item_panel(found),
        "findings": findings,
        "blocking": [f for f in findings if f.blocks],
        "scores": queries.scores(found),
        "is_proposer": standing.proposes,
        "may_change": standing.may_change and now in Proposal.CHANGEABLE,
        **changes_panel(found, standing),
        "may_withdraw": standing.may_change and now in {*Proposal.CHANGEABLE, State.SUBMITTED},
        "may_chair": standing.may_chair,
        "may_review": (standing.may_review or (not standing.proposes and rules.was_asked(person, found)))
        and now in {State.SUBMITTED, State.IN_BALLOT},
        "may_propose_again": now in Proposal.SETTLED
        and version is not None
        and queries.may_be_proposed(version)
        and bool(roles(request) & set(rules.MAY_PROPOSE)),
        "may_start": version is not None
        and version.issuable
        and offerings.may_enrol(person, found.organization),
        **dossier_panel(found, person, standing, request.GET.get("about", "")),
        "review_form": ReviewForm(own=own, rubric=queries.rubric_for(found)),
        "impact": impact,
        "sees_all": standing.sees_all,
        **route_panel(way, found, person, standing),
    }
    context |= vote_panel(found, person, standing)
    context |= {"mistaken": next(iter(forms.values()), None)}
    return render(request, "council/proposal.html", context | forms, status=422 if forms else 200)


@require_POST
@inside(*rules.MAY_PROPOSE)
def submit(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Send it to the council."""
    actions.submit(proposal=find(organization, number), actor=signed_in(request))
    messages.success(request, _("It is with the council now."))
    return redirect("council:proposal", organization.slug, number)


@require_POST
@inside(*rules.MAY_PROPOSE)
def withdraw(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Take it back."""
    actions.withdraw(proposal=find(organization, number), actor=signed_in(request))
    messages.success(request, _("Withdrawn."))
    return redirect("council:proposals", organization.slug)
