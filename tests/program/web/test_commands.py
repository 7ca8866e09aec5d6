"""The commands as a newcomer runs them: in an empty folder, as processes of their own."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

pytestmark = pytest.mark.slow
DROPPED = {"DATABASE_URL", "SITE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
GRADATIM = [sys.executable, "-m", "gradatim"]


@pytest.fixture
def environment(tmp_path):
    """The process's own, with a data folder that is empty and no database of the tests'."""
    kept = {k: v for k, v in os.environ.items() if k not in DROPPED}
    paths = os.pathsep.join(path for path in sys.path if path)
    return kept | {"GRADATIM_DATA": str(tmp_path / "var"), "PYTHONPATH": paths}


def run(words, environment, folder):
    return subprocess.run(
        words, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_demo_once_ends_with_a_command_that_says_valid(environment, tmp_path):
    made = run([*GRADATIM, "demo", "--once", "--dir", "out"], environment, tmp_path)
    assert made.returncode == 0, made.stderr
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"credential.json", "web.json"}
    last = shlex.split(made.stdout.strip().splitlines()[-1])
    assert last[:2] == ["gradatim", "verify"]
    checked = run([*GRADATIM, *last[1:]], environment, tmp_path)
    assert (checked.returncode, "valid" in checked.stdout) == (0, True)
    again = run([*GRADATIM, "demo", "--once", "--dir", "out"], environment, tmp_path)
    assert again.returncode == 0, again.stderr


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_serving_an_empty_folder_shows_the_setup_page(environment, tmp_path):
    port = free_port()
    server = subprocess.Popen(
        [*GRADATIM, "serve", "--port", str(port)],
        env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        page, until = "", time.monotonic() + 60
        while not page and time.monotonic() < until:
            try:
                page = urlopen(f"http://localhost:{port}/", timeout=5).read().decode()
            except OSError:
                time.sleep(0.3)
        assert "Start a microcredential program" in page
        assert server.stdout.readline() == f"Serving http://localhost:{port} (stop with Ctrl-C)\n"
        taken = run([*GRADATIM, "serve", "--port", str(port)], environment, tmp_path)
        assert taken.returncode == 1
        assert re.search(rf"Port {port} is in use.*--port {port + 1}", taken.stderr)
    finally:
        server.terminate()
        server.wait(timeout=30)
        server.stdout.close()


def test_serving_others_needs_the_address_that_they_use(environment, tmp_path):
    """Without one the site takes whoever reaches it for its owner, at his own machine."""
    words = [*GRADATIM, "serve", "--port", str(free_port()), "--address", "0.0.0.0"]
    without = {name: value for name, value in environment.items() if name != "SITE_URL"}
    refused = run(words, without, tmp_path)
    assert refused.returncode == 1
    assert "--address 0.0.0.0 lets others in" in refused.stderr
    assert "set SITE_URL" in refused.stderr


def unfinished(port):
    """A connection that promises a body and sends one byte of it."""
    opened = socket.create_connection(("127.0.0.1", port), timeout=10)
    lines = f"POST /verify/ HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json"
    opened.sendall(f"{lines}\r\nContent-Length: 1000\r\n\r\n{{".encode())
    return opened


def test_bodies_that_never_end_do_not_stop_the_pages(environment, tmp_path):
    """Pages go on; what is sent meanwhile is refused at once, and taken again when they have gone."""
    port = free_port()
    server = subprocess.Popen(
        [*GRADATIM, "serve", "--port", str(port), "--without-worker"], env=environment, cwd=tmp_path
    )
    address = f"http://localhost:{port}"
    body = Request(f"{address}/verify/", b"{}", {"Content-Type": "application/json"})
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError):
                urlopen(f"{address}/healthz", timeout=5).close()
                break
            time.sleep(0.3)
        hanging = [unfinished(port) for _n in range(24)]
        for _n in range(5):
            with urlopen(f"{address}/healthz", timeout=20) as page:
                assert page.status == 200
        with pytest.raises(HTTPError, match="503"):
            urlopen(body, timeout=20)
        for opened in hanging:
            opened.close()
        time.sleep(1)
        with pytest.raises(HTTPError, match="422"):
            urlopen(body, timeout=20)
    finally:
        server.terminate()
        server.wait(timeout=30)


def children(process):
    """The processes that a process has started (Linux)."""
    found = [path for path in Path("/proc").iterdir() if path.name.isdigit()]
    stats = {path.name: (path / "stat").read_text() for path in found if (path / "stat").exists()}
    return [int(n) for n, stat in stats.items() if stat.rpartition(")")[2].split()[1] == str(process.pid)]


def test_what_ends_a_process_ends_no_service(environment, tmp_path):
    port = free_port()
    server = subprocess.Popen(
        [*GRADATIM, "serve", "--port", str(port), "--without-worker"], env=environment, cwd=tmp_path
    )

    def answers():
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(OSError), urlopen(f"http://localhost:{port}/healthz", timeout=5) as page:
                return page.status == 200
            time.sleep(0.3)
        return False

    try:
        assert answers()
        for child in children(server):
            os.kill(child, signal.SIGKILL)
        time.sleep(1)
        assert answers()
        assert server.poll() is None
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SITE_URL", "badges.example.edu", "SITE_URL must be like https://"),
        ("SITE_URL", "http://badges.example.edu", "SITE_URL must start with https://"),
        ("DATABASE_URL", "mysql://root@localhost/x", "DATABASE_URL must be like"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL must be like"),
        ("EMAIL_URL", "mail.example.edu", "EMAIL_URL must be like"),
        ("GRADATIM_BEHIND_PROXY", "maybe", "GRADATIM_BEHIND_PROXY must be on or off"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL must be"),
    ],
)
def test_a_wrong_setting_is_named_with_its_cure(environment, tmp_path, name, value, words):
    answer = run([*GRADATIM, "check"], environment | {name: value}, tmp_path)
    assert answer.returncode == 1
    assert words in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_weak_durability_is_named(environment, tmp_path):
    said = run([*GRADATIM, "check"], environment, tmp_path)
    assert "keeps what it says" in said.stdout, said.stderr
    memory = run([*GRADATIM, "check"], environment | {"DATABASE_URL": "sqlite://:memory:"}, tmp_path)
    assert memory.returncode == 1
    assert "lives in memory" in memory.stdout


def test_a_public_site_has_nothing_left_to_warn_about(environment, tmp_path):
    answer = run([*GRADATIM, "check"], environment | {"SITE_URL": "https://badges.example.edu"}, tmp_path)
    assert answer.returncode == 0
    assert answer.stderr == ""
