"""Endorsements, wherever the published schemas allow them: each is found, and judged like one that comes alone."""

import copy
import json
import re

import pytest

from gradatim.engine.issue import issue_token
from gradatim.engine.proof import claims, jose
from gradatim.engine.verify import parts
from tests.conftest import SHARED
from tests.engine.samples import KEY, METHOD, check, credential, from_elsewhere, signed
from tests.engine.test_presentations import endorsed, held
from tests.engine.test_records import record

FOLDER = SHARED / "standards/schemas-1edtech"
PARTS = {"EndorsementCredential", "VerifiableCredential"}
NODES = {
    "Profile": {"id": "https://there.example/p", "type": ["Profile"], "name": "There"},
    "Achievement": credential()["credentialSubject"]["achievement"] | {"id": "https://there.example/a"},
}
OUTSIDES = {
    "ob-3.0/ob_v3p0_achievementcredential_schema.json": credential(),
    "ob-3.0/ob_v3p0_endorsementcredential_schema.json": endorsed(),
    "clr-2.0/clr_v2p0_clrcredential_schema.json": record(signed(held())),
}
MEMBERS = ("endorsement", "endorsementJwt")


def refs(schema, spec):
    """The classes that a property may hold."""
    for name in re.findall(r"#/\$defs/(\w+)", json.dumps(spec)):
        yield from refs(schema, schema["$defs"][name]) if name == "ProfileRef" else [name]


def ways(schema, node, way=(), inside=()):
    """The way to each class with endorsements: a member, its class, and whether there may be several; classes twice."""
    members = node.get("properties", {})
    if set(MEMBERS) & members.keys():
        yield way
    for name, spec in members.items():
        for cls in dict.fromkeys(refs(schema, spec)):
            if cls not in PARTS and inside.count(cls) < 2:
                step = (name, cls, '"array"' in json.dumps(spec))
                yield from ways(schema, schema["$defs"][cls], (*way, step), (*inside, cls))


def places():
    for name in OUTSIDES if FOLDER.exists() else ():
        schema = json.loads((FOLDER / name).read_text())
        for way in ways(schema, schema):
            path = ".".join(step for step, _, _ in way)
            yield pytest.param(name, way, id=f"{name.split('_')[2]} {path}")


PLACES = list(places())


def holding(name, way, member, made):
    """A credential, signed, with an endorsement of what stands at the end of a way; and the path of that."""
    document = copy.deepcopy({k: v for k, v in OUTSIDES[name].items() if k != "proof"})
    at, path = document, ""
    for step, cls, several in way:
        inner = at.get(step, copy.deepcopy(NODES.get(cls)))
        at[step] = [NODES[cls] | {"id": "https://there.example/first"}, inner] if several else inner
        at, path = inner, f"{path}{step}{'[1]' if several else ''}."
    at[member] = [made(at["id"])]
    return from_elsewhere(document), f"{path}{member}[0]"


def unsigned(about):
    return {k: v for k, v in endorsed(of=about).items() if k != "proof"}


def token(about):
    return issue_token(unsigned(about), signer=KEY, verification_method=METHOD)


@pytest.mark.shared
def test_the_schemas_have_such_places():
    found = {one.id for one in PLACES}
    assert {"achievementcredential ", "endorsementcredential issuer.parentOrg", "clrcredential "} <= found
    assert {
        f"{name}credential credentialSubject.achievement.creator" for name in ("achievement", "clr")
    } <= found


@pytest.mark.shared
@pytest.mark.parametrize(
    ("member", "made", "cause"),
    [
        ("endorsement", lambda about: endorsed(of=about), None),
        ("endorsement", lambda about: endorsed(of=about) | {"name": "Changed"}, "proof-invalid"),
        ("endorsement", unsigned, "proof-missing"),
        ("endorsement", lambda _: endorsed(of="urn:x:else"), "endorsement-mismatch"),
        ("endorsementJwt", token, None),
        ("endorsementJwt", lambda about: f"{token(about)[:-6]}AAAAAA", "proof-invalid"),
        ("endorsementJwt", lambda _: "eyJh.eyJh.abc", "parse"),
    ],
)
@pytest.mark.parametrize(("name", "way"), PLACES)
def test_an_endorsement_is_found_at_every_place(name, way, member, made, cause):
    document, path = holding(name, way, member, made)
    report = check(document, importing=True)
    assert (report.verdict, report.cause) == ("valid-with-marked-parts" if cause else "valid", cause)
    assert path in [one["path"] for one in report.parts]


def test_profiles_in_profiles_are_looked_through_to_the_last():
    profile = NODES["Profile"] | {"endorsement": [endorsed() | {"name": "Changed"}]}
    for number in range(20):
        profile = NODES["Profile"] | {"id": f"https://there.example/{number}", "parentOrg": profile}
    report = check(from_elsewhere(issuer=credential()["issuer"] | {"parentOrg": profile}))
    assert (report.verdict, report.cause) == ("valid-with-marked-parts", "proof-invalid")


def test_endorsements_of_all_achievements_count_together():
    achievement = NODES["Achievement"] | {"endorsement": [endorsed(of="https://there.example/a")]}
    document = {k: v for k, v in record(signed(held())).items() if k != "proof"}
    document["credentialSubject"]["achievement"] = [achievement] * parts.MAX_PARTS
    report = check(jose.sign(claims.of_credential(document), signer=KEY, kid=METHOD))
    assert (report.verdict, report.cause) == ("undetermined", "resource-limit")


def test_what_is_no_object_is_passed_over():
    """A credential that is no badge may name its achievements by address."""
    achievement = {"id": "https://there.example/a", "endorsement": [endorsed() | {"name": "Changed"}]}
    document = {
        "@context": credential()["@context"][:1],
        "id": "urn:x:general",
        "type": ["VerifiableCredential"],
        "issuer": credential()["issuer"],
        "validFrom": "2026-05-30T12:00:00Z",
        "credentialSubject": {
            "id": "urn:x:somebody",
            "achievement": ["https://there.example/b", achievement],
        },
    }
    report = check(jose.sign(claims.of_credential(document), signer=KEY, kid=METHOD))
    assert (report.verdict, report.cause) == ("valid-with-marked-parts", "proof-invalid")
    assert [one["path"] for one in report.parts] == ["credentialSubject.achievement[1].endorsement[0]"]
