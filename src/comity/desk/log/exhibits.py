# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a program takes away to check elsewhere: proofs, envelopes, evidence of forks."""

from collections.abc import Callable
from dataclasses import dataclass

from comity.errors import NotFound
from comity.kernel.ids import Origin
from comity.kernel.reference import Reference
from comity.node.logs.evidence import Exhibit
from comity.node.node import Node
from comity.node.prove import prove


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkRow:
    """One piece of evidence that a log told two stories.

    Args:
        sha256: Digest of the evidence file, hex; the file stands at /forks/<sha256>.
        shared: How many entries both stories are shown to share.
        cosigned_both: Witnesses that cosigned both, which no honest one can.
    """

    sha256: str
    origin: str
    smaller_size: int
    smaller_root: str
    larger_size: int
    larger_root: str
    shared: int
    cosigned_both: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForksSheet:
    """All evidence this node holds."""

    forks: tuple[ForkRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibits:
    """What stands ready to be taken away.

    Args:
        prove: Return an entry and the proof that it stands in its log, as bytes.
        evidence: Return every piece of evidence.
    """

    prove: Callable[[Origin, int], tuple[bytes, bytes]]
    evidence: Callable[[], tuple[Exhibit, ...]]

    def forks(self) -> ForksSheet:
        """List the evidence."""
        return ForksSheet(forks=tuple(map(_fork_row, self.evidence())))

    def fork(self, digest: str) -> bytes:
        """Return one evidence file.

        Raises:
            NotFound: This node holds no such file.
        """
        for one in self.evidence():
            if one.digest.hex() == digest:
                return one.encoded
        raise NotFound(
            "this node holds no such evidence", code="desk.no_fork", hint="/forks lists it"
        )


def _holds_nothing(origin: Origin, index: int) -> tuple[bytes, bytes]:
    raise _no_entry(origin, index)


NOTHING = Exhibits(prove=_holds_nothing, evidence=lambda: ())
"""Where a register is shown without a node behind it."""


def exhibits_of(node: Node) -> Exhibits:
    """Take them from a node."""

    def entry_and_proof(origin: Origin, index: int) -> tuple[bytes, bytes]:
        found = prove(node, located(node, origin, index))
        return found.entry, found.proof.encoded

    return Exhibits(prove=entry_and_proof, evidence=lambda: tuple(node.evidence.exhibits()))


def located(node: Node, origin: Origin, index: int) -> Reference:
    """Return the reference of an entry this node holds.

    Raises:
        NotFound: It holds none there.
    """
    node.view()  # which indexes what has come in since
    found = node.index.find_at(origin, index) if 0 <= index < 2**63 else None
    if found is None:
        raise _no_entry(origin, index)
    return Reference(log=origin, index=index, sha256=found.sha256)


def _no_entry(origin: Origin, index: int) -> NotFound:
    return NotFound(
        f"this node holds no entry {index} of {origin}",
        code="desk.no_statement",
        hint="follow that member first: comity node follow",
    )


def _fork_row(one: Exhibit) -> ForkRow:
    smaller, larger = one.found.smaller, one.found.larger
    return ForkRow(
        sha256=one.digest.hex(),
        origin=smaller.origin,
        smaller_size=smaller.size,
        smaller_root=smaller.root.hex(),
        larger_size=larger.size,
        larger_root=larger.root.hex(),
        shared=one.found.shared,
        cosigned_both=tuple(key.vkey for key in one.found.both),
    )


def from_label(text: str) -> tuple[Origin, int]:
    """Read where an entry stands from LOG#N, as verbs print it.

    Raises:
        NotFound: It is no such place.
    """
    origin, mark, index = text.rpartition("#")
    if not mark or not origin or not (index.isascii() and index.isdigit()) or len(index) > 18:
        raise NotFound(
            f"{text[:100]!r} names no entry",
            code="desk.no_statement",
            hint="an entry is written LOG#N, such as ai-office.example/log#12",
        )
    return Origin(origin), int(index)
