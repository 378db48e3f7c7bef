# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who tries draws until one pleases: alone, by aborting, or both parties together.

Each adversary knows beforehand how the system answers every item, which is the worst case.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import prod

import pytest
from tests.fakes.lottery import (
    DESIGN,
    RISK,
    SIZE,
    design_at,
    exact_rate,
    is_shown_by,
    most_wrong,
    nonce_of,
)

from comity.evidence.attempt import Attempt, Fate, Sharing, count, next_risk
from comity.evidence.combine import attempt_risk
from comity.evidence.contributor import Contributor, Contributors
from comity.evidence.draw import Nonces, Role, commit_nonce, verify_nonce
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.reference import Reference

TRIES, RUNS, TWINS = 60, 150, 40
Choice = tuple[Nonces, Digest]
HERE = Reference(log=Origin("kh.example/log"), index=1, sha256=sha256(b"plan"))
TESTER = MemberId("kh")


def first_pleasing(tries: Callable[[int], Choice]) -> Choice:
    """Return the first of so many choices whose draw shows the claim, else the last."""
    choices = [tries(number) for number in range(TRIES)]
    pleasing = (one for one in choices if is_shown_by(one[0], one[1]))
    return next(pleasing, choices[-1])


def own_nonce(provider: bytes) -> Callable[[int], Choice]:
    """Try one's own nonce as the tester."""
    return lambda n: (
        Nonces(provider=provider, tester=nonce_of("tester", provider, n)),
        sha256(b"plan"),
    )


def plan_wording(provider: bytes) -> Callable[[int], Choice]:
    """Try wordings of the plan, whose digest is in the seed."""
    tester = nonce_of("tester", provider)
    return lambda n: (
        Nonces(provider=provider, tester=tester),
        sha256(b"plan", n.to_bytes(4, "big")),
    )


GRINDERS = {"the tester's nonce": own_nonce, "the plan's wording": plan_wording}


@pytest.mark.parametrize("name", GRINDERS)
def test_grinding_against_a_nonce_one_does_not_know_gains_nothing(name: str) -> None:
    """What was chosen suits a guess; the committed nonce makes another draw of it."""
    shown = 0
    for run in range(RUNS):
        chosen, plan = first_pleasing(GRINDERS[name](nonce_of("guess", run)))
        real = Nonces(provider=nonce_of("provider", run), tester=chosen.tester)
        shown += is_shown_by(real, plan)

    assert shown <= most_wrong(RUNS)


@pytest.mark.parametrize("name", GRINDERS)
def test_the_twin_whose_provider_commits_to_nothing_first_is_ground(name: str) -> None:
    """Sixty tries find a draw that pleases in 88 of 100 tests."""
    shown = sum(
        is_shown_by(*first_pleasing(GRINDERS[name](nonce_of("known", run))))
        for run in range(TWINS)
    )

    assert float(1 - (1 - exact_rate()) ** TRIES) > 0.8
    assert shown >= TWINS * 0.7


def provider_nonce(run: int) -> Callable[[int], Choice]:
    """Try one's own nonce as the provider, against a guess of the tester's."""
    return lambda n: (
        Nonces(provider=nonce_of("provider", run, n), tester=nonce_of("guess", run)),
        sha256(b"plan"),
    )


def test_a_provider_that_grinds_its_nonce_gains_nothing() -> None:
    """It commits in its application, before there is a plan or a tester's nonce."""
    shown = 0
    for run in range(RUNS):
        chosen, _ = first_pleasing(provider_nonce(run))
        real = Nonces(provider=chosen.provider, tester=nonce_of("tester", run))
        shown += is_shown_by(real, sha256(b"plan of", run.to_bytes(4, "big")))

    assert shown <= most_wrong(RUNS)


def aborted(number: int, *, has_third: bool, fate: Fate) -> Attempt:
    """Return an attempt that stopped at the draw."""
    return Attempt(
        plan=Reference(log=HERE.log, index=number, sha256=HERE.sha256),
        tester=TESTER,
        sharing=Sharing.WEIGHTED,
        has_third=has_third,
        categories=("road",),
        fate=fate,
        withheld_by=(TESTER,),
    )


def test_draws_that_were_aborted_share_one_risk() -> None:
    """Ten draws, nine of them dropped because they looked bad: still 5 percent in all."""
    designs, dropped = [], list[Attempt]()
    for number in range(10):
        risk = next_risk(RISK, dropped, Sharing.WEIGHTED, "road")
        designs.append(design_at(risk))
        dropped.append(aborted(number, has_third=True, fate=Fate.TESTER))

    wrong = 1 - prod(1 - exact_rate(design, stubborn=True) for design in designs)

    assert count(dropped) == 10
    assert wrong <= RISK
    assert sum(attempt_risk(RISK, k) for k in range(1, 1_000)) < RISK


def test_the_twin_that_draws_again_for_nothing_shows_it_in_the_end() -> None:
    """Ten draws at 5 percent each are 40 percent, twenty 64."""
    rate = exact_rate(stubborn=True)

    assert 1 - (1 - rate) ** 10 > 7 * RISK
    assert 1 - (1 - rate) ** 20 > 12 * RISK


def test_who_withholds_its_nonce_is_charged_unless_it_alone_knew_the_draw() -> None:
    """A limit: two that agree abort for nothing where no third speaks, and it is seen."""
    fates = {Fate.PROVIDER: 1, Fate.THIRD: 1, Fate.UNREPORTED: 1, Fate.TESTER: 0}

    for fate, charged in fates.items():
        assert count([aborted(1, has_third=False, fate=fate)]) == charged
        assert count([aborted(1, has_third=True, fate=fate)]) == 1


def both_agree(run: int) -> Nonces:
    """Choose both nonces together, in private."""
    return first_pleasing(
        lambda n: (
            Nonces(provider=nonce_of("p", run, n), tester=nonce_of("t", run, n)),
            sha256(b"plan"),
        )
    )[0]


def test_two_that_agree_are_not_stopped_by_their_own_two_nonces() -> None:
    """A limit: commitments, reveals and draw are all in order, and the draw is theirs."""
    shown = 0
    for run in range(TWINS):
        nonces = both_agree(run)
        for role, nonce in ((Role.PROVIDER, nonces.provider), (Role.TESTER, nonces.tester)):
            verify_nonce(commit_nonce(nonce, role), nonce, role)
        shown += is_shown_by(nonces, sha256(b"plan"))

    assert shown >= TWINS * 0.7


def test_a_third_that_speaks_after_both_takes_the_draw_out_of_their_hands() -> None:
    """They grind against a guess of what it will say; it says something else."""
    agreed, shown = [both_agree(run) for run in range(TWINS)], 0
    for run in range(RUNS):
        real = replace(agreed[run % TWINS], beacon=nonce_of("pulse", run))
        shown += is_shown_by(real, sha256(b"plan"))

    assert shown <= most_wrong(RUNS)


def thirds(least: int) -> Contributors:
    """Return three members of which so many must speak."""
    names = ("br", "ng", "sg")
    nodes = tuple(Contributor(member=MemberId(name), commitment=HERE) for name in names)
    return Contributors(nodes=nodes, least=least)


def chosen_among(draws: int, risk: Fraction) -> int:
    """Count the runs in which the best of so many draws shows the claim, wrongly."""
    design, plan = design_at(risk), sha256(b"plan")
    parties = Nonces(provider=b"p" * 32, tester=b"t" * 32)
    return sum(
        any(
            is_shown_by(replace(parties, beacon=nonce_of("set", run, n)), plan, design)
            for n in range(draws)
        )
        for run in range(RUNS)
    )


def test_choosing_whose_share_is_left_out_is_paid_for_beforehand() -> None:
    """Two of three can be closed in four ways, so the designs hold a quarter of the risk."""
    assert (thirds(3).draws, thirds(2).draws) == (1, 4)
    assert 1 - (1 - exact_rate(design_at(RISK / 4), stubborn=True)) ** 4 <= RISK
    assert chosen_among(4, RISK / 4) <= most_wrong(RUNS)


def test_the_twin_that_lets_shares_be_left_out_for_nothing_breaks() -> None:
    """The best of four draws at 5 percent is 18 percent."""
    assert 1 - (1 - exact_rate(DESIGN, stubborn=True)) ** 4 > 3 * RISK
    assert chosen_among(4, RISK) > RUNS * 0.1


def test_the_bank_of_these_tests_is_where_the_claim_is_just_false() -> None:
    """Or none of the rates here would be of false recognition."""
    assert exact_rate(stubborn=True) <= RISK
    assert exact_rate(stubborn=True) > Fraction(8, 10) * RISK
    assert DESIGN.size == SIZE
