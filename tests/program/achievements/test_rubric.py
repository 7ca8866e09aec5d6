"""The rubric of an achievement: written in the page, kept with the version, signed, asked by rules, seen in the matrix."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from gradatim.program.achievements import actions, diff, document, queries
from gradatim.program.council import actions as council
from gradatim.program.council.models import Proposal
from gradatim.program.council.queries import matrix
from gradatim.program.credentials import documents
from gradatim.program.credentials.models import Credential
from gradatim.program.credentials.reading import said_by
from gradatim.program.ground.refused import Refused
from gradatim.program.offerings import actions as offerings
from gradatim.program.web import work
from gradatim.program.web.demo import program

pytestmark = pytest.mark.django_db

LEVELS = [
    {"name": "Begins", "points": "0", "description": "Reads a chart with help."},
    {"name": "Works alone", "points": "2", "description": "Reads and questions it."},
    {"name": "Teaches", "points": "2.5", "description": ""},
]
CRITERIA = [
    {"name": "Reads data", "needed": "Works alone", "levels": LEVELS},
    {"name": "Explains it", "needed": "", "levels": LEVELS[:2]},
]


@pytest.fixture
def version(cast):
    return program._propose(cast, program.DATA_LITERACY, "skill", "intermediate").version


def judged(cast, version, criteria=CRITERIA):
    return actions.set_rubric(version=version, criteria=criteria, actor=cast.manager)


def test_a_rubric_is_kept_with_keys_that_stay(cast, version):
    kept = judged(cast, version).rubric
    assert [c["key"] for c in kept] == ["reads-data", "explains-it"]
    assert kept[0]["needed"] == "works-alone"
    kept[0]["name"] = "Reads and finds data"
    again = judged(cast, version, kept).rubric
    assert (again[0]["key"], again[0]["needed"]) == ("reads-data", "works-alone")
    assert judged(cast, version, []).rubric == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Criterion 1: give it a name"),
        ({"levels": LEVELS[:1]}, "2 to 8 levels"),
        ({"levels": [LEVELS[0], LEVELS[0]]}, "two levels have the same name"),
        ({"levels": [LEVELS[0], {"name": "x", "points": "many"}]}, "points are a number"),
        ({"levels": [LEVELS[0], {"name": "x", "points": "NaN"}]}, "points are a number"),
        ({"needed": "Flies"}, "none of its levels"),
    ],
)
def test_what_does_not_fit_is_said(cast, version, change, said):
    with pytest.raises(Refused, match=said) as caught:
        judged(cast, version, [{**CRITERIA[0], **change}])
    assert caught.value.field == "rubric"
    with pytest.raises(Refused, match="is there twice"):
        judged(cast, version, [CRITERIA[0], CRITERIA[0]])


def test_it_stands_in_open_badges_as_result_descriptions(cast, version):
    judged(cast, version)
    version.refresh_from_db()
    built = document.build(version)
    first, _second = built["resultDescription"]
    address = document.url(version)
    assert first["id"] == f"{address}#reads-data"
    assert first["resultType"] == "RubricCriterionLevel"
    assert first["requiredLevel"] == f"{address}#reads-data/works-alone"
    assert first["rubricCriterionLevel"][1] == {
        "id": f"{address}#reads-data/works-alone",
        "type": ["RubricCriterionLevel"],
        "name": "Works alone",
        "level": "2",
        "points": "2",
        "description": "Reads and questions it.",
    }
    assert "description" not in first["rubricCriterionLevel"][2]


def test_the_frozen_content_and_the_comparison_have_it(cast, version):
    before = queries.content_digest(version)
    judged(cast, version)
    version.refresh_from_db()
    assert queries.content_digest(version) != before
    (row,) = [r for r in diff.compare(version, version) if r.name == "Rubric"]
    assert "Works alone (2 points), enough: Reads and questions it." in "".join(w for _d, w in row.before)
    made = actions.copy(version=version, title="Another one", actor=cast.manager)
    assert made.rubric == version.rubric
    assert queries.facts(made)["rubric"] == ["Reads data", "Explains it"]


def test_what_is_approved_keeps_its_rubric(cast, version):
    judged(cast, version)
    actions.send_to_review(version=version, actor=cast.manager)
    with pytest.raises(Refused) as caught:
        judged(cast, version, [])
    assert caught.value.code == "not-draft"


def typed(**more):
    data = {"order": ["0"], "c0-name": "Reads data"}
    for n, level in enumerate(LEVELS):
        data |= {f"c0-l{n}-{name}": text for name, text in level.items()}
    return {**data, "c0-l1-enough": "on", **more}


def test_the_editor_adds_moves_and_takes_out(cast, version, signed_in):
    inside = signed_in(cast.manager)
    at = reverse("council:draft_rubric", args=["northfield", Proposal.objects.get(version=version).number])
    own = reverse("achievements:rubric", args=["northfield", version.pk])
    assert inside.get(own).url == f"/o/northfield/proposals/{Proposal.objects.get(version=version).number}/"
    assert len(inside.get(at).context["editor"].criteria) == 1  # an empty one to begin with
    more = inside.post(at, typed(more="1"))
    assert len(more.context["editor"].criteria) == 2
    grown = inside.post(at, typed(level="0"))
    assert len(grown.context["editor"].criteria[0].levels) == 4
    version.refresh_from_db()
    assert version.rubric == []
    second = {
        "order": ["0", "1"],
        "up": "1",
        "c1-name": "Explains it",
        "c1-l0-name": "No",
        "c1-l1-name": "Yes",
    }
    moved = inside.post(at, typed(**second))
    assert [c["name"].value() for c in moved.context["editor"].criteria] == ["Explains it", "Reads data"]
    bad = inside.post(at, typed(save="1", **{"c0-l2-name": "Begins"}))
    assert bad.status_code == 422
    assert "two levels have the same name" in bad.content.decode()
    saved = inside.post(at, typed(save="1", **{"order": ["1", "0"], "c1-name": "Explains it", "c1-l0-name": "No",
                                               "c1-l1-name": "Yes"}), follow=True)  # fmt: skip
    version.refresh_from_db()
    assert [(c["name"], c["needed"]) for c in version.rubric] == [
        ("Explains it", ""),
        ("Reads data", "works-alone"),
    ]
    assert "How it is judged" in saved.content.decode()


def test_proposers_write_it_in_their_proposal(cast, signed_in, version):
    proposal = Proposal.objects.get(version=version)
    council.add_proposer(proposal=proposal, person=cast.assessor, actor=cast.manager)
    at = reverse("council:draft_rubric", args=["northfield", proposal.number])
    assert signed_in(cast.member).get(at).status_code == 403
    assert signed_in(cast.assessor).get(at).status_code == 200
    before = proposal.revision
    signed_in(cast.assessor).post(at, typed(save="1"))
    proposal.refresh_from_db()
    version.refresh_from_db()
    assert version.rubric[0]["name"] == "Reads data"
    assert proposal.revision == before + 1
    council.submit(proposal=proposal, actor=cast.manager)
    assert signed_in(cast.assessor).get(at).status_code == 409


def test_nothing_is_lost_when_two_write_it(cast, signed_in, version):
    proposal = Proposal.objects.get(version=version)
    at, inside = (
        reverse("council:draft_rubric", args=["northfield", proposal.number]),
        signed_in(cast.manager),
    )
    assert f'name="revision" value="{proposal.revision}"' in inside.get(at).content.decode()
    inside.post(at, typed(save="1", revision=str(proposal.revision)))
    late = {"c0-name": "Finds data", "save": "1", "revision": str(proposal.revision)}
    refused = inside.post(at, typed(**late))
    assert refused.status_code == 422
    assert "Somebody else saved it meanwhile" in refused.content.decode()
    assert "Finds data" in refused.content.decode()
    version.refresh_from_db()
    assert version.rubric[0]["name"] == "Reads data"
    proposal.refresh_from_db()
    inside.post(at, typed(**late | {"revision": str(proposal.revision)}))
    version.refresh_from_db()
    assert version.rubric[0]["name"] == "Finds data"


def test_the_matrix_shows_it_and_the_public_page_too(cast, version, signed_in):
    judged(cast, version)
    (traced,) = matrix.trace(cast.northfield, list(matrix.traced(cast.northfield)), {})
    assert traced.cells["criterion"].text == "Reads data; Explains it"
    assert [g.text for g in traced.gaps if g.column == "criterion"] == [
        f"No criterion measures “{outcome.text}”." for outcome in version.outcomes.all()
    ]
    outcomes = [o.text for o in version.outcomes.all()]
    judged(
        cast, version, [{**CRITERIA[0], "measures": outcomes[:3]}, {**CRITERIA[1], "measures": outcomes[3:]}]
    )
    (traced,) = matrix.trace(cast.northfield, list(matrix.traced(cast.northfield)), {})
    assert [row.criteria for row in traced.rows] == [["Reads data"]] * 3 + [["Explains it"]]
    assert not [g for g in traced.gaps if g.column == "criterion"]
    (covered,) = [c for c in matrix.coverage(cast.northfield, {}) if c.key == "criterion"]
    assert covered.filled == 1


def test_what_is_issued_carries_it_and_verifies(filled, client):
    credential = Credential.objects.get(learner__number="N-1001")
    signed = json.loads(credential.document)["credentialSubject"]["achievement"]
    assert [r["name"] for r in signed["resultDescription"]] == ["Reading figures", "Explaining and deciding"]
    web = {
        "https://demo.example/.well-known/did.json": {"body": documents.did_document(filled.cast.northfield)}
    }
    for one in filled.cast.northfield.status_lists.all():
        web[json.loads(one.document)["id"]] = {"body": json.loads(one.document)}
    report = verify(credential.document.encode(), fetcher=MemoryFetcher(web), now=timezone.now())
    assert (report.verdict, report.cause) == ("valid", None)
    page = client.get("/o/northfield/catalog/data-literacy-for-the-workplace/1/").content.decode()
    assert "How it is judged" in page
    assert "Sees what stands out, and what is missing." in page


def test_the_level_reached_is_noted_and_signed(filled, signed_in):
    cast, cohort = filled.cast, filled.cohort
    learner = cast.northfield.learners.create(number="N-9001", legal_name="Noor Haddad")
    row = cohort.enrolments.create(learner=learner)
    name = f"level-{row.pk}"
    typed = {f"result-{row.pk}": "met", f"{name}-reading-figures": "not-yet"}
    path = reverse("offerings:results", args=["northfield", cohort.pk])
    inside = signed_in(cast.manager)
    answer = inside.post(path, typed)
    assert answer.status_code == 409
    assert "has not reached what is enough in: Reading figures" in answer.content.decode()
    assert inside.post(path, {**typed, f"{name}-reading-figures": "nothing"}).status_code == 409
    assert inside.post(path, {**typed, f"{name}-reading-figures": "strong"}).status_code == 302
    row.refresh_from_db()
    assert (row.result, row.levels) == ("met", {"reading-figures": "strong"})
    page = inside.get(reverse("offerings:cohort", args=["northfield", cohort.pk])).content.decode()
    assert '<option value="strong" selected>Strong</option>' in page
    offerings.issue_met(cohort=cohort, actor=cast.administrator)
    work.drain()
    credential = Credential.objects.get(learner=learner)
    signed = json.loads(credential.document)["credentialSubject"]
    address = document.url(cohort.version)
    assert signed["result"] == [
        {
            "type": ["Result"],
            "resultDescription": f"{address}#reading-figures",
            "achievedLevel": f"{address}#reading-figures/strong",
        }
    ]
    for page in (
        inside.get(reverse("credentials:credential", args=[credential.pk])),
        inside.post(reverse("credentials:verify"), {"text": credential.document}),
    ):
        assert "<dt><bdi>Reading figures</bdi></dt><dd><bdi>Strong</bdi></dd>" in page.content.decode()


def test_results_of_anybody_are_read_as_far_as_they_can_be():
    level = {"id": "urn:l:1", "name": "Sound"}
    described = [{"id": "urn:r:1", "name": "Reading", "rubricCriterionLevel": level}, {"id": "urn:r:2"}, "x"]
    results = [
        {"resultDescription": "urn:r:1", "achievedLevel": "urn:l:1"},
        {"resultDescription": "urn:r:1", "value": "90"},
        {"resultDescription": "urn:r:1", "achievedLevel": ["urn:l:1"]},
        {"resultDescription": "urn:r:2", "value": "1"},
        {"resultDescription": {}},
        None,
    ]
    subject = {"achievement": {"resultDescription": described}, "result": results}
    assert said_by({"credentialSubject": subject}).results == (("Reading", "Sound"), ("Reading", "90"))
    assert said_by({"credentialSubject": {"result": results[1], "achievement": []}}).results == ()
