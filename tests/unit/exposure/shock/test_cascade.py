# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The fixed point, held against a plain one that knows no matrices, circles included."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.exposure.shock.cascade import Cascade, Side, prepare
from comity.exposure.shock.course import MAX_ROUNDS, run
from comity.exposure.shock.network import Need, Network, Node, Part, Range
from comity.exposure.shock.settle import Ladder

SIDES: tuple[Side, ...] = ("optimistic", "pessimistic")

levels = st.integers(0, 4).map(lambda n: n / 4)
ranges = st.tuples(levels, levels).map(lambda two: Range(low=min(two), high=max(two)))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Draw up to six nodes, each with needs that any of the others may meet."""
    keys = "abcdef"[: draw(st.integers(2, 6))]

    def need() -> Need:
        names = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True))
        silent = draw(st.integers(0, len(names)))
        silent = 0 if silent == 1 else silent
        rest = draw(levels) if silent else 0.0
        stated = len(names) - silent
        parts = [
            Part(
                node=name,
                share=None if place < silent else (1 - rest) / stated,
                substitute=draw(ranges),
            )
            for place, name in enumerate(names)
        ]
        return Need(name="n", parts=tuple(parts), weight=draw(ranges), rest=rest)

    nodes = []
    for key in keys:
        needs = tuple(need() for _ in range(draw(st.integers(0, 2))))
        nodes.append(Node(key=key, kind="supplier", label=key, needs=needs))
    return Network(nodes=tuple(nodes))


def plainly(network: Network, side: Side, open_: dict[str, float]) -> dict[str, float]:
    """Step down, node by node and need by need, until nothing moves."""
    is_kind = side == "optimistic"
    works = dict(open_)
    while True:
        ahead = {}
        for node in network.nodes:
            kept = [1.0]
            for need in node.needs:
                met, slack = 0.0, []
                for part in need.parts:
                    good = part.substitute.high if is_kind else part.substitute.low
                    here = works[part.node] + (1 - works[part.node]) * good
                    if part.share is None:
                        slack.append(here)
                    else:
                        met += part.share * here
                if slack:
                    met += need.rest * (max(slack) if is_kind else min(slack))
                weight = need.weight.low if is_kind else need.weight.high
                kept.append(1 - weight * (1 - met))
            ahead[node.key] = open_[node.key] * max(0.0, min(kept))
        if max(abs(ahead[key] - works[key]) for key in works) < 1e-13:
            return ahead
        works = ahead


@settings(max_examples=80, deadline=None)
@given(networks(), st.data())
def test_every_network_comes_to_the_state_that_plain_steps_come_to(
    network: Network, data: st.DataObject
) -> None:
    """Matrices, batches and what settles circles are only quicker."""
    cut = data.draw(st.sets(st.sampled_from([node.key for node in network.nodes]), max_size=2))
    open_ = {node.key: float(node.key not in cut) for node in network.nodes}
    start = np.array([[open_[node.key]] for node in network.nodes])
    for side in SIDES:
        cascade = prepare(network, side)
        expected = [plainly(network, side, open_)[node.key] for node in network.nodes]

        assert run(cascade, start)[:, 0] == pytest.approx(expected, abs=1e-9)
        settled = Ladder(cascade).settle(start, start)[:, 0]
        if side == "pessimistic":
            assert settled == pytest.approx(expected, abs=1e-7)
        else:
            assert (settled >= np.array(expected) - 1e-7).all()


def chained(length: int) -> Network:
    """Return a chain in which each rests on the next, and nobody makes anything good."""
    nodes = [Node(key="0", kind="supplier", label="0")]
    for place in range(1, length):
        need = Need(name="n", parts=(Part(node=str(place - 1)),))
        nodes.append(Node(key=str(place), kind="supplier", label=str(place), needs=(need,)))
    return Network(nodes=tuple(nodes))


def losing_first(cascade: Cascade) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how far everything works where the first node is lost."""
    open_ = np.ones((cascade.size, 1))
    open_[0] = 0
    found: np.ndarray[tuple[int], np.dtype[np.float64]] = run(cascade, open_)[:, 0]
    return found


@pytest.mark.parametrize("side", SIDES)
def test_a_chain_of_any_length_stops_to_its_end(side: Side) -> None:
    """Who stands six times further off than steps are taken together is lost all the same."""
    found = losing_first(prepare(chained(6 * MAX_ROUNDS), side))

    assert found.max() == 0


def circle(leak: Fraction) -> Network:
    """Return two that rest on each other, one of them for a little on who is lost."""
    lost = Node(key="lost", kind="supplier", label="lost")
    parts = (
        Part(node="b", share=float(1 - leak)),
        Part(node="lost", share=float(leak)),
    )
    first = Node(key="a", kind="supplier", label="a", needs=(Need(name="n", parts=parts),))
    back = Need(name="n", parts=(Part(node="a"),))
    second = Node(key="b", kind="supplier", label="b", needs=(back,))
    return Network(nodes=(lost, first, second))


@pytest.mark.parametrize("side", SIDES)
def test_a_circle_that_sinks_slowly_comes_to_its_end(side: Side) -> None:
    """It loses a millionth a round, and everything in the end: no round limit may hide that."""
    found = losing_first(prepare(circle(Fraction(1, 1_000_000)), side))

    assert found == pytest.approx([0, 0, 0], abs=1e-6)


def test_a_circle_that_nothing_hits_goes_on_working() -> None:
    """What rests on itself alone and was never cut off has nothing to lose."""
    found = losing_first(prepare(circle(Fraction(0)), "pessimistic"))

    assert found.tolist() == [0, 1, 1]
