# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Everything a reader holds about one proposal, as values; signatures are verified already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from typing import Generic, TypeVar

from comity.council.decision.proposal import Motion
from comity.council.rule.floor import Answer
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference

T_co = TypeVar("T_co", covariant=True)

SAYABLE = (
    Answer.YES, Answer.NO, Answer.OBJECT, Answer.ABSTAIN, Answer.RECUSED, Answer.PRESENT,
)  # fmt: skip
"""What a ballot may say; that a member is silent or its ballot void is found, never said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged(Generic[T_co]):
    """One statement and where it stands.

    Args:
        member: Whose log it stands in, by whose keys of that place it is signed.
        disputed_by: Entry of the same log that declares the signing key stolen before this
            one; None where none does.
    """

    reference: Reference
    member: MemberId
    said: T_co
    disputed_by: int | None = None

    @property
    def order(self) -> tuple[str, int, bytes]:
        """Return what sorts statements alike for every reader."""
        return (self.reference.log, self.reference.index, self.reference.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One member's vote; a later sequence number replaces an earlier one.

    Args:
        choice: One of `SAYABLE`.
        reason: Why, "" where none is given.
    """

    proposal: Reference
    text: Digest
    choice: Answer
    sequence: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """The proposer replaces the text.

    Args:
        text: The new words; None where they stand in a public blob.
        digest: Of the new words.
        closes: The new close, never an earlier one; None leaves it.
    """

    proposal: Reference
    text: str | None
    digest: Digest
    closes: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A member lets another speak for it in a bloc.

    Args:
        scope: Topics; none for every topic.
        until: First instant at which it no longer holds; None for no end.
        rule: How the bloc finds its position, in words.
    """

    bloc: str
    holder: MemberId
    scope: tuple[str, ...]
    until: Instant | None
    rule: str

    def covers(self, topic: str) -> bool:
        """Tell whether it is given for a topic, capitals aside."""
        return not self.scope or topic.casefold() in {one.casefold() for one in self.scope}


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocPosition:
    """Where a bloc stands, said by who holds its members' mandates.

    Args:
        choice: None where the bloc found no position, which takes an earlier one back.
    """

    bloc: str
    proposal: Reference
    text: Digest
    choice: Answer | None
    sequence: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A member received a statement of the decision.

    Args:
        of: The ballot, proposal or other statement received.
        received: When, by the receiver's clock; never the author's.
    """

    of: Reference
    received: Instant


class Change(Enum):
    """What befalls a member's seat."""

    ADMITTED = "admitted"
    SUSPENDED = "suspended"
    RESTORED = "restored"
    EXPELLED = "expelled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class RollChange:
    """A member joins, leaves, is suspended, restored or expelled.

    Args:
        on: From when.
        by: The proposal by whose adoption it was decided; None where a member itself leaves.
    """

    member: MemberId
    change: Change
    on: Instant
    by: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A member disputes a count.

    Args:
        of: The proposal.
    """

    of: Reference
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A member takes back one of its own statements: a proposal, a mandate, a challenge."""

    of: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A ballot on the proposal that no reader can read, and why."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLog:
    """One log as the reader holds it.

    Args:
        size: Entries under the newest checkpoint; later ones are not looked at.
        root: Of the tree of that size.
        forked_from: The first entry that its two stories are not shown to share, where
            evidence convicts it; None where none does.
    """

    member: MemberId
    origin: Origin
    size: int
    root: Digest
    forked_from: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """One proposal and every statement held that may bear on it, in any order.

    Statements about other proposals may be among them and change nothing.

    Args:
        logs: The logs read; a result is a function of these and of the instant asked about.
        adopted: Which changes of whose seat rest on a decision that this reader finds adopted,
            each with the digest of that decision.
        others: What else is held of logs that told two stories, so that a receipt of it is not
            taken for one of the other story.
    """

    proposal: Logged[Motion]
    ballots: tuple[Logged[Ballot], ...] = ()
    amendments: tuple[Logged[Amendment], ...] = ()
    mandates: tuple[Logged[Mandate], ...] = ()
    positions: tuple[Logged[BlocPosition], ...] = ()
    receipts: tuple[Logged[Receipt], ...] = ()
    roll: tuple[Logged[RollChange], ...] = ()
    challenges: tuple[Logged[Challenge], ...] = ()
    withdrawals: tuple[Logged[Withdrawal], ...] = ()
    unreadable: tuple[Logged[Unreadable], ...] = ()
    logs: tuple[HeldLog, ...] = ()
    adopted: frozenset[tuple[Digest, MemberId, Change]] = field(default_factory=frozenset)
    others: frozenset[Reference] = frozenset()

    @property
    def held(self) -> frozenset[Reference]:
        """Return where everything stands that is held."""
        every: Iterator[Logged[object]] = chain(
            [self.proposal], self.ballots, self.amendments, self.mandates, self.positions,
            self.receipts, self.roll, self.challenges, self.withdrawals, self.unreadable,
        )  # fmt: skip
        return self.others | {logged.reference for logged in every}

    @property
    def forked_from(self) -> Mapping[Origin, int]:
        """Return from which entry on the logs that told two stories are in doubt."""
        return {log.origin: log.forked_from for log in self.logs if log.forked_from is not None}
