# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where each test stands that a node has a part in, and what is to be done next."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from comity.desk.case import read_or_none, reveals_of
from comity.desk.shelf import Said, Shelf, ViewShelf, find_cited
from comity.desk.testing import find_finding
from comity.evidence.application import Application, application_from_predicate
from comity.evidence.draw import Role
from comity.evidence.plan import Plan, plan_from_predicate
from comity.node.node import Node


class Step(Enum):
    """What is due; the verb is that of `comity assess`, or what others must do first."""

    PLAN = "plan"
    AWAIT_PLAN = "await the tester's plan"
    COUNT = "await enough cosignatures on the plan"
    REVEAL = "reveal"
    AWAIT_PROVIDER = "await the provider's nonce"
    AWAIT_TESTER = "await the tester's nonce"
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
        part: What this node is to it: "provider", "tester" or "continuing".
        step: What is due.
    """

    application: Said
    plan: Said | None
    finding: Said | None
    answers: int
    part: str
    step: Step


def matters(node: Node) -> Iterator[Matter]:
    """Yield the tests this node applied for, was asked for, or continues."""
    shelf = ViewShelf(node.view())
    for said in shelf.of_kind("application"):
        request = read_or_none(application_from_predicate, said)
        if request is not None and node.member in {said.member, request.tester}:
            yield _matter(node, shelf, said, request)
    for said in shelf.of_kind("plan"):
        plan = read_or_none(plan_from_predicate, said)
        if plan is None or said.member != node.member or plan.continues is None:
            continue
        application = find_cited(shelf, plan.application, "application")
        if application is not None:
            yield _continuing(node, shelf, application, said)


def _matter(node: Node, shelf: Shelf, said: Said, request: Application) -> Matter:
    part = Role.PROVIDER if said.member == node.member else Role.TESTER
    found = _plan_for(shelf, said, request)
    if found is None:
        step = Step.AWAIT_PLAN if part is Role.PROVIDER else Step.PLAN
        return Matter(
            application=said, plan=None, finding=None, answers=0, part=part.value, step=step
        )
    finding = find_finding(shelf, found)
    step = Step.DONE if finding is not None else _due(shelf, said, found, part)
    return Matter(
        application=said,
        plan=found,
        finding=finding,
        answers=_answers(node, found),
        part=part.value,
        step=step,
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


def _due(shelf: Shelf, application: Said, plan: Said, part: Role) -> Step:
    made = reveals_of(shelf, plan.reference)
    has_provider = (application.member, Role.PROVIDER) in made
    has_tester = (plan.member, Role.TESTER) in made
    if not plan.is_counted:
        return Step.COUNT
    if part is Role.PROVIDER:
        if not has_provider:
            return Step.REVEAL
        return Step.AWAIT_FINDING if has_tester else Step.AWAIT_TESTER
    if not has_provider:
        return Step.AWAIT_PROVIDER
    return Step.RUN if has_tester else Step.REVEAL


def _answers(node: Node, plan: Said) -> int:
    path = node.folder / "work" / f"{plan.reference.sha256.hex()}.transcript"
    try:
        with path.open("rb") as file:
            return sum(line.endswith(b"\n") for line in file)
    except OSError:
        return 0
