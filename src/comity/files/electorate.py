# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who may vote, as TOML: members by the names a node gives them, their groups and weights."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from comity.council.body.body import Body
from comity.council.decision.electorate import Electorate, overlaps
from comity.council.rule.floor import Weights
from comity.errors import ComityError
from comity.files.body import get_body
from comity.files.materials.country import no_state
from comity.files.table import Table, open_table, settle
from comity.kernel.ids import MemberId
from comity.law.cursor import near_miss
from comity.law.market import STATES

LEAST_DIGITS = 16
MAX_NAMED = 12
"""Members listed where a name is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    member: MemberId
    state: str
    groups: tuple[str, ...]
    weights: Mapping[str, int]
    table: Table = field(repr=False)


def read_electorate(path: Path, known: Mapping[str, MemberId]) -> Electorate:
    """Read an electorate.

    Args:
        known: Ids by what the node calls them; an id, or its first 16 digits, does too.

    Raises:
        NotFound: No such file (code `files.no_electorate`).
        InvalidDocument: Any fault in it; all are listed with their places
            (`files.electorate`).
    """
    table = open_table(path, "electorate")
    body = _body(table)
    rows = tuple(_row(row, known) for row in table.tables("members"))
    if not rows:
        table.fault("members", "nobody may vote; write each member as [[members]]")
    _check_twice(rows)
    units = _units(table)
    electorate = Electorate(
        members=frozenset(row.member for row in rows),
        groups=_groups(rows, body),
        states={row.member: row.state for row in rows if row.state},
        weights={**_of_body(rows, body), **_weights(rows, units)},
    )
    for one, other in overlaps(electorate.groups):
        table.fault("members", f"{one!r} and {other!r} share members; those of a family do not")
    table.finish()
    settle(table, "electorate")
    return electorate


def find_member(name: str, known: Mapping[str, MemberId]) -> MemberId | None:
    """Return the member a name, an id or its first digits mean, or None."""
    if name in known:
        return known[name]
    digits = name.lower()
    found = {one for one in known.values() if one.startswith(digits)}
    return found.pop() if len(found) == 1 and len(digits) >= LEAST_DIGITS else None


def _body(table: Table) -> Body | None:
    name = table.text("body", default="")
    if not name:
        return None
    try:
        return get_body(name)
    except ComityError as error:
        table.fault("body", f"{error.message}; {error.hint}" if error.hint else error.message)
        return None


def _row(table: Table, known: Mapping[str, MemberId]) -> _Row:
    name, state = table.text("member"), table.text("state", default="")
    member = find_member(name, known)
    if member is None and name:
        near = near_miss(name, known)
        message = f"no followed member is called {name[:80]!r}"
        called = ", ".join(sorted(known)[:MAX_NAMED])
        table.fault("member", message if near else f"{message}; there are {called}", near)
    if state and state not in STATES:
        table.fault("state", *no_state(state, "ISO 3166-1 alpha-3 code"))
    row = _Row(
        member=member or MemberId(name),
        state=state,
        groups=table.texts("groups"),
        weights=table.wholes("weights"),
        table=table,
    )
    table.finish()
    return row


def _check_twice(rows: Iterable[_Row]) -> None:
    seen: set[MemberId] = set()
    for row in rows:
        if row.member in seen:
            row.table.fault("member", "stands twice")
        seen.add(row.member)


def _units(table: Table) -> Mapping[str, Weights]:
    section = table.inner("weights")
    if section is None:
        return {}
    found = {}
    for name, inner in section.inners():
        found[name] = Weights(
            name=name, unit=inner.text("unit"), source=inner.text("source"), values={}
        )
        inner.finish()
    return found


def _groups(rows: Collection[_Row], body: Body | None) -> Mapping[str, frozenset[MemberId]]:
    groups: dict[str, set[MemberId]] = {}
    for row in rows:
        for name in row.groups:
            groups.setdefault(name, set()).add(row.member)
        for name, seats in ({} if body is None else body.groups).items():
            if row.state in seats:
                groups.setdefault(name, set()).add(row.member)
    return {name: frozenset(who) for name, who in sorted(groups.items())}


def _of_body(rows: Collection[_Row], body: Body | None) -> Mapping[str, Weights]:
    """Take a body's weights by state, where it has one for every member."""
    found = {}
    for name, weights in ({} if body is None else body.weights).items():
        if all(row.state in weights.values for row in rows):
            values = {str(row.member): weights.values[row.state] for row in rows}
            found[name] = replace(weights, values=values)
    return found


def _weights(rows: Collection[_Row], units: Mapping[str, Weights]) -> Mapping[str, Weights]:
    values: dict[str, dict[str, int]] = {name: {} for name in units}
    for row in rows:
        for name, value in row.weights.items():
            if name not in units:
                near = near_miss(name, units)
                row.table.fault("weights", f"no [weights.{name}] says their unit", near)
            else:
                values[name][str(row.member)] = value
        for name in units:
            if name not in row.weights:
                row.table.fault("weights", f"no {name} is given")
    return {name: replace(one, values=values[name]) for name, one in units.items()}
