# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is said once a finding stands: countersigned, answered, appealed, withdrawn.

Nothing said afterwards changes a finding; it stands in the logs beside it. A withdrawal is by
whoever said what is withdrawn, and everything that rests on it falls with it.
"""

from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference, to_reference_json

MOST_TEXT = 4_000
"""Characters of a reason, a reply, or the grounds of an appeal."""

MOST_POINTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A member takes back what it said; the entry stays, and is shown as withdrawn.

    Args:
        of: What is withdrawn; only its own issuer can.
    """

    issued: Instant
    of: Reference
    reason: str
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra, "issued": to_rfc3339(self.issued), "of": to_reference_json(self.of),
            "reason": self.reason,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersignature:
    """The provider says whether a transcript holds what its system answered.

    Args:
        transcript: Head of the chain that was compared, as the finding names it.
        disputed: Numbers of records, from 1, that it says are not its system's; empty where
            it agrees with all.
    """

    issued: Instant
    finding: Reference
    transcript: Digest
    disputed: tuple[int, ...] = ()
    note: str = ""
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra, "issued": to_rfc3339(self.issued),
            "finding": to_reference_json(self.finding), "transcript": self.transcript.hex(),
            "disputed": list(self.disputed), "note": self.note,
        }  # fmt: skip


class Outcome(Enum):
    """What a reply to an appeal decides."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to a finding, an appeal, or another reply.

    Args:
        outcome: Of an appeal, where this decides it; else None.
    """

    issued: Instant
    to: Reference
    text: str
    outcome: Outcome | None = None
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra, "issued": to_rfc3339(self.issued), "to": to_reference_json(self.to),
            "text": self.text, "outcome": None if self.outcome is None else self.outcome.value,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Whoever a finding concerns asks that it be looked at again.

    Args:
        records: Numbers of records, from 1, that it is about; empty for the whole.
        asks: What should be done, in sentences.
    """

    issued: Instant
    finding: Reference
    grounds: str
    records: tuple[int, ...] = ()
    asks: tuple[str, ...] = ()
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra, "issued": to_rfc3339(self.issued),
            "finding": to_reference_json(self.finding), "grounds": self.grounds,
            "records": list(self.records), "asks": list(self.asks),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Accreditation:
    """A member vouches that another tests as it should, on some banks, until a day.

    Args:
        member: The tester.
        banks: Slugs of banks; empty for all.
        until: First instant at which it no longer holds.
    """

    issued: Instant
    member: MemberId
    banks: tuple[str, ...]
    until: Instant
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra, "issued": to_rfc3339(self.issued), "member": self.member,
            "banks": list(self.banks), "until": to_rfc3339(self.until),
        }  # fmt: skip


def withdrawal_from_predicate(predicate: Json) -> Withdrawal:
    """Read a withdrawal's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    found = Withdrawal(
        issued=fields.instant("issued"), of=fields.reference("of"),
        reason=_text(fields, "reason"), extra=fields.rest(),
    )  # fmt: skip
    fields.finish("not a withdrawal", code="evidence.statement")
    return found


def countersignature_from_predicate(predicate: Json) -> Countersignature:
    """Read a countersignature's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    found = Countersignature(
        issued=fields.instant("issued"), finding=fields.reference("finding"),
        transcript=fields.digest("transcript"), disputed=_numbers(fields, "disputed"),
        note=_text(fields, "note", empty=True), extra=fields.rest(),
    )  # fmt: skip
    fields.finish("not a countersignature", code="evidence.statement")
    return found


def reply_from_predicate(predicate: Json) -> Reply:
    """Read a reply's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    words = [outcome.value for outcome in Outcome]
    outcome = fields.nullable("outcome", lambda name: fields.choice(name, words))
    found = Reply(
        issued=fields.instant("issued"), to=fields.reference("to"),
        text=_text(fields, "text"), extra=fields.rest(),
        outcome=None if outcome is None else Outcome(outcome),
    )  # fmt: skip
    fields.finish("not a reply", code="evidence.statement")
    return found


def appeal_from_predicate(predicate: Json) -> Appeal:
    """Read an appeal's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    found = Appeal(
        issued=fields.instant("issued"), finding=fields.reference("finding"),
        grounds=_text(fields, "grounds"), records=_numbers(fields, "records"),
        asks=fields.texts("asks"), extra=fields.rest(),
    )  # fmt: skip
    if len(found.asks) > MOST_POINTS or any(len(ask) > MOST_TEXT for ask in found.asks):
        fields.fault("asks", f"is more than {MOST_POINTS} texts of {MOST_TEXT} characters")
    fields.finish("not an appeal", code="evidence.statement")
    return found


def accreditation_from_predicate(predicate: Json) -> Accreditation:
    """Read an accreditation's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    found = Accreditation(
        issued=fields.instant("issued"), member=MemberId(fields.text("member")),
        banks=fields.texts("banks"), until=fields.instant("until"), extra=fields.rest(),
    )  # fmt: skip
    fields.finish("not an accreditation", code="evidence.statement")
    return found


def _text(fields: Fields, name: str, *, empty: bool = False) -> str:
    text = fields.text(name, empty=empty)
    if len(text) > MOST_TEXT:
        fields.fault(name, f"is longer than {MOST_TEXT} characters; put more into a file")
    return text


def _numbers(fields: Fields, name: str) -> tuple[int, ...]:
    found = fields.integers(name)
    if any(low >= high for low, high in pairwise((0, *found))):
        fields.fault(name, "is not a list of numbers from 1 that ascend")
    return found
