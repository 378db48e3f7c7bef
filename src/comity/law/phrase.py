# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conditions and conduct back in words: what the reader of a ruling sees."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import assert_never

from comity.law.condition import (
    EXACT,
    And,
    Cmp,
    Condition,
    Gap,
    Has,
    In,
    Is,
    Not,
    Number,
    Or,
    Ref,
    exact_number,
    exact_text,
)  # fmt: skip
from comity.law.conduct import Conduct, Constraint, Relation
from comity.law.fact import Fact
from comity.law.lexicon import surface


def in_words(
    condition: Condition, facts: Mapping[str, Fact] | None = None, language: str = "en"
) -> str:
    """Write a condition in the words of the pack language; reading it back gives the same.

    Args:
        facts: Where given, numbers carry their unit.
    """
    return _Writer(facts or {}, language).write(condition, within=0)


def demand_in_words(constraint: Constraint, conduct: Conduct) -> str:
    """Write what is asked by the conduct's label: "Keep logs: at least 184 days"."""
    label = conduct.label.in_language("en")
    match constraint.relation:
        case Relation.YES:
            return label
        case Relation.AT_LEAST | Relation.AT_MOST:
            bound = "" if constraint.bound is None else shown_number(constraint.bound)
            unit = _counted(conduct.unit, is_one=constraint.bound == 1)
            return f"{label}: {constraint.relation.value} {bound}{unit}"
        case Relation.ONE_OF if len(constraint.values) == 1:
            return f"{label}: {_spaced(constraint.values[0])}"
        case Relation.ALL_OF:
            return f"{label}: {' and '.join(map(_spaced, constraint.values))}"
        case relation:
            values = ", ".join(map(_spaced, constraint.values))
            return f"{label}: {relation.value} {values}"


def shown_number(value: Number) -> str:
    """Write a number for a reader, exactly: round ones by powers of ten, else in digits.

    Example:
        >>> shown_number(10**25), shown_number(2 * 10**25), shown_number(45_000_000)
        ('10^25', '2×10^25', '45000000')
    """
    text = exact_text(value)
    digits = text.rstrip("0")
    zeros = len(text) - len(digits)
    if not text.isdigit() or len(digits) > _MOST_DIGITS or zeros < _FEWEST_ZEROS:
        return _power(value)
    point = "." if len(digits) > 1 else ""
    exponent = f"10^{len(text) - 1}"
    mantissa = f"{digits[0]}{point}{digits[1:]}"
    return exponent if mantissa == "1" else f"{mantissa}×{exponent}"


def _power(value: Number) -> str:
    """Write a number as the pack language reads it back: 10^25, else its digits."""
    text = exact_text(value)
    zeros = len(text) - 1
    return f"10^{zeros}" if zeros > 5 and text == "1" + "0" * zeros else text


_MOST_DIGITS = 4
_FEWEST_ZEROS = 9


class _Writer:
    def __init__(self, facts: Mapping[str, Fact], language: str) -> None:
        self._facts = facts
        self._language = language

    def write(self, condition: Condition, *, within: int) -> str:  # noqa: PLR0911 - one return a kind
        """Write a condition; *within* 1 is inside "and", 2 after "not"."""
        match condition:
            case And(parts):
                return self._join(parts, "and", within >= 2)
            case Or(parts):
                return self._join(parts, "or", within >= 1)
            case Not(part):
                return f"{self._word('not')} {self.write(part, within=2)}"
            case Ref(name) | Is(name):
                return name
            case In(fact, values):
                word = "is" if len(values) == 1 else "one_of"
                return f"{fact} {self._word(word)} {_list(values)}"
            case Has(fact, values, every):
                word = "has" if len(values) == 1 else "all_of" if every else "any_of"
                return f"{fact} {self._word(word)} {_list(values)}"
            case Cmp(fact, at_least, bound):
                return self._compared(fact, bound, at_least=at_least)
            case Gap(later, earlier, amount, span):
                least, after = self._word("at_least"), self._word("after")
                return f"{later} {least} {amount} {span} {after} {earlier}"
            case _:
                assert_never(condition)

    def _join(self, parts: tuple[Condition, ...], word: str, closed: bool) -> str:  # noqa: FBT001
        inner = 1 if word == "and" else 0
        text = f" {self._word(word)} ".join(self.write(part, within=inner) for part in parts)
        return f"({text})" if closed else text or "always"

    def _compared(self, fact: str, bound: Number | dt.date, *, at_least: bool) -> str:
        if isinstance(bound, dt.date):
            return f"{fact} {self._word('on_or_after' if at_least else 'before')} {bound}"
        known = self._facts.get(fact)
        unit = f" {known.unit}" if known is not None and known.unit else ""
        under = None if known is None else _under(bound, known.step)
        if under is not None:
            word = self._word("more_than" if at_least else "at_most")
            return f"{fact} {word} {_power(under)}{unit}"
        word = self._word("at_least" if at_least else "below")
        return f"{fact} {word} {_power(bound)}{unit}"

    def _word(self, keyword: str) -> str:
        return surface(keyword, self._language)


def _under(bound: Number, step: Number | None) -> Number | None:
    """Return the number one step below a bound, where that is the rounder one."""
    if step is None:
        return None
    under = exact_number(EXACT.subtract(Decimal(bound), Decimal(step)))
    rounder = len(exact_text(under).rstrip("0")) < len(exact_text(bound).rstrip("0"))
    return under if rounder and under > 0 else None


def _list(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def _counted(unit: str | None, *, is_one: bool) -> str:
    if not unit:
        return ""
    counts = unit in {"day", "hour", "minute", "month", "person", "year"}
    return f" {unit}s" if counts and not is_one else f" {unit}"


def _spaced(value: str) -> str:
    return value.replace("_", " ")
