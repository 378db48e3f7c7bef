# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From a system's duties to the tests they ask for, each test once for all of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from comity.desk.assessment.figures import Figures
from comity.desk.assessment.fitting import Fit, fitting_of
from comity.desk.assessment.proposal import (
    Duty,
    Numbers,
    Open,
    Proposal,
    Suggestion,
    Unbanked,
    asked_in_words,
    forecast,
)
from comity.files.claim import Claim
from comity.files.offer import SHIPPED_BANKS, Offer, offers_in
from comity.files.testable import SHIPPED_TESTABLE, Reading, Testable, read_testable
from comity.kernel.truth import Truth
from comity.law.condition import Number
from comity.law.conduct import Constraint, Relation
from comity.law.determine import Determination, Ruling, Status
from comity.law.norm import Demand, Modality
from comity.law.pack import PackStatus

_LINKS = frozenset(Reading) - {Reading.QUESTIONS, Reading.BANK_AGE, Reading.ANY_TEST}
"""What joins a duty to a bank; the rest only says how the test is run."""

_FORCES = (PackStatus.BINDING, PackStatus.SOFT, PackStatus.BILL, PackStatus.DRAFT)
_NOT_LAW = frozenset({PackStatus.BILL, PackStatus.DRAFT})
"""Texts whose figures bind nobody yet and set none."""

_TOLD = frozenset({Status.APPLIES, Status.NOT_YET_IN_FORCE, Status.CANNOT_TELL})


def suggest(determination: Determination, bank_dir: Path | None = None) -> Suggestion:
    """Propose the tests that a system's duties ask for.

    Args:
        bank_dir: A folder of claims (and cores) that stand beside those that come along.

    Raises:
        NotFound: No such folder.
        InvalidDocument: Faults in claims, cores or in what they say of systems.
    """
    library = determination.library
    table = read_testable(SHIPPED_TESTABLE, library)
    folders = [SHIPPED_BANKS] if bank_dir is None else [SHIPPED_BANKS, bank_dir]
    offers = offers_in(folders)
    asker = _Asker(
        determination=determination, table=table, offers=offers,
        fitting=fitting_of(offers, determination),
    )  # fmt: skip
    return asker.suggestion()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker:
    determination: Determination
    table: Mapping[str, Testable]
    offers: Mapping[str, Offer]
    fitting: Mapping[str, Fit]

    def suggestion(self) -> Suggestion:
        duties = self._duties()
        applying = [duty for duty in duties if duty.status is Status.APPLIES]
        later = [duty for duty in duties if duty.status is Status.NOT_YET_IN_FORCE]
        proposed = sorted(
            (
                self._proposal(offer, mine, [d for d in later if self._serves(offer, d)])
                for offer in self._usable()
                if (mine := [duty for duty in applying if self._serves(offer, duty)])
            ),
            key=_rank,
        )
        served = {duty.norm.name for one in proposed for duty in one.applies}
        left = [duty for duty in applying if duty.norm.name not in served]
        awaited = {duty.norm.name for one in proposed for duty in one.later}
        return Suggestion(
            determination=self.determination,
            proposals=tuple(one for one in proposed if not one.offer.is_slot),
            slots=tuple(one for one in proposed if one.offer.is_slot),
            any_test=tuple(duty for duty in left if self._is_any(duty)),
            unbanked=tuple(
                Unbanked(duty=duty, why=self._why(duty))
                for duty in left
                if not self._is_any(duty)
            ),
            open=self._with_banks(d for d in duties if d.status is Status.CANNOT_TELL),
            coming=self._with_banks(d for d in later if d.norm.name not in awaited),
        )

    def _duties(self) -> list[Duty]:
        """Return every norm that asks for what a test can show, those that bind first."""
        by_norm: dict[str, list[Ruling]] = defaultdict(list)
        for ruling in self.determination.rulings:
            if ruling.status in _TOLD and self._behind(ruling):
                by_norm[ruling.norm.name].append(ruling)
        found = [self._duty(rulings) for rulings in by_norm.values()]
        return sorted(found, key=lambda duty: _FORCES.index(duty.pack.status))

    def _duty(self, rulings: Sequence[Ruling]) -> Duty:
        first = min(rulings, key=lambda ruling: ruling.status is not Status.APPLIES)
        return Duty(
            norm=first.norm,
            pack=first.pack,
            status=first.status,
            roles=tuple("" if one.role is None else one.role.value for one in rulings),
            unsettled=first.unsettled,
            asked=asked_in_words(first.norm, self.determination),
            behind=self._behind(first),
        )

    def _behind(self, ruling: Ruling) -> tuple[str, ...]:
        asked = (demand.constraint.conduct for demand in _asked(ruling.norm.demands))
        named = {name for offer in self.offers.values() for name in offer.claim.conducts}
        return tuple(dict.fromkeys(n for n in asked if n in self.table or n in named))

    def _usable(self) -> list[Offer]:
        return [
            offer
            for slug, offer in self.offers.items()
            if self.fitting[slug].truth is not Truth.FALSE
        ]

    def _serves(self, offer: Offer, duty: Duty) -> bool:
        return any(self._links(offer.claim, each) for each in _asked(duty.norm.demands))

    def _links(self, claim: Claim, demand: Demand) -> bool:
        name = demand.constraint.conduct
        if name in self.table and self.table[name].reading not in _LINKS:
            return False
        values = claim.values.get(name)
        return name in claim.conducts and (
            values is None or not set(values).isdisjoint(demand.constraint.values)
        )

    def _is_any(self, duty: Duty) -> bool:
        readings = [self.table[name].reading for name in duty.behind if name in self.table]
        return bool(readings) and all(one not in _LINKS for one in readings)

    def _with_banks(self, duties: Iterable[Duty]) -> tuple[Open, ...]:
        return tuple(Open(duty=duty, banks=tuple(self._banks_of(duty))) for duty in duties)

    def _banks_of(self, duty: Duty) -> Iterable[str]:
        return (offer.claim.slug for offer in self._usable() if self._serves(offer, duty))

    def _why(self, duty: Duty) -> tuple[str, ...]:
        found = []
        for name in duty.behind:
            known = self.table.get(name)
            if known is not None and known.reading not in _LINKS:
                continue
            others = [
                f"{slug} (fits when {offer.claim.fits})"
                for slug, offer in self.offers.items()
                if name in offer.claim.conducts and self.fitting[slug].truth is Truth.FALSE
            ]
            reason = known.lacks if known is not None and known.lacks else "nobody wrote a bank"
            if others:
                reason = f"the banks for it are for other systems: {', '.join(others)}"
            found.append(f"{name.replace('_', ' ')}: {reason}")
        return tuple(found)

    def _proposal(self, offer: Offer, mine: list[Duty], later: list[Duty]) -> Proposal:
        fit = self.fitting[offer.claim.slug]
        numbers = self._numbers(offer, mine)
        names = list(offer.claim.categories)
        shares = [
            numbers.size // len(names) + (at < numbers.size % len(names))
            for at in range(len(names))
        ]
        categories = dict(zip(names, shares, strict=True))
        return Proposal(
            offer=offer,
            fits=fit.truth,
            fits_facts=fit.facts,
            categories=categories,
            applies=tuple(mine),
            later=tuple(later),
            numbers=numbers,
            forecast=forecast(numbers, categories),
        )

    def _numbers(self, offer: Offer, duties: Sequence[Duty]) -> Numbers:
        figures = Figures(claim=offer.claim)
        for duty in duties:
            if duty.pack.status in _NOT_LAW:
                continue
            noted = [self._note(figures, duty, each) for each in _asked(duty.norm.demands)]
            figures.unnumbered += not any(noted)
        return figures.numbers()

    def _note(self, figures: Figures, duty: Duty, demand: Demand) -> bool:
        """Note a figure that a duty names; tell whether it is a rate."""
        constraint = demand.constraint
        known, bound = self.table.get(constraint.conduct), constraint.bound
        if known is None or bound is None:
            return False
        match known.reading:
            case Reading.PASS_RATE | Reading.FAILURE_RATE:
                rate = _pass_rate(known.reading, constraint, bound)
                if rate is not None:
                    figures.rates.append((rate, duty.norm.name))
                return rate is not None
            case Reading.BANK_SIZE if self._links(figures.claim, demand):
                figures.sizes.append((int(bound), duty.norm.name))
            case Reading.QUESTIONS:
                figures.questions.append((int(bound), duty.norm.name))
            case Reading.BANK_AGE:
                figures.ages.append((int(bound), duty.norm.name))
            case _:
                pass
        return False


def _rank(one: Proposal) -> tuple[bool, bool, int, str]:
    """Put first what fits and serves most; what stands in for others comes last."""
    shorter = bool(one.offer.claim.instead_of)
    return shorter, one.fits is not Truth.TRUE, -len(one.applies), one.slug


def _pass_rate(reading: Reading, constraint: Constraint, bound: Number) -> Fraction | None:
    """Return the share of items that must pass, or None where the figure bounds no such."""
    share = Fraction(bound) / 100
    match reading, constraint.relation:
        case Reading.PASS_RATE, Relation.AT_LEAST:
            return share
        case Reading.FAILURE_RATE, Relation.AT_MOST:
            return 1 - share
        case _:
            return None


def _asked(demands: Iterable[Demand]) -> list[Demand]:
    return [demand for demand in demands if demand.modality is not Modality.MAY]
