# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Profiles: one version of a system, its answers, and what it is made of."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.kernel.material import Material
from comity.law.fact import Answer
from comity.law.norm import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Answers that hold from a day on, in the place of earlier ones.

    Args:
        on: The first day they hold.
    """

    on: dt.date
    answers: Mapping[str, Answer] = field(default_factory=dict)
    in_market: Mapping[MarketCode, Mapping[str, Answer]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze the answers."""
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))
        object.__setattr__(self, "in_market", _frozen(self.in_market))


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What the author adds to an answer: why it is so, and what shows it.

    Args:
        market: The market the answer is about; None for all.
        on: The day of the change it stands in; None where it stands in no change.
        evidence: A reference in the author's own words, such as a file or an address.
    """

    fact: str
    market: MarketCode | None = None
    on: dt.date | None = None
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of one version of a system.

    Args:
        system: A slug, such as "relief-translator".
        roles: What the author is to the system; empty where nobody said.
        answers: By fact name, for every market; what is not there was not asked.
        markets: Where it is offered; None where nobody said.
        in_market: Answers for one market, which take precedence there.
        changes: Later answers, earliest first.
    """

    system: str
    version: str = ""
    name: LocalText
    purpose: LocalText
    provider: str = ""
    example: bool = False
    roles: tuple[Role, ...] = ()
    markets: tuple[MarketCode, ...] | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    materials: tuple[Material, ...] = ()
    in_market: Mapping[MarketCode, Mapping[str, Answer]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def __post_init__(self) -> None:
        """Freeze the answers."""
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))
        object.__setattr__(self, "in_market", _frozen(self.in_market))

    def answering(
        self, fact: str, answer: Answer, market: MarketCode | None = None
    ) -> "Profile":
        """Return the profile with one more answer, or another one, from its first day."""
        if market is None:
            return replace(self, answers={**self.answers, fact: answer})
        there = {**self.in_market.get(market, {}), fact: answer}
        return replace(self, in_market={**self.in_market, market: there})

    def answers_in(self, market: MarketCode, facts_on: dt.date) -> dict[str, Answer]:
        """Return the answers that hold in a market on a day.

        What is said of one market takes precedence there over what is said of all, in a
        change too; within either, the later change takes precedence.
        """
        later = [change for change in self.changes if change.on <= facts_on]
        found = dict(self.answers)
        for change in later:
            found.update(change.answers)
        found.update(self.in_market.get(market, {}))
        for change in later:
            found.update(change.in_market.get(market, {}))
        return found

    def remark_on(self, fact: str, market: MarketCode, facts_on: dt.date) -> Remark | None:
        """Return what stands beside the answer that holds in a market on a day."""
        said = [
            remark
            for remark in self.remarks
            if remark.fact == fact and remark.market in {None, market}
            and (remark.on is None or remark.on <= facts_on)
        ]  # fmt: skip
        first = dt.date.min
        return max(
            said, key=lambda each: (each.market is not None, each.on or first), default=None
        )

    def as_of(self, facts_on: dt.date) -> "Profile":
        """Return the profile as it stands on a day, its changes worked in or left out."""
        later = [change for change in self.changes if change.on <= facts_on]
        answers = dict(self.answers)
        in_market = {market: dict(said) for market, said in self.in_market.items()}
        for change in later:
            answers.update(change.answers)
            for market, said in change.in_market.items():
                in_market.setdefault(market, {}).update(said)
        return replace(self, answers=answers, in_market=in_market, changes=())


def _frozen(
    in_market: Mapping[MarketCode, Mapping[str, Answer]],
) -> Mapping[MarketCode, Mapping[str, Answer]]:
    return MappingProxyType(
        {market: MappingProxyType(dict(said)) for market, said in in_market.items()}
    )
