"""Fuzzing of whatever reads bytes from strangers: any answer but one of ours, or a wait, is a fault.

Usage: .run/python tests/deep/fuzz.py TARGET [SECONDS] [libFuzzer's options], e.g. ``fuzz.py reader 600``: so many seconds of
the processor, however busy the machine is; without a number it goes on until it is stopped. What was found interesting is
kept in ``corpus/TARGET`` and the next run starts from it. A fault is written to ``crash-…`` in the folder named by
``-artifact_prefix``, and found again by naming that file.
"""

import json
import os
import sys
import time
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["gradatim"]):
    from gradatim.engine import reader, status_list
    from gradatim.engine.bake import SIGNATURE, _chunk, bake
    from gradatim.engine.bake import unbake as take_out
    from gradatim.engine.encoding import base64url_encode
    from gradatim.engine.errors import Error
    from gradatim.engine.fetch import MemoryFetcher
    from gradatim.engine.proof import cbor, claims, jose, sd_jwt
    from gradatim.engine.report import VERDICTS
    from gradatim.engine.verify import verify

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("GRADATIM_SHARED", HERE.parents[2] / "shared"))
PATIENCE = 3.0  # seconds of the processor for one input, with all the counting that is done for the fuzzer
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PICTURES = (
    b'<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>',
    (HERE / "picture.png").read_bytes(),
)


def read(data):
    """What is read is what any other program reads, and reads the same once written."""
    value = reader.read_json(data)
    assert value == json.loads(data.decode("utf-8-sig"))
    assert reader.read_json(json.dumps(value).encode()) == value


def unbake(data):
    """What was inside goes into other pictures and comes out again; a PNG's checksums are put right."""
    if data[:1] == b"c":
        parts = data[1:].split(b"\xff\xff")
        head = PICTURES[1][16:29]
        chunks = [
            _chunk(b"IHDR", head),
            *(_chunk(part[:4].ljust(4), part[4:]) for part in parts),
            _chunk(b"IEND", b""),
        ]
        data = SIGNATURE + b"".join(chunks)
    inside = take_out(data)
    for picture in PICTURES:
        try:
            baked = bake(picture, inside)
        except Error:
            continue
        assert take_out(baked).replace(b"\r\n", b"\n").strip() == inside.replace(b"\r\n", b"\n").strip()


def status(data):
    """As text, as base64url of the bytes, and as a list well folded: the same bits again."""
    form, data = data[:1], data[1:]
    if form == b"t":
        text = data.decode("latin-1")
    elif form == b"b":
        text = "u" + base64url_encode(data)
    else:
        folded = zlib.compressobj(wbits=31)
        text = "u" + base64url_encode(folded.compress(data * 1000) + folded.flush())
    bits = status_list.decode(text, limit=2**20)
    assert len(bits) <= 2**20
    assert status_list.decode(status_list.encode(bits)) == bits
    for index in (0, len(data), 131_071, 2**40):
        for size in (1, 2, 3, 8):
            assert 0 <= status_list.get(bits, index, size) < 2**size


def jws(data):
    """Three parts as they are, or two JSON texts put into a token."""
    text = data.decode("latin-1")
    if "\n" in text:
        text = ".".join(base64url_encode(part.encode("latin-1")) for part in text.split("\n", 2))
    token = jose.parse(text)
    jose.check_header(token.header)
    claims.check_claims(token, claims.document_of(token))


def selective(data):
    """The binary part of a selective proof: what was read is written again as the same bytes."""
    assert cbor.encode(cbor.decode(data)) == data


def disclosed(data):
    """A token with disclosures: three JSON texts at first, then one for each disclosure."""
    head, *rest = [base64url_encode(part) for part in data.split(b"\n")]
    sd_jwt.parse(".".join([head, *rest[:2]]) + "~" + "".join(f"{each}~" for each in rest[2:]))


def credential(data):
    """The whole way: a verdict, whatever it was, and never `valid`."""
    report = verify(data, fetcher=MemoryFetcher({}), now=NOW)
    assert report.verdict in VERDICTS
    assert (
        report.verdict != "valid" or b'"proof"' in data or data.count(b".") > 1 or not data.startswith(b"{")
    )
    json.dumps(report.as_dict())


TARGETS = {
    "reader": read,
    "unbake": unbake,
    "status": status,
    "jws": jws,
    "selective": selective,
    "disclosed": disclosed,
    "credential": credential,
}
SEEDS = {
    "reader": ("*.json",),
    "unbake": ("*.png", "*.svg"),
    "status": (),
    "selective": (),
    "disclosed": (),
    "jws": ("*.jwt",),
    "credential": ("*.json", "*.jwt", "*.png", "*.svg"),
}


LIST = status_list.encode(bytes(16_384)).encode()
OWN = {
    "status": {"text": b"t" + LIST, "bytes": b"b" + bytes(17), "bits": b"z" + bytes(17)},
    "selective": {"list": cbor.encode([b"x" * 64, b"y" * 35, [b"z"], {"a": 1, 2: [3]}, ["/issuer"]])},
    "disclosed": {
        "plain": b'{"alg":"ES256","typ":"dc+sd-jwt"}\n{"_sd_alg":"sha-256","_sd":["x"],"vct":"v","a":[{"...":"y"}]}\nx'
        b'\n["salt","a",1]\n["salt",2]'
    },
    "unbake": {
        "chunks": b"c"
        + b"\xff\xff".join(
            (b"iTXtopenbadgecredential\0\0\0\0\0{}", b"tEXtopenbadges\0https://x.example/a", b"IDATx")
        )
    },
    "jws": {
        "plain": b'{"alg":"EdDSA","kid":"did:x#y"}\n{"iss":"x","jti":"y","sub":"z","nbf":1,"issuer":"x"}\nx'
    },
}
"""What each target starts from besides the examples."""


def seeds(target):
    """The published and hostile examples of one kind, as files in a folder of the fuzzer's."""
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    sources = [SHARED / "standards/vectors/own-credentials", SHARED / "attacks"]
    for path in (path for source in sources for pattern in SEEDS[target] for path in source.rglob(pattern)):
        if path.stat().st_size < 100_000:
            (folder / path.name).write_bytes(path.read_bytes())
    for name, data in OWN.get(target, {}).items():
        (folder / name).write_bytes(data)
    return folder


class Watch:
    """Counts inputs, and ends the run when its seconds of the processor are spent."""

    def __init__(self, name, seconds):
        self.name, self.seconds, self.inputs = name, seconds, 0

    def tick(self):
        self.inputs += 1
        used = time.process_time()
        if used >= self.seconds:
            sys.stdout.write(
                f"{self.name}: {self.inputs:,} inputs in {used:.0f} s of the processor, no fault\n"
            )
            sys.stdout.flush()
            os._exit(0)  # libFuzzer takes any other way out for a fault


def main():
    """Run libFuzzer on one target; a refusal of ours is a good answer."""
    name, *options = sys.argv[1:]
    target = TARGETS[name]
    watch = Watch(name, float(options.pop(0)) if options and options[0].isdigit() else float("inf"))

    def one(data):
        started = time.process_time()
        with suppress(Error):
            target(data)
        assert time.process_time() - started < PATIENCE
        watch.tick()

    options = ["-timeout=300", "-rss_limit_mb=1024", "-max_len=65536", *options]
    replayed = any(Path(option).is_file() for option in options)
    folders = [] if replayed else [str(seeds(name))]
    atheris.Setup([sys.argv[0], *options, *folders], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
