# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A body: its members in order, their groups and weights, and on whose word all that rests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from math import isqrt

from comity.council.rule.floor import Floor, Weights
from comity.errors import NotFound

ONE_EACH = "one_each"
SQUARE_ROOT = "_sqrt"
"""What the name of weights ends with where their square roots are meant."""

_ROOT_SCALE = 1000


class Basis(Enum):
    """On whose word a fact rests."""

    TEXT = "text"
    SECONDARY = "secondary"
    MEMORY = "memory"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Where a list comes from, and how well it is known."""

    source: str
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Who decides together.

    Args:
        members: ISO 3166-1 alpha-3 codes, or other short names, in the order they are shown.
        groups: `family:group` to its members, such as "region:Africa"; those of a family are
            disjoint and need not hold every member.
        weights: By name; each holds every member.
        cautions: What a reader must know before relying on any of it.
        cautions_on: The same of some weights, or of a family of groups, by name.
        group_grounds: Where each group comes from; a group that is absent here has the
            body's own grounds.
        names: What the body calls a member, where the usual name of its code is another's.
    """

    slug: str
    title: str
    members: tuple[str, ...]
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    weights: Mapping[str, Weights] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()
    cautions_on: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    basis: Basis = Basis.WEAK
    group_grounds: Mapping[str, Grounds] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def floor_of(body: Body) -> Floor:
    """Return the body as a floor on which nobody has said anything yet."""
    return Floor(seats=frozenset(body.members), groups=body.groups, weights=body.weights)


def cautions_of(body: Body, names: Iterable[str]) -> tuple[str, ...]:
    """Return the cautions on a body and on what is used of it.

    Args:
        names: Of weights, square roots among them, and of families of groups.
    """
    stems = [name.removesuffix(SQUARE_ROOT) for name in names]
    used = (caution for name, caution in body.cautions_on.items() if name in stems)
    return (*body.cautions, *used)


def weights_of(body: Body, name: str) -> Weights:
    """Return weights of a body by name.

    Args:
        name: One of its own, `one_each`, or one of its own followed by `_sqrt`.

    Raises:
        NotFound: The body has no such weights (code `council.no_weights`).
    """
    if name in body.weights:
        return body.weights[name]
    if name == ONE_EACH:
        return one_each(body)
    stem = name.removesuffix(SQUARE_ROOT)
    if stem != name and stem in body.weights:
        return square_root(body.weights[stem])
    offered = (*body.weights, *(f"{own}{SQUARE_ROOT}" for own in body.weights), ONE_EACH)
    raise NotFound(
        f"{body.title} has no weights called {name!r}",
        code="council.no_weights",
        hint=f"it has {', '.join(offered)}",
    )


def one_each(body: Body) -> Weights:
    """Return weights in which every member counts one."""
    values = dict.fromkeys(body.members, 1)
    return Weights(name=ONE_EACH, unit="member", source=body.source, values=values)


def square_root(weights: Weights) -> Weights:
    """Return the square roots, in thousandths and rounded down.

    Source:
        Penrose (1946), Journal of the Royal Statistical Society 109(1): voting weight in
        proportion to the square root of a population gives each person equal power.
    """
    roots = {seat: isqrt(own * _ROOT_SCALE**2) for seat, own in weights.values.items()}
    return replace(
        weights,
        name=f"{weights.name}{SQUARE_ROOT}",
        unit=f"1/{_ROOT_SCALE} of the square root of one {weights.unit}",
        values=roots,
    )
