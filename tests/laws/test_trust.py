# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The bounds of docs/spec/trust.md against every assignment of witnesses there is.

The oracle knows nothing of the bounds: each witness signs the first story, the second, or,
where it lies, both; a split view passes when some assignment meets both readers' rules.
"""

from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.desk.log.trustpolicy import default_threshold
from comity.ledger.gate import (
    Gate,
    Part,
    blocking,
    fewest,
    is_met,
    minimal_sets,
    names_in,
    without,
)
from comity.ledger.split import find_split, passes_by_formula, strength_of

NAMES = "abcdefgh"
SPECIFICATION = Path(__file__).parents[2] / "docs" / "spec" / "trust.md"


def plain(names: str, needed: int) -> Gate:
    """Return a plain threshold over witnesses of one letter."""
    return Gate(needed=needed, parts=tuple(names))


def fewest_liars(first: Part, second: Part) -> int | None:
    """Try every assignment and return the least number of liars with which both are met."""
    names = sorted(names_in(first) | names_in(second))
    best: int | None = None
    for signs in product((1, 2, 3), repeat=len(names)):
        sets = [
            {name for name, sign in zip(names, signs, strict=True) if sign & story}
            for story in (1, 2)
        ]
        if is_met(first, sets[0]) and is_met(second, sets[1]):
            liars = signs.count(3)
            best = liars if best is None else min(best, liars)
    return best


@st.composite
def rules(draw: st.DrawFn, names: str = NAMES[:6]) -> Part:
    """Draw a tree of thresholds in which every witness stands at most once."""
    count = draw(st.integers(1, len(names)))
    parts: list[Part] = list(draw(st.permutations(list(names)))[:count])
    while len(parts) > 1:
        width = draw(st.integers(2, len(parts)))
        inner = tuple(parts[:width])
        needed = draw(st.one_of(st.none(), st.integers(1, width)))
        parts = [*parts[width:], Gate(needed=needed, parts=inner)]
    return parts[0]


@pytest.mark.parametrize("n", range(1, 8))
def test_one_shared_threshold_breaks_exactly_at_the_bound(n: int) -> None:
    """A split view passes iff 2k <= n + f: no more liars are needed and no fewer do."""
    for k in range(1, n + 1):
        rule = plain(NAMES[:n], k)
        found = fewest_liars(rule, rule)
        assert found is not None
        assert strength_of(rule).lying == found - 1
        for f in range(n + 1):
            assert (found <= f) is (2 * k <= n + f)


@pytest.mark.parametrize(("left", "both", "right"), list(product(range(3), range(4), range(3))))
def test_two_thresholds_break_exactly_at_their_bound(left: int, both: int, right: int) -> None:
    """Two readers are safe iff k1 + k2 > |W1 u W2| + min(f, |W1 n W2|), in both directions."""
    shared = NAMES[:both]
    first = shared + NAMES[both : both + left]
    second = shared + NAMES[both + left : both + left + right]
    for k1, k2 in product(range(1, len(first) + 1), range(1, len(second) + 1)):
        one, other = plain(first, k1), plain(second, k2)
        liars = fewest_liars(one, other)
        assert liars is not None
        for f in range(both + 2):
            assert (liars <= f) is passes_by_formula(one, other, f)
        split = find_split(one, other)
        assert split is not None
        assert len(split.colluders) == liars


@given(rules())
def test_the_strength_of_any_rule_is_that_of_the_enumeration(rule: Part) -> None:
    """Groups within groups: what a rule withstands is computed, and exact."""
    found = strength_of(rule)
    names = sorted(names_in(rule))
    liars = fewest_liars(rule, rule)
    assert liars is not None
    assert found.lying == liars - 1
    met = [
        set(some)
        for count in range(len(names) + 1)
        for some in combinations(names, count)
        if is_met(rule, some)
    ]
    assert found.needed == len(met[0])
    stops = [
        count
        for count in range(len(names) + 1)
        for gone in combinations(names, count)
        if not is_met(rule, set(names) - set(gone))
    ]
    assert found.absent == stops[0] - 1


@given(rules(), rules("cdefgh"))
def test_the_split_of_any_two_rules_is_that_of_the_enumeration(
    first: Part, second: Part
) -> None:
    """And the example it gives does split: each side meets its reader's rule."""
    split = find_split(first, second)
    liars = fewest_liars(first, second)
    assert split is not None
    assert len(split.colluders) == liars
    assert is_met(first, split.first)
    assert is_met(second, split.second)


@given(rules())
def test_a_smallest_set_meets_and_a_blocking_set_stops(rule: Part) -> None:
    """One fewer does not meet it; without those nothing does."""
    least = fewest(rule)
    assert least is not None
    assert is_met(rule, least)
    assert not any(is_met(rule, least - {one}) for one in least)
    assert not is_met(rule, names_in(rule) - blocking(rule))
    sets = minimal_sets(rule, limit=10_000)
    assert sets is not None
    assert least in sets
    assert all(is_met(rule, one) for one in sets)


@given(rules(), st.sampled_from(NAMES[:6]))
def test_taking_one_out_never_makes_others_count_for_it(rule: Part, gone: str) -> None:
    """An owner that is taken out leaves no hole that its own cosignature could fill."""
    left = without(rule, {gone})
    assert left is None or gone not in names_in(left)
    if left is not None and is_met(left, {gone}):
        pytest.fail("met by who was taken out")


def rows_of_the_specification() -> dict[str, list[int]]:
    """Return the table of docs/spec/trust.md, by the first word that tells a row apart."""
    lines = SPECIFICATION.read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("| n | 1 |"))
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines[start : start + 7]
    ]
    return {name: [int(cell) for cell in row] for name, *row in cells if row[0] != "---"}


def test_the_table_of_the_specification_is_computed() -> None:
    """Every number of it, for n = 1 to 13."""
    n_row, most, least, default, lying, absent = rows_of_the_specification().values()
    assert n_row == list(range(1, 14))
    for at, n in enumerate(n_row):
        strengths = [strength_of(plain("abcdefghijklm"[:n], k)) for k in range(1, n + 1)]
        f = max(one.both for one in strengths)
        assert most[at] == max(0, f)
        safe = [k for k, one in enumerate(strengths, 1) if (one.lying or 0) >= most[at]]
        assert least[at] == safe[0]
        assert default[at] == default_threshold(n)
        chosen = strengths[default[at] - 1]
        assert (lying[at], absent[at]) == (chosen.lying, chosen.absent)
