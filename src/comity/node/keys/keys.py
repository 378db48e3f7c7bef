# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member's secret keys, one per purpose: those in use, those that follow, those before.

Which of them are in use, the member's own log says (`aligned`): the file is written before a
rotation is logged and never has to be written after, so that no moment of a rotation can
leave a node without the keys its log names.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from nacl.public import PrivateKey

from comity.errors import NotPermitted
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant
from comity.ledger.envelope import keyid_of
from comity.ledger.identity import Identity
from comity.ledger.keyset import Keyset, keys_json
from comity.ledger.mldsa import MlDsaKey, seed_from
from comity.ledger.note import COSIGNATURE_ED25519, COSIGNATURE_MLDSA, ED25519, NoteSigner
from comity.ledger.signature import SEED_BYTES, SigningKey
from comity.node.keys.keyfile import Entropy, Strength, malformed, open_secret, seal_secret

__all__ = ["Entropy", "Keys", "Seeds", "Strength", "generate", "open_keys", "seal_keys"]

MLDSA_PURPOSE = "comity/witness/ml-dsa-44/v1"
_FORMAT = "comity-keys/v1"
_PURPOSES = ("log", "statement", "witness", "agreement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """32 bytes of entropy for each purpose, and the public keys that stand beside.

    Args:
        beside: Statement keys whose secrets others hold: officers, tokens, key services.
        is_own_stated: Whether the statement key drawn here is among the statement keys.
    """

    log: bytes = field(repr=False)
    statement: bytes = field(repr=False)
    witness: bytes = field(repr=False)
    agreement: bytes = field(repr=False)
    beside: tuple[bytes, ...] = ()
    is_own_stated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys in use, and those before and after them.

    Args:
        following: Those whose digest the keyset in force names as `next`; None where this
            file is too old to have them.
        prepared: Those drawn whenever a rotation was prepared; the one that is logged says
            which of them come after those that follow.
        earlier: Those no longer in use, oldest first; they open what was sealed for them.
    """

    origin: Origin
    current: Seeds
    following: Seeds | None
    prepared: tuple[Seeds, ...] = ()
    earlier: tuple[Seeds, ...] = ()

    @property
    def log(self) -> NoteSigner:
        """Return the signer of the log's checkpoints."""
        return _log(self.origin, self.current)

    @property
    def logs(self) -> tuple[NoteSigner, ...]:
        """Return every signer of checkpoints this file has, those before and after too."""
        return tuple(_log(self.origin, seeds) for seeds in self._all())

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
    def witnesses(self) -> tuple[NoteSigner, NoteSigner]:
        """Return both signers of cosignatures."""
        return self.witness, self.witness_mldsa

    @property
    def agreement(self) -> PrivateKey:
        """Return the key that opens what is sealed for this member now."""
        return PrivateKey(self.current.agreement)

    @property
    def agreements(self) -> tuple[PrivateKey, ...]:
        """Return every key that may open a sealed box, the one in use first."""
        seeds = (self.current, *reversed(self.earlier))
        return tuple(PrivateKey(one.agreement) for one in seeds)

    def to_keyset(
        self, *, name: str, role: str, jurisdiction: str, example: bool, issued: Instant
    ) -> Keyset:
        """State the public halves as the member's first keyset.

        Raises:
            NotPermitted: The keys that follow are not known.
        """
        return Keyset(
            name=name,
            role=role,
            jurisdiction=jurisdiction,
            example=example,
            log_key=self.log.key,
            statement_keys=_stated(self.current),
            witness_key=self.witness.key,
            agreement_key=bytes(self.agreement.public_key),
            sequence=0,
            next_digest=self.digest_of(self.needed()),
            issued=issued,
            witness_key_mldsa=self.witness_mldsa.key,
        )

    def needed(self) -> Seeds:
        """Return the keys that follow.

        Raises:
            NotPermitted: This file does not have them.
        """
        if self.following is None:
            raise NotPermitted(
                "this key file does not have the keys its log announced",
                code="node.keys_following",
                hint="put the newest key file back: an older copy cannot rotate any more",
            )
        return self.following

    def rotated(self, next_digest: Digest) -> "Keys":
        """Return the keys as they are once those that follow are in use.

        Args:
            next_digest: What their keyset names as `next`.

        Raises:
            NotPermitted: This file does not have them.
        """
        after = (one for one in self.prepared if self.digest_of(one) == next_digest)
        return replace(
            self,
            current=self.needed(),
            following=next(after, None),
            prepared=(),
            earlier=(*self.earlier, self.current),
        )

    def aligned(self, identity: Identity) -> "Keys":
        """Return the keys with those in use that the member's log says are.

        Raises:
            NotPermitted: This file has no such keys.
        """
        keys = self
        for tenure in identity.tenures:
            following = keys.following
            is_next = following is not None and self.digest_of(following) == (
                tenure.keyset.keys_digest
            )
            keys = keys.rotated(tenure.keyset.next_digest) if is_next else keys
        if keys.log.key != identity.keyset.log_key:
            raise NotPermitted(
                f"this key file has no secret of the log's key {identity.keyset.log_key.vkey}",
                code="node.keys_other",
                hint="start this node again; else put the newest key file of the member back",
            )
        return keys

    def digest_of(self, seeds: Seeds) -> Digest:
        """Return the digest by which a keyset names the keys that follow it."""
        keys = keys_json(
            log_key=_log(self.origin, seeds).key,
            statement_keys=_stated(seeds),
            witness_key=_witness(self.origin, seeds).key,
            agreement_key=bytes(PrivateKey(seeds.agreement).public_key),
        )
        return sha256(to_canonical(keys))

    def _all(self) -> tuple[Seeds, ...]:
        later = () if self.following is None else (self.following,)
        return (self.current, *self.earlier, *later, *self.prepared)


def generate(origin: Origin, entropy: Entropy) -> Keys:
    """Draw new keys and the ones that will follow them."""
    return Keys(origin=origin, current=draw(entropy), following=draw(entropy))


def draw(
    entropy: Entropy, *, beside: tuple[bytes, ...] = (), is_own_stated: bool = True
) -> Seeds:
    """Draw the secrets of one keyset."""
    seeds = {purpose: entropy(SEED_BYTES) for purpose in _PURPOSES}
    return Seeds(**seeds, beside=beside, is_own_stated=is_own_stated)


def seal_keys(keys: Keys, passphrase: str, *, entropy: Entropy, strength: Strength) -> bytes:
    """Write the key file.

    Raises:
        NotPermitted: The passphrase is empty.
    """
    others = {"prepared": keys.prepared, "earlier": keys.earlier}
    secret = to_canonical(
        {
            "origin": keys.origin,
            "current": _to_json(keys.current),
            **({} if keys.following is None else {"following": _to_json(keys.following)}),
            **{name: [_to_json(one) for one in some] for name, some in others.items() if some},
        }
    )
    return seal_secret(secret, passphrase, form=_FORMAT, entropy=entropy, strength=strength)


def open_keys(sealed: bytes, passphrase: str) -> Keys:
    """Read the key file.

    Raises:
        InvalidDocument: Not a key file.
        NotPermitted: The passphrase is wrong, or the file was changed.
    """
    return open_keys_as(sealed, passphrase)[0]


def open_keys_as(sealed: bytes, passphrase: str) -> tuple[Keys, Strength]:
    """Read the key file, and how strongly it was sealed; as `open_keys`."""
    secret, strength = open_secret(sealed, passphrase, form=_FORMAT)
    try:
        return _from_json(json.loads(secret)), strength
    except (KeyError, TypeError, ValueError):
        raise malformed("the key file lacks what every key file has") from None


def _stated(seeds: Seeds) -> dict[str, bytes]:
    own = (SigningKey.from_seed(seeds.statement).public,) if seeds.is_own_stated else ()
    return {keyid_of(key): key for key in (*own, *seeds.beside)}


def _to_json(seeds: Seeds) -> dict[str, Json]:
    return {
        **{purpose: getattr(seeds, purpose).hex() for purpose in _PURPOSES},
        **({"beside": [key.hex() for key in seeds.beside]} if seeds.beside else {}),
        **({} if seeds.is_own_stated else {"is_own_stated": False}),
    }


def _from_json(value: Mapping[str, object]) -> Keys:
    following = value.get("following")
    return Keys(
        origin=Origin(str(value["origin"])),
        current=_seeds(value["current"]),
        following=None if following is None else _seeds(following),
        prepared=tuple(map(_seeds, cast("list[object]", value.get("prepared", [])))),
        earlier=tuple(map(_seeds, cast("list[object]", value.get("earlier", [])))),
    )


def _seeds(value: object) -> Seeds:
    fields = cast("Mapping[str, object]", value)
    beside = cast("list[str]", fields.get("beside", []))
    return Seeds(
        **{purpose: bytes.fromhex(str(fields[purpose])) for purpose in _PURPOSES},
        beside=tuple(map(bytes.fromhex, beside)),
        is_own_stated=fields.get("is_own_stated") is not False,
    )


def _log(origin: Origin, seeds: Seeds) -> NoteSigner:
    return NoteSigner.of(origin, ED25519, SigningKey.from_seed(seeds.log))


def _witness(origin: Origin, seeds: Seeds) -> NoteSigner:
    name = f"{origin}/witness"
    return NoteSigner.of(name, COSIGNATURE_ED25519, SigningKey.from_seed(seeds.witness))
