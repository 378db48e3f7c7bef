# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who is bound when: a norm's trigger with its market and its days, and a library's theory."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.localtext import LocalText
from comity.law.condition import Cmp, Condition, Has, Not, conjunction, disjunction
from comity.law.cursor import near_miss
from comity.law.fact import ASKED_ON, MARKETS, Fact, Kind
from comity.law.market import BODIES
from comity.law.norm import Demand, Norm, Role
from comity.law.pack import Library, Pack, PackStatus, Vocabulary
from comity.law.prove.theory import Theory

_TEXT = LocalText(by_tag={"en": "the day of the question"})
_CHAIN = frozenset({
    Role.PROVIDER, Role.DEPLOYER, Role.DEVELOPER, Role.DISTRIBUTOR, Role.IMPORTER,
    Role.PLATFORM, Role.SUPPLIER_OF_MODEL, Role.PRODUCT_MANUFACTURER, Role.EXPORTER,
})  # fmt: skip
"""Roles that one and the same company may have towards one system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What is held against another: a market with all its packs, or one pack.

    Args:
        name: As it was asked for, such as "EU" or "eu.gdpr".
    """

    name: str
    packs: tuple[Pack, ...]

    def norms(self, on: dt.date | None = None) -> Iterator[tuple[Pack, Norm]]:
        """Yield the norms, of a day those in force on it."""
        for pack in self.packs:
            for norm in pack.norms:
                if on is None or _in_force(norm, on):
                    yield pack, norm


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One demand of one norm, on one side."""

    side: str
    pack: Pack
    norm: Norm
    demand: Demand

    @property
    def is_binding(self) -> bool:
        """Whether the text has binding force."""
        return self.pack.status is PackStatus.BINDING

    def to_json(self) -> Json:
        """Write the party as plain JSON values."""
        return {
            "norm": self.norm.name,
            "side": self.side,
            "market": self.pack.market,
            "pack": self.pack.name,
            "force": self.pack.status.value,
            "title": dict(self.norm.title.by_tag),
            "demand": self.demand.to_json(),
            "cite": self.norm.grounds.cite,
            "source": self.norm.grounds.source,
            "basis": None if self.norm.grounds.basis is None else self.norm.grounds.basis.value,
            "meaning": self.norm.meaning.hex(),
        }


def sides_of(library: Library, names: Sequence[str]) -> tuple[Side, ...]:
    """Return the sides that markets or packs name.

    Raises:
        InvalidDocument: A name of neither; all are listed (code `law.side`).
    """
    known = {pack.market for pack in library.packs} | {pack.name for pack in library.packs}
    faults = [
        Fault(
            message=f"{name[:60]!r} is no market and no pack we hold",
            near=near_miss(name, known),
        )
        for name in names
        if name not in known
    ]
    if faults:
        hint = "`comity pack check` lists the packs, their names and markets"
        raise InvalidDocument("unknown side", code="law.side", hint=hint, faults=faults)
    return tuple(
        Side(name=name, packs=tuple(p for p in library.packs if name in {p.market, p.name}))
        for name in names
    )


def theory_of(library: Library, *, timeout_ms: int = 10_000) -> Theory:
    """Return what can be true of a system, by the library's vocabulary."""
    return Theory(
        facts_of(library.vocabulary),
        [disjunction((Not(a.when), a.implies)) for a in library.vocabulary.axioms],
        library.meanings,
        timeout_ms=timeout_ms,
    )


def facts_of(vocabulary: Vocabulary) -> Mapping[str, Fact]:
    """Return the facts of a vocabulary, with the day that the question sets."""
    day = Fact(name=ASKED_ON, kind=Kind.DATE, label=_TEXT, question=_TEXT, means=_TEXT)
    return {ASKED_ON: day, **vocabulary.facts}


def binding(pack: Pack, norm: Norm, facts: Mapping[str, Fact]) -> Condition:
    """Return that a norm binds: offered in its market, in force, its trigger met."""
    return conjunction((*in_market(pack, facts), *in_force(norm), norm.applies_when))


def in_market(pack: Pack, facts: Mapping[str, Fact]) -> tuple[Condition, ...]:
    """Return that a system is offered in a pack's market; a body speaks to every system."""
    known = MARKETS in facts and pack.market in facts[MARKETS].values
    asked = known and pack.market not in BODIES
    return (Has(MARKETS, (pack.market,)),) if asked else ()


def in_force(norm: Norm) -> tuple[Condition, ...]:
    """Return that the day asked about lies within a norm's days."""
    since, until = norm.valid_from, norm.valid_until
    return (
        *(() if since is None else (Cmp(ASKED_ON, at_least=True, bound=since),)),
        *(() if until is None else (Cmp(ASKED_ON, at_least=False, bound=until),)),
    )


def common_bearers(norms: Iterable[Norm]) -> tuple[Role, ...] | None:
    """Return a role for each norm that one company can have at once, or None.

    The same role throughout, where there is one.
    """
    every = tuple(norms)
    shared = [r for r in every[0].who if all(r in norm.who for norm in every)]
    if shared:
        return (shared[0],) * len(every)
    chosen = [next((role for role in norm.who if role in _CHAIN), None) for norm in every]
    found = tuple(role for role in chosen if role is not None)
    return found if len(found) == len(every) else None


def _in_force(norm: Norm, on: dt.date) -> bool:
    since, until = norm.valid_from, norm.valid_until
    return (since is None or since <= on) and (until is None or on < until)
