# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of the kernel: Kleene's logic, canonical JSON against RFC 8785."""

import itertools

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InvalidDocument
from comity.kernel.canonical import MAX_DEPTH, MAX_INTEGER, from_canonical, to_canonical
from comity.kernel.truth import Truth, all_of, any_of

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
_LEAVES = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | _TEXT
PROFILE = st.recursive(
    _LEAVES, lambda v: st.lists(v, max_size=4) | st.dictionaries(_KEYS, v, max_size=4)
)


@given(PROFILE)
def test_canonical_equals_rfc8785_on_the_profile(value: object) -> None:
    """An independent implementation writes the same bytes."""
    assert to_canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(PROFILE)
def test_canonical_reads_back_what_it_wrote(value: object) -> None:
    """Nothing is lost between signing and verifying."""
    assert from_canonical(to_canonical(value)) == value  # type: ignore[arg-type]


@given(st.binary(max_size=200))
def test_the_parser_raises_nothing_but_ours(noise: bytes) -> None:
    """Bytes from outside never crash a node."""
    try:
        value = from_canonical(noise)
    except InvalidDocument:
        return
    assert to_canonical(value) == noise


def test_depth_is_bounded_where_it_is_said() -> None:
    """A statement of the allowed depth passes and one level more does not."""
    fits = "[" * MAX_DEPTH + "]" * MAX_DEPTH

    assert from_canonical(fits.encode()) is not None
    try:
        from_canonical(f"[[{fits}]]".encode())
    except InvalidDocument:
        return
    raise AssertionError


def test_kleene_is_the_completion_of_two_valued_logic() -> None:
    """Undetermined exactly where the completions disagree, for every triple of values."""
    completions = {
        Truth.TRUE: [True],
        Truth.FALSE: [False],
        Truth.UNDETERMINED: [True, False],
    }
    for triple in itertools.product(Truth, repeat=3):
        worlds = list(itertools.product(*(completions[value] for value in triple)))
        for kleene, boolean in ((all_of, all), (any_of, any)):
            outcomes = {boolean(world) for world in worlds}
            expected = Truth.from_bool(outcomes.pop()) if len(outcomes) == 1 else None
            assert kleene(triple) is (expected or Truth.UNDETERMINED)


@given(st.lists(st.sampled_from(Truth)))
def test_de_morgan_holds(values: list[Truth]) -> None:
    """Negation passes through conjunction and disjunction."""
    assert ~all_of(values) is any_of(~value for value in values)
    assert ~any_of(values) is all_of(~value for value in values)
