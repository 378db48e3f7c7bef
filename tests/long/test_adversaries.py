# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The adversaries of docs/spec/adversaries.md over more runs, to within a tighter error."""

from pathlib import Path

import pytest
from tests.adversaries.test_draw import GRINDERS, both_agree, first_pleasing
from tests.adversaries.test_stalling import runs_shown, stalls
from tests.fakes.lottery import is_shown_by, most_wrong, nonce_of
from tests.fakes.subject import Stub

from comity.evidence.draw import Nonces
from comity.kernel.digest import sha256

pytestmark = pytest.mark.long

RUNS = 1_500
PLAN = sha256(b"plan")


def test_two_hundred_stalled_runs_over_loopback_keep_the_risk(tmp_path: Path) -> None:
    """Each ends in the verdict of its draw, whatever came late."""
    stub = Stub()
    stub.start()
    try:
        stub.behaviour = stalls(0.03)
        shown = runs_shown(range(1_000, 1_200), tmp_path, stub)
    finally:
        stub.stop()

    assert shown <= most_wrong(200)


@pytest.mark.parametrize("name", GRINDERS)
def test_grinding_keeps_the_risk_over_many_tests(name: str) -> None:
    """Sixty tries each, against a nonce that is not the guessed one."""
    shown = 0
    for run in range(RUNS):
        chosen, plan = first_pleasing(GRINDERS[name](nonce_of("long guess", run)))
        real = Nonces(provider=nonce_of("long", run), tester=chosen.tester)
        shown += is_shown_by(real, plan)

    assert shown <= most_wrong(RUNS)


def test_two_that_agree_keep_the_risk_where_a_third_speaks() -> None:
    """And break it where none does."""
    agreed = [both_agree(run) for run in range(RUNS)]
    alone = sum(is_shown_by(nonces, PLAN) for nonces in agreed)
    third = sum(
        is_shown_by(
            Nonces(
                provider=nonces.provider,
                tester=nonces.tester,
                beacon=nonce_of("long pulse", run),
            ),
            PLAN,
        )
        for run, nonces in enumerate(agreed)
    )

    assert third <= most_wrong(RUNS)
    assert alone >= RUNS * 0.8
