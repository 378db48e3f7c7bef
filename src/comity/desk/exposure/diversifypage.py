# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The cheapest way out as pages and programs see it: over made-up options, labelled so.

A node keeps no costs: they are for whoever buys to state, in a file of one's own. What it shows
is the example that comes with Comity, put to what is stated of a state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from comity.desk.exposure.diversifying import Asked, diversify_sheet
from comity.desk.exposure.diversifysheet import DiversifySheet
from comity.desk.exposure.page import grounds_on
from comity.desk.register.kept import Kept
from comity.desk.register.register import Register
from comity.desk.register.sheet import NodeSheet
from comity.desk.supply.grounds import check_state
from comity.errors import Fault, InvalidDocument
from comity.files.options import read_options
from comity.files.pack import SHIPPED

EXAMPLE = SHIPPED / "exposure" / "examples" / "options.toml"
CEILINGS = (20, 30, 40, 50, 60, 80)
"""Ceilings a page plans for, in per cent; the command line takes any."""

USUAL = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class DiversifyAnswer:
    """One plan.

    Args:
        diversification: As `comity exposure diversify --pareto --json` writes it.
    """

    node: NodeSheet
    diversification: Mapping[str, Any]


_plans: Kept[DiversifySheet] = Kept()


def plan_of(register: Register, state: str, ceiling: int = USUAL) -> DiversifySheet:
    """Plan a state's way below a ceiling over the example options.

    Args:
        ceiling: One of `CEILINGS`.

    Raises:
        InvalidDocument: No state has that code, or it is another ceiling.
        NotPermitted: It would take this node long; the command line does it.
    """
    check_state(state)
    if ceiling not in CEILINGS:
        message = f"a page plans for a ceiling of {', '.join(map(str, CEILINGS))} per cent"
        raise InvalidDocument(
            message,
            code="desk.diversify",
            faults=[Fault(message=message)],
            hint=f"comity exposure diversify --options FILE --state {state} takes any",
        )
    return _plans.find(
        (register.state, state, ceiling), lambda: _plan(register, state, ceiling)
    )


def plan_answer(register: Register, sheet: DiversifySheet) -> DiversifyAnswer:
    """Return a plan as programs take it."""
    return DiversifyAnswer(node=register.node(), diversification=sheet.to_json())


def _plan(register: Register, state: str, ceiling: int) -> DiversifySheet:
    grounds = grounds_on(register, state)
    options = read_options(EXAMPLE, known={one.name for one in grounds.supplies})
    return diversify_sheet(
        Asked(
            grounds=(grounds,),
            options=options,
            ceiling=Fraction(ceiling, 100),
            has_curve=True,
        )
    )
