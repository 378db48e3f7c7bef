# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of the kernel: Kleene's logic, canonical JSON against RFC 8785."""

import itertools
import json
from collections.abc import Iterable

import pytest
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

_ANY_TEXT = st.text(max_size=8) | st.sampled_from(
    [
        "\ud800",
        "\udfff",
        "\0",
        "\x1f",
        "\x7f",
        "\\u0041",
        "[1.5]",
        ",1e5",
        ":-2.5",
        "{[",
        "\u2028",
        "\U0001f600",
    ]
)
_ANY_NUMBER = (
    st.integers()
    | st.floats()
    | st.sampled_from([2**53, -(2**53), 2**63, 2**64, -(2**63) - 1, 10**400, -0.0, 1e16])
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | _ANY_NUMBER | _ANY_TEXT,
    lambda v: st.lists(v, max_size=4) | st.dictionaries(_ANY_TEXT, v, max_size=4),
    max_leaves=8,
)
"""Values of JSON and beyond it."""


def _has_one_spelling(encoded: bytes) -> bool:
    """Tell by the standard library alone whether bytes are the one spelling of a value."""

    def paired(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
        found = list(pairs)
        if len(dict(found)) < len(found) or not all(key.isascii() for key, _ in found):
            raise ValueError
        return dict(found)

    def counted(text: str) -> int:
        if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
            raise ValueError
        return int(text)

    def refused(text: str) -> float:
        raise ValueError(text)

    try:
        value = json.loads(
            encoded.decode(),
            object_pairs_hook=paired,
            parse_int=counted,
            parse_float=refused,
            parse_constant=refused,
        )
        written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return _depth(value) <= MAX_DEPTH and written.encode() == encoded
    except (ValueError, RecursionError):
        return False


def _depth(value: object) -> int:
    match value:
        case dict():
            parts = tuple(value.values())
        case list():
            parts = tuple(value)
        case _:
            return 0
    return 1 + max(map(_depth, parts), default=-1)


def _accepts(encoded: bytes) -> bool:
    try:
        from_canonical(encoded)
    except InvalidDocument:
        return False
    return True


@given(ANYTHING, st.tuples(st.booleans(), st.booleans()), st.integers(0, 40), st.data())
def test_the_quick_way_gives_the_slow_ways_verdict(
    value: object, spelling: tuple[bool, bool], levels: int, data: st.DataObject
) -> None:
    """Two libraries that read one statement two ways would split the members."""
    is_escaped, is_padded = spelling
    text = json.dumps(
        value,
        sort_keys=True,
        separators=(", ", ": ") if is_padded else (",", ":"),
        ensure_ascii=is_escaped,
    )
    written = f'{"[" * levels}{{"a":{text}}}{"]" * levels}'.encode("utf-8", "surrogatepass")
    at, changed = data.draw(st.integers(0, len(written))), data.draw(st.binary(max_size=3))
    for encoded in (
        written,
        text.encode("utf-8", "surrogatepass"),
        written[:at] + changed + written[at:],
        written[:at] + written[at + 1 :],
    ):
        assert _accepts(encoded) is _has_one_spelling(encoded)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1.5}', '{"a":[1e5]}', '{"a":[0,-0]}', '{"a":-0.0}', '{"a":1,"a":1}',
        '{"a":"\\/"}', '{"a":9007199254740992}', '{"a":18446744073709551616}', '{"a":1e16}',
        '{"a":"\\u001F"}', '{"a":"\\u0000"}', '{"a":"\\u000b"}', '{"a":"\\ud800"}', '{"a":01}',
        '{"a":"x[1.5"}', '{"a":"\x7f"}', '{"\u00e9":1}', '{"a":NaN}', '{"b":1,"a":1}',
        '{"a":"\\b\\t\\n\\f\\r"}', '{"a":1}\n', '\ufeff{"a":1}', '{"a":1E5}',
        '{"a":{"\\u00e9":1}}', '{"a":10000000000000000.0}', "[1.5]", "1.5", "-0",
    ],
)  # fmt: skip
def test_known_traps_have_one_verdict(text: str) -> None:
    """Each is where JSON libraries are known to differ."""
    assert _accepts(text.encode()) is _has_one_spelling(text.encode())


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


@pytest.mark.parametrize("inner", [b'{"a":null}', b"[true]", b"[1]", b'{"a":{}}', b"[]"])
@pytest.mark.parametrize("levels", [30, 31, 32, 33])
def test_nothing_stands_one_level_too_deep(inner: bytes, levels: int) -> None:
    """Not even a value that holds nothing itself: the quick way once let it pass."""
    encoded = b"[" * levels + inner + b"]" * levels
    assert _accepts(encoded) is _has_one_spelling(encoded)


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
