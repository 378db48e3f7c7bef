# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where each test stands that a node has a part in, and what is to be done next."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from comity.desk.assessment.testing import find_finding
from comity.desk.case.case import read_or_none, reveals_of
from comity.desk.case.third import contributions, find_closing
from comity.desk.log.shelf import Said, Shelf, ViewShelf, find_cited
from comity.evidence.application import Application, application_from_predicate
from comity.evidence.contributor import Contributors
from comity.evidence.draw import Role
from comity.evidence.plan import Plan, plan_from_predicate
from comity.kernel.ids import MemberId
from comity.node.node import Node


class Step(Enum):
    """What is due; the verb is that of `comity assess`, or what others must do first."""

    PLAN = "plan"
    AWAIT_PLAN = "await the tester's plan"
    COUNT = "await enough cosignatures on the plan"
    REVEAL = "reveal"
    AWAIT_PROVIDER = "await the provider's nonce"
    AWAIT_TESTER = "await the tester's nonce"
    AWAIT_BEACON = "await the beacon's round"
    AWAIT_NODES = "await the other members' nonces"
    AWAIT_CLOSING = "await the tester's closing of the draw"
    CLOSE = "close the draw"
    SHARE = "reveal as a third"
    RUN = "run"
    AWAIT_FINDING = "await the finding"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One test.

    Args:
        application: Who applied for what.
        plan: Its plan, or None before there is one.
        finding: Its finding, or None before there is one.
        answers: How many answers a run has kept so far on this node.
        part: What this node is to it: "provider", "tester", "third" or "continuing".
        step: What is due.
        silent: Whose nonce is awaited, where others have revealed theirs.
    """

    application: Said
    plan: Said | None
    finding: Said | None
    answers: int
    part: str
    step: Step
    silent: tuple[MemberId, ...] = ()


def matters(node: Node) -> Iterator[Matter]:
    """Yield the tests this node applied for, was asked for, continues, or draws for."""
    shelf = ViewShelf(node.view())
    for said in shelf.of_kind("application"):
        request = read_or_none(application_from_predicate, said)
        if request is not None and node.member in {said.member, request.tester}:
            yield _matter(node, shelf, said, request)
    for said in shelf.of_kind("plan"):
        plan = read_or_none(plan_from_predicate, said)
        if plan is None:
            continue
        application = find_cited(shelf, plan.application, "application")
        if application is None:
            continue
        if said.member == node.member and plan.continues is not None:
            yield _continuing(node, shelf, application, said)
        elif node.member in _named(plan):
            yield _drawing(node, shelf, application, (said, plan))


def _matter(node: Node, shelf: Shelf, said: Said, request: Application) -> Matter:
    part = Role.PROVIDER if said.member == node.member else Role.TESTER
    found = _plan_for(shelf, said, request)
    if found is None:
        step = Step.AWAIT_PLAN if part is Role.PROVIDER else Step.PLAN
        return Matter(
            application=said, plan=None, finding=None, answers=0, part=part.value, step=step
        )
    finding = find_finding(shelf, found)
    plan = plan_from_predicate(found.statement.predicate)
    step = Step.DONE if finding is not None else _due(shelf, said, (found, plan), part)
    return Matter(
        application=said,
        plan=found,
        finding=finding,
        answers=_answers(node, found),
        part=part.value,
        step=step,
        silent=() if finding is not None else _silent(shelf, said, found, plan),
    )


def _continuing(node: Node, shelf: Shelf, application: Said, plan: Said) -> Matter:
    finding = find_finding(shelf, plan)
    step = Step.RUN if plan.is_counted else Step.COUNT
    return Matter(
        application=application,
        plan=plan,
        finding=finding,
        answers=_answers(node, plan),
        part="continuing",
        step=step if finding is None else Step.DONE,
    )


def _plan_for(shelf: Shelf, application: Said, request: Application) -> Said | None:
    for said in shelf.of_kind("plan"):
        plan: Plan | None = read_or_none(plan_from_predicate, said)
        if plan is None or said.member != request.tester or plan.continues is not None:
            continue
        if plan.application == application.reference:
            return said
    return None


def _drawing(node: Node, shelf: Shelf, application: Said, planned: tuple[Said, Plan]) -> Matter:
    """Say what a third in the draw has to do."""
    step = _due(shelf, application, planned, Role.PROVIDER)
    if step is Step.REVEAL:
        step = Step.AWAIT_PROVIDER
    elif step is Step.AWAIT_NODES and node.member in _silent(shelf, application, *planned):
        step = Step.SHARE
    finding = find_finding(shelf, planned[0])
    return Matter(
        application=application,
        plan=planned[0],
        finding=finding,
        answers=0,
        part="third",
        step=step if finding is None else Step.DONE,
    )


def _due(shelf: Shelf, application: Said, planned: tuple[Said, Plan], part: Role) -> Step:
    said, plan = planned
    made = reveals_of(shelf, said.reference)
    has_provider = (application.member, Role.PROVIDER) in made
    has_tester = (said.member, Role.TESTER) in made
    is_tester = part is Role.TESTER
    if not said.is_counted:
        return Step.COUNT
    if not has_provider:
        return Step.AWAIT_PROVIDER if is_tester else Step.REVEAL
    if not has_tester:
        return Step.REVEAL if is_tester else Step.AWAIT_TESTER
    return _due_of_third(shelf, said, plan, is_tester=is_tester)


def _due_of_third(shelf: Shelf, said: Said, plan: Plan, *, is_tester: bool) -> Step:
    """Say what is due once both parties have revealed."""
    if plan.draw is None or find_closing(shelf, said) is not None:
        return Step.RUN if is_tester else Step.AWAIT_FINDING
    if isinstance(plan.draw, Contributors):
        parts = contributions(shelf, said.reference, plan.draw)
        if sum(one.share is not None for one in parts) < plan.draw.least:
            return Step.AWAIT_NODES
        return Step.CLOSE if is_tester else Step.AWAIT_CLOSING
    return Step.AWAIT_BEACON if is_tester else Step.AWAIT_CLOSING


def _silent(shelf: Shelf, application: Said, said: Said, plan: Plan) -> tuple[MemberId, ...]:
    """Return whose nonce is missing once it is their turn: who pays if it stays away."""
    made = reveals_of(shelf, said.reference)
    if not said.is_counted:
        return ()
    if (application.member, Role.PROVIDER) not in made:
        return (application.member,)
    if (said.member, Role.TESTER) not in made:
        return (said.member,)
    if not isinstance(plan.draw, Contributors):
        return ()
    parts = contributions(shelf, said.reference, plan.draw)
    return tuple(one.node.member for one in parts if one.share is None)


def _named(plan: Plan) -> tuple[MemberId, ...]:
    if not isinstance(plan.draw, Contributors):
        return ()
    return tuple(one.member for one in plan.draw.nodes)


def _answers(node: Node, plan: Said) -> int:
    path = node.folder / "work" / f"{plan.reference.sha256.hex()}.transcript"
    try:
        with path.open("rb") as file:
            return sum(line.endswith(b"\n") for line in file)
    except OSError:
        return 0
