# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The draw follows from both nonces and from nothing either side chooses later."""

import pytest

from comity.errors import InvalidDocument, VerificationFailed
from comity.evidence.bank import Bank
from comity.evidence.draw import (
    Nonces,
    Role,
    charged,
    commit_nonce,
    draws,
    order,
    seed_of,
    ticket,
    verify_nonce,
)
from comity.kernel.digest import sha256

ROOT, PLAN = sha256(b"root"), sha256(b"plan")
NONCES = Nonces(provider=b"p" * 32, tester=b"t" * 32)


def test_a_nonce_opens_its_own_commitment_only() -> None:
    """Otherwise a side could pick its nonce after seeing the other's."""
    commitment = commit_nonce(b"p" * 32, Role.PROVIDER)
    verify_nonce(commitment, b"p" * 32, Role.PROVIDER)
    for nonce, role in (
        (b"q" * 32, Role.PROVIDER),
        (b"p" * 32, Role.TESTER),
        (b"", Role.PROVIDER),
    ):
        with pytest.raises(VerificationFailed) as caught:
            verify_nonce(commitment, nonce, role)
        assert caught.value.place == f"reveal.{role.value}"


def test_one_sides_commitment_is_no_use_to_the_other() -> None:
    """Copying the provider's commitment would let a tester mirror its nonce."""
    nonce = b"n" * 32
    assert commit_nonce(nonce, Role.PROVIDER) != commit_nonce(nonce, Role.TESTER)


def test_a_short_nonce_is_refused() -> None:
    """A guessable nonce commits to nothing."""
    with pytest.raises(InvalidDocument):
        commit_nonce(b"short", Role.TESTER)


@pytest.mark.parametrize(
    "other",
    [
        seed_of(PLAN, ROOT, NONCES),
        seed_of(ROOT, sha256(b"plan 2"), NONCES),
        seed_of(ROOT, PLAN, Nonces(provider=b"t" * 32, tester=b"p" * 32)),
        seed_of(ROOT, PLAN, Nonces(provider=b"p" * 32, tester=b"u" * 32)),
        seed_of(ROOT, PLAN, Nonces(provider=b"p" * 32, tester=b"t" * 32, beacon=b"b")),
    ],
)
def test_the_seed_binds_bank_plan_nonces_and_beacon(other: bytes) -> None:
    """Changing any of them after the fact must change the draw."""
    assert seed_of(ROOT, PLAN, NONCES) != other


def test_a_category_is_drawn_in_the_banks_order_restricted(bank: Bank) -> None:
    """So testing one category fewer, or more, moves no question of another."""
    seed = seed_of(bank.commitment.root, PLAN, NONCES)
    whole = order(seed, range(bank.commitment.size))
    for name, due in draws(seed, bank.commitment).items():
        inside = bank.commitment.positions(name)
        assert due == tuple(position for position in whole if position in inside)


def test_every_item_is_due_once(bank: Bank) -> None:
    """Sampling is without replacement."""
    seed = seed_of(bank.commitment.root, PLAN, NONCES)
    due = [position for order in draws(seed, bank.commitment).values() for position in order]
    assert sorted(due) == list(range(100))


def test_tickets_differ_by_position_and_seed() -> None:
    """A collision would leave the order to the sorter."""
    tickets = {ticket(seed, n) for seed in (ROOT, PLAN) for n in range(500)}
    assert len(tickets) == 1000


def test_every_place_in_the_order_is_equally_likely() -> None:
    """A biased shuffle would break the exact risk; chi-squared over 2,000 seeds."""
    counts = [0] * 8
    for trial in range(2000):
        counts[order(sha256(trial.to_bytes(4, "big")), range(8)).index(0)] += 1
    statistic = sum((count - 250) ** 2 / 250 for count in counts)
    assert statistic < 24.3, "beyond the 0.1 % point of chi-squared with 7 degrees"


@pytest.mark.parametrize(
    ("provider", "tester", "payer"),
    [
        (True, True, None),
        (False, False, Role.PROVIDER),
        (False, True, Role.PROVIDER),
        (True, False, Role.TESTER),
    ],
)
def test_who_withholds_pays(provider: bool, tester: bool, payer: Role | None) -> None:  # noqa: FBT001 - a table
    """Withholding after seeing the other's nonce is a free second draw unless it costs."""
    assert charged(provider_revealed=provider, tester_revealed=tester) is payer
