"""The demo's program: the main job from proposal to credentials, and more proposals on their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council import actions as council
from gradatim.program.council.models import Decision, Proposal
from gradatim.program.credentials.models import Batch
from gradatim.program.offerings import actions as offerings
from gradatim.program.offerings.models import Cohort
from gradatim.program.people.models import Learner
from gradatim.program.taxonomy.models import Framework, Value
from gradatim.program.web.demo import cast as people
from gradatim.program.web.demo import frameworks, meetings, policies
from gradatim.program.web.demo.cast import Cast
from gradatim.program.web.demo.clock import days_ago

ROSTER = (
    "id,legal name,chosen name,school address,private address,term,section,directory hold,minor\r\n"
    "N-1001,Amina Yusuf,,amina.yusuf@northfield.example,,Fall 2026,A,no,no\r\n"
    "N-1002,Benjamin Castillo,Ben Castillo,ben.castillo@northfield.example,,Fall 2026,A,no,no\r\n"
    "N-1003,Chloe Marchetti,,chloe.marchetti@northfield.example,,Fall 2026,A,yes,no\r\n"
    "N-1004,Deshawn Price,,,,Fall 2026,B,no,yes\r\n"
    "N-1005,Elif Kaya,,elif.kaya@northfield.example,,Fall 2026,B,no,no\r\n"
)

DATA_LITERACY: dict[str, Any] = {
    "title": "Data literacy for the workplace",
    "description": "Reads, questions and explains workplace data; assessed on a real case.",
    "purpose": "For staff who read reports and must act on them. It stacks into the Business Analytics certificate.",
    "need": "Nine employers of the river valley named it in the workforce survey of March 2026; 214 vacancies asked for it in the year before.",
    "recognition": "Lakeside Health and Harbor Logistics count it in their internal job postings.",
    "outcomes": [
        "Interpret tables and charts from everyday work",
        "Question where figures come from and what they leave out",
        "Explain findings to colleagues in plain words",
        "Decide on a next step and give reasons from the data",
    ],
    "criteria": "A case from the learner's own workplace: a short report with two charts, and a talk of ten minutes. All four outcomes have to be met.",
    "assessment": "Case with rubric, marked by two assessors; identity checked.",
    "workload_hours": 40,
    "participation": "blended",
    "image_label": "Data literacy",
    "credit": "convertible",
    "credits": 1,
    "credit_course": "STAT 101, Introduction to statistics",
    "credit_office": "The registrar",
    "credit_basis": "Academic policy 4.2, credit for prior learning",
    "clock_hours": 24,
    "weeks": 6,
    "assessment_kinds": ["project", "talk"],
    "evidence_kinds": ["artifact", "recording"],
    "supervision": "onsite",
    "grading": "Met or not met, with feedback for each outcome",
    "quality_assurance": "Accredited institution; the council looks at results every year",
    "stacking": "stackable",
    "stacks_into": "Business Analytics certificate",
    "cost": "$180; free for students of Northfield",
}
RUBRIC = [
    {
        "name": "Reading figures",
        "needed": "Sound",
        "measures": DATA_LITERACY["outcomes"][:2],
        "used_in": ["project"],
        "levels": [
            {"name": "Not yet", "points": "0", "description": "Names numbers, but not what they stand for."},
            {"name": "Sound", "points": "2", "description": "Says correctly what charts and tables show."},
            {"name": "Strong", "points": "3", "description": "Sees what stands out, and what is missing."},
        ],
    },
    {
        "name": "Explaining and deciding",
        "needed": "Sound",
        "measures": DATA_LITERACY["outcomes"][2:],
        "used_in": ["talk"],
        "levels": [
            {"name": "Not yet", "points": "0", "description": "Colleagues could not act on it."},
            {"name": "Sound", "points": "2", "description": "Colleagues could act on it; the step follows."},
            {"name": "Strong", "points": "3", "description": "Says too how sure one can be of it."},
        ],
    },
]
RUBRIC_ALIGNED = {"reading-figures": "D.1", "explaining-and-deciding/sound": "C.1"}
DATA_LITERACY_IN_SPANISH = {
    "title": "Alfabetización en datos para el trabajo",
    "description": "Lee, cuestiona y explica datos del trabajo; se evalúa con un caso real.",
    "outcomes": [
        "Interpretar tablas y gráficos del trabajo diario",
        "Cuestionar de dónde vienen las cifras y qué omiten",
        "Explicar los resultados a colegas con palabras sencillas",
        "Decidir el siguiente paso y justificarlo con los datos",
    ],
    "criteria": "Un caso del propio lugar de trabajo: un informe breve con dos gráficos y una charla de diez minutos. Deben cumplirse los cuatro resultados.",
    "assessment": "Caso con rúbrica, calificado por dos evaluadores; se comprueba la identidad.",
    "rubric": {
        "reading-figures": {"name": "Leer cifras"},
        "reading-figures/not-yet": {
            "name": "Todavía no",
            "description": "Nombra números, pero no lo que representan.",
        },
        "reading-figures/sound": {
            "name": "Sólido",
            "description": "Dice correctamente lo que muestran gráficos y tablas.",
        },
        "reading-figures/strong": {
            "name": "Destacado",
            "description": "Ve lo que llama la atención y lo que falta.",
        },
        "explaining-and-deciding": {"name": "Explicar y decidir"},
        "explaining-and-deciding/not-yet": {
            "name": "Todavía no",
            "description": "Los colegas no podrían actuar con ello.",
        },
        "explaining-and-deciding/sound": {
            "name": "Sólido",
            "description": "Los colegas podrían actuar con ello; el paso se deduce.",
        },
        "explaining-and-deciding/strong": {
            "name": "Destacado",
            "description": "Dice además qué tan seguro se puede estar.",
        },
    },
}
SOLAR = {
    "title": "Solar installation basics",
    "description": "Plans and mounts a small rooftop installation under supervision.",
    "purpose": "For people who start in the trades.",
    "need": "Four installers of the county hire twelve people a year (letters of May 2026).",
    "outcomes": ["Measure a roof", "Mount a rail and two panels", "Check the work against the safety list"],
    "criteria": "One installation on the training roof, with the safety list filled in.",
    "assessment": "Observed by a licensed electrician.",
    "workload_hours": 60,
    "image_label": "Solar basics",
}
CARE = {
    "title": "Conversations in care",
    "description": "Talks with patients and families in hard moments.",
    "purpose": "For nursing assistants in their first year.",
    "need": "Lakeside Health asked for it in September 2026.",
    "outcomes": ["Listen and sum up", "Say hard things kindly"],
    "criteria": "Three role plays.",
    "assessment": "Observed with a rubric.",
    "workload_hours": 20,
    "image_label": "Care talks",
}
LONG_FORM = {
    "audience": "Staff of local employers who read reports and act on them; about sixty a year.",
    "team": "Priya Nair, microcredential office; Ben Okafor, business faculty.",
    "delivery": "Six evenings, blended, each fall and spring.",
    "assessors": "Two assessors mark the first ten cases together, then every fifth.",
    "access": "Charts have text descriptions; the talk can be recorded.",
    "build": "7500",
    "per_run": "2400",
    "per_learner": "15",
    "fee": "190",
    "runs": "6",
    "learners": "20",
}
PROPOSAL_ONLY = ("purpose", "need", "recognition")


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made, for the walk-through to show."""

    cast: Cast
    proposal: Proposal
    decision: Decision
    cohort: Cohort
    batch: Batch


def fill() -> Filled:
    """Make the cast and their program.

    Returns:
        The rows of the main job; its credentials wait for the worker.
    """
    with days_ago(200):
        cast = people.make(seated=False)
        framework = frameworks.fill(cast)
        places = policies.fill(cast)
        people.seat(cast)
    with days_ago(122):
        proposal = _propose(cast, {**DATA_LITERACY, "placements": places}, "skill", "intermediate")
        _say_more(cast, proposal)
        decision = _drafted_and_decided(cast, framework, proposal)
    cohort, batch = _issue(cast, proposal)
    _more(cast)
    with days_ago(90):
        meetings.hold(cast)
    meetings.announce(cast)
    return Filled(cast, proposal, decision, cohort, batch)


def _drafted_and_decided(cast: Cast, framework: Framework, proposal: Proposal) -> Decision:
    """The main proposal from its draft to its decision."""
    version = _version(proposal)
    frameworks.align(cast, framework, version)
    frameworks.align_rubric(cast, framework, version, RUBRIC_ALIGNED)
    achievements.translate(
        version=version,
        language="es",
        actor=cast.manager,
        **DATA_LITERACY_IN_SPANISH,  # type: ignore[arg-type]  # the constants above
    )
    achievements.put_in_series(achievement=version.achievement, title="Data at work", actor=cast.manager)
    return _decide(cast, proposal)


def _version(proposal: Proposal) -> Version:
    """The version a proposal is about, as it is now."""
    return Version.objects.get(proposals=proposal)


def _value(cast: Cast, dimension: str, key: str) -> Value:
    return Value.objects.get(dimension__organization=cast.northfield, dimension__key=dimension, key=key)


def _propose(cast: Cast, what: dict[str, object], kind: str, level: str) -> Proposal:
    return council.propose(
        organization=cast.northfield,
        body=cast.council,
        actor=cast.manager,
        type=_value(cast, "type", kind),
        level=_value(cast, "level", level),
        **what,  # type: ignore[arg-type]  # the constants above
    )


def _decide(cast: Cast, proposal: Proposal) -> Decision:
    """Review, vote with presence and quorum, decision, publication; the proposer has no vote."""
    with days_ago(118):
        council.submit(proposal=proposal, actor=cast.manager)
    scores = {"purpose": 3, "need": 3, "outcomes": 2, "assessment": 3, "workload": 2, "alignment": 2}
    with days_ago(111):
        council.review(
            proposal=proposal,
            scores=scores,
            comment="Clear, and asked for by those who hire.",
            recommendation="approve",
            actor=cast.member,
        )
    with days_ago(104):
        ballot = council.open_ballot(proposal=proposal, actor=cast.chair)
        for person, choice in ((cast.chair, "for"), (cast.member, "for"), (cast.second_member, "abstain")):
            council.cast_vote(ballot=ballot, choice=choice, actor=person)
    with days_ago(101):
        closed = council.close_ballot(ballot=ballot, actor=cast.chair)
        decision = council.decide(
            ballot=closed,
            rationale="Employers ask for it, the outcomes can be observed, and two assessors look at real work.",
            review_by=date(2028, 12, 1),
            actor=cast.chair,
        )
        return council.publish(decision=decision, actor=cast.chair)


def _issue(cast: Cast, proposal: Proposal) -> tuple[Cohort, Batch]:
    """Cohort, roster, results, issuing."""
    version = _version(proposal)
    cohort = offerings.create_cohort(
        organization=cast.northfield,
        version=version,
        name="Data literacy, first cohort",
        term="Fall 2026",
        actor=cast.administrator,
    )
    roster = offerings.read_roster(
        cohort=cohort, name="roster.csv", content=ROSTER.encode(), actor=cast.administrator
    )
    offerings.confirm_roster(roster_import=roster, actor=cast.administrator)
    results = dict.fromkeys(
        cohort.enrolments.exclude(learner__number="N-1005").values_list("pk", flat=True), "met"
    )
    offerings.record_results(cohort=cohort, results=results, actor=cast.assessor)
    return cohort, offerings.issue_met(cohort=cohort, actor=cast.administrator)


def _say_more(cast: Cast, proposal: Proposal) -> None:
    """Evidence with source and date, and the long form."""
    for kind, text, source, dated in (
        ("employer", "Nine employers of the valley name it", "Workforce survey", date(2026, 3, 3)),
        ("labour", "214 vacancies asked for it within a year", "State job bank, extract", date(2026, 2, 16)),
    ):
        council.add_evidence(
            proposal=proposal, kind=kind, text=text, source=source, dated=dated, actor=cast.manager
        )
    council.answer_more(proposal=proposal, answers=LONG_FORM, actor=cast.manager)
    council.write_draft(
        proposal=proposal,
        write=lambda draft: achievements.set_rubric(version=draft, criteria=RUBRIC, actor=cast.manager),
        actor=cast.manager,
    )


def _more(cast: Cast) -> None:
    """A vote that is open, and a draft that the rules do not like yet."""
    with days_ago(9):
        solar = _propose(cast, SOLAR, "skill", "foundation")
        council.submit(proposal=solar, actor=cast.manager)
    with days_ago(4):
        council.comment(
            proposal=solar,
            field="need",
            text="Say which four, so that we can ask them again next year.",
            suggestion="Four installers of the county hire twelve people a year (letters of Sunrise, Ridge, Delta and Oakfield, May 2026).",
            actor=cast.member,
        )
    with days_ago(2):
        council.open_ballot(proposal=solar, actor=cast.chair)
        _propose(cast, CARE, "knowledge", "foundation")


def amina(cast: Cast) -> Learner:
    """The learner of the cast, as the records know her."""
    return cast.learner_record
