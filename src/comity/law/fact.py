# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Facts about a system in context, and the ways one can be answered or left open."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from comity.kernel.canonical import Json
from comity.kernel.ids import FactName
from comity.kernel.localtext import LocalText
from comity.law.condition import Condition, Number, exact_text, to_json

ASKED_ON = FactName("asked_on")
"""The date of the question; the question sets it, nobody answers it."""

MARKETS = FactName("markets")
"""The markets a system is on; asking about a market assumes it."""


class Kind(Enum):
    """What kind of value a fact or conduct variable takes."""

    BOOL = "bool"
    ENUM = "enum"
    SET = "set"
    NUMBER = "number"
    DATE = "date"


class Silence(Enum):
    """Why there is no value. Only the last is not unknown to the logic.

    NOT_APPLICABLE is derived from a fact's guard: what is said of a thing that does not
    exist is false, whichever way it is said.
    """

    NOT_ASKED = "not asked"
    NOT_KNOWN = "not known"
    DISPUTED = "disputed"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSet:
    """A set known in part: what is certainly in it, what certainly is not."""

    known_in: frozenset[str]
    known_out: frozenset[str]


Value: TypeAlias = bool | str | frozenset[str] | int | Decimal | dt.date
Answer: TypeAlias = Value | OpenSet | Silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A typed question about a system.

    Args:
        values: What an enum or a set may hold, in the order of the vocabulary.
        unit: Unit of a number, such as "FLOP"; None where it has none.
        step: The smallest difference, so that "more than" has an exact meaning.
        guard: Where this is false the fact is not applicable.
        dpv: Identifier in the W3C Data Privacy Vocabulary, or "".
    """

    name: FactName
    kind: Kind
    values: tuple[str, ...] = ()
    unit: str | None = None
    step: Number | None = None
    label: LocalText
    question: LocalText
    means: LocalText
    dpv: str = ""
    guard: Condition | None = None

    def to_json(self) -> Json:
        """Write the fact as plain JSON values, texts included."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "values": list(self.values),
            "unit": self.unit,
            "step": None if self.step is None else exact_text(self.step),
            "label": dict(self.label.by_tag),
            "question": dict(self.question.by_tag),
            "means": dict(self.means.by_tag),
            "dpv": self.dpv,
            "guard": None if self.guard is None else to_json(self.guard),
        }


def answer_to_json(answer: Answer) -> Json:
    """Write an answer as plain JSON values; numbers and dates as text, exactly."""
    match answer:
        case bool() | str():
            return answer
        case frozenset():
            return sorted(answer)
        case int() | Decimal() | dt.date():
            return exact_text(answer)
        case OpenSet():
            return {
                "known_in": sorted(answer.known_in),
                "known_out": sorted(answer.known_out),
            }
        case Silence():
            return answer.value
