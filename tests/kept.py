"""What takes long to make is made once in each process, kept as rows, and put into the database of every test that asks for it.

A test gets what the maker would have given it: rows in its own transaction, objects of its own, the mail that was sent.
Only the making is shared. It happens in an empty database and is rolled back, so nothing that a test did is ever kept.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.apps import apps
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

Made = TypeVar("Made")
Rows = Sequence[Any]
_kept: dict[Any, tuple[dict[str, Rows], bytes]] = {}


def again(make: Callable[[], Made]) -> Made:
    """What `make` makes, put back from the rows it left the first time.

    Args:
        make: a function of a module, without arguments, that wants an empty database.
    """
    key = (make, timezone.localdate())  # what is made counts its dates from today
    with transaction.atomic():
        if key not in _kept:
            _kept[key] = _once(make)
        rows, rest = _kept[key]
        _put(rows)
    made, sent = pickle.loads(rest)
    mail.outbox += sent
    return made


def _once(make: Callable[[], Made]) -> tuple[dict[str, Rows], bytes]:
    before = len(mail.outbox)
    with transaction.atomic():
        if there := _get():
            raise AssertionError(
                f"{make.__name__} wants an empty database; there are rows in {', '.join(there)}"
            )
        made = make()
        rows = _get()
        transaction.set_rollback(True)
    rest = pickle.dumps((made, mail.outbox[before:]))
    del mail.outbox[before:]
    return rows, rest


def _tables() -> list[str]:
    """Every table but those that Django fills itself when it makes the database."""
    models = (m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy)
    return [m._meta.db_table for m in models if m._meta.app_label not in {"auth", "contenttypes"}]


def _get() -> dict[str, Rows]:
    """The rows of each table that has any, as the database itself writes them."""
    read = _read_sqlite if connection.vendor == "sqlite" else _read_postgresql
    with connection.cursor() as cursor:
        return {table: rows for table in _tables() if (rows := read(cursor, table))}


def _put(rows: dict[str, Rows]) -> None:
    with connection.cursor() as cursor:
        for table, content in rows.items():
            if connection.vendor == "sqlite":
                marks = ", ".join(["%s"] * len(content[0]))
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', content)
            else:
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(content)


def _read_sqlite(cursor: Any, table: str) -> Rows:
    cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
    columns = ", ".join(
        f'+"{column[0]}"' for column in cursor.description
    )  # + keeps a value from being read as a date
    cursor.execute(f'SELECT {columns} FROM "{table}"')
    return cursor.fetchall()


def _read_postgresql(cursor: Any, table: str) -> Rows:
    with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
        return b"".join(copy)
