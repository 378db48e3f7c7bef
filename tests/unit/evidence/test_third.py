# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the third adds to a draw is what it said, after both parties, and nothing else."""

from dataclasses import replace

import pytest

from comity.errors import InvalidDocument, VerificationFailed
from comity.evidence.beacon import BeaconRound, Chain, Pulse
from comity.evidence.contributor import (
    Contributor,
    Contributors,
    DrawCommitment,
    Share,
    commit_share,
)
from comity.evidence.third import (
    SILENT,
    DrawReveal,
    Spoken,
    check_third,
    draw_reveal_from_predicate,
    third_from,
    third_to_json,
    words_of,
)
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import from_posix, from_rfc3339
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth

ISSUED = from_rfc3339("2026-11-21T19:19:24Z")
CHAIN = Chain(public_key=b"k" * 96, genesis=from_posix(1_692_803_367), period_s=3)
ROUND = BeaconRound(chain=CHAIN, number=CHAIN.first_after(ISSUED))
PULSE = Pulse(number=ROUND.number, signature=b"s" * 48)


def place(name: str) -> Reference:
    """Return where something stands."""
    return Reference(log=Origin(f"{name}.example/log"), index=1, sha256=sha256(name.encode()))


APPLICATION = place("application")
NAMES = ("br", "ke", "sg")


def share(name: str) -> Share:
    """Return one member's part."""
    member, nonce = MemberId(sha256(name.encode()).hex()), sha256(b"nonce", name.encode())
    committed = DrawCommitment(
        issued=ISSUED, application=APPLICATION, nonce_commitment=commit_share(nonce, member)
    )
    return Share(member=member, commitment=committed, nonce=nonce)


SHARES = tuple(share(name) for name in NAMES)
NODES = Contributors(
    nodes=tuple(
        Contributor(member=one.member, commitment=place(name))
        for name, one in zip(NAMES, SHARES, strict=True)
    ),
    least=2,
)


def test_without_a_third_nothing_is_added() -> None:
    """Draws of two parties keep their seeds."""
    assert words_of(None, SILENT, APPLICATION) == b""


def test_a_beacon_adds_its_value() -> None:
    """Which is the digest of the signature, as the beacon publishes it."""
    assert words_of(ROUND, Spoken(pulse=PULSE), APPLICATION) == sha256(b"s" * 48)


@pytest.mark.parametrize(
    ("spoken", "where"),
    [
        (SILENT, "draw.pulse"),
        (Spoken(pulse=replace(PULSE, number=PULSE.number + 1)), "draw.pulse.round"),
    ],
)
def test_another_round_than_the_plans_makes_no_draw(spoken: Spoken, where: str) -> None:
    """Whoever could choose the round could choose the questions."""
    with pytest.raises(VerificationFailed) as refused:
        words_of(ROUND, spoken, APPLICATION)

    assert refused.value.place == where


def test_shares_add_up_in_the_plans_order() -> None:
    """The order they came in is nobody's to choose."""
    whole = words_of(NODES, Spoken(shares=SHARES), APPLICATION)

    assert whole == words_of(NODES, Spoken(shares=SHARES[::-1]), APPLICATION)
    assert len(whole) == 32


def test_each_set_of_shares_gives_another_draw() -> None:
    """So leaving one out is a choice, and is counted as one."""
    sets = [SHARES, SHARES[:2], SHARES[1:], (SHARES[0], SHARES[2])]
    words = {words_of(NODES, Spoken(shares=one), APPLICATION) for one in sets}

    assert len(words) == NODES.draws == 4


def _strange() -> Share:
    return replace(share("maker"), member=MemberId("ef" * 32))


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        (SHARES[:1], "1 nonces make no draw"),
        ((), "0 nonces make no draw"),
        ((replace(SHARES[0], nonce=Digest(bytes(32))), *SHARES[1:]), "not the committed one"),
        ((*SHARES, _strange()), "does not name"),
        (
            (
                replace(
                    SHARES[0],
                    commitment=replace(SHARES[0].commitment, application=place("other")),
                ),
                *SHARES[1:],
            ),
            "for another application",
        ),
    ],
)
def test_too_few_strange_or_changed_shares_make_no_draw(
    shares: tuple[Share, ...], message: str
) -> None:
    """Fewer than the plan's least number end the attempt."""
    with pytest.raises(VerificationFailed, match=message) as refused:
        words_of(NODES, Spoken(shares=shares), APPLICATION)

    assert refused.value.code == "evidence.third"


@pytest.mark.parametrize(
    ("verified", "holds"), [(True, Truth.TRUE), (None, Truth.UNDETERMINED)]
)
def test_a_signature_nobody_checked_is_said_to_be_unchecked(
    verified: bool | None,  # noqa: FBT001 - what a check of a signature returns
    holds: Truth,
) -> None:
    """The extra may be missing; that is no reason to claim what was not seen."""
    found = check_third(
        ROUND,
        Spoken(pulse=PULSE),
        planned=ISSUED,
        revealed=[ISSUED],
        verify=lambda chain, pulse: verified,  # noqa: ARG005 - a check of a fixed mind
    )

    assert found is holds


def _deny(chain: Chain, pulse: Pulse) -> bool:
    del chain, pulse
    return False


@pytest.mark.parametrize(
    ("late", "where"),
    [
        ({"planned": ROUND.due}, "plan.draw.beacon"),
        ({"revealed": [ISSUED, ROUND.due]}, "reveals[1].issued"),
        ({"spoken": SILENT}, "draw.pulse"),
        ({}, "draw.pulse.signature"),
    ],
)
def test_a_third_that_did_not_speak_last_is_found_out(
    late: dict[str, object], where: str
) -> None:
    """A party that reveals when the round is out knows the draw, and may drop it."""
    given: dict[str, object] = {
        "spoken": Spoken(pulse=PULSE),
        "planned": ISSUED,
        "revealed": [ISSUED, ISSUED],
        **late,
    }
    spoken = given.pop("spoken")
    assert isinstance(spoken, Spoken)

    with pytest.raises(VerificationFailed) as refused:
        check_third(ROUND, spoken, **given, verify=_deny)  # type: ignore[arg-type] # by name

    assert refused.value.place == where


@pytest.mark.parametrize("third", [ROUND, NODES])
def test_a_third_reads_back_as_written(third: BeaconRound | Contributors) -> None:
    """A plan is read by whoever follows its log."""
    fields = Fields(third_to_json(third), faults=[])

    assert third_from(fields) == third
    assert fields.faults == []


def test_a_plan_has_one_third() -> None:
    """Of two, one could be dropped."""
    for plain in ({}, {**third_to_json(ROUND), **third_to_json(NODES)}):
        fields = Fields(plain, faults=[])
        third_from(fields)
        assert "either a beacon or nodes" in fields.faults[0].message


@pytest.mark.parametrize(
    "reveal",
    [
        DrawReveal(issued=ISSUED, plan=place("plan"), nonce=Digest(b"n" * 32)),
        DrawReveal(issued=ISSUED, plan=place("plan"), pulse=PULSE),
        DrawReveal(
            issued=ISSUED, plan=place("plan"), shares=(place("br"),), extra={"more": [1]}
        ),
    ],
)
def test_a_draw_reveal_reads_back_as_written(reveal: DrawReveal) -> None:
    """Unknown fields survive."""
    assert draw_reveal_from_predicate(reveal.to_predicate()) == reveal
    assert reveal.is_closing == (reveal.nonce is None)


def test_a_draw_reveal_says_one_thing() -> None:
    """Two at once could be read in two ways."""
    one = DrawReveal(issued=ISSUED, plan=place("plan"), nonce=Digest(b"n" * 32))
    plain: dict[str, Json] = {**one.to_predicate(), "pulse": PULSE.to_json()}
    empty = {name: value for name, value in one.to_predicate().items() if name != "nonce"}

    for predicate in (plain, empty):
        with pytest.raises(InvalidDocument) as refused:
            draw_reveal_from_predicate(predicate)
        assert "exactly one of nonce, pulse and shares" in refused.value.faults[0].message
