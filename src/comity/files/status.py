# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The status of a system's duties on disk: who sees to each, by when, with what evidence.

`relief.status.toml` stands beside `relief.toml`; people write in it, Comity adds and counts.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from comity.files.table import Table, open_table, settle
from comity.law.norm import Role

SUFFIX = ".status.toml"

_HEAD = """\
# Who sees to each duty of this system, by when, and what shows that it is met.
# `comity status` adds the duties it finds and keeps what is written here.
# state: open, started, met, or not_ours (say why in the note).
"""


class State(Enum):
    """How far a duty is met, as its owner says."""

    OPEN = "open"
    STARTED = "started"
    MET = "met"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What is kept about one duty.

    Args:
        since: The day it was first found to bind, or to be coming.
        evidence: What shows that it is met: paths, addresses, statements.
    """

    norm: str
    market: str
    role: str
    state: State = State.OPEN
    owner: str = ""
    deadline: dt.date | None = None
    evidence: tuple[str, ...] = ()
    note: str = ""
    since: dt.date | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells one duty from another: norm, market, role."""
        return self.norm, self.market, self.role


def status_path(profile: Path) -> Path:
    """Return where the status of a profile's duties is kept: beside it."""
    return profile.with_name(profile.stem + SUFFIX)


def read_status(path: Path) -> tuple[Keeping, ...]:
    """Read a status file.

    Raises:
        NotFound: No such file.
        InvalidDocument: Any fault in it; all are listed with their places (`files.status`).
    """
    table = open_table(path, "status")
    found: list[Keeping] = []
    for row in table.tables("duty"):
        keeping = _keeping(row)
        if keeping.key in {each.key for each in found}:
            row.fault("norm", f"{keeping.norm} as {keeping.role} stands twice")
        found.append(keeping)
    table.finish()
    settle(table, "status")
    return tuple(found)


def _keeping(row: Table) -> Keeping:
    keeping = Keeping(
        norm=row.text("norm"),
        market=row.text("market"),
        role=row.word("role", [role.value for role in Role]),
        state=_state(row),
        owner=row.text("owner", default=""),
        deadline=row.date("deadline"),
        evidence=row.texts("evidence"),
        note=row.text("note", default=""),
        since=row.date("since"),
    )
    row.finish()
    if keeping.state is State.MET and not keeping.evidence:
        row.fault("state", 'what shows it? write evidence = ["report.pdf"]')
    if keeping.state is State.NOT_OURS and not keeping.note.strip():
        row.fault("state", "why not? say so in the note")
    return keeping


def _state(row: Table) -> State:
    states = {state.value: state for state in State}
    return states.get(row.word("state", states, default="open"), State.OPEN)


def status_text(keepings: Iterable[Keeping]) -> str:
    """Write a status file as TOML; reading it back gives the same."""
    return _HEAD + "".join(map(_table, keepings))


def _table(keeping: Keeping) -> str:
    fields = [
        f"norm = {_quoted(keeping.norm)}",
        f"market = {_quoted(keeping.market)}",
        f"role = {_quoted(keeping.role)}",
        f"state = {_quoted(keeping.state.value)}",
        f"owner = {_quoted(keeping.owner)}",
    ]
    if keeping.deadline is not None:
        fields.append(f"deadline = {keeping.deadline.isoformat()}")
    fields.append(f"evidence = [{', '.join(map(_quoted, keeping.evidence))}]")
    if keeping.note:
        fields.append(f"note = {_quoted(keeping.note)}")
    if keeping.since is not None:
        fields.append(f"since = {keeping.since.isoformat()}")
    return "\n[[duty]]\n" + "".join(f"{each}\n" for each in fields)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
