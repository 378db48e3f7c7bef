# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Items opened to somebody outside a test, such as an appeals body, and the statement of it.

The file holds each item with its salt and path, so that whoever gets it checks it against the
published root without the bank's key. The statement says to whom, how many, and the digest of
the file; which positions they are is for those who have the file.

Source:
    docs/spec/evidence.md, "Items opened outside a test".
"""

from dataclasses import dataclass, field

from comity.errors import Fault, InvalidDocument
from comity.evidence.bank import (
    Commitment,
    Opening,
    commitment_from,
    opening_from,
    verify_opening,
)
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.instant import Instant, to_rfc3339

FORM = "comity/openings/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """Items opened together, with the commitment they are checked against."""

    commitment: Commitment
    items: tuple[Opening, ...]

    @property
    def positions(self) -> tuple[int, ...]:
        """Return the positions opened."""
        return tuple(opening.item.position for opening in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningStatement:
    """What was opened to whom; the statement's subject is the bank's root.

    Args:
        issued: When, by the issuer's clock.
        to: Whom, in plain words.
        count: How many items.
        file: Digest of the file they stand in.
        reason: Why, in plain words.
        extra: Fields this version does not know.
    """

    issued: Instant
    to: str
    count: int
    file: Digest
    reason: str
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "to": self.to,
            "count": self.count,
            "file": self.file.hex(),
            "reason": self.reason,
        }


def encode_openings(openings: Openings) -> bytes:
    """Write openings as bytes; each salt keeps the digest of the file from being guessed."""
    commitment = openings.commitment
    return to_canonical(
        {
            "openings": FORM,
            "root": commitment.root.hex(),
            "categories": [
                {"name": one.name, "count": one.count} for one in commitment.categories
            ],
            "items": [opening.to_json() for opening in openings.items],
        }
    )


def decode_openings(encoded: bytes) -> Openings:
    """Read openings.

    Raises:
        InvalidDocument: With every fault.
    """
    fields = Fields(from_canonical(encoded), faults=[])
    fields.choice("openings", [FORM])
    commitment = commitment_from(fields.digest("root"), fields.rows("categories"))
    items = tuple(opening_from(row) for row in fields.rows("items"))
    fields.finish("not openings", code="evidence.openings")
    return Openings(commitment=commitment, items=items)


def verify_openings(openings: Openings, root: Digest) -> None:
    """Check every item against a published root; no key is needed.

    Raises:
        VerificationFailed: With the place of the first that disagrees, or that the file is
            for another bank.
    """
    commitment = Commitment(root=root, categories=openings.commitment.categories)
    for row, opening in enumerate(openings.items):
        verify_opening(commitment, opening, place=f"items[{row}]")


def digest_of(encoded: bytes) -> Digest:
    """Return the digest a statement names a file of openings by."""
    return sha256(encoded)


def positions_from(text: str, size: int) -> tuple[int, ...]:
    """Read positions such as "3,5,9-12", in rising order, each once.

    Raises:
        InvalidDocument: With every part that names none of the bank's positions.
    """
    found: set[int] = set()
    faults: list[Fault] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        ends = (first, last or first)
        if not all(end.isascii() and end.isdigit() and len(end) < 12 for end in ends):
            faults.append(
                Fault(message=f"{part.strip()[:40]!r} is no position such as 3 or 9-12")
            )
            continue
        low, high = int(ends[0]), int(ends[1])
        if low > high or high >= size:
            faults.append(
                Fault(message=f"{part.strip()} is not among the positions 0 to {size - 1}")
            )
            continue
        found.update(range(low, high + 1))
    if faults:
        raise InvalidDocument("not positions", code="evidence.positions", faults=faults)
    return tuple(sorted(found))


def opening_statement_from_predicate(predicate: Json) -> OpeningStatement:
    """Read an opening's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    statement = OpeningStatement(
        issued=fields.instant("issued"),
        to=fields.text("to"),
        count=fields.integer("count", low=1),
        file=fields.digest("file"),
        reason=fields.text("reason", empty=True),
        extra=fields.rest(),
    )
    fields.finish("not an opening", code="evidence.statement")
    return statement
