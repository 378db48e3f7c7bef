# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from collections.abc import Mapping

import pytest
from tests.fakes.treaty import GROUND

from comity.council.instrument.act import Deed
from comity.council.instrument.difference import Stands
from comity.council.instrument.statement import (
    SOFT,
    StatedAct,
    StatedAdoption,
    StatedDifference,
    act_from_predicate,
    adoption_from_predicate,
    difference_from_predicate,
)
from comity.errors import InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.reference import Reference

ON = dt.date(2026, 12, 1)
ACT = StatedAct(instrument="waico", deed=Deed.RATIFICATION, on=ON)
DIFFERENCE = StatedDifference(
    instrument="waico", provision="2", stands=Stands.DIFFERS, since=ON, text="In 72 hours."
)
ADOPTION = StatedAdoption(pack="soft.waico", version="2026-11-22", market="KHM", since=ON)
CITED = Reference(log=Origin("kh.example/log"), index=4, sha256=sha256(b"x"))


@pytest.mark.parametrize(
    "said",
    [
        ACT,
        StatedAct(
            instrument="waico", deed=Deed.OBJECTION, on=ON, provisions=("2", "3"), text="No.",
            state="WAICO", towards="LAO", opposes_entry=True, is_example=True,
        ),
        StatedAct(instrument="x", deed=Deed.AMENDMENT_OBJECTED, on=ON, amendment="first"),
    ],
)  # fmt: skip
def test_an_act_is_read_as_it_was_written(said: StatedAct) -> None:
    """Fields that say nothing are left out."""
    assert act_from_predicate(said.to_predicate()) == said


@pytest.mark.parametrize(
    "said",
    [
        DIFFERENCE,
        StatedDifference(
            instrument="waico", provision="2", stands=Stands.DIFFERS, since=ON,
            norm="khm.data.1", is_example=True,
        ),
    ],
)  # fmt: skip
def test_a_difference_is_read_as_it_was_written(said: StatedDifference) -> None:
    """What stands instead may be a norm and no words."""
    assert difference_from_predicate(said.to_predicate()) == said


@pytest.mark.parametrize(
    "said",
    [
        ADOPTION,
        StatedAdoption(
            pack="soft.waico", version="1", market="KHM", since=ON, act=CITED,
            through="waico", force=SOFT, note="As guidance.", is_example=True,
        ),
    ],
)  # fmt: skip
def test_an_adoption_is_read_as_it_was_written(said: StatedAdoption) -> None:
    """Binding is the default and is left out."""
    assert adoption_from_predicate(said.to_predicate()) == said
    assert ("force" in said.to_predicate()) == (said.force == SOFT)


def test_yesterdays_statements_keep_their_meaning() -> None:
    """Those without the fields that came later."""
    old: Mapping[str, Json] = {
        "instrument": "waico", "act": "signature", "on": "2026-07-16", "provisions": [],
        "text": "",
    }  # fmt: skip
    act = act_from_predicate(old).to_act("KHM", GROUND)
    assert (act.state, act.deed, act.towards) == ("KHM", Deed.SIGNATURE, "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"act": "ratificaton"}, "ratification"),
        ({"on": "2026-02-30"}, "on is wrong"),
        ({"act": "objection"}, "towards is missing"),
        ({"act": "objection to amendment"}, "amendment is missing"),
        ({"provisions": [1]}, "provisions is not a list of texts"),
    ],
)
def test_faults_of_an_act_are_named(changes: dict[str, Json], said: str) -> None:
    """With the near miss, where there is one."""
    with pytest.raises(InvalidDocument) as found:
        act_from_predicate(ACT.to_predicate() | changes)
    assert said in str(found.value)


def test_all_faults_come_at_once() -> None:
    """Nobody mends one and is told of the next."""
    with pytest.raises(InvalidDocument) as found:
        adoption_from_predicate({})
    assert len(found.value.faults) == 6


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": ""}, "says in which way"),
        ({"stands": "complies", "norm": "khm.1"}, "stands beside 'complies'"),
        ({"stands": "conforms"}, "is not one of"),
    ],
)
def test_a_difference_must_say_something(changes: dict[str, Json], said: str) -> None:
    """That it differs is no news without how."""
    with pytest.raises(InvalidDocument) as found:
        difference_from_predicate(DIFFERENCE.to_predicate() | changes)
    assert said in str(found.value)


@pytest.mark.parametrize("changes", [{"force": "hard"}, {"instrument": 4}, {"from": 3}])
def test_faults_of_an_adoption_are_named(changes: dict[str, Json]) -> None:
    """Each field by itself."""
    with pytest.raises(InvalidDocument, match=next(iter(changes))):
        adoption_from_predicate(ADOPTION.to_predicate() | changes)
