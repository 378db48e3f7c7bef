# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Read a bank that can be used: every item can be scored, and a claim fits it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from comity.assess.scorers.scorer import JUDGED, SCORERS, faults_of_items, score
from comity.errors import Fault, InvalidDocument
from comity.evidence.bank import Item
from comity.evidence.prompt import conversations_of, text_of
from comity.evidence.statistics.outcome import is_passed
from comity.files.bank import in_place, look_at_bank, refused_bank
from comity.files.claim import Claim

EXACT = "exact/1"
PLAIN = frozenset({EXACT, "answers/1", "regex/1"})
"""Scorers that look for the reference itself in the answer."""


KNOWN = frozenset({*SCORERS, *JUDGED})


def read_usable(bank: Path, claim: Claim | None) -> tuple[Item, ...]:
    """Read a bank whose items can be scored and, where a claim is given, fit it.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: With every fault.
    """
    rows, faults = look_at_bank(bank)
    items = in_place(item for _, item in rows)
    unusable = [replace(fault, line=line) for line, item in rows for fault in _faults_of(item)]
    unusable += faults_of_items(item for item in items if item.scorer not in KNOWN)
    if claim is not None and not faults:
        unusable += _mismatches(items, claim)
    if faults:
        raise refused_bank(str(bank), [*faults, *unusable])
    raise_faults(str(bank), unusable)
    return items


def leaks_of_items(items: Iterable[Item]) -> list[Fault]:
    """List the items whose prompt gives the answer away: given back, it would pass.

    What a system message says, or a user before the last turn, is there to be used.
    """
    return [
        Fault(message=f"the prompt gives its own answer away: {text_of(item.prompt)[:60]!r}")
        for item in items
        if item.scorer in PLAIN and _gives_away(item)
    ]


def _faults_of(item: Item) -> list[Fault]:
    """List what keeps one item from being used; a scorer nobody knows is said once for all."""
    if item.scorer not in KNOWN:
        return []
    return faults_of_items([item]) or leaks_of_items([item])


def _gives_away(item: Item) -> bool:
    last = (one.turns[-1] for one in conversations_of(item.prompt))
    asked, answer = "\n".join(last), text_of(item.reference)
    is_echo = is_passed(score(item.scorer, asked, answer, asked))
    if is_echo or item.scorer != EXACT or not answer.strip():
        return is_echo
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", asked) is not None


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
