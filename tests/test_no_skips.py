"""A run in which nothing may be skipped fails when something is: a test, or a module before it has any."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TESTS = {
    "a test": "import pytest\n\n\ndef test_one():\n    pytest.skip('wanting')\n",
    "a module": "import pytest\n\npytest.importorskip('no_such_package_anywhere')\n\n\ndef test_one(): ...\n",
    "nothing": "def test_one(): ...\n",
}


def run(folder, text, *options, no_skips):
    (folder / "test_it.py").write_text(text)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        "-p",
        "no:django",
        "-c",
        os.devnull,
    ]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment |= {"GRADATIM_NO_SKIPS": "1" if no_skips else "", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*command, "--rootdir", folder, *options, folder],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "workers"])
@pytest.mark.parametrize(("what", "fails"), [("a test", True), ("a module", True), ("nothing", False)])
def test_skips_count(tmp_path, what, fails, workers):
    done = run(tmp_path, TESTS[what], *workers, no_skips=True)
    assert (done.returncode == 1) is fails, done.stdout + done.stderr
    assert ("GRADATIM_NO_SKIPS is set, and 1 were skipped" in done.stdout) is fails


@pytest.mark.slow
def test_skips_are_free_elsewhere(tmp_path):
    assert run(tmp_path, TESTS["a test"], no_skips=False).returncode == 0
