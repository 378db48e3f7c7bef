# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node peers`: how the copy of each followed log stands."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comity.cli.node.follow import NO_PEER, to_size
from comity.cli.option import Json, minute_of, print_json
from comity.desk.log.following import Standing, standings
from comity.kernel.instant import to_rfc3339
from comity.node.clock import read_clock
from comity.node.logs.following import Following


def peers(folder: Path, *, as_json: Json = False) -> None:
    """Show how the copy of each peer's log stands: how much, how old, what is wrong.

    Needs no passphrase.

    Example: comity node peers kh

    Args:
        folder: The node's folder.
    """
    found = standings(folder, read_clock())
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    console = Console(highlight=False)
    if not found:
        console.print(NO_PEER, style="yellow")
        return
    table = Table("peer", "mode", "held", "cosigned", "read", "today", box=None)
    for one in found:
        table.add_row(
            escape(one.peer.name),
            one.peer.following.mode.value,
            _held(one),
            f"{one.cosigned} of {one.needed}" if one.size else "-",
            minute_of(one.stale_since),
            _today(one),
        )
    console.print(table)
    for one in found:
        _print_trouble(console, one)


def _print_trouble(console: Console, one: Standing) -> None:
    if one.forked is not None:
        said = f"{one.peer.name}: told two stories; what counts ends at {one.forked.shared}"
        console.print(said, markup=False, style="bold red", soft_wrap=True)
    if one.pause is not None:
        said = f"{one.peer.name}: paused at {to_rfc3339(one.pause.at)}: {one.pause.reason}"
        console.print(said, markup=False, style="yellow", soft_wrap=True)
    if one.setback is not None:
        since = "never read" if one.stale_since is None else "stale since"
        when = "" if one.stale_since is None else f" {to_rfc3339(one.stale_since)}"
        said = f"{one.peer.name}: {since}{when}: {one.setback.message}"
        console.print(said, markup=False, style="red", soft_wrap=True)


def _held(one: Standing) -> str:
    if one.is_whole:
        return f"all {one.size:,}"
    return f"{one.held:,} of {one.size:,}" if one.size else "nothing yet"


def _today(one: Standing) -> str:
    following: Following = one.peer.following
    limit = following.statements_a_day
    counted = f"{one.statements_today:,}" + ("" if limit is None else f" of {limit:,}")
    what = "statement" if counted == "1" else "statements"
    return f"{counted} {what}, {to_size(one.bytes_today)} of {to_size(following.bytes_a_day)}"


def _as_json(one: Standing) -> dict[str, object]:
    following = one.peer.following
    pause, setback = one.pause, one.setback
    return {
        "member": one.peer.member,
        "name": one.peer.name,
        "log": one.peer.log_key.name,
        "mode": following.mode.value,
        "select": [*following.kinds, *following.places],
        "mirrors": list(following.mirrors),
        "size": one.size,
        "held": one.held,
        "whole": one.is_whole,
        "cosigned": one.cosigned,
        "needed": one.needed,
        "quorum_met": one.is_counted,
        "read": None if one.stale_since is None else to_rfc3339(one.stale_since),
        "statements_today": one.statements_today,
        "statements_a_day": following.statements_a_day,
        "bytes_today": one.bytes_today,
        "bytes_a_day": following.bytes_a_day,
        "paused": None
        if pause is None
        else {"at": to_rfc3339(pause.at), "reason": pause.reason},
        "forked": None
        if one.forked is None
        else {
            "shared": one.forked.shared,
            "evidence": [digest.hex() for digest in one.forked.evidence],
        },
        "error": None
        if setback is None
        else {
            "at": to_rfc3339(setback.at),
            "code": setback.code,
            "message": setback.message,
        },
    }
