"""The worker's loop, in a thread of `gradatim serve` or as `gradatim worker`."""

from __future__ import annotations

import logging
import threading
import time

from django.db import close_old_connections
from django.utils import timezone

from gradatim.program.council import actions as council
from gradatim.program.credentials import actions as credentials
from gradatim.program.web.work import run_once

BEAT = 30.0  # seconds between publications of the status lists (a change is visible within 60), and looks at what is due
PAUSE = 5.0  # seconds after something went wrong
REST = 0.5  # seconds between looks when nothing is due

logger = logging.getLogger(__name__)


def run(stop: threading.Event) -> None:
    """Work until told to stop.

    Args:
        stop: set by the caller; the row in hand is finished first.
    """
    next_beat = time.monotonic()
    while not stop.is_set():
        try:
            close_old_connections()
            if time.monotonic() >= next_beat:
                credentials.publish_status_lists()
                council.run_stages(now=timezone.now())
                council.plan_digests(now=timezone.now())
                next_beat = time.monotonic() + BEAT
            done = run_once()
        except Exception:  # whatever it is, the others' work goes on when it has passed
            logger.exception("the background work was cut off; trying again")
            done = 0
            stop.wait(PAUSE)
        if not done:
            stop.wait(REST)
