# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The account of the collected provisions on disk: `packs/provisions.csv`.

One line a provision: its id, what became of it, the entries that rest on it, or the reason
why it is not a norm.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.files.pack import SHIPPED
from comity.files.text import read_text
from comity.law.account import Account, Outcome
from comity.law.cursor import near_miss

PROVISIONS = SHIPPED / "provisions.csv"
"""The account that comes with Comity."""

_COLUMNS = ("provision", "outcome", "entries", "reason")
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


def read_account(path: Path = PROVISIONS) -> tuple[Account, ...]:
    """Read an account.

    Raises:
        NotFound: No such file.
        InvalidDocument: It has other columns, or a line does not say one of the four
            outcomes; all are listed (code `files.account`).
    """
    table = csv.reader(io.StringIO(read_text(path, "account")), strict=True)
    faults: list[Fault] = []
    accounts: list[Account] = []
    try:
        if tuple(next(table, ())) != _COLUMNS:
            faults.append(Fault(message=f"the columns are not {','.join(_COLUMNS)}", line=1))
        for row in table:
            accounts.extend(_account(row, table.line_num, faults))
    except csv.Error as error:
        faults.append(Fault(message=f"not CSV: {error}", line=table.line_num))
    if faults:
        raise InvalidDocument(
            "the account has faults", code="files.account", source=path.name, faults=faults
        )
    return tuple(accounts)


def _account(row: Sequence[str], line: int, faults: list[Fault]) -> Iterable[Account]:
    if len(row) != len(_COLUMNS):
        faults.append(Fault(message=f"{len(row)} columns instead of 4", line=line))
        return
    provision, outcome, names, reason = row
    if outcome not in _OUTCOMES:
        near = near_miss(outcome, _OUTCOMES)
        said = f"{outcome[:40]!r} is none of {', '.join(_OUTCOMES)}"
        faults.append(Fault(message=said, line=line, near=near))
        return
    yield Account(
        provision=provision,
        outcome=_OUTCOMES[outcome],
        names=tuple(names.split()),
        reason=reason,
        line=line,
    )


def account_text(accounts: Iterable[Account]) -> str:
    """Write an account as CSV."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_COLUMNS)
    for one in accounts:
        table.writerow([one.provision, one.outcome.value, " ".join(one.names), one.reason])
    return text.getvalue()
