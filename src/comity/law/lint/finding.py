# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Findings: one thing that is wrong with an entry, where it stands, and the clauses why."""

from dataclasses import dataclass
from enum import Enum

from comity.kernel.canonical import Json
from comity.law.lint.place import Place


class Level(Enum):
    """How bad it is: an error never makes sense, a warning seldom, a note may be meant."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Rule(Enum):
    """What an entry is held against; the words stand in docs/how-to/lint-a-pack.md."""

    DEAD = "dead"
    NEVER_IN_FORCE = "never-in-force"
    SWALLOWED = "swallowed"
    CONTRADICTORY = "contradictory"
    SHADOWED = "shadowed"
    VACUOUS = "vacuous"
    NEVER_TRUE = "never-true"
    ALWAYS_TRUE = "always-true"
    REDUNDANT = "redundant"
    EMPTY_DEMAND = "empty-demand"
    REPEATED_DEMAND = "repeated-demand"
    UNUSED = "unused"
    NO_UNIT = "no-unit"
    NO_SOURCE = "no-source"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding.

    Args:
        subject: Id of the norm, definition, fact or conduct variable.
        message: What is wrong, as a plain sentence without the place.
        clauses: The fewest clauses, entailments and axioms that make it so, in words.
    """

    level: Level
    rule: Rule
    subject: str
    message: str
    place: Place
    clauses: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """Write the finding as plain JSON values."""
        return {
            "level": self.level.value,
            "rule": self.rule.value,
            "subject": self.subject,
            "message": self.message,
            "source": self.place.source,
            "line": self.place.line,
            "column": self.place.column,
            "clauses": list(self.clauses),
        }
