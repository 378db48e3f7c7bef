# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a proposal stands for whoever is about to say something, and what is refused."""

from collections.abc import Collection

from comity.council.decision.docket import SAYABLE, Logged
from comity.council.decision.proposal import Motion
from comity.council.decision.result import Result, State
from comity.council.rule.floor import Answer
from comity.desk.council.decision.docket import Chamber
from comity.desk.log.shelf import ViewShelf, place_of
from comity.errors import Conflict, Fault, InvalidDocument
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference, to_reference_json
from comity.law.cursor import near_miss
from comity.node.node import Node

RUNNING = frozenset({State.VOTING, State.EXTENDED, State.SILENCE_BROKEN})


def standing(node: Node, proposal: Reference, now: Instant) -> tuple[Logged[Motion], Result]:
    """Return a proposal this node reads, and where it stands now.

    Raises:
        NotFound: It is not among the published statements read here.
    """
    chamber = Chamber(node.view())
    logged = chamber.get(proposal)
    return logged, chamber.tally(logged, now)


def next_sequence(node: Node, kind: str, proposal: Reference) -> int:
    """Return the number after the highest this member used, published or not."""
    about = to_reference_json(proposal)
    said = [
        one.statement.predicate for one in ViewShelf(node.view()).of_kind(kind)
        if one.member == node.member and one.statement.predicate.get("proposal") == about
    ]  # fmt: skip
    used = [each["sequence"] for each in said]
    return max((number for number in used if isinstance(number, int)), default=-1) + 1


def choice_of(word: str, *more: str) -> Answer:
    """Read what a ballot may say, or refuse the word with the nearest one."""
    words = [choice.value for choice in SAYABLE]
    if word not in words:
        raise no_word(word, [*words, *more], "choice")
    return Answer(word)


def refuse_closed(proposal: Reference, result: Result) -> None:
    """Refuse what comes before the vote or after it."""
    if result.state is State.OPEN:
        raise closed(proposal, "it is not open for votes yet")
    if result.is_decided and result.closes is None and result.state is State.ADOPTED:
        return  # without a close a vote goes on, and a member may still change its mind
    if result.state not in RUNNING or result.is_decided:
        raise closed(proposal, f"it is no longer voted on ({result.state.value})")


def closed(proposal: Reference, why: str) -> Conflict:
    """Say that the moment for this is not now."""
    hint = "comity council tally shows where it stands"
    return Conflict(f"{place_of(proposal)}: {why}", code="council.closed", hint=hint)


def refused(message: str, fault: str) -> InvalidDocument:
    """Say what of a wish cannot be."""
    return InvalidDocument(message, code="council.refused", faults=[Fault(message=fault)])


def no_word(
    word: str, words: Collection[str], kind: str, meant: str | None = None
) -> InvalidDocument:
    """Say which words there are.

    Args:
        meant: The one of the same meaning, where no letters tell it.
    """
    message = f"{word[:40]!r} is no {kind}: {', '.join(words)}"
    fault = Fault(message=message, near=meant or near_miss(word, words))
    return InvalidDocument(message, code="council.word", faults=[fault])
