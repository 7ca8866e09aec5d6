"""A small N-Quads reader for the test vectors: canonical terms out."""

import re

from gradatim.engine.canonical.jsonld import literal

_TERM = re.compile(
    r'<([^>]*)>|(_:[^\s.]+(?:\.[^\s.]+)*)|"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|(@[A-Za-z]+(?:-[A-Za-z0-9]+)*))?'
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def _unescape(text):
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _PLAIN[m[3]], text)


def parse(text):
    quads = []
    for line in text.split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        terms = []
        for match in _TERM.finditer(line):
            if match[1] is not None:
                terms.append(f"<{_unescape(match[1])}>")
            elif match[2]:
                terms.append(match[2])
            else:
                terms.append(
                    literal(
                        _unescape(match[3]),
                        match[4] and _unescape(match[4]),
                        match[5][1:] if match[5] else None,
                    )
                )
        quads.append((*terms, "") if len(terms) == 3 else tuple(terms))
    return quads
