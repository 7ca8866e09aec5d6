"""The engine's errors: one tree, each with a cause word, a sentence and the section of the standard.

Error:
    ├── InputError      the bytes cannot be taken in: parse, encoding, duplicate-key, too-deep, too-large, image-invalid …
    ├── ContextError    the JSON-LD context is missing, unknown, in the wrong order or redefines a term: context
    ├── TermError       a property or type that no context defines, so no signature would cover it: term-dropped
    ├── ShapeError      the document breaks the data model: schema, type
    ├── KeyRefusedError a key cannot be found, read or trusted: key-unresolved, key-not-authorised, key-too-weak
    │   └── UnreachableKeyError   its document did not answer; undetermined, not failed
    ├── ProofError      a proof is missing, unknown or wrong: proof-missing, proof-unsupported, proof-invalid …
    ├── StatusError     a status list cannot be used: status-invalid, status-unavailable, status-unsupported
    ├── FetchError      an address was not asked or did not answer: fetch-blocked, timeout, too-large, not-found
    └── LimitError      a work limit was reached: resource-limit

The cause words are public API: `docs/reference/causes.md` lists them all.
"""

from __future__ import annotations


class Error(Exception):
    """Something the engine was asked to do and refuses to.

    Attributes:
        code: the cause word, for programs, e.g. ``"proof-invalid"``.
        message: what happened and what to do about it, one or two sentences for people.
        spec: the standard and section that says so, or ``None``.
    """

    def __init__(self, code: str, message: str, spec: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.spec = spec

    def __reduce__(self) -> tuple[type[Error], tuple[str, str, str | None]]:
        return type(self), (self.code, self.message, self.spec)


class InputError(Error):
    """The bytes cannot be taken in."""


class ContextError(Error):
    """The JSON-LD context is missing, unknown, in the wrong order, or redefines a term."""


class TermError(Error):
    """A property or type that no context defines: a signature would not cover it.

    Attributes:
        path: where it stands, e.g. ``"/credentialStatus/type"``.
    """

    def __init__(self, code: str, message: str, spec: str | None = None, path: str = "") -> None:
        super().__init__(code, message, spec)
        self.path = path


class ShapeError(Error):
    """The document breaks the data model.

    The message starts with the place.

    Attributes:
        path: the place, e.g. ``"credentialSubject.achievement.criteria"``; empty for the document as a whole.
    """

    def __init__(self, code: str, message: str, spec: str | None = None, path: str = "") -> None:
        super().__init__(code, message, spec)
        self.path = path


class KeyRefusedError(Error):
    """A key cannot be found, read or trusted."""


class UnreachableKeyError(KeyRefusedError):
    """The document that holds the key could not be had just now: nothing is said against the key."""


class ProofError(Error):
    """A proof is missing, unknown or wrong."""


class StatusError(Error):
    """A status list cannot be used."""


class FetchError(Error):
    """An address was not asked, or did not answer in a usable way."""


class LimitError(Error):
    """A documented work limit was reached."""
