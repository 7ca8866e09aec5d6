"""What is published and signed: the credential, the issuer's did:web document, its key set and profile."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from gradatim.engine import encoding, status_list
from gradatim.engine.keys import PublicKey
from gradatim.engine.model.credential import OB, V2
from gradatim.program.achievements.models import Version
from gradatim.program.credentials import addresses
from gradatim.program.credentials.models import Intent, SigningKey, StatusList
from gradatim.program.people.models import Organization

PRACTICE = "Practice: "  # stands before the name, in the signed bytes
SUBJECT_CLAIMS = frozenset(
    [
        "activityEndDate",
        "activityStartDate",
        "creditsEarned",
        "licenseNumber",
        "narrative",
        "result",
        "role",
        "source",
        "term",
    ]
)
CLAIMS = SUBJECT_CLAIMS | {"evidence"}
"""What may be said about one learner's result; all else is the approved achievement's, and nobody's to change."""


def profile(organization: Organization) -> dict[str, Any]:
    """The issuer as an Open Badges Profile."""
    found: dict[str, Any] = {"id": organization.did, "type": ["Profile"], "name": organization.name}
    if organization.url:
        found["url"] = organization.url
    if organization.email:
        found["email"] = organization.email
    if organization.logo_id:
        address = addresses.base(organization) + reverse("people:logo", args=[organization.slug])
        found["image"] = {"id": address, "type": "Image"}
    return found


class Frame:
    """What all credentials of a version have in common, worked out once for a run; the documents share it."""

    def __init__(self, version: Version) -> None:
        organization = version.achievement.organization
        self.issuer = profile(organization)
        self.achievement = json.loads(version.document)
        self._credential = addresses.credential_url(organization, _NOBODY)
        self._lists: dict[int, str] = {}

    def address(self, credential: UUID) -> str:
        """As `addresses.credential_url`."""
        return self._credential.replace(str(_NOBODY), str(credential))

    def list_address(self, status_list: StatusList) -> str:
        """As `addresses.status_url`."""
        if status_list.pk not in self._lists:
            self._lists[status_list.pk] = addresses.status_url(status_list)
        return self._lists[status_list.pk]


_NOBODY = UUID(int=0)


def unsigned(intent: Intent, frame: Frame) -> dict[str, Any]:
    """The credential that an intent stands for; the same every time.

    Nothing in it says who the learner is but an identifier made for this credential alone (decision 0007).

    Args:
        intent: whose.
        frame: of its version.
    """
    version = intent.version
    mark = PRACTICE if intent.practice else ""
    subject: dict[str, Any] = {
        "id": f"urn:uuid:{intent.subject_id}",
        "type": ["AchievementSubject"],
        "achievement": frame.achievement,
        **{name: claim for name, claim in intent.claims.items() if name in SUBJECT_CLAIMS},
    }
    credential: dict[str, Any] = {
        "@context": [V2, OB],
        "id": frame.address(intent.credential_id),
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": f"{mark}{version.title}",
        "issuer": frame.issuer,
        "validFrom": encoding.format_datetime(intent.valid_from),
        "awardedDate": encoding.format_datetime(intent.valid_from),
        "credentialSubject": subject,
        "credentialStatus": status_list.entry(
            frame.list_address(intent.status_list),
            index=intent.status_index,
            purpose=intent.status_list.purpose,
        ),
    }
    if "evidence" in intent.claims:
        credential["evidence"] = intent.claims["evidence"]
    if intent.valid_until:
        credential["validUntil"] = encoding.format_datetime(intent.valid_until)
    return credential


def did_document(organization: Organization) -> dict[str, Any]:
    """The did:web document: every key that ever signed, as Multikey and as JWK; a revoked one with its date."""
    keys = organization.keys.select_related("organization").order_by("id")
    profile_url = settings.SITE_URL + reverse("credentials:issuer", args=[organization.slug])
    return controller_document(organization.did, keys) | {"alsoKnownAs": [profile_url]}


def controller_document(did: str, keys: Iterable[SigningKey]) -> dict[str, Any]:
    """A did:web document with these keys.

    Args:
        did: whose.
        keys: in the order they are listed.
    """
    methods: list[dict[str, Any]] = []
    for key in keys:
        public = PublicKey.from_multibase(key.public_multibase)
        end = {"revoked": encoding.format_datetime(key.revoked_at)} if key.revoked_at else {}
        common = {"controller": did, **end}
        methods += [
            {
                "id": addresses.method_url(key),
                "type": "Multikey",
                "publicKeyMultibase": key.public_multibase,
                **common,
            },
            {
                "id": addresses.token_method_url(key),
                "type": "JsonWebKey",
                "publicKeyJwk": public.to_jwk(),
                **common,
            },
        ]
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1",
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def key_set(organization: Organization) -> dict[str, Any]:
    """The keys that may sign tokens, as a JWK set."""
    usable = (
        organization.keys.exclude(state=SigningKey.State.REVOKED)
        .select_related("organization")
        .order_by("id")
    )
    return {
        "keys": [
            PublicKey.from_multibase(key.public_multibase).to_jwk()
            | {"kid": addresses.token_method_url(key), "iss": organization.did}
            for key in usable
        ]
    }
