from typing import Any

from django.db import migrations, models


def bind(apps: Any, schema_editor: object) -> None:
    """Drafts that an open proposal is about are written there."""
    proposals = apps.get_model("council", "Proposal").objects.exclude(version=None).exclude(kind="retire")
    for proposal in proposals.exclude(state__in=["decided", "withdrawn"]).select_related("version", "organization"):
        proposal.version.proposal_url = f"/o/{proposal.organization.slug}/proposals/{proposal.number}/"
        proposal.version.save(update_fields=["proposal_url"])


class Migration(migrations.Migration):

    dependencies = [
        ("achievements", "0001_initial"),
        ("council", "0003_change_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="proposal_url",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.RunPython(bind, migrations.RunPython.noop),
    ]
