# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Stacked bars, one a layer: foreign suppliers' states, what nobody stated, one's own; pixels.

Foreign holders stand first and one's own last, so that the interval of foreign supply is where
the unknown piece lies: from its left end to its right one.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from comity.desk.exposure.sheet import LayerSheet

WIDTH = 420
_BAR, _ROW, _TOP = 22, 64, 20
"""A row is eight cells of a pattern, so that it lies the same way in every bar."""
_LETTER_PX = 8
PATTERNS = ("M0 4h8", "M4 0v8", "M0 8l8-8", "M0 2h4M4 6h4", "M2 2h2v2h-2z", "M1 1h1M5 5h1")
"""Foreign states take these in turn, largest first; what nobody stated has crosses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a bar.

    Args:
        holder: A jurisdiction; "" is what nobody stated.
        kind: "own", "open", or "f" with the number of its pattern.
        label: What fits into it, or "".
    """

    holder: str
    kind: str
    label: str
    x: int
    y: int
    width: int
    height: int = _BAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The interval of foreign supply beneath a bar: certain to *least*, possible to *most*."""

    y: int
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerBar:
    """One layer's bar; *y* is the line of its name."""

    layer: str
    y: int
    pieces: tuple[Piece, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerBars:
    """Every layer's bar.

    Args:
        holders: What is drawn and how it is filled, for the key.
    """

    width: int
    height: int
    bars: tuple[LayerBar, ...]
    holders: tuple[tuple[str, str], ...]


def draw_layers(layers: Sequence[LayerSheet], homes: Collection[str]) -> LayerBars:
    """Draw a state's layers, from the ground up.

    Args:
        homes: Codes that are the state's own.
    """
    kinds = _kinds(layers, homes)
    bars = tuple(_bar(one, place, kinds) for place, one in enumerate(layers))
    drawn = {piece.holder for bar in bars for piece in bar.pieces}
    return LayerBars(
        width=WIDTH,
        height=_ROW * len(bars) + 4,
        bars=bars,
        holders=tuple((name, kind) for name, kind in kinds.items() if name in drawn),
    )


def _kinds(layers: Sequence[LayerSheet], homes: Collection[str]) -> dict[str, str]:
    totals: dict[str, Fraction] = {}
    for layer in layers:
        for one in layer.states:
            totals[one.label] = totals.get(one.label, Fraction(0)) + one.share.least
    abroad = sorted(totals.keys() - set(homes), key=lambda name: (-totals[name], name))
    kinds = {name: f"f{place % len(PATTERNS)}" for place, name in enumerate(abroad)}
    kinds[""] = "open"
    return kinds | dict.fromkeys(sorted(totals.keys() & set(homes)), "own")


def _bar(layer: LayerSheet, place: int, kinds: dict[str, str]) -> LayerBar:
    top = place * _ROW + _TOP
    foreign = layer.dependence.foreign
    return LayerBar(
        layer=layer.layer,
        y=top - 6,
        pieces=tuple(_pieces(layer, top, kinds)),
        span=Span(y=top + _BAR + 6, least=_px(foreign.least), most=_px(foreign.most)),
    )


def _pieces(layer: LayerSheet, top: int, kinds: dict[str, str]) -> Iterator[Piece]:
    """Lay pieces side by side, each from the whole before it, so that nothing drifts."""
    shares = {one.label: one.share.least for one in layer.states}
    shares[""] = layer.by_state.unknown
    before = Fraction(0)
    for name in sorted(shares, key=[*kinds].index):
        share = shares[name]
        left, right = _px(before), _px(before + share)
        before += share
        if share:
            word = name or "?"
            is_wide = right - left >= _LETTER_PX * len(word) + 8
            yield Piece(
                holder=name,
                kind=kinds[name],
                label=word if is_wide else "",
                x=left,
                y=top,
                width=max(1, right - left),
            )


def _px(share: Fraction) -> int:
    return round(share * (WIDTH - 4)) + 2
