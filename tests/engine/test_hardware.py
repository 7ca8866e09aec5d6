"""Keys in a hardware module, stood in for by SoftHSM (Debian: softhsm2)."""

import shutil
import subprocess
from pathlib import Path

import pytest

from gradatim.engine import did
from gradatim.engine.errors import KeyRefusedError
from gradatim.engine.issue import issue, issue_token
from gradatim.engine.keys import ED25519, P256, P384, RSA
from tests.engine.samples import NOW, check, credential

pkcs11 = pytest.importorskip(
    "pkcs11", reason="python-pkcs11 is not installed: pip install 'gradatim[pkcs11]'"
)
from gradatim.engine.hardware import HardwareSigner, open_token  # noqa: E402 - needs the package above

MODULE = next(
    (
        path
        for path in map(Path, ["/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"])
        if path.exists()
    ),
    None,
)
pytestmark = pytest.mark.skipif(
    MODULE is None or shutil.which("softhsm2-util") is None,
    reason="SoftHSM is not here: apt-get install softhsm2",
)
PIN = "4711"


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(
        f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(settings))
        subprocess.run(
            [
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "gradatim",
                "--pin",
                PIN,
                "--so-pin",
                "4712",
            ],
            check=True,
            capture_output=True,
        )
        with open_token(MODULE, token="gradatim", pin=PIN) as opened:
            yield opened


@pytest.mark.parametrize("kind", [ED25519, P256, P384])
def test_a_badge_signed_in_the_module(session, kind):
    signer = HardwareSigner.generate(session, label=f"issuer-{kind}", kind=kind)
    assert HardwareSigner.find(session, label=f"issuer-{kind}").public_key == signer.public_key
    issuer = did.did_key(signer.public_key)
    document = credential(issuer={"id": issuer, "type": ["Profile"], "name": "N"})
    method = f"{issuer}#{signer.public_key.to_multibase()}"
    assert check(issue(document, signer=signer, verification_method=method, created=NOW)).verdict == "valid"
    assert check(issue_token(document, signer=signer, verification_method=method)).verdict == "valid"
    assert signer.public_key.verify(signer.sign(b"x"), b"x")
    assert not signer.public_key.verify(signer.sign(b"x"), b"y")


def test_the_secret_stays_inside(session):
    HardwareSigner.generate(session, label="kept")
    key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label="kept")
    with pytest.raises(pkcs11.exceptions.AttributeSensitive):
        key[pkcs11.Attribute.VALUE]


def test_what_is_not_there_is_said(session):
    with pytest.raises(KeyRefusedError, match="'nobody' cannot be found: the token shows no key pair"):
        HardwareSigner.find(session, label="nobody")
    with pytest.raises(ValueError, match="RSA"):
        HardwareSigner.generate(session, label="rsa", kind=RSA)
    with pytest.raises(KeyRefusedError, match="'other' cannot be opened: the module has none of that label"):
        open_token(MODULE, token="other", pin=PIN)
    with pytest.raises(KeyRefusedError, match="'gradatim' cannot be opened: this process has it open"):
        open_token(MODULE, token="gradatim", pin=PIN)
    with pytest.raises(KeyRefusedError, match=r"/nowhere\.so cannot be loaded .*; give the path"):
        open_token(Path("/nowhere.so"), token="other", pin=PIN)


def test_a_label_names_one_key(session):
    signer = HardwareSigner.generate(session, label="taken")
    with pytest.raises(KeyRefusedError, match="has a key 'taken' already"):
        HardwareSigner.generate(session, label="taken", kind=P256)
    assert HardwareSigner.find(session, label="taken").public_key == signer.public_key
    session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label="taken").destroy()
    with pytest.raises(KeyRefusedError, match="has a key 'taken' already"):
        HardwareSigner.generate(session, label="taken")
    with pytest.raises(KeyRefusedError, match="shows no key pair of that label"):
        HardwareSigner.find(session, label="taken")


def test_several_keys_of_one_label_are_not_none(session):
    for _ in range(2):
        session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="twins")
    with pytest.raises(KeyRefusedError, match="'twins' cannot be found: the token has several of that label"):
        HardwareSigner.find(session, label="twins")


def test_a_key_that_is_on_no_curve(session):
    session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="rsa")
    with pytest.raises(KeyRefusedError, match="neither Ed25519 nor"):
        HardwareSigner.find(session, label="rsa")


def test_a_token_that_went_away(session):
    signer = HardwareSigner.generate(session, label="gone")
    session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label="gone").destroy()
    with pytest.raises(KeyRefusedError, match="did not sign: the module answers"):
        signer.sign(b"x")


def test_a_key_of_another_curve(session):
    curve = {pkcs11.Attribute.EC_PARAMS: bytes.fromhex("06052b81040023")}  # P-521
    session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True).generate_keypair(
        store=True, label="p521"
    )
    with pytest.raises(KeyRefusedError):
        HardwareSigner.find(session, label="p521")


def test_a_session_that_only_reads(session):
    reading = pkcs11.lib(str(MODULE)).get_token(token_label="gradatim").open()
    with reading, pytest.raises(KeyRefusedError, match="makes no Ed25519 key: the session only reads"):
        HardwareSigner.generate(reading, label="new")
