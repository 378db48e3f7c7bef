# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of banks, draws and transcripts, whatever the items."""

from itertools import groupby

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.errors import InvalidDocument
from comity.evidence.bank import Bank, Item, verify_opening
from comity.evidence.bundle import Bundle, decode_bundle, encode_bundle
from comity.evidence.draw import draws, order
from comity.evidence.transcript import Missing, Record, decode, encode
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy; a law knows no clock."""

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="ascii"), max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
COUNTS = st.dictionaries(
    st.from_regex(r"[a-z0-9]{1,6}", fullmatch=True), st.integers(1, 7), min_size=1, max_size=4
)


@st.composite
def banks(draw: st.DrawFn) -> Bank:
    """Draw a bank of a few categories with any prompts and references."""
    names = [name for name, count in draw(COUNTS).items() for _ in range(count)]
    items = [
        Item(
            position=position,
            category=name,
            prompt=draw(JSON),
            reference=draw(JSON),
            scorer="s/1",
        )
        for position, name in enumerate(names)
    ]
    return Bank.of(items, draw(st.binary(min_size=32, max_size=32)))


@CALM
@given(banks())
def test_every_opening_verifies_and_no_two_leaves_are_alike(bank: Bank) -> None:
    """Whatever the items, equal ones included: position and salt tell them apart."""
    for position in range(bank.commitment.size):
        verify_opening(bank.commitment, bank.open(position))
    assert len(set(bank.tree.levels[0])) == bank.commitment.size


@CALM
@given(banks())
def test_categories_partition_the_positions(bank: Bank) -> None:
    """The published counts say where each category stands."""
    covered = [
        (position, category.name)
        for category in bank.commitment.categories
        for position in bank.commitment.positions(category.name)
    ]
    assert covered == [(item.position, item.category) for item in bank.items]
    assert [name for name, _ in groupby(item.category for item in bank.items)] == [
        category.name for category in bank.commitment.categories
    ]


@CALM
@given(banks(), st.binary(min_size=32, max_size=32))
def test_a_categorys_draw_is_the_banks_restricted(bank: Bank, seed: bytes) -> None:
    """For every seed."""
    whole = order(Digest(seed), range(bank.commitment.size))
    by_category = draws(Digest(seed), bank.commitment)
    for name, due in by_category.items():
        inside = set(bank.commitment.positions(name))
        assert [position for position in whole if position in inside] == list(due)


@CALM
@given(banks(), st.data())
def test_records_and_bundles_round_trip(bank: Bank, data: st.DataObject) -> None:
    """Bytes to values to the same bytes."""
    records = []
    for position in data.draw(st.lists(st.integers(0, bank.commitment.size - 1), max_size=4)):
        answer: str | Missing = data.draw(TEXT | st.sampled_from(Missing))
        passed = isinstance(answer, str) and data.draw(st.booleans())
        opening = bank.open(position)
        record = Record(
            draw=position + 1,
            opening=opening,
            answer=answer,
            passed=passed,
            extra=data.draw(st.dictionaries(st.sampled_from(["x1", "x2"]), JSON)),
        )
        assert decode(encode(record)) == record
        records.append(record)
    bundle = Bundle(plan=sha256(b"plan"), records=tuple(records))
    assert decode_bundle(encode_bundle(bundle)) == bundle


@CALM
@given(st.binary(max_size=200))
def test_reading_a_bundle_is_total(encoded: bytes) -> None:
    """Any bytes are a bundle or a refusal with faults."""
    try:
        bundle = decode_bundle(encoded)
    except InvalidDocument as error:
        assert error.faults  # noqa: PT017 - both ways out are lawful
    else:
        assert encode_bundle(bundle) == encoded


@CALM
@given(banks(), st.data())
def test_a_changed_line_never_reads_as_the_same_record(bank: Bank, data: st.DataObject) -> None:
    """What is read back writes the very line it came from, or is refused."""
    line = encode(Record(draw=1, opening=bank.open(0), answer="a", passed=True))
    place = data.draw(st.integers(0, len(line) - 1))
    changed = line[:place] + bytes([data.draw(st.integers(0, 255))]) + line[place + 1 :]
    try:
        record = decode(changed)
    except InvalidDocument as error:
        assert error.faults  # noqa: PT017 - both ways out are lawful
    else:
        assert encode(record) == changed
