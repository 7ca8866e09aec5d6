"""Every address as every member of the cast, held against one table made from the rules of the rooms."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Alignment
from gradatim.program.council import actions as council
from gradatim.program.council.models import Proposal, Seat, Stage
from gradatim.program.credentials.models import Credential
from gradatim.program.ground.models import StoredFile
from gradatim.program.passport import actions as passport
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy.models import Dimension, Framework, Import, Item, Match, Profile, Rule, Value
from tests.program.council.acts import earlier
from tests.program.web.doors import CLOSED, EVERYONE, INSIDE, ISSUERS, OWN, PUBLIC, ROOMS


def patterns(found=None, space=""):
    for entry in found if found is not None else get_resolver().url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if space else entry.name, entry
        else:
            yield from patterns(
                entry.url_patterns, space or (f"{entry.namespace}:" if entry.namespace else "")
            )


def own_names():
    return sorted({name for name, _ in patterns() if name and ":" in name})


def test_the_table_knows_every_address():
    unknown = [
        name
        for name in own_names()
        if name not in INSIDE and name not in PUBLIC | OWN | CLOSED and name.split(":")[0] not in ROOMS
    ]
    assert unknown == []
    assert set(INSIDE) | PUBLIC | OWN | CLOSED <= set(own_names())


@pytest.fixture
def values(filled):
    """A value for every part of an address, all of Northfield."""
    credential = Credential.objects.get(learner__number="N-1001")
    council_rows = council_life(filled)
    share = passport.share(credential=credential, person=filled.cast.learner)
    endorsement = achievements.attach_endorsement(
        version=credential.version, identifier="urn:x:1", endorser="Lakeside", document="{}",
        valid_from=timezone.localdate(),
    )  # fmt: skip
    framework = Framework.objects.filter(organization=filled.cast.northfield).first()
    match = Match.objects.filter(origin__framework__organization=filled.cast.northfield).first()
    run = Import.objects.filter(organization=filled.cast.northfield, framework=framework).first()
    waiver = taxonomy.waive(
        rule=Rule.objects.filter(organization=filled.cast.northfield, profile=None).first(),
        subject="solar-installation-basics/1",
        decision_number=filled.decision.number,
        decision_url="https://badges.example/o/northfield/decisions/",
        decided_on=filled.decision.decided_at.date(),
        expires_on=filled.decision.decided_at.date(),
        actor=filled.cast.manager,
    )
    return {
        "organization": "northfield",
        "membership": filled.cast.northfield.memberships.first().pk,
        "body": filled.cast.council.pk,
        "seat": Seat.objects.filter(body=filled.cast.council).first().pk,
        "cohort": filled.cohort.pk,
        "roster": filled.cohort.imports.first().pk,
        "batch": filled.batch.pk,
        "key": filled.cast.northfield.keys.first().pk,
        "credential": credential.pk,
        "link": share.pk,
        "token": share.token,
        "form": "json",
        "purpose": "revocation",
        "slug": "data-literacy-for-the-workplace",
        "version": credential.version_id,
        "endorsement": endorsement.pk,
        "alignment": Alignment.objects.first().pk,
        "framework": framework.pk,
        "statement": Item.objects.filter(framework=framework).first().pk,
        "match": match.pk,
        "run": run.pk,
        "format": "case",
        "edition": "v1p1",
        "kind": "CFPackages",
        "identifier": framework.identifier,
        "rest": "elsewhere",
        "dimension": Dimension.objects.filter(organization=filled.cast.northfield).first().pk,
        "value": Value.objects.filter(dimension__organization=filled.cast.northfield).first().pk,
        "other": credential.version_id,
        "language": "es",
        "profile": Profile.objects.filter(organization=filled.cast.northfield).first().pk,
        "waiver": waiver.pk,
        "changes": change_list(filled.cast).pk,
        "rule": Rule.objects.filter(organization=filled.cast.northfield).first().pk,
        "decision": filled.decision.number,
        "route": "full-review",
        "stage": filled.proposal.stages.first().pk,
        **dossier(filled),
        **council_rows,
    }


def change_list(cast):
    """A change list of the manager."""
    _made, changes = taxonomy.amend(
        organization=cast.northfield,
        actor=cast.manager,
        act=lambda: taxonomy.add_dimension(
            organization=cast.northfield, name="Priya Nair's axis", actor=cast.manager
        ),
    )
    return changes


def dossier(filled):
    """What belongs to a proposal piece by piece."""
    made = filled.proposal
    file = StoredFile.objects.create(name="a.txt", media_type="text/plain", digest="0" * 64, content=b"a")
    return {
        "evidence": made.evidence.create(
            kind="employer", text="t", source="s", dated=timezone.localdate()
        ).pk,
        "attachment": made.attachments.create(file=file).pk,
        "comment": made.comments.create(author=filled.cast.member, text="x").pk,
    }


def council_life(filled):
    """A meeting in session with a motion, a condition and a window."""
    cast = filled.cast
    meeting = council.plan_meeting(
        body=cast.council, starts_at=timezone.now() + timedelta(days=1), actor=cast.chair
    )
    item = council.add_item(meeting=meeting, kind="consent", title="Fees", actor=cast.chair)
    council.begin_meeting(meeting=meeting, actor=cast.chair)
    seats = {seat.pk: "holder" for seat in cast.council.seats.all()}
    council.note_attendance(meeting=meeting, there=seats, actor=cast.chair)
    motion = council.make_motion(item=item, text="The fee is 30.", moved_by=cast.member, actor=cast.chair)
    today = timezone.localdate()
    window = earlier(
        council.add_window, body=cast.council, name="Fall", opens=today, closes=today, actor=cast.manager
    )
    condition = filled.decision.conditions.create(text="Name a second assessor.")
    return {
        "meeting": meeting.pk,
        "item": item.pk,
        "motion": motion.pk,
        "window": window.pk,
        "condition": condition.pk,
        "step": "approve",
    }


def address(name, pattern, values):
    wanted = set(pattern.pattern.converters) | set(_inherited(name))
    arguments = {part: values[part] for part in wanted if part in values}
    if "number" in wanted:
        arguments["number"] = (
            values["decision"] if name in {"council:decision", "council:reconsider", "council:admit"} else 1
        )
    return reverse(name, kwargs=arguments)


def _inherited(name):
    resolver = get_resolver()
    for space, (_prefix, sub) in resolver.namespace_dict.items():
        if name.startswith(f"{space}:"):
            for possibility in sub.reverse_dict.getlist(name.split(":")[1]):
                return possibility[0][0][1]
    return []


def outcome(client, path):
    """How an address answers, by the method that it takes; what a POST does is undone."""
    with transaction.atomic():
        answer = client.get(path)
        if answer.status_code == 405:
            answer = client.post(path)
        transaction.set_rollback(True)
    return answer.status_code


PARTS = (
    "chair",
    "member",
    "manager",
    "assessor",
    "employer",
    "administrator",
    "learner",
    "outsider",
    "stranger",
)


@pytest.mark.parametrize("part", PARTS)
def test_every_address_as_every_member_of_the_cast(filled, values, client, signed_in, part):
    wrong = []
    people = {**filled.cast.everyone, "stranger": None}
    assert tuple(people) == PARTS
    person = people[part]
    for name, pattern in patterns():
        if not name or ":" not in name or name in CLOSED:
            continue
        path = address(name, pattern, values)
        client.logout()
        status = outcome(signed_in(person) if person else client, path)
        if not fits(name, part, status):
            wrong.append((name, part, status))
    assert wrong == [], "\n".join(map(str, wrong))


ASKED = {"proposal", "attachment", "review", "recuse", "remark"}
"""What a partner may do with a proposal that somebody asks them about."""


def test_every_address_of_a_proposal_as_a_partner_who_is_asked(filled, values, signed_in):
    stage = filled.proposal.stages.get(kind="rubric")
    stage.people.add(filled.cast.employer)
    Stage.objects.filter(pk=stage.pk).update(state=Stage.State.OPEN)
    Proposal.objects.filter(pk=filled.proposal.pk).update(state=Proposal.State.SUBMITTED)
    client = signed_in(filled.cast.employer)
    wrong = []
    for name, pattern in patterns():
        path = address(name, pattern, values) if name and name.startswith("council:") else ""
        if path.startswith("/o/northfield/proposals/1/"):
            may = outcome(client, path) != 403
            if may != (name.partition(":")[2] in ASKED):
                wrong.append((name, may))
    assert wrong == []


def fits(name, part, status):
    if status >= 500:
        return False
    if name in PUBLIC:
        return status in {200, 302, 400, 404, 409, 422}
    if name in OWN:
        if part == "stranger":
            return status in {302, 404}
        if name == "passport:mine":
            return status == 200
        seen = {"learner"} | (ISSUERS if name.startswith("credentials:") else set())
        return status not in {403, 404} if part in seen else status == 404
    if part == "stranger":
        return status == 302
    if part == "outsider":
        return status == 404
    allowed = INSIDE.get(name, ROOMS.get(name.split(":")[0], set()))
    if allowed is None:
        return status != 404 or part not in EVERYONE
    return status != 403 if part in allowed else status == 403


def test_nothing_of_northfield_is_on_any_page_the_outsider_can_open(filled, values, signed_in):
    client = signed_in(filled.cast.outsider)
    words = ("Amina Yusuf", "N-1001", "Conversations in care", "Priya Nair")
    for name, pattern in patterns():
        if (
            not name
            or ":" not in name
            or name in CLOSED | {"web:cast", "passport:shared", "passport:shared_file"}
        ):
            continue
        answer = client.get(address(name, pattern, values))
        if answer.status_code == 200 and not answer.streaming:
            text = answer.content.decode("utf-8", "replace")
            assert [w for w in words if w in text] == [], name
