"""The verification page and its API: every way in, plain words out, nothing kept."""

import io
import json
from datetime import timedelta

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from PIL import Image

from gradatim.engine import status_list
from gradatim.engine.fetch import MemoryFetcher
from gradatim.engine.issue import issue
from gradatim.engine.keys import PrivateKey
from gradatim.engine.proof import data_integrity
from gradatim.program.credentials import actions, fetching, files, queries, verification
from gradatim.program.credentials.fetching import ProductFetcher
from gradatim.program.credentials.models import Credential
from gradatim.program.credentials.views import verifying
from gradatim.program.ground import limits
from gradatim.program.web import work
from tests.engine.samples import from_elsewhere, signed
from tests.engine.test_presentations import endorsed, held
from tests.engine.test_records import record

PATH = "/verify/"
JSON = {"accept": "application/json"}


@pytest.fixture
def credential(filled):
    return queries.find_credential(Credential.objects.get(learner__number="N-1001").pk)


def upload(client, data, name="file", kind="application/octet-stream"):
    return client.post(PATH, {"file": SimpleUploadedFile(name, data, kind)}, headers=JSON)


def self_signed(document, key):
    """The document as a did:key would issue it."""
    multibase = key.public_key.to_multibase()
    own = {name: value for name, value in document.items() if name != "proof"}
    own["issuer"] = own["issuer"] | {"id": f"did:key:{multibase}"}
    method = f"did:key:{multibase}#{multibase}"
    created = timezone.now().replace(microsecond=0)
    return issue(own, signer=key, verification_method=method, created=created)


def stranger_list(key, indexes, number=1, since=1):
    """Address and signed text of a stranger's revocation list, `since` days old."""
    multibase = key.public_key.to_multibase()
    url = f"https://strange.example/lists/{number}"
    made = status_list.credential(
        url=url, issuer=f"did:key:{multibase}", purpose="revocation", bits=status_list.bits_of(indexes),
        valid_from=timezone.now() - timedelta(days=since),
    )  # fmt: skip
    whole = data_integrity.add_proof(
        made, signer=key, verification_method=f"did:key:{multibase}#{multibase}", created=timezone.now()
    )
    return url, json.dumps(whole)


def make_public(credential):
    Credential.objects.filter(pk=credential.pk).update(published_at=timezone.now())


def photo(text, kind="PNG"):
    """A QR code somewhere in a larger, greyish picture."""
    out = io.BytesIO()
    segno.make(text).save(out, kind="png", scale=5, border=4)
    paper = Image.new("RGB", (1400, 1100), "#ddd")
    paper.paste(Image.open(out).convert("RGB").rotate(7, fillcolor="#ddd", expand=True), (200, 150))
    shot = io.BytesIO()
    paper.save(shot, kind)
    return shot.getvalue()


@pytest.mark.parametrize("form", ["json", "jwt", "png", "svg"])
def test_a_file_of_every_form(client, credential, form):
    answer = upload(client, files.make(credential, form), f"x.{form}")
    assert (answer.status_code, answer.json()["verdict"]) == (200, "valid")
    assert answer.json()["credential"]["name"] == "Practice: Data literacy for the workplace"


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("json", "application/json"),
        ("json", "application/vc+ld+json"),
        ("jwt", "application/jwt"),
        ("jwt", "text/plain"),
        ("png", "image/png"),
        ("svg", "image/svg+xml"),
    ],
)
def test_the_credential_as_body(client, credential, form, kind):
    """A program that says nothing about what it takes gets JSON."""
    answer = client.post(PATH, files.make(credential, form), content_type=kind)
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["verdict"] == "valid"
    assert {c["outcome"] for c in answer.json()["checks"]} == {"passed"}


def test_an_address_without_its_slash_loses_nothing(client, credential):
    answer = client.post("/verify", files.make(credential, "json"), content_type="application/json")
    assert (answer.status_code, answer.json()["verdict"]) == (200, "valid")


def test_pasted_text_on_the_page(client, credential):
    page = client.post(PATH, {"text": credential.document}).content.decode()
    assert "Genuine" in page
    assert credential.learner.legal_name not in page


def test_taken_back_says_when_and_why(filled, client, credential):
    actions.take_back(
        credential=credential, kind="revoke", reason="mistake", note="inside", actor=filled.cast.administrator
    )
    work.drain()
    page = client.post(PATH, {"text": credential.document}).content.decode()
    change = queries.last_change(credential)
    assert f"Taken back on {date_format(change.at)}: issued by mistake" in page
    assert "inside" not in page.replace("a part inside", "")


@pytest.mark.parametrize("form", ["json", "jwt", "png"])
def test_every_form_of_ours_leads_to_its_page(filled, client, credential, form):
    make_public(credential)
    data = files.make(credential, form)
    page = client.post(PATH, {"file": SimpleUploadedFile("x", data)}).content.decode()
    assert reverse("credentials:credential", args=[credential.pk]) in page
    actions.take_back(credential=credential, kind="revoke", reason="mistake", actor=filled.cast.administrator)
    work.drain()
    page = client.post(PATH, {"file": SimpleUploadedFile("x", data)}).content.decode()
    assert "issued by mistake" in page


@pytest.mark.parametrize("public", [False, True])
def test_the_id_of_ours_in_a_document_of_somebody_else_tells_nothing(
    filled, client, credential, public, monkeypatch
):
    """Neither why ours was taken back nor where its page is, though the stranger's own list says that his is revoked."""
    actions.take_back(credential=credential, kind="revoke", reason="mistake", actor=filled.cast.administrator)
    work.drain()
    if public:
        make_public(credential)
    key = PrivateKey.generate("Ed25519")
    url, listing = stranger_list(key, [5])
    monkeypatch.setattr(verification, "WebFetcher", lambda: MemoryFetcher({url: {"body": listing}}))
    document = json.loads(credential.document)
    entry = status_list.entry(url, index=5, purpose="revocation")
    strange = self_signed(document | {"credentialStatus": entry}, key)
    answer = client.post(PATH, {"text": json.dumps(strange)}, headers=JSON)
    assert answer.json()["cause"] == "revoked"
    page = client.post(PATH, {"text": json.dumps(strange)}).content.decode()
    assert "Taken back" in page
    assert "issued by mistake" not in page
    changed = credential.document.replace("Data literacy", "Brain surgery")
    for said in (page, client.post(PATH, {"text": changed}).content.decode()):
        assert reverse("credentials:credential", args=[credential.pk]) not in said


def test_an_unknown_issuer_is_not_a_forgery(client, credential):
    document = json.loads(credential.document)
    del document["credentialStatus"]
    strange = self_signed(document, PrivateKey.generate("Ed25519"))
    page = client.post(PATH, {"text": json.dumps(strange)}).content.decode()
    assert "Genuine, from an issuer that is not on your list" in page
    assert reverse("credentials:credential", args=[credential.pk]) not in page


def test_a_changed_one(client, credential):
    changed = credential.document.replace("Data literacy", "Brain surgery")
    answer = client.post(PATH, {"text": changed}, headers=JSON)
    assert (answer.status_code, answer.json()["verdict"]) == (200, "invalid")
    assert "Not genuine" in client.post(PATH, {"text": changed}).content.decode()


def test_a_photo_of_a_qr_code(client, credential):
    make_public(credential)
    for kind in ("PNG", "JPEG"):
        answer = upload(client, photo(files.page_url(credential), kind), f"photo.{kind.lower()}")
        assert (answer.status_code, answer.json()["verdict"]) == (200, "valid"), answer.json()


@pytest.mark.parametrize("address", ["page", "id"])
def test_a_link_to_one_of_ours(client, credential, address):
    """Answered from the rows; private and unknown look the same, and nothing goes out over the network."""
    url = {"page": files.page_url(credential), "id": json.loads(credential.document)["id"]}[address]
    unknown = url[:-36] + "00000000-0000-4000-8000-000000000000"
    private, none = (client.post(PATH, {"text": u}, headers=JSON) for u in (url, unknown))
    assert private.status_code == none.status_code == 422
    assert private.json()["code"] == none.json()["code"] == "not-found"
    assert "share link" in private.json()["title"]
    assert private.json()["title"] == none.json()["title"]
    make_public(credential)
    assert client.post(PATH, {"text": url}, headers=JSON).json()["verdict"] == "valid"
    credential.learner.directory_hold = True
    credential.learner.save()
    assert client.post(PATH, {"text": url}, headers=JSON).status_code == 422


def test_links_that_are_not_asked(client):
    for link in (
        "http://127.0.0.1/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://10.0.0.1:8443/",
    ):
        answer = client.post(PATH, {"text": link}, headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (422, "fetch-blocked")


def test_a_link_only_fills_the_form(client, credential):
    page = client.get(PATH, {"url": "https://127.0.0.1/<script>"}).content.decode()
    assert "https://127.0.0.1/&lt;script&gt;" in page
    assert 'class="checks"' not in page


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "parse"),
        (b'{"a": 1, "a": 2}', None),
        (b"[]", None),
        (b"\xff\xfe", None),
        (b" ", None),
        (b'{"type": ["VerifiableCredential"]}', None),
        (b"[" * 100_000, None),
        (b"not.a.token", None),
    ],
)
def test_what_cannot_be_read(client, filled, data, code):
    """Malformed: 422, a problem with its cause and the sentence that says how to mend it; the same on the page."""
    answer = client.post(PATH, data, content_type="application/json")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["verdict"] == "refused"
    assert problem["status"] == 422
    assert problem["code"] == problem["cause"]
    assert problem["title"]
    assert code is None or problem["code"] == code
    page = client.post(PATH, {"text": data.decode("latin-1")})
    assert page.status_code == 422
    assert "Traceback" not in page.content.decode()


def test_too_large(client, filled):
    for answer in (
        client.post(PATH, b" " * 7_000_000, content_type="application/json"),
        client.post(PATH, b" " * 1_100_000, content_type="application/json"),
        client.post(PATH, {"text": "x" * 7_000_000}, headers=JSON),
        upload(client, b"x" * 8_500_000),
    ):
        assert answer.status_code == 413, answer.content[:200]
        assert answer.json()["code"] == "too-large"


def test_nothing_at_all(client, filled):
    answer = client.post(PATH, {"text": "  "})
    assert answer.status_code == 422
    assert "Choose a file" in answer.content.decode()


def test_not_too_often(client, filled):
    limit = verifying.PER_MINUTE
    answers = [client.post(PATH, {"text": "x"}, headers=JSON).status_code for _ in range(limit + 2)]
    assert set(answers[:limit]) == {422}
    assert set(answers[limit:]) == {429}
    assert client.post(PATH, {"text": "x"})["Retry-After"] == "60"


def test_one_client_does_not_hold_every_thread(client, filled, settings, monkeypatch):
    """Somebody has addresses checked that never answer: he waits for himself, and the threads answer everybody else."""
    settings.BEHIND_PROXY = True
    link, turns = "https://strange.example/a.json", fetching.TURNS
    monkeypatch.setattr(verification, "WebFetcher", lambda: MemoryFetcher({link: {"body": "{}"}}))
    ours = files.make(Credential.objects.select_related("organization", "version").first(), "json").decode()

    def ask(who, text=link):
        answer = client.post(PATH, {"text": text}, headers=JSON | {"x-forwarded-for": who})
        return answer.json()["cause"], "Try again in a few seconds" in answer.content.decode()

    with turns.taken("203.0.113.1"), turns.taken("203.0.113.1"):
        assert ask("203.0.113.1") == ("unavailable", True)
        assert ask("203.0.113.2") == ("type", False)
        assert ask("203.0.113.1", ours)[0] is None  # needs nobody elsewhere
        with turns.taken("203.0.113.3"), turns.taken("203.0.113.4"), turns.taken("203.0.113.5"):
            assert ask("203.0.113.2") == ("unavailable", True)
    assert ask("203.0.113.1") == ("type", False)


def test_a_flood_of_lists_makes_none_forgotten(client, filled, monkeypatch):
    """Somebody has lists of his own checked; the older edition of a list seen before is still not taken for the newer."""
    key, web = PrivateKey.generate("Ed25519"), {}
    monkeypatch.setattr(verification, "WebFetcher", lambda: MemoryFetcher(web))
    monkeypatch.setattr(verifying, "PER_MINUTE", 1000)
    document = json.loads(Credential.objects.first().document)

    def cause(number, listed, since):
        url, text = stranger_list(key, listed, number, since)
        web[url] = {"body": text}
        entry = status_list.entry(url, index=5, purpose="revocation")
        strange = self_signed(document | {"credentialStatus": entry}, key)
        return client.post(PATH, {"text": json.dumps(strange)}, headers=JSON).json()["cause"]

    assert [cause(0, [5], 1), cause(0, [], 2)] == ["revoked", "revoked"]
    for number in range(1, 320):
        cause(number, [], 1)
    assert cause(0, [], 2) == "revoked"


@pytest.mark.parametrize("behind", [False, True])
def test_whom_a_limit_counts(client, filled, settings, monkeypatch, behind):
    """Behind a proxy who the proxy saw; without one what a client says of himself is worth nothing."""
    monkeypatch.setattr(verifying, "PER_MINUTE", 0)
    settings.BEHIND_PROXY = behind
    seen = []
    monkeypatch.setattr(limits, "count", lambda _name, who, **_rest: seen.append(who) or 1)
    for said in ("203.0.113.1", "192.0.2.7, 203.0.113.1", "2001:db8::1", "::ffff:198.51.100.9", ""):
        answer = client.post(PATH, {"text": "x"}, headers=JSON | {"x-forwarded-for": said})
        assert answer.status_code == 429
    proxied = ["203.0.113.1", "203.0.113.1", "2001:db8::", "198.51.100.9", "127.0.0.1"]
    assert seen == (proxied if behind else ["127.0.0.1"] * 5)


def test_no_cookie_is_needed_and_none_is_set(credential):
    from django.test import Client  # noqa: PLC0415 - one that checks for forgery

    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(PATH, credential.document, content_type="application/json")
    assert answer.json()["verdict"] == "valid"
    assert not answer.cookies


def test_nothing_is_kept(client, credential):
    from django.apps import apps  # noqa: PLC0415 - needs Django's apps

    before = {model: model.objects.count() for model in apps.get_models() if hasattr(model, "objects")}
    upload(client, credential.document.encode())
    assert {model: model.objects.count() for model in before} == before


def test_our_issuers_and_lists_need_no_network(credential):
    fetcher = MemoryFetcher({})
    report = verification.check(credential.document, network=fetcher)
    assert report.verdict == "valid"
    assert {r["outcome"] for r in report.requests} == {"own"}


def test_what_looks_like_ours_and_is_not_goes_out(filled):
    """Another installation's addresses have the same paths."""
    fetcher = ProductFetcher(MemoryFetcher({"https://other.example/credentials/x": {"body": {}}}))
    listing = filled.cast.northfield.status_lists.get()
    own = json.loads(listing.document)["id"]
    assert fetcher.get(own).body.decode() == listing.document
    for url in (
        own.replace("demo.example", "other.example"),
        f"https://other.example/credentials/{Credential.objects.first().pk}",
        "https://other.example/.well-known/did.json",
        "https://demo.example/o/northfield/did.json",
    ):
        with pytest.raises(Exception, match=r"other\.example|demo\.example"):
            fetcher.get(url)


def test_what_is_inside_is_told_one_by_one(client, filled):
    """A record of two credentials of which one was changed after it was signed, on the page and for a program."""
    good = signed(held())
    document = record(good, good | {"name": "Changed"})
    answer = client.post(PATH, json.dumps(document), content_type="application/json", headers=JSON).json()
    assert (answer["verdict"], [part["verdict"] for part in answer["parts"]]) == (
        "valid-with-marked-parts",
        ["valid", "invalid"],
    )
    page = client.post(PATH, {"text": json.dumps(document)}).content.decode()
    assert "What is inside, each checked by itself" in page
    assert "Changed" in page
    strange = from_elsewhere(endorsement=[endorsed(of="urn:x:else")])
    page = client.post(PATH, {"text": json.dumps(strange)}).content.decode()
    line = page[page.index("What is inside, each checked by itself") :]
    assert "Open:" in line
    assert "Good:" not in line
    assert "The endorsement at endorsement[0] is about something else." in line
