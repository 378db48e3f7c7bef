# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How often and how fast a plan lets an item be asked; without a word of it: once, at any rate.

Asking again after a failure is a second chance, so it is a rule of the plan or it does not
happen; each try stands in the record with the reason it came to nothing.

Source:
    docs/spec/evidence.md, "Asking again".
"""

from dataclasses import dataclass

from comity.errors import VerificationFailed
from comity.evidence.transcript import Missing, Record
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields

MAX_WAITS = 10
MAX_WAIT_MS = 3_600_000
MAX_RATE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """When an item is asked again.

    Args:
        reasons: Why a try may have come to nothing for another to be made.
        waits_ms: Milliseconds before the second try, the third and so on; after as many no
            further try is made.
    """

    reasons: tuple[Missing, ...]
    waits_ms: tuple[int, ...]

    def wait_ms(self, answer: str | Missing, tries: int) -> int | None:
        """Return how long to wait before asking again, or None where this answer stands.

        Args:
            answer: What the last try came to.
            tries: Earlier tries that came to nothing.
        """
        may = isinstance(answer, Missing) and answer in self.reasons
        return self.waits_ms[tries] if may and tries < len(self.waits_ms) else None

    def to_json(self) -> dict[str, Json]:
        """Write the rule as a JSON object."""
        return {
            "reasons": [reason.value for reason in self.reasons],
            "waits_ms": list(self.waits_ms),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many questions may go out in how long; they go out evenly.

    Args:
        questions: So many at most, tries that are made again included.
        per_ms: In any so many milliseconds.
    """

    questions: int
    per_ms: int

    @property
    def interval_s(self) -> float:
        """Return the seconds from one question to the next."""
        return self.per_ms / 1000 / self.questions

    def to_json(self) -> dict[str, Json]:
        """Write the rate as a JSON object."""
        return {"questions": self.questions, "per_ms": self.per_ms}


def retry_from(fields: Fields) -> Retry:
    """Read a rule from a JSON object, noting faults."""
    known = {reason.value: reason for reason in Missing}
    names, waits = fields.texts("reasons"), fields.integers("waits_ms", high=MAX_WAIT_MS)
    if not names or len(set(names)) != len(names) or not set(names) <= set(known):
        fields.fault("reasons", f"are not one or more of {', '.join(known)}")
    if not 0 < len(waits) <= MAX_WAITS:
        fields.fault("waits_ms", f"are not one to {MAX_WAITS} waits")
    return Retry(reasons=tuple(known[name] for name in names if name in known), waits_ms=waits)


def rate_from(fields: Fields) -> Rate:
    """Read a rate from a JSON object, noting faults."""
    return Rate(
        questions=fields.integer("questions", low=1, high=MAX_RATE),
        per_ms=fields.integer("per_ms", low=1, high=MAX_WAIT_MS),
    )


def check_tries(rule: Retry | None, record: Record, *, decided: int, place: str) -> None:
    """Check that a record was asked again as often as the plan says, and no more.

    Args:
        rule: The plan's; None where nothing is asked again.
        decided: Questions up to the category's verdict; those behind it decide nothing, so
            nothing behind it has to be asked again.
        place: Where the record stands, for the reader.

    Raises:
        VerificationFailed: A try more than the rule gives, for a reason it does not name, or
            a try fewer.
    """
    allowed = () if rule is None else rule.reasons
    most = 0 if rule is None else len(rule.waits_ms)
    for reason in record.tries:
        if reason not in allowed:
            message = f"asked again after {reason.value!r}, which the plan does not allow"
            raise _refused(f"{place}.tries", message)
    if len(record.tries) > most:
        raise _refused(f"{place}.tries", f"asked again {len(record.tries)} times, not {most}")
    if record.draw > decided or rule is None:
        return
    if rule.wait_ms(record.answer, len(record.tries)) is not None:
        message = f"given up after {1 + len(record.tries)} tries; the plan gives {1 + most}"
        raise _refused(f"{place}.tries", message)


def _refused(place: str, message: str) -> VerificationFailed:
    return VerificationFailed(message, code="evidence.audit", place=place)
