# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where the marks of an e-value's path stand on paper: logarithmic, in whole pixels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comity.desk.finding.sheet import Bar, CategoryResult, Point

_FLOOR_MILLI = -3000
"""E-values under a thousandth are drawn there; the table has them exactly."""

_INFINITE_MILLI = 9000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A labelled line or dot."""

    x: int
    y: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One picture of a path.

    Args:
        line: Corners of the path, as an SVG `points` attribute.
        rows: Horizontal lines at powers of ten.
        columns: Labels under the horizontal axis.
        misses: Where a question failed.
        bars: Corners of the acceptance line, one piece for each number of failures.
    """

    result: CategoryResult
    width: int
    height: int
    left: int
    right: int
    bottom: int
    line: str
    rows: tuple[Mark, ...]
    columns: tuple[Mark, ...]
    misses: tuple[Mark, ...]
    bars: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """From questions and thousandths of log10 to pixels."""

    left: int
    right: int
    top: int
    bottom: int
    last: int
    low: int
    high: int

    def x(self, asked: int) -> int:
        return self.left + (self.right - self.left) * asked // self.last

    def y(self, milli: int) -> int:
        inside = min(max(milli, self.low), self.high)
        return self.bottom - (self.bottom - self.top) * (inside - self.low) // (
            self.high - self.low
        )


def plot_of(result: CategoryResult, *, small: bool) -> Plot:
    """Draw the path of one category, which must not be empty."""
    width, height = (240, 120) if small else (720, 320)
    scale = _scale(result, width, height, small=small)
    corners = [(scale.x(point.asked), scale.y(_milli(point))) for point in result.path]
    return Plot(
        result=result,
        width=width,
        height=height,
        left=scale.left,
        right=scale.right,
        bottom=scale.bottom,
        line=" ".join(f"{x},{y}" for x, y in _thin(corners)),
        rows=tuple(_rows(scale, small=small)),
        columns=tuple(_columns(scale, small=small)),
        misses=tuple(_misses(result.path, scale)),
        bars=tuple(_bars(result, scale)),
    )


def table_of(path: Sequence[Point]) -> tuple[Point, ...]:
    """Choose the rows of a path's table: every failure, every tenth question, the end."""
    kept: list[Point] = []
    failed = 0
    for point in path:
        if point.failed > failed or point.asked % 10 == 0 or point is path[-1]:
            kept.append(point)
        failed = point.failed
    return tuple(kept)


def _milli(point: Point) -> int:
    if point.e_value == "inf":
        return _INFINITE_MILLI
    return _FLOOR_MILLI if point.log10_milli is None else point.log10_milli


def _scale(result: CategoryResult, width: int, height: int, *, small: bool) -> _Scale:
    heights = [max(_FLOOR_MILLI, _milli(point)) for point in result.path]
    bar = max((bar.log10_milli or 0 for bar in _crossed(result)), default=1301)
    low = min(-300, *heights) if len(heights) > 1 else -300
    high = max(bar + 300, max(heights) + 150)
    left, top, under = (30, 8, 18) if small else (56, 14, 34)
    return _Scale(
        left=left,
        right=width - 10,
        top=top,
        bottom=height - under,
        last=max(1, result.path[-1].asked),
        low=low,
        high=high,
    )


def _crossed(result: CategoryResult) -> Sequence[Bar]:
    """Return the bars of the numbers of failures the path went through."""
    return result.bars[: result.path[-1].failed + 1]


def _bars(result: CategoryResult, scale: _Scale) -> Iterable[str]:
    for bar in _crossed(result):
        held = [point.asked for point in result.path if point.failed == bar.failed]
        if held and bar.log10_milli is not None:
            left, right = scale.x(max(0, held[0] - 1)), scale.x(held[-1])
            yield f"M{left} {scale.y(bar.log10_milli)}H{right}"


def _rows(scale: _Scale, *, small: bool) -> Iterable[Mark]:
    powers = range(-(-scale.low // 1000), scale.high // 1000 + 1)
    step = max(1, len(powers) // (3 if small else 7))
    for power in powers:
        if power % step == 0:
            text = str(10**power) if power >= 0 else f"{10.0**power:g}"
            yield Mark(x=scale.left, y=scale.y(1000 * power), text=text)


def _columns(scale: _Scale, *, small: bool) -> Iterable[Mark]:
    parts = 1 if small else 4
    for asked in sorted({scale.last * part // parts for part in range(parts + 1)}):
        yield Mark(x=scale.x(asked), y=scale.bottom, text=str(asked))


def _misses(path: Sequence[Point], scale: _Scale) -> Iterable[Mark]:
    failed = 0
    for point in path:
        if point.failed > failed:
            yield Mark(x=scale.x(point.asked), y=scale.y(_milli(point)))
        failed = point.failed


def _thin(corners: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """Leave out repeated corners, and keep at most some four hundred."""
    last = None
    step = max(1, len(corners) // 400)
    for position, corner in enumerate(corners):
        if corner != last and (position % step == 0 or position == len(corners) - 1):
            yield corner
            last = corner
