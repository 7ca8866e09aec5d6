"""The first document of a process: what is worked out once, and what a program pays that checks a single credential."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

MUST, AIM = 3.0, 10.0
OURS = """
import json, sys, time
from gradatim.engine.canonical.shape import canonical_text
document = json.load(open(sys.argv[1], encoding="utf-8"))["unsigned"]
started = time.process_time()
canonical_text(document)
print(time.process_time() - started)
"""
PYLD = """
import json, sys, time
from pyld import jsonld
material = json.load(open(sys.argv[1], encoding="utf-8"))
document, contexts = material["unsigned"], material["contexts"]
load = lambda url, options: {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": contexts[url]}
started = time.process_time()
jsonld.normalize(document, {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load})
print(time.process_time() - started)
"""


def cold(material: Path, rounds: int, path: str, say: Callable[[str], None]) -> int:
    """Print the row; 1 if its must is missed.

    Args:
        material: the bench's documents.
        rounds: processes of each.
        path: PYTHONPATH with the peers.
        say: prints a line.
    """
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_first(OURS, material, path))
        theirs.append(_first(PYLD, material, path))
    mine = statistics.median(filter(None, ours))
    if None in theirs:
        say("first sight of a shape, cold process     PyLD: not measured, it could not be started")
        return 0
    ratio = statistics.median(filter(None, theirs)) / mine
    say(
        f"{'first sight of a shape, cold process':40} {'PyLD':30} {mine * 1000:7.1f} ms {'':9} "
        f"{ratio:7.1f}× ≥{MUST:5g} {AIM:>6g} {'' if ratio >= MUST else 'MISSED'}"
    )
    return int(ratio < MUST)


def _first(code: str, material: Path, path: str) -> float | None:
    """CPU seconds of the first canonicalisation of a new process, contexts at hand."""
    done = subprocess.run(
        [sys.executable, "-c", code, str(material)],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout) if done.returncode == 0 else None
