# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The federation in memory with proposals before it: one closed, one secret, one long."""

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from tests.fakes.world import NOW, World, build

from comity.council.decision.docket import Ballot, Receipt
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import Terms, propose
from comity.council.decision.statement import to_ballot_json, to_motion_json
from comity.council.decision.statement_record import to_receipt_json
from comity.council.rule.floor import Answer, Base
from comity.council.rule.procedure import Procedure
from comity.council.rule.rule import Across, All, Leaf, Share
from comity.files.body import get_body
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger.keyset import Keyset
from comity.ledger.redaction import leaves_of
from comity.ledger.tile import Tile
from comity.ledger.tree import StoredTree

HALF = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True))
CAST = Leaf(need=Share(of=Base.YES_AND_NO, least=Fraction(1, 2), strict=True))
THIRD = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 3)))
REGIONS = All(parts=(CAST, Across(family="region", missing=1, leaf=THIRD)))
TEXT = "Notice of an incident is given within 72 hours <b>of its discovery</b>."
HOSTILE = "Notice \u202eof incidents <script>alert(1)</script>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parliament:
    """A world with proposals.

    Args:
        adopted: Three yes, one no, one of a text that is not put to the vote.
        secret: Still voted on; choices are shown at the close.
        long: With a seat for each member of the United Nations.
    """

    world: World
    adopted: Reference
    secret: Reference
    long: Reference


def seated() -> Parliament:
    """Build the federation with its proposals; equal on every run."""
    world = build()
    return Parliament(
        world=world,
        adopted=_adopted(world),
        secret=_secret(world),
        long=_long(world),
    )


def grow(world: World) -> None:
    """Put every entry under a verified checkpoint, as a decision reads no others."""
    ledger = world.ledger
    for place, log in enumerate(ledger.logs):
        leaves = tuple(leaves_of(ledger.raw[log.member]))
        ledger.logs[place] = replace(log, tree=_tree(leaves))


def stranger(state: str) -> MemberId:
    """Return the id of a member of a state whom nobody here follows."""
    return MemberId(sha256(f"nobody follows {state}".encode()).hex())


def _tree(leaves: tuple[Digest, ...]) -> StoredTree:
    def read(tile: Tile) -> tuple[Digest, ...]:
        assert tile.level == 0
        return leaves[tile.index * 256 :][: tile.width]

    return StoredTree(len(leaves), read)


def _adopted(world: World) -> Reference:
    asia = {world.khm.member: "KHM", world.sgp.member: "SGP", stranger("LAO"): "LAO"}
    america = {world.bra.member: "BRA", world.provider.member: "BRA"}
    electorate = Electorate(
        members=frozenset({*asia, *america}),
        groups={"region:Asia": frozenset(asia), "region:America": frozenset(america)},
        states={**asia, **america},
    )
    proposal = _propose(world, HOSTILE, Procedure(adopts=REGIONS), electorate, days=-1)
    _vote(world, world.khm, proposal, Answer.YES)
    _vote(world, world.bra, proposal, Answer.YES)
    _vote(world, world.sgp, proposal, Answer.NO, reason="Too short\u202e for small offices.")
    _vote(world, world.provider, proposal, Answer.YES, text="Another text.")
    grow(world)
    return proposal


def _secret(world: World) -> Reference:
    members = frozenset({world.khm.member, world.bra.member, world.sgp.member})
    procedure = Procedure(adopts=HALF, reveal_min=0)
    proposal = _propose(world, "Seat of a test centre", procedure, Electorate(members=members))
    _vote(world, world.bra, proposal, Answer.NO)
    grow(world)
    return proposal


def _long(world: World) -> Reference:
    states = get_body("un").members
    members = {stranger(state): state for state in states if state not in {"KHM", "BRA"}}
    members |= {world.khm.member: "KHM", world.bra.member: "BRA"}
    electorate = Electorate(members=frozenset(members), states=members)
    proposal = _propose(world, "Common terms", Procedure(adopts=CAST), electorate)
    _vote(world, world.bra, proposal, Answer.ABSTAIN)
    grow(world)
    return proposal


def _propose(
    world: World, title: str, procedure: Procedure, electorate: Electorate, days: int = 7
) -> Reference:
    opens = Instant(NOW - dt.timedelta(days=3))
    closes = Instant(NOW + dt.timedelta(days=days))
    terms = Terms(opens=opens, closes=closes, topic="incidents")
    motion = propose(title, TEXT, procedure, electorate, terms)
    return world.say(world.khm, "proposal", to_motion_json(motion))


def _vote(
    world: World,
    member: Keyset,
    proposal: Reference,
    choice: Answer,
    *,
    text: str = TEXT,
    reason: str = "",
) -> None:
    ballot = Ballot(
        proposal=proposal,
        text=sha256(text.encode()),
        choice=choice,
        sequence=0,
        reason=reason,
    )
    where = world.say(member, "ballot", to_ballot_json(ballot))
    by = world.bra if member == world.khm else world.khm
    received = Receipt(of=where, received=Instant(NOW - dt.timedelta(days=2)))
    world.say(by, "ballot-receipt", to_receipt_json(received))
