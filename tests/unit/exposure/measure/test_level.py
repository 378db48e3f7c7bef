# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The most even division, held against the conditions that only it meets."""

from fractions import Fraction

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
