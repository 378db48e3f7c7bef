# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Leverage as pages and programs see it: over what is stated of anybody, within a bound."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from comity.council.body.body import Body
from comity.desk.exposure.leverage import Between, LeverageSheet, leverage_sheet
from comity.desk.exposure.page import grounds_on
from comity.desk.register.kept import Kept
from comity.desk.register.register import Register
from comity.desk.register.sheet import NodeSheet
from comity.desk.supply.grounds import check_state
from comity.errors import Fault, InvalidDocument
from comity.files.body import shipped_bodies
from comity.law.cursor import near_miss

MOST_MEMBERS = 60
"""Of a bloc that a page looks at; the command line takes any body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverageAnswer:
    """A state and its partners.

    Args:
        leverage: As `comity exposure leverage --json` writes it.
        blocs: Names of the bodies to which the state belongs; each can be asked for.
    """

    node: NodeSheet
    leverage: Mapping[str, Any]
    blocs: tuple[str, ...]


_sheets: Kept[LeverageSheet] = Kept()


def leverage_of(register: Register, state: str, bloc: str = "") -> LeverageSheet:
    """Return what a state and its partners lose, over what the register shows and records.

    Args:
        bloc: One of `blocs_of` the state; "" for none.

    Raises:
        InvalidDocument: No state has that code, or it belongs to no such bloc.
        NotPermitted: It would take this node long; the command line does it.
    """
    check_state(state)
    members = _members(state, bloc) if bloc else ()
    between = Between(state=state, bloc=bloc, members=members)
    return _sheets.find(
        (register.state, state, bloc),
        lambda: leverage_sheet(grounds_on(register, ""), between),
    )


def leverage_answer(register: Register, sheet: LeverageSheet) -> LeverageAnswer:
    """Return leverage as programs take it."""
    return LeverageAnswer(
        node=register.node(),
        leverage=sheet.to_json(),
        blocs=tuple(body.slug for body in blocs_of(sheet.state)),
    )


def blocs_of(state: str) -> tuple[Body, ...]:
    """Return the bodies that come with Comity to which a state belongs, none too large."""
    return tuple(body for body in _bodies() if state in body.members)


def _members(state: str, bloc: str) -> tuple[str, ...]:
    known = {body.slug: body.members for body in blocs_of(state)}
    if bloc in known:
        return known[bloc]
    names = ", ".join(known) or "none"
    message = f"{bloc[:60]!r} is no bloc of {state} that a page looks at; there are: {names}"
    raise InvalidDocument(
        message,
        code="desk.leverage",
        faults=[Fault(message=message, near=near_miss(bloc[:60], known))],
        hint=f"comity exposure leverage {state} --bloc FILE takes any",
    )


@cache
def _bodies() -> tuple[Body, ...]:
    return tuple(body for body in shipped_bodies() if len(body.members) <= MOST_MEMBERS)
