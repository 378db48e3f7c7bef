# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A real round of a real beacon verifies, and nothing near it does."""

from dataclasses import replace

import pytest

from comity.assess import beacon
from comity.assess.beacon import check_pulse, require_beacon
from comity.errors import NotPermitted
from comity.evidence.beacon import Chain, Pulse
from comity.files.beacon import read_chain

pytest.importorskip("drand_verify", reason="the extra beacon is not installed")

SIGNATURE = bytes.fromhex(
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
    "e342b73a8dd2bacbe47e4b6b63ed5e39"
)
PULSE = Pulse(number=1000, signature=SIGNATURE)


@pytest.fixture
def quicknet() -> Chain:
    """Return the beacon that comes with Comity."""
    return read_chain("quicknet")


def test_round_1000_of_quicknet_verifies(quicknet: Chain) -> None:
    """Anyone may fetch it and compare."""
    assert check_pulse(quicknet, PULSE) is True
    value = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
    assert PULSE.value.hex() == value
    require_beacon()


@pytest.mark.parametrize("change", ["round", "bit", "zero", "key"])
def test_anything_else_is_refused(quicknet: Chain, change: str) -> None:
    """Another round, a flipped bit, no point at all, another beacon's key."""
    pulse, chain = PULSE, quicknet
    if change == "round":
        pulse = replace(pulse, number=1001)
    elif change == "bit":
        pulse = replace(pulse, signature=SIGNATURE[:-1] + bytes([SIGNATURE[-1] ^ 1]))
    elif change == "zero":
        pulse = replace(pulse, signature=bytes(48))
    else:
        chain = replace(chain, public_key=bytes(96))

    assert check_pulse(chain, pulse) is False


def test_without_the_extra_nothing_is_checked_and_nothing_closed(
    quicknet: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draw closed with a mistyped round would be lost, so closing needs the check."""
    monkeypatch.setattr(beacon, "PACKAGE", "no_such_package_of_ours")

    assert check_pulse(quicknet, PULSE) is None
    with pytest.raises(NotPermitted, match="cannot be checked here") as refused:
        require_beacon()
    assert "comity[beacon]" in refused.value.hint
