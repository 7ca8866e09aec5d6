"""Many at once: a batch that is issued, a folder and an archive that are checked; what is held does not grow with them."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gradatim.engine import bulk, issue_many
from tests.engine.samples import KEY, METHOD, NOW, credential

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
MANY = 2_400  # files: three times what two processes read ahead
RESIDENT = """
import os, sys
from pathlib import Path
from gradatim.engine import issue_many
from tests.engine.samples import KEY, METHOD, NOW, credential

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

rows = (credential(id=f"urn:uuid:5f1c2f0e-0000-4000-9000-{n:012d}") for n in range(20_000))
for number, made in enumerate(issue_many(rows, signer=KEY, verification_method=METHOD, created=NOW), 1):
    if number == 2_000:
        early = resident()
print(number, resident() - early)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_a_batch_holds_no_more_at_its_end():
    """`bench/memory.py` does the same with a million."""
    ran = subprocess.run(
        [sys.executable, "-c", RESIDENT],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
    )
    number, grown = ran.stdout.split()
    assert int(number) == 20_000
    assert float(grown) < 4  # MiB


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder and an archive of the same credentials; every hundredth was changed."""
    folder = tmp_path_factory.mktemp("many")
    rows = (credential(id=f"urn:uuid:5f1c2f0e-0000-4000-9000-{n:012d}") for n in range(MANY))
    with zipfile.ZipFile(folder.parent / "many.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for n, made in enumerate(issue_many(rows, signer=KEY, verification_method=METHOD, created=NOW)):
            text = json.dumps(made if n % 100 else made | {"name": "Other"})
            (folder / f"{n:05}.json").write_text(text)
            archive.writestr(f"{n:05}.json", text)
    return folder


@pytest.mark.parametrize("form", ["folder", "archive"])
def test_each_is_answered_in_order(files, form, tmp_path):
    """Said of the last while it is still to be read: answers come before all was looked at."""
    web = tmp_path / "web.json"
    web.write_text("{}")
    name = files if form == "folder" else files.parent / "many.zip"
    answers = bulk.answers([str(name)], bulk.Question(web=web, now=NOW, as_json=True))
    told = [next(answers)]
    if form == "folder":
        (files / f"{MANY - 1:05}.json").write_text("gone")
    told += answers
    lines = [json.loads(line) for _, line in told]
    assert [line["file"][-10:] for line in lines] == [f"{n:05}.json" for n in range(MANY)]
    wanted = ["valid" if n % 100 else "invalid" for n in range(MANY)]
    if form == "folder":
        wanted[-1] = "refused"
    assert [line["verdict"] for line in lines] == wanted
