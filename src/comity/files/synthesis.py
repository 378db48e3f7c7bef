# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Registers that are made up: plausible systems, the same for the same seed, marked as such.

Every figure here is an assumption for trials and measurements and says nothing about the
world; docs/reference/register.md writes the distributions out.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import polars as pl

from comity.law.fact import ASKED_ON, MARKETS, Fact, Kind
from comity.law.norm import Role
from comity.law.sweep.encode import encode
from comity.law.sweep.layout import ROLE
from comity.law.sweep.plan import Plan

TRADES = (
    "chat assistant", "image maker", "translator", "recruitment tool", "credit scorer",
    "recommender", "medical aid", "camera analytics", "language model", "tutor",
    "industrial control", "office tool",
)  # fmt: skip
"""What kinds of systems there are; each has likelihoods of its own for every fact."""

_TRADE_SHARES = (18, 9, 6, 7, 5, 12, 7, 6, 4, 6, 8, 12)
_ROLE_SHARES = {Role.PROVIDER: 60, Role.DEPLOYER: 45, Role.DISTRIBUTOR: 6, Role.IMPORTER: 5,
                Role.PLATFORM: 8, Role.DEVELOPER: 15}  # fmt: skip
_MARKET_SHARES = {"EU": 45, "CHN": 30, "USA": 40, "VNM": 8, "BRA": 12, "KHM": 2, "KOR": 9,
                  "JPN": 12, "GBR": 15, "IND": 14, "KAZ": 3, "SGP": 8}  # fmt: skip
_NEARLY_ALL = {"is_ai_system": 0.97, "offered_to_public": 0.6, "interacts_with_people": 0.55}
_WIDE = {"training_compute": (22.0, 2.0)}
"""Decimal logarithms of numbers that are far from people's: mean and spread."""

_FIRST, _LAST = dt.date(2018, 1, 1), dt.date(2027, 12, 31)
_ROUNDS = 4

_Numbers: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a register is made up.

    Args:
        unknown: Share of cells that nobody answered.
    """

    rows: int
    seed: int
    unknown: float = 0.3

    def __str__(self) -> str:
        """Say how it can be made again."""
        return f"rows={self.rows} seed={self.seed} unknown={self.unknown}"


def made_up(recipe: Recipe, plan: Plan, start: int, length: int) -> pl.DataFrame:
    """Make some rows of a register; the same rows whatever part they are asked in.

    Args:
        plan: Gives the vocabulary, its axioms and guards; every row obeys them.
        start: Position of the first row; a multiple of the rows of a part.
    """
    maker = _Maker(recipe=recipe, start=start, length=length)
    facts = [
        fact for name, fact in plan.library.vocabulary.facts.items()
        if name not in {ASKED_ON, MARKETS}
    ]  # fmt: skip
    columns = [maker.column(fact) for fact in facts]
    frame = pl.DataFrame([maker.roles().alias(ROLE), maker.markets(), *columns])
    sound = _obeying(frame, plan)
    numbers = range(start + 1, start + length + 1)
    names = pl.Series("name", [TRADES[trade] for trade in maker.trades])
    ids = pl.Series("id", [f"S{number:08}" for number in numbers])
    return sound.rename({ROLE: "roles"}).insert_column(0, ids).insert_column(1, names)


@dataclass(slots=True, kw_only=True)
class _Maker:
    """Draws the columns of some rows, each from dice of its own."""

    recipe: Recipe
    start: int
    length: int
    trades: _Numbers = field(init=False)

    def __post_init__(self) -> None:
        """Draw what kind of system each row is."""
        shares = np.array(_TRADE_SHARES) / sum(_TRADE_SHARES)
        dice = self._dice("trade")
        self.trades = dice.choice(len(TRADES), self.length, p=shares).astype(np.int64)

    def column(self, fact: Fact) -> pl.Series:
        """Draw the answers to one fact, some of them open."""
        dice = self._dice(fact.name)
        found = self._answers(fact, dice)
        unknown = self.recipe.unknown / (6 if fact.name in _NEARLY_ALL else 1)
        known = pl.Series(dice.random(self.length) >= unknown)
        return pl.select(pl.when(known).then(found).alias(fact.name)).to_series()

    def roles(self) -> pl.Series:
        """Draw what the author of each row is; a twentieth does not say."""
        words = [role.value for role in Role]
        likely = np.zeros((1, len(words)))
        for role, share in _ROLE_SHARES.items():
            likely[0, words.index(role.value)] = share / 100
        return self._lists(
            "roles", words, np.repeat(likely, len(TRADES), axis=0), open_=0.05, least="provider"
        )

    def markets(self) -> pl.Series:
        """Draw the markets of each row; a twentieth does not say."""
        likely = np.array([[share / 100 for share in _MARKET_SHARES.values()]] * len(TRADES))
        return self._lists(MARKETS, list(_MARKET_SHARES), likely, open_=0.05, least="EU")

    def _answers(self, fact: Fact, dice: np.random.Generator) -> pl.Series:
        match fact.kind:
            case Kind.BOOL:
                likely = self._likely(fact.name, 1, _NEARLY_ALL.get(fact.name))[:, 0]
                return pl.Series(dice.random(self.length) < likely[self.trades])
            case Kind.ENUM:
                likely = self._likely(fact.name, len(fact.values))
                sums = np.cumsum(likely / likely.sum(axis=1, keepdims=True), axis=1)
                drawn = (dice.random(self.length)[:, None] > sums[self.trades]).sum(axis=1)
                codes = np.minimum(drawn, len(fact.values) - 1)
                return pl.Series(fact.values, dtype=pl.Enum(fact.values)).gather(codes)
            case Kind.SET:
                likely = self._likely(fact.name, len(fact.values)) * 2 / len(fact.values)
                return self._lists(fact.name, fact.values, likely)
            case Kind.NUMBER:
                return self._numbers(fact, dice)
            case Kind.DATE:
                days = dice.integers(_FIRST.toordinal(), _LAST.toordinal() + 1, self.length)
                unix = (days - dt.date(1970, 1, 1).toordinal()).astype(np.int32)
                return pl.Series(unix).cast(pl.Date)

    def _numbers(self, fact: Fact, dice: np.random.Generator) -> pl.Series:
        """Draw numbers; their logarithms are spread about a middle that the name gives."""
        middle, spread = _WIDE.get(fact.name, (1.0 + 4.0 * _fraction(fact.name, "middle"), 1.2))
        tens = np.clip(dice.normal(middle, spread, self.length), 0, 27)
        if fact.name not in _WIDE:
            return pl.Series(np.floor(10.0 ** np.minimum(tens, 12)).astype(np.int64))
        figures, powers = np.floor(10 ** (tens % 1) * 1000).astype(np.int64), tens.astype(int)
        texts = [f"{figure}e{power - 3}" if power >= 3 else str(10**power)
                 for figure, power in zip(figures, powers, strict=True)]  # fmt: skip
        return pl.Series(texts)

    def _likely(
        self, name: str, values: int, near: float | None = None
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """Return how likely each value is for each trade: given by their names alone."""
        dice = np.random.default_rng(_seed("likely", name))
        base = np.log(dice.uniform(0.03, 0.4, values)) if near is None else np.full(
            values, np.log(near / (1 - near + 1e-9))
        )  # fmt: skip
        turned = base + dice.normal(0, 1.0 if near is None else 0.4, (len(TRADES), values))
        return 1 / (1 + np.exp(-turned))

    def _lists(
        self,
        name: str,
        values: Sequence[str],
        likely: np.ndarray[tuple[int, int], np.dtype[np.float64]],
        *,
        open_: float = 0.0,
        least: str | None = None,
    ) -> pl.Series:
        """Draw a list of words a row; where none comes out, the one given, if one is."""
        dice = self._dice(f"{name} members")
        kind = pl.Enum(values)
        words = [
            pl.when(pl.Series(dice.random(self.length) < likely[self.trades, place]))
            .then(pl.lit(value, dtype=kind))
            for place, value in enumerate(values)
        ]  # fmt: skip
        known = pl.Series(dice.random(self.length) >= open_)
        found = pl.select(pl.concat_list(words).list.drop_nulls()).to_series()
        if least is not None:
            one = pl.Series([[least]], dtype=pl.List(kind))
            found = pl.select(
                pl.when(found.list.len() == 0).then(one).otherwise(found)
            ).to_series()
        return pl.select(pl.when(known).then(found).alias(name)).to_series()

    def _dice(self, name: str) -> np.random.Generator:
        return np.random.default_rng(_seed(self.recipe.seed, self.start, name))


def _seed(*parts: object) -> int:
    text = "\n".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big")


def _fraction(*parts: object) -> float:
    return _seed(*parts) / 2**64


def _obeying(frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Forget, in every row that breaks a rule, the answers that break it.

    First what the rule speaks of last, then all it speaks of, in the end everything that
    any rule speaks of: the row then breaks none.
    """
    for turn in range(_ROUNDS + 1):
        encoded = encode(frame, plan.layout).encoded
        closed = plan.closer.settle(encoded)
        forgotten: dict[str, pl.Series] = {}
        for rule, broken in plan.closer.broken_by(closed):
            facts = rule.reads if turn else rule.speaks_of
            for fact in plan.closer.spoken if turn == _ROUNDS else facts:
                earlier = forgotten.get(fact)
                forgotten[fact] = broken if earlier is None else earlier | broken
        if not forgotten:
            break
        frame = frame.with_columns(
            pl.when(~rows).then(pl.col(fact)).alias(fact)
            for fact, rows in forgotten.items() if fact in frame.columns
        )  # fmt: skip
    return frame


def parts_of_making(rows: int, part_rows: int) -> Iterator[tuple[int, int]]:
    """Yield start and length of each part that is made at once."""
    for start in range(0, max(rows, 1), part_rows):
        yield start, min(part_rows, rows - start)
