# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Read a bank that can be used: every item can be scored, and a claim fits it."""

from collections.abc import Sequence
from pathlib import Path

from comity.assess.scorers.scorer import SCORERS, faults_of_items, score
from comity.errors import Fault, InvalidDocument
from comity.evidence.bank import Item
from comity.evidence.prompt import conversations_of, text_of
from comity.evidence.statistics.outcome import is_passed
from comity.files.bank import read_bank
from comity.files.claim import Claim

EXACT = "exact/1"
PLAIN = frozenset({EXACT, "answers/1", "regex/1"})
"""Scorers that look for the reference itself in the answer."""


def read_usable(bank: Path, claim: Claim | None) -> tuple[Item, ...]:
    """Read a bank whose items can be scored and, where a claim is given, fit it.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: With every fault.
    """
    items = read_bank(bank)
    faults = faults_of_items(items)
    faults += [] if faults else leaks_of_items(items)
    if claim is not None:
        faults += _mismatches(items, claim)
    raise_faults(str(bank), faults)
    return items


def leaks_of_items(items: Sequence[Item]) -> list[Fault]:
    """List the items whose prompt gives the answer away: given back, it would pass.

    What a system message says, or a user before the last turn, is there to be used.
    """
    return [
        Fault(message=f"the prompt gives its own answer away: {text_of(item.prompt)[:60]!r}")
        for item in items
        if item.scorer in PLAIN and _gives_away(item)
    ]


def _gives_away(item: Item) -> bool:
    last = (one.turns[-1] for one in conversations_of(item.prompt))
    asked, answer = "\n".join(last), text_of(item.reference)
    is_echo = is_passed(score(item.scorer, asked, answer, asked))
    return is_echo or (item.scorer == EXACT and bool(answer.strip()) and answer in asked)


def _mismatches(items: Sequence[Item], claim: Claim) -> list[Fault]:
    """Hold a claim's categories and scorers against those of the bank."""
    pairs = (
        ("category", {item.category for item in items}, set(claim.categories)),
        ("scorer", {item.scorer for item in items}, set(claim.scorers)),
    )
    found: list[Fault] = []
    for kind, used, named in pairs:
        found += [
            Fault(message=f"the claim does not name the bank's {kind} {each!r}")
            for each in sorted(used - named)
        ]
        found += [
            Fault(message=f"the claim names {kind} {each!r}, the bank has none of it")
            for each in sorted(named - used)
        ]
    return found


def raise_faults(source: str, faults: Sequence[Fault]) -> None:
    """Refuse a bank that has faults.

    Raises:
        InvalidDocument: With all of them.
    """
    if faults:
        raise InvalidDocument(
            "a bank that cannot be used",
            code="cli.bank",
            hint=f"scorers: {', '.join(SCORERS)}",
            source=source,
            faults=faults,
        )
