# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Tens of thousands of thrown cases, one verdict; what we accept, Go accepts."""

import os
import random
from collections import Counter
from collections.abc import Iterator

import pytest
from tests.fakes.mutation import damaged
from tests.interop.auditor import Auditor
from tests.interop.cases import (
    COSIGNED,
    ENVELOPE,
    LEAVES,
    Case,
    checkpoint_case,
    consistency_case,
    cosigned_case,
    envelope_case,
    flipped,
    inclusion_case,
    proof_case,
    proof_of,
)

from comity.kernel.digest import Digest
from comity.kernel.merkle import Tree

COUNT = 12_000


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Return dice that COMITY_SEED throws again."""
    seed = os.environ.get("COMITY_SEED", "20261122")
    request.node.add_report_section("setup", "seed", f"COMITY_SEED={seed} throws the same")
    return random.Random(f"{seed} {request.node.name}")  # noqa: S311 - replayable, not secret


def judged(auditor: Auditor, cases: list[Case]) -> Iterator[tuple[Case, bool]]:
    """Yield every case with Go's verdict."""
    answers = auditor.answers([{**one.question, "name": one.name} for one in cases])
    for case, said in zip(cases, answers, strict=True):
        yield case, bool(said["ok"])


def disturbed(path: tuple[Digest, ...], dice: random.Random) -> tuple[Digest, ...]:
    """Return a path, half the time with something changed."""
    steps = list(path)
    match dice.randrange(8):
        case 0 if steps:
            at = dice.randrange(len(steps))
            steps[at] = Digest(flipped(steps[at], dice.randrange(32)))
        case 1 if steps:
            steps.pop(dice.randrange(len(steps)))
        case 2:
            steps.insert(dice.randrange(len(steps) + 1), dice.choice(LEAVES))
        case 3:
            dice.shuffle(steps)
        case _:
            pass
    return tuple(steps)


def thrown(dice: random.Random) -> Iterator[Case]:
    """Yield proofs of trees of any size, half of them disturbed."""
    trees = {size: Tree.of(LEAVES[:size]) for size in dice.sample(range(1, 701), 60)}
    sizes = list(trees)
    for number in range(COUNT):
        size = dice.choice(sizes)
        tree, moved = trees[size], dice.choice([0, 0, 0, 0, 1, -1, 2])
        index = dice.randrange(size)
        path = disturbed(tree.inclusion(index), dice)
        yield inclusion_case(
            f"{number}: {index} of {size}, {moved}",
            LEAVES[index],
            index + moved,
            path,
            size=size + dice.choice([0, 0, 0, moved]),
            root=tree.root,
        )
        first = dice.randrange(1, size + 1)
        proof = disturbed(tree.consistency(first), dice)
        roots = (Tree.of(LEAVES[: max(1, first + dice.choice([0, 0, moved]))]).root, tree.root)
        yield consistency_case(
            f"{number}: {first} in {size}, {moved}", max(1, first + moved), size, proof, roots
        )


@pytest.mark.long
def test_thrown_proofs_have_one_verdict(auditor: Auditor, dice: random.Random) -> None:
    """Of any size, leaf and disturbance."""
    verdicts = list(judged(auditor, list(thrown(dice))))

    assert [case.name for case, said in verdicts if case.accepted != said] == []
    assert min(Counter(said for _, said in verdicts).values()) > COUNT // 4


def broken(dice: random.Random) -> Iterator[Case]:
    """Yield notes, proofs and envelopes damaged anywhere."""
    proof = proof_of(650, b"beside").encoded
    for number in range(COUNT):
        note = damaged(COSIGNED.encoded, dice)
        yield checkpoint_case(f"{number}", note)
        yield cosigned_case(f"{number}", note)
        yield proof_case(f"{number}", damaged(proof, dice), b"entry 650")
        yield envelope_case(f"{number}", damaged(ENVELOPE, dice))


@pytest.mark.long
def test_what_we_accept_of_damaged_bytes_go_accepts(
    auditor: Auditor, dice: random.Random
) -> None:
    """We may be narrower, as the specification lists; we are never wider."""
    verdicts = list(judged(auditor, list(broken(dice))))
    wider = [case.name for case, said in verdicts if case.accepted and not said]

    assert wider == []
    assert sum(case.accepted for case, _ in verdicts) > 100
