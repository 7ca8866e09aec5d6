"""Verification of credentials that are tokens with selectively disclosed claims (SD-JWT VC).

Spec: SD-JWT VC, 2.2 and 3; RFC 9901, 7. Claims in plain JSON, without a context: every letter of them is signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradatim.engine.errors import Error, FetchError, KeyRefusedError, UnreachableKeyError
from gradatim.engine.model.values import is_uri
from gradatim.engine.proof import claims, jose, sd_jwt
from gradatim.engine.report import Check, Outcome, Report
from gradatim.engine.verify import continuity
from gradatim.engine.verify.dates import dates

if TYPE_CHECKING:
    from gradatim.engine.verify import Setting
    from gradatim.engine.verify.intake import Taken

_BORROWED = ("issuer", "credentialSubject")
"""Where readers of other credentials look for who issued it, and about whom; here that is ``iss``, and what is claimed."""
_SPEC = "SD-JWT VC, 2.2"
_CONTEXT = "VC Data Model 2.0, 4.3"


def check(taken: Taken, setting: Setting) -> Report:
    """All checks of such a token."""
    payload = taken.document
    checks = [Check("input", Outcome.PASSED, f"The {taken.form} could be read.", "RFC 9901")]
    if not isinstance(payload.get("vct"), str):
        words = "It says of no kind of credential that it is one (vct)."
        return Report(
            (*checks, Check("type", Outcome.FAILED, words, _SPEC, "type", refuses=True)), document=payload
        )
    words = f"It is a credential of the kind {payload['vct'][:200]}."
    checks.append(Check("type", Outcome.PASSED, words, _SPEC))
    borrowed = next((name for name in _BORROWED if name in payload), None)
    if borrowed is not None:
        words = (
            f"It says {borrowed!r} as the VC data model does, but no @context that says so: whose it is would be read there, and "
            "nobody has signed for that. Ask its issuer for one with an @context, or without that claim."
        )
        return Report((*checks, Check("context", Outcome.FAILED, words, _CONTEXT, "context", refuses=True)))
    if not is_uri(payload.get("iss")):
        words = "It does not name its issuer by an address (iss)."
        return Report(
            (*checks, Check("shape", Outcome.FAILED, words, _SPEC, "schema", refuses=True)), document=payload
        )
    checks.append(Check("shape", Outcome.PASSED, "It has what such a credential needs.", _SPEC))
    checks.append(
        Check("terms", Outcome.PASSED, "The signature covers every claim that is shown.", "RFC 9901, 7.1")
    )
    checks += _signed(taken, setting)
    checks += continuity.check(payload["iss"], setting)
    checks.append(dates({}, setting.now, taken))  # the token's own times; other claims may be called anything
    if "status" in payload:
        words = "It names a list on which it could be taken back, of a kind that is not looked up here."
        checks.append(Check("status", Outcome.UNDETERMINED, words, _SPEC, "status-unsupported"))
    else:
        checks.append(
            Check("status", Outcome.PASSED, "It names no list on which it could be taken back.", _SPEC)
        )
    if setting.trusted is not None and payload["iss"] not in setting.trusted:
        words = f"The issuer it names is not on your list: {payload['iss'][:200]}."
        checks.append(Check("issuer-known", Outcome.UNDETERMINED, words, _SPEC, "issuer-unknown"))
    words = "It is a credential, but not an Open Badge."
    checks.append(Check("kind", Outcome.UNDETERMINED, words, _SPEC, "not-a-badge"))
    return Report(tuple(checks), document=payload)


def _signed(taken: Taken, setting: Setting) -> list[Check]:
    """The checks "proof", "key" and "issuer", up to the one that fails."""
    disclosed = taken.disclosed
    assert disclosed is not None  # noqa: S101 - the caller asked
    token, issuer = disclosed.token, str(taken.document["iss"])
    try:
        jose.check_header(token.header, types=sd_jwt.TYPES)
        made = claims.made_at(token.payload, setting.now)
        key = sd_jwt.issuer_key(token, issuer, fetcher=setting.fetcher, at=made)
    except (UnreachableKeyError, FetchError) as error:
        return [Check("key", Outcome.UNDETERMINED, error.message, error.spec, error.code)]
    except Error as error:
        name = "key" if isinstance(error, KeyRefusedError) else "proof"
        return [Check(name, Outcome.FAILED, error.message, error.spec, error.code)]
    try:
        jose.verify(token, key)
        sd_jwt.check_binding(disclosed, challenge=setting.challenge, domain=setting.domain, now=setting.now)
    except Error as error:
        return [Check("proof", Outcome.FAILED, error.message, error.spec, error.code)]
    setting.signers.append(key)
    return [
        Check("proof", Outcome.PASSED, "It has not been changed since it was signed.", "RFC 9901, 7.1"),
        Check("key", Outcome.PASSED, "The key that signed it was found.", "SD-JWT VC, 3"),
        Check("issuer", Outcome.PASSED, "The key belongs to the issuer.", "SD-JWT VC, 3"),
    ]
