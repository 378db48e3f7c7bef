# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conduct: what duties ask for, as constraints on variables all regimes share."""

from dataclasses import dataclass
from enum import Enum

from comity.kernel.canonical import Json
from comity.kernel.ids import ConductName
from comity.kernel.localtext import LocalText
from comity.law.condition import Condition, Number, exact_text, to_json
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


class Division(Enum):
    """Along what one conduct can be done differently for different people at once."""

    PLACE = "place"
    DESIGN = "design"


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
        divisible: Whether it can be done differently by place (of the users or the
            deployment), or by design (by function or by user); sorted by their words.
    """

    name: ConductName
    kind: Kind
    values: tuple[str, ...] = ()
    unit: str | None = None
    label: LocalText
    means: LocalText
    dpv: str = ""
    entails: tuple[Constraint, ...] = ()
    divisible: tuple[Division, ...] = ()

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
            "divisible": [division.value for division in self.divisible],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A fact of the world: conduct that cannot be done together.

    Args:
        when: Where it cannot; the conjunction of nothing where it never can.
        together: Two constraints or more that no conduct meets all of.
        because: Why, in words; never a law.
    """

    name: str
    when: Condition
    together: tuple[Constraint, ...]
    because: LocalText

    def to_json(self) -> Json:
        """Write the exclusion as plain JSON values, its text included."""
        return {
            "name": self.name,
            "when": to_json(self.when),
            "together": [constraint.to_json() for constraint in self.together],
            "because": dict(self.because.by_tag),
        }
