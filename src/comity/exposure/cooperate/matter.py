# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What offers, needs and projects say alike, and the three of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.exposure.cooperate.word import TERMS
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.localtext import LocalText
from comity.kernel.material import Material
from comity.kernel.reference import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is offered or needed.

    Args:
        what: One of `KINDS`.
        sector: For which sector; "any" for every one.
        goals: Targets of the Sustainable Development Goals.
        amount: How much; None where nobody said.
        unit: Of what; None where it is not counted.
        markets: For whom: states, the Union, bodies; none for anywhere, of a need for its
            author's own state.
        since: The first day, or None.
        until: The last day, or None.
        terms: On which terms: words of `TERMS`, and plain words beside them.
        languages: BCP 47 tags in which it is to be had.
    """

    title: LocalText
    what: str
    sector: str
    goals: tuple[str, ...] = ()
    amount: int | None = None
    unit: str | None = None
    markets: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    terms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def known_terms(self) -> frozenset[str]:
        """Return the terms that are compared."""
        return frozenset(term for term in self.terms if term in TERMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Open weights, named so that whoever fetches them can tell that they are those offered.

    Args:
        method: How the digest was taken, such as "model-signing/1".
        signed: Whether a model signature by the maker lies beside them.
    """

    method: str
    sha256: Digest
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something a member offers.

    Args:
        materials: What it would bring into the taker's stack; a share is the part of its
            layer that it would then have.
        weights: The weights offered, of what is "open weights".
        recipients_unstated: Nobody said for whom; it is paired with nobody.
    """

    matter: Matter
    materials: tuple[Material, ...] = ()
    weights: Weights | None = None
    recipients_unstated: bool = False
    example: bool = False
    rest: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something a member needs.

    Args:
        requires: Terms without which no offer is taken; those of the matter are wished for.
    """

    matter: Matter
    requires: tuple[str, ...] = ()
    example: bool = False
    rest: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Work in common.

    Args:
        parties: Member ids, or names of offices.
        status: Where it stands, in a word or two.
        systems: Registered systems that it uses.
        note: What is unknown, or else worth saying.
    """

    title: LocalText
    kind: str
    parties: tuple[str, ...]
    offers: tuple[Reference, ...] = ()
    needs: tuple[Reference, ...] = ()
    status: str
    goals: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    systems: tuple[Reference, ...] = ()
    note: str = ""
    example: bool = False
    rest: Mapping[str, Json] = field(default_factory=dict)
