"""The routes a new council starts with; it edits them, or writes its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def routes() -> list[dict[str, Any]]:
    """The routes as plain data, in the order in which they are asked; the last one is for everything else.

    The numbers of days are starting points, to be edited.
    """
    second = {"key": "second", "kind": "sign_off", "name": _("A second person reads it"), "who": "second"}
    chair = {"key": "chair", "kind": "sign_off", "name": _("The chair signs off"), "who": "chair"}
    complete = {
        "key": "complete",
        "kind": "completeness",
        "name": _("Is it complete?"),
        "who": "office",
        "days": 5,
    }
    review = {
        "key": "review",
        "kind": "rubric",
        "name": _("Review"),
        "who": "members",
        "waits": False,
        "days": 14,
        "remind": 3,
    }
    vote = {"key": "vote", "kind": "ballot", "name": _("Vote"), "who": "chair"}
    return [
        _route("correction", _("Correction"), [second | {"days": 5}]),
        _route(
            "clarification",
            _("Clarification"),
            [
                {
                    "key": "notice",
                    "kind": "consultation",
                    "name": _("Notice to the council"),
                    "who": "members",
                    "days": 10,
                },
                chair,
            ],
        ),
        _route("minor", _("Minor change"), [complete, vote | {"consent": True, "name": _("Consent item")}]),
        _route("retire", _("Retiring"), [complete, review, vote]),
        {
            "key": "recognition-badge",
            "name": _("Recognition badge without assessment"),
            "when": [
                {"fact": "risk", "is": "equals", "value": "low"},
                {"fact": "kind", "is": "equals", "value": "new"},
            ],
            "stages": [chair | {"days": 10, "remind": 3}],
        },
        {"key": "full-review", "name": _("Full review"), "when": [], "stages": [review, vote]},
    ]


def _route(kind: str, name: str, stages: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "key": kind,
        "name": name,
        "when": [{"fact": "kind", "is": "equals", "value": kind}],
        "stages": stages,
    }
