# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Verified statements wherever they are kept: a node's view, or one file read offline."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from comity.errors import NotFound, VerificationFailed
from comity.kernel.digest import Digest, from_hex
from comity.kernel.ids import MemberId
from comity.kernel.reference import Reference
from comity.ledger.statement import Statement
from comity.node.view import Entry, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One statement, signature and place in its log already verified.

    Args:
        member: Whose log it stands in.
        is_counted: Its checkpoint met the reader's quorum of cosignatures.
    """

    reference: Reference
    member: MemberId
    statement: Statement
    is_counted: bool

    @property
    def subject(self) -> Digest:
        """Return the SHA-256 of what the statement is about.

        Raises:
            VerificationFailed: It names no subject.
        """
        for subject in self.statement.subjects:
            if "sha256" in subject.digest:
                return from_hex(subject.digest["sha256"])
        raise VerificationFailed(
            f"the {self.statement.kind} statement names no subject",
            code="desk.subject",
            place=place_of(self.reference),
        )


class Shelf(Protocol):
    """Where statements are looked up."""

    def find(self, reference: Reference) -> Said | None:
        """Return the statement a reference names, or None where it is not here."""
        ...

    def of_kind(self, kind: str) -> Iterable[Said]:
        """Yield the statements of one kind, log by log, in order of index."""
        ...


def get(shelf: Shelf, reference: Reference, kind: str) -> Said:
    """Return the statement of that kind a reference names.

    Raises:
        NotFound: It is not here.
        VerificationFailed: It is of another kind.
    """
    said = shelf.find(reference)
    if said is None:
        raise NotFound(
            f"the {kind} at {place_of(reference)} is not among the verified statements",
            code="desk.statement",
            hint="follow the log it stands in, then run this again",
        )
    if said.statement.kind != kind:
        raise VerificationFailed(
            f"a {kind} was cited, and a {said.statement.kind} stands there",
            code="desk.kind",
            place=place_of(reference),
        )
    return said


def place_of(reference: Reference) -> str:
    """Say where a statement stands, for people."""
    return f"{reference.log} entry {reference.index}"


class ViewShelf:
    """The shelf of a node: its own statements and those of the logs it follows."""

    def __init__(self, view: View) -> None:
        self._view = view

    def find(self, reference: Reference) -> Said | None:
        """Return the statement a reference names, or None where it is not here."""
        entry = self._view.find(reference)
        return None if entry is None else _said(entry)

    def of_kind(self, kind: str) -> Iterable[Said]:
        """Yield the readable statements of one kind."""
        for entry in self._view.entries(kind):
            said = _said(entry)
            if said is not None:
                yield said


def _said(entry: Entry) -> Said | None:
    if entry.statement is None:
        return None
    return Said(
        reference=entry.reference,
        member=entry.member,
        statement=entry.statement,
        is_counted=entry.provenance.quorum_met,
    )
