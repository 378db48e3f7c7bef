# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The dependence that taking an offer up creates or relieves, layer by layer."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from comity.exposure.cooperate.matter import Offer
from comity.exposure.cooperate.word import LAYER_OF
from comity.exposure.material.bill import Bill
from comity.exposure.measure.interval import ANYTHING, NOTHING, Interval, known
from comity.exposure.measure.mean import mean
from comity.kernel.canonical import Json
from comity.kernel.material import PPM, Material

_ONE = Fraction(1)


class Sense(Enum):
    """What becomes of the dependence on one jurisdiction."""

    CREATES = "creates"
    DEEPENS = "deepens"
    MAY_DEEPEN = "may create or deepen"
    KEEPS = "leaves as it is"
    RELIEVES = "relieves"
    MAY_RELIEVE = "may relieve"
    OWN = "own supply grows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What becomes of the share that suppliers under one law have of one layer.

    Args:
        jurisdiction: "" where nobody said under whose law the supplier is.
        before: Its share now; from 0 to 1 where nobody knows.
        after: Its share once the offer is taken up.
        assumed: Whether layer and law were read off the sort of offer and its maker's seat.
    """

    layer: str
    jurisdiction: str
    sense: Sense
    before: Interval
    after: Interval
    assumed: bool = False

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "layer": self.layer,
            "jurisdiction": self.jurisdiction or None,
            "sense": self.sense.value,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "assumed": self.assumed,
        }


def brought_by(offer: Offer, seat: str) -> tuple[tuple[Material, ...], bool]:
    """Return what an offer brings into a stack, and whether that had to be assumed."""
    layer = LAYER_OF.get(offer.matter.what)
    if offer.materials or layer is None:
        return offer.materials, False
    name = offer.matter.title.in_language("en")
    return (Material(layer=layer, name=name, jurisdiction=seat or None),), True


def effects_of(
    offer: Offer, seat: str, bills: Iterable[Bill], homes: Collection[str]
) -> tuple[Effect, ...]:
    """Return what taking an offer up does to each share of each layer it enters.

    Args:
        seat: Under whose law the offering member is; "" where unknown.
        bills: What the taker rests on now.
        homes: Codes that are the taker's own.

    Returns:
        With s the part of the layer that the offer takes and b a share before it,
        b + s (1 - b) for the newcomer's law and b (1 - s) for every other, in [0, 1];
        whatever nobody said widens them.

    Raises:
        InvalidDocument: The stated shares of a bill exceed the whole.
    """
    every = tuple(bills)
    brought, assumed = brought_by(offer, seat)
    return tuple(
        effect
        for material in brought
        for effect in _effects(material, every, homes, assumed=assumed)
    )


def worst_of(effects: Iterable[Effect], homes: Collection[str]) -> Fraction:
    """Return the largest foreign share that can follow of what is brought in, in [0, 1]."""
    rising = [
        one.after.most
        for one in effects
        if one.jurisdiction not in homes
        and one.sense not in {Sense.RELIEVES, Sense.MAY_RELIEVE, Sense.OWN}
    ]
    return max(rising, default=Fraction(0))


def _effects(
    material: Material, bills: tuple[Bill, ...], homes: Collection[str], *, assumed: bool
) -> Iterator[Effect]:
    layer, law = material.layer, material.jurisdiction
    taken = ANYTHING if material.share_ppm is None else known(Fraction(material.share_ppm, PPM))
    before = ANYTHING if law is None else _share(bills, layer, law)
    after = Interval(
        least=_joined(before.least, taken.least), most=_joined(before.most, taken.most)
    )
    sense = Sense.OWN if law in homes else _rise(before, taken)
    yield Effect(
        layer=layer, jurisdiction=law or "", sense=sense, before=before, after=after,
        assumed=assumed,
    )  # fmt: skip
    for other in sorted(_laws(bills, layer) - {law or ""} - set(homes)):
        held = _share(bills, layer, other)
        left = Interval(least=held.least * (1 - taken.most), most=held.most * (1 - taken.least))
        is_sure = taken.least > 0 and held.least > 0
        yield Effect(
            layer=layer, jurisdiction=other,
            sense=Sense.RELIEVES if is_sure else Sense.MAY_RELIEVE,
            before=held, after=left, assumed=assumed,
        )  # fmt: skip


def _rise(before: Interval, taken: Interval) -> Sense:
    if before.least == _ONE or not taken.most:
        return Sense.KEEPS
    if not taken.least:
        return Sense.MAY_DEEPEN
    return Sense.CREATES if not before.most else Sense.DEEPENS


def _joined(share: Fraction, taken: Fraction) -> Fraction:
    return share + taken * (1 - share)


def _share(bills: tuple[Bill, ...], layer: str, law: str) -> Interval:
    def held(material: Material) -> Interval:
        if material.jurisdiction is None:
            return ANYTHING
        return known(_ONE) if material.jurisdiction == law else NOTHING

    return mean(bills, layer, held)


def _laws(bills: tuple[Bill, ...], layer: str) -> set[str]:
    return {
        one.jurisdiction
        for bill in bills
        for one in bill.materials
        if one.layer == layer and one.jurisdiction
    }
