# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The page of leverage: what either side loses, who else there is, and what is assumed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.desk.exposure.leverage import ASSUMPTIONS, LossRow, PartnerRow, worst_of
from comity.desk.exposure.leveragepage import blocs_of, leverage_answer, leverage_of
from comity.desk.register.register import Register
from comity.exposure.measure.interval import Interval
from comity.web.exposure import ROWS, is_made_up, percent
from comity.web.render import Page
from comity.web.site import Asked

WIDTH = 420
DRAWN = 10
"""Partners that are drawn, and whose alternatives stand on the page; the JSON has all."""

NAMED = 3
"""Alternatives named of each layer."""

_ROW, _LINE, _AXIS = 50, 9, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One loss as a line, in pixels: certain to *least*, possible to *most*.

    Args:
        kind: The class it is drawn in: whose loss it is.
        is_known: Whether anything is known; else the line is possible from end to end.
    """

    kind: str
    y: int
    least: int
    most: int
    is_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerBars:
    """One partner's lines; *y* is the line of its name."""

    partner: str
    y: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverageBars:
    """Every partner's lines."""

    width: int
    height: int
    rows: tuple[PartnerBars, ...]


def leverage(register: Register, asked: Asked) -> Page:
    """Show what a state and its partners would lose by leaving each other."""
    found = leverage_of(register, asked.parts["state"], asked.one("bloc"))
    return Page(
        template="leverage.html",
        section="exposure",
        sheet=leverage_answer(register, found),
        more={
            "found": found,
            "is_made_up": is_made_up(register, found.state),
            "blocs": blocs_of(found.state),
            "bars": draw_leverage(found.partners[:DRAWN], has_bloc=bool(found.bloc)),
            "assumptions": ASSUMPTIONS,
            "drawn": DRAWN,
            "most": ROWS,
            "named": NAMED,
            "percent": percent,
            "heaviest": worst_of,
            "hit": _hit,
        },
    )


def draw_leverage(partners: Sequence[PartnerRow], *, has_bloc: bool) -> LeverageBars:
    """Draw, partner by partner, what the state, the partner, and it from a bloc would lose."""
    return LeverageBars(
        width=WIDTH,
        height=_ROW * len(partners) + _AXIS,
        rows=tuple(_bars(one, n * _ROW, has_bloc=has_bloc) for n, one in enumerate(partners)),
    )


def _bars(one: PartnerRow, top: int, *, has_bloc: bool) -> PartnerBars:
    lost = [("bad", one.loses), ("ink", one.partner_loses)]
    lost += [("good", one.partner_loses_bloc)] if has_bloc else []
    return PartnerBars(
        partner=one.partner,
        y=top + 13,
        spans=tuple(
            _span(kind, top + 22 + n * _LINE, worst_of(rows))
            for n, (kind, rows) in enumerate(lost)
        ),
    )


def _span(kind: str, y: int, lost: Interval | None) -> Span:
    return Span(
        kind=kind,
        y=y,
        least=_px(Fraction(0) if lost is None else lost.least),
        most=_px(Fraction(1) if lost is None else lost.most),
        is_known=lost is not None,
    )


def _hit(rows: Iterable[LossRow]) -> int:
    """Count what loses anything, at the most."""
    return sum(bool(one.lost.most) for one in rows)


def _px(share: Fraction) -> int:
    return round(share * (WIDTH - 4)) + 2
