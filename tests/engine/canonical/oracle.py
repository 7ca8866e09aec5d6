"""Another program's reading of the same documents, over the published files: PyLD, where it is installed."""

import json

import pytest

from gradatim.engine.canonical import rdfc
from tests.conftest import SHARED
from tests.engine.nquads import parse

pyld = pytest.importorskip("pyld.jsonld", reason="the comparison wants PyLD: pip install PyLD")

FOLDER = SHARED / "standards/contexts"
INDEX = json.loads((FOLDER / "index.json").read_text()) if FOLDER.exists() else {}
BASE = "sentinel:/nowhere/"  # what PyLD makes of a relative address shows


def _load(url, _options):
    text = (FOLDER / INDEX[url]["file"]).read_text()
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": text}


OPTIONS = {"documentLoader": _load, "base": BASE, "rdfDirection": "i18n-datatype"}


def canonical(document, **options):
    """Its quads, in canonical form by our own RDFC-1.0 (PyLD writes control characters in another way)."""
    wanted = OPTIONS | {"format": "application/n-quads"} | options
    return rdfc.canonicalize(parse(pyld.to_rdf(document, wanted)))


def normalized(document):
    """Its whole canonical text."""
    return pyld.normalize(document, OPTIONS | {"algorithm": "URDNA2015", "format": "application/n-quads"})
