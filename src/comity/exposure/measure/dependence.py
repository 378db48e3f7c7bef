# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How far a layer depends on suppliers under another state's law."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from comity.exposure.material.bill import Bill
from comity.exposure.measure.holding import UNKNOWN, hold
from comity.exposure.measure.interval import ANYTHING, NOTHING, Interval, known
from comity.exposure.measure.mean import mean
from comity.exposure.measure.squares import squares
from comity.kernel.material import PPM, Material

_HOME = "home"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """What one layer owes to suppliers abroad.

    Args:
        foreign: Share of foreign suppliers.
        lasting: The same, less what others make good at short notice.
        concentration: Sum of the squares of the foreign suppliers' shares of the layer.
    """

    layer: str
    foreign: Interval
    lasting: Interval
    concentration: Interval


def depend(bills: Iterable[Bill], layer: str, homes: Collection[str]) -> Dependence:
    """Return the dependence of a layer.

    Args:
        homes: Codes that are not foreign.

    Returns:
        `foreign`: D = sum over foreign suppliers j of s_j, in [0, 1]. `lasting`: the sum of
        s_j (1 - r_j), r_j being what part of j's loss is made good at short notice.
        `concentration`: the sum of s_j squared over foreign j, in [0, 1]; it is D squared
        times the index of the foreign suppliers among themselves, so that of two states with
        the same D the one with a single supplier has the larger.

    Raises:
        InvalidDocument: The stated shares of a bill exceed the whole.

    Source:
        facts on dependence, 5.3, own notation; docs/spec/exposure.md.
    """
    every = tuple(bills)

    def foreign(material: Material) -> Interval:
        return _is_foreign(material, homes)

    def lasting(material: Material) -> Interval:
        abroad, stays = _is_foreign(material, homes), _stays_lost(material)
        return Interval(least=abroad.least * stays.least, most=abroad.most * stays.most)

    return Dependence(
        layer=layer,
        foreign=mean(every, layer, foreign),
        lasting=mean(every, layer, lasting),
        concentration=_foreign_squares(every, layer, homes),
    )


def _foreign_squares(bills: tuple[Bill, ...], layer: str, homes: Collection[str]) -> Interval:
    """Take doubtful suppliers for own ones at the lower end, for foreign ones at the upper."""

    def kindly(material: Material, key: str) -> str:
        if material.jurisdiction is None or material.jurisdiction in homes:
            return _HOME
        return f"={material.supplier}" if material.supplier else f"{UNKNOWN}{key}"

    def harshly(material: Material, key: str) -> str:
        if material.jurisdiction in homes:
            return _HOME
        return f"={material.supplier}" if material.supplier else f"{UNKNOWN}{key}"

    low = hold(bills, layer, kindly).without(_HOME)
    high = hold(bills, layer, harshly)
    abroad = {name: share for name, share in high.fixed.items() if name != _HOME}
    loose = tuple((names - {_HOME}, share) for names, share in high.loose)
    return squares(low, type(high)(fixed=abroad, loose=loose, unnamed=high.unnamed))


def _is_foreign(material: Material, homes: Collection[str]) -> Interval:
    if material.jurisdiction is None:
        return ANYTHING
    return NOTHING if material.jurisdiction in homes else known(Fraction(1))


def _stays_lost(material: Material) -> Interval:
    if material.substitutability_ppm is None:
        return ANYTHING
    return known(1 - Fraction(material.substitutability_ppm, PPM))
