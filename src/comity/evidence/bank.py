# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bank of questions: committed whole under one root, opened one item at a time.

Each leaf binds position, category, prompt, reference answer and scorer, and is salted, so
that the root hides what is not opened and fixes what is. Positions of one category stand
together, which lets counts by category describe the whole layout.

Source:
    docs/spec/evidence.md, "The bank"; RFC 9162 section 2.1 for the tree.
"""

import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from comity.errors import Fault, InvalidDocument, NotFound, VerificationFailed
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.merkle import Tree, leaf_hash, verify_inclusion

ITEM_TAG = b"comity/bank-item/v1\n"
SALT_TAG = b"comity/bank-salt/v1\n"
KEY_BYTES = 32
SALT_BYTES = 32
MAX_ITEMS = 10_000_000
UNREVIEWED = "unreviewed"
REVIEWS = frozenset({"", UNREVIEWED})
"""What an item may say of who has read it; "" says nothing."""

_CATEGORY = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question with what a right answer is held against.

    Args:
        position: 0-based place in the bank.
        category: Lower-case name such as "shelter".
        prompt: What is sent to the system.
        reference: What the scorer compares with.
        scorer: Id of the scorer, such as "keeps-numbers/1".
        review: "unreviewed" where no reader of its language has read it, else "".
    """

    position: int
    category: str
    prompt: Json
    reference: Json
    scorer: str
    review: str = ""

    def to_json(self) -> dict[str, Json]:
        """Write the item as a JSON object."""
        mark: dict[str, Json] = {"review": self.review} if self.review else {}
        return {
            **mark,
            "position": self.position,
            "category": self.category,
            "prompt": self.prompt,
            "reference": self.reference,
            "scorer": self.scorer,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category and how many items it has."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What is published of a bank: its root, and its categories in order of position."""

    root: Digest
    categories: tuple[Category, ...]

    @property
    def size(self) -> int:
        """Count the items."""
        return sum(category.count for category in self.categories)

    def positions(self, name: str) -> range:
        """Return the positions of one category.

        Raises:
            NotFound: The bank has no such category.
        """
        start = 0
        for category in self.categories:
            if category.name == name:
                return range(start, start + category.count)
            start += category.count
        raise NotFound(f"the bank has no category {name!r}", code="evidence.category")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One item with its salt and the path that proves it was committed."""

    item: Item
    salt: bytes
    path: tuple[Digest, ...]

    def to_json(self) -> dict[str, Json]:
        """Write the opening as a JSON object."""
        path = [digest.hex() for digest in self.path]
        return {"item": self.item.to_json(), "salt": self.salt.hex(), "path": path}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A whole bank in its keeper's hands; the key derives every salt and stays secret."""

    items: tuple[Item, ...]
    commitment: Commitment
    key: bytes
    tree: Tree

    @staticmethod
    def of(items: Iterable[Item], key: bytes) -> "Bank":
        """Commit to items under a secret key of 32 random bytes.

        Raises:
            InvalidDocument: Positions do not count from 0, a category's items do not
                stand together, or a name or value is outside the rules.
        """
        rows = tuple(items)
        faults = list(_faults(rows))
        if len(key) != KEY_BYTES:
            faults.append(Fault(message=f"the key has {len(key)} bytes, not {KEY_BYTES}"))
        if faults:
            raise InvalidDocument("not a bank", code="evidence.bank", faults=faults)
        tree = Tree.of(leaf_of(item, salt_of(key, item.position)) for item in rows)
        groups = groupby(rows, key=lambda item: item.category)
        counts = tuple(Category(name=name, count=len(list(group))) for name, group in groups)
        commitment = Commitment(root=tree.root, categories=counts)
        return Bank(items=rows, commitment=commitment, key=key, tree=tree)

    def open(self, position: int) -> Opening:
        """Open one item.

        Raises:
            NotFound: No item stands at that position.
        """
        path = self.tree.inclusion(position)
        salt = salt_of(self.key, position)
        return Opening(item=self.items[position], salt=salt, path=path)


def salt_of(key: bytes, position: int) -> bytes:
    """Derive the salt of one position from the bank's key."""
    return hmac.digest(key, SALT_TAG + position.to_bytes(8, "big"), "sha256")


def leaf_of(item: Item, salt: bytes) -> Digest:
    """Hash one item with its salt as a leaf of the bank's tree."""
    return leaf_hash(ITEM_TAG + to_canonical(item.to_json()) + salt)


def verify_opening(commitment: Commitment, opening: Opening, *, place: str = "item") -> None:
    """Check that the opened item stands in the committed bank, at its place.

    Raises:
        VerificationFailed: With *place* and the part that disagrees.
    """
    item = opening.item
    if len(opening.salt) != SALT_BYTES:
        raise _refused(f"{place}.salt", f"the salt has {len(opening.salt)} bytes")
    if not 0 <= item.position < commitment.size:
        raise _refused(f"{place}.position", f"the bank has no position {item.position}")
    if item.position not in _positions(commitment, item.category):
        message = f"position {item.position} is not of category {item.category!r}"
        raise _refused(f"{place}.category", message)
    try:
        verify_inclusion(
            leaf_of(item, opening.salt),
            item.position,
            opening.path,
            size=commitment.size,
            root=commitment.root,
        )
    except VerificationFailed as error:
        message = f"this is not the committed item {item.position} ({error.message})"
        raise _refused(place, message) from None


def item_from(fields: Fields) -> Item:
    """Read an item from a JSON object, noting faults."""
    return Item(
        position=fields.integer("position"),
        category=fields.text("category"),
        prompt=fields.value("prompt"),
        reference=fields.value("reference"),
        scorer=fields.text("scorer"),
        review=fields.choice("review", REVIEWS) if fields.has("review") else "",
    )


def opening_from(fields: Fields) -> Opening:
    """Read an opening from a JSON object, noting faults."""
    item = item_from(fields.inner("item"))
    if not fields.faults and item.to_json() != fields.value("item"):
        fields.fault("item", "has a field that no item has, so its leaf would be another")
    salt = fields.digest("salt")
    return Opening(item=item, salt=salt, path=fields.digests("path"))


def commitment_from(root: Digest, rows: Iterable[Fields]) -> Commitment:
    """Read a commitment's categories, noting faults."""
    categories: list[Category] = []
    for row in rows:
        category = Category(name=row.text("name"), count=row.integer("count", low=1))
        if not is_category_name(category.name):
            row.fault("name", "is not a lower-case name such as 'road-safety'")
        if any(other.name == category.name for other in categories):
            row.fault("name", f"names {category.name!r} a second time")
        categories.append(category)
    return Commitment(root=root, categories=tuple(categories))


def is_category_name(name: str) -> bool:
    """Tell whether a category may be called so: lower-case words joined by . _ or -."""
    return len(name) <= 64 and _CATEGORY.fullmatch(name) is not None


def _positions(commitment: Commitment, category: str) -> Sequence[int]:
    try:
        return commitment.positions(category)
    except NotFound:
        return ()


def _faults(rows: Sequence[Item]) -> Iterable[Fault]:
    if not 0 < len(rows) <= MAX_ITEMS:
        yield Fault(message=f"a bank has 1 to {MAX_ITEMS} items, not {len(rows)}")
    done: set[str] = set()
    last = None
    for row, item in enumerate(rows):
        if item.position != row:
            yield Fault(message=f"item {row} says position {item.position}", line=row + 1)
        if not is_category_name(item.category):
            yield Fault(message=f"{item.category!r} is not a category name", line=row + 1)
        if item.category != last and item.category in done:
            message = f"category {item.category!r} starts again at item {row}"
            yield Fault(message=message, line=row + 1)
        done.add(item.category)
        last = item.category


def _refused(place: str, message: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="evidence.opening",
        hint="the tester asked something the bank did not commit to; do not rely on it",
        place=place,
    )
