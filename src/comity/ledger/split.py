# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How many witnesses must lie before two readers can be shown two stories.

A split view passes when one set of witnesses meets the first reader's rule, another the
second's, and whoever is in both signed both stories: those are the colluders. An honest
witness signs one story only. The least such overlap is what has to be exceeded; it is
computed over the rules themselves, not by the formula for plain numbers.

Source:
    docs/spec/trust.md; for one plain threshold the bound is 2k <= n + f.
"""

from dataclasses import dataclass

from comity.ledger.gate import (
    Chosen,
    Gate,
    Part,
    blocking,
    cheapest,
    fewest,
    minimal_sets,
    names_in,
)

MAX_SETS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One way to show two readers two stories, with as few colluders as can be.

    Args:
        first: Who signs the first reader's story.
        second: Who signs the second's.
    """

    first: Chosen
    second: Chosen

    @property
    def colluders(self) -> Chosen:
        """Return who signs both."""
        return self.first & self.second


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """What one rule, shared by all its readers, withstands.

    Args:
        witnesses: How many can count.
        needed: The fewest cosignatures that meet the rule; None where none do.
        lying: How many may lie, whoever they are, before a split view passes; None where no
            number suffices, as nothing meets the rule.
        absent: How many may be absent, whoever they are, before nothing meets it.
        both: How many may be either lying or absent, safe and live: the smaller of the two.
    """

    witnesses: int
    needed: int | None
    lying: int | None
    absent: int

    @property
    def both(self) -> int:
        """Return how many may fail in whichever way."""
        return self.absent if self.lying is None else min(self.lying, self.absent)


def strength_of(rule: Part | None) -> Strength:
    """Return what a rule withstands; None is a rule nobody can meet."""
    least = None if rule is None else fewest(rule)
    if rule is None or least is None:
        count = 0 if rule is None else len(names_in(rule))
        return Strength(witnesses=count, needed=None, lying=None, absent=0)
    return Strength(
        witnesses=len(names_in(rule)),
        needed=len(least),
        lying=len(_overlap(rule)) - 1,
        absent=len(blocking(rule)) - 1,
    )


def find_split(first: Part, second: Part) -> Split | None:
    """Return the split view that needs the fewest colluders; exact.

    Returns:
        None where nothing meets one of the rules, or where neither rule can be searched: more
        than 200,000 smallest sets meet it.
    """
    if cheapest(first, _free) is None or cheapest(second, _free) is None:
        return None
    if first == second:
        return _shared(first)
    sets = minimal_sets(first, limit=MAX_SETS)
    if sets is not None:
        return _search(sets, second)
    sets = minimal_sets(second, limit=MAX_SETS)
    found = None if sets is None else _search(sets, first)
    return None if found is None else Split(first=found.second, second=found.first)


def passes_by_formula(first: Gate, second: Gate, lying: int) -> bool:
    """Tell for two plain thresholds whether so many liars can show two stories.

    Source:
        k1 + k2 > |W1 u W2| + min(f, |W1 n W2|) is what keeps two readers safe.
    """
    one, other = names_in(first), names_in(second)
    bound = len(one | other) + min(lying, len(one & other))
    return first.least + second.least <= bound


def _search(sets: tuple[Chosen, ...], other: Part) -> Split | None:
    best: Split | None = None
    for chosen in sets:
        answer = cheapest(other, lambda name, chosen=chosen: int(name in chosen))  # type: ignore[misc] # mypy cannot infer a lambda with a default
        if answer is None:
            return None
        found = Split(first=chosen, second=answer)
        if best is None or len(found.colluders) < len(best.colluders):
            best = found
        if not best.colluders:
            return best
    return best


def _shared(rule: Part) -> Split:
    """Return the split of one rule: part by part, one story each where that is enough."""
    if isinstance(rule, str):
        return Split(first=frozenset((rule,)), second=frozenset((rule,)))
    ways = [(_shared(one), one) for one in rule.parts if cheapest(one, _free) is not None]
    ways.sort(key=lambda way: (len(way[0].colluders), sorted(way[0].colluders)))
    doubled = max(0, 2 * rule.least - len(ways))
    first = [split.first for split, _ in ways[:doubled]]
    second = [split.second for split, _ in ways[:doubled]]
    rest = [fewest(one) or frozenset() for _, one in ways[doubled:]]
    wanted = rule.least - doubled
    first += rest[:wanted]
    second += rest[wanted : 2 * wanted]
    return Split(first=frozenset().union(*first), second=frozenset().union(*second))


def _overlap(rule: Part) -> Chosen:
    return _shared(rule).colluders


def _free(_: str) -> int:
    return 0
