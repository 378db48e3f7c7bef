# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An audit hears the third, holds custody to the evidence, and draws around opened items."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from comity.evidence.audit import Case, Check, Scorer, audit
from comity.evidence.bank import Item
from comity.evidence.beacon import BeaconRound, Chain, Pulse, unchecked
from comity.evidence.custody import Custody
from comity.evidence.draw import Nonces, draws, seed_of, sizes
from comity.evidence.third import Spoken
from comity.evidence.transcript import Missing
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.kernel.instant import from_posix
from comity.kernel.truth import Truth

Answer = Callable[[Item], str | Missing]
Publish = Callable[[Answer], Case]
GoOn = Callable[[Case, Fraction, Answer], Case]

CHAIN = Chain(public_key=b"k" * 96, genesis=from_posix(1_692_803_367), period_s=3)


def named(checks: tuple[Check, ...], name: str) -> Check:
    """Return the check of one name."""
    (found,) = [check for check in checks if check.name == name]
    return found


@pytest.fixture
def drawn(publish: Publish, right: Answer) -> Case:
    """Return a test whose plan names a round of a beacon, with the seed that follows."""
    case = publish(right)
    third = BeaconRound(chain=CHAIN, number=CHAIN.first_after(case.plan.issued))
    pulse = Pulse(number=third.number, signature=b"s" * 48)
    nonces = Nonces(provider=b"p" * 32, tester=b"t" * 32, beacon=pulse.value)
    seed = seed_of(case.plan.bank_root, case.plan_reference.sha256, nonces)
    return replace(
        case,
        plan=replace(case.plan, draw=third),
        finding=replace(case.finding, seed=seed),
        spoken=Spoken(pulse=pulse),
    )


@pytest.mark.parametrize(
    ("signed", "holds"), [(True, Truth.TRUE), (None, Truth.UNDETERMINED), (False, Truth.FALSE)]
)
def test_a_beacon_is_checked_where_it_can_be(
    drawn: Case,
    score: Scorer,
    signed: bool | None,  # noqa: FBT001 - what a check of a signature returns
    holds: Truth,
) -> None:
    """Without the extra the signature is not checked, and that is what is said."""
    checks = audit(drawn, score, lambda chain, pulse: signed)  # noqa: ARG005 - of a fixed mind

    assert named(checks, "seed").holds is Truth.TRUE
    assert named(checks, "third").holds is holds
    if signed is None:
        assert named(checks, "third").message.startswith("not checked")


def test_a_draw_that_was_not_closed_gives_no_seed(drawn: Case, score: Scorer) -> None:
    """Two nonces alone are another draw than the plan's."""
    checks = audit(replace(drawn, spoken=Spoken()), score, unchecked)

    assert named(checks, "seed").place == "draw.pulse"
    assert named(checks, "third").holds is Truth.FALSE


def test_another_pulse_gives_another_seed(drawn: Case, score: Scorer) -> None:
    """Whoever closes the draw chooses nothing."""
    pulse = drawn.spoken.pulse
    assert pulse is not None
    other = Spoken(pulse=replace(pulse, signature=b"z" * 48))

    checks = audit(replace(drawn, spoken=other), score, unchecked)

    assert named(checks, "seed").place == "finding.seed"


def test_a_party_that_revealed_when_the_round_was_out_is_named(
    drawn: Case, score: Scorer
) -> None:
    """It knew the draw, and could have dropped it."""
    third = drawn.plan.draw
    assert isinstance(third, BeaconRound)
    provider, tester = drawn.reveals
    late = replace(drawn, reveals=(provider, replace(tester, issued=third.due)))

    assert named(audit(late, score, unchecked), "third").place == "reveals[1].issued"


def test_draws_without_a_third_have_no_such_check(
    publish: Publish, right: Answer, score: Scorer
) -> None:
    """What older plans say is audited as it was."""
    names = [check.name for check in audit(publish(right), score)]

    assert "third" not in names
    assert "custody" not in names


@pytest.fixture
def handed(publish: Publish, go_on: GoOn, right: Answer) -> Case:
    """Return a continuation with the custody statement it rests on."""
    case = go_on(publish(right), Fraction(1, 200), right)
    assert case.first is not None
    custody = Custody(
        issued=case.plan.issued,
        plan=case.first.plan_reference,
        to=MemberId("ab" * 32),
        blob=sha256(b"box"),
        opened={name: len(case.first.outcomes(name)) for name in case.first.plan.categories},
    )
    return replace(case, custody=custody)


def test_custody_that_says_what_the_evidence_shows_holds(handed: Case, score: Scorer) -> None:
    """The next tester goes on where the draw stood."""
    assert named(audit(handed, score), "custody").holds is Truth.TRUE


def test_custody_that_says_otherwise_is_named(handed: Case, score: Scorer) -> None:
    """Items were asked that the evidence leaves out, or the next tester was told wrongly."""
    custody = handed.custody
    assert custody is not None
    more = replace(custody, opened={**custody.opened, "shelter": 1})
    other = replace(custody, plan=handed.plan_reference)

    for wrong, place in ((more, "custody.first_positions.shelter"), (other, "custody.plan")):
        check = named(audit(replace(handed, custody=wrong), score), "custody")
        assert (check.holds, check.place) == (Truth.FALSE, place)


def test_a_continuation_leaves_out_what_the_first_plan_left_out(
    handed: Case, score: Scorer
) -> None:
    """Another set would be another order, chosen once outcomes are known."""
    changed = replace(handed, plan=replace(handed.plan, retired=(1,)))

    check = named(audit(changed, score), "plan")

    assert check.place in {"plan.retired", "plan.categories[0]"}
    assert check.holds is Truth.FALSE


def test_a_plan_is_designed_for_what_was_never_opened(
    publish: Publish, right: Answer, score: Scorer
) -> None:
    """A category of 60 of which 2 are spent is a category of 58."""
    case = publish(right)
    left_out = replace(case, plan=replace(case.plan, retired=(40, 41)))

    check = named(audit(left_out, score), "plan")

    assert "is designed for 60 items, the bank has 58" in check.message


def test_retired_positions_are_never_due_and_change_no_order(
    publish: Publish, right: Answer
) -> None:
    """The order of what is left is the whole's order restricted to it."""
    case = publish(right)
    commitment = case.bank.commitment
    whole = draws(case.finding.seed, commitment)
    retired = (*whole["shelter"][:5], *whole["rescue"][3:4])

    left = draws(case.finding.seed, commitment, retired)

    assert left["shelter"] == whole["shelter"][5:]
    assert left["rescue"] == whole["rescue"][:3] + whole["rescue"][4:]
    assert sizes(commitment, retired) == {"rescue": 39, "shelter": 55}
