# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A decision as people and pages see it: who stands where, what decided, from which logs."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from comity.council.decision.docket import Logged
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import Motion
from comity.council.decision.result import Flag, Result, Standing, State
from comity.council.decision.text import InForce
from comity.council.rule.explain import explain_procedure
from comity.council.rule.floor import Answer, Weights
from comity.desk.council.decision.docket import Chamber
from comity.kernel.alike import look_of
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference

NOT_SHOWN = "voted, not shown yet"
"""What stands in the place of a choice before the procedure lets it be shown."""

STATES: Mapping[State, str] = {
    State.OPEN: "open: tabled, not yet voted on",
    State.VOTING: "voting",
    State.ADOPTED: "adopted",
    State.REJECTED: "rejected",
    State.NO_QUORUM: "not decided: there was no quorum",
    State.SILENCE_HELD: "adopted: silence was not broken",
    State.SILENCE_BROKEN: "silence is broken: it goes to the vote",
    State.EXTENDED: "silence is broken and extended",
    State.CHALLENGED: "challenged",
    State.FINAL: "final",
    State.WITHDRAWN: "withdrawn by the proposer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """One seat.

    Args:
        answer: In words; "voted, not shown yet" before choices may be shown.
        bloc: The bloc whose position it is, or "".
        state: ISO 3166-1 alpha-3 code, or "" where none is known.
        weights: What it weighs, by the name of the measure.
        by: The statement that says so, as log#index, or "".
    """

    member: MemberId
    name: str
    state: str
    answer: str
    weights: Mapping[str, int]
    bloc: str = ""
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRow:
    """One thing that did not count as its author may have wished."""

    member: MemberId
    name: str
    code: str
    words: str
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One log that was read, and how far.

    Args:
        is_whole: All its entries up to the checkpoint are held here.
        is_counted: The checkpoint met this reader's own quorum of cosignatures.
    """

    name: str
    origin: str
    size: int
    root: str
    is_whole: bool
    is_counted: bool
    is_forked: bool
    checked_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """One proposal in a list."""

    at: str
    sha256: str
    title: str
    proposer: str
    state: State
    passed: bool
    closes: dt.datetime | None
    seats: int
    said: int

    def to_json(self) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "proposal": self.at, "sha256": self.sha256, "title": self.title,
            "proposer": self.proposer, "state": self.state.value, "adopted": self.passed,
            "closes": _instant(self.closes), "seats": self.seats, "said": self.said,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSheet:
    """Everything about one proposal, as of an instant.

    Args:
        text: The words in force; None where they stand in a blob.
        rule: The whole procedure in one sentence.
        seats: By name.
        counts: How many stand where, most first.
        account: What decided, in sentences: bases, abstention, what would flip it.
    """

    row: ProposalRow
    result: Result
    text: str | None
    rule: str
    topic: str
    opens: dt.datetime | None
    receipts: int
    seats: tuple[SeatRow, ...]
    counts: tuple[tuple[str, int], ...]
    removed: tuple[tuple[str, str], ...]
    flags: tuple[FlagRow, ...]
    logs: tuple[LogRow, ...]
    account: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    weights: tuple[Weights, ...]

    def to_json(self) -> dict[str, object]:
        """Return it as plain values."""
        result = self.result
        return {
            **self.row.to_json(),
            "as_of": to_rfc3339(result.as_of),
            "text": self.text,
            "text_sha256": result.text.hex(),
            "rule": self.rule,
            "topic": self.topic,
            "opens": _instant(self.opens),
            "receipts": self.receipts,
            "decided": result.is_decided,
            "revealed": result.is_revealed,
            "counts": dict(self.counts),
            "members": [_seat_json(seat) for seat in self.seats],
            "removed": [{"name": name, "why": why} for name, why in self.removed],
            "flagged": [_flag_json(flag) for flag in self.flags],
            "groups": {name: list(who) for name, who in self.groups.items()},
            "weights": [
                {"name": one.name, "unit": one.unit, "source": one.source}
                for one in self.weights
            ],
            "outcome": result.outcome.to_json() if result.is_revealed else None,
            "account": list(self.account),
            "logs": [_log_json(log) for log in self.logs],
        }


def decision_sheet(
    chamber: Chamber, logged: Logged[Motion], result: Result, text: InForce
) -> DecisionSheet:
    """Show one proposal and how it stands."""
    electorate = logged.said.proposal.electorate
    names = _names(chamber, result, electorate.members)
    seats = tuple(
        sorted(
            (_seat(one, names, electorate, result) for one in result.standings),
            key=lambda seat: (seat.name, seat.member),
        )
    )
    counts = Counter(seat.answer for seat in seats)
    terms = logged.said.proposal.terms
    return DecisionSheet(
        row=proposal_row(chamber, logged, result),
        result=result,
        text=text.words,
        rule=explain_procedure(logged.said.proposal.procedure),
        topic=terms.topic,
        opens=terms.opens,
        receipts=terms.receipts,
        seats=seats,
        counts=tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
        removed=tuple((names.get(member, member[:16]), why) for member, why in result.removed),
        flags=tuple(_flag_row(flag, names) for flag in result.flagged),
        logs=tuple(_logs(chamber)),
        account=_account(result, names),
        groups={
            name: tuple(sorted(names.get(member, member[:16]) for member in who))
            for name, who in sorted(electorate.groups.items())
        },
        weights=tuple(electorate.weights[name] for name in sorted(electorate.weights)),
    )


def proposal_row(chamber: Chamber, logged: Logged[Motion], result: Result) -> ProposalRow:
    """Show one proposal in a list."""
    return ProposalRow(
        at=place(logged.reference),
        sha256=logged.reference.sha256.hex(),
        title=logged.said.title,
        proposer=chamber.names.get(logged.member, logged.member[:16]),
        state=result.state,
        passed=result.passed,
        closes=result.closes,
        seats=len(result.standings),
        said=sum(one.answer is not Answer.SILENT for one in result.standings),
    )


def place(reference: Reference | None) -> str:
    """Cite a statement by its place; "" where there is none."""
    return "" if reference is None else f"{reference.log}#{reference.index}"


def _names(
    chamber: Chamber, result: Result, members: frozenset[MemberId]
) -> Mapping[MemberId, str]:
    """Call members what their keysets say; two that look alike are told apart by their ids."""
    ids = {*members, *(flag.member for flag in result.flagged)}
    called = {member: chamber.names.get(member, member[:16]) for member in ids}
    often = Counter(map(look_of, called.values()))
    return {
        member: name if often[look_of(name)] == 1 else f"{name} ({member[:8]})"
        for member, name in called.items()
    }


def _seat(
    standing: Standing,
    names: Mapping[MemberId, str],
    electorate: Electorate,
    result: Result,
) -> SeatRow:
    is_shown = result.is_revealed or standing.answer is Answer.SILENT
    name = names.get(standing.member, standing.member[:16])
    state = electorate.states.get(standing.member, "")
    weights = {
        one.name: one.values.get(standing.member, 0) for one in electorate.weights.values()
    }
    blank = SeatRow(
        member=standing.member, name=name, state=state, answer=NOT_SHOWN, weights=weights
    )
    if not is_shown:
        return blank
    return replace(
        blank,
        answer=standing.words,
        bloc=standing.bloc,
        by=place(standing.by),
        reason=standing.reason,
    )


def _account(result: Result, names: Mapping[MemberId, str]) -> tuple[str, ...]:
    if not result.is_revealed:
        return ()
    outcome = result.outcome
    called = {str(member): name for member, name in names.items()}
    flip = () if outcome.flip is None else (outcome.flip.words(called),)
    unreached = sum(
        one.answer is Answer.SILENT and not one.is_reached for one in result.standings
    )
    delivered = (
        (f"{unreached} of the silent are not shown to have received the proposal.",)
        if unreached
        else ()
    )
    abstention = (outcome.abstention,) if outcome.abstention else ()
    return (*outcome.bases, *abstention, *delivered, *flip)


def _flag_row(flag: Flag, names: Mapping[MemberId, str]) -> FlagRow:
    return FlagRow(
        member=flag.member, name=names.get(flag.member, flag.member[:16]), code=flag.code,
        words=flag.words, at=place(flag.reference),
    )  # fmt: skip


def _logs(chamber: Chamber) -> Sequence[LogRow]:
    rows = []
    for held in sorted(chamber.logs, key=lambda log: log.origin):
        log = chamber.members[held.member]
        rows.append(
            LogRow(
                name=log.name, origin=held.origin, size=held.size, root=held.root.hex(),
                is_whole=log.holding is None,
                is_counted=log.counted_size >= held.size,
                is_forked=held.forked_from is not None, checked_at=log.newest.checked_at,
            )
        )  # fmt: skip
    return rows


def _instant(instant: dt.datetime | None) -> str | None:
    return None if instant is None else to_rfc3339(Instant(instant))


def _seat_json(seat: SeatRow) -> dict[str, object]:
    return {
        "member": seat.member, "name": seat.name, "state": seat.state, "answer": seat.answer,
        "bloc": seat.bloc, "by": seat.by, "reason": seat.reason,
        "weights": dict(seat.weights),
    }  # fmt: skip


def _flag_json(flag: FlagRow) -> dict[str, object]:
    return {
        "member": flag.member, "name": flag.name, "code": flag.code, "words": flag.words,
        "at": flag.at,
    }  # fmt: skip


def _log_json(log: LogRow) -> dict[str, object]:
    return {
        "name": log.name, "origin": log.origin, "size": log.size, "root": log.root,
        "whole": log.is_whole, "counted": log.is_counted, "forked": log.is_forked,
        "checked_at": _instant(log.checked_at),
    }  # fmt: skip
