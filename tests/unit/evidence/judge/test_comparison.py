# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The comparison audit: what labels it takes, what it concludes, and that its risk is kept."""

from fractions import Fraction
from itertools import combinations_with_replacement, permutations

import pytest

from comity.evidence.judge.comparison import Audited, Comparison, lasting_bound, seed_of
from comity.evidence.judge.measured import upper_bound
from comity.evidence.statistics.design import Verdict
from comity.kernel.digest import Digest

P0, GOAL = Fraction(95, 100), Fraction(97, 100)


def audit(size: int = 2_000, judged: int = 1_940) -> Audited:
    """Return an audit before its first label."""
    return Audited(
        comparison=Comparison(size=size, judged=judged, threshold=P0, goal=GOAL),
    )


def test_a_judge_that_never_errs_needs_few_labels() -> None:
    """The claim of 95 % is shown where 97 % were judged to pass and people always agree."""
    found = audit()
    for _ in range(1_000):
        if found.verdict is not Verdict.INSUFFICIENT:
            break
        found = found.after(judged=True, passes=True)

    assert found.verdict is Verdict.SHOWN
    assert found.asked < 200


def test_a_judge_that_passes_failures_shows_nothing() -> None:
    """A provider that calls everything right is caught by the first few labels."""
    found = audit(judged=2_000)
    for at in range(400):
        found = found.after(judged=True, passes=at % 10 != 0)
        if found.verdict is not Verdict.INSUFFICIENT:
            break

    assert found.verdict is Verdict.NOT_SHOWN
    assert found.asked < 200


def test_a_verdict_stays_once_it_is() -> None:
    """What is shown at one look is not taken back at another."""
    found = audit(judged=2_000)
    for _ in range(500):
        found = found.after(judged=True, passes=True)
    assert found.verdict is Verdict.SHOWN

    for _ in range(500):
        found = found.after(judged=True, passes=False)

    assert found.verdict is Verdict.SHOWN


def test_errors_are_counted_by_their_kind() -> None:
    """The bound on the judge comes from one of the two kinds only."""
    found = audit()
    for judged, passes in ((True, True), (True, False), (False, True), (False, False)):
        found = found.after(judged=judged, passes=passes)

    assert (found.asked, found.failing) == (4, 2)
    assert (found.passed_wrongly, found.failed_wrongly) == (1, 1)
    assert found.false_pass == lasting_bound(1, 2)


@pytest.mark.parametrize("size", [3, 4, 5])
def test_the_chance_of_a_wrong_shown_is_enumerated_and_kept(size: int) -> None:
    """Every bank of a few answers, every set of verdicts, every order of the draw."""
    worst = Fraction(0)
    for kinds in combinations_with_replacement([(0, 0), (0, 1), (1, 0), (1, 1)], size):
        passing = sum(passes for _, passes in kinds)
        comparison = Comparison(
            size=size,
            judged=sum(judged for judged, _ in kinds),
            threshold=Fraction(passing, size),
            goal=Fraction(1),
            risk=Fraction(1, 2),
        )
        if passing == size:
            continue
        orders = list(permutations(kinds))
        shown = sum(_ever_shown(comparison, order) for order in orders)
        worst = max(worst, Fraction(shown, len(orders)))

    assert 0 < worst <= Fraction(1, 2)


def _ever_shown(comparison: Comparison, order: tuple[tuple[int, int], ...]) -> bool:
    found = Audited(comparison=comparison)
    for judged, passes in order:
        found = found.after(judged=bool(judged), passes=bool(passes))
    return found.verdict is Verdict.SHOWN


def test_the_whole_bank_decides_for_good() -> None:
    """A census leaves nothing open: shown where it is true, not shown where it is not."""
    for failing, verdict in ((0, Verdict.SHOWN), (1, Verdict.NOT_SHOWN)):
        found = Audited(
            comparison=Comparison(size=4, judged=4, threshold=Fraction(3, 4), goal=Fraction(1))
        )
        for at in range(4):
            found = found.after(judged=True, passes=at >= failing)
        assert found.verdict is verdict


def test_the_lasting_bound_is_above_the_one_for_a_fixed_number() -> None:
    """Looking whenever one likes costs something; the other would be wrong here."""
    for passed, failing in ((0, 30), (1, 40), (5, 60)):
        fixed = upper_bound(passed, failing, Fraction(1, 20))
        assert fixed < lasting_bound(passed, failing) < 3 * fixed + Fraction(5, 100)
    assert lasting_bound(0, 0) == lasting_bound(3, 3) == 1


def test_the_lasting_bound_holds_at_every_look() -> None:
    """The exact chance that it is ever below the rate, over 60 looks, is at most the risk."""
    rate = Fraction(1, 10)
    alive, missed = {0: Fraction(1)}, Fraction(0)
    for failing in range(1, 61):
        grown: dict[int, Fraction] = {}
        for passed, share in alive.items():
            for more, chance in ((1, rate), (0, 1 - rate)):
                grown[passed + more] = grown.get(passed + more, Fraction(0)) + share * chance
        alive = {n: s for n, s in grown.items() if lasting_bound(n, failing) >= rate}
        missed = 1 - sum(alive.values(), Fraction(0))

    assert missed <= Fraction(1, 20)


def test_the_draw_hangs_on_the_commitment() -> None:
    """A changed verdict is another draw."""
    seed = bytes(32)

    assert seed_of(Digest(bytes(32)), seed) != seed_of(Digest(b"\x01" * 32), seed)
