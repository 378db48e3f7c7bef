# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Norms: who must do what, when, unless what, from which day, and on whose word."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.ids import NormId
from comity.kernel.localtext import LocalText
from comity.law.condition import Condition, conjunction, to_json
from comity.law.condition import Not as NotCondition
from comity.law.conduct import Constraint


class Role(Enum):
    """What somebody is to a system; duties bind roles."""

    PROVIDER = "provider"
    DEPLOYER = "deployer"
    DEVELOPER = "developer"
    DISTRIBUTOR = "distributor"
    IMPORTER = "importer"
    PLATFORM = "platform"
    AUTHORISED_REPRESENTATIVE = "authorised_representative"
    USER = "user"
    SUPPLIER_OF_MODEL = "supplier_of_model"
    PRODUCT_MANUFACTURER = "product_manufacturer"
    EXPORTER = "exporter"
    CONFORMITY_BODY = "conformity_body"
    AFFECTED_PERSON = "affected_person"
    STATE = "state"
    ORGANIZATION = "organization"


class Modality(Enum):
    """The force of a norm."""

    MUST = "must"
    MUST_NOT = "must not"
    MAY = "may"
    SHOULD = "should"
    SHOULD_NOT = "should not"


class Basis(Enum):
    """On whose word an encoding rests."""

    TEXT = "text"
    SECONDARY = "secondary"
    MEMORY = "memory"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Where an encoded text comes from.

    Args:
        cite: Article and paragraph, as a lawyer would cite it.
        basis: Whether the wording was seen; None where the entry does not say.
        rows: Ids of the collected provisions it rests on.
    """

    cite: str = ""
    basis: Basis | None = None
    source: str = ""
    rows: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """Write the grounds as plain JSON values."""
        return {
            "cite": self.cite,
            "basis": None if self.basis is None else self.basis.value,
            "source": self.source,
            "rows": list(self.rows),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One thing a norm asks, with its force."""

    modality: Modality
    constraint: Constraint

    def to_json(self) -> Json:
        """Write the demand as plain JSON values."""
        return {"modality": self.modality.value, "constraint": self.constraint.to_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A named condition that norms share."""

    name: str
    label: LocalText
    when: Condition
    grounds: Grounds

    def to_json(self) -> Json:
        """Write the definition as plain JSON values, texts included."""
        return {
            "name": self.name,
            "label": dict(self.label.by_tag),
            "when": to_json(self.when),
            "grounds": self.grounds.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Unencoded:
    """A gap: something the text says that no rule of ours decides.

    Args:
        about: Norms or definitions that lean on it; may be empty.
    """

    name: str
    about: tuple[str, ...]
    says: LocalText
    grounds: Grounds

    def to_json(self) -> Json:
        """Write the gap as plain JSON values."""
        return {
            "name": self.name,
            "about": list(self.about),
            "says": dict(self.says.by_tag),
            "grounds": self.grounds.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """One encoded norm.

    Args:
        who: Roles it binds, in the order of the text; never empty.
        when: Its scope; the conjunction of nothing where it always applies.
        unless: Exceptions; each is told by itself.
        valid_from: First day it applies; None where the text names none.
        valid_until: First day it applies no longer.
        exceptions_researched: False where nobody looked for exceptions.
        meaning: Digest of what it says in logic, definitions opened, texts left out:
            the same in every language.
    """

    name: NormId
    title: LocalText
    who: tuple[Role, ...]
    demands: tuple[Demand, ...]
    asks: LocalText | None
    when: Condition
    unless: tuple[Condition, ...]
    valid_from: dt.date | None
    valid_until: dt.date | None
    grounds: Grounds
    exceptions_researched: bool
    meaning: Digest

    @property
    def only_permits(self) -> bool:
        """Whether it only allows something and asks nothing."""
        return bool(self.demands) and all(
            demand.modality is Modality.MAY for demand in self.demands
        )

    @property
    def applies_when(self) -> Condition:
        """Its scope and none of its exceptions, as one condition."""
        return conjunction((self.when, *map(NotCondition, self.unless)))

    def to_json(self) -> Json:
        """Write the norm as plain JSON values, texts included."""
        return {
            "name": self.name,
            "title": dict(self.title.by_tag),
            "who": [role.value for role in self.who],
            "demands": [demand.to_json() for demand in self.demands],
            "asks": None if self.asks is None else dict(self.asks.by_tag),
            "when": to_json(self.when),
            "unless": [to_json(condition) for condition in self.unless],
            "from": None if self.valid_from is None else self.valid_from.isoformat(),
            "until": None if self.valid_until is None else self.valid_until.isoformat(),
            "grounds": self.grounds.to_json(),
            "exceptions_researched": self.exceptions_researched,
        }
