"""Set up what Gradatim needs: a virtual environment, or a plain folder where venv is missing.

Standard library only. Usage: python3 tools/setup.py server|dev  → prints nothing when all is there already.
Afterwards `.run/python` is a Python that finds everything.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUN = ROOT / ".run"
VENV = ROOT / ".venv"
FOLDER = ROOT / ".deps"


def main(extra: str) -> int:
    """Install the pinned requirements of one extra, once per change of the pins ("dev" holds all of "server")."""
    if sys.version_info < (3, 11):
        sys.stderr.write(f"Gradatim needs Python 3.11 or newer; this is {sys.version.split()[0]}.\n")
        return 1
    stamp = RUN / "ready"
    kept = stamp.read_text() if stamp.exists() else ""
    if kept in {mark("dev"), mark(extra)}:
        return 0
    if kept.startswith("dev "):
        extra = "dev"  # a developer's folder stays one
    sys.stdout.write(f"Setting up ({extra}); this takes a minute the first time …\n")
    sys.stdout.flush()
    RUN.mkdir(exist_ok=True)
    install(environment(), requirements(extra))
    stamp.write_text(mark(extra))
    return 0


def mark(extra: str) -> str:
    """What says that an extra is installed as pinned, here."""
    return f"{extra} {hashlib.sha256(requirements(extra).read_bytes()).hexdigest()} {ROOT}\n"


def requirements(extra: str) -> Path:
    """The file of exact pins with hashes."""
    return ROOT / "requirements" / f"{extra}.txt"


def environment() -> Path | None:
    """A virtual environment's Python, or None where Debian's python3-venv is missing."""
    python = VENV / "bin" / "python"
    if (
        python.exists()
        or subprocess.run(
            [sys.executable, "-m", "venv", str(VENV)], capture_output=True, check=False
        ).returncode
        == 0
    ):
        launcher(f'exec "{python}" "$@"')
        return python
    subprocess.run(["rm", "-rf", str(VENV)], check=True)
    launcher(f'exec "{sys.executable}" "$@"', FOLDER)
    return None


def launcher(line: str, folder: Path | None = None) -> None:
    """Write `.run/python` and `.run/gradatim`."""
    paths = os.pathsep.join(str(p) for p in ([ROOT / "src"] + ([folder] if folder else [])))
    extra = f'export PATH="{folder}/bin:$PATH"\n' if folder else f'export PATH="{VENV}/bin:$PATH"\n'
    for name, run in (("python", line), ("gradatim", line.replace('"$@"', '-m gradatim "$@"'))):
        path = RUN / name
        path.write_text(
            f'#!/bin/sh\nexport PYTHONPATH="{paths}${{PYTHONPATH:+:$PYTHONPATH}}"\n{extra}{run}\n'
        )
        path.chmod(0o755)


def install(python: Path | None, wanted: Path) -> None:
    """Put the pinned packages where the launcher finds them."""
    pip = [
        str(python or sys.executable),
        "-m",
        "pip",
        "install",
        "-qq",
        "--disable-pip-version-check",
        "--require-hashes",
    ]
    target = [] if python else ["--upgrade", "--target", str(FOLDER)]
    subprocess.run([*pip, *target, "-r", str(wanted)], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "server"))
