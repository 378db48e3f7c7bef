# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conduct: what duties ask for, as constraints on variables all regimes share."""

from dataclasses import dataclass
from enum import Enum

from comity.kernel.canonical import Json
from comity.kernel.ids import ConductName
from comity.kernel.localtext import LocalText
from comity.law.condition import Number, exact_text
from comity.law.fact import Kind


class Relation(Enum):
    """How a constraint binds its variable; the words are those of the pack language."""

    YES = "is done"
    ONE_OF = "is one of"
    ANY_OF = "has any of"
    ALL_OF = "has all of"
    NONE_OF = "has none of"
    WITHIN = "within"
    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A bound on one conduct variable, such as `log_retention at least 180 day`.

    Args:
        values: Sorted values, where the variable is an enum or a set.
        bound: Exact number in the variable's own unit, where it is a number.
    """

    conduct: ConductName
    relation: Relation
    values: tuple[str, ...] = ()
    bound: Number | None = None

    def to_json(self) -> Json:
        """Write the constraint as plain JSON values."""
        return {
            "conduct": self.conduct,
            "relation": self.relation.value,
            "values": list(self.values),
            "bound": None if self.bound is None else exact_text(self.bound),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """One variable of conduct, general, never named after an article.

    Args:
        entails: What doing this does as well.
    """

    name: ConductName
    kind: Kind
    values: tuple[str, ...] = ()
    unit: str | None = None
    label: LocalText
    means: LocalText
    dpv: str = ""
    entails: tuple[Constraint, ...] = ()

    def to_json(self) -> Json:
        """Write the variable as plain JSON values, texts included."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "values": list(self.values),
            "unit": self.unit,
            "label": dict(self.label.by_tag),
            "means": dict(self.means.by_tag),
            "dpv": self.dpv,
            "entails": [constraint.to_json() for constraint in self.entails],
        }
