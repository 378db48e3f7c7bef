# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bills of materials: what one system, or one state as a whole, is made of."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

from comity.errors import Fault, InvalidDocument
from comity.kernel.material import PPM, Material, Upstream

MAX_COMPARED = 20_000
"""Names that are compared for near misses; whoever mends so many asks again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One bill.

    Args:
        key: What names it here, such as a version digest.
        name: What people call it.
        seat: ISO code of the state whose user it is; "" where unknown.
        markets: Where it serves people.
        weight: How much it counts beside other bills; each counts 1 unless said.
        is_system: False for what a state says of itself as a whole.
    """

    key: str
    name: str
    materials: tuple[Material, ...]
    seat: str = ""
    markets: tuple[str, ...] = ()
    weight: Fraction = Fraction(1)
    is_system: bool = True

    def layers(self) -> tuple[str, ...]:
        """Return the layers the bill speaks of, in its order."""
        return tuple(dict.fromkeys(material.layer for material in self.materials))

    def of(self, layer: str) -> "LayerParts":
        """Return the parts of one layer.

        Raises:
            InvalidDocument: The stated shares exceed the whole (`exposure.shares`).
        """
        return parts_of(layer, [one for one in self.materials if one.layer == layer])


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerParts:
    """Who has which part of one layer of one bill; stated, silent and rest make up 1.

    Args:
        stated: Materials whose share is known. A single material without a share, beside
            which nothing is listed but stated shares, has what those leave.
        silent: Materials that divide the rest among themselves, nobody says how.
        rest: What stated shares leave. Where no material is silent it is anybody's.
    """

    layer: str
    stated: tuple[tuple[Material, Fraction], ...]
    silent: tuple[Material, ...]
    rest: Fraction


def parts_of(layer: str, materials: Sequence[Material]) -> LayerParts:
    """Divide a layer into what is stated and what is not.

    Raises:
        InvalidDocument: The stated shares exceed the whole (`exposure.shares`).
    """
    stated = [
        (one, Fraction(one.share_ppm, PPM)) for one in materials if one.share_ppm is not None
    ]
    silent = [one for one in materials if one.share_ppm is None]
    rest = 1 - sum((share for _, share in stated), Fraction(0))
    if rest < 0:
        raise _refused([too_much(layer)])
    if len(silent) == 1:
        stated.append((silent[0], rest))
        silent, rest = [], Fraction(0)
    return LayerParts(layer=layer, stated=tuple(stated), silent=tuple(silent), rest=rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """A fault of a bill, with the position of the material it stands in."""

    position: int
    field: str
    message: str
    near: str | None = None


def flaws_of(materials: Sequence[Material]) -> tuple[Flaw, ...]:
    """Find every fault between the materials of one bill, in their order."""
    found = [*_repeated(materials), *_oversold(materials), *_dangling(materials)]
    found.extend(_circular(materials))
    return tuple(sorted(found, key=lambda flaw: flaw.position))


def check(bill: Bill) -> None:
    """Refuse a bill that contradicts itself.

    Raises:
        InvalidDocument: With every fault (`exposure.bill`).
    """
    flaws = flaws_of(bill.materials)
    if flaws:
        faults = [
            Fault(message=f"materials[{flaw.position}]: {flaw.message}", near=flaw.near)
            for flaw in flaws
        ]
        message = f"the bill of materials of {bill.name} contradicts itself"
        raise InvalidDocument(message, code="exposure.bill", faults=faults)


def too_much(layer: str) -> str:
    """Say that the shares of a layer exceed the whole."""
    return f"the shares of layer {layer!r} add up to more than the whole"


def _repeated(materials: Sequence[Material]) -> Iterator[Flaw]:
    first: dict[tuple[str, str], int] = {}
    for position, one in enumerate(materials):
        if (one.layer, one.name) in first:
            message = f"{one.name!r} stands twice in layer {one.layer!r}"
            yield Flaw(position=position, field="name", message=message)
        first.setdefault((one.layer, one.name), position)


def _oversold(materials: Sequence[Material]) -> Iterator[Flaw]:
    sums: dict[str, int] = {}
    for position, one in enumerate(materials):
        before = sums.get(one.layer, 0)
        sums[one.layer] = before + (one.share_ppm or 0)
        if before <= PPM < sums[one.layer]:
            yield Flaw(position=position, field="share_ppm", message=too_much(one.layer))


def _dangling(materials: Sequence[Material]) -> Iterator[Flaw]:
    names = Counter(one.name for one in materials)
    left = MAX_COMPARED
    layers = {one.name: one.layer for one in materials}
    for position, one in enumerate(materials):
        for link in one.upstream:
            if link.name not in names:
                left -= len(names)
                near = get_close_matches(link.name, names, 1) if left >= 0 else []
                message = f"rests on {link.name!r}, which is not in the bill"
                yield Flaw(
                    position=position,
                    field="upstream",
                    message=message,
                    near=near[0] if near else None,
                )
            elif names[link.name] > 1:
                message = f"rests on {link.name!r}, a name that several materials have"
                yield Flaw(position=position, field="upstream", message=message)
        for need, shares in _needs(one.upstream, layers).items():
            if shares > PPM:
                message = f"what meets its need of {need!r} adds up to more than the whole"
                yield Flaw(position=position, field="upstream", message=message)


def _needs(links: Iterable[Upstream], layers: Mapping[str, str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for link in links:
        need = link.need or layers.get(link.name, "")
        found[need] = found.get(need, 0) + (link.share_ppm or 0)
    return found


def _circular(materials: Sequence[Material]) -> Iterator[Flaw]:
    """Yield one flaw for each material that rests on itself, however far round."""
    below: dict[str, set[str]] = {}
    for one in materials:
        below.setdefault(one.name, set()).update(link.name for link in one.upstream)
    tangled = _tangled(below)
    circular = _on_themselves(tangled) if tangled else frozenset()
    for position, one in enumerate(materials):
        if one.name in circular:
            message = f"{one.name!r} rests on itself: supply runs in a circle"
            yield Flaw(position=position, field="upstream", message=message)


def _tangled(below: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Leave out, again and again, whatever rests on nothing that is left."""
    left = {name: set(links) & below.keys() for name, links in below.items()}
    above: dict[str, list[str]] = {}
    for name, links in left.items():
        for link in links:
            above.setdefault(link, []).append(name)
    ahead = [name for name, links in left.items() if not links]
    for name in ahead:
        del left[name]
        for user in above.get(name, ()):
            if user in left:
                left[user].discard(name)
                if not left[user]:
                    ahead.append(user)
    return left


def _on_themselves(below: Mapping[str, set[str]]) -> frozenset[str]:
    """Return what rests on itself, each link looked at once."""
    from scipy.sparse import csr_array  # type: ignore[import-untyped]  # noqa: PLC0415 - few bills need it; it ships no types
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]  # noqa: PLC0415 - the same

    places = {name: place for place, name in enumerate(below)}
    pairs = [(places[name], places[link]) for name, links in below.items() for link in links]
    users, links = zip(*pairs, strict=True)
    graph = csr_array(([True] * len(pairs), (users, links)), shape=(len(below), len(below)))
    sets = connected_components(graph, connection="strong")[1].tolist()
    sizes = Counter(sets)
    return frozenset(
        name for name, place in places.items() if sizes[sets[place]] > 1 or name in below[name]
    )


def _refused(messages: Iterable[str]) -> InvalidDocument:
    faults = [Fault(message=message) for message in messages]
    return InvalidDocument(faults[0].message, code="exposure.shares", faults=faults)
