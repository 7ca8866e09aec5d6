"""Every address as every member of the cast, held against one table made from the rules of the rooms."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Alignment
from gradatim.program.council import actions as council
from gradatim.program.council.models import Seat
from gradatim.program.credentials.models import Credential
from gradatim.program.ground.models import StoredFile
from gradatim.program.passport import actions as passport
from gradatim.program.taxonomy import actions as taxonomy
from gradatim.program.taxonomy.models import Dimension, Framework, Import, Item, Match, Profile, Rule, Value

STAFF = {"chair", "member", "manager", "assessor", "administrator"}
MANAGE = {"manager", "administrator"}
SEE = {"chair", "member", *MANAGE}
EVERYONE = {"chair", "member", "manager", "assessor", "employer", "administrator", "learner"}
RUNS = {"chair", *MANAGE}  # the meetings and votes of the body
ISSUERS = {"manager", "administrator"}  # the administrator of the cast is also the registrar

# name → who of Northfield may enter; everybody else of Northfield gets 403, the outsider and strangers never get in
INSIDE = {
    "web:board": EVERYONE,
    "web:make_real": {"administrator"},
    "web:remove_practice": {"administrator"},
    "web:first_steps": {"administrator"},
    "web:key_backup": {"administrator"},
    "web:test_mail": {"administrator"},
    "people:people": {"administrator"},
    "people:take_role": {"administrator"},
    "people:settings": {"administrator"},
    "people:log": {"administrator"},
    "council:tie": MANAGE,
    "council:new": STAFF,
    "council:edit": STAFF,
    "council:submit": MANAGE,  # of this proposal the manager is the proposer
    "council:work": STAFF,
    "council:reach": STAFF,
    "council:more": STAFF,
    "council:change": STAFF,
    "council:check": STAFF,
    "council:discard": STAFF,
    "council:add_evidence": STAFF,
    "council:remove_evidence": MANAGE,
    "council:attach": STAFF,
    "council:detach": MANAGE,
    "council:add_proposer": STAFF,
    "council:remark": {"chair", "member", *MANAGE},
    "council:recuse": {"chair", "member", "manager"},
    "council:settle": {"chair", "member", *MANAGE},
    "council:ask_guest": {"chair", "administrator"},
    "council:rubric": {"chair", *MANAGE},
    "council:end_stage": {"chair", *MANAGE},
    "council:ask_people": {"chair", *MANAGE},
    "council:new_route": {"chair", *MANAGE},
    "council:route": {"chair", *MANAGE},
    "council:remove_route": {"chair", *MANAGE},
    "council:earlier_route": {"chair", *MANAGE},
    "council:open_vote": {"chair", *MANAGE},
    "council:presence": {"chair", "administrator"},  # nobody on their own proposal
    "council:close_vote": {"chair", *MANAGE},
    "council:publish": {"chair", *MANAGE},
    "council:withdraw": MANAGE,
    "council:call_off": RUNS,
    "council:break_tie": {"chair", "manager"},  # the manager is refused as the proposer
    "council:met": RUNS,
    "council:alternate": MANAGE,
    "council:add_window": MANAGE,
    "council:remove_window": MANAGE,
    "council:agenda": RUNS,
    "council:change_meeting": RUNS,
    "council:add_item": RUNS,
    "council:remove_item": RUNS,
    "council:move_item": RUNS,
    "council:notes": RUNS,
    "council:vote_on_item": RUNS,
    "council:make_motion": RUNS,
    "council:comment": RUNS,
    "council:settle_motion": RUNS,
    "council:record_motion": RUNS,
    "council:attendance": RUNS,
    "council:meeting_step": RUNS,
    "council:pull_item": {"chair", "member", "manager"},  # who holds a seat
    "council:charter": MANAGE,
    "council:add_seat": MANAGE,
    "council:vacate": MANAGE,
    "offerings:new": ISSUERS,
    "offerings:upload": ISSUERS,
    "offerings:preview": ISSUERS,
    "offerings:confirm": ISSUERS,
    "offerings:discard": ISSUERS,
    "offerings:results": {"manager", "assessor"},
    "offerings:issue": ISSUERS,
    "offerings:cohorts": {"manager", "assessor", "administrator"},
    "offerings:cohort": {"manager", "assessor", "administrator"},
    "offerings:template": {"manager", "assessor", "administrator"},
    "credentials:list": ISSUERS,
    "credentials:take_back": ISSUERS,
    "credentials:batches": ISSUERS,
    "credentials:batch": ISSUERS,
    "credentials:cancel_batch": ISSUERS,
    "credentials:failures": ISSUERS,
    "credentials:endorsements": MANAGE,
    "credentials:check_endorsement": MANAGE,
    "credentials:withdraw_endorsement": MANAGE,
    "credentials:keys": {"administrator"},
    "credentials:rotate_key": {"administrator"},
    "credentials:revoke_key": {"administrator"},
    "passport:slips": ISSUERS,
    **{
        f"taxonomy:{name}": SEE
        for name in (
            "frameworks",
            "framework",
            "item",
            "graph",
            "history",
            "difference",
            "download_framework",
            "crosswalks",
            "download_crosswalks",
        )
    },
    **{
        f"taxonomy:{name}": MANAGE
        for name in (
            "import",
            "import_run",
            "confirm_import",
            "discard_import",
            "framework_state",
            "new_match",
            "remove_match",
        )
    },
    "achievements:list": STAFF,
    "council:policy": STAFF,
    "council:policy_file": STAFF,
    "council:confirm_policy": MANAGE,
    "council:grant_exception": {"chair", *MANAGE},
    "achievements:conformance": STAFF,
    "achievements:compare": STAFF,
    "achievements:quality": STAFF,
    "achievements:reviews": STAFF,
    "achievements:own_version": STAFF,
    "achievements:own_badge_svg": STAFF,
}
ROOMS = {"council": STAFF, "taxonomy": None, "achievements": MANAGE}  # what is not in the table: by room
PUBLIC = {
    "web:home", "web:brand", "web:alive", "web:ready", "web:version", "web:cast", "web:code",
    "people:logo", "people:invitation",
    "achievements:catalogs", "achievements:catalog", "achievements:achievement", "achievements:version",
    "achievements:badge_svg", "achievements:badge_png",
    "taxonomy:case_documents", "taxonomy:case_discovery", "taxonomy:case_one", "taxonomy:case_nothing",
    "council:decisions", "council:decision", "council:vote_link", "council:guest_review", "council:digest", "council:register", "council:feed",
    "council:public_meetings", "council:public_meeting", "council:public_pdf", "council:public_calendar",
    "achievements:translated_version",
    "credentials:status_list", "credentials:did", "credentials:site_did", "credentials:key_set", "credentials:issuer",
    "credentials:verify", "credentials:verify_plain", "passport:get", "passport:get_link", "passport:shared", "passport:shared_file",
}  # fmt: skip
OWN = {"passport:mine", "passport:own", "passport:share", "passport:withdraw", "passport:public",
       "credentials:credential", "credentials:file", "credentials:qr"}  # fmt: skip
CLOSED = {"web:setup", "web:setup_mine"}  # once there is an organization


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
        "rule": Rule.objects.filter(organization=filled.cast.northfield).first().pk,
        "decision": filled.decision.number,
        "route": "full-review",
        "stage": filled.proposal.stages.first().pk,
        **dossier(filled),
        **council_rows,
    }


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
    window = council.add_window(body=cast.council, name="Fall", opens=today, closes=today, actor=cast.manager)
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
        arguments["number"] = values["decision"] if name in {"council:decision", "council:reconsider"} else 1
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


def test_every_address_as_every_member_of_the_cast(filled, values, client, signed_in):
    wrong = []
    people = {**filled.cast.everyone, "stranger": None}
    for name, pattern in patterns():
        if not name or ":" not in name or name in CLOSED:
            continue
        path = address(name, pattern, values)
        for part, person in people.items():
            client.logout()
            status = outcome(signed_in(person) if person else client, path)
            if not fits(name, part, status):
                wrong.append((name, part, status))
    assert wrong == [], "\n".join(map(str, wrong))


def fits(name, part, status):
    if status >= 500:
        return False
    if name in PUBLIC:
        return status in {200, 302, 404, 409, 422}
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
