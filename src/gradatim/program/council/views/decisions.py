"""Pages of decisions: writing and publishing one, and the public record."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gradatim.program.achievements import diff
from gradatim.program.council import actions, queries, records, rules
from gradatim.program.council.forms import DecisionForm, MetForm, ReconsiderForm
from gradatim.program.council.models import Decision
from gradatim.program.council.views.proposals import find, page
from gradatim.program.ground.refused import Refused
from gradatim.program.people import queries as people
from gradatim.program.people.entry import at_home, be_in, inside, signed_in
from gradatim.program.people.models import Organization, Person

PAGE = 50
FEED = 50  # entries


@require_POST
@inside(*rules.MAY_SEE)
def decide(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Write the decision."""
    found = find(organization, number)
    ballots = found.ballots.all()
    if not ballots:
        raise Http404
    form = DecisionForm(request.POST, result=ballots[0].result)
    if form.is_valid():
        try:
            made = actions.decide(ballot=ballots[0], actor=signed_in(request), **form.decision)
            messages.success(
                request,
                _("Decision %(number)s is written, and held until it is published.")
                % {"number": made.number},
            )
            return redirect("council:proposal", organization.slug, number)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    return page(request, find(organization, number), decision_form=form)


@require_POST
@inside(*rules.MAY_SEE)
def publish(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Publish the decision."""
    decision = queries.decision_of(find(organization, number))
    if decision is None:
        raise Http404
    actions.publish(decision=decision, over="over" in request.POST, actor=signed_in(request))
    messages.success(request, _("Published. From now on it counts."))
    return redirect("council:proposal", organization.slug, number)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_SEE)
def held(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Held decisions, to be published together, and conditions that wait to be met."""
    person = signed_in(request)
    runs = rules.runs_any(person, organization)
    waiting = queries.held_decisions(organization) if runs else Decision.objects.none()
    if request.method == "POST":
        keys = [key for key in request.POST.getlist("decision") if key.isdecimal()]
        chosen = waiting.filter(pk__in=keys)
        if not keys or not chosen:
            messages.warning(request, _("Tick the decisions to publish."))
        else:
            done = actions.publish_all(decisions=chosen, actor=person)
            messages.success(
                request,
                ngettext("%(n)d decision is public.", "%(n)d decisions are public.", len(done))
                % {"n": len(done)},
            )
        return redirect("council:held", organization.slug)
    context = {
        "held": waiting,
        "conditions": queries.conditions_waiting(organization),
        "person": person,
        "today": timezone.localdate(),
        "form": MetForm(),
        "mine": set(person.proposals.values_list("pk", flat=True)),
        "runs": runs,
    }
    return render(request, "council/held.html", context)


@require_POST
@inside(*rules.MAY_SEE)
def met(request: HttpRequest, organization: Organization, condition: int) -> HttpResponse:
    """A condition is met."""
    found = queries.find_condition(organization, condition)
    if found is None:
        raise Http404
    actions.meet_condition(condition=found, note=request.POST.get("note", ""), actor=signed_in(request))
    messages.success(request, _("Noted: the condition is met."))
    return redirect("council:held", organization.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_PROPOSE)
def reconsider(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """Ask for a decision to be looked at again."""
    found = queries.find_decision(organization, number)
    if found is None or found.proposal is None:
        raise Http404
    form = ReconsiderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.reconsider(decision=found, actor=signed_in(request), **form.cleaned_data)
        messages.success(
            request, _("This proposal asks the council to look at it again. Say in it what is new.")
        )
        return redirect("council:proposal", organization.slug, made.number)
    context = {"decision": found, "form": form}
    return render(request, "council/reconsider.html", context, status=422 if form.errors else 200)


@require_POST
@inside(*rules.MAY_SEE)
def admit(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """Say whether a decision is looked at again."""
    found = queries.find_decision(organization, number)
    if found is None:
        raise Http404
    if "decline" in request.POST:
        why = request.POST.get("why", "")[:4000]
        actions.decline(decision=found, why=why, actor=signed_in(request))
        messages.success(request, _("Not admitted; the reason stands beside the decision."))
    else:
        actions.admit(decision=found, actor=signed_in(request))
        messages.success(request, _("Admitted: its proposal can be sent to the council."))
    return redirect("council:decision", organization.slug, number)


def _organization(request: HttpRequest, slug: str) -> Organization:
    found = people.find_organization(slug)
    if found is None:
        raise Http404
    be_in(request, found)
    at_home(request, found)
    return found


def _asked(request: HttpRequest) -> dict[str, str]:
    """What a reader of the register looks for."""
    given = request.GET
    return {
        "words": given.get("q", "")[:200],
        "outcome": given.get("outcome", ""),
        "kind": given.get("kind", ""),
        "year": given.get("year", ""),
    }


@require_safe
def decisions(request: HttpRequest, organization: str) -> HttpResponse:
    """The register: everything that was decided and published, to search in."""
    found, asked = _organization(request, organization), _asked(request)
    context = {
        "page_of": Paginator(queries.public_decisions(found, **asked), PAGE).get_page(
            request.GET.get("page")
        ),
        "asked": asked,
        "is_asked": any(asked.values()),
        "outcomes": Decision.Outcome.choices,
        "kinds": Decision.Kind.choices,
        "years": queries.decision_years(found),
    }
    return render(request, "council/decisions.html", context)


@require_safe
def register(request: HttpRequest, organization: str) -> HttpResponse:
    """The register as CSV, with the same search."""
    found = _organization(request, organization)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="decisions-{organization}.csv"'
    asked = queries.with_record(queries.public_decisions(found, **_asked(request)))
    records.write_csv(response, found, asked)
    return response


@require_safe
def feed(request: HttpRequest, organization: str) -> HttpResponse:
    """The newest decisions as an Atom feed."""
    found = _organization(request, organization)
    newest = queries.public_decisions(found)[:FEED]
    return HttpResponse(records.atom(found, newest), content_type="application/atom+xml; charset=utf-8")


@require_safe
def decision(request: HttpRequest, organization: str, number: str) -> HttpResponse:
    """One decision, for everyone to read."""
    found = queries.find_decision(_organization(request, organization), number)
    if found is None:
        raise Http404
    ballot, person = found.ballot, request.user
    context = {
        "decision": found,
        "ballot": ballot,
        "explained": queries.explain(ballot) if ballot else "",
        "named": queries.named_votes(ballot) if ballot and ballot.in_public else (),
        "proposal": found.proposal,
        "motion": found.motion,
        "meeting": queries.meeting_of(found),
        "looked": queries.looked_at(found),
        "version": found.proposal.version if found.proposal else None,
        "waits": queries.waits_to_start(found),
        "asks": queries.waits_for_admission(found),
        "may_admit": isinstance(person, Person)
        and queries.waits_for_admission(found)
        and rules.may_admit(person, found),
        **_text(found),
        "may_reconsider": isinstance(person, Person)
        and queries.may_be_reconsidered(found)
        and rules.may_propose(person, found.organization),
    }
    return render(request, "council/decision.html", context)


def _text(found: Decision) -> dict[str, object]:
    """The text it adopts, and what differs from the one before."""
    adopted = getattr(found, "resolution", None)
    if adopted is None:
        return {}
    before = adopted.replaces
    old, new = diff.words(before.wording, adopted.wording) if before else ([], [])
    return {"resolution": adopted, "earlier": before, "old": old, "new": new}
