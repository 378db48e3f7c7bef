# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure replay: ten rules on 1,000 items of 193 seats, and each seat alone turned twice.

Run it as a script: python benchmarks/council_replay.py [items]

The votes are drawn by a seeded generator and mean nothing; rules, regions and populations are
those that ship. `interpreter` decides the same items one by one with `council.rule`, which is
the specification; both must come to the same.
"""

import random
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

import numpy as np

from comity.council.replay.board import Board, passes
from comity.council.replay.history import CODES, Chamber, History, Item
from comity.council.replay.replay import replay
from comity.council.rule.decide import decide
from comity.council.rule.floor import Answer, Base
from comity.council.rule.procedure import Procedure
from comity.council.rule.rule import (
    AGAINST,
    All,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
    any_of,
    double_majority,
    without_hegemon,
)
from comity.files.body import get_body

T = TypeVar("T")

ANSWERS = (Answer.YES, Answer.NO, Answer.ABSTAIN, Answer.SILENT)
REST = (0.3, 0.5, 0.2)
"""How those who do not like an item split: against, abstaining, absent."""


def share(base: Base, least: Fraction, *, by: str | None = None, strict: bool = False) -> Leaf:
    """Return a leaf that asks a share of a base."""
    return Leaf(need=Share(of=base, least=least, strict=strict), by=by)


HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)
RULES: dict[str, Rule] = {
    "half of members": share(Base.MEMBERS, HALF, strict=True),
    "half of votes": share(Base.YES_AND_NO, HALF, strict=True),
    "two thirds of votes": share(Base.YES_AND_NO, TWO_THIRDS),
    "two thirds of members": share(Base.MEMBERS, TWO_THIRDS),
    "65 % of people": share(Base.MEMBERS, Fraction(65, 100), by="population"),
    "55/65/4": double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4),
    "without hegemon": without_hegemon(),
    "nobody against": Not(part=Leaf(need=Number(least=1), count=AGAINST)),
    "half and 20 of Africa": All(
        parts=(
            share(Base.MEMBERS, HALF, strict=True),
            Leaf(need=Number(least=20), within="region:Africa"),
        )
    ),
    "either majority": any_of(
        share(Base.CAST, TWO_THIRDS), share(Base.MEMBERS, HALF, by="population")
    ),
}


def main(items: int = 1_000) -> None:
    """Print CPU-seconds, and how much faster than the interpreter."""
    body = get_body("un")
    chamber = Chamber(groups=body.groups, weights=body.weights)
    history = made_up(items, body.members)
    board, layout_s = timed(lambda: Board(history, chamber))
    fast, fast_s = timed(lambda: {name: passes(rule, board) for name, rule in RULES.items()})
    floors, _ = timed(lambda: [history.floor(row, chamber) for row in range(items)])
    slow, slow_s = timed(
        lambda: {n: [decide(rule, f).passed for f in floors] for n, rule in RULES.items()}
    )
    assert all(list(fast[name]) == slow[name] for name in RULES)
    seats = {seat: [seat] for seat in history.seats}
    _, turned_s = timed(
        lambda: [replay(Procedure(adopts=r), history, chamber, seats) for r in RULES.values()]
    )
    print(f"{items:,} items, {len(history.seats)} seats, {len(RULES)} rules; CPU-s, one run")
    print(f"{'lay out':34}{layout_s:10.3f}")
    print(f"{'decide every item, all rules':34}{fast_s:10.3f}")
    print(f"{'the same by the interpreter':34}{slow_s:10.3f}   {slow_s / fast_s:,.0f} times")
    print(f"{'and turn each seat alone, twice':34}{turned_s:10.3f}")
    for name, found in fast.items():
        print(f"  {name:32}{np.count_nonzero(found) / items:10.3f} adopted")


def made_up(items: int, members: tuple[str, ...]) -> History:
    """Draw votes that mean nothing."""
    dice = random.Random(7)  # noqa: S311 - made-up votes, the same on every run
    codes = [CODES[answer] for answer in ANSWERS]
    said = []
    for _ in range(items):
        liked = dice.uniform(0.2, 1)
        likely = (liked, *(rest * (1 - liked) for rest in REST))
        said.append(dice.choices(codes, likely, k=len(members)))
    return History(
        items=tuple(Item(id=str(row)) for row in range(items)),
        seats=tuple(sorted(members)),
        said=np.array(said, dtype=np.uint8),
    )


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what some work comes to, and its CPU-seconds."""
    start = time.process_time()
    return work(), time.process_time() - start


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
