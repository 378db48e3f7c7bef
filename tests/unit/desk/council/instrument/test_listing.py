# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Instruments as a register shows them: the record and what states say, told apart."""

import datetime as dt

import pytest
from tests.fakes.forum import gather
from tests.fakes.world import build

from comity.council.instrument.act import Basis
from comity.desk.council.instrument.listing import answer_of, find_status, instruments_sheet
from comity.desk.register.lookout import Lookout
from comity.desk.register.register import Register
from comity.errors import NotFound


@pytest.fixture(scope="module")
def register() -> Register:
    """Return the register of a federation whose members act and differ."""
    world = build()
    gather(world)
    return Lookout(world.view).register()


def test_every_shipped_instrument_is_listed_on_the_registers_day(register: Register) -> None:
    """A list that stands on another day than its page would contradict it."""
    sheet = instruments_sheet(register)
    rows = {row.slug: row for row in sheet.instruments}

    assert sheet.on == register.view.as_of.date()
    assert (rows["waico"].in_force, rows["waico"].signed) == ("undetermined", 37)
    assert (rows["waico"].consented, rows["waico"].bound) == (1, 0)
    assert (rows["waico"].made_up, rows["iaea-statute"].made_up) == (1, 0)
    assert rows["iaea-statute"].since == dt.date(1957, 7, 29)


def test_a_day_before_its_entry_into_force_shows_none(register: Register) -> None:
    """What is in force today was not always."""
    rows = instruments_sheet(register, on=dt.date(1957, 7, 1)).instruments

    assert next(row for row in rows if row.slug == "iaea-statute").since is None


def test_a_statement_names_its_author_and_that_it_is_an_example(register: Register) -> None:
    """Whoever reads the basis must see that a made-up member spoke."""
    sheet = find_status(register, "waico")
    row = next(row for row in sheet.status.members if row.state == "KHM")

    assert row.consented is not None
    assert row.consented.ground.basis is Basis.STATEMENT
    assert "Khmer AI Office (an example)" in row.consented.ground.note
    assert row.consented.ground.is_example
    assert sheet.status.made_up == ("KHM",)


def test_the_answer_is_what_the_command_writes(register: Register) -> None:
    """One projection, several doors."""
    sheet = find_status(register, "cets-225")

    assert answer_of(register, sheet).instrument == sheet.to_json()


@pytest.mark.parametrize("slug", ["waiko", "waico.toml", "/etc/passwd", "", "x" * 10_000])
def test_no_name_opens_a_file(register: Register, slug: str) -> None:
    """A visitor names an instrument, never a path."""
    with pytest.raises(NotFound) as caught:
        find_status(register, slug)

    assert caught.value.code == "desk.no_instrument"
    assert len(caught.value.message) < 200
