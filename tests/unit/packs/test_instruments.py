# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

"""The instruments that come along, held against what history and the facts say of them."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from comity.council.instrument.act import Act, Basis, Deed, Ground
from comity.council.instrument.instrument import Instrument, Unknown
from comity.council.instrument.standing import Standing
from comity.council.instrument.status import status
from comity.files.instrument import get_instrument, shipped_instruments
from comity.kernel.truth import Truth

FACTS = Path(__file__).parents[4] / "shared" / "facts" / "groups.json"
ALONE = [
    # Facts: institutions.md, 3 and second reading; secondary.
    ("aiib", "2015-12-25"),
    ("asean-charter", "2008-12-15"),
    ("iaea-statute", "1957-07-29"),
]
"""Instruments whose acts are all held, with the day on which they entered into force."""

RECORDED = [
    ("chicago-convention", "1947-04-04"),  # facts: institutions.md, 3; jwflegal.com
    ("solas-1974", "1980-05-25"),  # cil.nus.edu.sg
    ("ihr-2005", "2007-06-15"),  # memory
]


def plain(slug: str) -> Instrument:
    """Return a shipped instrument without what its record says of entry into force."""
    return replace(get_instrument(slug), in_force_on=None, met_on=None)


@pytest.mark.parametrize(("slug", "day"), ALONE)
def test_acts_alone_give_the_day_that_history_knows(slug: str, day: str) -> None:
    """The replay: the record's own answer is taken away first."""
    agreement = plain(slug)
    on = dt.date.fromisoformat(day)
    found = status(agreement, (), agreement.known_to).in_force
    assert (found.truth, found.on) == (Truth.TRUE, on)
    before = status(agreement, (), on - dt.timedelta(days=1)).in_force
    assert before.truth is not Truth.TRUE


@pytest.mark.parametrize(("slug", "day"), [*ALONE, *RECORDED])
def test_the_record_says_the_day_too(slug: str, day: str) -> None:
    """Where acts are not all held it is the only answer, and no contradiction is left."""
    agreement = get_instrument(slug)
    found = status(agreement, (), agreement.known_to).in_force
    assert found.on == dt.date.fromisoformat(day)
    assert found.doubts == ()


def test_eighteen_were_not_enough_without_three_of_the_five() -> None:
    """The Statute of the IAEA: twenty had ratified by 19 July 1957, one of the five."""
    found = status(plain("iaea-statute"), (), dt.date(1957, 7, 28)).in_force
    assert found.truth is Truth.FALSE
    assert found.missing == ("2 more of the five named",)


def test_ten_were_not_enough_without_half_of_the_subscriptions() -> None:
    """The Articles of the AIIB: sixteen without China hold a fifth."""
    agreement = plain("aiib")
    without = replace(agreement, acts=tuple(a for a in agreement.acts if a.state != "CHN"))
    found = status(without, (), agreement.known_to).in_force
    assert found.truth is Truth.FALSE
    assert found.missing == ("296,778 more of initial subscriptions",)


def test_part_of_the_deposits_proves_nothing() -> None:
    """Six of twenty-six are held: whether the Chicago Convention is in force stays open."""
    found = status(plain("chicago-convention"), (), dt.date(1947, 4, 4)).in_force
    assert found.truth is Truth.UNDETERMINED


def test_who_deposited_after_the_twenty_sixth_waited_its_own_thirty_days() -> None:
    """Chile on 11 March 1947, and Bolivia on the day of entry into force itself."""
    found = status(get_instrument("chicago-convention"), (), dt.date(1947, 12, 31))
    rows = {row.state: row.bound_from for row in found.members}
    assert rows["CAN"] == dt.date(1947, 4, 4)
    assert rows["CHL"] == dt.date(1947, 4, 10)
    assert rows["BOL"] == dt.date(1947, 5, 4)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        # i-law, The Ratification of Maritime Conventions, chapter I.3.20; secondary.
        ("1981", "1984-09-01"),
        ("1983", "1986-07-01"),
        ("1990", "1992-02-01"),
        ("1992-chapter-2-1", "1994-10-01"),
    ],
)
def test_amendments_of_solas_entered_into_force_when_they_did(name: str, day: str) -> None:
    """Six months after the day on which silence had accepted them."""
    found = status(get_instrument("solas-1974"), (), dt.date(1995, 1, 1))
    timeline = next(one for one in found.amendments if one.name == name)
    assert timeline.in_force_on == timeline.recorded_on == dt.date.fromisoformat(day)


def test_who_objected_in_time_stands_outside() -> None:
    """The United Kingdom, 7 December 1993."""
    found = status(get_instrument("solas-1974"), (), dt.date(1995, 1, 1))
    assert dict(found.amendments[-1].outside) == {"GBR": "objected on 1993-12-07"}


def test_the_amendments_of_the_health_regulations_replay() -> None:
    """Ten months to reject, in force after twelve; four states had longer."""
    agreement = get_instrument("ihr-2005")
    (found,) = status(agreement, (), dt.date(2026, 3, 1)).amendments
    assert found.closes == dt.date(2025, 7, 19)
    assert found.in_force_on == found.recorded_on == dt.date(2025, 9, 19)
    assert sorted(found.outside) == ["IRN", "NLD", "NZL", "SVK"]


def test_the_convention_on_ai_is_not_in_force() -> None:
    """One instrument, of the European Union, which is no member of the Council of Europe."""
    agreement = get_instrument("cets-225")
    found = status(agreement, (), dt.date(2026, 9, 24))
    assert found.in_force.truth is Truth.FALSE
    assert found.in_force.missing == (
        "4 more states", "3 more of members of the Council of Europe",
    )  # fmt: skip
    assert len(found.of(Standing.SIGNATORY, Standing.CONTRACTING)) == 21
    assert len(agreement.groups["members of the Council of Europe"]) == 46


def test_four_more_of_the_right_ones_would_bring_it_into_force() -> None:
    """On the first day of the month after three months."""
    ground = Ground(basis=Basis.MEMORY, source="made up for this test")
    on = dt.date(2026, 9, 10)
    acts = [
        Act(state=state, deed=Deed.RATIFICATION, on=on, ground=ground)
        for state in ("GBR", "NOR", "CHE", "JPN")
    ]
    found = status(get_instrument("cets-225"), acts, dt.date(2027, 1, 1)).in_force
    assert (found.truth, found.on) == (Truth.TRUE, dt.date(2027, 1, 1))


def test_waico_is_signed_by_those_the_facts_name() -> None:
    """29 on the day, eight later, and nobody else."""
    if not FACTS.exists():
        pytest.skip("the shared facts are not beside this checkout")
    groups = json.loads(FACTS.read_text("utf-8"))["groups"]
    acts = get_instrument("waico").acts
    first = {act.state for act in acts if act.on == dt.date(2026, 7, 16)}
    later = {act.state for act in acts if act.on > dt.date(2026, 7, 16)}
    assert first == set(groups["WAICO_SIGNATORIES_2026_07_16"])
    assert later == set(groups["WAICO_SIGNATORIES_LATER"])


def test_waico_is_not_shown_to_be_in_force() -> None:
    """No ratification is recorded, and that none is recorded is no proof."""
    agreement = get_instrument("waico")
    for day in (agreement.known_to, dt.date(2026, 11, 22)):
        found = status(agreement, (), day)
        assert found.in_force.truth is Truth.UNDETERMINED
        assert found.in_force.missing == ("3 more states",)
        assert len(found.of(Standing.SIGNATORY)) == 37


def test_the_word_behind_each_signature_of_waico_is_marked() -> None:
    """29 by reports, eight by one tracker, one of these contradicted."""
    acts = get_instrument("waico").acts
    weak = [act for act in acts if act.ground.basis is Basis.WEAK]
    assert len(acts) - len(weak) == 29
    assert [act.state for act in weak if act.ground.contradicted] == ["VNM"]


def test_what_nobody_knows_of_waico_is_said() -> None:
    """The text was not seen: no clause of it is made up."""
    agreement = get_instrument("waico")
    assert isinstance(agreement.exit, Unknown)
    assert isinstance(agreement.amending, Unknown)
    assert isinstance(agreement.provisional, Unknown)
    assert isinstance(agreement.provisions, Unknown)
    about = {one.about for one in status(agreement, (), agreement.known_to).missing}
    assert {"ratifications", "the text", "depositary", "voting", "leaving"} <= about
    assert {(one.state, one.standing) for one in agreement.associates} == {
        ("BGD", "announced as observer"), ("SGP", "invited, considering"),
    }  # fmt: skip


@pytest.mark.parametrize("agreement", shipped_instruments(), ids=lambda one: one.slug)
def test_every_shipped_act_names_its_source(agreement: Instrument) -> None:
    """What is from memory says so; what is not says where it was read."""
    for act in agreement.acts:
        assert act.ground.source or act.ground.basis is Basis.MEMORY
    assert status(agreement, (), agreement.known_to).anomalies == ()
