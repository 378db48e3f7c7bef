# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One officer's key in a file of its own, kept away from the node.

A root key signs keysets and compromises, a statement key the other statements of a member
that asks for several officers. Beside the sealed file stands what is shown to others: the
public key and what it is for.
"""

import json
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from comity.errors import InvalidDocument, NotPermitted
from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.digest import from_hex
from comity.kernel.fields import Fields
from comity.ledger.envelope import keyid_of
from comity.ledger.keyset import ROOT_KINDS
from comity.ledger.signature import LOW_ORDER, SEED_BYTES, SigningKey
from comity.node.keys.keyfile import Entropy, Strength, malformed, open_secret, seal_secret

Purpose: TypeAlias = Literal["root", "statement"]
PURPOSES: tuple[Purpose, ...] = ("root", "statement")
_FORMAT = "comity-officer-key/v1"
_PUBLIC_FORMAT = "comity-officer-public-key/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerPublic:
    """What others see of an officer's key.

    Args:
        name: The office, such as "head of the AI office"; no person.
    """

    name: str
    purpose: Purpose
    public: bytes

    @property
    def keyid(self) -> str:
        """Return the id by which a keyset lists the key."""
        return keyid_of(self.public)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerKey:
    """One officer's key pair."""

    name: str
    purpose: Purpose
    pair: SigningKey

    @property
    def shown(self) -> OfficerPublic:
        """Return what others see of it."""
        return OfficerPublic(name=self.name, purpose=self.purpose, public=self.pair.public)


def draw_officer_key(name: str, purpose: Purpose, entropy: Entropy) -> tuple[OfficerKey, bytes]:
    """Draw a key; the second value is its secret."""
    seed = entropy(SEED_BYTES)
    return OfficerKey(name=name, purpose=purpose, pair=SigningKey.from_seed(seed)), seed


def seal_officer_key(
    key: OfficerKey, seed: bytes, passphrase: str, *, entropy: Entropy, strength: Strength
) -> bytes:
    """Write the secret file.

    Raises:
        NotPermitted: The passphrase is empty.
    """
    secret = to_canonical({"name": key.name, "purpose": key.purpose, "seed": seed.hex()})
    return seal_secret(secret, passphrase, form=_FORMAT, entropy=entropy, strength=strength)


def open_officer_key(sealed: bytes, passphrase: str) -> OfficerKey:
    """Read the secret file.

    Raises:
        InvalidDocument: Not an officer's key file.
        NotPermitted: The passphrase is wrong, or the file was changed.
    """
    secret, _ = open_secret(sealed, passphrase, form=_FORMAT)
    try:
        value = json.loads(secret)
        pair = SigningKey.from_seed(bytes.fromhex(value["seed"]))
        return OfficerKey(name=str(value["name"]), purpose=_purpose(value), pair=pair)
    except (KeyError, TypeError, ValueError):
        raise malformed("the key file lacks what every officer's key file has") from None


def to_public(shown: OfficerPublic) -> bytes:
    """Write the file that is shown to others."""
    return to_canonical(
        {
            "format": _PUBLIC_FORMAT,
            "name": shown.name,
            "purpose": shown.purpose,
            "ed25519": shown.public.hex(),
            "keyid": shown.keyid,
        }
    )


def from_public(encoded: bytes) -> OfficerPublic:
    """Read the file that is shown to others.

    Raises:
        InvalidDocument: Not such a file, or its key is none.
    """
    fields = Fields(from_canonical(encoded.strip()), faults=[])
    fields.choice("format", [_PUBLIC_FORMAT])
    key = bytes(fields.digest("ed25519"))
    if key in LOW_ORDER and fields.has("ed25519"):
        fields.fault("ed25519", "is a low-order point, which is no key")
    if fields.has("keyid") and fields.text("keyid") != keyid_of(key):
        fields.fault("keyid", "is not the id of the key")
    name = fields.text("name")
    purpose = cast("Purpose", fields.choice("purpose", PURPOSES))
    fields.finish("not an officer's public key", code="node.officer_key")
    return OfficerPublic(name=name, purpose=purpose, public=key)


def public_from_hex(text: str, purpose: Purpose) -> OfficerPublic:
    """Read a bare public key, such as of a hardware token.

    Raises:
        InvalidDocument: Not 64 hexadecimal digits, or no key.
    """
    key = bytes(from_hex(text))
    if key in LOW_ORDER:
        raise InvalidDocument("a low-order point is no key", code="node.officer_key")
    return OfficerPublic(name=text[:16], purpose=purpose, public=key)


def check_purpose(key: OfficerPublic, kind: str) -> None:
    """Check that an officer's key may sign a kind of statement.

    Raises:
        NotPermitted: A root key signs keysets and compromises, a statement key the others.
    """
    needed = "root" if kind in ROOT_KINDS else "statement"
    if key.purpose != needed:
        raise NotPermitted(
            f"the {key.purpose} key of {key.name!r} does not sign a {kind}",
            code="node.officer_purpose",
            hint=f"one key has one purpose: use a {needed} key",
        )


def _purpose(value: dict[str, object]) -> Purpose:
    for purpose in PURPOSES:
        if value["purpose"] == purpose:
            return purpose
    raise ValueError
