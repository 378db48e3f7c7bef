# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Members that say things about one proposal, as values: no logs, no keys, no clock."""

import datetime as dt
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, TypeVar

from comity.council.decision.docket import (
    Amendment,
    Ballot,
    BlocPosition,
    Challenge,
    Change,
    Docket,
    HeldLog,
    Logged,
    Mandate,
    Receipt,
    RollChange,
    Unreadable,
    Withdrawal,
)
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import Motion, Terms, propose
from comity.council.decision.result import Result
from comity.council.decision.tally import tally
from comity.council.rule.floor import Answer, Base
from comity.council.rule.procedure import Procedure
from comity.council.rule.rule import Leaf, Share
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant, from_rfc3339
from comity.kernel.reference import Reference

T = TypeVar("T")

A, B, C, D, E = (MemberId(name * 64) for name in "abcde")
STRANGER = MemberId("f" * 64)
OPENS = from_rfc3339("2026-12-01T09:00:00Z")
CLOSES = from_rfc3339("2026-12-08T09:00:00Z")
HALF = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True))
TEXT = "Notice is given within 72 hours."
NEW_TEXT = "Notice is given within 48 hours."
TIMED = Terms(opens=OPENS, closes=CLOSES, topic="incidents")


def at(hours: float, since: Instant = OPENS) -> Instant:
    """Return an instant so many hours after the opening."""
    return Instant(since + dt.timedelta(hours=hours))


def origin_of(member: MemberId) -> Origin:
    """Return the name of a member's log."""
    return Origin(f"{member[0]}.example/log")


@dataclass(slots=True)
class Scene:
    """One proposal, and what is said about it, entry by entry."""

    procedure: Procedure = field(default_factory=lambda: Procedure(adopts=HALF))
    terms: Terms = TIMED
    electorate: Electorate = field(
        default_factory=lambda: Electorate(members=frozenset({A, B, C, D, E}))
    )
    text: str = TEXT
    docket: Docket = field(init=False)
    sizes: dict[MemberId, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let A propose."""
        motion = propose("Notice", self.text, self.procedure, self.electorate, self.terms)
        self.docket = Docket(proposal=self._log(A, motion))

    @property
    def motion(self) -> Motion:
        """Return what is put to the vote."""
        return self.docket.proposal.said

    @property
    def proposal(self) -> Reference:
        """Return where the proposal stands."""
        return self.docket.proposal.reference

    def _log(self, member: MemberId, said: T, disputed_by: int | None = None) -> Logged[T]:
        index = self.sizes.get(member, 1)
        self.sizes[member] = index + 1
        digest = sha256(f"{member} {index} {said!r}".encode())
        reference = Reference(log=origin_of(member), index=index, sha256=digest)
        return Logged(reference=reference, member=member, said=said, disputed_by=disputed_by)

    def _add(self, name: str, logged: Logged[T], received: Instant | None) -> Logged[T]:
        more: dict[str, Any] = {name: (*getattr(self.docket, name), logged)}
        self.docket = replace(self.docket, **more)
        if received is not None:
            by = next(one for one in (E, D, C) if one != logged.member)
            self.receive(logged, by, received)
        return logged

    def receive(self, logged: Logged[object], by: MemberId, received: Instant) -> None:
        """Let a member say that it received a statement."""
        self._add(
            "receipts", self._log(by, Receipt(of=logged.reference, received=received)), None
        )

    def vote(
        self,
        member: MemberId,
        choice: Answer = Answer.YES,
        *,
        sequence: int = 0,
        received: Instant | None = None,
        text: str | None = None,
        reason: str = "",
        disputed_by: int | None = None,
    ) -> Logged[Ballot]:
        """Let a member cast a ballot, received by another an hour after the opening."""
        ballot = Ballot(
            proposal=self.proposal,
            text=sha256((text or self.text).encode()),
            choice=choice,
            sequence=sequence,
            reason=reason,
        )
        logged = self._log(member, ballot, disputed_by)
        return self._add("ballots", logged, received or at(1))

    def vote_unreceived(self, member: MemberId, choice: Answer = Answer.YES) -> Logged[Ballot]:
        """Let a member cast a ballot that nobody says to have received."""
        ballot = Ballot(
            proposal=self.proposal, text=sha256(self.text.encode()), choice=choice, sequence=0
        )
        return self._add("ballots", self._log(member, ballot), None)

    def amend(
        self,
        text: str = NEW_TEXT,
        *,
        by: MemberId = A,
        received: Instant | None = None,
        closes: Instant | None = None,
    ) -> Logged[Amendment]:
        """Replace the text."""
        said = Amendment(
            proposal=self.proposal, text=text, digest=sha256(text.encode()), closes=closes
        )
        return self._add("amendments", self._log(by, said), received or at(2))

    def mandate(
        self,
        member: MemberId,
        bloc: str,
        holder: MemberId,
        *,
        scope: tuple[str, ...] = ("incidents",),
        until: Instant | None = None,
        received: Instant | None = None,
        disputed_by: int | None = None,
    ) -> Logged[Mandate]:
        """Let a member give a mandate."""
        said = Mandate(bloc=bloc, holder=holder, scope=scope, until=until, rule="Majority.")
        logged = self._log(member, said, disputed_by)
        return self._add("mandates", logged, received or at(1))

    def position(
        self,
        holder: MemberId,
        bloc: str,
        choice: Answer | None = Answer.YES,
        *,
        sequence: int = 0,
        text: str | None = None,
        received: Instant | None = None,
        disputed_by: int | None = None,
        reason: str = "",
    ) -> Logged[BlocPosition]:
        """Let a holder of mandates say where its bloc stands."""
        said = BlocPosition(
            bloc=bloc,
            proposal=self.proposal,
            text=sha256((text or self.text).encode()),
            choice=choice,
            sequence=sequence,
            reason=reason,
        )
        logged = self._log(holder, said, disputed_by)
        return self._add("positions", logged, received or at(2))

    def withdraw(
        self,
        logged: Logged[object],
        *,
        by: MemberId | None = None,
        received: Instant,
        claims: MemberId | None = None,
    ) -> None:
        """Take back a statement; *claims* says in whose log it stands, untruly."""
        member, of = by or logged.member, logged.reference
        if claims is not None:
            of = replace(of, log=origin_of(claims))
        said = Withdrawal(of=of)
        self._add("withdrawals", self._log(member, said), received)

    def change(
        self,
        member: MemberId,
        change: Change,
        *,
        on: Instant | None = None,
        by: MemberId = A,
        decided: Digest | None = None,
        received: Instant | None = None,
    ) -> Logged[RollChange]:
        """Record what befell a seat; *decided* is the digest of the decision it rests on."""
        rests = None
        if decided is not None:
            rests = Reference(log=origin_of(A), index=99, sha256=decided)
        said = RollChange(member=member, change=change, on=on or at(2), by=rests)
        return self._add("roll", self._log(by, said), received or at(3))

    def challenge(self, member: MemberId, *, received: Instant) -> Logged[Challenge]:
        """Dispute the count."""
        said = Challenge(of=self.proposal, reason="A ballot was left out.")
        return self._add("challenges", self._log(member, said), received)

    def spoil(
        self,
        member: MemberId,
        *,
        received: Instant | None = None,
        disputed_by: int | None = None,
    ) -> None:
        """Log a ballot nobody can read."""
        said = Unreadable(why="cannot be read: choice is not one of yes, no")
        logged = self._log(member, said, disputed_by)
        self._add("unreadable", logged, received or at(1))

    def fork(self, member: MemberId, first: int = 1) -> None:
        """Convict a member's log of two stories, which share the entries before *first*."""
        log = HeldLog(
            member=member,
            origin=origin_of(member),
            size=9,
            root=sha256(b"r"),
            forked_from=first,
        )
        self.docket = replace(self.docket, logs=(*self.docket.logs, log))

    def adopt(self, digest: Digest) -> None:
        """Let another proposal be found adopted that says everything of every seat."""
        said = {
            (digest, member, change)
            for member in (A, B, C, D, E, STRANGER)
            for change in Change
        }
        self.docket = replace(self.docket, adopted=self.docket.adopted | said)

    def tally(self, as_of: Instant = CLOSES) -> Result:
        """Count."""
        return tally(self.docket, as_of)


def answers(result: Result) -> dict[str, str]:
    """Return each seat's answer in words by its member's letter."""
    return {one.member[0]: one.words for one in result.standings}


def codes(result: Result) -> list[tuple[str, str]]:
    """Return who was flagged for what."""
    return [(flag.member[0], flag.code) for flag in result.flagged]
