# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt

import pytest
from tests.fakes.treaty import act, ratified, treaty

from comity.council.instrument.act import Act, Deed
from comity.council.instrument.instrument import (
    ByOrgan,
    Pairwise,
    Permitted,
    Prohibited,
    Reservations,
    Unknown,
)
from comity.council.instrument.pair import Effect, Pair, between
from comity.council.instrument.reservation import Hold
from comity.council.instrument.status import Status, reserving_in_words, status

DAY = dt.date(2024, 1, 1)
FOUR = ratified("KHM", "LAO", "BRA", "SGP")
RESERVED = act(
    "KHM", Deed.RESERVATION, "2021-03-01", provisions=("2",), text="Within 72 hours."
)
OBJECTED = act("LAO", Deed.OBJECTION, "2021-09-01", towards="KHM", provisions=("2",))


def seen(*acts: Act, rule: Reservations | None = None, on: dt.date = DAY) -> Status:
    """Return the treaty with four parties and these acts."""
    return status(treaty(reservations=rule or Pairwise()), (*FOUR, *acts), on)


def pair(found: Status, one: str, other: str) -> Pair:
    """Return what holds between two of its parties."""
    return between((one, other), found.reservations, found.as_of)


def codes(found: Status) -> list[str]:
    """Return what was flagged."""
    return [one.code for one in found.anomalies]


def test_a_reservation_nobody_objects_to_modifies_for_both() -> None:
    """Vienna Convention 21(1): it works in both directions."""
    found = pair(seen(RESERVED), "KHM", "BRA")
    (row,) = found.provisions
    assert (row.provision, row.effect) == ("2", Effect.MODIFIED)
    assert found.rest is Effect.APPLIES


def test_an_objection_takes_the_provision_out_between_the_two() -> None:
    """21(3); between the others nothing changes."""
    found = seen(RESERVED, OBJECTED)
    assert pair(found, "KHM", "LAO").provisions[0].effect is Effect.NOT
    assert pair(found, "KHM", "BRA").provisions[0].effect is Effect.MODIFIED
    assert pair(found, "LAO", "BRA").provisions == ()


def test_who_wants_no_treaty_relation_has_none() -> None:
    """20(4)(b): only where it says so."""
    opposed = act("LAO", Deed.OBJECTION, "2021-09-01", towards="KHM", opposes_entry=True)
    found = pair(seen(RESERVED, opposed), "KHM", "LAO")
    assert found.rest is Effect.NO_RELATION


@pytest.mark.parametrize(
    ("day", "effect"), [("2022-03-01", Effect.OPEN), ("2022-03-02", Effect.MODIFIED)]
)
def test_silence_of_twelve_months_accepts(day: str, effect: Effect) -> None:
    """20(5), to the day."""
    found = seen(RESERVED, on=dt.date.fromisoformat(day))
    assert pair(found, "KHM", "BRA").provisions[0].effect is effect


def test_the_twelve_months_run_from_the_notice_and_from_ones_own_consent() -> None:
    """20(5): whichever is later."""
    notified = act(
        "KHM", Deed.RESERVATION, "2021-03-01", provisions=("2",),
        notified=dt.date(2021, 6, 1),
    )  # fmt: skip
    in_time = act("LAO", Deed.OBJECTION, "2022-06-01", towards="KHM")
    assert codes(seen(notified, in_time)) == []

    newcomer = ratified("ZAF", on="2023-01-01")
    objecting = act("ZAF", Deed.OBJECTION, "2023-12-31", towards="KHM")
    assert codes(seen(RESERVED, *newcomer, objecting)) == []


def test_an_objection_too_late_changes_nothing_and_is_flagged() -> None:
    """The reservation was accepted by silence."""
    late = act("LAO", Deed.OBJECTION, "2022-03-02", towards="KHM", provisions=("2",))
    found = seen(RESERVED, late)
    assert codes(found) == ["late_objection"]
    assert pair(found, "KHM", "LAO").provisions[0].effect is Effect.MODIFIED


def test_an_objection_may_be_withdrawn() -> None:
    """22(2); and so may the reservation, 22(1)."""
    back = act("LAO", Deed.OBJECTION_WITHDRAWN, "2022-09-01", towards="KHM")
    found = seen(RESERVED, OBJECTED, back)
    assert pair(found, "KHM", "LAO").provisions[0].effect is Effect.MODIFIED

    gone = act("KHM", Deed.RESERVATION_WITHDRAWN, "2022-10-01", provisions=("2",))
    found = seen(RESERVED, OBJECTED, gone)
    assert found.reservations[0].hold is Hold.WITHDRAWN
    assert pair(found, "KHM", "LAO").provisions == ()


def test_a_state_may_say_that_it_accepts() -> None:
    """Then nobody waits for twelve months."""
    accepts = act("LAO", Deed.RESERVATION_ACCEPTED, "2021-04-01", towards="KHM")
    found = seen(RESERVED, accepts, on=dt.date(2021, 5, 1))
    assert pair(found, "KHM", "LAO").provisions[0].effect is Effect.MODIFIED
    assert pair(found, "KHM", "BRA").provisions[0].effect is Effect.OPEN


def test_two_reservations_to_one_provision_meet() -> None:
    """The stronger effect stands, and both reasons are given."""
    other = act("LAO", Deed.RESERVATION, "2021-03-01", provisions=("2",))
    found = pair(seen(RESERVED, other, OBJECTED), "LAO", "KHM")
    (row,) = found.provisions
    assert row.effect is Effect.NOT
    assert len(row.because) == 2


def test_a_reservation_to_the_whole_speaks_of_all_provisions() -> None:
    """It names none."""
    whole = act("KHM", Deed.RESERVATION, "2021-03-01")
    found = pair(seen(whole), "KHM", "LAO")
    assert (found.provisions, found.rest) == ((), Effect.MODIFIED)


@pytest.mark.parametrize(
    ("stray", "code"),
    [
        (act("LAO", Deed.OBJECTION, "2021-09-01", towards="BRA"), "about_nothing"),
        (act("LAO", Deed.OBJECTION, "2021-09-01", towards="KHM", provisions=("3",)),
         "about_nothing"),
        (act("LAO", Deed.OBJECTION, "2021-02-01", towards="KHM"), "about_nothing"),
        (act("KHM", Deed.OBJECTION, "2021-09-01", towards="KHM"), "about_nothing"),
        (act("LAO", Deed.RESERVATION_WITHDRAWN, "2021-09-01"), "about_nothing"),
        (act("LAO", Deed.OBJECTION_WITHDRAWN, "2021-09-01", towards="KHM"), "about_nothing"),
        (act("LAO", Deed.RESERVATION, "2021-09-01", provisions=("2",)), "late"),
        (act("LAO", Deed.RESERVATION, "2020-09-01", provisions=("2",)), "not_confirmed"),
    ],
)  # fmt: skip
def test_what_speaks_of_no_reservation_is_flagged(stray: Act, code: str) -> None:
    """An objection to nothing, before it, by oneself; a reservation out of time."""
    assert codes(seen(RESERVED, stray)) == [code]


def test_a_reservation_made_on_signing_counts_once_confirmed() -> None:
    """23(2)."""
    before = act("KHM", Deed.RESERVATION, "2020-06-01", provisions=("2",))
    waiting = status(treaty(), (before,), DAY)
    assert waiting.reservations[0].hold is Hold.TO_CONFIRM

    found = seen(before, RESERVED)
    assert codes(found) == []
    assert [one.on for one in found.reservations] == [dt.date(2021, 3, 1)]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Prohibited(), "prohibited"),
        (Permitted(provisions=frozenset({"3"})), "not_permitted"),
        (Pairwise(excluded=frozenset({"2"})), "excluded"),
    ],
)
def test_what_the_treaty_bars_is_flagged(rule: Reservations, code: str) -> None:
    """19(a) and (b)."""
    found = seen(RESERVED, rule=rule)
    assert codes(found) == [code]
    assert found.reservations == ()


def test_what_the_treaty_permits_nobody_need_accept() -> None:
    """20(1): nor can anybody object."""
    found = seen(RESERVED, OBJECTED, rule=Permitted(provisions=frozenset({"2"})))
    assert codes(found) == ["about_nothing"]
    assert pair(found, "KHM", "LAO").provisions[0].effect is Effect.MODIFIED


@pytest.mark.parametrize(
    ("ruling", "hold", "effect"),
    [
        (None, Hold.PENDING, Effect.OPEN),
        (Deed.RESERVATION_ACCEPTED, Hold.ACCEPTED, Effect.MODIFIED),
        (Deed.RESERVATION_REFUSED, Hold.REFUSED, Effect.APPLIES),
    ],
)
def test_where_an_organ_decides_single_states_do_not(
    ruling: Deed | None, hold: Hold, effect: Effect
) -> None:
    """20(3): the acceptance of the organ binds all, and an objection changes nothing."""
    rule = ByOrgan(organ="EXA", assumed=True)
    ruled = () if ruling is None else (act("EXA", ruling, "2021-05-01", towards="KHM"),)
    found = seen(RESERVED, OBJECTED, *ruled, rule=rule)

    assert [one.hold for one in found.reservations] == [hold]
    assert pair(found, "KHM", "LAO").provisions[0].effect is effect
    assert [one.says for one in found.anomalies] == [
        "under this instrument the objection of a single state changes nothing"
    ]


def test_only_the_organ_speaks_for_the_organ() -> None:
    """Another's acceptance is flagged."""
    accepts = act("LAO", Deed.RESERVATION_ACCEPTED, "2021-05-01", towards="KHM")
    found = seen(RESERVED, accepts, rule=ByOrgan(organ="EXA"))
    assert found.reservations[0].hold is Hold.PENDING
    assert codes(found) == ["about_nothing"]


def test_an_unknown_clause_settles_nothing() -> None:
    """Neither accepted nor refused."""
    found = seen(RESERVED, rule=Unknown(reason="not public"))
    assert found.reservations[0].hold is Hold.UNKNOWN
    assert "not public" in found.reservations[0].why


def test_only_pairs_with_something_to_say_are_listed() -> None:
    """Of six pairs, three have the state that reserved."""
    assert [one.states for one in seen(RESERVED).pairs] == [
        ("BRA", "KHM"), ("KHM", "LAO"), ("KHM", "SGP"),
    ]  # fmt: skip
    assert seen().pairs == ()


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        (Prohibited(), "No reservation"),
        (Permitted(provisions=frozenset({"3"})), "permitted only to: 3"),
        (Pairwise(), "for itself"),
        (ByOrgan(organ="EXA", assumed=True), "which was not seen"),
        (Unknown(reason="not public"), "not known: not public"),
    ],
)
def test_what_becomes_of_reservations_is_said(rule: Reservations, word: str) -> None:
    """In one sentence, before any is made."""
    assert word in reserving_in_words(treaty(reservations=rule))
