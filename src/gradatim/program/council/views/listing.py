"""How pages that change bodies or routes meet the council: once it has begun, what they change goes on a change list."""

from __future__ import annotations

from functools import wraps

from django.http import HttpRequest, HttpResponse

from gradatim.program.council import actions, queries, rules
from gradatim.program.people.entry import signed_in
from gradatim.program.people.models import Organization
from gradatim.program.taxonomy.views.listing import Gate, View, on_list_by, onward, saved

__all__ = ["on_list", "onward", "saved"]

_by_gate = on_list_by(
    Gate(
        actions.POLICY,
        lambda request, organization: rules.may_route(signed_in(request), organization),
        queries.decides_itself,
        queries.in_force,
    )
)


def on_list(view: View) -> View:
    """For the pages of bodies and routes; until the council has begun, what they change takes effect at once."""
    gated = _by_gate(view)

    @wraps(view)
    def enter(
        request: HttpRequest, organization: Organization, *args: object, **kwargs: object
    ) -> HttpResponse:
        if request.method == "POST" and queries.in_force(organization):
            actions.have_routes(
                organization=organization
            )  # the usual ones, so that a list is about more than its own
        return gated(request, organization, *args, **kwargs)

    return enter
