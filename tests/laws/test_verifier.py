# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Two programs written apart say the same of every dossier."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes import mutation
from tests.fakes.forgery import Lie, forge
from tests.fakes.verdict import agree, any_lie, of_comity, of_one_file, restated

HONEST = forge()


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_both_verifiers_agree_on_whatever_a_holder_of_all_keys_writes(seed: int) -> None:
    """Every signature holds here, so only the arithmetic can tell truth from lie."""
    assert agree(forge(any_lie(seed)))


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_both_verifiers_agree_on_damaged_and_rewritten_files(seed: int) -> None:
    """What disks and strangers do to a file that others signed."""
    dice = random.Random(seed)  # noqa: S311 - the same damage for one seed
    change = dice.choice([mutation.damaged, mutation.restated, mutation.reworded])
    changed = change(HONEST, dice)

    assert agree(changed)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_what_nobody_reads_may_be_anything(seed: int) -> None:
    """A registration's own words are no part of a finding; both verify it all the same."""
    dice = random.Random(seed)  # noqa: S311 - the same words for one seed
    encoded = forge(Lie(said={"system": lambda said: {**said, "more": restated(said, dice)}}))

    assert (of_comity(encoded), of_one_file(encoded)) == ("verified", "verified")
