"""The draft of a proposal is written in the proposal, by its proposers, and nowhere else."""

import pytest

from gradatim.program.achievements import actions as achievements
from gradatim.program.achievements.models import Version
from gradatim.program.council import actions, rules
from gradatim.program.council.models import Proposal
from gradatim.program.taxonomy.models import Dimension
from tests.program.council.acts import decided, refused

PAGE = "/o/northfield/proposals/1/"


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.fixture
def proposer(cast, signed_in, draft):
    """An assessor who proposes: no manager."""
    draft.proposers.add(cast.assessor)
    return signed_in(cast.assessor)


@pytest.fixture
def ticks(cast):
    dimension = Dimension.objects.create(
        organization=cast.northfield, key="whom", name="Whom", several=True, position=9
    )
    return dimension, [
        dimension.values.create(key=k, name=k, position=n) for n, k in enumerate(("one", "two"))
    ]


def said(client, **more):
    """The form as it stands, with something else in it."""
    form = client.get(f"{PAGE}definition/").context["form"]
    given = {name: form[name].value() for name in form.fields}
    given = {name: "" if value is None else value for name, value in given.items()}
    return given | {"revision": Proposal.objects.get().revision} | more


def test_a_proposer_says_everything_the_credential_says(cast, proposer, ticks):
    dimension, values = ticks
    page = text(proposer.get(PAGE))
    assert f"{PAGE}definition/" in page
    assert f"{PAGE}alignments/" in page
    given = {
        "credit": "convertible", "credit_course": "DATA 101", "credit_office": "Registrar", "participation": "online",
        "assessment_kinds": ["project", "talk"], "weeks": "3.5", f"dimension_{dimension.pk}": [v.pk for v in values],
    }  # fmt: skip
    answer = proposer.post(f"{PAGE}definition/", said(proposer, **given))
    assert answer.status_code == 302, answer.context["form"].errors
    version = Version.objects.get()
    assert (version.credit_course, version.participation, str(version.weeks)) == ("DATA 101", "online", "3.5")
    assert set(version.assessment_kinds) == {"project", "talk"}
    assert [p.value for p in version.placements.order_by("value_id")] == values
    assert "DATA 101" in text(proposer.get(PAGE))
    assert set(said(proposer)[f"dimension_{dimension.pk}"]) == {v.pk for v in values}


def test_what_is_typed_is_kept_and_held_against_the_rules(proposer):
    typed = said(
        proposer,
        check="1",
        participation="online",
        review_by="",
        credit="convertible",
        assessment_kinds=["project", "talk"],
    )
    part = text(proposer.post(f"{PAGE}definition/", typed, headers={"HX-Request": "true"}))
    assert "kept for you" in part
    assert "<html" not in part
    assert Version.objects.get().participation == "blended"
    again = proposer.get(f"{PAGE}definition/?unsaved=1").context["form"]
    assert again["participation"].value() == "online"
    assert set(again["assessment_kinds"].value()) == {"project", "talk"}


def test_two_who_write_are_put_together_and_choose_where_both_wrote(cast, proposer, signed_in, ticks):
    dimension, values = ticks
    manager = signed_in(cast.manager)
    mine, other = said(manager, cost="40 dollars"), said(proposer, grading="met or not met")
    assert manager.post(f"{PAGE}definition/", mine).status_code == 302
    assert proposer.post(f"{PAGE}definition/", other).status_code == 302
    version = Version.objects.get()
    assert (version.cost, version.grading) == ("40 dollars", "met or not met")
    field = f"dimension_{dimension.pk}"
    mine, other = said(manager, **{field: [values[0].pk]}), said(proposer, **{field: [v.pk for v in values]})
    assert manager.post(f"{PAGE}definition/", mine).status_code == 302
    clash = proposer.post(f"{PAGE}definition/", other)
    assert "Two of you changed the same" in text(clash, 409)
    assert "one\ntwo" in text(clash, 409)
    chosen = dict(clash.context["rest"]) | {
        "revision": Proposal.objects.get().revision, f"choose_{field}": "mine", field: "x",
        f"mine_{field}": "\n".join(str(v.pk) for v in values), f"theirs_{field}": str(values[0].pk),
    }  # fmt: skip
    assert proposer.post(f"{PAGE}definition/", chosen).status_code == 302
    assert Version.objects.get().placements.count() == 2


def test_alignments_and_languages_belong_to_the_proposal_too(cast, proposer):
    proposer.post(f"{PAGE}alignments/", {"name": "Reads tables", "url": "https://skills.example/1"})
    version = Version.objects.get()
    row = version.alignments.get()
    assert row.target_name == "Reads tables"
    proposer.post(f"{PAGE}alignments/", {"out": row.pk})
    assert not version.alignments.exists()
    words = {"language": "es", "title": "Datos", "description": "Lee datos.", "outcomes": "", "criteria": ""}
    assert proposer.post(f"{PAGE}languages/new/", words).url == PAGE
    assert version.translations.get().title == "Datos"
    assert "Datos" in text(proposer.get(PAGE))
    proposer.post(f"{PAGE}languages/es/", {"out": "1"})
    assert not version.translations.exists()


def test_who_writes_on_the_draft_does_not_decide_on_it(cast, draft, signed_in):
    assert rules.may_chair(cast.administrator, draft)
    signed_in(cast.administrator).post(
        f"{PAGE}alignments/", {"name": "Data", "url": "https://skills.example/1"}
    )
    assert not rules.may_chair(cast.administrator, Proposal.objects.get())
    refused(
        "permission",
        actions.write_draft,
        proposal=draft,
        write=lambda version: achievements.revise(version=version, cost="1", actor=cast.member),
        actor=cast.member,
    )


def test_the_pages_of_the_achievement_lead_to_the_proposal(cast, draft, signed_in):
    version, manager = draft.version, signed_in(cast.manager)
    own = f"/o/northfield/achievements/{version.pk}/"
    assert "Go to its proposal" in text(manager.get(own))
    for page in ("edit/", "alignments/", "languages/new/", "review/"):
        assert manager.get(own + page).url == PAGE, page
    form = manager.get(f"{PAGE}definition/").context["form"]
    typed = {
        "title": "Mine",
        "description": "d",
        "outcomes": "Read",
        "criteria": "c",
        "language": "en",
        "taking": "revoke",
    }
    typed |= {"type": version.type_id, "level": version.level_id, "taking": form["taking"].value()}
    answer = manager.post(f"{own}edit/", typed)
    assert "so it is written there" in text(answer, 422)
    assert 'value="Mine"' in text(answer, 422)
    manager.post(f"{own}alignments/", {"name": "Data", "url": "https://skills.example/1"})
    assert not version.alignments.exists()
    actions.withdraw(proposal=draft, actor=cast.manager)
    assert manager.get(f"{own}edit/").status_code == 200


def test_a_next_version_and_a_settled_one_are_written_on_their_own_pages(cast, draft):
    decided(cast, draft, "for", "for", "for")
    version = Version.objects.get()
    assert version.proposal_url == ""
    version.proposal_url = PAGE
    version.save()
    assert achievements.new_version(version=version, actor=cast.manager).proposal_url == ""


def test_only_its_proposers_and_only_while_it_is_with_them(cast, proposal, signed_in):
    for name in ("definition", "alignments", "languages/new"):
        assert signed_in(cast.manager).get(f"{PAGE}{name}/").url == PAGE
