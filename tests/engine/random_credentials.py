"""Credentials made by chance: whatever the data model lets an issuer write, with texts and numbers that trip programs."""

import random
import uuid
from datetime import timedelta

from gradatim.engine import encoding
from tests.engine.samples import DID, METHOD, NOW, credential, signed

WORDS = [
    "Data literacy", "Grüße aus Łódź", "漢字 かな", "\U0001f393 cap", 'say "x" \\ y', "line\nreturn\r", "שלום", "a\u0301 á",
    "</script>&amp;", "", " padded ", "\u2028\u2029", "null", "true", "1", "2026-01-01T00:00:00Z", "urn:x:not-an-id", "\u200f",
]  # fmt: skip
CONTROLS = [1, 8, 9, 11, 12, 31, 127]
NUMBERS = [0, 1, -1, 3, 2.5, 0.1, 0.000001, 123456.789, 1e21, 1.5e300, -7.25, 2**53 - 1, -(2**53) + 1, 2.5e-9]
LANGUAGES = ["en", "de-AT", "zh-Hant", "pt-BR"]
TYPES = ["Certificate", "Course", "MicroCredential", "Competency", "ext:OwnKind"]


class Maker:
    """A source of credentials; the same seed makes the same ones.

    Args:
        seed: of the chance.
        did: the issuer.
        plain: nothing that some other program reads in its own way: control characters, languages with a region, terms
            of its own, the longer name of the credential's type, endorsements of the credential itself.
        strict: only what our own issuing takes, and the published JSON Schema with it.
        tame: ASCII texts.
        ordered: lists whose order counts.
    """

    def __init__(self, seed, *, did=DID, plain=False, strict=False, tame=False, ordered=True):
        self.chance = random.Random(seed)
        self.did = did
        self.plain = plain
        self.strict = strict
        self.tame = tame
        self.ordered = ordered

    def maybe(self, share=0.5):
        return self.chance.random() < share

    def text(self):
        if self.tame:
            return f"Data literacy {self.chance.randint(1, 10**6)}"
        words = " ".join(self.chance.choices(WORDS, k=self.chance.randint(1, 3)))
        if self.maybe(0.05):
            words += chr(self.chance.choice([133, 0xE000, 0x10FFFD] if self.plain else CONTROLS))
        return words or "x"

    def told(self):
        """A text, plain or in languages."""
        if self.maybe(0.8) or self.strict:
            return self.text()
        tags = self.chance.sample(LANGUAGES, self.chance.randint(1, 3))
        return [{"@value": self.text(), "@language": tag[:2] if self.plain else tag} for tag in tags]

    def number(self):
        if self.maybe():
            return self.chance.choice(NUMBERS)
        return self.chance.randint(-(10**9), 10**9) / 10 ** self.chance.randint(0, 6)

    def urn(self):
        return f"urn:uuid:{uuid.UUID(int=self.chance.getrandbits(128), version=4)}"

    def url(self):
        return (
            f"https://x.example/{self.chance.getrandbits(40):x}?q=a%20b&l=%C3%A9#{self.chance.randint(0, 9)}"
        )

    def date(self):
        moment = NOW - timedelta(seconds=self.chance.randint(86_400, 10**8))
        text = encoding.format_datetime(moment)
        return self.chance.choice([text, text[:-1] + "+00:00", text[:-1] + ".25Z", text[:-1] + "-05:30"])

    def some(self, make, most=3):
        return [make() for _ in range(self.chance.randint(1, most))]

    def image(self):
        found = {"id": self.url(), "type": "Image"}
        return found | ({"caption": self.text()} if self.maybe() else {})

    def alignment(self):
        return {"type": ["Alignment"], "targetName": self.text(), "targetUrl": self.url()} | self.any_of(
            targetDescription=self.text, targetFramework=self.text, targetCode=self.text
        )

    def any_of(self, share=0.4, **makers):
        return {name: make() for name, make in makers.items() if self.maybe(share)}

    def evidence(self):
        return {"type": ["Evidence"]} | self.any_of(
            id=self.url, name=self.text, narrative=self.text, genre=self.text, audience=self.text
        )

    def profile(self):
        if self.maybe(0.15) and not self.strict:
            return self.did
        return {"id": self.did, "type": ["Profile"], "name": self.text()} | self.any_of(
            url=self.url, description=self.text, image=self.image, email=lambda: "a@x.example"
        )

    def achievement(self, results):
        found = {
            "id": self.url(),
            "type": ["Achievement"],
            "name": self.text(),
            "description": self.text(),
            "criteria": {"narrative": self.text()},
        } | self.any_of(
            achievementType=lambda: self.chance.choice(TYPES),
            alignment=lambda: self.some(self.alignment),
            creditsAvailable=self.number,
            fieldOfStudy=self.text,
            humanCode=self.text,
            image=self.image,
            inLanguage=lambda: "de-AT",
            tag=lambda: self.some(self.text),
            version=self.text,
        )
        if results:
            found["resultDescription"] = [
                {"id": one, "type": ["ResultDescription"], "name": self.text(), "resultType": "Percent"}
                | self.any_of(valueMax=lambda: "100")
                | (self.any_of(allowedValue=lambda: self.some(self.text)) if self.ordered else {})
                for one in results
            ]
        return found

    def subject(self):
        results = self.some(self.urn) if self.maybe(0.3) else []
        found = {"type": ["AchievementSubject"], "achievement": self.achievement(results)} | self.any_of(
            0.3,
            activityStartDate=self.date,
            creditsEarned=self.number,
            licenseNumber=self.text,
            narrative=self.text,
            role=self.text,
            term=self.text,
        )
        found["id"] = self.urn()
        if results:
            found["result"] = [
                {
                    "type": ["Result"],
                    "resultDescription": one["id"],
                    "value": one.get("allowedValue", ["50"])[0],
                }
                for one in found["achievement"]["resultDescription"]
            ]
        if self.maybe(0.3):
            found["identifier"] = [
                {
                    "type": "IdentityObject",
                    "hashed": self.maybe(),
                    "identityHash": f"sha256${self.chance.getrandbits(256):064x}",
                    "identityType": "emailAddress",
                    "salt": self.text(),
                }
            ]
        return found

    def endorsement(self, about):
        comment = {"id": about, "type": ["EndorsementSubject"], "endorsementComment": self.text()}
        kinds = ["VerifiableCredential", "EndorsementCredential"]
        return signed(credential(id=self.urn(), type=kinds, credentialSubject=comment), method=METHOD)

    def credential(self):
        """One unsigned credential."""
        kind = "OpenBadgeCredential" if self.plain or self.maybe() else "AchievementCredential"
        made = credential(
            type=["VerifiableCredential", kind],
            id=self.urn(),
            name=self.told(),
            issuer=self.profile(),
            validFrom=self.date(),
            credentialSubject=self.subject(),
        )
        made |= self.any_of(
            0.3,
            description=self.told,
            image=self.image,
            evidence=lambda: self.some(self.evidence),
            validUntil=lambda: encoding.format_datetime(NOW + timedelta(days=self.chance.randint(1, 9999))),
            awardedDate=self.date,
        )
        if not self.plain and self.maybe(0.15):
            made["endorsement"] = [self.endorsement(made["id"])]
        if not self.plain and self.maybe(0.2):
            own = {"ects": {"@id": "https://x.example/own#ects", "@type": "http://www.w3.org/2001/XMLSchema#decimal"},
                   "note": "https://x.example/own#note"}  # fmt: skip
            made["@context"] = [*made["@context"], own]
            made |= {"ects": self.number(), "note": self.text()}
        items = list(made.items())
        if self.maybe():
            self.chance.shuffle(items)
        return dict(items)
