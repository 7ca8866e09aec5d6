"""The engine's verbs on the command line: verify, issue, inspect, bake, unbake, keys new.

Spec: none; the exit statuses and the JSON lines are described in `docs/reference/command-line.md`.
"""

from __future__ import annotations

import argparse
import codecs
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from gradatim.engine import bulk, encoding
from gradatim.engine.bake import bake, sniff, unbake
from gradatim.engine.did import did_key
from gradatim.engine.errors import ContextError, Error, InputError, KeyRefusedError
from gradatim.engine.issue import issue, issue_selective, issue_token
from gradatim.engine.keys import ED25519, P256, P384, RSA, PrivateKey
from gradatim.engine.model import credential as model
from gradatim.engine.model import issuing
from gradatim.engine.model.credential import issuer_of
from gradatim.engine.model.values import listed
from gradatim.engine.proof.data_integrity import OLD_TYPE, SUITES
from gradatim.engine.proof.selective import NAME as SELECTIVE
from gradatim.engine.proof.selective import derive
from gradatim.engine.reader import MAX_BYTES, read_json, read_object
from gradatim.engine.verify import intake

USAGE = 64
CLOSED = 141  # nobody reads on: what a shell says of a tool that SIGPIPE ended
EXIT = {"valid": 0, "invalid": 1, "valid-with-marked-parts": 1, "undetermined": 2, "refused": 3}
_WORST = (1, 3, 2, 0)
_KINDS = {"ed25519": ED25519, "p256": P256, "p384": P384, "rsa": RSA}
VERBS = ("verify", "issue", "derive", "inspect", "bake", "unbake", "keys")
_OLD_CONTEXT = "https://w3id.org/security/suites/ed25519-2020/v1"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {bulk.printable(message)}\n")


def main(argv: Sequence[str]) -> int:
    """Run one verb.

    Args:
        argv: the words after ``gradatim``.

    Returns:
        The exit status.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="as-json")
    arguments = _parser().parse_args(argv)
    try:
        status = int(arguments.run(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is written at the very end
        return CLOSED
    except Error as error:
        _say(f"{error.message} ({error.code})")
        return 3
    except OSError as error:
        _say(f"{error.filename or 'The output'}: {error.strerror}")
        return USAGE
    return status


def _say(trouble: str) -> None:
    """One line, whatever the files and addresses in it are called."""
    sys.stderr.write(f"✗ {bulk.printable(trouble)}\n")


def _spelt(error: UnicodeEncodeError) -> tuple[str, int]:
    """What the terminal cannot show, as JSON spells it: a line of JSON stays one."""
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error("as-json", _spelt)  # type: ignore[arg-type]  # it is asked about writing only


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="gradatim", description="Issue and verify Open Badges.")
    verbs = parser.add_subparsers(required=True, metavar="VERB", parser_class=_Parser)

    one = verbs.add_parser(
        "verify", help="check credentials (JSON, token, PNG, SVG); folders and zips of them"
    )
    one.add_argument("files", nargs="+", metavar="FILE")
    one.add_argument("--web", type=Path, metavar="MAP.json", help="a stand-in for the network")
    one.add_argument(
        "--trust", action="append", metavar="ISSUER", help="an issuer you know; may be given again"
    )
    one.add_argument("--challenge", help="of a presentation")
    one.add_argument("--domain", help="of a presentation")
    one.add_argument("--now", type=_instant, metavar="ISO8601", help="judge it at this time")
    one.add_argument("--email", metavar="ADDR", help="compare with the person it was given to")
    one.add_argument(
        "--recipient",
        action="append",
        default=[],
        type=_identity,
        metavar="KIND=VALUE",
        help="the same with another kind of identity: id, sourcedId, url, telephone …; may be given again",
    )
    one.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        help="remember status lists here, so that an older one is noticed",
    )
    one.add_argument("--json", action="store_true", help="one line of JSON per file")
    one.set_defaults(run=_verify)

    one = verbs.add_parser("issue", help="sign a credential")
    one.add_argument("file", type=Path, metavar="UNSIGNED.json")
    one.add_argument(
        "--key", type=Path, required=True, metavar="KEY.json", help="what `gradatim keys new` wrote"
    )
    one.add_argument("--created", type=_instant, metavar="ISO8601", help="the proof's time; now if left out")
    one.add_argument(
        "--suite", choices=[*SUITES, SELECTIVE], help="the kind of proof; by the key if left out"
    )
    one.add_argument(
        "--mandatory",
        action="append",
        default=[],
        metavar="POINTER",
        help=f"with {SELECTIVE}: what the holder has to show always; may be given again",
    )
    one.add_argument("--jwt", action="store_true", help="as a token instead of an embedded proof")
    one.set_defaults(run=_issue, refuse=one.error)

    one = verbs.add_parser("derive", help="show a part of a credential that was signed for that")
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument(
        "--show",
        action="append",
        default=[],
        metavar="POINTER",
        help="beside the mandatory parts, e.g. /credentialSubject/achievement; may be given again",
    )
    one.set_defaults(run=_derive)

    one = verbs.add_parser("inspect", help="show what is inside a file, without judging it")
    one.add_argument("file", type=Path, metavar="FILE")
    one.set_defaults(run=_inspect)

    one = verbs.add_parser("bake", help="put a credential into a picture")
    one.add_argument("picture", type=Path)
    one.add_argument("credential", type=Path)
    one.add_argument("out", type=Path)
    one.add_argument("--record", action="store_true", help="it is a record (CLR 2.0)")
    one.set_defaults(run=_bake)

    one = verbs.add_parser("unbake", help="take the credential out of a picture")
    one.add_argument("picture", type=Path)
    one.set_defaults(run=_unbake)

    keys = verbs.add_parser("keys", help="make a key").add_subparsers(
        required=True, metavar="new", parser_class=_Parser
    )
    one = keys.add_parser("new", help="make a key and print it; keep it secret")
    one.add_argument("--kind", choices=_KINDS, default="ed25519")
    one.add_argument(
        "--controller", metavar="DID", help="whose key it is; did:key of the key itself if left out"
    )
    one.set_defaults(run=_new_key)
    return parser


def _identity(text: str) -> tuple[str, str]:
    kind, _, value = text.partition("=")
    if not kind or not value:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not written as KIND=VALUE, for example id=did:key:z6Mk…"
        )
    return kind, value


def _instant(text: str) -> datetime:
    try:
        return encoding.parse_datetime(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(error.message) from None


def _verify(arguments: argparse.Namespace) -> int:
    if arguments.web:
        _map(arguments.web)
    recipient = dict(arguments.recipient) | ({"emailAddress": arguments.email} if arguments.email else {})
    question = bulk.Question(
        arguments.web,
        tuple(arguments.trust) if arguments.trust is not None else None,
        arguments.now,
        recipient or None,
        arguments.cache,
        arguments.challenge,
        arguments.domain,
        arguments.json,
    )
    worst = 0
    with closing(bulk.answers(arguments.files, question)) as answers:
        for verdict, line in answers:
            sys.stdout.write(f"{line}\n")
            worst = min(worst, EXIT[verdict], key=_WORST.index)
    return worst


def _map(path: Path) -> None:
    """Refuse a map that is none, before anything is checked against it."""
    value = read_json(path.read_bytes(), limit=16 * MAX_BYTES)
    if not isinstance(value, dict) or not all(isinstance(entry, dict) for entry in value.values()):
        raise InputError("parse", f"{path}: a map has an object for each address.")


def _issue(arguments: argparse.Namespace) -> int:
    if arguments.jwt and arguments.suite:
        arguments.refuse("--suite is for an embedded proof, and --jwt makes a token: leave one of them out")
    if arguments.mandatory and arguments.suite != SELECTIVE:
        arguments.refuse(f"--mandatory goes with --suite {SELECTIVE} only: add that, or leave it out")
    document = read_object(arguments.file.read_bytes())
    kind = model.kind_of(document)
    breaches = model.findings(document, kind) or issuing.findings(document, kind, embedded=not arguments.jwt)
    for breach in breaches:
        _say(f"{breach.message} ({breach.code})")
    if breaches:
        return 3
    key, signer = _key(arguments.key)
    if key.get("controller", issuer_of(document)) != issuer_of(document):
        raise KeyRefusedError(
            "issuer-mismatch",
            f"The key belongs to {key['controller']}, but the credential's issuer is {issuer_of(document)}. "
            "Sign it with the issuer's key, or name the key's controller as issuer.",
            "Open Badges 3.0, 8.3",
        )
    if arguments.jwt:
        sys.stdout.write(issue_token(document, signer=signer, verification_method=key["id"]) + "\n")
        return 0
    if arguments.suite == OLD_TYPE and _OLD_CONTEXT not in listed(document["@context"]):
        raise ContextError(
            "context",
            f"A proof of the kind {OLD_TYPE} needs the context that defines it: add {_OLD_CONTEXT} to the @context.",
            "JSON-LD 1.1, 3.1",
        )
    created = arguments.created or datetime.now(UTC)
    how: dict[str, Any] = {"signer": signer, "verification_method": key["id"], "created": created}
    if arguments.suite == SELECTIVE:
        return _written(issue_selective(document, mandatory=arguments.mandatory, **how))
    return _written(issue(document, cryptosuite=arguments.suite, **how))


def _key(path: Path) -> tuple[dict[str, Any], PrivateKey]:
    """A key file, and the key in it."""
    with _of(path, "Give a key file as `gradatim keys new` writes it."):
        key = read_object(path.read_bytes())
        if not isinstance(key.get("id"), str):
            raise InputError("parse", "A key file has an id.")
        if "secretKeyJwk" in key:
            return key, PrivateKey.from_jwk(key["secretKeyJwk"])
        return key, PrivateKey.from_multibase(str(key.get("secretKeyMultibase")))


@contextmanager
def _of(path: Path, cure: str) -> Iterator[None]:
    """Of several files, the one that is refused is named, and what to give instead."""
    try:
        yield
    except Error as error:
        raise type(error)(error.code, f"{path}: {error.message} {cure}", error.spec) from None


def _derive(arguments: argparse.Namespace) -> int:
    return _written(derive(read_object(arguments.file.read_bytes()), pointers=arguments.show))


def _written(document: dict[str, Any]) -> int:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    return 0


def _inspect(arguments: argparse.Namespace) -> int:
    taken = intake.take(arguments.file.read_bytes())
    shown: dict[str, Any] = {"form": taken.form}
    if taken.token:
        shown["header"] = dict(taken.token.header)
    sys.stdout.write(json.dumps(shown | {"document": taken.document}, ensure_ascii=False, indent=2) + "\n")
    return 0


def _bake(arguments: argparse.Namespace) -> int:
    picture, credential = arguments.picture.read_bytes(), arguments.credential.read_bytes().strip()
    with _of(arguments.credential, "Give a credential as `gradatim issue` writes it."):
        if sniff(credential) not in {"json", "jwt"}:
            raise InputError("type", "This is a picture or a page, and no credential.")
        taken = intake.take(credential)
        if taken.edition is None:
            model.kind_of(taken.document)
    arguments.out.write_bytes(bake(picture, credential, record=arguments.record))
    return 0


def _unbake(arguments: argparse.Namespace) -> int:
    try:
        text = unbake(arguments.picture.read_bytes()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("encoding", f"Byte {error.start + 1} of what is inside is not UTF-8.") from None
    sys.stdout.write(f"{text}\n")
    return 0


def _new_key(arguments: argparse.Namespace) -> int:
    kind = _KINDS[arguments.kind]
    key = PrivateKey.generate(kind)
    public = key.public_key
    if kind == RSA:
        controller = arguments.controller or "did:jwk:" + encoding.base64url_encode(
            json.dumps(public.to_jwk()).encode()
        )
        body: dict[str, Any] = {
            "type": "JsonWebKey",
            "publicKeyJwk": public.to_jwk(),
            "secretKeyJwk": key.to_jwk(),
        }
        name = "0" if controller.startswith("did:jwk:") else "key-1"
    else:
        controller = arguments.controller or did_key(public)
        body = {
            "type": "Multikey",
            "publicKeyMultibase": public.to_multibase(),
            "secretKeyMultibase": key.to_multibase(),
        }
        name = public.to_multibase()
    sys.stdout.write(
        json.dumps({"id": f"{controller}#{name}", "controller": controller} | body, indent=2) + "\n"
    )
    return 0
