"""Random documents of the closed contexts, and what can be wrong with a document; the same for the same seed."""

import copy
import random

from gradatim.engine.canonical import declared
from gradatim.engine.canonical.active import UNSET, after_types, inside
from gradatim.engine.errors import Error

V1, V2 = "https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
STARTS = [
    [V2, OB],
    [V2, OB],
    [V2],
    [V2, OB, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
    [V2, CLR, OB],
    [V1, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"],
    [V1, OB, "https://w3id.org/security/suites/ed25519-2020/v1"],
    [V2, OB, {"ects": {"@id": "urn:x:ects", "@type": "urn:x:t"}, "Extra": "urn:x:Extra"}],
]
TEXTS = [
    "", "a", "Data literacy", 'say "x"', "back\\slash", "tab\tline\nfeed\rreturn", "\u007f", "\u0000", "\u2028",
    "\u0085", "é ø 漢 \U0001f600", "\u00a0space", "\ufffe", "\ud800", "2026-01-01T00:00:00Z", "%s %d %%", "{} {0}",
    ' .\n<urn:x> "', "_:c14n0", "\\u0041", "\u200f", "x" * 300, "https://a.example/", "\ue000",
]  # fmt: skip
ADDRESSES = [
    "urn:x:1", "urn:x:2", "urn:x:10", "https://a.example/b?c=d#e", "https://a.example/%7E", "http://a.example",
    "did:web:a.example", "did:key:z6Mk", "mailto:a@b.example", "data:text/plain,a%20b",
]  # fmt: skip
ODD_ADDRESSES = [
    "tag:a,2026:b", "relative", "/path", "", "_:b0", "https://a.example/é", "urn:a b", "urn:<x>", "https:", "xsd:a",
    "cred:x", "sec:x", "urn:x:1\n", "HTTPS://a.example", "id", "name", "@id", "https://a.example/{x}",
]  # fmt: skip
NUMBERS = [
    0,
    1,
    -1,
    2**53 - 1,
    2**53,
    -(2**53),
    10**21,
    1.5,
    -0.0,
    1.0,
    1e-7,
    2.5e300,
    1e21,
    0.1,
    123456.789,
    1e15,
]
ODD = [
    None, [], {}, [[]], [None], {"@value": "x"}, {"@value": "x", "@language": "EN"}, {"@value": 1},
    {"@value": "x", "@direction": "rtl"}, {"@value": "x", "@language": "en", "@direction": "ltr"},
    {"@value": "x", "@language": "e n"}, {"@list": ["x"]}, {"@set": []}, {"id": "urn:x:1"}, {"id": "relative"},
    {"type": []}, {"type": ["Profile", "Profile"]}, {"type": "Unknown"}, {"type": [1]}, {"@id": "urn:x:1"}, float("inf"),
    ["a", "a"], ["b", "a", "a"], [True, 1, "1"], {"name": {"name": "x"}}, {"@context": V2}, {"id": ["urn:x:1"]},
    {"@context": V2, "type": ["VerifiableCredential"], "id": "urn:x:9", "issuer": "urn:x:8"},
]  # fmt: skip
ODD_KEYS = [
    "unknown",
    "@id",
    "@graph",
    "@included",
    "https://schema.org/name",
    "Criteria",
    "Profile",
    "ects",
    "@type",
    "",
]


class Maker:
    """Documents one after another."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def document(self):
        start = self.random.choice(STARTS)
        active = declared.start(start, allowed=frozenset())
        node = self.node(active, 0)
        types = node.pop("type", [])
        node["type"] = ["VerifiableCredential", *(types if isinstance(types, list) else [types])]
        if self.random.random() < 0.9:
            node["id"] = "urn:x:0"
        return {"@context": copy.deepcopy(start), **node}

    def mutated(self, document):
        """The document with one to three things done to it."""
        for _ in range(self.random.randint(1, 3)):
            node = self.random.choice(list(objects(document)))
            keys = [key for key in node if key != "@context"]
            what = self.random.random()
            if what < 0.35 and keys:
                node[self.random.choice(keys)] = copy.deepcopy(self.random.choice(ODD))
            elif what < 0.5 and keys:
                node[self.random.choice(keys)] = self.random.choice(TEXTS + ODD_ADDRESSES + NUMBERS)
            elif what < 0.65:
                node[self.random.choice(ODD_KEYS)] = self.random.choice(TEXTS + ADDRESSES)
            elif what < 0.75:
                node["id"] = self.random.choice(ADDRESSES + ODD_ADDRESSES)
            elif what < 0.85 and keys:
                other = self.random.choice(list(objects(document)))
                node[self.random.choice(keys)] = copy.deepcopy(
                    {k: v for k, v in other.items() if k != "@context"}
                )
            elif keys:
                key = self.random.choice(keys)
                node[key] = [node[key], copy.deepcopy(node[key])]
        return document

    def node(self, active, depth):
        scoped = sorted(n for n, t in active.terms.items() if n[:1].isupper() and t.scoped is not UNSET)
        types = self.random.sample(scoped, min(len(scoped), self.random.choice([0, 1, 1, 1, 2])))
        try:
            typed = after_types(active, tuple(sorted(types)))
        except Error:
            types, typed = [], active
        node = {}
        if types:
            node["type"] = types[0] if len(types) == 1 and self.random.random() < 0.4 else types
        if self.random.random() < 0.5:
            node["id"] = self.random.choice(ADDRESSES)
        names = sorted(
            n
            for n, t in typed.terms.items()
            if t.iri and t.iri[0] != "@" and n[:1].islower() and not t.prefix
        )
        for name in self.random.sample(names, min(len(names), self.random.randint(0, 5))):
            count = self.random.choice([None, None, None, 0, 1, 2, 3])
            value = [
                self.value(typed, typed.terms[name], depth) for _ in range(1 if count is None else count)
            ]
            node[name] = value[0] if count is None else value
        return node

    def value(self, active, term, depth):
        chance = self.random.random()
        if depth < 3 and chance < 0.4:
            inner = active.previous or active
            return self.node(inside(inner, term) if term.scoped is not UNSET else inner, depth + 1)
        if term.coercion in {"@id", "@vocab"}:
            return self.random.choice([*ADDRESSES, "assertionMethod"])
        if chance < 0.9:
            return self.random.choice(TEXTS[:6] + TEXTS[9:12] + TEXTS[14:17]) + self.random.choice(
                ["", "x", "7"]
            )
        return self.random.choice([*NUMBERS[:4], 1.5, True, False, {"@value": "Wort", "@language": "de"}])


def objects(value):
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)
