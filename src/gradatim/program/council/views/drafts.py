"""Pages where a proposal is written: the short form, the long one, changes, what is checked and kept while typing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gradatim.program.achievements import actions as achievement_actions
from gradatim.program.achievements import badge
from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.models import Achievement, Version
from gradatim.program.council import actions, queries, rules
from gradatim.program.council.forms import (
    ChangeForm,
    MoreForm,
    ProposalForm,
    RetireForm,
    TextForm,
)
from gradatim.program.council.models import Body, Proposal, Scratch
from gradatim.program.council.views.proposals import find, put
from gradatim.program.council.views.saving import Written, keep_typed, save_merged
from gradatim.program.ground.refused import Refused
from gradatim.program.people.entry import inside, signed_in
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import queries as taxonomy

Kinds = Proposal.Kind
Short = ProposalForm | RetireForm | TextForm


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_PROPOSE)
def new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Propose something on one short page: something new, or with ``?version=`` a draft, or what should be retired."""
    body, version, earlier = queries.deciding_body(organization), None, None
    kind, key = request.GET.get("kind", ""), "new"
    if wanted := request.GET.get("version"):
        version, key = _version(organization, wanted, kind), f"version:{wanted}"
        if going := queries.open_about(version):
            return redirect("council:proposal", organization.slug, going.number)
        earlier = queries.newest_about(version) if kind != Kinds.RETIRE else None
    if kind in Proposal.TEXTS:
        key = kind
    scratch = queries.find_scratch(organization, signed_in(request), key)
    typed = scratch.typed if scratch and "unsaved" in request.GET else None
    form = _short(request.POST or None, organization, version, earlier, kind=kind, typed=typed)
    if request.method == "POST" and "check" in request.POST:
        keep_typed(request, organization, key, form)
    elif request.method == "POST" and body is not None and form.is_valid():
        try:
            made = _start(signed_in(request), organization, body, form, kind, version)
        except Refused as refused:
            put(form, refused)
        else:
            actions.drop_scratch(organization=organization, key=key, actor=signed_in(request))
            messages.success(
                request, _("Kept as a draft. Look at what the rules say, then send it to the council.")
            )
            return redirect("council:proposal", organization.slug, made.number)
    context = {
        "body": body,
        "may_found": rules.may_found(signed_in(request), organization),
        "subject": version,
        "asked": dict(Kinds.choices).get(kind, "") if kind in Proposal.TEXTS else "",
        "texts": [(k.value, k.label) for k in Proposal.TEXTS] if key == "new" else [],
        "impact": queries.impact_of(version.achievement)
        if version and (version.number > 1 or kind)
        else None,
    }
    return _page(request, organization, form, key, scratch, context)


def _start(
    person: Person, organization: Organization, body: Body, form: Short, kind: str, version: Version | None
) -> Proposal:
    if isinstance(form, TextForm):
        return actions.propose_text(
            organization=organization, body=body, kind=kind, actor=person, **form.proposal_fields
        )
    return actions.propose(
        organization=organization,
        body=body,
        version=version,
        actor=person,
        **form.proposal_fields,
        **form.achievement_fields,
    )


def _short(
    data: Mapping[str, Any] | None,
    organization: Organization,
    version: Version | None,
    proposal: Proposal | None,
    *,
    kind: str = "",
    typed: Mapping[str, str] | None = None,
) -> Short:
    if kind in Proposal.TEXTS:
        return TextForm(data, proposal=proposal, typed=typed)
    if kind == Kinds.RETIRE:
        return RetireForm(data, proposal=proposal)
    return ProposalForm(
        data, organization=organization, version=version, proposal=proposal, kind=kind, typed=typed
    )


def _version(organization: Organization, key: str, kind: str) -> Version:
    """A draft, or to be retired something approved."""
    found = achievements.find_own_version(organization, key)
    fits = Version.ISSUABLE if kind == Kinds.RETIRE else {Version.State.DRAFT}
    if found is None or found.state not in fits:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    organization: Organization,
    form: Short,
    key: str,
    scratch: Scratch | None,
    context: dict[str, Any],
) -> HttpResponse:
    """The short form's page, with what the rules say beside it."""
    checking = "check" in request.POST
    context |= {
        "form": form,
        "key": key,
        "scratch": scratch if request.method != "POST" and "unsaved" not in request.GET else None,
        "checking": checking,
        **(_live(organization, form) if isinstance(form, ProposalForm) else {}),
    }
    bad = form.is_bound and bool(form.errors) and not checking
    return render(request, "council/form.html", context, status=422 if bad else 200)


def _live(organization: Organization, form: ProposalForm) -> dict[str, Any]:
    """What stands in a form, as the rules, the routes, the catalog and the badge see it."""
    version = form.version
    if form.is_bound:
        form.is_valid()
    elif version is None:
        return {"badge": _drawn(organization, form)}
    facts = form.facts() if form.is_bound else achievements.facts(version) if version else {}
    achievement = version.achievement if version else None
    return {
        "badge": _drawn(organization, form),
        "findings": taxonomy.findings(
            organization, facts, subject=achievements.subject(version) if version else ""
        ),
        "journey": queries.preview(organization, facts, form.asked_kind, achievement),
        "likenesses": queries.likenesses(
            organization,
            title=facts["title"],
            description=facts["description"] or "",
            outcomes=facts["outcomes"],
            besides=achievement.pk if achievement else None,
        ),
    }


def _drawn(organization: Organization, form: ProposalForm) -> SafeString:
    """The badge of what stands in the form."""
    data: dict[str, Any] = getattr(form, "cleaned_data", {})
    version = form.version
    shown = Version(
        achievement=Achievement(organization=organization, practice=organization.practicing),
        title=data.get("title") or (version.title if version else _("Your title")),
        image_label=version.image_label if version else "",
        type=data.get("type") or (version.type if version else None),
        level=data.get("level") or (version.level if version else None),
    )
    return mark_safe(badge.svg(shown))  # noqa: S308 - drawn here, every text in it is escaped


@require_POST
@inside(*rules.MAY_PROPOSE)
def check(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Keep what is being typed, and show what the rules, the routes, the catalog and the badge make of it."""
    key = request.POST.get("key", "new")
    kind, _colon, number = key.partition(":")
    proposal = _own(request, organization, number) if kind in {"proposal", "more"} else None
    if kind == "more" and proposal:
        kept = keep_typed(request, organization, key, MoreForm(request.POST, proposal=proposal))
        return render(request, "council/_kept.html", {"kept": kept})
    version = proposal.version if proposal else None
    if kind in Proposal.TEXTS or (proposal and proposal.is_text):
        kept = keep_typed(request, organization, key, TextForm(request.POST))
        return render(request, "council/_kept.html", {"kept": kept})
    if kind == "version":
        version = achievements.find_own_version(organization, number)
    form = ProposalForm(request.POST, organization=organization, version=version, proposal=proposal)
    kept = keep_typed(request, organization, key, form)
    return render(request, "council/_live.html", {"kept": kept, **_live(organization, form)})


def _own(request: HttpRequest, organization: Organization, number: str) -> Proposal:
    """A proposal of this number that the person may change."""
    found = find(organization, int(number)) if number.isdecimal() else None
    if found is None or not rules.may_change(signed_in(request), found):
        raise Http404
    return found


@require_POST
@inside(*rules.MAY_PROPOSE)
def discard(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Forget what was typed and not saved."""
    key = request.POST.get("key", "new")
    actions.drop_scratch(organization=organization, key=key, actor=signed_in(request))
    messages.success(request, _("Forgotten. Here is what is saved."))
    kind, _colon, number = key.partition(":")
    if kind in {"proposal", "more"} and number.isdecimal():
        return redirect("council:edit" if kind == "proposal" else "council:more", organization.slug, number)
    there = reverse("council:new", args=[organization.slug])
    if key in Proposal.TEXTS:
        return redirect(f"{there}?kind={key}")
    return redirect(f"{there}?version={number}" if kind == "version" and number.isdecimal() else there)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_PROPOSE)
def change(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Choose what should change or end; for a change the draft of its next version is started."""
    form = ChangeForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        version, kind = form.cleaned_data["version"], form.cleaned_data["kind"]
        if kind != Kinds.RETIRE:
            version = queries.draft_after(version) or achievement_actions.new_version(
                version=version, actor=signed_in(request)
            )
        there = reverse("council:new", args=[organization.slug])
        return redirect(f"{there}?version={version.pk}&kind={kind}")
    context = {"form": form, "any": achievements.issuable(organization).exists()}
    return render(request, "council/change.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_PROPOSE)
def edit(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """Change a draft; what somebody else saved meanwhile is merged."""
    found, person, key = find(organization, number), signed_in(request), f"proposal:{number}"
    if found.state not in Proposal.CHANGEABLE or not rules.may_change(person, found):
        messages.warning(request, _("You cannot change this proposal now."))
        return redirect("council:proposal", organization.slug, number)
    scratch = queries.find_scratch(organization, person, key)
    typed = scratch.typed if scratch and "unsaved" in request.GET else None

    def build(data: Mapping[str, Any] | None, now: Proposal) -> Written:
        return _short(data, organization, now.version, now, kind=now.kind, typed=typed)

    def save(now: Proposal, form: Any, revision: int) -> None:  # noqa: ANN401 - one of `Written`
        actions.revise_proposal(
            proposal=now, revision=revision, actor=person, **form.proposal_fields, **form.achievement_fields
        )

    form: Any = build(None, found)
    if request.method == "POST" and "check" in request.POST:
        form = build(request.POST, found)
        keep_typed(request, organization, key, form)
    elif request.method == "POST":
        form, answer = save_merged(request, found, key, build, save)
        if answer is not None:
            return answer
    context = {"proposal": found, "body": found.body, "joins": not rules.is_proposer(person, found)}
    return _page(request, organization, form, key, scratch, context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside(*rules.MAY_PROPOSE)
def more(request: HttpRequest, organization: Organization, number: int) -> HttpResponse:
    """The long form: sections that grow from the short one."""
    found, person, key = find(organization, number), signed_in(request), f"more:{number}"
    if found.state not in Proposal.CHANGEABLE or not rules.may_change(person, found):
        messages.warning(request, _("You cannot change this proposal now."))
        return redirect("council:proposal", organization.slug, number)
    scratch = queries.find_scratch(organization, person, key)
    typed = scratch.typed if scratch and "unsaved" in request.GET else None

    def build(data: Mapping[str, Any] | None, now: Proposal) -> Written:
        return MoreForm(data, proposal=now, typed=typed)

    def save(now: Proposal, form: Any, revision: int) -> None:  # noqa: ANN401 - a MoreForm
        actions.answer_more(proposal=now, answers=form.answers, revision=revision, actor=person)

    form: Any = build(None, found)
    if request.method == "POST":
        form, answer = save_merged(request, found, key, build, save)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "proposal": found,
        "key": key,
        "scratch": scratch if request.method != "POST" and "unsaved" not in request.GET else None,
        "joins": not rules.is_proposer(person, found),
        "budget": queries.budget_of(form.content if form.is_bound else found.more),
    }
    return render(request, "council/more.html", context, status=422 if form.errors else 200)
