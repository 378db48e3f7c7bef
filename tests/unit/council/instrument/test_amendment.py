# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from fractions import Fraction

from tests.fakes.treaty import GROUND, act, ratified, treaty

from comity.council.instrument.act import Act, Deed
from comity.council.instrument.amendment import Timeline
from comity.council.instrument.delay import Delay
from comity.council.instrument.instrument import Amendment, Express, Instrument, Tacit, Unknown
from comity.council.instrument.status import Status, status
from comity.council.rule.floor import Base, Weights
from comity.council.rule.rule import AGAINST, Leaf, Share, any_of

DAY = dt.date(2024, 1, 1)
SIX = ratified("KHM", "LAO", "BRA", "SGP", "ZAF", "PAN")
TONNAGE = Weights(
    name="tonnage", unit="tons", source="made up",
    values={"KHM": 1, "LAO": 1, "BRA": 1, "SGP": 3, "ZAF": 1, "PAN": 9},
)  # fmt: skip
THIRD = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 3), strict=True), count=AGAINST)
HALF = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2)), count=AGAINST, by="tonnage")
AS_SOLAS = Tacit(window=Delay(months=24), force=Delay(months=6), stopped_by=any_of(THIRD, HALF))
CHANGE = Amendment(
    name="first", title="A change", adopted=dt.date(2021, 6, 1),
    notified=dt.date(2021, 7, 1), ground=GROUND,
)  # fmt: skip


def at_sea(**changes: object) -> Instrument:
    """Return a treaty that is amended as SOLAS is."""
    plain: dict[str, object] = {
        "amending": AS_SOLAS, "amendments": (CHANGE,), "weights": {"tonnage": TONNAGE},
    }  # fmt: skip
    return treaty(**(plain | changes))


def objecting(*states: str, on: str = "2022-01-01") -> tuple[Act, ...]:
    """Return objections to the amendment."""
    return tuple(act(state, Deed.AMENDMENT_OBJECTED, on, amendment="first") for state in states)


def seen(*acts: Act, agreement: Instrument | None = None, on: dt.date = DAY) -> Status:
    """Return the treaty with six parties and these acts."""
    return status(agreement or at_sea(), (*SIX, *acts), on)


def first(found: Status) -> Timeline:
    """Return the one amendment."""
    (timeline,) = found.amendments
    return timeline


def test_acceptance_and_entry_into_force_are_two_days() -> None:
    """Deemed accepted after two years, in force six months later."""
    found = first(seen())
    assert found.accepted_on == dt.date(2023, 7, 1)
    assert found.in_force_on == dt.date(2024, 1, 1)
    assert "in force since 2024-01-01" in found.says


def test_more_than_a_third_of_the_parties_stop_it() -> None:
    """Two of six are a third and not more; three are."""
    assert first(seen(*objecting("KHM", "LAO"))).is_stopped is False
    found = first(seen(*objecting("KHM", "LAO", "BRA")))
    assert (found.is_stopped, found.accepted_on, found.in_force_on) == (True, None, None)


def test_half_of_the_tonnage_stops_it_too() -> None:
    """One large fleet of sixteen tons in all."""
    assert first(seen(*objecting("PAN"))).is_stopped is True


def test_who_objects_alone_stands_outside_alone() -> None:
    """It enters into force except for those that objected."""
    found = first(seen(*objecting("KHM")))
    assert found.outside == {"KHM": "objected on 2022-01-01"}
    assert found.in_force_on == dt.date(2024, 1, 1)


def test_a_late_objection_is_flagged() -> None:
    """After silence has become acceptance."""
    found = seen(*objecting("KHM", on="2023-07-02"))
    assert [one.code for one in found.anomalies] == ["late_objection"]
    assert first(found).outside == {}


def test_a_day_fixed_at_adoption_takes_the_place_of_the_window() -> None:
    """SOLAS lets the committee fix another period."""
    fixed = Amendment(
        name="first", title="A change", adopted=dt.date(2021, 6, 1),
        notified=dt.date(2021, 7, 1), ground=GROUND, accepted_on=dt.date(2022, 7, 1),
    )  # fmt: skip
    found = first(seen(agreement=at_sea(amendments=(fixed,))))
    assert (found.closes, found.in_force_on) == (dt.date(2022, 7, 1), dt.date(2023, 1, 1))


def test_without_all_parties_a_stop_cannot_be_told() -> None:
    """The base of the share is not held, so nobody can say."""
    found = first(seen(agreement=at_sea(is_complete=False)))
    assert found.is_stopped is None
    assert "cannot be told" in found.says
    unweighed = Weights(name="tonnage", unit="tons", source="made up", values={"KHM": 1})
    assert first(seen(agreement=at_sea(weights={"tonnage": unweighed}))).is_stopped is None


def test_an_amendment_nobody_knows_is_flagged() -> None:
    """A statement may name anything."""
    stray = act("KHM", Deed.AMENDMENT_OBJECTED, "2022-01-01", amendment="second")
    found = seen(stray)
    assert [one.code for one in found.anomalies] == ["unknown_amendment"]


def test_states_with_more_time_have_it() -> None:
    """As four had for the Health Regulations' amendments of 2024."""
    tacit = Tacit(window=Delay(months=10), force=Delay(months=12), from_notice=True)
    longer = Amendment(
        name="first", title="A change", adopted=dt.date(2022, 6, 1),
        notified=dt.date(2022, 9, 19), ground=GROUND,
        longer={"LAO": (Delay(months=18), Delay(months=24))},
    )  # fmt: skip
    agreement = at_sea(amending=tacit, amendments=(longer,))
    in_time = objecting("LAO", on="2024-03-19")
    found = seen(*in_time, agreement=agreement, on=dt.date(2024, 6, 1))
    assert first(found).in_force_on == dt.date(2023, 9, 19)
    assert first(found).outside == {"LAO": "objected on 2024-03-19"}

    waiting = first(seen(agreement=agreement, on=dt.date(2024, 6, 1)))
    assert waiting.outside == {"LAO": "has time until 2024-09-19"}
    assert first(seen(agreement=agreement, on=dt.date(2024, 9, 19))).outside == {}


def accepting(*states: str) -> tuple[Act, ...]:
    """Return acceptances of the amendment, a month apart."""
    return tuple(
        act(state, Deed.AMENDMENT_ACCEPTED, f"2022-{month:02}-01", amendment="first")
        for month, state in enumerate(states, 1)
    )


TWO_THIRDS = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(2, 3)))


def test_an_express_amendment_needs_acts() -> None:
    """Two thirds of six are four; ICAO's bind only those that accepted."""
    agreement = at_sea(amending=Express(rule=TWO_THIRDS, delay=Delay(days=30)))
    short = first(seen(*accepting("KHM", "LAO", "BRA"), agreement=agreement))
    assert (short.in_force_on, len(short.outside)) == (None, 6)

    found = first(seen(*accepting("KHM", "LAO", "BRA", "SGP"), agreement=agreement))
    assert (found.accepted_on, found.in_force_on) == (
        dt.date(2022, 4, 1), dt.date(2022, 5, 1),
    )  # fmt: skip
    assert sorted(found.outside) == ["PAN", "ZAF"]


def test_an_express_amendment_may_bind_all() -> None:
    """As IAEA's do."""
    agreement = at_sea(amending=Express(rule=TWO_THIRDS, binds_all=True))
    found = first(seen(*accepting("KHM", "LAO", "BRA", "SGP"), agreement=agreement))
    assert found.outside == {}


def test_where_the_way_is_unknown_nothing_is_reckoned() -> None:
    """Only what the record says."""
    found = first(seen(agreement=at_sea(amending=Unknown(reason="not public"))))
    assert (found.accepted_on, found.is_stopped) == (None, None)
    assert found.says == "how it is amended is not known: not public"


def test_an_acceptance_where_silence_accepts_is_flagged_as_not_needed() -> None:
    """It changes nothing, and is not silently dropped."""
    found = seen(*accepting("KHM"))
    assert [one.code for one in found.anomalies] == ["not_needed"]
