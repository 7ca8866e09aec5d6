"""The program's verbs of the `gradatim` command: serve, demo, worker, migrate, createadmin, check."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

VERBS = ("serve", "demo", "worker", "migrate", "createadmin", "check", "manage")
OWN = ("127.0.0.1", "::1", "localhost")  # addresses that only this machine reaches


def main(argv: Sequence[str]) -> int:
    """Run one verb.

    Args:
        argv: the words after ``gradatim``.

    Returns:
        The exit status: 0 done, 1 failed, 64 the words are off.
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradatim.program.web.settings")
    arguments.named = not os.environ.keys().isdisjoint({"SITE_URL", "SITE_URL_FILE"})
    if hasattr(arguments, "port"):
        os.environ.setdefault("SITE_URL", f"http://localhost:{arguments.port}")
    import django  # noqa: PLC0415 - settings come from the environment set above
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - as above

    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.stderr.write(f"✗ {error} See docs/reference/settings.md.\n")
        return 1
    return int(arguments.run(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gradatim", description="Run a microcredential program.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    serve = verbs.add_parser("serve", help="serve the program, with its worker")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--address", default="127.0.0.1", help="0.0.0.0 for every interface")
    serve.add_argument("--workers", type=int, default=1, help="processes that answer requests")
    serve.add_argument(
        "--without-worker", action="store_true", help="background work is done by `gradatim worker` elsewhere"
    )
    serve.set_defaults(run=_serve)

    demo = verbs.add_parser("demo", help="fill in Northfield College, walk the main job, and serve")
    demo.add_argument("--once", action="store_true", help="walk and verify, then stop instead of serving")
    demo.add_argument("--dir", type=Path, help="with --once: write credential.json and web.json there")
    demo.add_argument("--port", type=int, default=8000)
    demo.set_defaults(run=_demo, address="127.0.0.1", workers=1, without_worker=False)

    verbs.add_parser("worker", help="do background work").set_defaults(run=_worker)
    verbs.add_parser("migrate", help="bring the database to this version").set_defaults(run=_migrate)
    verbs.add_parser("createadmin", help="make an operator account").set_defaults(run=_createadmin)
    verbs.add_parser("check", help="check settings and durability").set_defaults(run=_check)
    manage = verbs.add_parser("manage", help="any other management command")
    manage.add_argument("words", nargs=argparse.REMAINDER)
    manage.set_defaults(run=_manage)
    return parser


def _call(*words: str, **options: Any) -> None:  # noqa: ANN401 - Django's own options
    from django.core.management import call_command  # noqa: PLC0415 - after setup

    call_command(*words, **options)


def _migrate(arguments: argparse.Namespace) -> int:
    _call("migrate", interactive=False, verbosity=0)
    return 0


def _createadmin(arguments: argparse.Namespace) -> int:
    _call("createsuperuser")
    return 0


def _manage(arguments: argparse.Namespace) -> int:
    _call(*arguments.words)
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from django.conf import settings  # noqa: PLC0415 - after setup

    from gradatim.program.web import durability  # noqa: PLC0415 - after setup

    _call("check", deploy=not settings.LOCAL)
    findings = durability.findings()
    for finding in findings:
        sys.stdout.write(f"✗ {finding}\n")
    if not findings:
        sys.stdout.write("✓ The database keeps what it says it has kept.\n")
    return 1 if findings else 0


def _worker(arguments: argparse.Namespace) -> int:
    from gradatim.program.web import worker  # noqa: PLC0415 - after setup

    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    worker.run(stop)
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    from django.conf import settings  # noqa: PLC0415 - after setup

    from gradatim.program.web import durability  # noqa: PLC0415 - after setup
    from gradatim.program.web.setup import actions  # noqa: PLC0415 - after setup

    if not arguments.named and arguments.address not in OWN:
        sys.stderr.write(
            f"✗ --address {arguments.address} lets others in, who could start a program of their own here, or be the demo's "
            "administrator: set SITE_URL to the address they use, or leave --address out. See docs/reference/settings.md.\n"
        )
        return 1
    if _taken(arguments.address, arguments.port):
        return _refuse_port(arguments.port)
    _migrate(arguments)
    weak = durability.findings()
    if weak and not durability.accepted():
        sys.stderr.write("".join(f"✗ {finding}\n" for finding in weak))
        sys.stderr.write("Refusing to serve: credentials could be lost. See docs/reference/settings.md.\n")
        return 1
    settings.LIMITS_FILE.unlink(missing_ok=True)  # it need not outlive a crash whole, so none is trusted
    helper = (
        None if arguments.without_worker else subprocess.Popen([sys.executable, "-m", "gradatim", "worker"])
    )
    if code := actions.code_to_print():
        sys.stdout.write(f"Setup code for {settings.SITE_URL}/setup/mine/: {code}\n")
    sys.stdout.write(f"Serving {settings.SITE_URL} (stop with Ctrl-C)\n")
    sys.stdout.flush()
    try:
        _granian(arguments)
    finally:
        if helper is not None:
            helper.terminate()
            helper.wait(timeout=30)
    return 0


def _taken(address: str, port: int) -> bool:
    """Whether the port is in use; two servers would share it without a word."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1" if address == "0.0.0.0" else address, port)) == 0  # noqa: S104 - compared, not bound


def _refuse_port(port: int) -> int:
    sys.stderr.write(
        f"Port {port} is in use: stop what listens there, or choose another with --port {port + 1}.\n"
    )
    return 1


def _granian(arguments: argparse.Namespace) -> None:
    from granian.constants import Interfaces  # noqa: PLC0415 - only for serving
    from granian.server import Server  # noqa: PLC0415 - only for serving

    from gradatim.program.web.bodies import THREADS  # noqa: PLC0415 - only for serving

    Server(
        "gradatim.program.web.wsgi:application",
        address=arguments.address,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=arguments.workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,  # what ends a process ends no service
        log_enabled=False,
    ).serve()


def _demo(arguments: argparse.Namespace) -> int:
    from gradatim.program.web.demo import walk  # noqa: PLC0415 - after setup

    if not arguments.once and _taken(arguments.address, arguments.port):
        return _refuse_port(arguments.port)
    _migrate(arguments)
    good = walk.once(directory=arguments.dir)
    if arguments.once or not good:
        return 0 if good else 1
    return _serve(arguments)
