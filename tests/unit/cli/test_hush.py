# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import ctypes
import sys

import pytest

from comity.cli.hush import hushed


def test_what_a_library_prints_of_itself_stays_out_of_the_answer(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """C keeps its own buffer: what it holds must leave before the answer begins."""
    library = ctypes.CDLL(None)
    sys.stdout.write("before\n")
    with hushed():
        library.puts(b"a solver's own line")
    sys.stdout.write("after\n")

    found = capfd.readouterr()
    assert (found.out, found.err) == ("before\nafter\n", "a solver's own line\n")
