# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable

import pytest

from comity.errors import Fault

Faults = Callable[[str], tuple[Fault, ...]]
WithHead = Callable[[str], str]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('norm eu.x.1\n  title "X"', "`norm` needs a `who` clause"),
        ("norm eu.x.1\n  implies biometric", "`norm` takes no such clause"),
        ('gap eu.x.g\n  says "a"\n  says "b"', "stands twice in one entry"),
        ("define eu.x.d", "`define` needs a `when` clause"),
    ],
)  # fmt: skip
def test_an_entry_is_held_against_its_shape(
    faults_of: Faults, pack_with: WithHead, entry: str, message: str
) -> None:
    """A clause that is not read would look as if it counted."""
    faults = faults_of(pack_with(entry))
    assert any(message in fault.message for fault in faults)
    assert all(fault.line is not None for fault in faults)


def test_all_faults_of_an_entry_come_at_once(faults_of: Faults, pack_with: WithHead) -> None:
    """An author corrects a list, not one slip a run."""
    entry = "norm eu.x.1\n  who provder\n  must markd\n  when biometrc\n  from 2026-02-30"
    messages = [fault.message for fault in faults_of(pack_with(entry))]
    assert len(messages) == 8  # four slips, and title, cite, basis, source missing


def test_a_misspelt_clause_is_named(faults_of: Faults, pack_with: WithHead) -> None:
    """It would otherwise become the end of the clause above."""
    entry = 'gap eu.x.g\n  says "a"\n  sorce "b"'
    (fault,) = faults_of(pack_with(entry))
    assert "begins no clause" in fault.message
    assert fault.near == "source"
