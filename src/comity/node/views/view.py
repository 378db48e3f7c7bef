# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What one node knows: every statement of the logs it chose to follow, each with its source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol, assert_never

from comity.errors import NotFound, VerificationFailed
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId, Origin
from comity.kernel.reference import Reference
from comity.ledger.doubt import Doubt, doubts_of
from comity.ledger.reading import outlines_logged, read_entry
from comity.ledger.redaction import GONE, is_erased
from comity.ledger.statement import Statement, to_predicate_type
from comity.ledger.tile import TILE_WIDTH
from comity.node.logs.following import Mode
from comity.node.logs.mirror import Holding
from comity.node.views.batch import Batch
from comity.node.views.index import Index, Located
from comity.node.views.memberlog import MemberLog, Provenance

_BATCH = 16_384
"""Entries indexed at once: subjects come in no order, and each batch writes pages anew."""

__all__ = ["Entry", "Ledger", "MemberLog", "Provenance", "View"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a followed log.

    Args:
        statement: What it says; None where it cannot be read, with the reason in `fault`.
        doubts: What its own log says against it.
    """

    reference: Reference
    member: MemberId
    statement: Statement | None
    provenance: Provenance
    fault: str = ""
    doubts: tuple[Doubt, ...] = ()


class Ledger(Protocol):
    """What readers need of a node's view of the logs it follows."""

    def members(self) -> Sequence[MemberLog]:
        """Return each member with its log, the node itself first."""
        ...

    def entries(
        self, predicate_type: str | None = None, *, subject: Digest | None = None
    ) -> Iterable[Entry]:
        """Yield the entries of one kind, about one thing, log by log, each in its order."""
        ...

    def find(self, reference: Reference) -> Entry | None:
        """Return the entry a reference names, or None where it is not held."""
        ...


class View:
    """The verified entries of a node's own log and of those it follows, at one moment."""

    def __init__(self, index: Index, logs: Mapping[Origin, MemberLog]) -> None:
        self._index = index
        self._logs = logs
        self._bundle = lru_cache(maxsize=16)(self._read_bundle)

    def members(self) -> tuple[MemberLog, ...]:
        """Return each member with its log, the node itself first."""
        return tuple(sorted(self._logs.values(), key=lambda log: (not log.is_own, log.name)))

    def entries(
        self, predicate_type: str | None = None, *, subject: Digest | None = None
    ) -> Iterator[Entry]:
        """Yield entries log by log, each log in its order.

        Args:
            predicate_type: A URI, or one of our short names such as "finding"; None yields
                every entry, unreadable ones included.
            subject: Only statements about what has this digest.
        """
        kind = predicate_type
        if kind is not None and "://" not in kind:
            kind = to_predicate_type(kind)
        for located in self._index.find(predicate_type=kind, subject=subject):
            log = self._logs.get(located.origin)
            if log is not None and located.position < log.size:
                yield self._entry(log, located)

    def find(self, reference: Reference) -> Entry | None:
        """Return the entry a reference names, or None where this node does not hold it.

        Raises:
            VerificationFailed: Another entry stands there.
        """
        log = self._logs.get(reference.log)
        located = self._index.find_at(reference.log, reference.index)
        if log is None or located is None or located.position >= log.size:
            return None
        if located.fault == GONE:
            return replace(self._entry(log, located), reference=reference)
        if located.sha256 != reference.sha256:
            raise VerificationFailed(
                "the entry that stands there has another digest than the reference",
                code="node.reference",
                hint="whoever wrote the reference meant another statement, or another log",
                place=f"{reference.log} entry {reference.index}",
            )
        return self._entry(log, located)

    def get(self, reference: Reference) -> Entry:
        """Return the entry a reference names.

        Raises:
            NotFound: This node does not hold it.
            VerificationFailed: Another entry stands there.
        """
        entry = self.find(reference)
        if entry is None:
            self._check_held(reference)
            raise NotFound(
                f"this node holds no entry {reference.index} of {reference.log}",
                code="node.entry",
                hint="follow that member first: comity node follow",
            )
        return entry

    def _check_held(self, reference: Reference) -> None:
        log = self._logs.get(reference.log)
        if log is not None and log.holding is not None and reference.index < log.size:
            raise NotFound(
                f"entry {reference.index} of {reference.log} is not held here: this node "
                f"follows that log {_kept(log.holding)}",
                code="node.not_held",
                hint='set mode = "full" for that peer in node.toml and follow it again',
            )

    def encoded(self, reference: Reference) -> bytes:
        """Return the bytes of an entry as they were logged.

        Raises:
            NotFound: This node does not hold it.
        """
        self.get(reference)
        bundle = self._bundle(reference.log, reference.index // TILE_WIDTH)
        entry = bundle[reference.index % TILE_WIDTH]
        if is_erased(entry):
            raise NotFound(
                f"entry {reference.index} of {reference.log} was erased",
                code="node.erased",
                hint="its leaf hash still stands in the tree; what it said is gone",
            )
        return entry

    def _entry(self, log: MemberLog, located: Located) -> Entry:
        number, at = divmod(located.position, TILE_WIDTH)
        encoded = self._bundle(located.origin, number)[at]
        reading = read_entry(encoded, None)
        statement = None if located.fault else reading.statement
        return Entry(
            reference=Reference(
                log=located.origin, index=located.position, sha256=located.sha256
            ),
            member=log.member,
            statement=statement,
            provenance=log.provenance(located.position),
            fault=located.fault,
            doubts=doubts_of(encoded, located.position, statement, log.identity),
        )

    def _read_bundle(self, origin: Origin, number: int) -> tuple[bytes, ...]:
        return self._logs[origin].read_bundle(number)


def take_up(index: Index, origin: Origin, log: MemberLog) -> None:
    """Index what is held of a log and not indexed yet, every signature checked."""
    batch = Batch(origin)
    for first, entries in log.stretches(index.size(origin)):
        batch.take(first, outlines_logged(entries, first, log.identity))
        if len(batch) >= _BATCH:
            index.put(batch)
            batch = Batch(origin)
    index.put(batch)
    index.skip(origin, log.size)


def _kept(holding: Holding) -> str:
    match holding.mode:
        case Mode.FULL:
            return f"and has its entries up to {holding.reach} so far"
        case Mode.HASHES:
            return "by its hashes alone"
        case Mode.SELECTED:
            return f"and keeps only {', '.join(map(str, holding.chosen))}"
        case _ as never:
            assert_never(never)
