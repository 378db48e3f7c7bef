# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What blocs say for members that gave a mandate and cast no ballot of their own."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from comity.council.decision.clock import Clock
from comity.council.decision.docket import BlocPosition, Docket, Logged, Mandate
from comity.council.decision.result import Flag, Standing
from comity.council.decision.text import InForce
from comity.council.rule.floor import Answer
from comity.council.rule.rule import AGAINST
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A live mandate: who speaks for its giver, in which bloc."""

    bloc: str
    holder: MemberId


def live_mandates(
    docket: Docket, clock: Clock, limit: Instant | None, flags: list[Flag]
) -> Mapping[MemberId, tuple[Given, ...]]:
    """Return each member's mandates for the topic that hold at a limit.

    The last one a member gave a bloc replaces those before it; one that was withdrawn in time
    is gone, and revives none.
    """
    topic = docket.proposal.said.proposal.terms.topic
    until = clock.as_of if limit is None else min(limit, clock.as_of)
    revoked = revocations(docket, clock, limit)
    given: dict[MemberId, dict[str, Logged[Mandate]]] = defaultdict(dict)
    for logged in clock.in_time(set(docket.mandates), limit, flags):
        if not (clock.is_stolen(logged, limit) or clock.is_doubtful(logged, limit)):
            given[logged.member][logged.said.bloc] = logged
    return {
        member: tuple(
            Given(bloc=bloc, holder=logged.said.holder)
            for bloc, logged in sorted(by_bloc.items())
            if logged.reference not in revoked
            and logged.said.covers(topic)
            and (logged.said.until is None or logged.said.until > until)
        )
        for member, by_bloc in given.items()
    }


def revocations(docket: Docket, clock: Clock, limit: Instant | None) -> Collection[Reference]:
    """Return what was taken back in time by who had said it.

    By its whole place: a digest alone could be of an entry in another's log.
    """
    return frozenset(
        logged.said.of
        for logged in clock.in_time(set(docket.withdrawals), limit, [])
        if not clock.is_stolen(logged, limit)
        and not clock.is_doubtful(logged, limit)
        and logged.reference.log == logged.said.of.log
    )


class Blocs:
    """The positions of blocs on one proposal, in time and on the text in force."""

    def __init__(
        self, docket: Docket, clock: Clock, text: InForce, limit: Instant | None
    ) -> None:
        self.flags: list[Flag] = []
        procedure = docket.proposal.said.proposal.procedure
        self._needs_reason = procedure.negative_needs_reason
        late: list[Flag] = []
        self._mandates = dict(live_mandates(docket, clock, limit, late))
        self._said = self._final(docket, clock, text, limit)
        spoken = {(given.bloc, given.holder) for given in self._said}
        asked = {
            one.reference
            for one in docket.mandates
            if (one.said.bloc, one.said.holder) in spoken
        }  # a mandate given later for other votes is no fault of this one
        self.flags += [flag for flag in late if flag.reference in asked]

    def _final(
        self, docket: Docket, clock: Clock, text: InForce, limit: Instant | None
    ) -> dict[Given, Logged[BlocPosition]]:
        by: dict[Given, list[Logged[BlocPosition]]] = defaultdict(list)
        about = (
            one for one in set(docket.positions)
            if one.said.proposal == docket.proposal.reference
        )  # fmt: skip
        for logged in clock.in_time(about, limit, self.flags):
            if clock.is_stolen(logged, limit):
                self._flag(logged, "disputed", "signed by a key that its owner declared stolen")
            elif logged.said.text != text.digest:
                is_stale = logged.said.text in text.earlier
                words = "the text before it was amended" if is_stale else "another text"
                code = "stale_text" if is_stale else "other_text"
                self._flag(logged, code, f"names {words}")
            elif clock.is_doubtful(logged, limit):
                self._flag(logged, "forked", "its log told two stories")
            else:
                by[Given(bloc=logged.said.bloc, holder=logged.member)].append(logged)
        found = {given: self._last(every) for given, every in by.items()}
        return {given: last for given, last in found.items() if last is not None}

    def _last(self, every: list[Logged[BlocPosition]]) -> Logged[BlocPosition] | None:
        top = max(logged.said.sequence for logged in every)
        final = [logged for logged in every if logged.said.sequence == top]
        if len({logged.said.choice for logged in final}) == 1:
            return final[0]
        for logged in final:
            self._flag(logged, "equivocation", "two positions under one number; neither counts")
        return None

    def mandated(self, member: MemberId, mandates: tuple[Given, ...]) -> None:
        """Let a member have given other mandates than it had."""
        self._mandates[member] = mandates

    def positioned(self, given: Given, every: list[Logged[BlocPosition]]) -> set[MemberId]:
        """Let a holder have said this for a bloc, and return for whom it speaks."""
        last = self._last(every) if every else None
        self._said.pop(given, None)
        if last is not None:
            self._said[given] = last
        return {member for member, held in self._mandates.items() if given in held}

    def fill(self, member: MemberId) -> Standing | None:
        """Say where a member without a ballot stands by its blocs; None where nowhere.

        A bloc without a position fills nobody. Contrary positions of two blocs fill nobody
        either, and are flagged.
        """
        found = []
        for given in self._mandates.get(member, ()):
            logged = self._said.get(given)
            if logged is not None and logged.said.choice is not None:
                found.append((given, logged.said.choice, logged))
        choices = {choice for _, choice, _ in found}
        if len(choices) > 1:
            said = ", ".join(f"{given.bloc} {choice.value}" for given, choice, _ in found)
            words = f"its blocs take contrary positions ({said}); none of them counts for it"
            self.flags.append(Flag(member=member, code="contrary_blocs", words=words))
            return None
        for given, choice, logged in found:
            return Standing(
                member=member, answer=self._reasoned(choice, logged), bloc=given.bloc,
                by=logged.reference, reason=logged.said.reason,
            )  # fmt: skip
        return None

    def _reasoned(self, choice: Answer, logged: Logged[BlocPosition]) -> Answer:
        """Hold a bloc to reasons as each of its members is."""
        if not self._needs_reason or choice not in AGAINST or logged.said.reason.strip():
            return choice
        words = f"{choice.value} without a reason counts as an abstention"
        self._flag(logged, "no_reason", words)
        return Answer.ABSTAIN

    def split(self) -> Iterator[Flag]:
        """Flag the positions of holders of one bloc that contradict each other."""
        by: dict[str, set[Answer | None]] = defaultdict(set)
        for given, logged in self._said.items():
            by[given.bloc].add(logged.said.choice)
        for given, logged in self._said.items():
            if len(by[given.bloc]) > 1:
                yield Flag(
                    member=logged.member,
                    code="split_bloc",
                    words=f"{given.bloc} is split; each holder speaks for its own members only",
                    reference=logged.reference,
                )

    def unmandated(self) -> tuple[Flag, ...]:
        """Flag positions of holders to whom nobody gave a mandate for the topic."""
        held = {given for every in self._mandates.values() for given in every}
        return tuple(
            Flag(
                member=logged.member, code="no_mandate", reference=logged.reference,
                words=f"no live mandate for {given.bloc} on this topic; it fills nobody",
            )
            for given, logged in self._said.items()
            if given not in held
        )  # fmt: skip

    def _flag(self, logged: Logged[BlocPosition], code: str, words: str) -> None:
        self.flags.append(
            Flag(member=logged.member, code=code, words=words, reference=logged.reference)
        )
