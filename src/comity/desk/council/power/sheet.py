# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a page or a table of voting power shows: every figure, plain, with its exactness."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from comity.council.power.measured import Figure

PPM = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """Weights as they were counted.

    Args:
        amount: How many of `unit` count as one; 1 where nothing was rounded.
        total: Of the rounded weights, in amounts.
    """

    weights: str
    unit: str
    source: str
    amount: int
    total: int

    def to_json(self) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "weights": self.weights,
            "unit": self.unit,
            "source": self.source,
            "amount": self.amount,
            "total": self.total,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRow:
    """One player: a member, or a bloc that votes as one.

    Args:
        weights: By name, unrounded, in the body's unit.
        shapley_ppm: Bar length in millionths of the longest, likewise `share_ppm`.
    """

    player: str
    is_bloc: bool
    weights: Mapping[str, int]
    banzhaf: Figure
    share: Figure
    shapley: Figure
    prevent: Figure
    initiate: Figure
    shapley_ppm: int
    share_ppm: int

    def figures(self) -> dict[str, Figure]:
        """Return the five figures by name."""
        return {
            "banzhaf": self.banzhaf,
            "share": self.share,
            "shapley": self.shapley,
            "prevent": self.prevent,
            "initiate": self.initiate,
        }

    def to_json(self, *, fractions: bool) -> dict[str, object]:
        """Return it as plain values."""
        figures = self.figures().items()
        return {
            "player": self.player,
            "bloc": self.is_bloc,
            "weights": dict(self.weights),
            **{name: figure_json(figure, fractions=fractions) for name, figure in figures},
            "bars_ppm": {"shapley": self.shapley_ppm, "share": self.share_ppm},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeRow:
    """What a bloc makes of one member's voice; all Banzhaf indices.

    Args:
        times: `effective` by `before`; None where the member had no power before.
    """

    member: str
    before: Fraction
    within: Fraction
    effective: Fraction
    times: float | None

    def to_json(self, *, fractions: bool) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "member": self.member,
            "before": number_json(self.before, fractions=fractions),
            "within": number_json(self.within, fractions=fractions),
            "effective": number_json(self.effective, fractions=fractions),
            "times": self.times,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocSheet:
    """One bloc.

    Args:
        rule: How it decides within, in words.
        left_out: Members of the bloc that have no seat in this body.
        agrees: Chance that it says yes when its members toss coins.
        apart: What its members' Shapley-Shubik indices add up to when all vote alone.
        blocks: Chance that turning against stops what would be adopted, as a bloc.
        blocks_apart: The same when its members vote alone but all turn against at once.
    """

    name: str
    rule: str
    members: tuple[str, ...]
    left_out: tuple[str, ...]
    agrees: Fraction
    apart: Fraction
    shapley: Figure
    banzhaf: Figure
    blocks: Figure
    blocks_apart: Figure
    stakes: tuple[StakeRow, ...]

    def to_json(self, *, fractions: bool) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "name": self.name,
            "rule": self.rule,
            "members": list(self.members),
            "left_out": list(self.left_out),
            "agrees": number_json(self.agrees, fractions=fractions),
            "shapley_apart": number_json(self.apart, fractions=fractions),
            "shapley": figure_json(self.shapley, fractions=fractions),
            "banzhaf": figure_json(self.banzhaf, fractions=fractions),
            "withdrawal_blocks": figure_json(self.blocks, fractions=fractions),
            "withdrawal_blocks_apart": figure_json(self.blocks_apart, fractions=fractions),
            "stakes": [stake.to_json(fractions=fractions) for stake in self.stakes],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsiderRow:
    """What the blocs make of the voice of one member in none of them.

    Args:
        change: Of the Shapley-Shubik index, as a part of what it was; None where it was 0.
    """

    member: str
    before: Figure
    after: Figure
    change: float | None

    def to_json(self, *, fractions: bool) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "member": self.member,
            "shapley_before": figure_json(self.before, fractions=fractions),
            "shapley_after": figure_json(self.after, fractions=fractions),
            "change": self.change,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """What one member would gain by joining or leaving a bloc; Banzhaf indices."""

    bloc: str
    member: str
    joins: bool
    inside: Fraction
    outside: Fraction
    gains: bool

    def to_json(self, *, fractions: bool) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "bloc": self.bloc,
            "member": self.member,
            "move": "join" if self.joins else "leave",
            "inside": number_json(self.inside, fractions=fractions),
            "outside": number_json(self.outside, fractions=fractions),
            "gains": self.gains,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstainRow:
    """What one member's vote is worth when all others say yes, abstain or no alike often.

    Args:
        by_yes: Chance that its yes adopts what its abstention would not.
        by_no: Chance that its no stops what its abstention would let pass.
        banzhaf: Both together: that yes or no decides.
    """

    player: str
    by_yes: Fraction
    by_no: Fraction
    banzhaf: Fraction

    def to_json(self, *, fractions: bool) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "player": self.player,
            "by_yes": number_json(self.by_yes, fractions=fractions),
            "by_no": number_json(self.by_no, fractions=fractions),
            "banzhaf": number_json(self.banzhaf, fractions=fractions),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstainSheet:
    """What abstention is under a rule, and what it makes of the figures.

    Args:
        is_no: An abstention works as a no does, so that nothing is left out above.
        said: One sentence that says which of these it is, and why.
        parts: Where it is something else, those parts of the rule, in words.
        decisiveness: Part of all votes of three choices that adopt; None where not measured.
        rows: In the body's order; empty where not measured.
    """

    is_no: bool
    said: str
    parts: tuple[str, ...] = ()
    decisiveness: Fraction | None = None
    rows: tuple[AbstainRow, ...] = ()

    def to_json(self, *, fractions: bool) -> dict[str, object]:
        """Return it as plain values."""
        adopts = self.decisiveness
        return {
            "as_no": self.is_no,
            "said": self.said,
            "parts": list(self.parts),
            "decisiveness": None
            if adopts is None
            else number_json(adopts, fractions=fractions),
            "players": [row.to_json(fractions=fractions) for row in self.rows],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSheet:
    """What a rule makes of each member's voice.

    Args:
        rule: Its title; `sentence` says it in words.
        clauses: Any one of these adopts, where they are few; else ().
        method: "kinds", "halves" or "packed" are exact; "preview" and "sample" are not.
        samples: Votes drawn of each kind; 0 where nothing was sampled.
        before: Decisiveness when everybody votes alone; None without blocs.
        rows: Members and blocs in the body's order, blocs last.
        abstention: What abstaining is, which the figures above know nothing of.
        names: What the body calls a member, where the usual name of its code is another's.
    """

    body: str
    title: str
    source: str
    basis: str
    rule: str
    sentence: str
    clauses: tuple[str, ...]
    method: str
    is_exact: bool
    samples: int
    seed: int
    units: tuple[UnitRow, ...]
    decisiveness: Figure
    before: Figure | None
    rows: tuple[PowerRow, ...]
    blocs: tuple[BlocSheet, ...]
    outsiders: tuple[OutsiderRow, ...]
    moves: tuple[MoveRow, ...]
    abstention: AbstainSheet
    cautions: tuple[str, ...]
    names: Mapping[str, str]

    def to_json(self, *, fractions: bool = False) -> dict[str, object]:
        """Return it as plain values.

        Args:
            fractions: Write exact fractions beside the decimals; some have 300 digits.
        """
        before = self.before and figure_json(self.before, fractions=fractions)
        return {
            "body": {"slug": self.body, "title": self.title, "source": self.source,
                     "basis": self.basis},
            "rule": {"title": self.rule, "sentence": self.sentence,
                     "clauses": list(self.clauses)},
            "method": {"name": self.method, "exact": self.is_exact, "samples": self.samples,
                       "seed": self.seed},
            "units": [unit.to_json() for unit in self.units],
            "decisiveness": figure_json(self.decisiveness, fractions=fractions),
            "decisiveness_without_blocs": before,
            "players": [row.to_json(fractions=fractions) for row in self.rows],
            "blocs": [bloc.to_json(fractions=fractions) for bloc in self.blocs],
            "outsiders": [row.to_json(fractions=fractions) for row in self.outsiders],
            "moves": [move.to_json(fractions=fractions) for move in self.moves],
            "abstention": self.abstention.to_json(fractions=fractions),
            "cautions": list(self.cautions),
            "names": dict(self.names),
        }  # fmt: skip


def figure_json(figure: Figure, *, fractions: bool) -> dict[str, object]:
    """Return a figure as a decimal of 12 digits, with its interval where it was sampled."""
    plain = number_json(figure.value, fractions=fractions)
    if figure.low is not None and figure.high is not None:
        plain["low"], plain["high"] = figure.low, figure.high
    return plain


def number_json(value: Fraction, *, fractions: bool) -> dict[str, object]:
    """Return a share as a decimal of 12 digits and, where asked for, as a fraction."""
    plain: dict[str, object] = {"value": float(f"{float(value):.12g}")}
    if fractions:
        plain["fraction"] = str(value)
    return plain
