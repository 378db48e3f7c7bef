# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The bodies that are at hand: who is in them, in which groups, and what one must know."""

from collections.abc import Mapping
from dataclasses import dataclass

from comity.council.body.body import Body, Grounds
from comity.files.body import get_body, shipped_bodies
from comity.kernel.canonical import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One group of a body, with where it comes from."""

    name: str
    members: tuple[str, ...]
    source: str
    basis: str

    def to_json(self) -> Json:
        """Return it as plain values."""
        return {
            "name": self.name,
            "members": list(self.members),
            "source": self.source,
            "basis": self.basis,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRow:
    """One table of weights of a body."""

    name: str
    unit: str
    source: str
    total: int
    values: Mapping[str, int]

    def to_json(self) -> Json:
        """Return it as plain values."""
        return {
            "name": self.name,
            "unit": self.unit,
            "source": self.source,
            "total": self.total,
            "values": dict(self.values),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BodySheet:
    """One body.

    Args:
        names: What it calls a member, where the usual name of its code is another's.
    """

    slug: str
    title: str
    source: str
    basis: str
    members: tuple[str, ...]
    groups: tuple[GroupRow, ...]
    weights: tuple[WeightRow, ...]
    cautions: tuple[str, ...]
    names: Mapping[str, str]

    def to_json(self) -> Json:
        """Return it as plain values."""
        return {
            "slug": self.slug,
            "title": self.title,
            "source": self.source,
            "basis": self.basis,
            "members": list(self.members),
            "groups": [group.to_json() for group in self.groups],
            "weights": [weights.to_json() for weights in self.weights],
            "cautions": list(self.cautions),
            "names": dict(self.names),
        }


def body_sheets() -> tuple[BodySheet, ...]:
    """Return every body that comes with Comity."""
    return tuple(body_sheet_of(body) for body in shipped_bodies())


def body_sheet(name: str) -> BodySheet:
    """Return one body by its slug or its file.

    Raises:
        NotFound: There is none.
        InvalidDocument: Its file has faults; all are listed.
    """
    return body_sheet_of(get_body(name))


def body_sheet_of(body: Body) -> BodySheet:
    """Lay a body out."""
    own = Grounds(source=body.source, basis=body.basis)
    groups = (
        GroupRow(
            name=name,
            members=tuple(member for member in body.members if member in found),
            source=body.group_grounds.get(name, own).source,
            basis=body.group_grounds.get(name, own).basis.value,
        )
        for name, found in body.groups.items()
    )
    weights = (
        WeightRow(
            name=one.name,
            unit=one.unit,
            source=one.source,
            total=sum(one.values.values()),
            values=one.values,
        )
        for one in body.weights.values()
    )
    return BodySheet(
        slug=body.slug,
        title=body.title,
        source=body.source,
        basis=body.basis.value,
        members=body.members,
        groups=tuple(groups),
        weights=tuple(weights),
        cautions=(*body.cautions, *body.cautions_on.values()),
        names=body.names,
    )
