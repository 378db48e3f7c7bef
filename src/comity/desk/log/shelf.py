# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Verified statements wherever they are kept: a node's view, or one file read offline."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from comity.errors import InvalidDocument, NotFound, VerificationFailed
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, from_hex
from comity.kernel.ids import MemberId
from comity.kernel.reference import Reference
from comity.ledger.statement import Statement
from comity.node.views.view import Entry, MemberLog

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One statement, signature and place in its log already verified.

    Args:
        member: Whose log it stands in.
        is_counted: Its checkpoint met the reader's quorum of cosignatures.
        doubt: Why it cannot count whoever cosigned, as a plain sentence; "" where it can.
    """

    reference: Reference
    member: MemberId
    statement: Statement
    is_counted: bool
    doubt: str = ""

    @property
    def subject(self) -> Digest:
        """Return the SHA-256 of what the statement is about.

        Raises:
            VerificationFailed: It names none.
        """
        subject = self.find_subject()
        if subject is None:
            raise VerificationFailed(
                f"the {self.statement.kind} statement names no subject",
                code="desk.subject",
                place=place_of(self.reference),
            )
        return subject

    def find_subject(self) -> Digest | None:
        """Return the SHA-256 of what the statement is about, or None where it names none."""
        for subject in self.statement.subjects:
            if "sha256" in subject.digest:
                try:
                    return from_hex(subject.digest["sha256"])
                except InvalidDocument:
                    return None
        return None


class Shelf(Protocol):
    """Where statements are looked up."""

    def find(self, reference: Reference) -> Said | None:
        """Return the statement a reference names, or None where it is not here.

        Raises:
            VerificationFailed: Another entry stands there than the one cited.
        """
        ...

    def of_kind(self, kind: str, *, about: Digest | None = None) -> Iterable[Said]:
        """Yield the statements of one kind, log by log, in order of index.

        Args:
            about: Only those whose subject has this digest.
        """
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


def find_cited(shelf: Shelf, reference: Reference, kind: str) -> Said | None:
    """Return what a statement nobody vouched for cites, or None where it cites wrongly."""
    try:
        said = shelf.find(reference)
    except VerificationFailed:
        return None
    return said if said is not None and said.statement.kind == kind else None


def read_or_none(read: Callable[[Json], T], said: Said) -> T | None:
    """Read a statement nobody vouched for; a malformed one is no statement of its kind."""
    try:
        return read(dict(said.statement.predicate))
    except InvalidDocument:
        return None


def first_of_each(every: Iterable[Said]) -> Iterator[Said]:
    """Leave out what a log only repeats: a replayed statement says nothing a second time."""
    seen: set[tuple[str, Digest]] = set()
    for said in every:
        name = (said.reference.log, said.reference.sha256)
        if name not in seen:
            seen.add(name)
            yield said


def place_of(reference: Reference) -> str:
    """Say where a statement stands, for people."""
    return f"{reference.log} entry {reference.index}"


class MemoryShelf:
    """A shelf over statements already verified, in memory."""

    def __init__(self, said: Iterable[Said]) -> None:
        self._said = tuple(said)
        self._at = {(one.reference.log, one.reference.index): one for one in self._said}

    def find(self, reference: Reference) -> Said | None:
        """Return the statement a reference names, or None where it is not here."""
        said = self._at.get((reference.log, reference.index))
        if said is not None and said.reference != reference:
            raise VerificationFailed(
                "another entry stands there than the one cited",
                code="desk.reference",
                place=place_of(reference),
            )
        return said

    def of_kind(self, kind: str, *, about: Digest | None = None) -> Iterable[Said]:
        """Yield the statements of one kind, log by log, in order of index."""
        every = (said for said in self._said if said.statement.kind == kind)
        return first_of_each(_about(about, every))


class Logs(Protocol):
    """Verified logs, as a node's view shows them."""

    def members(self) -> Sequence[MemberLog]:
        """Return each member with its log."""
        ...

    def entries(
        self, predicate_type: str | None = None, *, subject: Digest | None = None
    ) -> Iterable[Entry]:
        """Yield the entries of one kind, about one thing, log by log, each in its order."""
        ...

    def find(self, reference: Reference) -> Entry | None:
        """Return the entry a reference names, or None where it is not held."""
        ...


class ViewShelf:
    """The shelf of a node: its own statements and those of the logs it follows."""

    def __init__(self, view: Logs) -> None:
        self._view = view

    def find(self, reference: Reference) -> Said | None:
        """Return the statement a reference names, or None where it is not here."""
        entry = self._view.find(reference)
        return None if entry is None else _said(entry)

    def of_kind(self, kind: str, *, about: Digest | None = None) -> Iterable[Said]:
        """Yield the readable statements of one kind."""
        found = self._view.entries(kind, subject=about)
        return first_of_each(_about(about, filter(None, map(_said, found))))


def _about(subject: Digest | None, every: Iterable[Said]) -> Iterator[Said]:
    """Leave out what is about something else, of several subjects by its first."""
    return (said for said in every if subject in (None, said.find_subject()))


def _said(entry: Entry) -> Said | None:
    if entry.statement is None:
        return None
    return Said(
        reference=entry.reference,
        member=entry.member,
        statement=entry.statement,
        is_counted=entry.provenance.quorum_met,
        doubt=_doubt(entry),
    )


def _doubt(entry: Entry) -> str:
    first = entry.provenance.forked_from
    if first is None:
        return ""
    return (
        f"the log {entry.reference.log} told two stories, and nothing from entry {first} on is "
        "shown to stand in both"
    )
