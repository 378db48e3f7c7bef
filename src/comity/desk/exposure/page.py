# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Exposure as pages and programs see it: what a register shows, within a bound of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.desk.exposure.exposing import exposure_sheet
from comity.desk.exposure.sheet import ExposureSheet
from comity.desk.exposure.shocking import ShockSheet, WorstSheet, shock_sheet, worst_sheet
from comity.desk.law.picturing import FigureRow, ScenarioRow, figure_rows, scenario_rows
from comity.desk.register.kept import Kept
from comity.desk.register.published import public_shelf, published
from comity.desk.register.register import Register
from comity.desk.register.sheet import NodeSheet
from comity.desk.supply.billing import inventories, registered
from comity.desk.supply.grounds import RECORDS, Grounds, Wanted, check_state, gather
from comity.errors import NotFound, NotPermitted
from comity.exposure.shock.scenario import Scenario
from comity.files.inventory import read_inventory
from comity.files.shock import shipped_scenarios
from comity.law.cursor import near_miss
from comity.law.market import EUROPEAN_UNION, STATES

MOST_MATERIALS = 3_000
"""Beyond it the worst suppliers to lose can take more than two seconds of CPU."""

MOST_LINKS = 6_000
"""Of one material to another that it rests on, for the same reason."""

TOGETHER = 3
"""Suppliers lost together that a page looks for; the command line takes others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow:
    """One state of which something is stated.

    Args:
        systems: Registered systems that serve it.
        inventories: Inventories that members stated of it.
        records: Records of it that come with Comity.
    """

    state: str
    systems: int
    inventories: int
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposuresSheet:
    """Of which states something is stated, public figures, scenarios.

    Args:
        figures: As `comity exposure figures --json` writes them.
        scenarios: As `comity exposure scenarios --json` writes them.
    """

    node: NodeSheet
    states: tuple[StateRow, ...]
    figures: tuple[Mapping[str, Any], ...]
    scenarios: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureAnswer:
    """One state.

    Args:
        exposure: As `comity exposure show --json` writes it.
        worst: As `comity exposure shock --worst 3 --json` writes it.
    """

    node: NodeSheet
    exposure: Mapping[str, Any]
    worst: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShockAnswer:
    """One scenario over one state.

    Args:
        shock: As `comity exposure shock --json` writes it.
    """

    node: NodeSheet
    shock: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenariosSheet:
    """The scenarios that come with Comity."""

    node: NodeSheet
    scenarios: tuple[Mapping[str, Any], ...]


_states: Kept[tuple[StateRow, ...]] = Kept()
_exposures: Kept[ExposureSheet] = Kept()
_shocks: Kept[ShockSheet] = Kept()
_worsts: Kept[WorstSheet] = Kept()


def exposures_sheet(register: Register) -> ExposuresSheet:
    """List the states of which something is stated, figures and scenarios."""
    return ExposuresSheet(
        node=register.node(),
        states=_states.find(register.state, lambda: _rows(register)),
        figures=tuple(one.to_json() for one in figure_rows()),
        scenarios=tuple(one.to_json() for one in scenario_rows()),
    )


def listed_figures() -> tuple[FigureRow, ...]:
    """List the public figures, as a page shows them."""
    return figure_rows()


def listed_scenarios() -> tuple[ScenarioRow, ...]:
    """List the scenarios, as a page shows them."""
    return scenario_rows()


def scenarios_sheet(register: Register) -> ScenariosSheet:
    """List the scenarios, as programs take them."""
    return ScenariosSheet(
        node=register.node(), scenarios=tuple(one.to_json() for one in scenario_rows())
    )


def exposure_of(register: Register, state: str) -> ExposureSheet:
    """Return what a state depends on, over what the register shows and the records.

    Raises:
        InvalidDocument: No state has that code.
        NotPermitted: It would take this node long; the command line does it.
    """
    check_state(state)
    return _exposures.find(
        (register.state, state), lambda: exposure_sheet(grounds_on(register, state))
    )


def shock_of(register: Register, state: str, scenario: str) -> ShockSheet:
    """Return what a shipped scenario leaves working of a state.

    Raises:
        InvalidDocument: No state has that code.
        NotFound: No scenario that comes with Comity is called so; no file is read.
        NotPermitted: It would take this node long; the command line does it.
    """
    check_state(state)
    asked = _scenario(scenario)
    return _shocks.find(
        (register.state, state, asked.id),
        lambda: shock_sheet(grounds_on(register, state), asked),
    )


def worst_of(register: Register, state: str) -> WorstSheet:
    """Return the suppliers that a state would be worst to lose.

    Raises:
        InvalidDocument: No state has that code.
        NotPermitted: It would take this node long; the command line does it.
    """
    check_state(state)
    return _worsts.find(
        (register.state, state), lambda: worst_sheet(grounds_on(register, state), TOGETHER)
    )


def exposure_answer(register: Register, sheet: ExposureSheet) -> ExposureAnswer:
    """Return an exposure as programs take it, with the worst suppliers to lose."""
    return ExposureAnswer(
        node=register.node(),
        exposure=sheet.to_json(),
        worst=worst_of(register, sheet.state).to_json(),
    )


def shock_answer(register: Register, sheet: ShockSheet) -> ShockAnswer:
    """Return a shock as programs take it."""
    return ShockAnswer(node=register.node(), shock=sheet.to_json())


def _scenario(name: str) -> Scenario:
    known = {one.id: one for one in shipped_scenarios()}
    if name in known:
        return known[name]
    near = near_miss(name[:100], known)
    raise NotFound(
        f"no scenario that comes with Comity is called {name[:60]!r}",
        code="desk.no_scenario",
        hint=f"did you mean {near!r}?" if near else f"there are {', '.join(known)}",
    )


def grounds_on(register: Register, state: str) -> Grounds:
    """Return what is stated of a state, where a page can work with it.

    Args:
        state: "" for what is stated of anybody.

    Raises:
        NotPermitted: It would take this node long; the command line does it.
    """
    seats = {log.member: log.keyset.jurisdiction for log in published(register).members()}
    found = gather(Wanted(state=state, seats=seats), public_shelf(register))
    rows = [one for bill in found.bills for one in bill.materials]
    size, links = len(rows) + len(found.supplies), 0
    for one in (*rows, *found.supplies):
        links += len(one.upstream)
    if size > MOST_MATERIALS or links > MOST_LINKS:
        command = f"comity exposure show {state}" if state else "comity exposure leverage STATE"
        raise NotPermitted(
            f"{size:,} materials with {links:,} links are stated for {state or 'all states'}: "
            f"for a page this node measures {MOST_MATERIALS:,} with {MOST_LINKS:,} at most",
            code="desk.exposure_size",
            hint=f"measure them yourself: {command} --node FOLDER",
        )
    return found


def _rows(register: Register) -> tuple[StateRow, ...]:
    shelf = public_shelf(register)
    served = [code for one in registered(shelf).held for code in one.bill.markets]
    stated = [one.inventory.state for one in inventories(shelf, "")]
    given = [read_inventory(path) for path in sorted(RECORDS.glob("*.toml"))]
    recorded = [one.state for one in given if one.materials]
    return tuple(
        StateRow(
            state=code,
            systems=served.count(code),
            inventories=stated.count(code),
            records=recorded.count(code),
        )
        for code in sorted({*served, *stated, *recorded} & {*STATES, EUROPEAN_UNION})
    )
