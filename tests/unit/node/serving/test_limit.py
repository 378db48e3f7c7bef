# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.node.serving.limit import Limit, to_visitor


def test_a_burst_is_let_in_then_the_rest_wait() -> None:
    """A sixth of a minute's share at once, then one at a time."""
    limit = Limit(600)
    assert [limit.take("a", 0.0) for _ in range(100)] == [0.0] * 100
    assert limit.take("a", 0.0) == pytest.approx(0.1)
    assert limit.take("a", 0.1) == 0.0
    assert limit.take("a", 0.1) > 0


def test_one_visitor_takes_nothing_from_another() -> None:
    """The bucket is the visitor's own."""
    limit = Limit(60)
    while not limit.take("a", 0.0):
        pass
    assert limit.take("b", 0.0) == 0.0


@given(
    a_minute=st.integers(1, 10_000),
    steps=st.lists(st.floats(0, 5), max_size=200),
)
def test_nobody_gets_more_than_the_rate_and_one_burst(
    a_minute: int, steps: list[float]
) -> None:
    """However the requests are spread."""
    limit, at_s, let_in = Limit(a_minute), 0.0, 0
    for step in steps:
        at_s += step
        let_in += limit.take("a", at_s) == 0.0
    assert let_in <= max(20, a_minute / 6) + at_s * a_minute / 60 + 1


def test_what_is_told_to_wait_is_let_in_after_it() -> None:
    """Retry-After must be true."""
    limit = Limit(30)
    while not (wait_s := limit.take("a", 0.0)):
        pass
    assert limit.take("a", wait_s) == 0.0


def test_forgotten_visitors_do_not_fill_the_memory() -> None:
    """Addresses are free to whoever attacks."""
    limit = Limit(60)
    for number in range(60_000):
        limit.take(str(number), 0.0)
    assert len(limit._buckets) == 50_000


@pytest.mark.parametrize(
    ("address", "visitor"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_network_of_one_owner_is_one_visitor(address: str, visitor: str) -> None:
    """Whoever has 2^64 addresses still has one share."""
    assert to_visitor(address) == visitor
