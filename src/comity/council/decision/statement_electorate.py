# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An electorate on the wire: members in one order, all else by their places in it."""

import re
from collections import Counter

from comity.council.decision.electorate import Electorate, overlaps
from comity.council.rule.floor import Weights
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId

_MEMBER = re.compile(r"[0-9a-f]{64}")
_STATE = re.compile(r"[A-Z]{3}")


def to_electorate_json(electorate: Electorate) -> dict[str, Json]:
    """Write an electorate; equal ones are written alike."""
    members = sorted(electorate.members)
    place = {member: position for position, member in enumerate(members)}
    written: dict[str, Json] = {
        "members": members,
        "groups": [
            {"name": name, "seats": sorted(place[member] for member in who)}
            for name, who in sorted(electorate.groups.items())
        ],
    }
    if electorate.states:
        written["states"] = [electorate.states.get(member, "") for member in members]
    if electorate.weights:
        written["weights"] = [
            {
                "name": name,
                "unit": one.unit,
                "source": one.source,
                "values": [one.values[member] for member in members],
            }
            for name, one in sorted(electorate.weights.items())
        ]
    return written


def read_electorate(fields: Fields) -> Electorate:
    """Read an electorate within a larger document, noting its faults there."""
    members = tuple(MemberId(text) for text in fields.texts("members"))
    for member, times in sorted(Counter(members).items()):
        if times > 1:
            fields.fault("members", f"names {member[:16]} {times} times")
    for odd in sorted({member for member in members if not _MEMBER.fullmatch(member)}):
        fields.fault("members", f"{odd[:16]!r} is no member's id: 64 of 0-9 and a-f")
    groups = _groups(fields, members)
    for one, other in overlaps(groups):
        fields.fault("groups", f"{one!r} and {other!r} share members; those of a family do not")
    return Electorate(
        members=frozenset(members),
        groups=groups,
        states=_states(fields, members),
        weights=_weights(fields, members),
    )


def _groups(fields: Fields, members: tuple[MemberId, ...]) -> dict[str, frozenset[MemberId]]:
    groups: dict[str, frozenset[MemberId]] = {}
    for row in fields.rows("groups"):
        name = row.text("name")
        if name in groups:
            row.fault("name", f"{name!r} stands twice")
        groups[name] = _group(row, members)
    return groups


def _group(row: Fields, members: tuple[MemberId, ...]) -> frozenset[MemberId]:
    if not row.has("seats"):
        found = frozenset(MemberId(text) for text in row.texts("members"))
        for member in sorted(found - set(members)):
            row.fault("members", f"names {member[:16]}, who is not a member")
        return found
    if row.has("members"):
        row.fault("seats", "stand beside members; a group has one of them")
    places = row.integers("seats")
    beyond = [place for place in places if place >= len(members)]
    if beyond:
        row.fault("seats", f"name place {beyond[0]} of {len(members)}, counted from 0")
    return frozenset(members[place] for place in places if place < len(members))


def _states(fields: Fields, members: tuple[MemberId, ...]) -> dict[MemberId, str]:
    if not fields.has("states"):
        fields.optional("states", fields.value)
        return {}
    said = fields.value("states")
    if not isinstance(said, list | tuple) or len(said) != len(members):
        fields.fault("states", "are not one for each member, in their order")
        return {}
    found: dict[MemberId, str] = {}
    for position, (member, state) in enumerate(zip(members, said, strict=True)):
        if isinstance(state, str) and _STATE.fullmatch(state):
            found[member] = state
        elif state != "":
            fields.fault(f"states[{position}]", "is no ISO 3166-1 alpha-3 code, nor empty")
    return found


def _weights(fields: Fields, members: tuple[MemberId, ...]) -> dict[str, Weights]:
    rows = fields.optional("weights", fields.rows) or ()
    found: dict[str, Weights] = {}
    for row in rows:
        name, values = row.text("name"), row.integers("values")
        if name in found:
            row.fault("name", f"{name!r} stands twice")
        if len(values) != len(members):
            row.fault("values", f"are {len(values)} for {len(members)} members")
        found[name] = Weights(
            name=name,
            unit=row.text("unit"),
            source=row.text("source"),
            values=dict(zip(map(str, members), values, strict=False)),
        )
    return found
