# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The account of the collected provisions: what became of each, and what is left as gaps."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from comity.errors import Fault
from comity.law.cursor import near_miss
from comity.law.pack import Library, Pack


class Outcome(Enum):
    """What became of a provision; one that several entries rest on counts as the first."""

    NORM = "norm"
    DEFINITION = "definition"
    GAP = "gap"
    NONE = "not a norm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of one provision.

    Args:
        provision: Its id in the collected facts, such as "EU.50.2.a".
        names: The entries that rest on it, sorted; empty where it is not a norm.
        reason: Why it is not a norm; "" where an entry rests on it.
        line: Where the account stands in its file, from 1.
    """

    provision: str
    outcome: Outcome
    names: tuple[str, ...]
    reason: str
    line: int = 0


def entries_by_provision(library: Library) -> Mapping[str, tuple[Outcome, tuple[str, ...]]]:
    """Return, by provision, what became of it by the packs' own `rows`, and the entries."""
    names: dict[str, set[str]] = {}
    kinds: dict[str, set[Outcome]] = {}
    for pack in library.packs:
        for outcome, name, rows in _entries(pack):
            for row in rows:
                names.setdefault(row, set()).add(name)
                kinds.setdefault(row, set()).add(outcome)
    return {
        row: (next(one for one in Outcome if one in kinds[row]), tuple(sorted(found)))
        for row, found in names.items()
    }


def _entries(pack: Pack) -> Iterator[tuple[Outcome, str, tuple[str, ...]]]:
    for norm in pack.norms:
        yield Outcome.NORM, norm.name, norm.grounds.rows
    for definition in pack.definitions:
        yield Outcome.DEFINITION, definition.name, definition.grounds.rows
    for gap in pack.gaps:
        yield Outcome.GAP, gap.name, gap.grounds.rows


def refreshed(accounts: Iterable[Account], library: Library) -> Iterator[Account]:
    """Return the account as the packs stand now; reasons and order are kept."""
    held = entries_by_provision(library)
    for account in accounts:
        outcome, names = held.get(account.provision, (Outcome.NONE, ()))
        reason = account.reason if outcome is Outcome.NONE else ""
        yield replace(account, outcome=outcome, names=names, reason=reason)


def account_faults(accounts: Sequence[Account], library: Library) -> Iterator[Fault]:
    """Find where the account and the packs disagree, or a provision stands twice."""
    held = entries_by_provision(library)
    first: dict[str, int] = {}
    for account in accounts:
        line = first.setdefault(account.provision, account.line)
        if line != account.line:
            message = f"{account.provision} is accounted for on line {line} already"
            yield Fault(message=message, line=account.line)
        yield from _account_faults(account, held)
    for row in sorted(held.keys() - first.keys()):
        message = f"{', '.join(held[row][1])}: rests on {row}, which no provision is called"
        yield Fault(message=message, near=near_miss(row, first))


def _account_faults(
    account: Account, held: Mapping[str, tuple[Outcome, tuple[str, ...]]]
) -> Iterator[Fault]:
    outcome, names = held.get(account.provision, (Outcome.NONE, ()))
    if outcome is not account.outcome:
        message = f"{account.provision} is {outcome.value!r} by the packs"
        yield Fault(message=f"{message}, not {account.outcome.value!r}", line=account.line)
    elif names != account.names:
        message = f"{account.provision}: by the packs {' '.join(names)} rest on it"
        yield Fault(message=message, line=account.line)
    if account.outcome is Outcome.NONE and not account.reason.strip():
        message = f"{account.provision} is not a norm, and no reason says why"
        yield Fault(message=message, line=account.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of its provisions a pack encodes.

    Args:
        rows: Provisions its norms, definitions and gaps rest on.
        gap_rows: Those of them that only a gap rests on.
        lonely: Norms that rest on a fact no other norm of the library asks about.
    """

    pack: str
    rows: int
    gap_rows: int
    lonely: int

    @property
    def gap_share(self) -> Fraction:
        """The share of its provisions that only a gap rests on; from 0 to 1."""
        return Fraction(self.gap_rows, self.rows) if self.rows else Fraction(0)


def coverage(library: Library) -> Mapping[str, Coverage]:
    """Return, by pack, how much of its provisions is encoded."""
    asked = {norm.name: library.facts_of(norm.applies_when) for norm in library.norms.values()}
    uses = Counter(fact for facts in asked.values() for fact in facts)
    return {
        pack.name: _coverage(
            pack, sum(any(uses[fact] == 1 for fact in asked[norm.name]) for norm in pack.norms)
        )
        for pack in library.packs
    }


def _coverage(pack: Pack, lonely: int) -> Coverage:
    encoded = _rows(pack, Outcome.NORM, Outcome.DEFINITION)
    gaps = _rows(pack, Outcome.GAP) - encoded
    return Coverage(pack=pack.name, rows=len(encoded | gaps), gap_rows=len(gaps), lonely=lonely)


def _rows(pack: Pack, *outcomes: Outcome) -> set[str]:
    kept: Iterable[tuple[str, ...]] = (
        rows for outcome, _, rows in _entries(pack) if outcome in outcomes
    )
    return {row for rows in kept for row in rows}
