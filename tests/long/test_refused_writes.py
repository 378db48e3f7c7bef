# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whole verbs whose operating system refuses a write: any of them.

After each refusal the nodes check out whole, or the check names what mends itself; the same
verb run again finishes the work; and no checkpoint that stands anywhere contradicts another.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from tests.fakes.harbour import Harbour, Verb, verbs
from tests.fakes.stage import Played, Refusal, Stage, staged, why_not

pytestmark = pytest.mark.long

REFUSALS = 24
"""How many of a verb's calls, drawn by dice; another seed draws others, in the end all."""

SCREEN = re.compile(r"write\([12],")
CALL = re.compile(r"(\d+) +(\w+)\(")


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Harbour:
    """Return two members, a stick, a backup; skip where nothing can be refused."""
    if reason := why_not():
        pytest.skip(reason)
    return Harbour.build(tmp_path_factory.mktemp("harbour"))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Return the command line in processes of its own."""
    with staged(tmp_path_factory.mktemp("stage")) as opened:
        yield opened


def refusals(watched: Played, dice: random.Random) -> Iterator[Refusal]:
    """Yield a refusal of every call that was watched, thread by thread."""
    found = (CALL.match(line) for line in watched.calls)
    counts = Counter((one[2], one[1]) for one in found if one is not None)
    most = Counter[str]()
    for (call, _), count in counts.items():
        most[call] = max(most[call], count)
    for call, count in sorted(most.items()):
        for number in range(1, count + 1):
            yield Refusal(call=call, number=number, error=dice.choice(["EIO", "ENOSPC"]))


@pytest.mark.parametrize("name", verbs())
def test_a_verb_refused_any_call_leaves_all_whole_and_finishes_when_run_again(
    harbour: Harbour, stage: Stage, name: str, dice: random.Random
) -> None:
    """Files, names, modes and databases, by Python and by SQLite."""
    verb = verbs()[name]
    harbour.renew()
    watched = stage.watch(*verb.typed(harbour.work))
    assert watched.code == 0, watched.err
    every = list(refusals(watched, dice))
    refused = 0
    for refusal in dice.sample(every, min(REFUSALS, len(every))):
        harbour.renew()
        played = stage.refuse(refusal, *verb.typed(harbour.work))
        refused += bool(played.refused)
        check(harbour, stage, verb, played, f"{name}, {refusal}, {played.refused}")
    assert refused > REFUSALS // 2


def check(harbour: Harbour, stage: Stage, verb: Verb, played: Played, said: str) -> None:
    """Check what a refusal left, run the verb again, and check what that came to."""
    said += f"\n{played.err}"
    if not any(SCREEN.search(call) for call in played.refused):
        assert played.code in {0, 1, 2}, said
        assert "Traceback" not in played.err, said

    def play(words: list[str]) -> tuple[int, str]:
        again = stage.play(*words)
        return again.code, again.err

    harbour.check(verb, said, play, is_done=played.code == 0)
