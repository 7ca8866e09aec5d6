"""The classes of Open Badges 3.0, as a table.

Spec: Open Badges 3.0, 6.1 to 6.3 and appendix B (data models); CLR Standard 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from gradatim.engine.model.values import Class, Field, Report, listed
from gradatim.engine.model.vocabulary import (
    ACHIEVEMENT_TYPES,
    ASSOCIATION_TYPES,
    IDENTITY_TYPES,
    RESULT_STATES,
    RESULT_TYPES,
    TARGET_TYPES,
)

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}([.][0-9]{1,30})?\Z", re.ASCII)
_HASH = re.compile(r"(sha256\$[0-9a-fA-F]{64}|md5\$[0-9a-fA-F]{32})\Z")


def _criteria(node: Mapping[str, Any], path: str, report: Report) -> None:
    if not {"id", "narrative"} & set(node):
        report(path, "needs an id or a narrative")


def _hashed(node: Mapping[str, Any], path: str, report: Report) -> None:
    if node.get("hashed") is True and not _HASH.match(str(node.get("identityHash"))):
        report(f"{path}.identityHash", "has to be sha256$ or md5$ and the hash in hexadecimal")


def _named(node: Mapping[str, Any], path: str, report: Report) -> None:
    if "id" not in node and not node.get("identifier"):
        report(path, "needs an id or an identifier, or nobody can say whose it is")


def _results(node: Mapping[str, Any], path: str, report: Report) -> None:
    """Results point to descriptions that the achievement has, with values they allow."""
    results = [
        r for r in listed(node.get("result", [])) if isinstance(r, Mapping) and "resultDescription" in r
    ]
    if not results:
        return
    achievement = node.get("achievement")
    described = {
        str(entry["id"]): entry
        for entry in listed(
            achievement.get("resultDescription", []) if isinstance(achievement, Mapping) else []
        )
        if isinstance(entry, Mapping) and "id" in entry
    }
    allowed = {name: _texts(entry.get("allowedValue", [])) for name, entry in described.items()}
    # The standard's own complete example names a level of another description than the result's own.
    levels = frozenset().union(*map(_levels, described.values()))
    for result in results:
        name = str(result["resultDescription"])
        if name not in described:
            report(
                f"{path}.result.resultDescription", "names a description that the achievement does not have"
            )
            continue
        if "achievedLevel" in result and str(result["achievedLevel"]) not in levels:
            report(f"{path}.result.achievedLevel", "names a level that the achievement does not have")
        value = str(result.get("value"))
        if "value" in result and (
            (allowed[name] and value not in allowed[name]) or not within(described[name], value)
        ):
            report(f"{path}.result.value", "is none of the values that its description allows")
        if described[name].get("resultType") == "Status" and "status" not in result:
            report(f"{path}.result.status", "is missing, though the result is a status")


def _texts(value: object) -> frozenset[str]:
    return frozenset(entry for entry in listed(value) if isinstance(entry, str))


def _levels(description: Mapping[str, Any]) -> frozenset[str]:
    """The ids of a result description's levels."""
    levels = listed(description.get("rubricCriterionLevel", []))
    return _texts([level.get("id") for level in levels if isinstance(level, Mapping)])


def number_of(text: object) -> float | None:
    """The number that a text is, if it is one."""
    return float(text) if isinstance(text, str) and _NUMBER.match(text) else None


def within(
    description: Mapping[str, Any], value: object, read: Callable[[object], float | None] = number_of
) -> bool:
    """Whether a value keeps the limits of a result description, as far as these are numbers.

    Args:
        description: a ResultDescription.
        value: what a result says.
        read: the number that a text is, if it is one.
    """
    least, number, most = (read(v) for v in (description.get("valueMin"), value, description.get("valueMax")))
    return number is None or ((least is None or least <= number) and (most is None or number <= most))


def _required(node: Mapping[str, Any], path: str, report: Report) -> None:
    if "requiredLevel" in node and str(node["requiredLevel"]) not in _levels(node):
        report(f"{path}.requiredLevel", "names a level that the description does not have")


def _not_empty(node: Mapping[str, Any], path: str, report: Report) -> None:
    if node.get("verifiableCredential") == []:
        report(f"{path}.verifiableCredential", "needs at least one credential")


IMAGE = Class("Image", {"id": Field("uri", required=True), "caption": Field("string")})
PICTURE = Class("Image", {"id": Field("picture", required=True), "caption": Field("string")})
PROFILE = Class(
    "Profile",
    {
        "id": Field("uri", required=True),
        "name": Field("text"),
        "url": Field("uri"),
        "phone": Field("string"),
        "description": Field("text"),
        "image": Field("Picture"),
        "email": Field("string"),
        "address": Field("Address"),
        "otherIdentifier": Field("IdentifierEntry", many=True),
        "official": Field("string"),
        "parentOrg": Field("Profile"),
        "endorsement": Field("endorsement", many=True),
        "endorsementJwt": Field("token", many=True),
    }
    | dict.fromkeys(
        [
            "familyName",
            "familyNamePrefix",
            "givenName",
            "additionalName",
            "patronymicName",
            "honorificPrefix",
            "honorificSuffix",
            "dateOfBirth",
        ],
        Field("string"),
    ),
)
CLASSES: dict[str, Class] = {
    "Image": IMAGE,
    "Picture": PICTURE,
    "Profile": PROFILE,
    "Address": Class(
        "Address",
        {"geo": Field("GeoCoordinates")}
        | dict.fromkeys(
            [
                "addressCountry",
                "addressCountryCode",
                "addressRegion",
                "addressLocality",
                "streetAddress",
                "postOfficeBoxNumber",
                "postalCode",
            ],
            Field("string"),
        ),
    ),
    "GeoCoordinates": Class(
        "GeoCoordinates",
        {"latitude": Field("number", required=True), "longitude": Field("number", required=True)},
    ),
    "IdentifierEntry": Class(
        "IdentifierEntry",
        {
            "identifier": Field("string", required=True),
            "identifierType": Field("string", required=True, among=IDENTITY_TYPES),
        },
    ),
    "IdentityObject": Class(
        "IdentityObject",
        {
            "hashed": Field("boolean", required=True),
            "identityHash": Field("string", required=True),
            "identityType": Field("string", required=True, among=IDENTITY_TYPES),
            "salt": Field("string"),
        },
        ((_hashed, ("identityHash",)),),
    ),
    "Alignment": Class(
        "Alignment",
        {
            "targetName": Field("string", required=True),
            "targetUrl": Field("uri", required=True),
            "targetCode": Field("string"),
            "targetDescription": Field("string"),
            "targetFramework": Field("string"),
            "targetType": Field("string", among=TARGET_TYPES),
        },
    ),
    "RubricCriterionLevel": Class(
        "RubricCriterionLevel",
        {
            "id": Field("uri", required=True),
            "name": Field("string", required=True),
            "description": Field("string"),
            "level": Field("string"),
            "points": Field("string"),
            "alignment": Field("Alignment", many=True),
        },
    ),
    "ResultDescription": Class(
        "ResultDescription",
        {
            "id": Field("uri", required=True),
            "name": Field("string", required=True),
            "resultType": Field("string", required=True, among=RESULT_TYPES),
            "allowedValue": Field("string", many=True),
            "rubricCriterionLevel": Field("RubricCriterionLevel", many=True),
            "requiredLevel": Field("uri"),
            "requiredValue": Field("string"),
            "valueMin": Field("string"),
            "valueMax": Field("string"),
            "alignment": Field("Alignment", many=True),
        },
        ((_required, ("requiredLevel", "rubricCriterionLevel")),),
    ),
    "Result": Class(
        "Result",
        {
            "achievedLevel": Field("uri"),
            "resultDescription": Field("uri"),
            "status": Field("string", among=RESULT_STATES),
            "value": Field("string"),
            "alignment": Field("Alignment", many=True),
        },
    ),
    "Evidence": Class(
        "Evidence",
        {
            "id": Field("uri"),
            "narrative": Field("string"),
            "name": Field("string"),
            "description": Field("string"),
            "genre": Field("string"),
            "audience": Field("string"),
        },
    ),
    "Related": Class(
        "Related",
        {"id": Field("uri", required=True), "inLanguage": Field("language"), "version": Field("string")},
    ),
    "Achievement": Class(
        "Achievement",
        {
            "id": Field("uri", required=True),
            "name": Field("text", required=True),
            "description": Field("text", required=True),
            "criteria": Field("Criteria", required=True),
            "achievementType": Field("string", among=ACHIEVEMENT_TYPES),
            "alignment": Field("Alignment", many=True),
            "creator": Field("Profile"),
            "creditsAvailable": Field("number"),
            "endorsement": Field("endorsement", many=True),
            "endorsementJwt": Field("token", many=True),
            "fieldOfStudy": Field("string"),
            "humanCode": Field("string"),
            "image": Field("Image"),
            "inLanguage": Field("language"),
            "otherIdentifier": Field("IdentifierEntry", many=True),
            "related": Field("Related", many=True),
            "resultDescription": Field("ResultDescription", many=True),
            "specialization": Field("string"),
            "tag": Field("string", many=True),
            "version": Field("string"),
        },
    ),
    "Criteria": Class(
        "Criteria", {"id": Field("uri"), "narrative": Field("text")}, ((_criteria, ()),), typed=False
    ),
    "AchievementSubject": Class(
        "AchievementSubject",
        {
            "id": Field("uri"),
            "achievement": Field("Achievement", required=True),
            "activityStartDate": Field("instant"),
            "activityEndDate": Field("instant"),
            "creditsEarned": Field("number"),
            "identifier": Field("IdentityObject", many=True),
            "image": Field("Picture"),
            "licenseNumber": Field("string"),
            "narrative": Field("string"),
            "result": Field("Result", many=True),
            "role": Field("string"),
            "source": Field("Profile"),
            "term": Field("string"),
        },
        ((_named, ()), (_results, ("result", "achievement"))),
    ),
    "EndorsementSubject": Class(
        "EndorsementSubject", {"id": Field("uri", required=True), "endorsementComment": Field("string")}
    ),
    "Association": Class(
        "Association",
        {
            "associationType": Field("string", required=True, among=ASSOCIATION_TYPES),
            "sourceId": Field("uri", required=True),
            "targetId": Field("uri", required=True),
        },
    ),
    "ClrSubject": Class(
        "ClrSubject",
        {
            "id": Field("uri"),
            "identifier": Field("IdentityObject", many=True),
            "verifiableCredential": Field("credential", required=True, many=True),
            "achievement": Field("Achievement", many=True),
            "association": Field("Association", many=True),
        },
        ((_named, ()), (_not_empty, ())),
    ),
}
