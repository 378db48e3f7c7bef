# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Changes for a system on disk: what became of its duties, why, and who sees to each."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from comity.desk.law.duties import Inquiry, duties_of, library_for, load_profile
from comity.errors import InvalidDocument
from comity.files.answer import read_sayings
from comity.files.status import Keeping, read_status, status_path
from comity.files.text import read_text
from comity.kernel.canonical import Json
from comity.law.determine import Determination, Ruling
from comity.law.measure.difference import Cause, Causes, Difference, differences
from comity.law.pack import Library
from comity.law.profile import Change, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Two days held against each other.

    Args:
        answers: A file of answers that hold from the later day on.
        packs_known: Whether the packs count as they are held, on both days.
    """

    since: dt.date
    on: dt.date
    answers: Path | None = None
    packs_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A difference and what is kept about the duty.

    Args:
        keeping: None where the status file holds nothing about it, or there is none.
    """

    difference: Difference
    keeping: Keeping | None = None

    def to_json(self) -> Json:
        """Write it as plain JSON values."""
        kept = self.keeping
        plain = self.difference.to_json()
        assert isinstance(plain, dict)  # noqa: S101 - as it was written
        return {
            **plain,
            "state": None if kept is None else kept.state.value,
            "owner": None if kept is None or not kept.owner else kept.owner,
            "deadline": None if kept is None or kept.deadline is None
            else kept.deadline.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What became of the duties of a system between two days."""

    span: Span
    before: Determination
    after: Determination
    kept: tuple[Kept, ...]

    def to_json(self) -> Json:
        """Write the changes as plain JSON values."""
        return {
            "system": self.after.profile.system,
            "since": self.span.since.isoformat(),
            "on": self.span.on.isoformat(),
            "markets": list(self.after.markets),
            "libraries": [each.library.digest.hex() for each in (self.before, self.after)],
            "changes": [each.to_json() for each in self.kept],
        }


def changes_of(
    path: Path, inquiry: Inquiry, span: Span, progress: Callable[[int, int], None]
) -> Changes:
    """Say what became of a system's duties between two days, and by which cause.

    Args:
        progress: Told how many of the determinations are made.

    Raises:
        NotFound: No such profile, file of answers or folder.
        InvalidDocument: A fault in any of them, an unknown market, or days in the wrong
            order.
    """
    if span.since >= span.on:
        raise InvalidDocument(
            f"{span.since} is not before {span.on}", code="desk.span",
            hint="--since DAY, earlier than --on; or --ahead DAYS",
        )  # fmt: skip
    desk = _Desk(path, inquiry, span, progress)
    found = differences(desk.asked)
    held = status_path(path)
    keepings = {each.key: each for each in (read_status(held) if held.exists() else ())}
    return Changes(
        span=span,
        before=desk.asked(frozenset()),
        after=desk.asked(frozenset(Cause)),
        kept=tuple(
            Kept(difference=each, keeping=keepings.get(_key(each.ruling))) for each in found
        ),
    )


class _Desk:
    def __init__(
        self, path: Path, inquiry: Inquiry, span: Span, progress: Callable[[int, int], None]
    ) -> None:
        self.inquiry, self.span, self.progress = inquiry, span, progress
        self.known: dict[Causes, Determination] = {}
        later = replace(inquiry, known_on=self._known_on(moved=True))
        library = library_for(later)
        self.profile = load_profile(path, library)
        self.later = self._later(library)

    def asked(self, causes: Causes) -> Determination:
        """Return the determination in which these dates are moved."""
        if causes not in self.known:
            self.progress(len(self.known), 2 ** len(Cause))
            self.known[causes] = self._asked(causes)
        return self.known[causes]

    def _asked(self, causes: Causes) -> Determination:
        since, on = self.span.since, self.span.on
        inquiry = replace(
            self.inquiry,
            on=on if Cause.LAW in causes else since,
            facts_on=on if Cause.FACTS in causes else since,
            known_on=self._known_on(moved=Cause.PACKS in causes),
        )
        return duties_of(self.later if Cause.FACTS in causes else self.profile, inquiry)

    def _known_on(self, *, moved: bool) -> dt.date | None:
        if self.span.packs_known:
            return self.inquiry.known_on
        return self.span.on if moved else self.span.since

    def _later(self, library: Library) -> Profile:
        """Return the profile with the answers that hold from the later day on."""
        file = self.span.answers
        if file is None:
            return self.profile
        said = read_sayings(read_text(file, "answers"), library, source=str(file))
        change = Change(on=self.span.on, answers=said.answers, in_market=said.in_market)
        changes = sorted((*self.profile.changes, change), key=lambda each: each.on)
        return replace(self.profile, changes=tuple(changes))


def _key(ruling: Ruling) -> tuple[str, str, str]:
    role = "" if ruling.role is None else ruling.role.value
    return ruling.norm.name, ruling.market, role
