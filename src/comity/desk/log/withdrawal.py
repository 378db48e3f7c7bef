# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What was taken back, by whoever said it."""

from collections.abc import Iterable, Iterator

from comity.desk.log.shelf import Said, Shelf, place_of, read_or_none
from comity.evidence.afterwards import withdrawal_from_predicate


def find_withdrawal(shelf: Shelf, said: Said) -> Said | None:
    """Return the statement by which its issuer withdrew it, or None."""
    for one in shelf.of_kind("withdrawal", about=said.reference.sha256):
        if one.member == said.member:
            content = read_or_none(withdrawal_from_predicate, one)
            if content is not None and content.of == said.reference:
                return one
    return None


def fallen(shelf: Shelf, every: Iterable[Said]) -> Iterator[str]:
    """Say of statements which are withdrawn, by whose words."""
    for said in every:
        found = find_withdrawal(shelf, said)
        if found is not None:
            content = withdrawal_from_predicate(found.statement.predicate)
            what = said.statement.kind
            yield f"the {what} at {place_of(said.reference)} was withdrawn: {content.reason}"
