# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Decisions as pages and programs see them: plain values cut from the register."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from comity.council.decision.docket import Logged
from comity.council.decision.proposal import Motion
from comity.council.decision.result import Result, State
from comity.desk.council.decision.docket import Chamber
from comity.desk.council.decision.result import decide
from comity.desk.council.decision.sheet import NOT_SHOWN, DecisionSheet, LogRow
from comity.desk.register.register import Register
from comity.desk.register.sheet import Actor, NodeSheet, Plain, Provenance
from comity.errors import NotFound, VerificationFailed
from comity.kernel.reference import Reference

T = TypeVar("T")

PAGE_ROWS = 10
"""Each row is counted from the ballots themselves, so that a page holds few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilRow:
    """One proposal in the list.

    Args:
        id: Digest of the entry, hex: its name in an address.
        counts: Seats by where they stand; empty before choices may be shown.
        said: Seats that are not silent.
    """

    id: str
    title: str
    proposer: Actor
    state: State
    adopted: bool
    closes: dt.datetime | None
    seats: int
    said: int
    counts: Mapping[str, int]
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilSheet:
    """The list of proposals."""

    node: NodeSheet
    total: int
    page: int
    pages: int
    proposals: tuple[CouncilRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine:
    """One seat.

    Args:
        answer: In words, as in the counts.
        state: ISO 3166-1 alpha-3 code, or "".
        origin: The log in which it says so, with *index*; "" and None where it is silent.
    """

    member: Actor
    state: str
    answer: str
    bloc: str
    reason: str
    origin: str
    index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagLine:
    """One statement that did not count as its author may have wished, and why."""

    member: Actor
    code: str
    words: str
    origin: str
    index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """One group of the electorate, and how its seats stand."""

    name: str
    seats: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSheet:
    """One decision.

    Args:
        text: The words in force; None where they stand outside the log.
        rule: The whole procedure in one sentence.
        decided: Whether anything is decided; *revealed*, whether choices may be shown.
        outcome: State, reasons part by part, what would flip it; None before it is revealed.
        account: The same in sentences.
        states: ISO code to where its seats stand; "mixed" where they differ.
        seats: Those that said something first, then by state.
        logs: What this count rests on, those that told two stories first.
    """

    node: NodeSheet
    row: CouncilRow
    text: str | None
    text_sha256: str
    rule: str
    topic: str
    opens: dt.datetime | None
    receipts: int
    decided: bool
    revealed: bool
    outcome: Plain
    account: tuple[str, ...]
    groups: tuple[GroupLine, ...]
    states: Mapping[str, str]
    seats: tuple[SeatLine, ...]
    removed: Mapping[str, str]
    flags: tuple[FlagLine, ...]
    logs: tuple[LogRow, ...]


def council_sheet(register: Register, *, page: int = 1) -> CouncilSheet:
    """List the proposals this node sees, those still to be closed first, the soonest first.

    Args:
        page: From 1; a page that is not there is the nearest one.
    """
    listed = _once(register, "", lambda: _listed(register))
    pages = max(1, -(-len(listed) // PAGE_ROWS))
    page = min(max(1, page), pages)
    return _once(register, f"page {page}", lambda: _list(register, listed, page, pages))


def _listed(register: Register) -> list[Logged[Motion]]:
    motions = Chamber(register.view.ledger).proposals()
    return sorted(motions, key=lambda one: _urgency(register, one))


def _list(
    register: Register, listed: list[Logged[Motion]], page: int, pages: int
) -> CouncilSheet:
    chamber, as_of = Chamber(register.view.ledger), register.view.as_of
    shown = listed[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    return CouncilSheet(
        node=register.node(),
        total=len(listed),
        page=page,
        pages=pages,
        proposals=tuple(
            _row(register, motion, chamber.tally(motion, as_of)) for motion in shown
        ),
    )


def proposal_sheet(register: Register, proposal: str) -> ProposalSheet:
    """Show one decision by the digest of its proposal's entry, hex.

    Raises:
        NotFound: No readable proposal under a verified checkpoint has that digest.
    """
    return _once(register, f"proposal {proposal}", lambda: _shown(register, proposal))


def _once(register: Register, name: str, make: Callable[[], T]) -> T:
    """Count once for each state of the ledger and instant shown, however many ask."""
    as_of, kept = register.view.as_of, register.memo.get(f"council {name}")
    if kept is None or kept[0] != as_of:
        kept = register.memo[f"council {name}"] = (as_of, make())
    return cast("T", kept[1])


def _shown(register: Register, proposal: str) -> ProposalSheet:
    chamber = Chamber(register.view.ledger)
    motion = _get(chamber, proposal)
    found = decide(chamber, motion, register.view.as_of)
    return ProposalSheet(
        node=register.node(),
        row=_row(register, motion, found.result),
        text=found.text,
        text_sha256=found.result.text.hex(),
        rule=found.rule,
        topic=found.topic,
        opens=found.opens,
        receipts=found.receipts,
        decided=found.result.is_decided,
        revealed=found.result.is_revealed,
        outcome=found.result.outcome.to_json() if found.result.is_revealed else None,
        account=found.account,
        groups=tuple(_groups(motion, found)),
        states=_states(found),
        seats=tuple(_seats(register, found)),
        removed=dict(found.removed),
        flags=tuple(_flags(register, found)),
        logs=tuple(sorted(found.logs, key=lambda log: (not log.is_forked, log.is_whole))),
    )


def _get(chamber: Chamber, proposal: str) -> Logged[Motion]:
    for motion in chamber.proposals():
        if motion.reference.sha256.hex() == proposal:
            return motion
    raise NotFound(
        "no proposal that this node can read has this digest",
        code="council.no_proposal",
        hint="the list of proposals stands at /council",
    )


def _urgency(register: Register, motion: Logged[Motion]) -> tuple[bool, float, str, int]:
    closes, as_of = motion.said.proposal.terms.closes, register.view.as_of
    left_s = 0.0 if closes is None else (closes - as_of).total_seconds()
    return (left_s < 0, abs(left_s), motion.reference.log, -motion.reference.index)


def _row(register: Register, motion: Logged[Motion], result: Result) -> CouncilRow:
    answers = [one.words for one in result.standings]
    return CouncilRow(
        id=motion.reference.sha256.hex(),
        title=motion.said.title,
        proposer=register.actor(motion.member),
        state=result.state,
        adopted=result.passed,
        closes=result.closes,
        seats=len(answers),
        said=sum(not answer.startswith("silent") for answer in answers),
        counts=_counted(answers) if result.is_revealed else {},
        provenance=_provenance(register, motion.reference),
    )


def _provenance(register: Register, reference: Reference) -> Provenance:
    entry = register.view.ledger.find(reference)
    if entry is None:
        raise VerificationFailed("the log has changed while it was read", code="council.moved")
    return register.provenance(entry)


def _counted(answers: list[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(answers).items(), key=lambda pair: (-pair[1], pair[0])))


def _place(text: str) -> tuple[str, int | None]:
    origin, _, index = text.rpartition("#")
    return (origin, int(index)) if origin else ("", None)


def _seats(register: Register, found: DecisionSheet) -> Iterator[SeatLine]:
    for seat in sorted(found.seats, key=lambda one: (not one.by, one.state, one.name)):
        origin, index = _place(seat.by)
        yield SeatLine(
            member=register.actor(seat.member),
            state=seat.state,
            answer=seat.answer,
            bloc=seat.bloc,
            reason=seat.reason,
            origin=origin,
            index=index,
        )


def _flags(register: Register, found: DecisionSheet) -> Iterator[FlagLine]:
    for flag in found.flags:
        origin, index = _place(flag.at)
        yield FlagLine(
            member=register.actor(flag.member),
            code=flag.code,
            words=flag.words,
            origin=origin,
            index=index,
        )


def _states(found: DecisionSheet) -> Mapping[str, str]:
    answers: dict[str, str] = {}
    for seat in found.seats:
        if seat.state:
            same = answers.setdefault(seat.state, seat.answer) == seat.answer
            answers[seat.state] = seat.answer if same else "mixed"
    return dict(sorted(answers.items()))


def _groups(motion: Logged[Motion], found: DecisionSheet) -> Iterator[GroupLine]:
    answers = {seat.member: seat.answer for seat in found.seats}
    for name, members in sorted(motion.said.proposal.electorate.groups.items()):
        said = [answers[member] for member in sorted(members) if member in answers]
        shown = [answer for answer in said if answer != NOT_SHOWN]
        yield GroupLine(
            name=name,
            seats=len(said),
            counts=_counted(shown) if found.result.is_revealed else {},
        )
