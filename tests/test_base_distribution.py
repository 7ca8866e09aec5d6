"""`pip install gradatim` alone: a wheel, an empty folder without Django, and the engine's tests run there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
INI = """[pytest]
addopts = -q --import-mode=importlib -p no:cacheprovider --strict-markers --assert=plain
filterwarnings = error
markers =
  shared
  slow
"""
WITHOUT_DJANGO = (
    "import importlib.util as u, gradatim; print(gradatim.__file__); assert not u.find_spec('django')"
)

pytestmark = pytest.mark.slow


def run(*command, **environment):
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={
            key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "GRADATIM_NO_"))
        }
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def pip(*words):
    done = run("-m", "pip", "--disable-pip-version-check", *words)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Run Python with nothing but the base distribution, its three packages, and what runs the tests."""
    folder = tmp_path_factory.mktemp("base")
    pip("wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder / "wheels"), str(ROOT))
    (wheel,) = (folder / "wheels").glob("gradatim-*.whl")
    pip("install", "--quiet", "--target", str(folder / "site"), str(wheel), "pytest", "hypothesis")

    def python(*words, **environment):
        return run("-S", "-B", *words, PYTHONPATH=f"{folder / 'site'}{os.pathsep}{ROOT}", **environment)

    return python


def test_it_stands_without_django(alone):
    done = alone("-c", WITHOUT_DJANGO)
    assert done.returncode == 0, done.stderr
    assert str(ROOT) not in done.stdout
    assert alone("-m", "gradatim", "--version").stdout.startswith("gradatim ")
    serve = alone("-m", "gradatim", "serve")
    assert serve.returncode == 64
    assert 'pip install "gradatim[server]"' in serve.stderr


@pytest.mark.shared
@pytest.mark.parametrize(("name", "status"), [("v-minimal", 0), ("i-tampered-name", 1)])
def test_it_verifies(alone, shared, tmp_path, name, status):
    web = tmp_path / "web.json"
    web.write_text("{}")
    path = shared / f"standards/vectors/own-credentials/{name}.json"
    done = alone("-m", "gradatim", "verify", "--now", "2026-06-01T12:00:00Z", "--web", str(web), str(path))
    assert done.returncode == status, done.stdout + done.stderr


def test_the_engines_tests_pass_there(alone, tmp_path):
    (tmp_path / "pytest.ini").write_text(INI)
    done = alone(
        "-m",
        "pytest",
        "-c",
        str(tmp_path / "pytest.ini"),
        "--rootdir",
        str(ROOT),
        "-m",
        "not slow",
        "tests/engine",
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
