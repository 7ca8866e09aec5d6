"""The worker's loop: what goes wrong in one round ends the round, not the worker."""

import logging
import threading

from gradatim.program.credentials import actions
from gradatim.program.credentials.models import Credential
from gradatim.program.web import worker


def test_it_goes_on_after_whatever_went_wrong(filled, monkeypatch, caplog):
    monkeypatch.setattr(worker, "PAUSE", 0.01)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)  # the test holds this one
    version = filled.cohort.version
    kept = type(version).objects.get(pk=version.pk).document
    learner = filled.cast.northfield.learners.get(number="N-1001")
    actions.start_batch(
        version=version, learners=[(learner, {})], reason="x", label="x", actor=filled.cast.administrator
    )
    type(version).objects.filter(pk=version.pk).update(document="")  # as nothing of ours writes it
    stop = threading.Event()

    class Mending(logging.Handler):
        def emit(self, _record):
            type(version).objects.filter(pk=version.pk).update(document=kept)
            threading.Timer(1, stop.set).start()

    mending = Mending()
    worker.logger.addHandler(mending)
    try:
        worker.run(stop)
    finally:
        worker.logger.removeHandler(mending)
    assert "JSONDecodeError" in caplog.text
    assert Credential.objects.filter(intent__reason="x").count() == 1
