# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.kernel.noun import counted


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (12345, "12,345 entries")],
)
def test_one_is_singular_and_nothing_else(number: int, said: str) -> None:
    """A reader stumbles over "1 entries"."""
    assert counted(number, "entry", "entries") == said
    assert counted(number, "file").endswith("file" if number == 1 else "files")
