# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The most even division, held against the conditions that only it meets."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.exposure.measure.level import level

NAMES = "abcdef"

amounts = st.integers(0, 12).map(lambda n: Fraction(n, 12))
groups = st.lists(
    st.tuples(st.frozensets(st.sampled_from(NAMES), min_size=2, max_size=4), amounts),
    max_size=6,
)


def flow_exists(
    need: dict[str, Fraction], loose: list[tuple[frozenset[str], Fraction]]
) -> bool:
    """Tell by Hall's condition whether loose shares can fill exactly these needs."""
    if sum(need.values()) != sum(share for _, share in loose):
        return False
    names = sorted(need)
    for mask in range(1 << len(names)):
        chosen = {name for place, name in enumerate(names) if mask >> place & 1}
        inside = sum((share for group, share in loose if group <= chosen), Fraction(0))
        if sum((need[name] for name in chosen), Fraction(0)) < inside:
            return False
    return True


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), amounts), groups)
def test_the_division_can_be_made_and_none_is_more_even(
    fixed: dict[str, Fraction], loose: list[tuple[frozenset[str], Fraction]]
) -> None:
    """It hands out exactly what is loose, and no set of holders sits above its own density."""
    found = level(fixed, loose)
    need = {name: share - fixed.get(name, Fraction(0)) for name, share in found.items()}

    assert min(need.values(), default=Fraction(0)) >= 0
    assert flow_exists(need, loose)
    heights = sorted(set(found.values()), reverse=True)
    for height in heights:  # what stands at or above a height can move nothing below it
        above = {name for name, share in found.items() if share >= height}
        inside = sum((share for group, share in loose if group <= above), Fraction(0))
        base = sum((fixed.get(name, Fraction(0)) for name in above), Fraction(0))
        assert sum((found[name] for name in above), Fraction(0)) == base + inside


def test_of_nothing_loose_nothing_moves() -> None:
    """What is fixed stays as it is."""
    assert level({"a": Fraction(1, 3)}, []) == {"a": Fraction(1, 3)}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_other_division_in_twelfths_is_more_even(data: st.DataObject) -> None:
    """Every way to hand out a few rests, tried one by one, has no smaller sum of squares."""
    fixed = data.draw(st.dictionaries(st.sampled_from("abc"), amounts))
    sets = st.frozensets(st.sampled_from("abc"), min_size=1)
    loose = data.draw(st.lists(st.tuples(sets, st.just(Fraction(1, 3))), max_size=2))
    totals = level(fixed, loose)
    best = sum((share * share for share in totals.values()), Fraction(0))

    for choice in product(*(list(divisions(names, 4)) for names, _ in loose)):
        tried = {**dict.fromkeys(totals, Fraction(0)), **fixed}
        for given_ in choice:
            for name, parts in given_.items():
                tried[name] += Fraction(parts, 12)
        assert sum(share * share for share in tried.values()) >= best


def divisions(names: frozenset[str], parts: int) -> Iterator[dict[str, int]]:
    """Yield each way to hand out some equal parts among holders."""
    for counts in product(range(parts + 1), repeat=len(names)):
        if sum(counts) == parts:
            yield dict(zip(sorted(names), counts, strict=True))


def test_a_long_chain_of_rests_is_levelled() -> None:
    """Each rest reaches the next only through a holder they share: the flow must go far."""
    names = [f"n{place:03}" for place in range(301)]
    loose = [(frozenset(names[n : n + 2]), Fraction(1, 300)) for n in range(300)]
    found = level({names[0]: Fraction(1)}, loose)

    assert found[names[0]] == 1
    assert {found[name] for name in names[1:]} == {Fraction(1, 300)}
