# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A beacon's round is named before it is out, and its value is the signature's digest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InvalidDocument
from comity.evidence.beacon import (
    BeaconRound,
    Chain,
    Pulse,
    chain_from_info,
    check_due,
    pulse_from_beacon,
    round_from,
    unchecked,
)
from comity.kernel.fields import Fields
from comity.kernel.instant import from_posix, from_rfc3339, to_posix

CHAIN = Chain(public_key=b"k" * 96, genesis=from_posix(1_692_803_367), period_s=3)
SIGNATURE = (
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
    "e342b73a8dd2bacbe47e4b6b63ed5e39"
)
RANDOMNESS = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"


def test_rounds_count_from_one_at_genesis() -> None:
    """Round 1000 of quicknet was due 2,997 seconds after its genesis."""
    assert CHAIN.time_of(1) == CHAIN.genesis
    assert to_posix(CHAIN.time_of(1000)) == 1_692_803_367 + 2_997


@given(st.integers(0, 10**9))
def test_the_first_round_after_a_moment_is_after_it_and_no_earlier_one_is(after_s: int) -> None:
    """A round that is out when the plan is made can be chosen to suit."""
    moment = from_posix(1_692_803_367 - 10 + after_s)
    number = CHAIN.first_after(moment)

    assert CHAIN.time_of(number) > moment
    assert number == 1 or CHAIN.time_of(number - 1) <= moment


def test_a_round_no_later_than_the_plan_is_refused_with_the_next() -> None:
    """Its value may be known, and a plan could be written around it."""
    planned = CHAIN.time_of(1000)
    check_due(BeaconRound(chain=CHAIN, number=1001), planned)

    with pytest.raises(InvalidDocument, match="no later than the plan") as refused:
        check_due(BeaconRound(chain=CHAIN, number=1000), planned)

    assert refused.value.code == "evidence.beacon_round"
    assert "1001" in refused.value.hint


def test_a_round_reads_back_as_written() -> None:
    """A plan is read by whoever follows its log."""
    chosen = BeaconRound(chain=CHAIN, number=1000)
    fields = Fields(chosen.to_json(), faults=[])

    assert round_from(fields) == chosen
    assert fields.faults == []


def test_a_round_after_the_last_year_is_a_fault() -> None:
    """Its time could not be written, and every reader would fall over it."""
    plain = {**BeaconRound(chain=CHAIN, number=1).to_json(), "round": 2**53 - 1}
    fields = Fields(plain, faults=[])
    chosen = round_from(fields)

    assert "year 9999" in fields.faults[0].message
    assert chosen.due < from_rfc3339("9999-12-31T23:59:59Z")


def test_a_beacons_own_words_are_read() -> None:
    """The value is what the beacon publishes as its randomness."""
    pulse = pulse_from_beacon({"round": 1000, "randomness": RANDOMNESS, "signature": SIGNATURE})

    assert pulse.value.hex() == RANDOMNESS
    assert pulse == pulse_from_beacon({"round": 1000, "signature": SIGNATURE})


def test_randomness_that_is_not_the_signatures_is_a_fault() -> None:
    """A file put together from two rounds is found out without any curve."""
    with pytest.raises(InvalidDocument) as refused:
        pulse_from_beacon({"round": 1000, "randomness": "00" * 32, "signature": SIGNATURE})

    assert "randomness is not the SHA-256" in refused.value.faults[0].message


@pytest.mark.parametrize(
    "plain",
    [
        None,
        {},
        {"round": 0, "signature": SIGNATURE},
        {"round": 1, "signature": SIGNATURE.upper()},
        {"round": 1, "signature": SIGNATURE[:-2]},
        {"round": 1, "signature": "zz" * 48},
        {"round": "1", "signature": 7},
    ],
)
def test_nonsense_is_no_pulse(plain: object) -> None:
    """Nothing but 96 lower-case digits reaches the library that checks the curve."""
    with pytest.raises(InvalidDocument) as refused:
        pulse_from_beacon(plain)

    assert refused.value.code == "evidence.beacon"


def test_a_description_names_every_fault() -> None:
    """Whoever runs a beacon of its own learns at once what is missing."""
    with pytest.raises(InvalidDocument) as refused:
        chain_from_info({"public_key": "00", "period": 0, "schemeID": "pedersen"})

    assert len(refused.value.faults) == 4


def test_without_the_extra_nothing_is_claimed() -> None:
    """Not checked is neither true nor false."""
    assert unchecked(CHAIN, Pulse(number=1, signature=bytes(48))) is None
