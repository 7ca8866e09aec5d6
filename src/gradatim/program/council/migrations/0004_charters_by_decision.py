from typing import Any

from django.db import migrations, models
from django.utils.text import slugify

from gradatim.program.taxonomy import written


def name_keys(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401, ARG001 - as Django calls it
    """Give every body a key made of its name, and name it in the change lists that are not over."""
    keys: dict[int, dict[str, str]] = {}
    for body in apps.get_model("council", "Body").objects.order_by("id"):
        mine = keys.setdefault(body.organization_id, {})
        wanted = slugify(body.name)[:56].strip("-") or "body"
        taken = set(mine.values())
        body.key = next(k for k in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if k not in taken)
        mine.setdefault(body.name, body.key)
        body.save(update_fields=["key"])
    lists = apps.get_model("taxonomy", "ChangeList").objects.filter(whole=True)
    for found in lists.iterator():
        mine = keys.get(found.organization_id, {})
        found.base, found.text = _keyed(found.base, mine), _keyed(found.text, mine)
        found.save(update_fields=["base", "text"])


def _keyed(text: str, keys: dict[str, str]) -> str:
    data = written.load(text)
    for body in data.get("bodies", []):
        name = body["name"]
        key = keys.get(name) or slugify(name)[:60].strip("-") or "body"
        body.update({"key": key, **{k: body.pop(k) for k in list(body)}})
    return written.dump(data)


class Migration(migrations.Migration):

    dependencies = [
        ('council', '0003_change_lists'),
        ('taxonomy', '0003_change_lists'),
    ]

    operations = [
        migrations.AddField(
            model_name='body',
            name='key',
            field=models.SlugField(default='', max_length=60),
            preserve_default=False,
        ),
        migrations.RunPython(name_keys, migrations.RunPython.noop),
    ]
