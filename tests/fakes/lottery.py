# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bank that fails just often enough for its claim to be false: each "shown" is wrong.

Draws are the real ones of a real bank; only the answers are known beforehand, as they are to
whoever grinds, aborts or agrees.
"""

import math
import random
from collections.abc import Iterable, Sequence
from fractions import Fraction

from comity.evidence.bank import Bank, Item
from comity.evidence.draw import Nonces, draws, order, seed_of
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import Design, Verdict, boundary_of
from comity.evidence.statistics.eprocess import null_failures
from comity.evidence.statistics.lattice import acceptance_of, stops_of, without_rejection
from comity.evidence.statistics.verdict import decision_of
from comity.kernel.digest import Digest, sha256

SIZE, RISK = 60, Fraction(1, 20)
THRESHOLD, GOAL = Fraction(8, 10), Fraction(97, 100)
NULL = null_failures(SIZE, THRESHOLD)
PLAN = sha256(b"the plan")


def design_at(risk: Fraction = RISK, size: int = SIZE) -> Design:
    """Return the design of a category at a risk."""
    return design_for(Request(size=size, threshold=THRESHOLD, goal=GOAL, risk=risk))


DESIGN = design_at()


def bank_failing(failing: Iterable[int]) -> Bank:
    """Return a bank in which the system under test fails at just these positions."""
    gone = frozenset(failing)
    items = (
        Item(
            position=at,
            category="road",
            prompt=f"{'hard' if at in gone else 'easy'} {at}",
            reference="yes",
            scorer="exact/1",
        )
        for at in range(SIZE)
    )
    return Bank.of(items, b"k" * 32)


BANK = bank_failing(range(NULL))
ROOT = BANK.commitment.root


def verdict_along(
    positions: Sequence[int], failing: frozenset[int], design: Design = DESIGN
) -> Verdict:
    """Return the verdict on a system that fails at these positions, asked in this order."""
    return decision_of(design, [at not in failing for at in positions])[0]


def is_shown(seed: Digest, design: Design = DESIGN) -> bool:
    """Tell whether a draw shows the claim, wrongly."""
    due = draws(seed, BANK.commitment)["road"]
    return verdict_along(due, frozenset(range(NULL)), design) is Verdict.SHOWN


def is_shown_by(nonces: Nonces, plan: Digest = PLAN, design: Design = DESIGN) -> bool:
    """Tell whether these nonces' draw under a plan shows the claim, wrongly."""
    return is_shown(seed_of(ROOT, plan, nonces), design)


def shuffled(run: int) -> tuple[int, ...]:
    """Return positions in an order drawn by chance, by the real tickets."""
    return order(sha256(b"run", run.to_bytes(8, "big")), range(SIZE))


def exact_rate(
    design: Design = DESIGN, failing: int = NULL, *, stubborn: bool = False
) -> Fraction:
    """Return the exact chance of "shown" with so many failing items.

    Args:
        stubborn: Rejections are ignored, as one does who goes on after "not shown".
    """
    whole = boundary_of(design)
    stops = stops_of(without_rejection(whole) if stubborn else whole)
    return acceptance_of([stop for stop in stops if stop.accepted], design.size, failing)


def most_wrong(runs: int, risk: Fraction = RISK) -> float:
    """Return four standard errors above what the risk allows in so many runs."""
    share = float(risk)
    return runs * share + 4 * math.sqrt(runs * share * (1 - share))


def nonce_of(*words: object) -> bytes:
    """Return a nonce that is the same on every run."""
    return sha256(repr(words).encode())


def dice_of(run: int) -> random.Random:
    """Return the dice of one run."""
    return random.Random(run)  # noqa: S311 - the same on every run
