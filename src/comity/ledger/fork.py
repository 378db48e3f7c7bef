# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Evidence that a log told two stories: two checkpoints it signed that cannot both be true.

Of one size with two roots, the checkpoints suffice. Of two sizes, a consistency proof under
the larger one shows what the smaller one's root would have had to be.
"""

from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument, VerificationFailed
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.merkle import verify_consistency
from comity.ledger.checkpoint import Checkpoint, open_checkpoint
from comity.ledger.note import from_vkey

FORK_TYPE = "https://comity.example/fork/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Two signed checkpoints of one log that contradict each other.

    Args:
        log_key: The log's key, as a vkey.
        smaller: The checkpoint of the smaller (or same) size, signed.
        larger: The other one, signed.
        prefix_root: The root that *larger* implies at the smaller size; None when both
            sizes are one.
        proof: Consistency proof from *prefix_root* to *larger*.
    """

    log_key: str
    smaller: bytes
    larger: bytes
    prefix_root: Digest | None = None
    proof: tuple[Digest, ...] = ()


def to_bytes(fork: Fork) -> bytes:
    """Write the evidence as a file anyone can check offline."""
    proof: list[Json] = [step.hex() for step in fork.proof]
    return to_canonical(
        {
            "type": FORK_TYPE,
            "log_key": fork.log_key,
            "smaller": fork.smaller.decode(),
            "larger": fork.larger.decode(),
            "prefix_root": None if fork.prefix_root is None else fork.prefix_root.hex(),
            "proof": proof,
        }
    )


def from_bytes(encoded: bytes) -> Fork:
    """Read the evidence without trusting it.

    Raises:
        InvalidDocument: Malformed.
    """
    faults: list[Fault] = []
    fields = Fields(from_canonical(encoded), faults=faults)
    fields.choice("type", (FORK_TYPE,))
    fork = Fork(
        log_key=fields.text("log_key"),
        smaller=fields.text("smaller").encode(),
        larger=fields.text("larger").encode(),
        prefix_root=fields.optional("prefix_root", fields.digest),
        proof=fields.digests("proof"),
    )
    fields.finish("not evidence of a fork", code="ledger.fork_evidence")
    return fork


def verify_fork(fork: Fork) -> tuple[Checkpoint, Checkpoint]:
    """Check that the evidence convicts: both signed by one key, and not both true.

    Raises:
        InvalidDocument: A part is malformed.
        VerificationFailed: It does not convict, and says why.
    """
    key = from_vkey(fork.log_key)
    smaller, _ = open_checkpoint(fork.smaller, key, place="smaller")
    larger, _ = open_checkpoint(fork.larger, key, place="larger")
    if smaller.size > larger.size:
        raise _acquitted("the smaller checkpoint is the larger one")
    if smaller.size == larger.size:
        if smaller.root == larger.root:
            raise _acquitted("both checkpoints say the same")
        return smaller, larger
    if fork.prefix_root is None or fork.prefix_root == smaller.root:
        raise _acquitted("nothing shows another root at the smaller size")
    verify_consistency(
        smaller.size,
        larger.size,
        fork.proof,
        first_root=fork.prefix_root,
        second_root=larger.root,
    )
    return smaller, larger


def convicts(fork: Fork) -> bool:
    """Tell whether the evidence convicts."""
    try:
        verify_fork(fork)
    except (InvalidDocument, VerificationFailed):
        return False
    return True


def _acquitted(message: str) -> VerificationFailed:
    return VerificationFailed(message, code="ledger.fork_evidence", place="fork")
