"""A worker that is killed a hundred times in the middle of a batch leaves every learner with exactly one of everything."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from gradatim.program.achievements.models import Version
from gradatim.program.credentials import actions, verification
from gradatim.program.credentials.models import Credential, Intent
from gradatim.program.ground.models import Work
from gradatim.program.people import queries as people
from gradatim.program.people.models import Learner

ROWS, KILLS, MOST = 2000, 100, 420  # MOST: seconds
WORKERS = """
import django, os, sys, threading
django.setup()
from gradatim.program.web import worker
for _line in sys.stdin:
    child = os.fork()
    if not child:
        worker.run(threading.Event())
    print(child, flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""
"""Starts a worker for each line it is given, one after another; what a worker imports is there already."""


def database_url():
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    host = f"{database['HOST']}:{database['PORT'] or 5432}"
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{host}/{database['NAME']}"


@pytest.fixture
def workers(settings, tmp_path):
    """The process that starts workers on the tests' own database."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "gradatim.program.web.settings",
        "GRADATIM_DATA": str(tmp_path),  # mail goes there
        "GRADATIM_SEALING_KEY": settings.SEALING_KEY,
        "SITE_URL": settings.SITE_URL,
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", WORKERS], env=environment, **pipes) as process:
        yield process


@contextmanager
def working(workers):
    """A worker works meanwhile; then it is killed, this one process, as a power cut would."""
    print(file=workers.stdin, flush=True)
    worker = int(workers.stdout.readline())
    try:
        yield
    finally:
        os.kill(worker, signal.SIGKILL)
        assert workers.stdout.readline() == "gone\n"
    leave_no_lease()


def leave_no_lease():
    """A killed worker's leases run out; the test does not wait for that."""
    Work.objects.filter(state="running").update(lease_until=timezone.now())


def unfinished():
    waiting = Work.objects.filter(state__in=["waiting", "running"])
    return waiting.exists() or Intent.objects.filter(state="waiting").exists()


def time_of_first_group(batch, workers):
    """How long a worker that is up needs for its first commit here; it is the first to be killed."""
    with working(workers):
        began = time.monotonic()
        while not batch.intents.exclude(state="waiting").exists():
            time.sleep(0.01)
    return time.monotonic() - began


@pytest.fixture
def batch(filled):
    learners = Learner.objects.bulk_create(
        Learner(
            organization=filled.cast.northfield,
            number=f"K-{n:04d}",
            legal_name=f"Learner {n}",
            school_email=f"k{n}@northfield.example",
            practice=True,
        )
        for n in range(ROWS)
    )
    return actions.start_batch(
        version=Version.objects.get(achievement__slug="data-literacy-for-the-workplace"),
        learners=[(learner, {}) for learner in learners],
        reason="kill",
        label="Kill",
        actor=filled.cast.administrator,
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_hundred_kills(filled, batch, workers, tmp_path):
    draw = random.Random(7)
    ends = time.monotonic() + MOST
    group = time_of_first_group(batch, workers)
    issuing, mailing = 0, 0
    for _kill in range(KILLS - 1):
        assert time.monotonic() < ends
        with working(workers):
            time.sleep(draw.uniform(0.0, 2 * group))
        if batch.intents.filter(state="waiting").exists():
            issuing += 1
        else:
            mailing += 1
    assert min(issuing, mailing) >= 5  # kills fell on both kinds of work
    with working(workers):
        while unfinished():
            assert time.monotonic() < ends
            time.sleep(0.2)
            leave_no_lease()
    everyone_has_one_of_everything(batch, tmp_path)
    assert people.check_log(filled.cast.northfield) == []


def everyone_has_one_of_everything(batch, folder):
    issued = Credential.objects.filter(intent__batch=batch)
    assert issued.count() == ROWS == issued.values("learner").distinct().count()
    assert issued.values("intent__status_index").distinct().count() == ROWS
    assert not batch.intents.exclude(state=Intent.State.DONE).exists()
    keys = [str(pk) for pk in issued.values_list("pk", flat=True)]
    assert Work.objects.filter(kind="notify", key__in=keys, state="done").count() == ROWS
    mails = Work.objects.filter(kind="mail", key__in=[f"claim:{key}" for key in keys], state="done")
    wanted = {mail.payload["message_id"] for mail in mails}
    assert mails.count() == ROWS == len(wanted)
    sent = [
        line.partition(":")[2].strip()
        for file in (folder / "mail").iterdir()
        for line in file.read_text(errors="replace").splitlines()
        if line.startswith("Message-ID:")
    ]
    assert wanted <= set(sent)
    assert (
        len([s for s in sent if s in wanted]) <= ROWS + KILLS
    )  # twice after a kill, with the same Message-ID
    for credential in random.Random(1).sample(list(issued), 25):
        assert verification.check(credential.document).verdict == "valid"
