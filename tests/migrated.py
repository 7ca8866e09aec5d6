"""A database with every migration applied is made once for the code as it is; each process of tests gets a copy of it.

Migrating takes Django half a minute, copying takes none.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

import gradatim


def copy() -> None:
    """Put a copy where the test database of this process belongs; Django finds it there and has nothing to migrate."""
    with _alone():
        if connection.vendor == "sqlite":
            _copy_file(Path(connection.creation._get_test_db_name()))
        else:
            _copy_database(connection.creation._get_test_db_name())


def _copy_file(target: Path) -> None:
    made = settings.DATA / f"migrated-{_code()}.sqlite3"
    if not made.exists():
        for old in settings.DATA.glob("migrated-*"):
            old.unlink()
        unfinished = made.with_suffix(".part")
        _migrate(str(unfinished))
        unfinished.rename(made)
    for more in ("-wal", "-shm"):
        target.with_name(target.name + more).unlink(missing_ok=True)
    shutil.copy(made, target)


def _copy_database(target: str) -> None:
    """The same with PostgreSQL's templates; the comment on the database says what code it was made by."""
    made, code, quote = (
        f"{settings.DATABASES['default']['NAME']}_migrated",
        _code(),
        connection.ops.quote_name,
    )
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [made]
        )
        if cursor.fetchone() != (code,):
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(made)}")
            cursor.execute(f"CREATE DATABASE {quote(made)}")
            _migrate(made)
            cursor.execute(f"COMMENT ON DATABASE {quote(made)} IS '{code}'")
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(target)}")
        cursor.execute(f"CREATE DATABASE {quote(target)} TEMPLATE {quote(made)}")


def _migrate(name: str) -> None:
    ours = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours


def _code() -> str:
    """A digest of the whole program: whatever was changed in it, the database is made anew."""
    digest = hashlib.sha256(django.__version__.encode())
    for path in sorted(Path(gradatim.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time; the second one finds what the first one made."""
    with (settings.DATA / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
