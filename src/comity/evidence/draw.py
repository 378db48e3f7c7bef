# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which questions are due, in which order: fixed by both parties' nonces, steered by neither.

Both commit to a nonce before either reveals; where the plan names a third, it speaks after
both. The seed binds bank, plan and nonces; each position has a ticket; the order is that of
the tickets, so a category's order is the whole bank's order restricted to it, and so is the
order of what was never opened.

Source:
    docs/spec/evidence.md, "The draw"; Rivest (2018), Consistent sampling with replacement,
    arXiv 1808.10016, for orders by ticket.
"""

import hmac
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from comity.errors import Fault, InvalidDocument, VerificationFailed
from comity.evidence.bank import Commitment
from comity.kernel.digest import Digest, sha256

NONCE_TAG = b"comity/draw-nonce/v1\n"
SEED_TAG = b"comity/draw-seed/v1\n"
NONCE_BYTES = 32

T = TypeVar("T")


class Role(Enum):
    """Who holds a nonce."""

    PROVIDER = "provider"
    TESTER = "tester"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonces:
    """Both revealed nonces, 32 bytes each, and 32 of the third's where the plan names one."""

    provider: bytes
    tester: bytes
    beacon: bytes = b""


def commit_nonce(nonce: bytes, role: Role) -> Digest:
    """Return the commitment to a nonce; the role keeps one side from copying the other's.

    Raises:
        InvalidDocument: The nonce has not 32 bytes.
    """
    if len(nonce) != NONCE_BYTES:
        message = f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}"
        faults = [Fault(message=message)]
        raise InvalidDocument(message, code="evidence.nonce", faults=faults)
    return sha256(NONCE_TAG, role.value.encode(), b"\n", nonce)


def verify_nonce(commitment: Digest, nonce: bytes, role: Role) -> None:
    """Check that a revealed nonce is the committed one.

    Raises:
        VerificationFailed: It is not; the place names the side.
    """
    if len(nonce) != NONCE_BYTES or commit_nonce(nonce, role) != commitment:
        raise VerificationFailed(
            f"the {role.value}'s nonce is not the one it committed to",
            code="evidence.nonce",
            hint=f"the attempt is charged to the {role.value}; there is no second draw",
            place=f"reveal.{role.value}",
        )


def seed_of(root: Digest, plan_digest: Digest, nonces: Nonces) -> Digest:
    """Derive the seed of a draw from the bank, the plan and both nonces."""
    beacon = len(nonces.beacon).to_bytes(4, "big") + nonces.beacon
    return sha256(SEED_TAG, root, plan_digest, nonces.provider, nonces.tester, beacon)


def ticket(seed: Digest, position: int) -> bytes:
    """Return the ticket of one position; tickets in rising order are the draw."""
    return hmac.digest(seed, position.to_bytes(8, "big"), "sha256")


def by_ticket(things: Iterable[T], ticket_of: Callable[[T], bytes]) -> tuple[T, ...]:
    """Return things in the rising order of their tickets.

    The order of a part is the whole's order restricted to it, whatever the tickets are:
    consistent sampling.
    """
    return tuple(sorted(things, key=ticket_of))


def order(seed: Digest, positions: Iterable[int]) -> tuple[int, ...]:
    """Return positions in the order they are due."""
    return by_ticket(positions, lambda position: ticket(seed, position))


def draws(
    seed: Digest, commitment: Commitment, retired: Collection[int] = ()
) -> dict[str, tuple[int, ...]]:
    """Return the order of every category, positions already opened left out."""
    gone = frozenset(retired)
    return {
        category.name: order(
            seed, (at for at in commitment.positions(category.name) if at not in gone)
        )
        for category in commitment.categories
    }


def sizes(commitment: Commitment, retired: Collection[int] = ()) -> dict[str, int]:
    """Return by category how many items a draw is made of."""
    gone = frozenset(retired)
    return {
        category.name: sum(at not in gone for at in commitment.positions(category.name))
        for category in commitment.categories
    }


def charged(*, provider_revealed: bool, tester_revealed: bool) -> Role | None:
    """Tell who pays for an attempt that stopped at the reveals, if it did.

    The provider reveals first, so the tester owes nothing before that.
    """
    if not provider_revealed:
        return Role.PROVIDER
    return None if tester_revealed else Role.TESTER
