# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where the bars of an opinion and the cells of the plane stand on paper, in whole pixels."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comity.council.consult.bound import MILLION
from comity.council.consult.picture import Dot
from comity.desk.council.consult.sheet import Bar, Found

_ROW_PX = 34
_BAR_PX = 14
_WIDTH = 340
_PLANE = 320
_EDGE = 14
_LEAST_PX, _MOST_PX = 3, 13
MOST_DOTS = 150
"""Cells that are drawn, those with most people; the JSON has all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """How one group answered, as a bar of three parts.

    Args:
        y: Upper edge of the bar; its label stands above it.
        agree: Right edge of those who agree; `passed` of those who pass; the rest disagree.
        mark: Where its lower bound or share stands.
    """

    bar: Bar
    y: int
    agree: int
    passed: int
    mark: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """One picture of one opinion.

    Args:
        line: Where the threshold stands.
    """

    width: int
    height: int
    side: int
    line: int
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One cell of the plane; its radius grows with the root of its people."""

    x: int
    y: int
    radius: int
    people: int
    group: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The hull of one found group, and where its name stands."""

    name: str
    points: str
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """One picture of everybody: cells, and the found groups around them.

    Args:
        undrawn: Cells left out because there are too many.
    """

    side: int
    spots: tuple[Spot, ...]
    shapes: tuple[Shape, ...]
    undrawn: int


def bars_of(bars: Sequence[Bar], threshold: float) -> Bars:
    """Draw how groups answered one opinion.

    Args:
        threshold: Share that each has to reach, 0 to 1.
    """
    return Bars(
        width=_WIDTH,
        height=_ROW_PX * len(bars) + 6,
        side=_BAR_PX,
        line=round(_WIDTH * threshold),
        strips=tuple(_strip(bar, _ROW_PX * place + 18) for place, bar in enumerate(bars)),
    )


def plane_of(dots: Sequence[Dot], found: Sequence[Found]) -> Plane:
    """Draw the cells of the plane and the hulls of the found groups."""
    drawn = sorted(dots, key=lambda dot: (-dot.people, dot.across, dot.up))[:MOST_DOTS]
    scale = _Scale.around(dots)
    most = max((dot.people for dot in drawn), default=1)
    return Plane(
        side=_PLANE,
        spots=tuple(
            Spot(
                x=scale.x(dot.across),
                y=scale.y(dot.up),
                radius=max(_LEAST_PX, round(_MOST_PX * math.sqrt(dot.people / max(1, most)))),
                people=dot.people,
                group=dot.group,
            )
            for dot in drawn
        ),
        shapes=tuple(_shapes(found, scale)),
        undrawn=len(dots) - len(drawn),
    )


def _strip(bar: Bar, y: int) -> Strip:
    tally = bar.tally
    seen = max(1, tally.seen)
    return Strip(
        bar=bar,
        y=y,
        agree=_WIDTH * tally.agree // seen,
        passed=_WIDTH * (tally.agree + tally.passed) // seen,
        mark=_WIDTH * bar.share // MILLION,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """From thousandths to pixels, both axes alike."""

    left: int
    top: int
    span: int

    @staticmethod
    def around(dots: Sequence[Dot]) -> "_Scale":
        across = [dot.across for dot in dots] or [0]
        up = [dot.up for dot in dots] or [0]
        return _Scale(
            left=min(across),
            top=max(up),
            span=max(1, max(across) - min(across), max(up) - min(up)),
        )

    def x(self, across: int) -> int:
        return _EDGE + (_PLANE - 2 * _EDGE) * (across - self.left) // self.span

    def y(self, up: int) -> int:
        return _EDGE + (_PLANE - 2 * _EDGE) * (self.top - up) // self.span


def _shapes(found: Sequence[Found], scale: _Scale) -> Iterator[Shape]:
    for group in found:
        corners = [(scale.x(across), scale.y(up)) for across, up in group.hull]
        if corners:
            yield Shape(
                name=group.name,
                points=" ".join(f"{x},{y}" for x, y in corners),
                x=sum(x for x, _ in corners) // len(corners),
                y=sum(y for _, y in corners) // len(corners),
            )
