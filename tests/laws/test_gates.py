# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever others write, a reader of the ledger or the node returns or refuses in our words.

`tests/long/test_atheris.py` asks the same of many more bytes, led by what they reach.
"""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.gate import Gate, gates

from comity.errors import ComityError

EDITS = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 12), st.binary(max_size=8)),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Gate]:
    """Return every gate."""
    return gates(tmp_path_factory.mktemp("gates"))


def test_sound_examples_are_read_or_refused_in_our_words(every: dict[str, Gate]) -> None:
    """And most of them are read, or nothing behind the first check would be reached."""
    read = 0
    for gate in every.values():
        for sound in gate.sound:
            with suppress(ComityError):
                gate.read(sound)
                read += 1
    assert read >= len(every) * 2 // 3


@settings(max_examples=60, deadline=None)
@given(edits=EDITS)
def test_no_reader_raises_what_is_not_ours(
    every: dict[str, Gate], edits: list[tuple[int, int, bytes]]
) -> None:
    """Sound examples of which some bytes are cut out, put in or put in their place."""
    for name, gate in every.items():
        if name == "key file":  # each costs a tenth of a second: the long battery reads it
            continue
        for sound in gate.sound:
            changed = sound
            for at, cut, put in edits:
                place = at % (len(changed) + 1)
                changed = changed[:place] + put + changed[place + cut :]
            with suppress(ComityError):
                gate.read(changed)


@settings(max_examples=60, deadline=None)
@given(noise=st.one_of(st.binary(max_size=200), st.text(max_size=60).map(str.encode)))
def test_noise_is_refused_in_our_words(every: dict[str, Gate], noise: bytes) -> None:
    """What was never meant for it."""
    for gate in every.values():
        with suppress(ComityError):
            gate.read(noise)
