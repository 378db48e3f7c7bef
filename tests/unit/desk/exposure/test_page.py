# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Exposure cut from the register: the tool's own figures, and no more work than a page."""

import pytest
from tests.fakes.world import World, build

from comity.desk.exposure.exposing import exposure_sheet
from comity.desk.exposure.page import (
    MOST_MATERIALS,
    StateRow,
    exposure_of,
    exposures_sheet,
    shock_of,
)
from comity.desk.register.published import public_shelf
from comity.desk.register.register import Register, open_register
from comity.desk.supply.grounds import Wanted, gather
from comity.errors import InvalidDocument, NotFound, NotPermitted
from comity.kernel.canonical import Json


def material(place: int, supplier: str | None = "Far Hosting") -> dict[str, Json]:
    """Return a row of an inventory."""
    return {
        "layer": "cloud",
        "name": f"host {place}",
        "supplier": supplier,
        "jurisdiction": "SGP",
        "share_ppm": 100,
    }


def inventory(*materials: dict[str, Json], state: str = "KHM") -> dict[str, Json]:
    """Return what an inventory says."""
    return {
        "state": state,
        "as_of": "2026-11-21",
        "counts_as": 1,
        "example": True,
        "materials": list(materials),
        "issued": "2026-11-21T19:19:24Z",
    }


@pytest.fixture
def world() -> World:
    """Return a federation of one's own."""
    return build()


def register(world: World) -> Register:
    """Return the register of this moment."""
    return open_register(world.view())


def test_states_are_listed_by_what_is_stated_of_them(world: World) -> None:
    """A state of which only a record says something stands beside one with systems."""
    world.say(world.khm, "inventory", inventory(material(1)))
    rows = {one.state: one for one in exposures_sheet(register(world)).states}

    assert rows["KHM"] == StateRow(state="KHM", systems=2, inventories=1, records=0)
    assert rows["MNG"] == StateRow(state="MNG", systems=0, inventories=0, records=1)
    assert "" not in rows


def test_a_page_says_what_the_tool_says(world: World) -> None:
    """One projection for every door."""
    now = register(world)
    seats = {log.member: log.keyset.jurisdiction for log in now.view.ledger.members()}
    grounds = gather(Wanted(state="KHM", seats=seats), public_shelf(now))

    assert exposure_of(now, "KHM") == exposure_sheet(grounds)


def test_answers_are_kept_until_a_log_grows(world: World) -> None:
    """The same checkpoints give the same figures, so that they are worked out once."""
    before = exposure_of(register(world), "KHM")
    shocked = shock_of(register(world), "KHM", "usa-chip-controls")

    assert exposure_of(register(world), "KHM") is before
    assert shock_of(register(world), "KHM", "usa-chip-controls") is shocked
    world.say(world.khm, "inventory", inventory(material(1)))
    assert exposure_of(register(world), "KHM") != before


def test_more_than_a_page_is_worth_is_left_to_the_command_line(world: World) -> None:
    """Anybody may ask for a page, and a node must not be made to work for minutes."""
    rows = [material(place) for place in range(MOST_MATERIALS + 1)]
    world.say(world.khm, "inventory", inventory(*rows))

    for ask in (
        lambda now: exposure_of(now, "KHM"),
        lambda now: shock_of(now, "KHM", "usa-chip-controls"),
    ):
        with pytest.raises(NotPermitted, match="with 6,000 at most") as refused:
            ask(register(world))
        assert "comity exposure show KHM" in refused.value.hint
    assert exposure_of(register(world), "MNG").layers


@pytest.mark.parametrize("name", ["none", "usa-chip-control", "../x.toml", "x.toml"])
def test_only_scenarios_that_come_along_are_run(world: World, name: str) -> None:
    """A name in an address must never open a file."""
    with pytest.raises(NotFound) as refused:
        shock_of(register(world), "KHM", name)

    assert refused.value.code == "desk.no_scenario"
    assert refused.value.hint


@pytest.mark.parametrize("state", ["XX", "khm", "Cambodia"])
def test_a_state_is_asked_for_by_its_code(world: World, state: str) -> None:
    """A typing mistake must not read as a state without exposure."""
    with pytest.raises(InvalidDocument):
        exposure_of(register(world), state)
