"""`make bench`: the engine beside its peers, in one run, as ratios per CPU second.

Installs the peers into `bench/` (not committed), starts one station each for the engine, the Python peers and the npm
peers, and lets them work in turns. `--quick` takes a minute and is for development; `--offline` installs nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cold import cold
from processes import two_against_one

HERE = Path(__file__).resolve().parent
PEERS = HERE / ".peers"
MATERIAL = PEERS / "material.json"
PYTHON_PEERS = ("PyLD", "openbadgeslib", "openvc-core", "joserfc")
ROUNDS, SECONDS = 7, 1.0
QUICK_ROUNDS, QUICK_SECONDS = 3, 0.15


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: our work, the work it is held against, and what it has to reach.

    Attributes:
        must, aim: how many times as fast; for a floor how many times as slow at most; without another how many a second.
        floor: whether less is better.
    """

    title: str
    ours: str
    other: str
    must: float
    aim: float | None = None
    floor: bool = False


ROWS = (
    Row("issue one, eddsa-rdfc-2022", "issue", "issue @digitalbazaar/vc", 45, 80),
    Row("issue one achievement to many learners", "issue batch", "issue @digitalbazaar/vc", 110, 200),
    Row("verify, eddsa-rdfc-2022", "verify", "verify @digitalbazaar/vc", 33, 60),
    Row("verify", "verify", "verify PyLD", 28, 50),
    Row("verify", "verify", "verify openbadgeslib", 90, 150),
    Row("canonicalise a record of 50", "record canonical", "record canonical PyLD", 40, 60),
    Row("canonicalise a record of 50", "record canonical", "record canonical jsonld.js", 100, 150),
    Row("verify that record whole (51 proofs)", "record verify", "record verify PyLD", 25, 40),
    Row("token issue, EdDSA", "token issue", "token issue joserfc", 1.8, 2),
    Row("token verify, EdDSA", "token verify", "token verify joserfc", 1.7, 2),
    Row("status list: decode", "list decode", "list decode openvc-core", 3),
    Row("status list: encode again", "list encode", "list encode openvc-core", 10),
    Row("status list: look up", "list look up", "list look up openvc-core", 10),
    Row("batch issue over its floor", "issue batch", "floor issue", 3, 2, floor=True),
    Row("verify over its floor", "verify", "floor verify", 4, 2.8, floor=True),
    Row("issue a batch into SQLite, a second", "issue stored", "", 8000),
)


class Station:
    """A process that works when asked, so that no two work at once."""

    def __init__(self, command: list[str], environment: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [*command, str(MATERIAL)],
            cwd=HERE,
            env=os.environ | (environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.works = set(self._answer().get("ready", ()))

    def _answer(self) -> dict:
        line = self.process.stdout.readline()
        return json.loads(line) if line else {}

    def measure(self, work: str, seconds: float) -> float:
        """How often in a CPU second."""
        self.process.stdin.write(json.dumps({"work": work, "seconds": seconds}) + "\n")
        self.process.stdin.flush()
        answer = self._answer()
        if not answer:
            raise SystemExit(f"The station stopped at {work!r}; see above.")
        return answer["per_second"]

    def close(self) -> None:
        """Let it end."""
        self.process.stdin.close()
        self.process.wait()


def install() -> None:
    """Put the peers into `bench/`; say what cannot be had, and go on without it."""
    PEERS.mkdir(exist_ok=True)
    for name in PYTHON_PEERS:
        folder = {"PyLD": "pyld", "openvc-core": "openvc"}.get(name, name)
        if not (PEERS / folder).exists():
            run([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(PEERS), name], name)
    if not (HERE / "node_modules").exists():
        if shutil.which("npm") is None:
            say("npm is not here: the npm peers are left out.")
        else:
            options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--silent"]
            run(["npm", "install", *options], "The npm peers")


def run(command: list[str], what: str) -> None:
    """Run a step of the installation."""
    if subprocess.run(command, cwd=HERE, check=False).returncode:
        say(f"{what} could not be installed: left out.")


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def stations() -> list[Station]:
    """Ours first, then the peers that can be started."""
    found = [Station([sys.executable, "ours.py"])]
    if (PEERS / "pyld").exists():
        found.append(Station([sys.executable, "python_peers.py"], {"PYTHONPATH": path_with(PEERS)}))
    if (HERE / "node_modules").exists() and shutil.which("node"):
        found.append(Station(["node", "node_peers.mjs"]))
    return found


def path_with(folder: Path) -> str:
    """PYTHONPATH with one more folder, last: what the engine uses stays what it is."""
    return os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), str(folder)])


def main() -> int:
    """Measure and print; 1 if a must is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a minute, for development")
    parser.add_argument("--offline", action="store_true", help="install nothing")
    parser.add_argument("--only", default="", help="rows whose title holds this text")
    arguments = parser.parse_args()
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if arguments.quick else (ROUNDS, SECONDS)
    if not arguments.offline:
        install()
    PEERS.mkdir(exist_ok=True)
    subprocess.run([sys.executable, "material.py", str(MATERIAL)], cwd=HERE, check=True)
    rows = [row for row in ROWS if arguments.only in row.title]
    workers = stations()
    home = {work: station for station in reversed(workers) for work in station.works}
    wanted = [w for w in dict.fromkeys(w for row in rows for w in (row.ours, row.other)) if w in home]
    speeds: dict[str, list[float]] = {work: [] for work in wanted}
    for number in range(rounds + 1):  # the first one warms up
        for work in wanted:
            speed = home[work].measure(work, seconds / 5 if number == 0 else seconds)
            speeds[work] += [speed] if number else []
        say(f"round {number} of {rounds}")
    for station in workers:
        station.close()
    missed = table(rows, {work: statistics.median(found) for work, found in speeds.items()})
    if not arguments.only:
        missed += cold(MATERIAL, rounds, path_with(PEERS), say)
        two_against_one(rounds, seconds, say)
    return 1 if missed else 0


def table(rows: list[Row], speeds: dict[str, float]) -> int:
    """Print the rows; how many miss their must."""
    say(f"\n{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores; medians.")
    say(f"{'work':40} {'against':30} {'ours /s':>9} {'theirs /s':>9} {'ratio':>8} {'must':>6} {'aim':>6}")
    missed = 0
    for row in rows:
        ours, other = speeds.get(row.ours), speeds.get(row.other) if row.other else 1.0
        if ours is None or other is None:
            say(f"{row.title:40} {row.other:30} not measured: it could not be installed or started")
            continue
        ratio = other / ours if row.floor else ours / other
        good = ratio <= row.must if row.floor else ratio >= row.must
        sign = "≤" if row.floor else "≥"
        missed += not good
        say(
            f"{row.title:40} {row.other:30} {ours:9,.0f} {other:9,.1f} {ratio:8,.1f}× {sign}{row.must:5g} "
            f"{row.aim or '–':>6} {'' if good else 'MISSED'}"
        )
    return missed


if __name__ == "__main__":
    sys.exit(main())
