"""The CASE service: published frameworks for programs, read only.

Spec: CASE 1.1 REST binding (paths, paging, filter, errors as imsx_StatusInfo); ``v1p0`` is the same for older consumers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from gradatim.program.ground import limits
from gradatim.program.taxonomy.queries import published
from gradatim.program.taxonomy.service import openapi
from gradatim.program.taxonomy.throttle import wait

Json = dict[str, Any]

SECONDS = 300  # that an answer may be kept
MOST = 500  # documents on a page
USUAL = 100  # documents on a page when nobody says
NEW = frozenset({"caseVersion", "frameworkType"})  # fields that CASE 1.0 has no word for
SORTABLE = frozenset(
    {
        "title",
        "creator",
        "publisher",
        "version",
        "language",
        "adoptionStatus",
        "lastChangeDateTime",
        "identifier",
        "uri",
    }
)
FIELDS = SORTABLE | {
    "caseVersion", "frameworkType", "officialSourceURL", "description", "subject", "notes", "statusStartDate", "statusEndDate",
    "CFPackageURI", "licenseURI", "subjectURI", "extensions",
}  # fmt: skip
FILTERABLE = FIELDS - {"CFPackageURI", "licenseURI", "subjectURI", "extensions"}
ONE: dict[str, Callable[[UUID], Json | None]] = {
    "CFDocuments": published.document,
    "CFPackages": published.package,
    "CFItems": published.item,
    "CFAssociations": published.association,
    "CFItemAssociations": published.item_associations,
    "CFRubrics": published.rubric,
}
"""Path → what finds one object; the rest is in `published.DEFINITIONS`."""

_TERM = re.compile(
    r"\s*([A-Za-z]+)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^']|'')*)'\s*(?:(AND|OR)\b|$)", re.IGNORECASE
)


class UnansweredError(Exception):
    """A question the service cannot answer: HTTP status, the standard's minor code, and a sentence."""

    def __init__(self, status: int, minor: str, message: str, *, after: int = 0) -> None:
        super().__init__(message)
        self.status, self.minor, self.after = status, minor, after


@csrf_exempt
def documents(request: HttpRequest, edition: str) -> HttpResponse:
    """Every published framework, a page at a time; ``limit``, ``offset``, ``sort``, ``orderBy``, ``filter`` and ``fields``."""
    return _answer(request, lambda: _listed(request, edition))


@csrf_exempt
def one(request: HttpRequest, edition: str, kind: str, identifier: str) -> HttpResponse:
    """One object by its identifier."""

    def find() -> HttpResponse:
        try:
            key = UUID(identifier) if len(identifier) == 36 else None  # noqa: PLR2004 - letters of a UUID
        except ValueError:
            key = None
        if key is None:
            raise UnansweredError(404, "invalid_uuid", f"Invalid UUID: {identifier[:60]}")
        if kind not in ONE and kind not in published.DEFINITIONS:
            raise UnansweredError(404, "unknownobject", f"Unknown Object: the service has no {kind[:60]}.")
        found = ONE[kind](key) if kind in ONE else published.definition(kind, key)
        if found is None:
            raise UnansweredError(
                404, "unknownobject", f"Unknown Object: no published {kind} has the identifier {key}."
            )
        return _json(_in(edition, found))

    return _answer(request, find)


@csrf_exempt
def nothing(request: HttpRequest, edition: str, rest: str) -> HttpResponse:
    """Anything else under the service's address."""

    def find() -> HttpResponse:
        raise UnansweredError(
            404, "unknownobject", f"Unknown Object: the service has no {rest[:60]}. It speaks CASE {edition}."
        )

    return _answer(request, find)


@csrf_exempt
def discovery(request: HttpRequest, edition: str) -> HttpResponse:
    """What the service can do, as OpenAPI."""
    return _answer(request, lambda: _json(openapi(settings.SITE_URL, edition)))


def _answer(request: HttpRequest, find: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            raise UnansweredError(405, "forbidden", "The service is read only; ask with GET.")
        if seconds := wait(limits.client(request)):
            raise UnansweredError(
                429,
                "server_busy",
                f"Too many questions in a minute. Ask again in {seconds} s.",
                after=seconds,
            )
        return find()
    except UnansweredError as wrong:
        return _json(
            {
                "imsx_codeMajor": "failure",
                "imsx_severity": "error",
                "imsx_description": str(wrong),
                "imsx_codeMinor": {
                    "imsx_codeMinorField": [
                        {
                            "imsx_codeMinorFieldName": "TargetEndSystem",
                            "imsx_codeMinorFieldValue": wrong.minor,
                        }
                    ]
                },
            },
            status=wrong.status,
            headers={"Retry-After": str(wrong.after)} if wrong.after else None,
        )


def _json(content: Json, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    response = HttpResponse(
        json.dumps(content, ensure_ascii=False),
        content_type="application/json",
        status=status,
        headers=headers,
    )
    response["Cache-Control"] = f"public, max-age={SECONDS}" if status == 200 else "no-store"  # noqa: PLR2004 - HTTP OK
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Link, Retry-After, X-Total-Count"
    return response


def _in(edition: str, content: Json) -> Json:
    """The answer without what an older consumer does not know."""
    if edition != "v1p0":
        return content
    inner = content.get("CFDocument")
    plain = {k: v for k, v in content.items() if k not in NEW}
    return plain | {"CFDocument": _in(edition, inner)} if isinstance(inner, dict) else plain


def _listed(request: HttpRequest, edition: str) -> HttpResponse:
    asked = request.GET
    limit = min(_number(asked.get("limit", ""), "limit", USUAL, least=1), MOST)
    offset = _number(asked.get("offset", ""), "offset", 0, least=0)
    found = published.documents()
    if asked.get("filter"):
        found = [d for d in found if _holds(_filter(asked["filter"]), d)]
    if asked.get("sort") in SORTABLE:
        down = asked.get("orderBy", "asc").lower() == "desc"
        found.sort(key=lambda d: str(d.get(asked["sort"], "")).casefold(), reverse=down)
    total = len(found)
    wanted = {f.strip() for f in asked.get("fields", "").split(",")} & FIELDS
    page = [
        _in(edition, {k: v for k, v in d.items() if not wanted or k in wanted})
        for d in found[offset : offset + limit]
    ]
    return _json(
        {"CFDocuments": page},
        headers={"X-Total-Count": str(total), "Link": _links(request, limit, offset, total)},
    )


def _links(request: HttpRequest, limit: int, offset: int, total: int) -> str:
    """First, previous, next and last page, where there is one."""
    last = max(0, (total - 1) // limit * limit)
    places = {"first": 0, "last": last}
    if offset + limit < total:
        places["next"] = offset + limit
    if offset > 0:
        places["prev"] = max(0, offset - limit)
    rest = {k: v for k, v in request.GET.items() if k not in {"limit", "offset"}}
    base = f"{settings.SITE_URL}{request.path}"
    return ", ".join(
        f'<{base}?{urlencode({**rest, "limit": limit, "offset": place})}>; rel="{name}"'
        for name, place in places.items()
    )


def _number(text: str, name: str, usual: int, *, least: int) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):  # noqa: PLR2004 - digits
        raise UnansweredError(
            400, "invalid_selection_field", f"{name} must be a whole number, {least} or more."
        )
    return int(text)


def _filter(text: str) -> list[list[tuple[str, str, str]]]:
    """A filter as a list of alternatives, each a list of terms that all have to hold."""
    alternatives: list[list[tuple[str, str, str]]] = [[]]
    place = 0
    while place < len(text):
        term = _TERM.match(text, place)
        if term is None or (term[4] and term.end() >= len(text.rstrip())):
            raise UnansweredError(
                400, "invalid_selection_field", "filter must be like title~'data' AND language='en'."
            )
        if term[1] not in FILTERABLE:
            raise UnansweredError(
                400,
                "invalid_selection_field",
                f"invalid_filter_field: a CFDocument has no field {term[1][:40]}.",
            )
        alternatives[-1].append((term[1], term[2], term[3].replace("''", "'")))
        if (term[4] or "").upper() == "OR":
            alternatives.append([])
        place = term.end()
    return alternatives


def _holds(alternatives: list[list[tuple[str, str, str]]], document: Json) -> bool:
    return any(all(_compares(document.get(f), op, v) for f, op, v in terms) for terms in alternatives)


def _compares(found: object, operator: str, value: str) -> bool:
    """One comparison, letter case left aside; of a list, one entry is enough."""
    values = [
        str(v).casefold()
        for v in (found if isinstance(found, list) else [found] if found is not None else [])
    ]
    plain = value.casefold()
    tests: dict[str, Callable[[str], bool]] = {
        "=": lambda v: v == plain,
        ">": lambda v: v > plain,
        ">=": lambda v: v >= plain,
        "<": lambda v: v < plain,
        "<=": lambda v: v <= plain,
        "~": lambda v: plain in v,
    }
    return plain not in values if operator == "!=" else any(map(tests[operator], values))
