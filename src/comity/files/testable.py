# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a test by questions can show of what duties ask: `packs/testable.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from comity.files.pack import SHIPPED
from comity.files.table import open_table, settle
from comity.law.cursor import near_miss
from comity.law.pack import Library

SHIPPED_TESTABLE = SHIPPED / "testable.toml"
"""The table that comes with Comity: our judgements."""


class Reading(Enum):
    """What a figure or a yes means to a test."""

    BEHAVIOUR = "behaviour"
    PASS_RATE = "pass_rate"  # noqa: S105 - a share of answers, no password
    FAILURE_RATE = "failure_rate"
    BANK_SIZE = "bank_size"
    QUESTIONS = "questions"
    BANK_AGE = "bank_age"
    ANY_TEST = "any_test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Testable:
    """One conduct that a test by questions can show, at least in part.

    Args:
        lacks: Why no bank that comes along shows it; may be empty.
    """

    __test__ = False

    reading: Reading
    lacks: str


def read_testable(path: Path, library: Library) -> Mapping[str, Testable]:
    """Read the table by conduct.

    Raises:
        NotFound: No such file.
        InvalidDocument: Any fault in it; all are listed with their places
            (`files.testable`).
    """
    table = open_table(path, "testable")
    known = library.vocabulary.conducts
    words = [reading.value for reading in Reading]
    found: dict[str, Testable] = {}
    for row in table.tables("conduct"):
        name, word = row.text("name"), row.word("reads", words)
        if name not in known:
            near = near_miss(name, known)
            row.fault("name", f"the vocabulary has no conduct named {name!r}", near)
        if name in found:
            row.fault("name", "it stands twice")
        reading = Reading(word) if word in words else Reading.BEHAVIOUR
        found[name] = Testable(reading=reading, lacks=row.text("lacks", default=""))
        row.finish()
    table.finish()
    settle(table, "testable")
    return found
