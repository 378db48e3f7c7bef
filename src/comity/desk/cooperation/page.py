# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The board of cooperation as pages and programs see it, with who fits whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.desk.cooperation.cooperating import board_in, board_of, joined, who_are
from comity.desk.cooperation.pairing import Asked, match_sheet
from comity.desk.cooperation.sheet import Board, MatchSheet
from comity.desk.register.kept import Kept
from comity.desk.register.published import public_shelf, published
from comity.desk.register.register import Register
from comity.desk.register.sheet import NodeSheet
from comity.files.cooperation import shipped_records

MOST_PAIRS = 2_500
"""Offers times needs; beyond it a page pairs nobody, and names the command that does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooperation:
    """A board with its matches.

    Args:
        matched: None where there are more pairs to weigh than a page is worth.
    """

    board: Board
    matched: MatchSheet | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CooperationSheet:
    """The same, as programs take it.

    Args:
        board: As `comity cooperate list --json` writes it.
        matched: As `comity cooperate match --json` writes it; None where it takes too long.
    """

    node: NodeSheet
    board: Mapping[str, Any]
    matched: Mapping[str, Any] | None


_boards: Kept[Cooperation] = Kept(most=2)


def cooperation_of(register: Register) -> Cooperation:
    """Return what the logs and the records that come with Comity offer, need and do."""
    key = (register.state, register.view.as_of.date())
    return _boards.find(key, lambda: _cooperation(register))


def cooperation_sheet(register: Register) -> CooperationSheet:
    """Return the board and its matches as programs take them."""
    found = cooperation_of(register)
    return CooperationSheet(
        node=register.node(),
        board=found.board.to_json(),
        matched=None if found.matched is None else found.matched.to_json(),
    )


def _cooperation(register: Register) -> Cooperation:
    shelf = public_shelf(register)
    members = who_are(published(register).members(), is_public=True)
    board = joined((board_of(shelf, members), board_in(shipped_records(), "record")))
    matched = None
    if len(board.offers) * len(board.needs) <= MOST_PAIRS:
        asked = Asked(on=register.view.as_of.date(), records=True)
        matched = match_sheet(asked, shelf, members)
    return Cooperation(board=board, matched=matched)
