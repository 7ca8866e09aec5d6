"""Pages of credentials: lists with few queries, files exactly as signed, nothing of a hidden learner for strangers."""

import csv
import hashlib
import io
import itertools
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from gradatim.engine.bake import unbake
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.verify import verify
from gradatim.program.achievements.models import Version
from gradatim.program.credentials import actions, documents, files, queries
from gradatim.program.credentials.models import Batch, Credential, Intent
from gradatim.program.ground.tables import harmless
from gradatim.program.people.models import Learner
from gradatim.program.web import work


def of(number="N-1001"):
    return queries.find_credential(Credential.objects.get(learner__number=number).pk)


def issue_more(filled, count, reason="more", claims=None):
    learners = Learner.objects.bulk_create(
        Learner(
            organization=filled.cast.northfield, number=f"{reason}-{n}", legal_name=f"=HYPERLINK({reason}{n})"
        )
        for n in range(count)
    )
    batch = actions.start_batch(
        version=Version.objects.get(achievement__slug="data-literacy-for-the-workplace"),
        learners=[(learner, claims or {}) for learner in learners],
        reason=reason,
        label=reason,
        actor=filled.cast.administrator,
    )
    work.drain()
    return batch


@pytest.mark.parametrize("name", ["credentials:list", "credentials:batches"])
def test_a_list_asks_as_often_for_many_as_for_one(filled, signed_in, name):
    client = signed_in(filled.cast.administrator)
    path = reverse(name, args=["northfield"])

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(path).status_code == 200
        return len(found)

    asked()
    one = asked()
    for n in range(3):
        issue_more(filled, 3, f"run{n}")
    assert asked() == one <= 12


@pytest.mark.parametrize("name", ["credentials:batch", "credentials:credential"])
def test_a_page_asks_little(filled, client, signed_in, name):
    client = signed_in(filled.cast.administrator)
    batch = issue_more(filled, 3, claims={"result": 5})
    args = {"credentials:batch": ["northfield", batch.pk], "credentials:credential": [of().pk]}[name]
    client.get(reverse(name, args=args))
    with CaptureQueriesContext(connection) as found:
        client.get(reverse(name, args=args))
    assert len(found) <= 16, "\n".join(q["sql"][:160] for q in found)


def test_search_and_paging(filled, signed_in):
    client = signed_in(filled.cast.administrator)
    issue_more(filled, 60, "page")
    path = reverse("credentials:list", args=["northfield"])
    first, second = (client.get(path, {"page": n}).content.decode() for n in (1, 2))
    assert first.count("<tr>") == 51
    assert second.count("<tr>") == 15
    found = client.get(path, {"q": "Amina"}).content.decode()
    assert "Amina Yusuf" in found
    assert found.count("<tr>") == 2
    assert "Nothing fits" in client.get(path, {"q": "Amina", "state": "revoked"}).content.decode()
    assert client.get(path, {"page": "x", "state": "x"}).status_code == 200
    assert "Nothing fits" in client.get(path, {"q": "a" * 60_000}).content.decode()


def test_failures_are_shown_downloaded_and_tried_again(filled, signed_in):
    client = signed_in(filled.cast.administrator)
    batch = issue_more(filled, 2, "bad", claims={"result": 5})
    page = reverse("credentials:batch", args=["northfield", batch.pk])
    text = client.get(page).content.decode()
    assert "has to be an object of the type Result" in text
    assert "Try these 2 again" in text
    answer = client.get(reverse("credentials:failures", args=["northfield", batch.pk]))
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["id", "name", "reason"]
    assert [r[1][0] for r in rows[1:]] == ["'", "'"]
    assert "is tried again" not in client.get(page).content.decode()
    batch.intents.update(claims={})
    client.post(page)
    work.drain()
    assert Credential.objects.filter(intent__batch=batch).count() == 2
    assert client.post(page).status_code == 409


def test_cells_that_a_spreadsheet_would_run():
    for bad in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx"):
        assert harmless(bad) == f"'{bad}"
    assert harmless("Ana") == "Ana"


def test_who_may_only_look_is_offered_nothing_else(filled, signed_in):
    filled.cast.northfield.memberships.filter(person=filled.cast.administrator, role="issuer").delete()
    batch = issue_more_as_manager(filled)
    client = signed_in(filled.cast.administrator)
    page = reverse("credentials:batch", args=["northfield", batch.pk])
    assert "again" not in client.get(page).content.decode()
    assert client.post(page).status_code == 403
    assert batch.intents.get().state == Intent.State.FAILED


def issue_more_as_manager(filled):
    learner = filled.cast.northfield.learners.get(number="N-1005")
    batch = actions.start_batch(
        version=Version.objects.get(achievement__slug="data-literacy-for-the-workplace"),
        learners=[(learner, {"result": 5})],
        reason="m",
        label="M",
        actor=filled.cast.manager,
    )
    work.drain()
    return batch


def test_progress_without_and_with_scripts(filled, signed_in):
    client = signed_in(filled.cast.administrator)
    learner = filled.cast.northfield.learners.get(number="N-1005")
    batch = actions.start_batch(
        version=Version.objects.get(achievement__slug="data-literacy-for-the-workplace"),
        learners=[(learner, {})],
        reason="slow",
        label="Slow",
        actor=filled.cast.administrator,
    )
    page = reverse("credentials:batch", args=["northfield", batch.pk])
    whole = client.get(page).content.decode()
    assert '<meta http-equiv="refresh"' in whole
    part = client.get(page, headers={"hx-request": "true"}).content.decode()
    assert "hx-get" in part
    assert "<html" not in part
    work.drain()
    part = client.get(page, headers={"hx-request": "true"}).content.decode()
    assert "hx-get" not in part
    assert "1 of 1 issued" in part


def test_files_are_what_was_signed(filled, client, signed_in):
    credential = of()
    client = signed_in(filled.cast.learner)
    got = {
        form: client.get(reverse("credentials:file", args=[credential.pk, form])).content
        for form in files.FORMS
    }
    assert got["json"].decode() == credential.document
    assert hashlib.sha256(got["json"]).hexdigest() == credential.digest
    assert unbake(got["png"]) == got["json"] == unbake(got["svg"])
    assert got["pdf"].startswith(b"%PDF-1.7")
    assert b"pdfuaid" in got["pdf"]
    web = {
        "https://demo.example/.well-known/did.json": {"body": documents.did_document(filled.cast.northfield)}
    }
    for listing in filled.cast.northfield.status_lists.all():
        web[json.loads(listing.document)["id"]] = {"body": json.loads(listing.document)}
    for form in ("json", "jwt", "png", "svg"):
        report = verify(got[form], fetcher=MemoryFetcher(web), now=timezone.now())
        assert (form, report.verdict, report.cause) == (form, "valid", None)
    assert client.get(reverse("credentials:file", args=[credential.pk, "exe"])).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "Ana 🎓 李小龍 محمد",
        '#set page(fill: red) $x$ *b* `r` \\ "quoted" #panic()',
        "a\tb\u202ec\u0301\u200b",
        "x" * 300,
    ],
)
def test_any_name_is_printed_and_never_read(filled, name):
    credential = of()
    credential.learner.chosen_name = name
    credential.version.title = name
    made = files.pdf(credential, "https://x.example/?a=1&b=#c")
    assert made.startswith(b"%PDF")


@pytest.mark.parametrize("accept", ["text/html", "application/ld+json", "*/*"])
def test_private_and_unknown_look_the_same(filled, client, accept):
    paths = [f"/credentials/{key}" for key in (of().pk, "00000000-0000-4000-8000-000000000000")]
    private, unknown = (client.get(path, headers={"accept": accept}) for path in paths)
    assert private.status_code == unknown.status_code == 404
    assert private["Content-Type"] == unknown["Content-Type"]
    shown = [a.content.decode().replace(p, "") for a, p in zip((private, unknown), paths, strict=True)]
    assert shown[0] == shown[1]


def test_a_public_one_tells_robots_and_caches_to_keep_out(filled, client):
    Credential.objects.filter(pk=of().pk).update(published_at=timezone.now())
    answer = client.get(reverse("credentials:credential", args=[of().pk]))
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert "Amina Yusuf" in text
    assert "decision 2026-01" in text


def test_a_page_says_that_it_was_taken_back(filled, client):
    credential = of()
    Credential.objects.filter(pk=credential.pk).update(published_at=timezone.now())
    actions.take_back(
        credential=credential, kind="revoke", reason="mistake", note="inside", actor=filled.cast.administrator
    )
    text = client.get(reverse("credentials:credential", args=[credential.pk])).content.decode()
    assert "Taken back on" in text
    assert "issued by mistake" in text
    assert ">inside<" not in text
    assert "Genuine" not in text


def test_what_taking_back_changes_is_said_first(filled, signed_in):
    client = signed_in(filled.cast.administrator)
    told = client.get(reverse("credentials:take_back", args=["northfield", of().pk])).content.decode()
    assert "changes one credential" in told
    assert "told by e-mail" in told
    assert "Pause it" not in told
    Learner.objects.filter(number="N-1001").update(school_email="", private_email="", person=None)
    told = client.get(reverse("credentials:take_back", args=["northfield", of().pk])).content.decode()
    assert "is not told" in told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("hold", "minor", "state"), list(itertools.product([True, False], [True, False], ["active", "revoked"]))
)
def test_nothing_of_a_hidden_learner_is_on_any_public_address(filled, client, signed_in, hold, minor, state):
    """Every address of the room, as a stranger and as another organization's administrator, whatever was published."""
    credential = of()
    Credential.objects.filter(pk=credential.pk).update(published_at=timezone.now(), state=state)
    Learner.objects.filter(pk=credential.learner_id).update(directory_hold=hold, minor=minor)
    hidden = hold or minor
    words = (credential.learner.legal_name, credential.learner.number, *credential.learner.addresses)
    for person in (None, filled.cast.outsider):
        client.logout()
        reader = signed_in(person) if person else client
        for path, own in addresses(credential):
            for accept in ("text/html", "application/ld+json"):
                answer = reader.get(path, headers={"accept": accept})
                shown = answer.content.decode("utf-8", "replace") if answer.status_code == 200 else ""
                if hidden:
                    assert not own or answer.status_code == 404, path
                    assert [w for w in words if w in shown] == [], path
                elif own:
                    assert answer.status_code == 200, path
        for form in ("json", "png"):  # and what the checking page says of a file somebody has
            text = reader.post("/verify/", files.make(credential, form), content_type={"json": "application/json", "png": "image/png"}[form], headers={"accept": "text/html"}).content.decode()  # fmt: skip
            assert [w for w in words if w in text] == []


def addresses(credential):
    """Every address of the room that is read, and whether it is this credential's own."""
    values = {"organization": "northfield", "purpose": "revocation", "number": 1}
    values |= {"credential": credential.pk, "batch": Batch.objects.first().pk}
    values |= {
        "key": credential.organization.keys.first().pk,
        "version": credential.version_id,
        "endorsement": 1,
    }
    reverses = get_resolver().namespace_dict["credentials"][1].reverse_dict
    for name in {k for k in reverses if isinstance(k, str)}:
        for possibility in reverses.getlist(name):
            template, parts = possibility[0][0]
            own = name in {"credential", "file", "qr"}
            for form in files.FORMS if "form" in parts else [""]:
                yield "/" + template % {part: (values | {"form": form})[part] for part in parts}, own
