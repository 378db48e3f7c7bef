# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt

from tests.fakes.treaty import act, ratified, stated, treaty

from comity.council.instrument.act import Deed
from comity.council.instrument.difference import Cell, Stands
from comity.council.instrument.instrument import Provision, Unknown
from comity.council.instrument.status import Status, status

DAY = dt.date(2024, 1, 1)
THREE = ratified("KHM", "LAO", "BRA")


def cell(found: Status, state: str, provision: str) -> Cell:
    """Return one cell."""
    matrix = found.matrix
    row = matrix.cells[matrix.states.index(state)]
    return row[matrix.provisions.index(provision)]


def test_a_missing_filing_is_never_compliance() -> None:
    """Three values, and the third is the default."""
    found = status(treaty(), THREE, DAY)
    assert found.matrix.count(Stands.NOT_STATED) == 15
    assert found.matrix.count(Stands.COMPLIES) == 0


def test_the_newest_statement_stands() -> None:
    """And an older one is not forgotten before its time."""
    said = [
        stated("KHM", "2", Stands.DIFFERS, "2022-01-01", "Within 72 hours."),
        stated("KHM", "2", Stands.COMPLIES, "2025-01-01"),
    ]
    assert cell(status(treaty(), THREE, DAY, said), "KHM", "2").text == "Within 72 hours."
    later = status(treaty(), THREE, dt.date(2025, 1, 1), said)
    assert cell(later, "KHM", "2").stands is Stands.COMPLIES


def test_two_statements_of_one_day_that_disagree_are_not_stated() -> None:
    """Nobody picks one for the member."""
    said = [
        stated("KHM", "2", Stands.DIFFERS, "2022-01-01", "Within 72 hours."),
        stated("KHM", "2", Stands.COMPLIES, "2022-01-01"),
    ]
    for order in (said, said[::-1]):
        found = cell(status(treaty(), THREE, DAY, order), "KHM", "2")
        assert found.stands is Stands.NOT_STATED
        assert found.because == "it states both complies and differs from 2022-01-01"


def test_a_statement_on_no_provision_is_set_aside() -> None:
    """With the name it gave."""
    found = status(treaty(), THREE, DAY, [stated("KHM", "9", Stands.COMPLIES, "2022-01-01")])
    assert [one.says for one in found.misstated] == ["example has no provision '9'"]
    assert found.matrix.count(Stands.COMPLIES) == 0


def test_where_a_provision_allows_no_difference_one_is_set_aside() -> None:
    """A reservation is the way, with the acceptance it needs; complying may be stated."""
    strict = Provision(name="1", title="", may_differ=False)
    agreement = treaty(provisions=(strict,))
    said = [stated("KHM", "1", Stands.DIFFERS, "2022-01-01", "Less.")]
    found = status(agreement, THREE, DAY, said)
    assert [one.says for one in found.misstated] == ["provision 1 allows no difference"]
    assert cell(found, "KHM", "1").stands is Stands.NOT_STATED

    said = [stated("KHM", "1", Stands.COMPLIES, "2022-01-01")]
    assert cell(status(agreement, THREE, DAY, said), "KHM", "1").stands is Stands.COMPLIES


def test_where_provisions_are_unknown_those_named_make_the_columns() -> None:
    """An agreement that nobody published can still be differed from."""
    agreement = treaty(provisions=Unknown(reason="not public"))
    said = [stated("LAO", "soft.x", Stands.COMPLIES, "2022-01-01")]
    found = status(agreement, THREE, DAY, said)
    assert found.matrix.provisions == ("soft.x",)
    assert cell(found, "LAO", "soft.x").stands is Stands.COMPLIES


def test_a_reservation_shows_in_its_cell() -> None:
    """Reserving is not stating a difference; the two stand side by side."""
    reserved = act("KHM", Deed.RESERVATION, "2021-03-01", provisions=("2",))
    found = status(treaty(), (*THREE, reserved), DAY)
    assert cell(found, "KHM", "2").reserved == "stands"
    assert cell(found, "KHM", "2").stands is Stands.NOT_STATED


def test_who_states_without_being_bound_has_a_row() -> None:
    """A signatory may say how it stands."""
    found = status(treaty(), THREE, DAY, [stated("SGP", "1", Stands.COMPLIES, "2022-01-01")])
    assert found.matrix.states == ("BRA", "KHM", "LAO", "SGP")


def test_the_whole_is_plain_json() -> None:
    """Every figure a page would draw is in it."""
    said = [stated("KHM", "2", Stands.DIFFERS, "2022-01-01", "Within 72 hours.")]
    reserved = act("KHM", Deed.RESERVATION, "2021-03-01", provisions=("3",))
    plain = status(treaty(), (*THREE, reserved), DAY, said).to_json()

    assert plain["in_force"]["truth"] == "true"  # type: ignore[index,call-overload] # JSON
    assert plain["counts"]["party"] == 3  # type: ignore[index,call-overload] # JSON
    assert plain["matrix"]["counts"] == {  # type: ignore[index,call-overload] # JSON
        "complies": 0, "differs": 1, "not stated": 14,
    }  # fmt: skip
    assert len(plain["pairs"]) == 2  # type: ignore[arg-type] # JSON
