"""Writes of the taxonomy: the import of a framework, looked at first, then carried out in steps."""

from __future__ import annotations

import zlib
from dataclasses import asdict
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gradatim.engine.errors import Error
from gradatim.engine.fetch import Fetcher
from gradatim.engine.framework import remote
from gradatim.engine.framework.read import read as read_framework
from gradatim.engine.framework.remote import Listed
from gradatim.engine.framework.shape import NOTHING, About
from gradatim.engine.framework.shape import Framework as Package
from gradatim.engine.framework.shape import Item as Read
from gradatim.program.ground import actions as ground
from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import queries
from gradatim.program.taxonomy.models import Association, Framework, Import, Item
from gradatim.program.taxonomy.search import words_of

STEP = 2_000  # statements of a new framework that are written in one go
PREVIEW_HOURS = 24  # how long a preview waits for its answer


def read(*, content: bytes, about: About = NOTHING) -> Package:
    """Read the bytes of a framework; nothing is stored.

    Args:
        content: a file in one of the formats of `gradatim.engine.framework.read`.
        about: what the person said about it.

    Returns:
        The framework as the engine read it.

    Raises:
        Refused: with the engine's cause word and its sentence, which names the place or line.
    """
    try:
        return read_framework(content, about)
    except Error as error:
        raise Refused(error.code, error.message, field="title" if error.code == "title" else "file") from None


def fetch(*, address: str, network: Fetcher) -> bytes | list[Listed]:
    """What is at an address: a framework's bytes, or what a CASE service lists; nothing is stored.

    Args:
        address: what the person typed.
        network: the way out.

    Returns:
        As `gradatim.engine.framework.remote.get`.

    Raises:
        Refused: ``fetch-blocked``, ``fetch-loop``, ``timeout``, ``not-found``, ``too-large`` …
    """
    try:
        return remote.get(address, network)
    except Error as error:
        raise Refused(error.code, error.message, field="address") from None


@transaction.atomic
def look_at(
    *, organization: Organization, content: bytes, name: str, about: About = NOTHING, actor: Person
) -> tuple[Import, queries.Plan]:
    """Keep a file for a person to look at what importing it would change; the framework itself is not touched.

    Args:
        organization: who imports.
        content: the file.
        name: of the file, or the address it came from.
        about: what the person said about it.
        actor: who does it.

    Returns:
        The import, to be confirmed within `PREVIEW_HOURS`, and what it would do.

    Raises:
        Refused: as `read`; ``older`` if the stored framework was changed later by its publisher.
    """
    plan = queries.plan_import(organization, read(content=content, about=about))
    _check_age(plan)
    stale = Import.objects.filter(organization=organization, state=Import.State.PREVIEW)
    stale.filter(made_at__lt=timezone.now() - timedelta(hours=PREVIEW_HOURS)).delete()
    said: dict[str, Any] = asdict(about) | {"identifier": str(about.identifier) if about.identifier else None}
    run = Import.objects.create(
        organization=organization,
        framework=plan.framework,
        name=name[:300],
        title=plan.package.title,
        version=plan.package.version,
        about=said,
        content=zlib.compress(content),
        total=len(plan.writes),
        counts=plan.counts,
        started_by=actor,
    )
    return run, plan


def plan_again(*, run: Import) -> queries.Plan:
    """What an import that waits for its answer would do now; nothing is stored.

    Args:
        run: from `look_at`.

    Returns:
        The plan.

    Raises:
        Refused: as `look_at`.
    """
    plan = queries.plan_import(
        run.organization, read(content=zlib.decompress(bytes(run.content)), about=_about(run))
    )
    _check_age(plan)
    return plan


@transaction.atomic
def confirm(*, run: Import, actor: Person) -> Import:
    """Carry out an import that was looked at: a small one and an update at once, a large new one in the background.

    Args:
        run: from `look_at`; or one that the worker gave up, to go on with.
        actor: who does it.

    Returns:
        The import, done or running.

    Raises:
        Refused: ``expired``, ``closed`` (it runs or is done), ``older``.
    """
    run = Import.objects.select_for_update().get(pk=run.pk)
    again = run.state == Import.State.RUNNING and queries.is_stopped(run)
    if run.state != Import.State.PREVIEW and not again:
        raise Refused("closed", _("This import is running or done already."))
    if not again and run.made_at < timezone.now() - timedelta(hours=PREVIEW_HOURS):
        raise Refused("expired", _("The preview has run out. Choose the file again."))
    run.state, run.started_by = Import.State.RUNNING, actor
    run.save(update_fields=["state", "started_by"])
    if run.total <= STEP:
        _step(run)
    else:
        _nudge(run)
    return run


def discard(*, run: Import) -> None:
    """Throw an import away that was not confirmed; of one that failed also what it had written.

    Args:
        run: which one.

    Raises:
        Refused: ``closed``.
    """
    with transaction.atomic():
        run = Import.objects.select_for_update(of=("self",)).select_related("framework").get(pk=run.pk)
        if run.state not in {Import.State.PREVIEW, Import.State.FAILED}:
            raise Refused("closed", _("This import is running or done already."))
        if run.framework is not None and not run.framework.whole:
            run.framework.delete()
        Import.objects.filter(pk=run.pk).delete()


def carry_on(*, key: int) -> None:
    """The worker's part: the next step of a running import; one that runs no more is left alone.

    Args:
        key: of the import.
    """
    with transaction.atomic():
        run = Import.objects.select_for_update().filter(pk=key, state=Import.State.RUNNING).first()
        if run is not None:
            _step(run)


@transaction.atomic
def import_framework(
    *, organization: Organization, content: bytes, about: About = NOTHING, name: str = "", actor: Person
) -> Framework:
    """Import a framework at once, new or as an update; a second time it changes nothing.

    Items that the file leaves out are deleted, unless something points to them: those are kept and marked retired.

    Args:
        organization: who imports.
        content: the file.
        about: what there is to say about it.
        name: of the file.
        actor: who does it.

    Returns:
        The framework.

    Raises:
        Refused: as `look_at`.
    """
    run, _plan = look_at(organization=organization, content=content, name=name, about=about, actor=actor)
    run.state = Import.State.RUNNING
    while run.state == Import.State.RUNNING:
        _step(run)
    if run.framework is None or run.state == Import.State.FAILED:
        raise Refused("parse", run.error)
    return run.framework


_kept = lru_cache(maxsize=1)(read_framework)  # the steps of one import read its file once


def _about(run: Import) -> About:
    identifier = run.about.get("identifier")
    return About(**{**run.about, "identifier": UUID(identifier) if identifier else None})


def _nudge(run: Import) -> None:
    """Write the work row of the next step; a step that is tried again gets a row of its own."""
    ground.enqueue(
        kind=queries.WORK,
        key=f"{run.pk}:{run.done}:{uuid4().hex[:12]}",
        payload={"import": run.pk},
    )


def _step(run: Import) -> None:
    """Write the next part, or the last one with everything that belongs to it."""
    # two imports at once: one after the other
    organization = Organization.objects.select_for_update().get(pk=run.organization_id)
    try:
        plan = queries.plan_import(organization, _kept(zlib.decompress(bytes(run.content)), _about(run)))
        _check_age(plan)
    except Error as error:
        _fail(run, error.message)
        return
    except Refused as refused:
        _fail(run, refused.message)
        return
    framework = run.framework = plan.framework or _begin(organization, plan.package)
    part = plan.writes if framework.whole else plan.writes[:STEP]
    _write_items(framework, part)
    run.done += len(part)
    if len(part) < len(plan.writes):
        run.save(update_fields=["framework", "done"])
        _nudge(run)
        return
    _finish(run, framework, plan)


def _fail(run: Import, message: str) -> None:
    run.state, run.error, run.finished_at = Import.State.FAILED, message, timezone.now()
    run.save(update_fields=["state", "error", "finished_at"])


def _begin(organization: Organization, package: Package) -> Framework:
    """The row of a framework that nobody sees until it is whole."""
    return Framework.objects.create(
        organization=organization,
        identifier=package.identifier,
        practice=organization.practicing,
        whole=False,
        **_fields(package),
    )


def _finish(run: Import, framework: Framework, plan: queries.Plan) -> None:
    first = not framework.whole
    _place_items(framework, plan.package)
    _write_associations(framework, plan.package)
    Item.objects.filter(pk__in=[i.pk for i, _users in plan.retired]).update(retired=True)
    for start in range(0, len(plan.removed), queries.PART):
        Item.objects.filter(pk__in=[i.pk for i in plan.removed[start : start + queries.PART]]).delete()
    for name, value in _fields(plan.package, before=None if first or not plan.idle else framework).items():
        setattr(framework, name, value)
    framework.whole = True
    framework.save()
    if not first:
        run.counts = plan.counts
    _kept.cache_clear()
    run.state, run.finished_at, run.content = Import.State.DONE, timezone.now(), b""
    run.changes = [] if first else plan.lines
    run.save()
    people.log(
        organization=framework.organization,
        verb="framework.imported",
        target=f"framework:{framework.pk}",
        actor=run.started_by,
        detail=run.counts,
    )


def _check_age(plan: queries.Plan) -> None:
    changed_at = plan.package.changed_at
    if plan.framework and changed_at and plan.framework.changed_at > changed_at:
        raise Refused(
            "older",
            _("The framework here was changed by its publisher later than this file. Export it again."),
            field="file",
        )


def _fields(package: Package, *, before: Framework | None = None) -> dict[str, Any]:
    """The columns of a framework; where the file has no date, *before* (if nothing changed) lends its own."""
    return {
        "uri": package.uri,
        "title": package.title,
        "creator": package.creator,
        "version": package.version,
        "description": package.description,
        "license": package.license,
        "adoption_status": package.adoption_status,
        "language": package.language,
        "source": package.source,
        "more": dict(package.more),
        "definitions": dict(package.definitions),
        "rubrics": [dict(r) for r in package.rubrics],
        "changed_at": package.changed_at or (before.changed_at if before else timezone.now()),
    }


def _write_items(framework: Framework, part: list[tuple[int, Read]]) -> None:
    Item.objects.bulk_create(
        (
            Item(
                framework=framework,
                identifier=item.identifier,
                position=position,
                retired=item.retired,
                words=words_of(item.code, item.statement, item.labels, item.description),
                **queries.values_of(item),
            )
            for position, item in part
        ),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["framework", "identifier"],
        update_fields=[*queries.STORED, "position", "retired", "words"],
    )


def _place_items(framework: Framework, package: Package) -> None:
    """Put the items in the order of the file."""
    order = {item.identifier: n for n, item in enumerate(package.items)}
    moved = []
    for item in framework.items.only("framework", "identifier", "position"):
        place = order.get(item.identifier, item.position)
        if place != item.position:
            item.position = place
            moved.append(item)
    Item.objects.bulk_update(moved, ["position"], batch_size=500)


def _write_associations(framework: Framework, package: Package) -> None:
    """Keep those that say the same, take the others out, write the new ones."""
    wanted = {
        (a.identifier, a.kind, a.origin, a.destination, a.sequence, a.outside_uri, a.outside_title)
        for a in package.associations
    }
    columns = ("identifier", "kind", "origin", "destination", "sequence", "outside_uri", "outside_title")
    there = {row[1:]: row[0] for row in framework.associations.values_list("pk", *columns)}
    gone = [pk for row, pk in there.items() if row not in wanted]
    for start in range(0, len(gone), queries.PART):
        Association.objects.filter(pk__in=gone[start : start + queries.PART]).delete()
    Association.objects.bulk_create(
        (
            Association(framework=framework, **dict(zip(columns, row, strict=True)))
            for a in package.associations
            if (
                row := (
                    a.identifier,
                    a.kind,
                    a.origin,
                    a.destination,
                    a.sequence,
                    a.outside_uri,
                    a.outside_title,
                )
            )
            not in there
        ),
        batch_size=500,
    )
