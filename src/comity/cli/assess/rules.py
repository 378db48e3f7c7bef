# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Options that say how often and how fast an item may be asked."""

import re
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from cyclopts import Parameter

from comity.desk.assessment.planning import Ask
from comity.errors import Fault, InvalidDocument
from comity.evidence.asking import MAX_RATE, MAX_WAIT_MS, MAX_WAITS, Rate, Retry
from comity.evidence.transcript import Missing

_RATE = re.compile(r"(?P<questions>[1-9][0-9]{0,6})/(?P<unit>s|min|h)")
_UNITS_MS = {"s": 1_000, "min": 60_000, "h": 3_600_000}

Reason = Literal["timeout", "error", "oversize", "busy", "unreachable", "interrupted"]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class RulesOption:
    """How often and how fast the plan lets an item be asked.

    Args:
        rate: Most questions in any stretch of time: 2/s, 60/min or 1000/h.
        retry: Ask an item again when a try comes to nothing for one of these reasons; without
            it a first try decides. Each further try stands in the record.
        retry_wait_s: Seconds before the second try, the third and so on; else one try more,
            at once.
    """

    rate: str | None = None
    retry: Annotated[tuple[Reason, ...], Parameter(consume_multiple=True, negative="")] = ()
    retry_wait_s: Annotated[
        tuple[float, ...], Parameter(consume_multiple=True, negative="")
    ] = ()


NO_RULES = RulesOption()


def with_rules(ask: Ask, option: RulesOption) -> Ask:
    """Return what is asked for, with what the options say of how it is asked.

    Raises:
        InvalidDocument: With every fault.
    """
    faults: list[Fault] = []
    waits = option.retry_wait_s or (0.0,)
    if option.retry_wait_s and not option.retry:
        faults.append(Fault(message="--retry-wait-s says nothing without --retry"))
    if len(waits) > MAX_WAITS or not all(0 <= wait <= MAX_WAIT_MS / 1000 for wait in waits):
        message = f"--retry-wait-s is not up to {MAX_WAITS} numbers from 0 to 3600"
        faults.append(Fault(message=message))
    rate = None if option.rate is None else find_rate(option.rate)
    if option.rate is not None and rate is None:
        faults.append(rate_fault(option.rate))
    if faults:
        raise InvalidDocument("cannot be planned", code="cli.plan", faults=faults)
    if not option.retry:
        return replace(ask, rate=rate)
    reasons = tuple(Missing(reason) for reason in dict.fromkeys(option.retry))
    retry = Retry(reasons=reasons, waits_ms=tuple(round(wait * 1000) for wait in waits))
    return replace(ask, retry=retry, rate=rate)


def find_rate(text: str) -> Rate | None:
    """Return the rate a text says, such as 60/min, or None."""
    found = _RATE.fullmatch(text.strip())
    if found is None or int(found["questions"]) > MAX_RATE:
        return None
    return Rate(questions=int(found["questions"]), per_ms=_UNITS_MS[found["unit"]])


def rate_fault(text: str) -> Fault:
    """Return the fault of a text that says no rate."""
    return Fault(message=f"--rate {text!r} is no rate: write 2/s, 60/min or 1000/h")
