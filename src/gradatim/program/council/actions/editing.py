"""Writes of routes: the first ones, editions, their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gradatim.program.council import defaults, packs, queries, routing, rules
from gradatim.program.council.actions.governing import by_decision
from gradatim.program.council.models import Body, Route
from gradatim.program.ground.refused import Refused
from gradatim.program.people.actions import log
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy.quality import key_of, problems


def ship_routes(organization: Organization) -> None:
    """Give an organization that has no route the ones every council starts with; others are left alone.

    Args:
        organization: held by the caller, so that two at once ship once.
    """
    if not organization.routes.exists():
        _write_all(organization, defaults.routes(), None)


@transaction.atomic
def have_routes(*, organization: Organization) -> None:
    """Give an organization that has no route yet the usual ones, before somebody writes at them.

    Args:
        organization: whose.
    """
    ship_routes(Organization.objects.select_for_update().get(pk=organization.pk))


@transaction.atomic
def replace_routes(
    *, organization: Organization, routes: Sequence[Mapping[str, Any]], actor: Person
) -> list[Route]:
    """Put these routes in force in place of all others, as a policy that is taken in does.

    Args:
        organization: whose.
        routes: plain data: ``key``, ``name``, ``when``, ``stages``; in the order in which they are asked.
        actor: who does it.

    Returns:
        The editions in force. Proposals that are on their way keep the edition they started on.

    Raises:
        Refused: ``permission``; ``row-invalid`` with everything that is wrong.
    """
    organization = _may(actor, organization)
    with by_decision(organization, actor):
        return put_routes(organization, routes, actor)


def put_routes(
    organization: Organization,
    routes: Sequence[Mapping[str, Any]],
    actor: Person | None,
    by: tuple[str, str] = ("", ""),
) -> list[Route]:
    """Put routes in force in place of all others, whoever asks; one that says the same keeps its edition.

    Args:
        organization: held by the caller.
        routes: as `replace_routes` takes them.
        actor: who does it.
        by: number and address of the decision behind it, copies.

    Raises:
        Refused: ``row-invalid`` with everything that is wrong.
    """
    known = queries.route_labels(organization)
    wrong = [
        f"{route.get('name', '')}: {fault}"
        for route in routes
        for fault in [*problems(route.get("when", []), known), *routing.faults(route.get("stages"), known)]
    ]
    keys = [route.get("key") for route in routes]
    if len(set(keys)) < len(keys):
        wrong.append(_("Two routes have the same key."))
    if not any(not route.get("when") for route in routes):
        wrong.append(_("One route has to be for everything else: without a condition."))
    if wrong:
        raise Refused("row-invalid", " ".join(wrong))
    return _write_all(organization, routes, actor, by)


def _write_all(
    organization: Organization,
    routes: Sequence[Mapping[str, Any]],
    actor: Person | None,
    by: tuple[str, str] = ("", ""),
) -> list[Route]:
    there = {route.key: route for route in queries.routes(organization)}
    bodies, found = list(organization.bodies.order_by("id")), []
    for position, data in enumerate(routes):
        key, name = str(data["key"]), str(data["name"])
        when, stages = list(data.get("when", [])), list(data["stages"])
        kept = there.get(key)
        if kept and _says(kept, data, bodies):
            kept.position = position
            kept.save(update_fields=["position"])
            del there[key]
            found.append(kept)
            continue
        organization.routes.filter(key=key, current=True).update(current=False)
        found.append(
            _write(
                organization,
                key=key,
                name=name,
                when=when,
                stages=stages,
                position=position,
                actor=actor,
                by=by,
            )
        )
    organization.routes.filter(pk__in=[route.pk for route in there.values()]).update(current=False)
    return found


@transaction.atomic
def keep_route(
    *,
    organization: Organization,
    name: str,
    when: list[dict[str, Any]],
    stages: list[dict[str, Any]],
    route: Route | None = None,
    actor: Person,
) -> Route:
    """Write a route, or the next edition of one; proposals on their way keep the edition they started on.

    Args:
        organization: whose.
        name: on the screen.
        when: tests that say which proposals it is for; none for everything else.
        stages: plain data as `routing.faults` accepts it.
        route: the edition in force that this one replaces; a new route if left out.
        actor: who does it.

    Returns:
        The edition that is in force now, the same one if nothing reads otherwise; a new route is asked before all others.

    Raises:
        Refused: ``permission``; ``conflict`` if somebody else wrote an edition meanwhile; ``row-invalid``.
    """
    organization = _may(actor, organization)
    known = queries.route_labels(organization)
    if not name.strip():
        raise Refused("row-invalid", _("Give the route a name."), field="name")
    if wrong := problems(when, known):
        raise Refused("row-invalid", " ".join(wrong), field="when")
    if wrong := routing.faults(stages, known):
        raise Refused("row-invalid", " ".join(wrong))
    if route is not None and not Route.objects.filter(pk=route.pk, current=True).exists():
        raise Refused(
            "conflict", _("Somebody else changed this route meanwhile. Look at the new edition first.")
        )
    if when and route is not None and not route.when:
        _one_stays(organization, route)
    said = {"key": route.key if route else "", "name": name.strip(), "when": when, "stages": stages}
    if route is not None and _says(route, said, list(organization.bodies.order_by("id"))):
        return route
    with by_decision(organization, actor):
        return _next_edition(organization, route, actor, name=name.strip(), when=when, stages=stages)


def _says(route: Route, data: Mapping[str, Any], bodies: list[Body]) -> bool:
    """Whether a route says what is to be written already."""
    return packs.route_text(packs.route_data(route), bodies) == packs.route_text(data, bodies)


def _next_edition(organization: Organization, route: Route | None, actor: Person, **said: Any) -> Route:  # noqa: ANN401 - columns of Route
    """The next edition of a route in its place, or a new route before all others."""
    if route is None:
        first = queries.routes(organization).order_by("position").first()
        _shift(organization)
        position = first.position if first else 0
        key = _free_key(organization, said["name"])
    else:
        position, key = route.position, route.key
        Route.objects.filter(pk=route.pk).update(current=False)
    return _write(organization, key=key, position=position, actor=actor, **said)


def _write(
    organization: Organization,
    *,
    key: str,
    name: str,
    when: list[dict[str, Any]],
    stages: list[dict[str, Any]],
    position: int,
    actor: Person | None,
    by: tuple[str, str] = ("", ""),
) -> Route:
    last = organization.routes.filter(key=key).aggregate(last=Max("edition"))["last"] or 0
    made = Route.objects.create(
        organization=organization,
        key=key,
        edition=last + 1,
        name=name,
        when=when,
        stages=stages,
        position=position,
        made_by=actor,
        decision_number=by[0],
        decision_url=by[1],
    )
    log(
        organization=organization,
        verb="route.written",
        target=f"route:{key}",
        actor=actor,
        detail={"edition": made.edition},
    )
    return made


@transaction.atomic
def remove_route(*, route: Route, actor: Person) -> None:
    """Ask a route no more; its editions stay readable, and proposals on it go on.

    Args:
        route: one in force.
        actor: who does it.

    Raises:
        Refused: ``permission``; ``in-use`` for the last route that is for everything else.
    """
    organization = _may(actor, route.organization)
    _one_stays(organization, route)
    with by_decision(organization, actor):
        Route.objects.filter(pk=route.pk).update(current=False)
        log(organization=organization, verb="route.removed", target=f"route:{route.key}", actor=actor)


@transaction.atomic
def ask_earlier(*, route: Route, actor: Person) -> None:
    """Ask a route one place earlier than now; the first that fits is taken.

    Args:
        route: one in force.
        actor: who does it.

    Raises:
        Refused: ``permission``.
    """
    organization = _may(actor, route.organization)
    order = list(queries.routes(organization))
    at = next((n for n, one in enumerate(order) if one.pk == route.pk), 0)
    if at:
        order[at - 1], order[at] = order[at], order[at - 1]
    with by_decision(organization, actor):
        for position, one in enumerate(order):
            Route.objects.filter(pk=one.pk).update(position=position)
        log(
            organization=organization,
            verb="route.order-changed",
            target=f"route:{route.key}",
            actor=actor,
        )


def _may(actor: Person, organization: Organization) -> Organization:
    """Refuse who may not; the organization, held, so that two editions are written one after the other."""
    if not rules.may_route(actor, organization):
        raise Refused("permission", _("Only program managers, administrators and the chair write routes."))
    return Organization.objects.select_for_update().get(pk=organization.pk)


def _one_stays(organization: Organization, route: Route) -> None:
    others = queries.routes(organization).exclude(pk=route.pk)
    if not route.when and not any(not other.when for other in others):
        raise Refused(
            "in-use",
            _("One route has to stay for everything else. Write another one without a condition first."),
            field="when",
        )


def _shift(organization: Organization) -> None:
    for one in queries.routes(organization):
        Route.objects.filter(pk=one.pk).update(position=one.position + 1)


def _free_key(organization: Organization, name: str) -> str:
    wanted = key_of(name, 50)
    taken = set(organization.routes.values_list("key", flat=True))
    return next(k for k in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if k not in taken)
