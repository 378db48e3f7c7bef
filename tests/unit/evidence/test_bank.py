# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bank is fixed by its root and hidden until opened."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from comity.errors import InvalidDocument, NotFound, VerificationFailed
from comity.evidence.bank import (
    Bank,
    Category,
    Commitment,
    Item,
    Opening,
    is_category_name,
    leaf_of,
    opening_from,
    salt_of,
    verify_opening,
)
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields


def item(position: int, category: str = "shelter") -> Item:
    """Return a plain item."""
    return Item(position=position, category=category, prompt="q", reference="a", scorer="s/1")


def test_every_item_opens_under_the_root(bank: Bank) -> None:
    """Any position may be drawn."""
    for position in range(bank.commitment.size):
        verify_opening(bank.commitment, bank.open(position))


def test_categories_are_counted_in_the_order_of_positions(bank: Bank) -> None:
    """The published counts are the whole layout, which keeps the commitment small."""
    assert bank.commitment.categories == (
        Category(name="rescue", count=40),
        Category(name="shelter", count=60),
    )
    assert bank.commitment.positions("shelter") == range(40, 100)
    with pytest.raises(NotFound):
        bank.commitment.positions("weather")


def changed(opening: Opening, **parts: object) -> Opening:
    """Return the opening with parts of its item changed."""
    return replace(opening, item=replace(opening.item, **parts))  # type: ignore[arg-type]  # parts


@pytest.mark.parametrize(
    ("tamper", "place"),
    [
        (lambda o: changed(o, prompt="an easier one"), "records[3].item"),
        (lambda o: changed(o, reference="whatever it says"), "records[3].item"),
        (lambda o: changed(o, scorer="always/1"), "records[3].item"),
        (lambda o: changed(o, position=8), "records[3].item"),
        (lambda o: changed(o, position=100), "records[3].item.position"),
        (lambda o: changed(o, category="shelter"), "records[3].item.category"),
        (lambda o: changed(o, category="weather"), "records[3].item.category"),
        (lambda o: replace(o, salt=bytes(32)), "records[3].item"),
        (lambda o: replace(o, salt=o.salt[:31]), "records[3].item.salt"),
        (lambda o: replace(o, path=o.path[1:]), "records[3].item"),
        (lambda o: replace(o, path=(*o.path, Digest(bytes(32)))), "records[3].item"),
    ],
)
def test_an_item_changed_in_any_part_is_refused_with_its_place(
    bank: Bank, tamper: Callable[[Opening], Opening], place: str
) -> None:
    """Prompt, reference answer, scorer and place are all bound by the leaf."""
    with pytest.raises(VerificationFailed) as caught:
        verify_opening(bank.commitment, tamper(bank.open(7)), place="records[3].item")
    assert caught.value.place == place
    assert caught.value.code == "evidence.opening"


def test_an_item_swapped_for_another_of_the_bank_is_refused(bank: Bank) -> None:
    """Being in the bank is not enough; it must stand where it says."""
    one, two = bank.open(7), bank.open(8)
    with pytest.raises(VerificationFailed):
        verify_opening(bank.commitment, replace(one, item=two.item))
    with pytest.raises(VerificationFailed):
        verify_opening(bank.commitment, replace(two, path=one.path))


def test_other_counts_under_the_same_root_are_refused(bank: Bank) -> None:
    """A second commitment cannot move the border between categories."""
    moved = (Category(name="rescue", count=41), Category(name="shelter", count=59))
    other = Commitment(root=bank.commitment.root, categories=moved)
    with pytest.raises(VerificationFailed):
        verify_opening(other, bank.open(40))


def test_the_root_hides_items_behind_the_key(bank: Bank) -> None:
    """Without salts a guessed question could be tested against its leaf."""
    other = Bank.of(bank.items, bytes(32))
    assert other.commitment.root != bank.commitment.root
    assert Bank.of(bank.items, bank.key).commitment == bank.commitment
    salts = {salt_of(bank.key, position) for position in range(100)}
    assert len(salts) == 100
    assert all(len(salt) == 32 for salt in salts)


def test_leaves_of_different_items_differ() -> None:
    """The encoding is one to one: moving text between fields changes the leaf."""
    salt = bytes(32)
    one = Item(position=0, category="a", prompt="xy", reference="z", scorer="s")
    two = Item(position=0, category="a", prompt="x", reference="yz", scorer="s")
    assert leaf_of(one, salt) != leaf_of(two, salt)


def test_a_bad_bank_lists_every_fault_with_its_row() -> None:
    """Its author wants to mend it in one go."""
    rows = [item(0, "a"), item(2, "b"), item(2, "a"), item(3, "Ärger")]
    with pytest.raises(InvalidDocument) as caught:
        Bank.of(rows, b"short")
    text = str(caught.value)
    assert "line 2: item 1 says position 2" in text
    assert "line 3: category 'a' starts again at item 2" in text
    assert "line 4: 'Ärger' is not a category name" in text
    assert "the key has 5 bytes, not 32" in text


def test_an_empty_bank_is_refused() -> None:
    """Nothing can be shown on no items."""
    with pytest.raises(InvalidDocument, match="1 to"):
        Bank.of([], bytes(32))


def test_a_prompt_that_cannot_be_signed_is_refused() -> None:
    """Floats have more than one spelling, so they have no leaf."""
    with pytest.raises(InvalidDocument):
        Bank.of([replace(item(0), prompt=0.5)], bytes(32))  # type: ignore[arg-type]  # the point


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("shelter", True),
        ("road-safety.v2", True),
        ("Shelter", False),
        ("", False),
        ("a b", False),
        ("-a", False),
        ("a" * 65, False),
    ],
)
def test_category_names_have_one_spelling(name: str, allowed: bool) -> None:  # noqa: FBT001 - a table
    """They are keys of signed objects."""
    assert is_category_name(name) is allowed


def test_an_opening_survives_its_json_form(bank: Bank) -> None:
    """Openings travel in the evidence bundle."""
    opening = bank.open(11)
    fields = Fields(opening.to_json(), faults=[])
    assert opening_from(fields) == opening
    fields.finish("not an opening", code="evidence.test")


def test_a_broken_opening_names_each_field() -> None:
    """A hand-made bundle should be mended in one go."""
    fields = Fields(
        {"item": {"positon": 1, "category": 2}, "salt": "x", "path": ["y"]}, faults=[]
    )
    opening_from(fields)
    messages = [str(fault) for fault in fields.faults]
    assert "item.position is missing; did you mean it by 'positon'?" in messages
    assert "item.category is not a text" in messages
    assert any(message.startswith("salt is wrong") for message in messages)
    assert any(message.startswith("path is wrong") for message in messages)
