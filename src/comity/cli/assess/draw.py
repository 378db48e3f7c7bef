# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess contribute` and `reveal`, and how a plan names the third in its draw."""

import re
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.assessment.drawing import close_draw, contribute, may_contribute, reveal_share
from comity.desk.assessment.planning import Ask
from comity.desk.assessment.testing import is_revealed, reveal_nonce
from comity.desk.case.third import contributors_for
from comity.desk.log.citation import cite
from comity.desk.log.shelf import Said, Shelf, ViewShelf, get
from comity.errors import Fault, InvalidDocument
from comity.evidence.attempt import Sharing
from comity.evidence.beacon import BeaconRound
from comity.evidence.contributor import Contributors
from comity.evidence.plan import plan_from_predicate
from comity.evidence.third import Third
from comity.files.beacon import read_chain, read_pulse
from comity.kernel.instant import Instant, from_posix, to_posix, to_rfc3339
from comity.kernel.reference import Reference
from comity.node.clock import read_clock
from comity.node.node import Node

_SPAN = re.compile(r"(?P<number>[1-9][0-9]{0,5})(?P<unit>[smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}

ATTEMPTS = {"weighted": Sharing.WEIGHTED, "product": Sharing.PRODUCT}


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Who speaks last in the draw, and how attempts share the risk.

    Args:
        beacon: A public beacon speaks last: quicknet, or a file with a beacon's description.
        beacon_in: How long from now the beacon's round is due: 90s, 30m, 1h or 2d.
        round_number: The beacon's round itself, in place of a time.
        contributors: Every other member that ran `assess contribute` speaks last.
        least: How few of the contributors make a draw; without it, all of them.
        attempts: weighted: attempt k runs at risk/(k(k+1)). product: e-values multiply.
    """

    beacon: str | None = None
    beacon_in: str | None = None
    round_number: Annotated[int | None, Parameter(name="--round")] = None
    contributors: Annotated[bool, Parameter(negative="")] = False
    least: int | None = None
    attempts: str | None = None


NO_DRAW = Draw()


def check_draw(draw: Draw) -> None:
    """Refuse options that contradict each other.

    Raises:
        InvalidDocument: With every fault.
    """
    faults = [Fault(message=message) for message in _faults(draw)]
    if faults:
        raise InvalidDocument("no such draw", code="cli.draw", faults=faults)


def third_of(draw: Draw, shelf: Shelf, application: Said, now: Instant) -> Third | None:
    """Return who speaks last in a draw, as the options say.

    Raises:
        InvalidDocument: The options contradict each other, all at once.
        NotFound: There is no such beacon, or nobody contributes.
    """
    check_draw(draw)
    if draw.contributors:
        return contributors_for(shelf, application, draw.least)
    if draw.beacon is None:
        return None
    chain = read_chain(draw.beacon)
    seconds = to_posix(now) + _seconds(draw.beacon_in or "1h")
    number = draw.round_number or chain.first_after(from_posix(seconds))
    return BeaconRound(chain=chain, number=number)


def with_draw(ask: Ask, draw: Draw, own: Node, application: Said) -> Ask:
    """Return an ask with the draw and the sharing of risk that the options say.

    Raises:
        InvalidDocument: They say nothing that can be.
        NotFound: There is no such beacon, or nobody contributes.
    """
    third = third_of(draw, ViewShelf(own.view()), application, read_clock())
    sharing = None if draw.attempts is None else ATTEMPTS[draw.attempts]
    return replace(ask, draw=third, sharing=sharing)


def words_of_third(third: Third) -> str:
    """Say who speaks last in a draw."""
    match third:
        case BeaconRound(number=number):
            return (
                f"the draw waits for round {number} of the beacon, due at "
                f"{to_rfc3339(third.due)}; both parties reveal before"
            )
        case Contributors(nodes=nodes, least=least):
            choices = third.draws
            shared = f"; the risk is shared by {choices} possible draws" if choices > 1 else ""
            return f"the draw waits for {least} of {len(nodes)} other members' nonces{shared}"


def offer(
    application: str,
    *,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Commit to a nonce for the draw of another's test, before its plan is made.

    Whoever does so speaks last in the draw, so that provider and tester together cannot
    choose the questions. After both have revealed, run: comity assess reveal PLAN

    Example: comity assess contribute maker.example/log#3 --node sg

    Args:
        application: The provider's application: its place, or digits of its SHA-256.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        asked = cite(ViewShelf(own.view()), application, "application").reference
        reference = contribute(own, asked, now=read_clock(), entropy=secrets.token_bytes)
        telling.logged(own, reference, "draw-commitment", publish=publish)


def reveal(
    plan: str,
    *,
    node: NodeFolder,
    beacon: Path | None = None,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Reveal one's nonce, once the plan stands under enough cosignatures; the provider first.

    Where the plan names a third, it speaks after both: other members by this same verb. The
    tester then runs it once more and closes the draw, with a beacon's round if that is it.

    Example: comity assess reveal kh.example/log#8 --node maker

    Example: comity assess reveal kh.example/log#8 --beacon round.json --node kh

    Args:
        plan: The plan: its place, or digits of its SHA-256.
        beacon: The beacon's round as it serves it, JSON with round and signature.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        planned = cite(ViewShelf(own.view()), plan, "plan").reference
        reference, kind = _reveal(own, planned, beacon)
        telling.logged(own, reference, kind, publish=publish)


def _reveal(own: Node, plan: Reference, beacon: Path | None) -> tuple[Reference, str]:
    """Do what is this member's next part of the draw."""
    now = read_clock()
    if may_contribute(own, plan):
        return reveal_share(own, plan, now=now), "draw-reveal"
    said = get(ViewShelf(own.view()), plan, "plan")
    third = plan_from_predicate(said.statement.predicate).draw
    if said.member != own.member or third is None or not is_revealed(own, plan):
        return reveal_nonce(own, plan, now=now), "reveal"
    pulse = None if beacon is None else read_pulse(beacon)
    return close_draw(own, plan, now=now, pulse=pulse), "draw-reveal"


def _faults(draw: Draw) -> list[str]:
    found: list[str] = []
    if draw.attempts is not None and draw.attempts not in ATTEMPTS:
        found.append(f"--attempts {draw.attempts!r} is neither weighted nor product")
    if draw.beacon is not None and draw.contributors:
        found.append("either --beacon or --contributors speaks last, not both")
    if draw.beacon is None and (draw.beacon_in or draw.round_number is not None):
        found.append("--beacon-in and --round say nothing without --beacon")
    if draw.beacon_in is not None and draw.round_number is not None:
        found.append("either --beacon-in or --round says when, not both")
    if draw.beacon_in is not None and _SPAN.fullmatch(draw.beacon_in) is None:
        found.append(f"--beacon-in {draw.beacon_in!r} is no time: write 90s, 30m, 1h or 2d")
    if draw.round_number is not None and draw.round_number < 1:
        found.append("--round counts from 1")
    if draw.least is not None and not draw.contributors:
        found.append("--least says nothing without --contributors")
    return found


def _seconds(span: str) -> int:
    found = _SPAN.fullmatch(span)
    return 0 if found is None else int(found["number"]) * _SECONDS[found["unit"]]
