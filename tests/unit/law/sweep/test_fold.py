# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A condition folded for a day and a market says what it says with those as answers."""

import datetime as dt
import random
from collections.abc import Mapping

import pytest

from comity.kernel.ids import MarketCode
from comity.law.condition import ALWAYS, And, Cmp, Condition, Gap, Has, Is, Not, Or, Ref
from comity.law.evaluate import evaluate
from comity.law.fact import ASKED_ON, MARKETS, Answer, Silence
from comity.law.sweep.fold import NEVER, Folder

ON = dt.date(2026, 3, 31)
EU = MarketCode("EU")
MEANINGS: Mapping[str, Condition] = {
    "placed": Has(MARKETS, ("CHN", "EU")),
    "scope": And((Ref("placed"), Is("b"))),
    "old": Cmp(ASKED_ON, at_least=True, bound=dt.date(2027, 1, 1)),
    "bare": Is("b"),
}
CONDITIONS: list[Condition] = [
    Cmp(ASKED_ON, at_least=True, bound=ON),
    Cmp(ASKED_ON, at_least=False, bound=ON),
    Gap(ASKED_ON, "d", 1, "month"),
    Gap(ASKED_ON, "d", 40, "day"),
    Gap("d", ASKED_ON, 1, "month"),
    Gap("d", ASKED_ON, 9000, "year"),
    Gap(ASKED_ON, ASKED_ON, 0, "day"),
    Gap(ASKED_ON, ASKED_ON, 1, "day"),
    Gap(ASKED_ON, "d", 10**6, "year"),
    Has(MARKETS, ("EU",)),
    Has(MARKETS, ("CHN", "EU"), every=True),
    Has(MARKETS, ("CHN",)),
    And((Ref("scope"), Not(Ref("old")))),
    Or((Ref("old"), Ref("bare"), Is("c"))),
    Not(Or((Has(MARKETS, ("EU",)), Is("b")))),
    And(()),
    Or(()),
]


def _days(dice: random.Random) -> list[Answer]:
    around = [dt.date(2026, 2, 27) + dt.timedelta(days=n) for n in range(5)]
    far = [dt.date.min, dt.date.max, dt.date(2026, 4, 30), dt.date(2026, 5, 1)]
    return [*around, *far, dice.choice(list(Silence))]


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
@pytest.mark.parametrize("there", [None, frozenset({"CHN"}), frozenset({"BRA"})])
def test_folding_changes_no_truth(condition: Condition, there: frozenset[str] | None) -> None:
    """The month ends around the day asked about, and the ends of the calendar, among them."""
    dice = random.Random(8)  # noqa: S311 - repeatable
    folder = Folder(on=ON, meanings=MEANINGS)
    folded = folder.fold(condition, EU)
    for day in _days(dice):
        for flag in (True, False, Silence.NOT_KNOWN):
            known: dict[str, Answer] = {"d": day, "b": flag, "c": flag}
            if there is not None:
                known[MARKETS] = there | {EU}
            elif _asks_of_another_market(condition):
                continue  # of an unknown set of markets only the one asked about is known
            whole = {**known, ASKED_ON: ON, MARKETS: known.get(MARKETS, frozenset({EU}))}
            assert evaluate(folded, known, folder.folded) is evaluate(
                condition, whole, MEANINGS
            ), (day, flag)


def _asks_of_another_market(condition: Condition) -> bool:
    return "CHN" in str(condition)


def test_definitions_that_no_market_touches_are_shared() -> None:
    """What is the same in two markets is worked out once."""
    folder = Folder(on=ON, meanings=MEANINGS)
    both = (And((Ref("bare"), Is("c"))), And((Ref("scope"), Is("c"))))
    for market in (EU, MarketCode("BRA")):
        for condition in both:
            folder.fold(condition, market)
    assert set(folder.folded) == {"bare", "placed", "scope", "scope@EU"}


def test_what_the_day_settles_is_folded_away() -> None:
    """A definition that is false on the day leaves nothing behind."""
    folder = Folder(on=ON, meanings=MEANINGS)
    assert folder.fold(Ref("old")) == NEVER
    assert folder.fold(Not(Ref("old"))) == ALWAYS
    assert folder.fold(Or((Ref("old"), Is("b")))) == Is("b")
    assert folder.fold(And((Ref("old"), Is("b")))) == NEVER
