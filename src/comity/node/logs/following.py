# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How one peer is followed: how much of its log is kept, how fast, and from where else."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from comity.kernel.canonical import MAX_INTEGER
from comity.kernel.fields import Fields

DEFAULT_BYTES_A_DAY = 4 * 2**30
ALWAYS_KEPT = ("keyset", "compromise")
"""Kinds a selection holds unasked: they say whose keys count."""


class Mode(Enum):
    """How much of a log is kept."""

    FULL = "full"
    HASHES = "hashes"
    SELECTED = "selected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """An operator's settings for following one peer.

    Args:
        kinds: Statements kept in the selected mode, by short kind or URI.
        places: Entries kept in the selected mode, by index.
        statements_a_day: Entries taken in within 24 hours; None sets no limit.
        bytes_a_day: Bytes fetched within 24 hours.
        mirrors: Further addresses or folders with the same log; never from a statement.
    """

    mode: Mode = Mode.FULL
    kinds: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    statements_a_day: int | None = None
    bytes_a_day: int = DEFAULT_BYTES_A_DAY
    mirrors: tuple[str, ...] = ()


DEFAULT = Following()


def from_fields(row: Fields) -> Following:
    """Read the settings from a peer's block of node.toml, noting every fault."""
    mode = row.choice("mode", [one.value for one in Mode]) if row.has("mode") else ""
    kinds, places = _select(row)
    found = Following(
        mode=Mode(mode) if mode in {one.value for one in Mode} else Mode.FULL,
        kinds=kinds,
        places=places,
        statements_a_day=_limit(row, "statements_a_day"),
        bytes_a_day=_limit(row, "bytes_a_day") or DEFAULT_BYTES_A_DAY,
        mirrors=row.texts("mirrors") if row.has("mirrors") else (),
    )
    is_selected, has_selection = found.mode is Mode.SELECTED, bool(kinds or places)
    if is_selected and not has_selection and not row.has("select"):
        row.fault("select", 'must say what to keep, such as ["finding", 12]')
    if has_selection and not is_selected:
        row.fault("select", 'needs mode = "selected"')
    return found


def to_lines(following: Following) -> list[str]:
    """Write the settings that differ from the usual as lines of node.toml."""
    lines: list[str] = []
    if following.mode is not Mode.FULL:
        lines.append(f'mode = "{following.mode.value}"')
    if following.kinds or following.places:
        lines.append(f"select = {_written([*following.kinds, *following.places])}")
    if following.statements_a_day is not None:
        lines.append(f"statements_a_day = {following.statements_a_day}")
    if following.bytes_a_day != DEFAULT_BYTES_A_DAY:
        lines.append(f"bytes_a_day = {following.bytes_a_day}")
    if following.mirrors:
        lines.append(f"mirrors = {_written(following.mirrors)}")
    return lines


def _select(row: Fields) -> tuple[tuple[str, ...], tuple[int, ...]]:
    if not row.has("select"):
        return (), ()
    value = row.value("select")
    parts = value if isinstance(value, list) else [None]
    kinds = tuple(one for one in parts if isinstance(one, str) and one)
    places = tuple(one for one in parts if type(one) is int and 0 <= one <= MAX_INTEGER)
    if len(kinds) + len(places) < len(parts) or not parts:
        row.fault("select", 'lists kinds and indexes, such as ["finding", 12]')
    return kinds, places


def _limit(row: Fields, name: str) -> int | None:
    return row.integer(name, low=1) if row.has(name) else None


def _written(values: Sequence[str | int]) -> str:
    return json.dumps(values, ensure_ascii=False)
