"""The program's own batch: durable credentials a second on SQLite with synchronous=FULL, intents to outbox and log.

`python bench/program.py [ROWS]`; a data folder of its own, thrown away afterwards.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time

ROWS = 2000


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"GRADATIM_DATA": folder, "DJANGO_SETTINGS_MODULE": "gradatim.program.web.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django  # noqa: PLC0415 - after its settings

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 - after Django

        call_command("migrate", verbosity=0)
        measure(rows)


def measure(rows: int) -> None:
    """Start a batch for so many learners and issue it, a group a commit."""
    from gradatim.program.achievements.models import Version  # noqa: PLC0415 - after Django
    from gradatim.program.credentials import actions  # noqa: PLC0415
    from gradatim.program.people.models import Learner  # noqa: PLC0415
    from gradatim.program.web import work  # noqa: PLC0415
    from gradatim.program.web.demo import program  # noqa: PLC0415

    filled = program.fill()
    work.drain()
    learners = Learner.objects.bulk_create(
        Learner(
            organization=filled.cast.northfield,
            number=f"B-{number:06d}",
            legal_name=f"Learner {number}",
            school_email=f"b{number}@northfield.example",
            practice=True,
        )
        for number in range(rows)
    )
    started = time.process_time()
    batch = actions.start_batch(
        version=Version.objects.get(achievement__slug="data-literacy-for-the-workplace"),
        learners=[(learner, {}) for learner in learners],
        reason="bench",
        label="Bench",
        actor=filled.cast.administrator,
    )
    intents = (time.process_time() - started) / rows
    cpu, wall = [], []
    while True:
        started, began = time.process_time(), time.perf_counter()
        done = actions.issue_due(batch=batch)
        if not done:
            break
        cpu.append((time.process_time() - started) / done)
        wall.append((time.perf_counter() - began) / done)
    whole = intents + statistics.median(cpu)
    print(  # noqa: T201 - a script
        f"{rows} credentials: intents {intents * 1e6:.0f} µs, issuing {statistics.median(cpu) * 1e6:.0f} µs of CPU each; "
        f"{1 / whole:,.0f} a CPU second with intents, lint, signature, sampled read-back, outbox and log; "
        f"{1 / statistics.median(wall):,.0f} a second by the clock"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
