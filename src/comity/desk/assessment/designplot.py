# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A design as a picture: what it shows and asks by pass rate, and where it stops. Plain SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.desk.assessment.operating import Point, fixed_test, points_of
from comity.evidence.statistics.design import Design, boundary_of
from comity.evidence.statistics.kind import AnyDesign, as_counted
from comity.kernel.share import percent

WIDTH, HEIGHT, LEFT, TOP, GAP = 640, 200, 64, 34, 82
CURVE_POINTS = 121
STYLE = (
    "text{font:12px sans-serif;fill:#222}.t{font-weight:bold}.a{stroke:#888}"
    ".g{stroke:#ddd}path,polyline{fill:none;stroke-width:2}.s{stroke:#1a6b3c}"
    ".r{stroke:#a3262a;stroke-dasharray:6 3}.f{stroke:#666;stroke-dasharray:2 4}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    """One plot: its place on the page, and the numbers at its edges."""

    row: int
    title: str
    across: tuple[float, float]
    up: tuple[float, float]

    def x(self, value: float) -> float:
        low, high = self.across
        return round(LEFT + WIDTH * (value - low) / (high - low), 1)

    def y(self, value: float) -> float:
        low, high = self.up
        return round(self.bottom - HEIGHT * (value - low) / (high - low), 1)

    @property
    def bottom(self) -> int:
        return TOP + HEIGHT + self.row * (HEIGHT + GAP)


def picture_of(design: AnyDesign, name: str = "") -> str:
    """Draw a design: chance of "shown", expected questions, acceptance and rejection."""
    counted = as_counted(design)
    points = points_of(counted, _rates(counted))
    height = 3 * (HEIGHT + GAP) + TOP
    title = f"{name}: " if name else ""
    what = f"{title}more than {percent(design.threshold)}, risk {percent(design.risk)}"
    parts = (
        *_curve(points, counted, row=0),
        *_questions(points, counted, row=1),
        *_stairs(counted, row=2),
    )
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="0 0 {LEFT + WIDTH + 24} {height}">\n<title>{_safe(what)}</title>\n'
        f"<style>{STYLE}</style>\n{body}\n</svg>\n"
    )


def _rates(design: Design) -> Sequence[Fraction]:
    margin = design.goal - design.threshold
    low = max(Fraction(0), design.threshold - 4 * margin)
    step = (1 - low) / (CURVE_POINTS - 1)
    return [low + step * number for number in range(CURVE_POINTS)]


def _curve(points: Sequence[Point], design: Design, *, row: int) -> Iterable[str]:
    across = float(points[0].rate) * 100, 100.0
    panel = _Panel(row=row, title='chance of "shown", %', across=across, up=(0.0, 100.0))
    yield from _frame(panel, "pass rate, %")
    yield _line(panel, [(float(p.rate) * 100, p.shown * 100) for p in points], "s")
    for share, chance in ((design.threshold, design.risk), (design.goal, design.power)):
        x, y = panel.x(float(share) * 100), panel.y(float(chance) * 100)
        yield f'<path class="f" d="M{x} {panel.y(0)}V{panel.y(100)}"/>'
        yield f'<circle cx="{x}" cy="{y}" r="4"><title>{percent(chance)}</title></circle>'


def _questions(points: Sequence[Point], design: Design, *, row: int) -> Iterable[str]:
    stage = fixed_test(design)
    most = max([point.expected for point in points] + ([] if stage is None else [stage.asked]))
    across = float(points[0].rate) * 100, 100.0
    panel = _Panel(row=row, title="expected questions", across=across, up=(0.0, most * 1.05))
    yield from _frame(panel, "pass rate, %")
    yield _line(panel, [(float(p.rate) * 100, p.expected) for p in points], "s")
    if stage is not None:
        y = panel.y(stage.asked)
        yield f'<line class="f" x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y}" y2="{y}"/>'
        yield f'<text x="{LEFT + 6}" y="{y - 5}">fixed number: {stage.asked}</text>'


def _stairs(design: Design, *, row: int) -> Iterable[str]:
    boundary = boundary_of(design)
    top = boundary.accept[-1] + 2
    panel = _Panel(row=row, title="failures", across=(0, design.cap), up=(0, max(2, top)))
    yield from _frame(panel, "questions")
    shown = [(n, f) for n, f in enumerate(boundary.accept) if f >= 0]
    refused = [(n, f) for n, f in enumerate(boundary.reject) if f <= min(n, top)]
    for stairs, kind in ((shown, "s"), (refused, "r")):
        yield _line(panel, list(_corners(stairs)), kind)
    yield f'<text x="{LEFT + 6}" y="{panel.y(top) + 14}">not shown above the dashed line, '
    yield "shown under the full one</text>"


def _corners(stairs: Sequence[tuple[int, int]]) -> Iterable[tuple[float, float]]:
    last: int | None = None
    for place, (asked, failed) in enumerate(stairs):
        if failed != last:
            if last is not None:
                yield asked, last
            yield asked, failed
        elif place == len(stairs) - 1:
            yield asked, failed
        last = failed


def _frame(panel: _Panel, across: str) -> Iterable[str]:
    yield f'<text class="t" x="{LEFT}" y="{panel.bottom - HEIGHT - 10}">{panel.title}</text>'
    for part in range(5):
        share = part / 4
        up = panel.up[0] + share * (panel.up[1] - panel.up[0])
        y = panel.y(up)
        yield f'<line class="g" x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y}" y2="{y}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{up:.4g}</text>'
        right = panel.across[0] + share * (panel.across[1] - panel.across[0])
        x = panel.x(right)
        yield f'<text x="{x}" y="{panel.bottom + 16}" text-anchor="middle">{right:.4g}</text>'
    yield f'<text x="{LEFT + WIDTH}" y="{panel.bottom + 32}" text-anchor="end">{across}</text>'
    yield f'<path class="a" d="M{LEFT} {panel.bottom - HEIGHT}V{panel.bottom}H{LEFT + WIDTH}"/>'


def _line(panel: _Panel, points: Sequence[tuple[float, float]], kind: str) -> str:
    corners = " ".join(f"{panel.x(x)},{panel.y(y)}" for x, y in points)
    return f'<polyline class="{kind}" points="{corners}"/>'


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
