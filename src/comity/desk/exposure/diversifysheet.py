# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a diversification page or answer shows: shares, bars, costs, and what stays."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from comity.desk.supply.origin import Origin
from comity.exposure.measure.interval import Interval
from comity.exposure.shock.sharing import Assumption
from comity.kernel.canonical import Json
from comity.kernel.material import PPM

ASSUMPTIONS = (
    "What nobody stated is taken at its worst: an unknown jurisdiction may be any.",
    "A supplier that nobody says rests on anything is taken to rest on nothing.",
    "Suppliers one has now without an option are left, as nobody says what they cost.",
    "Costs grow with shares; quantity rebates, prices that change and time are left out.",
    "Every layer counts whole; layers do not share suppliers' onboarding.",
)
"""What every plan takes for granted; it stands on each page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How far a layer rests on a jurisdiction ("?" is one that nobody named)."""

    code: str
    share: Interval

    def to_json(self) -> dict[str, Json]:
        """Write it, in millionths."""
        return {"jurisdiction": self.code, **_both(self.share)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseRow:
    """One supplier of a plan.

    Args:
        was: Its share now.
        is_new: Whether it has to be onboarded.
    """

    name: str
    supplier: str | None
    jurisdiction: str | None
    share: Fraction
    was: Interval
    is_new: bool

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "name": self.name,
            "supplier": self.supplier,
            "jurisdiction": self.jurisdiction,
            "share_ppm": ppm_of(self.share),
            "was_ppm": _both(self.was),
            "new": self.is_new,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefRow:
    """Why no purchase keeps the ceiling in a layer, and what would help.

    Args:
        clashing: What cannot hold together, in words; without any one of them it could.
        alliances: The peak that stays where one jurisdiction is trusted, the best first.
        allied: The peak that stays where all that clash are.
        transfer: The peak that stays where suppliers made their inputs themselves.
        own: The least share of own capacity that keeps the ceiling.
    """

    clashing: tuple[str, ...]
    alliances: tuple[tuple[str, Fraction], ...]
    allied: Fraction
    transfer: Fraction
    own: Fraction

    def to_json(self) -> dict[str, Json]:
        """Write it, in millionths."""
        return {
            "clashing": list(self.clashing),
            "alliances": [
                {"with": code, "peak_ppm": ppm_of(peak)} for code, peak in self.alliances
            ],
            "allied_peak_ppm": ppm_of(self.allied),
            "transfer_peak_ppm": ppm_of(self.transfer),
            "own_capacity_ppm": ppm_of(self.own),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRow:
    """One layer of a state before and after.

    Args:
        is_filled: Whether the options can fill the layer.
        peak: The largest exposure after, at its pessimistic end.
        excess: What no purchase fixes; 0 where the ceiling is kept.
        proved: So much of it is proved to be out of reach.
    """

    layer: str
    is_filled: bool
    purchases: tuple[PurchaseRow, ...]
    before: tuple[Bar, ...]
    after: tuple[Bar, ...]
    peak: Fraction
    excess: Fraction
    proved: Fraction
    relief: ReliefRow | None

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "layer": self.layer,
            "filled": self.is_filled,
            "purchases": [one.to_json() for one in self.purchases],
            "before": [one.to_json() for one in self.before],
            "after": [one.to_json() for one in self.after],
            "peak_ppm": ppm_of(self.peak),
            "irreducible_ppm": ppm_of(self.excess),
            "proved_ppm": ppm_of(self.proved),
            "relief": None if self.relief is None else self.relief.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow:
    """One state's part of a plan.

    Args:
        onboarding: What it would pay alone.
        unsure: What switching may cost more, at most, as nobody states what is held now.
        left_out: Suppliers it has now without an option.
        no_options: Layers it has for which there is none.
    """

    state: str
    size: Fraction
    layers: tuple[LayerRow, ...]
    running: Fraction
    switching: Fraction
    onboarding: Fraction
    unsure: Fraction
    left_out: tuple[str, ...]
    no_options: tuple[str, ...]
    origins: tuple[Origin, ...]

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "state": self.state,
            "size": int(self.size),
            "layers": [one.to_json() for one in self.layers],
            "running": amount_of(self.running),
            "switching": amount_of(self.switching),
            "onboarding_alone": amount_of(self.onboarding),
            "unsure": amount_of(self.unsure),
            "left_out": list(self.left_out),
            "layers_without_options": list(self.no_options),
            "origins": [one.to_json() for one in self.origins],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of cost against ceiling.

    Args:
        excess: The largest of any layer of any state.
        suppliers: How many are chosen.
    """

    ceiling: Fraction
    cost: Fraction
    unsure: Fraction
    excess: Fraction
    suppliers: int

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "ceiling_ppm": ppm_of(self.ceiling),
            "cost": amount_of(self.cost),
            "unsure": amount_of(self.unsure),
            "irreducible_ppm": ppm_of(self.excess),
            "suppliers": self.suppliers,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DiversifySheet:
    """A plan for a state or a bloc.

    Args:
        cost: Of all states together, but for what is unsure.
        onboarding: Of all states together, each supplier once for the bloc where that is less.
        alone: What the states of a bloc would pay each by itself; None of a single state, and
            where it was left out.
        gap: How far, relatively, the cost may be above the least; the solver's word.
        is_checked: Whether wholes, capacities and ceilings were found kept, in fractions.
        points: Cost against ceiling, the loosest first; empty where it was not asked for.
    """

    bloc: str
    title: str
    unit: str
    source: str
    basis: str
    is_example: bool
    ceiling: Fraction
    assumed: Assumption
    allies: tuple[str, ...]
    states: tuple[StateRow, ...]
    cost: Fraction
    unsure: Fraction
    onboarding: Fraction
    alone: Fraction | None
    budget: Fraction | None
    gap: float
    is_checked: bool
    points: tuple[Point, ...]

    @property
    def is_alone_left_out(self) -> bool:
        """Tell whether a bloc's plan was not compared with its members' own."""
        return len(self.states) > 1 and self.alone is None

    @property
    def over_budget(self) -> Fraction | None:
        """Return by how much the cost at its most is over the budget; None where it is not."""
        if self.budget is None or self.cost + self.unsure <= self.budget:
            return None
        return self.cost + self.unsure - self.budget

    def to_json(self) -> dict[str, Json]:
        """Write it; amounts are decimals rounded up, shares millionths."""
        over = self.over_budget
        return {
            "bloc": self.bloc or None,
            "options": {
                "title": self.title,
                "unit": self.unit,
                "source": self.source,
                "basis": self.basis,
                "example": self.is_example,
            },
            "ceiling_ppm": ppm_of(self.ceiling),
            "assumed": {
                "substitute_ppm": self.assumed.substitute_ppm,
                "need_ppm": self.assumed.need_ppm,
            },
            "allies": list(self.allies),
            "states": [one.to_json() for one in self.states],
            "cost": amount_of(self.cost),
            "unsure": amount_of(self.unsure),
            "onboarding": amount_of(self.onboarding),
            "alone": None if self.alone is None else amount_of(self.alone),
            "alone_left_out": self.is_alone_left_out,
            "budget": None if self.budget is None else amount_of(self.budget),
            "over_budget": None if over is None else amount_of(over),
            "gap": f"{self.gap:.6f}",
            "checked": self.is_checked,
            "pareto": [one.to_json() for one in self.points],
            "assumptions": list(ASSUMPTIONS),
        }


def amount_of(value: Fraction) -> str:
    """Write an amount with at most four decimals, rounded up.

    >>> amount_of(Fraction(5, 2)), amount_of(Fraction(1, 3)), amount_of(Fraction(12))
    ('2.5', '0.3334', '12')
    """
    whole, part = divmod(ceil(value * 10_000), 10_000)
    return f"{whole}.{part:04}".rstrip("0").rstrip(".")


def ppm_of(share: Fraction) -> int:
    """Return a share in whole millionths, rounded."""
    return round(share * PPM)


def _both(share: Interval) -> dict[str, Json]:
    return {"least_ppm": ppm_of(share.least), "most_ppm": ppm_of(share.most)}
