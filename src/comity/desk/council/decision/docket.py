# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a node holds about a proposal: its docket, read from the logs it follows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from comity.council.decision.docket import (
    Change,
    Docket,
    HeldLog,
    Logged,
    Mandate,
    RollChange,
    Unreadable,
    Withdrawal,
)
from comity.council.decision.proposal import Motion
from comity.council.decision.result import Result
from comity.council.decision.roll import is_of_one_body, says
from comity.council.decision.statement import (
    from_amendment_json,
    from_ballot_json,
    from_motion_json,
)
from comity.council.decision.statement_bloc import from_mandate_json, from_position_json
from comity.council.decision.statement_record import (
    from_challenge_json,
    from_receipt_json,
    from_roll_json,
)
from comity.council.decision.tally import counted, tally
from comity.desk.log.shelf import place_of
from comity.errors import InvalidDocument, NotFound
from comity.evidence.afterwards import withdrawal_from_predicate
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference, to_reference_json
from comity.ledger.statement import Statement
from comity.node.node import Node
from comity.node.views.view import Entry, Ledger, MemberLog

T = TypeVar("T")

MAX_DEPTH = 4
"""How many decisions deep a change of the roll is looked into; deeper ones change nothing."""

RECEIVED = (
    "proposal", "amendment", "ballot", "bloc-mandate", "bloc-position", "roll-change",
    "challenge", "withdrawal", "compromise",
)  # fmt: skip
"""Kinds whose time counts in a decision, of which receipts are given."""

_EMPTY = sha256()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One readable entry of a followed log, below the checkpoint that is compared."""

    reference: Reference
    member: MemberId
    statement: Statement
    disputed_by: int | None


class Chamber:
    """The logs of a node's view, as a tally reads them.

    Only entries under each log's newest verified checkpoint are read, the node's own included,
    so that whoever holds the same checkpoints reads the same.

    Args:
        sizes: Read the logs named up to these sizes and no others, as a result names them;
            None for all that is held.
    """

    def __init__(self, ledger: Ledger, sizes: Mapping[Origin, int] | None = None) -> None:
        self._ledger = ledger
        self.logs = tuple(
            _held(log, None if sizes is None else sizes[log.identity.origin])
            for log in ledger.members()
            if sizes is None or log.identity.origin in sizes
        )
        self.names = {log.member: log.name for log in ledger.members()}
        self.members = {log.member: log for log in ledger.members()}
        self._sizes = {log.origin: log.size for log in self.logs}
        self._kinds: dict[str, tuple[Told, ...]] = {}
        self._read_as: dict[str, tuple[Logged[Any], ...]] = {}
        self._words: dict[tuple[Reference, Instant], str] = {}
        self._found: dict[tuple[Reference, Instant, int], bool] = {}

    def of_kind(self, kind: str) -> tuple[Told, ...]:
        """Return the statements of one kind, each once, log by log."""
        if kind not in self._kinds:
            self._kinds[kind] = tuple(self._read(kind))
        return self._kinds[kind]

    def _read(self, kind: str) -> Iterator[Told]:
        seen: set[tuple[Origin, Digest]] = set()
        for entry in self._ledger.entries(kind):
            at = entry.reference
            if entry.statement is None or at.index >= self._sizes.get(at.log, 0):
                continue
            if (at.log, at.sha256) not in seen:
                seen.add((at.log, at.sha256))
                yield Told(
                    reference=at,
                    member=entry.member,
                    statement=entry.statement,
                    disputed_by=_disputed_by(entry, self._sizes[at.log]),
                )

    def proposals(self) -> tuple[Logged[Motion], ...]:
        """Return every readable proposal."""
        return self._logged("proposal", from_motion_json)

    def mandates(self) -> tuple[Logged[Mandate], ...]:
        """Return every readable mandate for a bloc."""
        return self._logged("bloc-mandate", from_mandate_json)

    def live_mandates(self, member: MemberId, now: Instant) -> tuple[Logged[Mandate], ...]:
        """Return what mandates of a member hold, the last it gave each bloc."""
        revoked = {
            one.said.of.sha256
            for one in self._logged("withdrawal", _withdrawal)
            if one.member == member
        }
        last = {one.said.bloc: one for one in self.mandates() if one.member == member}
        return tuple(
            one
            for one in last.values()
            if one.reference.sha256 not in revoked
            and (one.said.until is None or one.said.until > now)
        )

    def get(self, proposal: Reference) -> Logged[Motion]:
        """Return the proposal at a place.

        Raises:
            NotFound: It is not among the published, readable statements held here.
        """
        for logged in self.proposals():
            if logged.reference == proposal:
                return logged
        raise NotFound(
            f"the proposal at {place_of(proposal)} is not published, or cannot be read here",
            code="council.no_proposal",
            hint="publish it (comity publish), or follow the log it stands in",
        )

    def docket(self, proposal: Logged[Motion], as_of: Instant, depth: int = 0) -> Docket:
        """Gather all that may bear on a proposal."""
        roll = self._logged("roll-change", from_roll_json)
        return Docket(
            proposal=proposal,
            ballots=self._logged("ballot", from_ballot_json),
            amendments=self._logged("amendment", from_amendment_json),
            mandates=self.mandates(),
            positions=self._logged("bloc-position", from_position_json),
            receipts=self._logged("ballot-receipt", from_receipt_json),
            roll=roll,
            challenges=self._logged("challenge", from_challenge_json),
            withdrawals=self._logged("withdrawal", _withdrawal),
            unreadable=tuple(self._unreadable(proposal.reference)),
            logs=self.logs,
            adopted=self._adopted(roll, proposal, as_of, depth),
            others=self._of_forked(),
        )

    def _of_forked(self) -> frozenset[Reference]:
        """Return where everything stands that a log which told two stories holds here."""
        forked = {log.origin for log in self.logs if log.forked_from is not None}
        if not forked:
            return frozenset()
        every = (told.reference for kind in RECEIVED for told in self.of_kind(kind))
        return frozenset(reference for reference in every if reference.log in forked)

    def tally(self, proposal: Logged[Motion], as_of: Instant) -> Result:
        """Decide a proposal from what is held here, as of an instant."""
        return tally(self.docket(proposal, as_of), as_of)

    def _logged(self, kind: str, read: Callable[[dict[str, Json]], T]) -> tuple[Logged[T], ...]:
        if kind not in self._read_as:
            self._read_as[kind] = tuple(self._readable(kind, read))
        return self._read_as[kind]

    def _readable(self, kind: str, read: Callable[[dict[str, Json]], T]) -> Iterator[Logged[T]]:
        for told in self.of_kind(kind):
            try:
                said = read(dict(told.statement.predicate))
            except InvalidDocument:
                continue
            yield _place(told, said)

    def _unreadable(self, proposal: Reference) -> Iterator[Logged[Unreadable]]:
        about = to_reference_json(proposal)
        for told in self.of_kind("ballot"):
            if told.statement.predicate.get("proposal") == about:
                try:
                    from_ballot_json(told.statement.predicate)
                except InvalidDocument as error:
                    why = "; ".join(str(fault) for fault in error.faults)
                    yield _place(told, Unreadable(why=f"cannot be read: {why}"))

    def words(self, proposal: Logged[Motion], as_of: Instant) -> str:
        """Return the words in force of a proposal; "" where they stand in a blob."""
        asked = (proposal.reference, as_of)
        if asked not in self._words:
            docket = self.docket(proposal, as_of, MAX_DEPTH)
            self._words[asked] = counted(docket, as_of)[1].words or ""
        return self._words[asked]

    def _adopted(
        self,
        roll: Iterable[Logged[RollChange]],
        proposal: Logged[Motion],
        as_of: Instant,
        depth: int,
    ) -> frozenset[tuple[Digest, MemberId, Change]]:
        """Return which changes of the roll rest on decisions that are found adopted here."""
        if depth >= MAX_DEPTH:
            return frozenset()
        motions = {one.reference: one for one in self.proposals()}
        found = set()
        for said in {one.said for one in roll}:
            decision = None if said.by is None else motions.get(said.by)
            if (
                decision is not None
                and decision.reference != proposal.reference
                and is_of_one_body(decision.said.proposal, proposal.said.proposal, said.member)
                and says(said) in self.words(decision, as_of)
                and self._is_adopted(decision, as_of, depth + 1)
            ):
                found.add((decision.reference.sha256, said.member, said.change))
        return frozenset(found)

    def _is_adopted(self, decision: Logged[Motion], as_of: Instant, depth: int) -> bool:
        """Tell whether a proposal was adopted at a close; one without may have asked nobody.

        Each is counted once at each depth, however many changes of the roll name it.
        """
        asked = (decision.reference, as_of, depth)
        if asked not in self._found:
            result = tally(self.docket(decision, as_of, depth), as_of)
            self._found[asked] = result.passed and result.closes is not None
        return self._found[asked]


def _held(log: MemberLog, limit: int | None) -> HeldLog:
    tree = log.tree
    size = 0 if tree is None else tree.size
    size = size if limit is None else min(size, limit)
    return HeldLog(
        member=log.member,
        origin=log.identity.origin,
        size=size,
        root=_EMPTY if tree is None else tree.root(size),
        forked_from=None if log.forked is None else log.forked.shared,
    )


def _place(told: Told, said: T) -> Logged[T]:
    return Logged(
        reference=told.reference, member=told.member, said=said, disputed_by=told.disputed_by
    )


def _disputed_by(entry: Entry, size: int) -> int | None:
    """Return which of the entries read declares the key of one stolen."""
    found = [doubt.entry for doubt in entry.doubts if doubt.kind == "disputed"]
    return min((index for index in found if index < size), default=None)


def _withdrawal(predicate: dict[str, Json]) -> Withdrawal:
    return Withdrawal(of=withdrawal_from_predicate(predicate).of)


def known_members(node: Node) -> dict[str, MemberId]:
    """Return ids by what a node calls their members: its peers' names, logs, itself."""
    logs = node.view().members()
    names = {log.name: log.member for log in logs}
    origins = {str(log.identity.origin): log.member for log in logs}
    peers = {peer.name: peer.member for peer in node.config.peers}
    ids = {str(log.member): log.member for log in logs}
    return {**ids, **names, **origins, **peers}
