# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The register of a real node: taken at one moment, indexed again only when a log grew."""

import random
from pathlib import Path

from tests.fakes.world import build

from comity.desk.register.lookout import GRAIN_S, Lookout, lookout_of
from comity.kernel.instant import Instant, from_rfc3339, to_posix
from comity.ledger.statement import Statement, to_predicate_type
from comity.node.node import Node

NOW = from_rfc3339("2026-11-21T19:19:24Z")


def test_a_real_nodes_own_log_is_its_register(tmp_path: Path) -> None:
    """It needs nothing a node does not have, and shows nothing the node has not published."""
    dice = random.Random(5)  # noqa: S311 - the same keys on every run
    node = Node.create(
        tmp_path / "kh",
        name="Khmer AI Office",
        role="regulator",
        jurisdiction="KHM",
        origin="kh.example/log",
        passphrase="example",  # noqa: S106 - an example node in a test
        now=NOW,
        entropy=dice.randbytes,
        example=True,
    )
    try:
        lookout = lookout_of(node, lambda: NOW)
        before = lookout.register()
        statement = Statement(predicate_type=to_predicate_type("seen"), predicate={})
        node.append([statement], NOW)
        unpublished = lookout.register()
        node.publish(NOW)
        after = lookout.register()

        assert before.node().runner.name == "Khmer AI Office"
        assert before.state == unpublished.state
        assert before.state != after.state
        assert to_posix(Instant(after.view.as_of)) % GRAIN_S == 0
    finally:
        node.close()


def test_an_unchanged_ledger_is_not_indexed_again() -> None:
    """Most requests see no news and must not pay for it."""
    world = build()
    lookout = Lookout(world.view)
    first, second = lookout.register(), lookout.register()

    assert first.findings is second.findings
    world.say(world.bra, "seen", {"checkpoints": []})
    assert first.findings is not lookout.register().findings
