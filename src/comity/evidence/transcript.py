# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What was asked and answered, one record a question, chained by hashes.

One chain runs through all categories in the order the records were appended; within a
category draws count 1, 2, 3 without a gap. The head fixes every record before it.

Source:
    docs/spec/evidence.md, "The transcript".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from comity.evidence.bank import Opening, opening_from
from comity.evidence.statistics.outcome import WHOLE_PPM, Outcome, Score
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields

CHAIN_TAG = b"comity/transcript/v1\n"


class Missing(Enum):
    """Why there is no answer; each counts as a failure.

    `busy` says the service itself asked for patience, `unreachable` that nothing took the
    question, `interrupted` that the tester stopped before an answer came.
    """

    TIMEOUT = "timeout"
    ERROR = "error"
    OVERSIZE = "oversize"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One drawn question, its answer and its outcome.

    Args:
        draw: 1-based place in the draw of the item's category.
        opening: The item with salt and path.
        answer: What the system said, or why nothing counts as an answer.
        passed: The scorer's verdict; always false without an answer.
        score_ppm: How far the answer is right, in millionths, where the scorer says more than
            pass or fail; `passed` then means the whole million.
        tries: Why each earlier try came to nothing, where the plan lets it be asked again.
        extra: Fields this version does not know, kept so that the digest stays.
    """

    draw: int
    opening: Opening
    answer: str | Missing
    passed: bool
    score_ppm: int | None = None
    tries: tuple[Missing, ...] = ()
    extra: dict[str, Json] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        """Return what a design judges."""
        return self.passed if self.score_ppm is None else Score(ppm=self.score_ppm)

    @property
    def category(self) -> str:
        """Return the item's category."""
        return self.opening.item.category

    def to_json(self) -> dict[str, Json]:
        """Write the record as a JSON object."""
        missing = isinstance(self.answer, Missing)
        more: dict[str, Json] = {}
        if self.score_ppm is not None:
            more["score_ppm"] = self.score_ppm
        if self.tries:
            more["tries"] = [reason.value for reason in self.tries]
        return {
            **self.extra,
            **more,
            "draw": self.draw,
            **self.opening.to_json(),
            "answer": None if isinstance(self.answer, Missing) else self.answer,
            "missing": self.answer.value if isinstance(self.answer, Missing) else None,
            "passed": self.passed and not missing,
        }


def record_from(fields: Fields) -> Record:
    """Read a record from a JSON object, noting faults."""
    draw = fields.integer("draw", low=1)
    opening = opening_from(fields)
    answer = fields.nullable("answer", lambda name: fields.text(name, empty=True))
    options = [reason.value for reason in Missing]
    missing = fields.nullable("missing", lambda name: fields.choice(name, options))
    passed = fields.flag("passed")
    if (answer is None) == (missing is None):
        fields.fault("answer", "and missing: exactly one of them stands, the other is null")
    if missing is not None and passed:
        fields.fault("passed", "is true without an answer")
    score_ppm = fields.optional("score_ppm", lambda name: fields.integer(name, high=WHOLE_PPM))
    if score_ppm is not None and passed != (score_ppm == WHOLE_PPM):
        fields.fault("passed", f"means a score_ppm of {WHOLE_PPM}, no less")
    if score_ppm and missing is not None:
        fields.fault("score_ppm", "is above 0 without an answer")
    kept = Missing(missing) if missing is not None else answer or ""
    return Record(
        draw=draw,
        opening=opening,
        answer=kept,
        passed=passed,
        score_ppm=score_ppm,
        tries=_tries(fields),
        extra=fields.rest(),
    )


def _tries(fields: Fields) -> tuple[Missing, ...]:
    names = fields.optional("tries", fields.texts)
    known = {reason.value: reason for reason in Missing}
    if names is not None and not (names and set(names) <= set(known)):
        fields.fault("tries", f"are not one or more of {', '.join(known)}")
    return tuple(known[name] for name in names or () if name in known)


def encode(record: Record) -> bytes:
    """Write a record as one line's bytes (canonical JSON, no line break).

    Raises:
        InvalidDocument: Something in it has no canonical form.
    """
    return to_canonical(record.to_json())


def decode(line: bytes) -> Record:
    """Read one line of a transcript.

    Raises:
        InvalidDocument: Not canonical JSON, or not a record; every fault listed.
    """
    fields = Fields(from_canonical(line), faults=[])
    record = record_from(fields)
    fields.finish("not a transcript record", code="evidence.record")
    return record


def start_of(plan_digest: Digest) -> Digest:
    """Return the head of the empty transcript of one plan."""
    return sha256(CHAIN_TAG, plan_digest)


def extend(head: Digest, record: Record) -> Digest:
    """Return the head after one more record."""
    return extend_line(head, encode(record))


def extend_line(head: Digest, line: bytes) -> Digest:
    """Return the head after one more record, given as its bytes."""
    return sha256(head, sha256(line))


def head_of(plan_digest: Digest, records: Iterable[Record]) -> Digest:
    """Return the head of a whole transcript."""
    head = start_of(plan_digest)
    for record in records:
        head = extend(head, record)
    return head
