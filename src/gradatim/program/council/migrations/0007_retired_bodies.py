from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone


def date_them(apps: StateApps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Give a retired body the day of the last edition of its charter, or today."""
    for body in apps.get_model("council", "Body").objects.filter(retired=True):
        last = body.editions.order_by("-number").first()
        body.retired_on = timezone.localdate(last.made_at) if last else timezone.localdate()
        body.save(update_fields=["retired_on"])


class Migration(migrations.Migration):
    """A retired body is retired since a day."""

    dependencies = [("council", "0006_units")]

    operations = [
        migrations.AddField("body", "retired_on", models.DateField(blank=True, null=True)),
        migrations.RunPython(date_them, migrations.RunPython.noop),
        migrations.RemoveField("body", "retired"),
    ]
