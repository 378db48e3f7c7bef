# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A short extract of a published index of readiness, shown beside what is stated."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from comity.files.pack import SHIPPED
from comity.files.text import read_text

SOURCE = (
    "Oxford Insights, Government AI Readiness Index 2025, as held in the dataset of "
    "AI-Governance-Map (release 2026-08-17); scores from 0 to 100 belong to Oxford Insights"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One state; scores are texts, as published."""

    state: str
    rank: int
    total: str
    infrastructure: str
    compute: str


def find_row(state: str) -> Row | None:
    """Return the row of a state, or None where the extract has none."""
    return _rows().get(state)


@cache
def _rows() -> Mapping[str, Row]:
    text = read_text(SHIPPED / "exposure" / "readiness.csv", "readiness")
    return {
        row["iso3"]: Row(
            state=row["iso3"],
            rank=int(row["rank"]),
            total=row["total"],
            infrastructure=row["infrastructure"],
            compute=row["compute"],
        )
        for row in csv.DictReader(text.splitlines())
    }
