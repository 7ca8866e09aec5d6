from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def copy_units(apps: StateApps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Fill in for whom the seats of reviewers and authors speak now; for guests, what was said of them."""
    Seat = apps.get_model("council", "Seat")
    for name, person in (("Review", "reviewer"), ("Comment", "author")):
        rows = apps.get_model("council", name).objects.filter(unit="")
        for row in rows.exclude(**{person: None}).select_related("proposal").iterator():
            bodies = [row.proposal.body_id, *row.proposal.stages.exclude(body=None).values_list("body", flat=True)]
            seat = (
                Seat.objects.filter(body__in=bodies, holder=getattr(row, f"{person}_id"))
                .exclude(constituency="")
                .first()
            )
            if seat:
                row.unit = seat.constituency
                row.save(update_fields=["unit"])
    for review in apps.get_model("council", "Review").objects.exclude(guest=None).select_related("guest"):
        review.unit = review.guest.unit
        review.save(update_fields=["unit"])


def copy_law(apps: StateApps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Note which stages and votes were of bodies that meet in public; a secret ballot never was."""
    apps.get_model("council", "Stage").objects.filter(body__law="open").update(in_public=True)
    ballots = apps.get_model("council", "Ballot").objects.exclude(method="secret")
    ballots.filter(body__law="open").update(in_public=True)


class Migration(migrations.Migration):
    """Reviews and comments keep for whom their author's seat spoke, stages and votes whether their body met in public."""

    dependencies = [("council", "0005_editions_of_charters")]

    operations = [
        migrations.AddField("review", "unit", models.CharField(blank=True, max_length=120)),
        migrations.AddField("comment", "unit", models.CharField(blank=True, max_length=120)),
        migrations.AddField("stage", "in_public", models.BooleanField(default=False)),
        migrations.AddField("ballot", "in_public", models.BooleanField(default=False)),
        migrations.RunPython(copy_law, migrations.RunPython.noop),
        migrations.RunPython(copy_units, migrations.RunPython.noop),
    ]
