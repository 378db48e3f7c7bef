# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How worn a bank is: what is left of it, and signs that those it tests know it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.desk.assessment.retiring import Transcript, opened_positions, transcripts
from comity.desk.log.shelf import Said, ViewShelf, read_or_none
from comity.errors import InvalidDocument
from comity.evidence.bank_statement import bank_from_predicate
from comity.evidence.draw import sizes
from comity.evidence.leak import Alarm, quotes, seen_before
from comity.evidence.life import Expected, Life, life_of
from comity.evidence.plan import plan_from_predicate
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Design, boundary_of
from comity.evidence.statistics.eprocess import goal_failures
from comity.evidence.statistics.lattice import expected_questions, stops_of
from comity.kernel.digest import Digest
from comity.node.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What tests of a bank ask of each category."""

    threshold: Fraction
    goal: Fraction
    risk: Fraction
    power: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """The alarms of one transcript.

    Args:
        left_out: Positions its plan leaves out, though nothing held here opens them.
    """

    transcript: Transcript
    alarms: tuple[Alarm, ...]
    left_out: tuple[int, ...]


def last_wanted(node: Node, root: Digest) -> Wanted | None:
    """Return what the newest plan on a bank asked of its first category, or None."""
    found: Wanted | None = None
    for said in ViewShelf(node.view()).of_kind("plan"):
        plan = read_or_none(plan_from_predicate, said)
        if plan is not None and plan.bank_root == root and plan.designs:
            first = plan.designs[0]
            found = Wanted(
                threshold=first.threshold,
                goal=first.goal,
                risk=first.risk,
                power=first.power,
            )
    return found


def life_of_bank(node: Node, bank: Said, wanted: Wanted) -> Life:
    """Return what is left of a bank, as far as this node holds its transcripts."""
    commitment = bank_from_predicate(bank.statement.predicate).commitment
    opened = opened_positions(node, bank.subject)
    left = set(sizes(commitment, opened).values())
    return life_of(commitment, opened, {size: _expected(size, wanted) for size in left})


def alarms(node: Node, root: Digest) -> Iterator[Noticed]:
    """Yield what each transcript of a bank gives cause to look into, the earliest first."""
    every = sorted(transcripts(node, root), key=_when)
    known: set[int] = set()
    for place, transcript in enumerate(every):
        earlier = {_name(one): one.records for one in every[:place]}
        found = (*seen_before(transcript.records, earlier), *quotes(transcript.records))
        plan = plan_from_predicate(transcript.plan.statement.predicate)
        left_out = tuple(at for at in plan.retired if at not in known)
        yield Noticed(transcript=transcript, alarms=found, left_out=left_out)
        known |= {record.opening.item.position for record in transcript.records}


def _expected(size: int, wanted: Wanted) -> Expected | None:
    """Return what a test of so many items opens, or None where none can be made."""
    request = Request(
        size=size,
        threshold=wanted.threshold,
        goal=wanted.goal,
        risk=wanted.risk,
        power=wanted.power,
    )
    try:
        design = design_for(request)
    except InvalidDocument:
        return None
    perfect, goal = _questions(design, size, (0, goal_failures(size, design.goal)))
    return Expected(perfect=perfect, goal=goal, worst=design.cap)


def _questions(design: Design, size: int, failing: Sequence[int]) -> list[float]:
    stops = stops_of(boundary_of(design))
    return [float(expected_questions(stops, size, failures)) for failures in failing]


def _when(transcript: Transcript) -> tuple[str, str, int]:
    """Order by when the plan says it was issued; within a log its order is certain."""
    reference = transcript.plan.reference
    issued = transcript.plan.statement.predicate.get("issued")
    return str(issued), reference.log, reference.index


def _name(transcript: Transcript) -> str:
    said = transcript.plan if transcript.finding is None else transcript.finding
    return f"{said.reference.log}#{said.reference.index}"
