# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which ballot of each member counts at a limit, and why others do not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from comity.council.decision.clock import Clock
from comity.council.decision.docket import Ballot, Docket, HeldLog, Logged, Unreadable
from comity.council.decision.result import Flag, Standing
from comity.council.decision.roll import Seats
from comity.council.decision.text import InForce
from comity.council.rule.floor import Answer
from comity.council.rule.rule import AGAINST
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant

_STOLEN = "signed by a key that its owner declared stolen before the close"


class Urn:
    """The ballots on one proposal: own answers of members, and what was flagged."""

    def __init__(self, docket: Docket, clock: Clock, text: InForce) -> None:
        self._docket = docket
        self._clock = clock
        self._text = text
        self._by = _by_member(docket)
        self._unreadable: dict[MemberId, list[Logged[Unreadable]]] = defaultdict(list)
        for logged in set(docket.unreadable):
            self._unreadable[logged.member].append(logged)

    def hold(
        self,
        member: MemberId,
        ballots: list[Logged[Ballot]],
        unreadable: list[Logged[Unreadable]],
    ) -> None:
        """Look at no other ballots of a member than these."""
        self._by[member], self._unreadable[member] = ballots, unreadable

    def answer(
        self, member: MemberId, seats: Seats, limit: Instant | None, flags: list[Flag]
    ) -> Standing | None:
        """Return where a member with a seat stands by its own word; None where it has none."""
        cast = self._counting(member, limit, flags)
        for one, at, why in seats.left:
            if one == member:
                cast = self._before(cast, at, why, flags)
        return self._standing(member, cast, limit, flags)

    def strange(self, seats: Seats) -> Iterable[Flag]:
        """Flag the ballots of who has no seat."""
        removed = dict(seats.removed)
        for member in sorted(self._by.keys() - seats.members):
            yield from self._strange(member, seats, removed)

    def _strange(
        self, member: MemberId, seats: Seats, removed: Mapping[MemberId, str]
    ) -> Iterable[Flag]:
        if member in removed:
            code, words = "departed", removed[member]
        elif member in seats.late:
            code, words = "joined_later", "joined after the opening; the roll is of the opening"
        else:
            code, words = "stranger", "not a member of the electorate"
        return (_flag(logged, code, words) for logged in self._by[member])

    def _counting(
        self, member: MemberId, limit: Instant | None, flags: list[Flag]
    ) -> list[Logged[Ballot]]:
        """Return a member's ballots on the text in force that were in time and its own."""
        cast = []
        for logged in self._clock.in_time(self._by.get(member, ()), limit, flags):
            if logged.said.text in self._text.earlier:
                flags.append(
                    _flag(logged, "stale_text", "names the text before it was amended")
                )
            elif logged.said.text != self._text.digest:
                flags.append(_flag(logged, "other_text", "names another text"))
            elif self._is_stolen(logged, limit, flags):
                flags.append(_flag(logged, "disputed", _STOLEN))
            else:
                cast.append(logged)
        return cast

    def _is_stolen(
        self, logged: Logged[Ballot], limit: Instant | None, flags: list[Flag]
    ) -> bool:
        """Tell a ballot of a stolen key; one declared so too late is flagged and stands."""
        is_stolen = self._clock.is_stolen(logged, limit)
        if logged.disputed_by is not None and not is_stolen:
            words = "its key was declared stolen after the close; the ballot stands"
            flags.append(_flag(logged, "disputed_later", words))
        return is_stolen

    def _before(
        self, cast: list[Logged[Ballot]], at: Instant, why: str, flags: list[Flag]
    ) -> list[Logged[Ballot]]:
        """Keep what was received before a member left or was suspended."""
        kept = []
        for logged in cast:
            received = self._clock.received(logged)
            if received is not None and received < at:
                kept.append(logged)
            else:
                flags.append(_flag(logged, "departed", why))
        return kept

    def _standing(
        self,
        member: MemberId,
        cast: list[Logged[Ballot]],
        limit: Instant | None,
        flags: list[Flag],
    ) -> Standing | None:
        void = Standing(member=member, answer=Answer.VOID)
        doubtful = [one for one in cast if self._clock.is_doubtful(one, limit)]
        if doubtful:
            words = "its log told two stories, and another vote may stand in the other"
            flags.extend(_flag(logged, "forked", words) for logged in doubtful)
            return void
        words = "its log told two stories; others had received this one in time, and it stands"
        told_twice = (one for one in cast if self._clock.may_be_doubtful(one))
        flags.extend(_flag(logged, "forked_stands", words) for logged in told_twice)
        if not cast:
            spoilt = self._spoilt(member, limit, flags)
            flags.extend(_flag(one, "unreadable", one.said.why) for one in spoilt)
            return void if spoilt else None
        top = max(logged.said.sequence for logged in cast)
        final = [logged for logged in cast if logged.said.sequence == top]
        if len({logged.said.choice for logged in final}) > 1:
            words = "two votes under one number; neither counts, and no older one"
            flags.extend(_flag(logged, "equivocation", words) for logged in final)
            return void
        reasoned = [logged for logged in final if logged.said.reason.strip()]
        return self._own(member, (reasoned or final)[0], flags)

    def _spoilt(
        self, member: MemberId, limit: Instant | None, flags: list[Flag]
    ) -> list[Logged[Unreadable]]:
        """Return a member's unreadable ballots that were its own and in time."""
        in_time = self._clock.in_time(self._unreadable.get(member, ()), limit, flags)
        return [one for one in in_time if not self._clock.is_stolen(one, limit)]

    def _own(self, member: MemberId, logged: Logged[Ballot], flags: list[Flag]) -> Standing:
        said, answer = logged.said, logged.said.choice
        needs_reason = self._docket.proposal.said.proposal.procedure.negative_needs_reason
        if needs_reason and answer in AGAINST and not said.reason.strip():
            words = f"{answer.value} without a reason counts as an abstention"
            flags.append(_flag(logged, "no_reason", words))
            answer = Answer.ABSTAIN
        return Standing(member=member, answer=answer, by=logged.reference, reason=said.reason)


def forked_silently(logs: Iterable[HeldLog], members: frozenset[MemberId]) -> Iterable[Flag]:
    """Flag every member whose log told two stories, whether or not it voted."""
    for log in logs:
        if log.forked_from is not None and log.member in members:
            words = (
                f"its log {log.origin} told two stories; nothing from entry {log.forked_from} "
                "on counts"
            )
            yield Flag(member=log.member, code="forked_log", words=words)


def _by_member(docket: Docket) -> dict[MemberId, list[Logged[Ballot]]]:
    found: dict[MemberId, list[Logged[Ballot]]] = defaultdict(list)
    for logged in set(docket.ballots):
        if logged.said.proposal == docket.proposal.reference:
            found[logged.member].append(logged)
    return found


def _flag(logged: Logged[object], code: str, words: str) -> Flag:
    return Flag(member=logged.member, code=code, words=words, reference=logged.reference)
