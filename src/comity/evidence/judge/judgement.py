# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a model said when it was asked to judge, and what follows from it.

The grammar has two sentences: an output that is the one word PASS, white space around it
apart, is a vote to pass; every other output is a vote to fail, and so is none at all. A judge
that explains, hedges or quotes the answer has not passed it.

Source:
    docs/spec/evidence.md, "Judges that err".
"""

from dataclasses import dataclass

from comity.errors import InvalidDocument
from comity.evidence.transcript import Record
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields

FIELD = "judgement"
"""Of a transcript record; the hash chain covers it."""

PASS, FAIL = "PASS", "FAIL"
MAX_VOTES = 9
MAX_OUTPUT_BYTES = 512
"""Of one output as it is kept; a longer one is no verdict and is kept as none."""

_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The outputs of a judge for one answer, one for each time it was asked.

    Args:
        outputs: As they came; None where none came, or one too long.
    """

    outputs: tuple[str | None, ...]

    @property
    def is_pass(self) -> bool:
        """Tell whether more than half of the votes are to pass."""
        return 2 * sum(map(is_vote_to_pass, self.outputs)) > len(self.outputs)

    @property
    def is_clear(self) -> bool:
        """Tell whether every output was one of the two words."""
        return all((output or "").strip(_SPACE) in {PASS, FAIL} for output in self.outputs)

    def to_json(self) -> dict[str, Json]:
        """Write the judgement as a JSON object."""
        return {"outputs": list(self.outputs)}


def is_vote_to_pass(output: str | None) -> bool:
    r"""Tell whether an output is the one word PASS.

    >>> is_vote_to_pass(" PASS\n"), is_vote_to_pass("PASS."), is_vote_to_pass("PASS\nFAIL")
    (True, False, False)
    """
    return output is not None and output.strip(_SPACE) == PASS


def kept(output: str | None) -> str | None:
    """Return an output as a record keeps it: one too long, or no Unicode text, is none."""
    try:
        size = 0 if output is None else len(output.encode())
    except UnicodeEncodeError:  # a lone surrogate could not be signed
        return None
    return output if size <= MAX_OUTPUT_BYTES else None


def judgement_from(value: Json) -> Judgement:
    """Read a judgement from a JSON value.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields({FIELD: value}, faults=[]).inner(FIELD)
    found = fields.value("outputs")
    outputs: tuple[str | None, ...] = ()
    if isinstance(found, list | tuple) and 0 < len(found) <= MAX_VOTES:
        outputs = tuple(one for one in found if one is None or isinstance(one, str))
    if not isinstance(found, list | tuple) or len(outputs) != len(found) or not outputs:
        fields.fault("outputs", f"is not a list of 1 to {MAX_VOTES} texts or nulls")
    if any(kept(output) != output for output in outputs):
        fields.fault("outputs", f"has one longer than {MAX_OUTPUT_BYTES} bytes")
    fields.finish("not a judgement", code="evidence.judgement")
    return Judgement(outputs=outputs)


def find_judgement(record: Record) -> Judgement | None:
    """Return what a record keeps of a judge, or None where it is nothing readable."""
    try:
        return judgement_from(record.extra[FIELD]) if FIELD in record.extra else None
    except InvalidDocument:
        return None
