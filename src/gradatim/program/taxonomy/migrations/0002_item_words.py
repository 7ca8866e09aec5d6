"""The index that finds statements by their words. Written by hand: keep it when the others are made anew.

A later migration that rebuilds the table on SQLite has to run this one's statements again: its triggers go with the old table.
"""

from django.db import migrations

from gradatim.program.taxonomy import search


def make(apps, schema_editor):  # type: ignore[no-untyped-def]  # as Django calls it
    for statement in search.SQLITE if schema_editor.connection.vendor == "sqlite" else search.POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
