# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The evidence bundle: a plan's whole transcript as one blob, one line a record.

The first line names the form and the plan; each further line is one record in canonical
JSON. Its digest stands in the finding.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument
from comity.evidence.statistics.outcome import Outcome
from comity.evidence.transcript import Record, decode, encode, head_of
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields

FORM = "comity/evidence-bundle/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What was asked and answered under one plan, in the order it was recorded."""

    plan: Digest
    records: tuple[Record, ...]

    @property
    def head(self) -> Digest:
        """Return the head of the transcript's chain."""
        return head_of(self.plan, self.records)

    def outcomes(self, category: str) -> tuple[Outcome, ...]:
        """Return the category's outcomes as recorded."""
        return tuple(record.outcome for record in self.records if record.category == category)


def header(plan: Digest) -> bytes:
    """Return the first line of a plan's bundle, without its line break."""
    fields: dict[str, Json] = {"bundle": FORM, "plan": plan.hex()}
    return to_canonical(fields)


def encode_bundle(bundle: Bundle) -> bytes:
    """Write a bundle as bytes.

    Raises:
        InvalidDocument: A record has no canonical form.
    """
    lines = [header(bundle.plan), *(encode(record) for record in bundle.records)]
    return b"".join(line + b"\n" for line in lines)


def digest_of(encoded: bytes) -> Digest:
    """Return the digest a finding names its bundle by."""
    return sha256(encoded)


def decode_bundle(encoded: bytes) -> Bundle:
    """Read a bundle's bytes.

    Raises:
        InvalidDocument: With every fault and the line it stands on.
    """
    lines = encoded.split(b"\n")
    faults: list[Fault] = []
    if lines.pop() != b"":
        faults.append(Fault(message="the last line has no line break", line=len(lines) + 1))
    plan = _plan(lines[0] if lines else b"", faults)
    records = tuple(_records(lines[1:], faults))
    if faults:
        message = "not an evidence bundle"
        raise InvalidDocument(message, code="evidence.bundle", faults=faults)
    return Bundle(plan=plan, records=records)


def _plan(line: bytes, faults: list[Fault]) -> Digest:
    try:
        fields = Fields(from_canonical(line), faults=[])
        fields.choice("bundle", [FORM])
        plan = fields.digest("plan")
        fields.finish("not a bundle's first line", code="evidence.bundle")
    except InvalidDocument as error:
        faults.extend(_on_line(error, 1))
        return Digest(bytes(32))
    return plan


def _records(lines: Iterable[bytes], faults: list[Fault]) -> Iterable[Record]:
    for number, line in enumerate(lines, start=2):
        try:
            yield decode(line)
        except InvalidDocument as error:
            faults.extend(_on_line(error, number))


def _on_line(error: InvalidDocument, line: int) -> Iterable[Fault]:
    for fault in error.faults:
        yield Fault(message=fault.message, line=line, column=fault.column, near=fault.near)
