# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whole verbs during which the power fails, over real files of which the unsynced is lost.

Afterwards the nodes check out whole, or the check names what mends itself; the same verb run
again finishes the work; and no checkpoint that stands anywhere contradicts another.
"""

import contextlib
import gc
import io
import random
from collections.abc import Iterator
from contextlib import suppress

import pytest
from tests.fakes.harbour import Harbour, verbs
from tests.fakes.outage import Outage, powered
from tests.fakes.power import FOR_EVER, PowerCut
from tests.fakes.stage import PASSPHRASE

from comity.cli.app import run

pytestmark = pytest.mark.long

CUTS = 20
"""How many of a verb's steps, drawn by dice, are its last."""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Harbour:
    """Return two members, a stick and a backup."""
    return Harbour.build(tmp_path_factory.mktemp("harbour"))


@pytest.fixture(autouse=True)
def _passphrase(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COMITY_PASSPHRASE", PASSPHRASE)
    yield
    gc.collect()


def play(words: list[str]) -> tuple[int, str]:
    """Run the command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    return code, err.getvalue()


def cut(words: list[str], outage: Outage) -> bool:
    """Run the command line until the power fails; tell whether it was done before."""
    with powered(outage), suppress(PowerCut):
        return play(words)[0] == 0 and not outage.is_over
    return False


@pytest.mark.parametrize("name", verbs())
def test_a_verb_cut_anywhere_leaves_all_whole_and_finishes_when_run_again(
    harbour: Harbour, name: str, dice: random.Random
) -> None:
    """Rotation, redaction, erasure, backup, restore, sticks, following, publication."""
    verb = verbs()[name]
    harbour.renew()
    whole = Outage(harbour.work, FOR_EVER, dice)
    assert cut(verb.typed(harbour.work), whole)
    steps = range(1, whole.steps + 2)
    for at in sorted(dice.sample(steps, min(CUTS, len(steps)))):
        harbour.renew()
        outage = Outage(harbour.work, at, dice)
        is_done = cut(verb.typed(harbour.work), outage)
        outage.restart()
        harbour.check(verb, f"{name}, cut at step {at}", play, is_done=is_done)
