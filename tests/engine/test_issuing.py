"""What an issuer has to keep beyond what a reader takes: each breach is refused with its place and what to do about it."""

import copy

import pytest

from gradatim.engine import did, issue_many, issue_selective, issue_token, status_list
from gradatim.engine.errors import KeyRefusedError, ShapeError
from gradatim.engine.issue import issue
from gradatim.engine.keys import P256, PrivateKey
from gradatim.engine.proof import claims, jose
from tests.engine.random_credentials import Maker
from tests.engine.samples import DID, KEY, METHOD, NOW, check, credential, from_elsewhere, signed

HOW = {"signer": KEY, "verification_method": METHOD, "created": NOW}
V2, OB = credential()["@context"]
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
PROFILE = credential()["issuer"]
STATUS = status_list.entry("https://x.example/s", index=7, purpose="revocation")
IDENTITY = {
    "type": "IdentityObject", "hashed": True, "identityHash": f"sha256${'0' * 64}", "identityType": "emailAddress"
}  # fmt: skip
TOKEN = "eyJh.eyJh.x"


def with_achievement(**changes):
    document = copy.deepcopy(credential())
    document["credentialSubject"]["achievement"] |= changes
    return document


def with_subject(**changes):
    document = copy.deepcopy(credential())
    document["credentialSubject"] |= changes
    return document


def endorsement(number=9, **changes):
    about = {"id": credential()["id"], "type": ["EndorsementSubject"], "endorsementComment": "Good."}
    kinds = ["VerifiableCredential", "EndorsementCredential"]
    name = f"urn:uuid:5f1c2f0e-0000-4000-8000-{number:012d}"
    return credential(id=name, type=kinds, credentialSubject=about, **changes)


def record(*parts, **changes):
    subject = {
        "id": credential()["credentialSubject"]["id"],
        "type": ["ClrSubject"],
        "verifiableCredential": list(parts) or [signed()],
    }
    kinds = ["VerifiableCredential", "ClrCredential"]
    name = "urn:uuid:5f1c2f0e-0000-4000-8000-0000000000c1"
    made = credential(id=name, type=kinds, credentialSubject=subject | changes)
    return made | {"@context": [V2, CLR, OB]}


def without(document, *path):
    document = copy.deepcopy(document)
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return document


LINK = {
    "type": "Association", "associationType": "isPartOf",
    "sourceId": "https://northfield.example/a/1", "targetId": "https://northfield.example/a/1",
}  # fmt: skip
TWO_BITS = STATUS | {
    "statusSize": 2,
    "statusMessage": [{"status": hex(n), "message": str(n)} for n in range(4)],
}
REFRESH = {"id": "https://x.example/r", "type": "1EdTechCredentialRefresh"}
EXTENDED = {"@context": [V2, OB, EXTENSIONS]}

GOOD = {
    "a badge": credential(),
    "in every way an issuer may": Maker(3, strict=True).credential(),
    "an endorsement": endorsement(),
    "a record": record(association=[LINK]),
    "a record of an achievement that nobody awarded": record(
        achievement=[credential()["credentialSubject"]["achievement"] | {"id": "urn:x:a"}],
        association=[LINK | {"targetId": "urn:x:a"}],
    ),
    "an endorsed badge": credential(endorsement=[signed(endorsement())]),
    "a token on the achievement": with_achievement(endorsementJwt=[TOKEN]),
    "a status": credential(credentialStatus=STATUS),
    "a status of two bits": credential(credentialStatus=TWO_BITS),
    "a list of names": credential(
        credentialStatus={"id": "https://x.example/l", "type": "1EdTechRevocationList"}
    )
    | EXTENDED,
    "a refresh": credential(refreshService=REFRESH) | EXTENDED,
    "two terms of use": credential(
        termsOfUse=[{"id": f"https://x.example/{n}", "type": "1EdTechCredentialRefresh"} for n in range(2)]
    )
    | EXTENDED,
    "a term of its own": with_achievement(achievementType="ext:Own"),
    "numbers that are nothing": with_achievement(creditsAvailable=0),
    "a false": with_subject(identifier=[IDENTITY | {"hashed": False, "identityHash": "a@x.example"}]),
    "JSON of an extension's own": credential(own={"a": [None, "", [], {}]})
    | {"@context": [V2, OB, {"own": {"@id": "https://x.example/own", "@type": "@json"}}]},
}
BAD = {
    # T1
    "endorsementJwt cannot stand beside": credential(endorsementJwt=[TOKEN]),
    "jti cannot stand beside": credential(jti="urn:x:y"),
    "endorsement.endorsementJwt cannot": credential(
        endorsement=[from_elsewhere(endorsement(endorsementJwt=[TOKEN]))]
    ),
    "credentialSubject.achievement.endorsement.jti cannot": with_achievement(
        endorsement=[from_elsewhere(endorsement(jti="urn:x:y"))]
    ),
    "credentialSubject.verifiableCredential.endorsement.jti": record(
        from_elsewhere(endorsement=[from_elsewhere(endorsement(jti="urn:x:y"))])
    ),
    # T8
    r"issuer has to be an object with id, type \[\"Profile\"\] and name": credential(issuer=DID),
    "issuer.type has to be Profile": credential(issuer={"id": DID, "name": "N"}),
    "issuer.name is missing": credential(issuer={"id": DID, "type": ["Profile"]}),
    "issuer.name is empty": credential(issuer=PROFILE | {"name": ""}),
    # OB-1, CLR-1
    "@context has to begin with": credential() | {"@context": [V2, OB.replace("3.0.3", "3.0.2")]},
    "@context has to begin with .*clr": record() | {"@context": [V2, CLR]},
    "name is missing": without(credential(), "name"),
    "name has to be one plain text": credential(name={"@value": "a", "@language": "en"}),
    "description has to be one plain text": credential(description=[{"@value": "a", "@language": "en"}]),
    # T4
    "credentialStatus has to be one object": credential(credentialStatus=[STATUS]),
    "refreshService has to be one object": credential(refreshService=[REFRESH]) | EXTENDED,
    "refreshService.id is missing": credential(refreshService={"type": "1EdTechCredentialRefresh"})
    | EXTENDED,
    "credentialStatus.id is missing; it is what a reader asks": credential(
        credentialStatus={"type": "1EdTechRevocationList"}
    )
    | EXTENDED,
    "credentialStatus.type has to be one text": credential(
        credentialStatus=STATUS | {"type": ["BitstringStatusListEntry"]}
    ),
    # T2
    "refreshService.type is defined by .*extensions.json; add that": credential(refreshService=REFRESH),
    # BSL-1
    "credentialStatus.statusListCredential has to be an absolute": credential(
        credentialStatus=STATUS | {"statusListCredential": "s/1"}
    ),
    "credentialStatus.id has to differ": credential(
        credentialStatus=STATUS | {"id": STATUS["statusListCredential"]}
    ),
    "credentialStatus.statusMessage has to name each": credential(
        credentialStatus=TWO_BITS | {"statusMessage": [{"status": "0x0", "message": "x"}] * 4}
    ),
    "credentialStatus.statusMessage has to name each value once": credential(
        credentialStatus=TWO_BITS | {"statusMessage": ["0x0", "0x1", "0x2", "0x3"]}
    ),
    # OB-18
    "evidence is empty; leave it out": credential(evidence=[]),
    "description is empty; leave": credential(description=""),
    "credentialSubject.achievement.tag is empty": with_achievement(tag=["a", ""]),
    "credentialSubject.achievement.alignment is empty": with_achievement(alignment=[]),
    "credentialSubject.achievement.tag has to be a list": with_achievement(tag="a"),
    "credentialSubject.identifier has to be a list": with_subject(identifier=IDENTITY),
    "evidence has to be a list": credential(evidence={"type": ["Evidence"], "name": "E"}),
    "issuer.otherIdentifier has to be a list": credential(
        issuer=PROFILE
        | {
            "otherIdentifier": {
                "type": "IdentifierEntry",
                "identifier": "1",
                "identifierType": "identifier",
            }
        }
    ),
    "own is empty": credential(own=[]) | {"@context": [V2, OB, {"own": {"@id": "https://x.example/own"}}]},
    # OB-5, OB-14: one type, and nothing beside what the class has
    'image.type has to be "Image", not a list': credential(
        image={"id": "https://x.example/i", "type": ["Image"]}
    ),
    'credentialSubject.identifier.type has to be "IdentityObject"': with_subject(
        identifier=[IDENTITY | {"type": ["IdentityObject"]}]
    ),
    "image.name cannot be added": credential(
        image={"id": "https://x.example/i", "type": "Image", "name": "x"}
    ),
    # OB-3, OB-6
    "credentialSubject.achievement.name has to be one plain": with_achievement(
        name={"@value": "a", "@language": "en"}
    ),
    "credentialSubject.achievement.inLanguage has to be a language as": with_achievement(inLanguage="EN"),
    "credentialSubject.achievement.achievementType needs a name after ext:": with_achievement(
        achievementType="ext:"
    ),
    "issuer.dateOfBirth has to be a day": credential(issuer=PROFILE | {"dateOfBirth": "12/31/1999"}),
    # OB-11: a closed vocabulary
    "credentialSubject.result.status has to be one of Completed": with_subject(
        result=[{"type": ["Result"], "status": "ext:Own"}]
    ),
    # OB-16
    "endorsement has no proof": credential(endorsement=[endorsement()]),
    "credentialSubject.achievement.endorsementJwt has to be a signed token": with_achievement(
        endorsementJwt=["ey!.x.y"]
    ),
    # CLR-2, CLR-3
    "credentialSubject.verifiableCredential has to be a credential of data model 2.0": record(credential()),
    "credentialSubject.verifiableCredential has to be a credential": record(TOKEN),
    "credentialSubject.association.targetId names urn:x:none": record(
        association=[LINK | {"targetId": "urn:x:none"}]
    ),
    "credentialSubject.association.note cannot be added": record(association=[LINK | {"note": "x"}]),
    "credentialSubject.association.associationType has to be one of": record(
        association=[LINK | {"associationType": "ext:own"}]
    ),
}


@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD)
def test_issued_and_valid(document):
    made = issue(document, **HOW)
    assert check(made).verdict in {"valid", "valid-with-marked-parts", "undetermined"}
    assert list(issue_many([document], **HOW)) == [made]


@pytest.mark.parametrize(("words", "document"), BAD.items(), ids=BAD)
def test_refused_with_cause_and_cure(words, document):
    with pytest.raises(ShapeError, match=f"^{words}") as refused:
        issue(document, **HOW)
    assert refused.value.code == "schema"
    with pytest.raises(ShapeError, match=f"^{words}"):
        list(issue_many([credential(), document], **HOW))
    with pytest.raises(ShapeError, match=f"^{words}"):
        issue_selective(document, mandatory=[], **HOW)


READERS_REFUSE = [
    "issuer.type has to be Profile",
    "@context has to begin with .*clr",
    "credentialSubject.verifiableCredential",
    "credentialSubject.achievement.endorsementJwt",
    "endorsement has no proof",
    "own is empty",
    "credentialStatus.statusListCredential has",
    "credentialSubject.association.note",
    "refreshService.type is defined by",
]


@pytest.mark.parametrize("words", [words for words in BAD if not words.startswith(tuple(READERS_REFUSE))])
def test_what_we_would_not_issue_is_read_all_the_same(words):
    """These rules are ours to keep; of others a reader wants fewer."""
    report = check(from_elsewhere(BAD[words]))
    assert report.verdict in {"valid", "valid-with-marked-parts", "undetermined"}, report.decided_by


def test_a_token_takes_what_an_embedded_proof_does_not():
    text = issue_token(credential(endorsementJwt=[TOKEN]), signer=KEY, verification_method=METHOD)
    assert check(text).document["endorsementJwt"] == [TOKEN]
    for name in ("jti", "iss", "exp", "vc"):
        with pytest.raises(ShapeError, match=f"^{name} is written into a token from the credential itself"):
            issue_token(credential(**{name: "urn:x:y"}), signer=KEY, verification_method=METHOD)


def a_batch(change=lambda _number, _document: None):
    """Credentials of one shape, each a little different."""
    for number in range(12):
        document = copy.deepcopy(credential()) | {
            "id": f"urn:uuid:5f1c2f0e-0000-4000-9000-{number:012d}",
            "description": f"Number {number}",
            "credentialStatus": status_list.entry("https://x.example/s", index=number, purpose="revocation"),
        }
        subject = document["credentialSubject"]
        subject["identifier"] = [dict(IDENTITY)]
        subject["achievement"] |= {
            "tag": ["a", f"b{number}"],
            "inLanguage": "de",
            "achievementType": "Course",
        }
        change(number, document)
        yield document


def deep(*path):
    def change(document, value):
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "values", "bad", "words"),
    [
        (deep("description"), ["x", "y"], "", "description is empty"),
        (deep("credentialSubject", "achievement", "tag", 1), ["x", "y"], "", "tag is empty"),
        (
            deep("credentialSubject", "achievement", "inLanguage"),
            ["en", "de-AT"],
            "EN",
            "inLanguage has to be",
        ),
        (
            deep("credentialSubject", "achievement", "achievementType"),
            ["Course", "ext:Own"],
            "ext:",
            "a name after",
        ),
        (deep("credentialStatus", "id"), ["urn:x:1", "urn:x:2"], "https://x.example/s", "has to differ"),
        (deep("issuer", "name"), ["A", "B"], "", "issuer.name is empty"),
        (deep("credentialSubject", "identifier", 0, "salt"), ["a", "b"], "", "salt is empty"),
    ],
)
def test_the_last_of_a_batch_is_held_against_the_same_rules(change, values, bad, words):
    """From the third on only the texts in which they differ are looked at."""

    def varied(number, document):
        change(document, bad if number == 9 else values[number % 2])

    made = issue_many(a_batch(varied), **HOW)
    for number in range(9):
        assert next(made)["id"].endswith(f"{number:012d}")
    with pytest.raises(ShapeError, match=words):
        next(made)


def test_a_batch_of_records():
    def of(number):
        there = f"https://northfield.example/a/{number}"
        part = signed(with_achievement(id=there))
        link = LINK | {"sourceId": there, "targetId": "urn:x:none" if number == 9 else there}
        return record(part, association=[link]) | {"id": f"urn:uuid:5f1c2f0e-0000-4000-9000-{number:012d}"}

    made = issue_many((of(number) for number in range(12)), **HOW)
    for _ in range(9):
        assert check(next(made)).verdict == "valid"
    with pytest.raises(ShapeError, match="targetId names urn:x:none"):
        next(made)


@pytest.mark.parametrize(
    ("issuer", "method"),
    [
        ("did:web:victim.example", "did:web:forger.example#k"),
        ("did:web:victim.example", "https://forger.example/key"),
        ("https://victim.example/i", "https://victim.example:8443/key"),
        ("https://victim.example/i", METHOD),
        ("urn:uuid:5f1c2f0e-0000-4000-8000-0000000000ff", METHOD),
    ],
)
def test_nobody_signs_with_the_address_of_another(issuer, method):
    document = credential(issuer=PROFILE | {"id": issuer})
    how = HOW | {"verification_method": method}
    selective = PrivateKey.generate(P256)
    for make in (
        lambda: issue(document, **how),
        lambda: list(issue_many([document], **how)),
        lambda: issue_token(document, signer=KEY, verification_method=method),
        lambda: issue_selective(document, mandatory=[], **how | {"signer": selective}),
    ):
        with pytest.raises(KeyRefusedError, match="Name the key by an address of the issuer's") as refused:
            make()
        assert refused.value.code == "issuer-mismatch"


@pytest.mark.parametrize(
    ("issuer", "method"),
    [
        ("did:web:x.example", "did:web:x.example#k"),
        ("did:web:x.example:a", "https://x.example/keys/1"),
        ("https://x.example/i", "https://x.example/i#z6Mk"),
        ("https://x.example/i", "https://x.example/keys/1"),
        ("https://x.example/i", "did:web:x.example#k"),
    ],
)
def test_an_address_of_the_issuers_own(issuer, method):
    document = credential(issuer=PROFILE | {"id": issuer})
    assert issue(document, **HOW | {"verification_method": method})["proof"]["verificationMethod"] == method


def test_a_record_may_hold_tokens_when_others_issue_it():
    document = record()
    document["credentialSubject"]["verifiableCredential"] = [
        issue_token(credential(), signer=KEY, verification_method=METHOD)
    ]
    assert check(jose.sign(claims.of_credential(document), signer=KEY, kid=METHOD)).verdict == "valid"
    assert did.did_key(KEY.public_key) == DID
