# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member and the keysets that may follow its first, made without a node."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import from_posix
from comity.ledger.envelope import keyid_of, sign_payload
from comity.ledger.identity import Identity
from comity.ledger.keyset import Keyset, Root, to_statement
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, NoteSigner, Secret
from comity.ledger.signature import SigningKey
from comity.ledger.statement import (
    PAYLOAD_TYPE,
    Statement,
    Subject,
    to_payload,
    to_predicate_type,
)

ORIGIN = Origin("kh.example/log")
BEGIN = 1_790_000_000
DAY = 86_400


def pair(name: str) -> SigningKey:
    """Return the key pair of a name."""
    return SigningKey.from_seed(hashlib.sha256(name.encode()).digest())


def listed(pairs: Iterable[SigningKey]) -> dict[str, bytes]:
    """Return public keys by key id."""
    return {keyid_of(one.public): one.public for one in pairs}


def root_of(threshold: int, *pairs: SigningKey) -> Root:
    """Return a root of some keys."""
    return Root(threshold=threshold, keys=listed(pairs))


def signed(statement: Statement, *pairs: Secret) -> bytes:
    """Return an entry under some keys."""
    return sign_payload(to_payload(statement), PAYLOAD_TYPE, pairs)


def saying(number: int, kind: str = "note") -> Statement:
    """Return a small statement."""
    return Statement(
        predicate_type=to_predicate_type(kind),
        predicate={"number": number},
        subjects=(Subject.of(sha256(b"%d" % number)),),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dynasty:
    """The keysets of one member, any number of them, from names of keys.

    Args:
        roots: The root of each keyset by its number; where none is named, the statement keys.
        officers: Names of further statement keys of every keyset.
        needed: How many officers must sign, by kind.
    """

    name: str = "kh"
    roots: Mapping[int, Root] | None = None
    officers: Sequence[str] = ()
    needed: Mapping[str, int] | None = None

    def statement(self, number: int) -> SigningKey:
        """Return the member's own statement key of one keyset."""
        return pair(f"{self.name} statement {number}")

    def log(self, number: int) -> NoteSigner:
        """Return the signer of checkpoints of one keyset."""
        return NoteSigner.of(ORIGIN, ED25519, pair(f"{self.name} log {number}"))

    def witness(self, number: int) -> NoteSigner:
        """Return the signer of cosignatures of one keyset."""
        secret = pair(f"{self.name} witness {number}")
        return NoteSigner.of(f"{ORIGIN}/witness", COSIGNATURE_ED25519, secret)

    def keyset(self, number: int) -> Keyset:
        """Return the keyset of a number, as an honest owner states it."""
        following = self._bare(number + 1)
        return replace(self._bare(number), next_digest=following.keys_digest)

    def identity(self) -> Identity:
        """Return who the member is at first."""
        return Identity.of(self.keyset(0))

    def first(self) -> bytes:
        """Return the first entry of its log."""
        return signed(to_statement(self.keyset(0)), self.statement(0))

    def rotation(self, number: int, *pairs: SigningKey) -> bytes:
        """Return the entry of a later keyset under some keys, else the two statement keys."""
        keys = pairs or (self.statement(number - 1), self.statement(number))
        return signed(to_statement(self.keyset(number)), *keys)

    def _bare(self, number: int) -> Keyset:
        officers = [pair(name) for name in self.officers]
        return Keyset(
            name=self.name,
            role="regulator",
            jurisdiction="KHM",
            example=True,
            log_key=self.log(number).key,
            statement_keys=listed([self.statement(number), *officers]),
            witness_key=self.witness(number).key,
            agreement_key=pair(f"{self.name} agreement {number}").public,
            sequence=number,
            next_digest=sha256(b"nothing"),
            issued=from_posix(BEGIN + number * DAY),
            stated_root=(self.roots or {}).get(number),
            officers=self.needed or {},
        )
