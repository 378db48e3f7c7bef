# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The check of all packs holds the account of the provisions against them."""

from pathlib import Path

from comity.desk.law.packs import check_packs
from comity.files.account import PROVISIONS


def test_an_account_the_packs_deny_is_a_fault_of_the_check(tmp_path: Path) -> None:
    """Whoever re-encodes a provision re-makes its line, or is told."""
    lines = PROVISIONS.read_text("utf-8").splitlines(keepends=True)
    path = tmp_path / "provisions.csv"
    path.write_text("".join([*lines[:-1], lines[-1].split(",")[0] + ",gap,nothing.there,\n"]))
    (fault,) = check_packs(account=path).faults
    assert fault.line == len(lines)
    assert fault.source == "provisions.csv"
