# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member's secret keys, one per purpose, sealed by a passphrase.

Source:
    Argon2id, RFC 9106; the sealed box is libsodium's secretbox (XSalsa20-Poly1305).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.secret import SecretBox

from comity.errors import Fault, InvalidDocument, NotPermitted
from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.envelope import keyid_of
from comity.ledger.keyset import Keyset, keys_json
from comity.ledger.mldsa import MlDsaKey, seed_from
from comity.ledger.note import COSIGNATURE_ED25519, COSIGNATURE_MLDSA, ED25519, NoteSigner
from comity.ledger.signature import SEED_BYTES, SigningKey

Entropy: TypeAlias = Callable[[int], bytes]
"""Return that many unpredictable bytes; `secrets.token_bytes` at the edge."""

MLDSA_PURPOSE = "comity/witness/ml-dsa-44/v1"
_FORMAT = "comity-keys/v1"
_PURPOSES = ("log", "statement", "witness", "agreement")
_MAX_MEMORY_BYTES = 2**30


class Strength(Enum):
    """What opening the key file costs: Argon2id passes and bytes of memory."""

    NORMAL = (3, 64 * 2**20)
    LIGHT = (1, 8 * 2**20)  # for example nodes only: their passphrase is public


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """32 bytes of entropy for each purpose."""

    log: bytes = field(repr=False)
    statement: bytes = field(repr=False)
    witness: bytes = field(repr=False)
    agreement: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys in use, and those that will follow them, drawn at the same time."""

    origin: Origin
    current: Seeds
    following: Seeds

    @property
    def log(self) -> NoteSigner:
        """Return the signer of the log's checkpoints."""
        return _log(self.origin, self.current)

    @property
    def statement(self) -> SigningKey:
        """Return the key that signs statements."""
        return SigningKey.from_seed(self.current.statement)

    @property
    def witness(self) -> NoteSigner:
        """Return the signer of cosignatures."""
        return _witness(self.origin, self.current)

    @property
    def witness_mldsa(self) -> NoteSigner:
        """Return the signer of the second cosignatures, derived from the witness's secret.

        A key file of any age has it: nothing more is kept.
        """
        seed = seed_from(self.current.witness, MLDSA_PURPOSE)
        name = f"{self.origin}/witness"
        return NoteSigner.of(name, COSIGNATURE_MLDSA, MlDsaKey.from_seed(seed))

    @property
    def agreement(self) -> PrivateKey:
        """Return the key that opens what was sealed for this member."""
        return PrivateKey(self.current.agreement)

    def to_keyset(
        self, *, name: str, role: str, jurisdiction: str, example: bool, issued: Instant
    ) -> Keyset:
        """State the public halves as the member's first keyset."""
        statement = self.statement.public
        return Keyset(
            name=name,
            role=role,
            jurisdiction=jurisdiction,
            example=example,
            log_key=self.log.key,
            statement_keys={keyid_of(statement): statement},
            witness_key=self.witness.key,
            agreement_key=bytes(self.agreement.public_key),
            sequence=0,
            next_digest=_keys_digest(self.origin, self.following),
            issued=issued,
            witness_key_mldsa=self.witness_mldsa.key,
        )


def generate(origin: Origin, entropy: Entropy) -> Keys:
    """Draw new keys and the ones that will follow them."""
    return Keys(origin=origin, current=_draw(entropy), following=_draw(entropy))


def seal_keys(keys: Keys, passphrase: str, *, entropy: Entropy, strength: Strength) -> bytes:
    """Write the key file.

    Raises:
        NotPermitted: The passphrase is empty.
    """
    if not passphrase:
        raise NotPermitted(
            "an empty passphrase protects nothing",
            code="node.passphrase",
            hint="give one with --passphrase-file or COMITY_PASSPHRASE",
        )
    passes, memory = strength.value
    salt, nonce = entropy(pwhash.argon2id.SALTBYTES), entropy(SecretBox.NONCE_SIZE)
    secret = to_canonical(
        {
            "origin": keys.origin,
            "current": _to_json(keys.current),
            "following": _to_json(keys.following),
        }
    )
    box = SecretBox(_stretch(passphrase, salt, passes, memory)).encrypt(secret, nonce)
    return to_canonical(
        {
            "format": _FORMAT,
            "passes": passes,
            "memory_bytes": memory,
            "salt": to_base64(salt),
            "box": to_base64(bytes(box)),
        }
    )


def open_keys(sealed: bytes, passphrase: str) -> Keys:
    """Read the key file.

    Raises:
        InvalidDocument: Not a key file.
        NotPermitted: The passphrase is wrong, or the file was changed.
    """
    match from_canonical(sealed):
        case {
            "format": str(form),
            "passes": int(passes),
            "memory_bytes": int(memory),
            "salt": str(salt),
            "box": str(box),
        } if form == _FORMAT and 1 <= passes <= 64 and 8192 <= memory <= _MAX_MEMORY_BYTES:
            key = _stretch(passphrase, from_base64(salt), passes, memory)
        case _:
            raise _malformed("not a key file of Comity")
    try:
        secret = SecretBox(key).decrypt(from_base64(box))
    except CryptoError:
        raise NotPermitted(
            "the passphrase does not open this key file",
            code="node.passphrase",
            hint="check --passphrase-file or COMITY_PASSPHRASE; a changed file fails alike",
        ) from None
    return _from_json(json.loads(secret))


def _stretch(passphrase: str, salt: bytes, passes: int, memory: int) -> bytes:
    if len(salt) != pwhash.argon2id.SALTBYTES:
        raise _malformed("the salt of the key file has a wrong length")
    return pwhash.argon2id.kdf(
        SecretBox.KEY_SIZE, passphrase.encode(), salt, opslimit=passes, memlimit=memory
    )


def _draw(entropy: Entropy) -> Seeds:
    return Seeds(**{purpose: entropy(SEED_BYTES) for purpose in _PURPOSES})


def _to_json(seeds: Seeds) -> dict[str, str]:
    return {purpose: getattr(seeds, purpose).hex() for purpose in _PURPOSES}


def _from_json(value: Mapping[str, Mapping[str, str]]) -> Keys:
    current, following = (
        Seeds(**{purpose: bytes.fromhex(value[when][purpose]) for purpose in _PURPOSES})
        for when in ("current", "following")
    )
    return Keys(origin=Origin(str(value["origin"])), current=current, following=following)


def _keys_digest(origin: Origin, seeds: Seeds) -> Digest:
    statement = SigningKey.from_seed(seeds.statement).public
    keys = keys_json(
        log_key=_log(origin, seeds).key,
        statement_keys={keyid_of(statement): statement},
        witness_key=_witness(origin, seeds).key,
        agreement_key=bytes(PrivateKey(seeds.agreement).public_key),
    )
    return sha256(to_canonical(keys))


def _log(origin: Origin, seeds: Seeds) -> NoteSigner:
    return NoteSigner.of(origin, ED25519, SigningKey.from_seed(seeds.log))


def _witness(origin: Origin, seeds: Seeds) -> NoteSigner:
    name = f"{origin}/witness"
    return NoteSigner.of(name, COSIGNATURE_ED25519, SigningKey.from_seed(seeds.witness))


def _malformed(message: str) -> InvalidDocument:
    return InvalidDocument(message, code="node.key_file", faults=[Fault(message=message)])
