# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The page of a way out: what to buy, what it costs, and what no purchase fixes."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.desk.exposure.diversifypage import CEILINGS, USUAL, plan_answer, plan_of
from comity.desk.exposure.diversifysheet import ASSUMPTIONS, Point, amount_of
from comity.desk.register.register import Register
from comity.exposure.measure.interval import known
from comity.web.exposure import is_made_up, percent
from comity.web.render import Page
from comity.web.site import Asked

WIDTH, HEIGHT = 420, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 12, 12, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Cost against ceiling, in pixels.

    Args:
        line: Corners of the plans that keep their ceiling, as the points of an SVG polyline.
        kept: Where they stand.
        missed: Where plans stand that cannot keep it.
        most: The highest cost, at the top.
    """

    width: int
    height: int
    line: str
    kept: tuple[tuple[int, int], ...]
    missed: tuple[tuple[int, int], ...]
    most: str


def diversify(register: Register, asked: Asked) -> Page:
    """Show the cheapest way below a ceiling, over options that are made up."""
    text = asked.one("ceiling")
    ceiling = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    plan = plan_of(register, asked.parts["state"], ceiling if text else USUAL)
    return Page(
        template="diversify.html",
        section="exposure",
        sheet=plan_answer(register, plan),
        more={
            "plan": plan,
            "is_made_up": is_made_up(register, plan.states[0].state),
            "one": plan.states[0],
            "ceilings": CEILINGS,
            "asked_for": int(plan.ceiling * 100),
            "curve": draw_curve(plan.points),
            "assumptions": ASSUMPTIONS,
            "amount": amount_of,
            "percent": percent,
            "percent_of": lambda share: percent(known(share)),
        },
    )


def draw_curve(points: Sequence[Point]) -> Curve:
    """Draw cost, from nothing up, against ceiling, from nothing to the whole."""
    most = max((one.cost for one in points), default=Fraction(0))
    places = [(_place(one, most), not one.excess) for one in points]
    kept = sorted(place for place, is_kept in places if is_kept)
    return Curve(
        width=WIDTH,
        height=HEIGHT,
        line=" ".join(f"{x},{y}" for x, y in kept),
        kept=tuple(kept),
        missed=tuple(sorted(place for place, is_kept in places if not is_kept)),
        most=f"{float(most):.4g}",
    )


def _place(point: Point, most: Fraction) -> tuple[int, int]:
    x = _LEFT + round(point.ceiling * (WIDTH - _LEFT - _RIGHT))
    share = point.cost / most if most else Fraction(0)
    return x, HEIGHT - _BOTTOM - round(share * (HEIGHT - _TOP - _BOTTOM))
