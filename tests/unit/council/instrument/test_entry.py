# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from fractions import Fraction

import pytest
from tests.fakes.treaty import GROUND, act, ratified, treaty

from comity.council.instrument.act import Basis, Deed, Ground
from comity.council.instrument.delay import Delay
from comity.council.instrument.entry import condition_in_words, floor_of, lacking
from comity.council.instrument.instrument import ByOrgan, Entry, Unknown
from comity.council.instrument.status import status
from comity.council.rule.floor import Base, Weights
from comity.council.rule.rule import (
    Across,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
    any_of,
)
from comity.kernel.truth import Truth

DAY = dt.date(2022, 1, 1)
FIVE = frozenset({"CAN", "FRA", "GBR", "SUN", "USA"})
WITH_THREE_OF_FIVE = All(
    parts=(Leaf(need=Number(least=4)), Leaf(need=Number(least=3), within="the five"))
)


def test_three_ratifications_and_thirty_days() -> None:
    """The condition holds on the day of the third, and the delay runs from there."""
    acts = (*ratified("KHM", "LAO"), *ratified("BRA", on="2021-05-01"))
    found = status(treaty(), acts, DAY).in_force

    assert found.truth is Truth.TRUE
    assert (found.met_on, found.on) == (dt.date(2021, 5, 1), dt.date(2021, 5, 31))
    assert found.missing == ()


def test_before_the_delay_is_over_it_is_not_in_force() -> None:
    """And the day on which it will be is said."""
    acts = ratified("KHM", "LAO", "BRA")
    found = status(treaty(), acts, dt.date(2021, 3, 30)).in_force

    assert found.truth is Truth.FALSE
    assert found.on == dt.date(2021, 3, 31)
    assert "enters into force on 2021-03-31" in found.why


def test_what_is_missing_is_counted() -> None:
    """An official asks how many more, not whether."""
    found = status(treaty(), ratified("KHM"), DAY).in_force

    assert found.truth is Truth.FALSE
    assert found.missing == ("2 more states",)


def test_heads_alone_do_not_do_where_named_states_are_needed() -> None:
    """Eighteen with three of five, as the Statute of the IAEA asks, in small."""
    entry = Entry(rule=WITH_THREE_OF_FIVE, ground=GROUND)
    agreement = treaty(entry=entry, groups={"the five": FIVE})
    many = ratified("KHM", "LAO", "BRA", "ZAF", "SUN")
    found = status(agreement, many, DAY).in_force
    assert found.missing == ("2 more of the five",)

    acts = (*many, *ratified("FRA", "GBR", on="2021-06-01"))
    assert status(agreement, acts, DAY).in_force.on == dt.date(2021, 6, 1)


def test_a_share_of_weight_is_exact() -> None:
    """Half of 101 is not reached by 50."""
    tonnage = Weights(
        name="tonnage", unit="tons", source="made up", values={"KHM": 50, "LAO": 1, "BRA": 50}
    )
    half = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2)), by="tonnage")
    agreement = treaty(entry=Entry(rule=half, ground=GROUND), weights={"tonnage": tonnage})
    found = status(agreement, ratified("KHM"), DAY).in_force
    assert (found.truth, found.missing) == (Truth.FALSE, ("1 more of tonnage",))

    assert status(agreement, ratified("KHM", "LAO"), DAY).in_force.truth is Truth.TRUE


def test_a_weight_nobody_holds_is_said() -> None:
    """It counts for nothing, which may be wrong, so the answer stays open."""
    tonnage = Weights(name="tonnage", unit="tons", source="made up", values={"KHM": 10})
    least = Leaf(need=Number(least=11), by="tonnage")
    agreement = treaty(entry=Entry(rule=least, ground=GROUND), weights={"tonnage": tonnage})
    found = status(agreement, ratified("KHM", "LAO"), DAY).in_force

    assert found.truth is Truth.UNDETERMINED
    assert found.doubts == ("the tonnage of LAO is not held here and counts for nothing",)


def test_it_cannot_be_in_force_before_a_day_that_the_text_names() -> None:
    """Not before two years from signature, as the Chemical Weapons Convention asks."""
    entry = Entry(
        rule=Leaf(need=Number(least=1)), ground=GROUND, not_before=dt.date(2023, 1, 1)
    )
    found = status(treaty(entry=entry), ratified("KHM"), DAY).in_force

    assert (found.truth, found.on) == (Truth.FALSE, dt.date(2023, 1, 1))


def test_an_unknown_rule_is_not_guessed() -> None:
    """However many ratify."""
    agreement = treaty(entry=Unknown(reason="the text is not public"))
    found = status(agreement, ratified("KHM", "LAO", "BRA"), DAY).in_force

    assert found.truth is Truth.UNDETERMINED
    assert found.on is None
    assert "the text is not public" in found.why


def test_a_record_without_end_is_no_proof_of_nothing() -> None:
    """Who kept it until September cannot say that nobody ratified in October."""
    agreement = treaty(known_to=dt.date(2021, 9, 1))
    assert status(agreement, (), dt.date(2021, 9, 1)).in_force.truth is Truth.FALSE
    later = status(agreement, (), dt.date(2021, 10, 1)).in_force
    assert later.truth is Truth.UNDETERMINED
    assert "the record reaches to 2021-09-01" in later.doubts[0]

    partial = treaty(is_complete=False)
    assert status(partial, (), DAY).in_force.truth is Truth.UNDETERMINED


def test_a_contradicted_consent_keeps_the_answer_open() -> None:
    """With it there are three, without it two; both are said."""
    against = Ground(basis=Basis.WEAK, source="a tracker", contradicted="a study says no")
    doubtful = act("BRA", Deed.RATIFICATION, "2021-03-01", ground=against)
    found = status(treaty(), (*ratified("KHM", "LAO"), doubtful), DAY).in_force

    assert found.truth is Truth.UNDETERMINED
    assert "BRA: contradicted: a study says no" in found.doubts[0]


def test_a_reservation_the_organ_has_not_accepted_keeps_the_answer_open() -> None:
    """Vienna Convention 20(3): until then nobody knows whether the consent stands."""
    agreement = treaty(reservations=ByOrgan(organ="EXA"))
    reserved = act("BRA", Deed.RESERVATION, "2021-03-01", provisions=("2",))
    acts = (*ratified("KHM", "LAO", "BRA"), reserved)
    assert status(agreement, acts, DAY).in_force.truth is Truth.UNDETERMINED

    accepted = act("EXA", Deed.RESERVATION_ACCEPTED, "2021-12-01", towards="BRA")
    found = status(agreement, (*acts, accepted), DAY).in_force
    assert (found.truth, found.on) == (Truth.TRUE, dt.date(2021, 3, 31))


def test_what_the_record_says_stands_beside_what_the_acts_give() -> None:
    """A contradiction is shown, never smoothed over."""
    agreement = treaty(in_force_on=dt.date(2021, 4, 30))
    found = status(agreement, ratified("KHM", "LAO", "BRA"), DAY).in_force

    assert found.on == dt.date(2021, 4, 30)
    assert found.computed_on == dt.date(2021, 3, 31)
    assert found.doubts == (
        "the record says 2021-04-30, and the acts held here give 2021-03-31",
    )


TWO = Leaf(need=Number(least=2))
MOST = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(2, 3), strict=True))
ALL = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1)), within="the five")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (TWO, "2 states"),
        (Leaf(need=Number(least=1)), "1 state"),
        (MOST, "more than 2/3 of the states"),
        (ALL, "all of the five"),
        (Leaf(need=Number(least=1_000), by="tonnage"), "states with at least 1,000 of tonnage"),
        (All(parts=(TWO, ALL)), "2 states and all of the five"),
        (any_of(TWO, ALL), "2 states or all of the five"),
        (AtLeast(count=2, parts=(TWO, MOST, ALL)),
         "2 of: 2 states; more than 2/3 of the states; all of the five"),
        (Not(part=TWO), "not (2 states)"),
        (Across(family="region", missing=1, leaf=TWO), "2 states in every region but 1"),
    ],
)  # fmt: skip
def test_every_condition_says_itself(rule: Rule, said: str) -> None:
    """In the words of states that consent, not of votes."""
    assert condition_in_words(rule) == said


@pytest.mark.parametrize(
    ("rule", "lacks"),
    [
        (TWO, ("1 more state",)),
        (ALL, ("5 more of the five",)),
        (any_of(TWO, ALL), ("1 more state or 5 more of the five",)),
        (MOST, ("4 more states",)),
        (Not(part=Leaf(need=Number(least=1))), ("not (1 state)",)),
        (Leaf(need=Number(least=1)), ()),
    ],
)
def test_what_a_condition_lacks_is_said(rule: Rule, lacks: tuple[str, ...]) -> None:
    """Of six seats, one consented."""
    agreement = treaty(groups={"the five": FIVE})
    assert lacking(rule, floor_of(agreement, {"KHM": None})) == lacks


def test_later_states_wait_their_own_time() -> None:
    """Thirty days from their own deposit, and never before the treaty itself is in force."""
    acts = (
        *ratified("KHM", "LAO", "BRA"), *ratified("ZAF", on="2021-03-02"),
        *ratified("SGP", on="2021-06-01"),
    )  # fmt: skip
    rows = {row.state: row for row in status(treaty(), acts, DAY).members}

    assert rows["KHM"].bound_from == dt.date(2021, 3, 31)
    assert rows["ZAF"].bound_from == dt.date(2021, 4, 1)
    assert rows["SGP"].bound_from == dt.date(2021, 7, 1)


def test_from_when_a_later_state_is_bound_may_be_unknown() -> None:
    """The entry says so; the state consented and no day is made up."""
    entry = Entry(
        rule=Leaf(need=Number(least=1)), ground=GROUND, delay=Delay(days=1),
        later=Unknown(reason="the text is not public"),
    )  # fmt: skip
    acts = (*ratified("KHM"), *ratified("LAO", on="2021-09-01"))
    rows = {row.state: row for row in status(treaty(entry=entry), acts, DAY).members}

    assert rows["LAO"].bound_from is None
    assert rows["LAO"].notes == (
        "the day from which it is bound is not known: the text is not public",
    )
