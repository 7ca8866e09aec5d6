"""Writes of the taxonomy: the import of a framework."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.engine.errors import Error
from gradatim.engine.framework.case import Framework as Package
from gradatim.engine.framework.case import read_package
from gradatim.program.ground.refused import Refused
from gradatim.program.people import actions as people
from gradatim.program.people.models import Organization, Person
from gradatim.program.taxonomy import queries
from gradatim.program.taxonomy.models import Association, Framework, Item


def read(*, content: bytes) -> Package:
    """Read the bytes of a CASE package; nothing is stored.

    Args:
        content: the uploaded file.

    Returns:
        The framework as the engine read it.

    Raises:
        Refused: with the engine's cause word and its sentence, which names the place.
    """
    try:
        return read_package(content)
    except Error as error:
        raise Refused(error.code, error.message, field="file") from None


@transaction.atomic
def import_framework(*, organization: Organization, content: bytes, actor: Person) -> Framework:
    """Import a CASE package, new or as an update; a second time it changes nothing.

    Items that the package leaves out are deleted, unless something points to them: those are kept and marked retired.

    Args:
        organization: who imports.
        content: the CASE package, UTF-8 JSON.
        actor: who does it.

    Returns:
        The framework.

    Raises:
        Refused: as `read`; ``older`` if the stored one was changed later by its publisher.
    """
    package = read(content=content)
    Organization.objects.select_for_update().get(
        pk=organization.pk
    )  # two imports at once: one after the other
    plan = queries.plan_import(organization, package)
    if plan.framework and plan.framework.changed_at > package.changed_at:
        raise Refused(
            "older",
            _("The framework here was changed by its publisher later than this file. Export it again."),
            field="file",
        )
    fields = {
        "uri": package.uri,
        "title": package.title,
        "creator": package.creator,
        "version": package.version,
        "description": package.description,
        "license": package.license,
        "adoption_status": package.adoption_status,
        "changed_at": package.changed_at,
    }
    framework, _made = Framework.objects.update_or_create(
        organization=organization,
        identifier=package.identifier,
        defaults=fields,
        create_defaults={**fields, "practice": organization.practicing},
    )
    _keep_items(framework, package)
    Item.objects.filter(pk__in=[i.pk for i, _users in plan.retired]).update(retired=True)
    Item.objects.filter(pk__in=[i.pk for i in plan.removed]).delete()
    people.log(
        organization=organization,
        verb="framework.imported",
        target=f"framework:{framework.pk}",
        actor=actor,
        detail={
            "new": len(plan.new),
            "changed": len(plan.changed),
            "retired": len(plan.retired),
            "removed": len(plan.removed),
        },
    )
    return framework


def _keep_items(framework: Framework, package: Package) -> None:
    """Write the items and associations of a package over those that are there."""
    Item.objects.bulk_create(
        (
            Item(
                framework=framework,
                identifier=i.identifier,
                uri=i.uri,
                code=i.code,
                statement=i.statement,
                kind=i.kind,
                position=position,
            )
            for position, i in enumerate(package.items)
        ),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["framework", "identifier"],
        update_fields=["uri", "code", "statement", "kind", "position", "retired"],
    )
    framework.associations.all().delete()
    Association.objects.bulk_create(
        (
            Association(
                framework=framework,
                identifier=a.identifier,
                kind=a.kind,
                origin=a.origin,
                destination=a.destination,
                sequence=a.sequence,
            )
            for a in package.associations
        ),
        batch_size=500,
    )
