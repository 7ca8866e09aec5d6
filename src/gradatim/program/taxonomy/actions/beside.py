"""Writes of the taxonomy: an import that looked like an update becomes one of a framework of its own."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from gradatim.program.ground.refused import Refused
from gradatim.program.taxonomy.actions.imports import plan_again
from gradatim.program.taxonomy.models import Import


@transaction.atomic
def set_apart(*, run: Import, title: str) -> Import:
    """Make an import that waits for its answer one of a new framework, beside the one it would have updated.

    Tables that are shaped alike, as ESCO's is by many, are taken for the same framework.

    Args:
        run: from `look_at`.
        title: what the new one is called.

    Returns:
        The import, still to be confirmed.

    Raises:
        Refused: ``closed`` (it runs or is done), ``title``; ``same`` where the file itself says which framework it is.
    """
    run = Import.objects.select_for_update().get(pk=run.pk)
    if run.state != Import.State.PREVIEW:
        raise Refused("closed", _("This import is running or done already."))
    if not title.strip():
        raise Refused("title", _("Give it a title."), field="title")
    run.about = {**run.about, "identifier": str(uuid4()), "uri": "", "title": title.strip()}
    plan = plan_again(run=run)
    if plan.framework is not None:
        raise Refused(
            "same", _("The file itself says which framework it is; another one would need a file of its own.")
        )
    run.framework, run.title, run.total, run.counts = None, plan.package.title, len(plan.writes), plan.counts
    run.save(update_fields=["about", "framework", "title", "total", "counts"])
    return run
