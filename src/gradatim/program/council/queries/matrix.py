"""The alignment matrix: from the need through skills and outcomes to the credential, with every gap.

Read by the newest version of each achievement; what one column needs is asked once for a whole page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from gradatim.program.achievements import queries as achievements
from gradatim.program.achievements.models import Alignment, Outcome, Version
from gradatim.program.council.models import Evidence, Proposal, Tie
from gradatim.program.credentials.models import Credential
from gradatim.program.ground.together import Part, read_together, remember
from gradatim.program.offerings.models import Enrolment
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy import search
from gradatim.program.taxonomy.models import Framework

Judged = Mapping[str, list[str]]
LETTERS = 160  # of a long text in a cell
SHARED = 2  # words that make a skill likely to serve an outcome

COLUMNS: dict[str, tuple[str | Promise, str | Promise]] = {
    "need": (lazy("Need"), lazy("A proposal fills it: what shows that it is needed, with source and date.")),
    "skill": (
        lazy("Skill"),
        lazy("Align the achievement to a framework, then tie each skill to the outcome it serves."),
    ),
    "outcome": (lazy("Outcome"), lazy("The draft fills it: what a learner is able to do afterwards.")),
    "assessment": (lazy("Assessment"), lazy("The draft fills it: how the outcomes are assessed.")),
    "criterion": (
        lazy("Rubric criterion"),
        lazy(
            "The rubric of the draft fills it, with criteria tied to the outcomes, and a framework that brings one (CASE) for the skills."
        ),
    ),
    "evidence": (lazy("Evidence"), lazy("A cohort fills it: results that assessors recorded.")),
    "credential": (lazy("Credential"), lazy("Issuing fills it: credentials that are in force.")),
}
"""Key → name of the column and what would fill it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column for a whole version; no text means a gap."""

    text: str = ""
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One outcome: the skills that a person tied to it, and those that share its words but are not tied."""

    outcome: Outcome
    tied: list[Alignment]
    likely: list[tuple[Alignment, str]]
    criteria: list[str]  # of its own rubric that measure it, then of frameworks for the skills that are tied


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, and where it is filled."""

    column: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """One version through all columns."""

    version: Version
    cells: dict[str, Cell]
    rows: list[Row]
    idle: list[Alignment]  # skills that serve no outcome
    gaps: list[Gap] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many versions have something in a column."""

    key: str
    name: str
    filled: int
    total: int
    fill: str


def traced(organization: Organization) -> QuerySet[Version]:
    """The versions that the matrix shows: the newest of each achievement, unless it is retired."""
    return achievements.newest(organization).exclude(state=Version.State.RETIRED)


def coverage(organization: Organization, judged: Judged) -> list[Coverage]:
    """For each column how many versions have something in it.

    Args:
        organization: whose.
        judged: from `judging`.
    """
    shown = traced(organization).order_by()
    asked = {
        "need": Q(
            Exists(
                Proposal.objects.filter(version__achievement=OuterRef("achievement"))
                .exclude(need="")
                .exclude(state="withdrawn")
            )
        ),
        "skill": Q(Exists(Alignment.objects.filter(version=OuterRef("pk")))),
        "outcome": Q(Exists(Outcome.objects.filter(version=OuterRef("pk")))),
        "assessment": ~Q(assessment=""),
        "criterion": ~Q(rubric=[]),
        "evidence": Q(Exists(Enrolment.objects.filter(cohort__version=OuterRef("pk")).exclude(result=""))),
        "credential": Q(Exists(Credential.objects.filter(version=OuterRef("pk"), state="active"))),
    }
    filled = shown.aggregate(
        total=Count("pk"), **{key: Count("pk", filter=condition) for key, condition in asked.items()}
    )
    total = filled["total"]
    aligned = Alignment.objects.filter(version__in=shown.filter(rubric=[]), item__isnull=False)
    pairs = aligned.values_list("version", "item__identifier") if judged else ()
    filled["criterion"] += len({version for version, item in pairs if str(item) in judged})
    return [Coverage(key, str(name), filled[key], total, str(fill)) for key, (name, fill) in COLUMNS.items()]


def trace(organization: Organization, versions: Sequence[Version], judged: Judged) -> list[Trace]:
    """The matrix of some versions.

    Args:
        organization: whose.
        versions: from `traced`, a page of them.
        judged: from `judging`.
    """
    read = read_together(_parts([v.pk for v in versions], [v.achievement_id for v in versions]))
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for source in sorted(read["evidence"], key=lambda one: (one.dated, one.pk), reverse=True):
        evidence[source.proposal_id].append(source)
    needs: dict[int, Proposal] = {}  # by achievement: what showed the need of an earlier version counts
    for proposal in sorted(read["proposals"], key=lambda one: one.number):
        remember(proposal, "evidence", evidence[proposal.pk])
        needs[proposal.version.achievement_id] = proposal
    ties: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for tie in read["ties"]:
        ties[tie.achievement_id].add((tie.target_url, tie.outcome))
    counted = {row.pk: row for row in read["counted"]}
    found = []
    for version in versions:
        outcomes = [one for one in read["outcomes"] if one.version_id == version.pk]
        outcomes.sort(key=lambda one: (one.position, one.pk))
        remember(version, "outcomes", outcomes)
        remember(version, "alignments", [one for one in read["alignments"] if one.version_id == version.pk])
        many = counted[version.pk]
        results, need = (many.met, many.not_met), needs.get(version.achievement_id)
        found.append(
            _trace(organization, judged, version, need, ties[version.achievement_id], results, many.issued)
        )
    return found


def _parts(keys: list[int], owners: list[int]) -> dict[str, Part]:
    """What the cells of some versions need, to be read at once."""
    proposals = Proposal.objects.filter(version__achievement__in=owners).exclude(
        state=Proposal.State.WITHDRAWN
    )
    counted = Version.objects.filter(pk__in=keys).annotate(
        met=_many(Enrolment.objects.filter(cohort__version=OuterRef("pk"), result="met")),
        not_met=_many(Enrolment.objects.filter(cohort__version=OuterRef("pk"), result="not_met")),
        issued=_many(Credential.objects.filter(version=OuterRef("pk"), state=Credential.State.ACTIVE)),
    )
    return {
        "proposals": Part(proposals, ("number", "need"), {"version": ("achievement",)}),
        "evidence": Part(Evidence.objects.filter(proposal__in=proposals.values("pk"))),
        "ties": Part(Tie.objects.filter(achievement__in=owners)),
        "outcomes": Part(Outcome.objects.filter(version__in=keys)),
        "alignments": Part(Alignment.objects.filter(version__in=keys), along={"item": ("identifier",)}),
        "counted": Part(counted, ("achievement",), counted=("met", "not_met", "issued")),
    }


def _many(rows: QuerySet[Any]) -> Coalesce:
    """How many rows there are, beside each row of another query."""
    one = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(one), 0)


def judging(organization: Organization) -> Judged:
    """The criteria of all rubrics that came with a framework: identifier of the statement they stand for → their words."""
    found: dict[str, list[str]] = defaultdict(list)
    rubrics = (
        Framework.objects.filter(organization=organization, retired_at=None)
        .exclude(rubrics=[])
        .values_list("rubrics", flat=True)
    )
    for rubric in (r for many in rubrics for r in many):
        for criterion in rubric.get("CFRubricCriteria") or []:
            item = criterion.get("CFItemURI") or {}
            words = criterion.get("description") or criterion.get("category") or ""
            if isinstance(item, dict) and item.get("identifier") and words:
                title = rubric.get("title") or rubric.get("description") or ""
                found[str(item["identifier"])].append(f"{words} ({title})" if title else str(words))
    return found


def _trace(
    organization: Organization,
    judged: Judged,
    version: Version,
    proposal: Proposal | None,
    ties: set[tuple[str, str]],
    results: tuple[int, int],
    issued: int,
) -> Trace:
    alignments, outcomes = list(version.alignments.all()), list(version.outcomes.all())
    own = [str(c["name"]) for c in version.rubric]
    rows = [_row(o, alignments, ties, judged, _measuring(version, o)) for o in outcomes]
    criteria = own + [c for a in alignments for c in _criteria(a, judged)]
    serving = {a.pk for row in rows for a in row.tied}
    met, not_met = results
    cells = {
        "need": _need(organization, proposal),
        "assessment": Cell(_short(version.assessment), ", ".join(version.assessment_names)),
        "criterion": Cell("; ".join(map(_short, criteria))),
        "evidence": Cell(
            _("%(met)s met, %(not)s not met") % {"met": met, "not": not_met} if met or not_met else "",
            ", ".join(version.evidence_names),
        ),
        "credential": Cell(_("%(n)s in force") % {"n": issued} if issued else ""),
    }
    idle = [a for a in alignments if a.pk not in serving]
    where = _where(organization, version, proposal)
    return Trace(version, cells, rows, idle, list(_gaps(version, where, cells, rows, idle)))


def _where(organization: Organization, version: Version, proposal: Proposal | None) -> dict[str, str]:
    """The page on which each gap is filled."""
    draft = reverse("achievements:own_version", args=[organization.slug, version.pk])
    cohorts = reverse("offerings:cohorts", args=[organization.slug])
    found = dict.fromkeys(COLUMNS, draft) | {"evidence": cohorts, "credential": cohorts}
    found["need"] = reverse("council:proposals", args=[organization.slug])
    if version.state != Version.State.DRAFT:
        return found
    room, key = "achievements", version.pk
    if version.proposal_url and proposal and proposal.version == version:
        room, key = "council", proposal.number
    rubric = "draft_rubric" if room == "council" else "rubric"
    found["skill"] = reverse(f"{room}:alignments", args=[organization.slug, key])
    found["criterion"] = reverse(f"{room}:{rubric}", args=[organization.slug, key])
    return found


def _need(organization: Organization, proposal: Proposal | None) -> Cell:
    """The evidence of a proposal, the newest source first; without any, what its proposers wrote."""
    if proposal is None:
        return Cell()
    rows = list(proposal.evidence.all())
    text = f"{rows[0].text} ({rows[0]})" if rows else proposal.need
    more = _("Proposal %(n)s") % {"n": proposal.number}
    if len(rows) > 1:
        said = ngettext(
            "Proposal %(n)s, one more source", "Proposal %(n)s, %(more)s more sources", len(rows) - 1
        )
        more = said % {"n": proposal.number, "more": len(rows) - 1}
    return Cell(_short(text), more, reverse("council:proposal", args=[organization.slug, proposal.number]))


def _criteria(alignment: Alignment, judged: Judged) -> list[str]:
    """The criteria that stand for a skill, if it is a statement of a framework."""
    return judged.get(str(alignment.item.identifier), []) if alignment.item else []


def _measuring(version: Version, outcome: Outcome) -> list[str]:
    """The criteria of the achievement's own rubric that measure an outcome."""
    return [str(c["name"]) for c in version.rubric if outcome.text in c.get("measures", ())]


def _row(
    outcome: Outcome,
    alignments: list[Alignment],
    ties: set[tuple[str, str]],
    judged: Judged,
    own: list[str],
) -> Row:
    tied = [a for a in alignments if (a.target_url, outcome.text) in ties]
    mine = {search.stem(w): w for w in search.split(outcome.text) if w not in search.STOP}
    likely = []
    for alignment in alignments:
        shared = [mine[s] for s in dict.fromkeys(search.stems(alignment.target_name)) if s in mine]
        if alignment not in tied and len(shared) >= SHARED:
            likely.append((alignment, ", ".join(shared)))
    return Row(outcome, tied, likely, own + [c for a in tied for c in _criteria(a, judged)])


def _gaps(
    version: Version,
    where: Mapping[str, str],
    cells: dict[str, Cell],
    rows: list[Row],
    idle: list[Alignment],
) -> Iterator[Gap]:
    if not rows:
        yield Gap("outcome", _("It has no outcome."), where["outcome"])
    if not version.alignments.all():
        yield Gap("skill", _("It is aligned to no skill."), where["skill"])
    for row in rows:
        if not row.tied and version.alignments.all():
            yield Gap("skill", _("No skill is tied to “%(outcome)s”.") % {"outcome": row.outcome.text})
    for row in rows if cells["criterion"].text else []:
        if not row.criteria:
            yield Gap(
                "criterion",
                _("No criterion measures “%(outcome)s”.") % {"outcome": row.outcome.text},
                where["criterion"],
            )
    for alignment in idle if rows else []:
        yield Gap("outcome", _("The skill “%(skill)s” serves no outcome.") % {"skill": alignment.target_name})
    said = {
        "need": _("Nothing shows that it is needed."),
        "assessment": _("It does not say how it is assessed."),
        "criterion": _("It has no rubric, and none has a criterion for its skills."),
        "evidence": _("No result was recorded yet."),
        "credential": _("No credential is in force yet."),
    }
    for key, text in said.items():
        if not cells[key].text:
            yield Gap(key, text, where[key])


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LETTERS else f"{plain[: LETTERS - 1]}…"
