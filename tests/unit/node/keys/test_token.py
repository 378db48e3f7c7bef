# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Keys in hardware tokens and key services, and what becomes of those that cannot sign."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from securesystemslib.signer import (
    SIGNER_FOR_URI_SCHEME,
    CryptoSigner,
    Key,
    SecretsHandler,
    Signature,
    Signer,
)
from tests.fakes.dynasty import pair, saying
from tests.unit.node.conftest import PASSPHRASE, entropy_of

from comity.errors import InvalidDocument, NotPermitted
from comity.ledger.envelope import from_bytes, keyid_of
from comity.ledger.signature import is_valid
from comity.node.fetch.key import Purpose, open_key_document
from comity.node.keys.signers import FILE
from comity.node.keys.token import open_token
from comity.node.node import Node
from comity.node.rotation import Change, log_draft, prepare_rotation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from comity.kernel.instant import Instant

    Found = Callable[[str], Node]

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
PIN = "1234"


class Service(Signer):
    """A key service in memory: `memory:NAME`, which may sign wrongly or not at all."""

    def __init__(self, name: str, public_key: Key, secret: SecretsHandler | None) -> None:
        self._name = name
        self._public_key = public_key
        self._secret = secret

    @property
    def public_key(self) -> Key:
        """Return the key's public half."""
        return self._public_key

    @classmethod
    def from_priv_key_uri(
        cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
    ) -> Service:
        """Open the key of a name."""
        return cls(priv_key_uri.partition(":")[2], public_key, secrets_handler)

    def sign(self, payload: bytes) -> Signature:
        """Sign, as far as the name allows."""
        if self._name == "offline":
            raise ConnectionError("the service does not answer")
        if self._name == "locked" and self._secret is not None:
            self._secret("pin")
        made = pair(self._name).sign(payload).hex()
        return Signature(self._public_key.keyid, "zz" if self._name == "garbled" else made)


@pytest.fixture
def service() -> Iterator[None]:
    """Let `memory:` be a scheme the library knows."""
    SIGNER_FOR_URI_SCHEME["memory"] = Service
    yield
    del SIGNER_FOR_URI_SCHEME["memory"]


def no_pin(name: str) -> str:
    """Refuse every question."""
    raise AssertionError(name)


def test_a_key_in_a_pem_file_signs_through_the_library(tmp_path: Path) -> None:
    """`file2:` is the library's own; its signature stands under our one rule."""
    signer = CryptoSigner.generate_ed25519()
    path = tmp_path / "key.pem"
    path.write_bytes(signer.private_bytes)
    public = bytes.fromhex(signer.public_key.keyval["public"])
    token = open_token(f"file2:{path}", public, no_pin)
    assert is_valid(public, b"said", token.sign(b"said"))


@pytest.mark.usefixtures("service")
def test_a_key_service_signs_through_the_same_interface() -> None:
    """Whatever scheme is registered."""
    token = open_token("memory:a", pair("a").public, no_pin)
    assert token.sign(b"said") == pair("a").sign(b"said")


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("uri", "name", "said"),
    [
        ("memory:b", "a", "another key"),
        ("memory:offline", "offline", "does not answer"),
        ("memory:garbled", "garbled", "ValueError"),
        ("pigeon:a", "a", "no signer for 'pigeon'"),
        ("file2:/no/such/key.pem", "a", "FileNotFoundError"),
        ("awskms:", "a", "cannot be used"),
        ("gcpkms:projects/x", "a", "cannot be used"),
        ("azurekms:x", "a", "cannot be used"),
        ("hsm:2", "a", "PYKCS11LIB"),
        ("hsm:two?module=/no/such.so", "a", "invalid literal"),
        ("hsm:2?module=/no/such.so", "a", "no/such"),
    ],
)
def test_a_key_that_cannot_sign_says_why(
    uri: str, name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One error of ours, whatever the library or the device raised."""
    monkeypatch.delenv("PYKCS11LIB", raising=False)
    with pytest.raises(NotPermitted) as refused:
        open_token(uri, pair(name).public, lambda _: PIN).sign(b"said")
    assert refused.value.code == "node.token"
    assert said in refused.value.message


def test_a_key_that_is_not_ed25519_is_refused(tmp_path: Path) -> None:
    """Followers verify one algorithm."""
    signer = CryptoSigner.generate_ecdsa()
    path = tmp_path / "key.pem"
    path.write_bytes(signer.private_bytes)
    with pytest.raises(NotPermitted, match="cannot be used"):
        open_token(f"file2:{path}", pair("a").public, no_pin)


def declare(node: Node, *rows: str) -> None:
    """Write signers.toml."""
    content = "".join(f"[[signer]]\n{row}\n" for row in rows)
    (node.folder / FILE).write_text(content, "utf-8")


def in_force(node: Node, now: Instant, public: bytes, *, own: bool) -> Node:
    """Let a key from elsewhere come into force as a statement key."""
    draws = entropy_of(f"tokens of {node.folder.name}")
    announced = Change(following=(public,), is_own_following=own)
    log_draft(node, prepare_rotation(node, announced, PASSPHRASE, now, draws))
    again = Node.open(node.folder, PASSPHRASE)
    log_draft(again, prepare_rotation(again, Change(), PASSPHRASE, now, draws))
    again.close()
    return Node.open(node.folder, PASSPHRASE)


def signers_of(node: Node, index: int) -> list[str]:
    """Return who signed an entry of a node's own log."""
    (entry,) = node.log.entries(index, index + 1)
    return [one.keyid for one in from_bytes(entry).signatures]


@pytest.mark.usefixtures("service")
def test_what_signers_toml_declares_signs_statements(found: Found, now: Instant) -> None:
    """Even where no statement key lies on the node at all."""
    node, public = found("kh"), pair("service").public
    declare(node, f'public = "{public.hex()}"\nuri = "memory:service"')
    with closing(in_force(node, now, public, own=False)) as again:
        assert list(again.keyset.statement_keys.values()) == [public]
        again.append([saying(1)], now)
        assert signers_of(again, 3) == [keyid_of(public)]
        assert [one.fault for one in again.view().entries()] == [""] * 4
        _, document = again.derived_key(Purpose.TRANSPORT, now)
        key = open_key_document(document, again.identity, Purpose.TRANSPORT, now)
        assert key.member == again.member


@pytest.mark.usefixtures("service")
def test_a_declared_key_that_is_not_in_force_is_left_alone(found: Found, now: Instant) -> None:
    """It may be announced, or long retired; it is not even opened."""
    node = found("kh")
    declare(node, f'public = "{pair("x").public.hex()}"\nuri = "memory:offline"')
    node.append([saying(1)], now)
    assert signers_of(node, 1) == list(node.keyset.statement_keys)


@pytest.mark.usefixtures("service")
def test_a_pin_comes_from_the_environment(
    found: Found, now: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where it is not set, the variable is named."""
    node, public = found("kh"), pair("locked").public
    row = f'public = "{public.hex()}"\nuri = "memory:locked"\nsecret_variable = "OFFICE_PIN"'
    declare(node, row)
    monkeypatch.setenv("OFFICE_PIN", PIN)
    with closing(in_force(node, now, public, own=False)) as again:
        again.append([saying(1)], now)
        monkeypatch.delenv("OFFICE_PIN")
        with pytest.raises(NotPermitted) as refused:
            again.append([saying(2)], now)
        assert "OFFICE_PIN" in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[signer]]\n", "public is missing"),
        ("[[signer]]\npublic = 'x'\nuri = ''\n", "uri"),
        ("[[signer]]\npublic = 'x'\nurl = 'hsm:2'\n", "url"),
        ("[[signers]]\n", "signers"),
        ("signer = 5\n", "is not a list"),
        ("[[signer\n", "not TOML"),
    ],
)
def test_a_faulty_signers_toml_is_refused(found: Found, content: str, said: str) -> None:
    """With what is wrong in it."""
    node = found("kh")
    (node.folder / FILE).write_text(content, "utf-8")
    with pytest.raises(InvalidDocument) as refused:
        node.secrets()
    assert said in str(refused.value)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, bytes]:
    """Return the address and the public key of an Ed25519 key made in a SoftHSM token."""
    pkcs11 = pytest.importorskip("pkcs11", reason="python-pkcs11 (the extra hsm) is not here")
    module = next((one for one in MODULES if Path(one).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM is not installed (apt-get install softhsm2)")
    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm.conf"
    settings.write_text(f"directories.tokendir = {tmp_path}/tokens\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    words = ["softhsm2-util", "--init-token", "--free", "--label", "office"]
    made = subprocess.run(
        [*words, "--pin", PIN, "--so-pin", "5678"],
        capture_output=True,
        env=os.environ,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    library = pkcs11.lib(module)
    library.reinitialize()
    public = _generate(pkcs11, library.get_token(token_label="office"))  # noqa: S106 - a label
    return f"hsm:7?label=office&module={module}", public


def _generate(pkcs11: Any, token: Any) -> bytes:
    named = {pkcs11.Attribute.EC_PARAMS: b"\x13\x0cedwards25519"}
    with token.open(user_pin=PIN, rw=True) as session:
        parameters = session.create_domain_parameters(
            pkcs11.KeyType.EC_EDWARDS,
            named,
            local=True,
        )
        public, _ = parameters.generate_keypair(
            store=True,
            id=b"\x07",
            mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
        )
        return bytes(public[pkcs11.Attribute.EC_POINT][-32:])


def test_a_hardware_token_signs_a_members_statements(
    office: tuple[str, bytes], found: Found, now: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key never left it; every follower takes the signature for what it is."""
    uri, public = office
    node = found("kh")
    declare(node, f'public = "{public.hex()}"\nuri = "{uri}"\nsecret_variable = "OFFICE_PIN"')
    monkeypatch.setenv("OFFICE_PIN", PIN)
    with closing(in_force(node, now, public, own=False)) as again:
        again.append([saying(1)], now)
        assert signers_of(again, 3) == [keyid_of(public)]
        assert [one.fault for one in again.view().entries()] == [""] * 4


def test_a_hardware_token_with_a_wrong_pin_signs_nothing(office: tuple[str, bytes]) -> None:
    """And says that it is the PIN."""
    uri, public = office
    with pytest.raises(NotPermitted, match="Pin"):
        open_token(uri, public, lambda _: "9999").sign(b"said")
    with pytest.raises(NotPermitted, match="NoSuchKey"):
        open_token(uri.replace("hsm:7", "hsm:8"), public, lambda _: PIN).sign(b"said")
