# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The account of the collected provisions on disk."""

from pathlib import Path

import pytest

from comity.errors import InvalidDocument
from comity.files.account import account_text, read_account

TEXT = """provision,outcome,entries,reason
EU.1,norm,eu.a eu.b,
EU.2,not a norm,,"A date, not a duty."
"""


def test_an_account_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Nothing is lost on the way to the disk and back."""
    path = tmp_path / "provisions.csv"
    path.write_text(TEXT, "utf-8")
    accounts = read_account(path)
    assert [account.line for account in accounts] == [2, 3]
    assert accounts[0].names == ("eu.a", "eu.b")
    assert account_text(accounts) == TEXT


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("EU.3,norms,eu.a,", "'norms' is none of norm, definition, gap, not a norm"),
        ("EU.3,norm", "2 columns instead of 4"),
        ('EU.3,norm,"a"b,', "not CSV"),
    ],
)
def test_a_line_that_says_nothing_is_named(tmp_path: Path, line: str, said: str) -> None:
    """With its number, and all of them at once."""
    path = tmp_path / "provisions.csv"
    path.write_text(f"{TEXT}{line}\n", "utf-8")
    with pytest.raises(InvalidDocument) as caught:
        read_account(path)
    (fault,) = caught.value.faults
    assert said in fault.message
    assert fault.line == 4


def test_other_columns_are_refused(tmp_path: Path) -> None:
    """A table of something else is no account."""
    path = tmp_path / "provisions.csv"
    path.write_text("id,outcome\n", "utf-8")
    with pytest.raises(InvalidDocument, match="faults"):
        read_account(path)
