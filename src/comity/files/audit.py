# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The files of a comparison audit: what was committed to, what was drawn, what came of it.

All are canonical JSON, so that the digest of the bytes names the content. The commitment
names answers by digest; `answers.jsonl` beside it has the texts.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from comity.errors import Conflict
from comity.evidence.judge.comparison import Comparison
from comity.files.labelled import Labelled, to_labelled_jsonl
from comity.files.text import read_text, write_whole
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.reference import to_ratio_json

FORM = "comity/comparison-audit/v1"
ANSWER_TAG = b"comity/audited-answer/v1\n"
COMMITMENT, ANSWERS, DRAW, CONCLUSION = (
    "commitment.json",
    "answers.jsonl",
    "draw.json",
    "conclusion.json",
)
MAX_ROWS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """Verdicts that cannot be changed any more.

    Args:
        judge: Whose they are, in words.
        threshold: Share of the answers that the claim says is exceeded.
        answers: Digest of each answer, with question and reference.
        passes: The verdict on each.
    """

    judge: str
    threshold: Fraction
    goal: Fraction
    risk: Fraction
    power: Fraction
    answers: tuple[Digest, ...]
    passes: tuple[bool, ...]

    @property
    def comparison(self) -> Comparison:
        """Return what the audit is to show."""
        return Comparison(
            size=len(self.passes),
            judged=sum(self.passes),
            threshold=self.threshold,
            goal=self.goal,
            risk=self.risk,
            power=self.power,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How far an audit has drawn.

    Args:
        commitment: Digest of the file whose verdicts are audited.
        seed: Bytes nobody knew when that was committed to.
        count: Answers given out to people.
    """

    commitment: Digest
    seed: bytes
    count: int


def digest_of(answer: Labelled) -> Digest:
    """Return the digest a commitment names an answer by; the verdict is not part of it."""
    return sha256(ANSWER_TAG, to_canonical([answer.prompt, answer.reference, answer.answer]))


def encode(committed: Committed) -> bytes:
    """Write a commitment as the bytes its digest is of."""
    items: list[Json] = [
        {"answer": answer.hex(), "passes": passes}
        for answer, passes in zip(committed.answers, committed.passes, strict=True)
    ]
    return to_canonical(
        {
            "audit": FORM,
            "judge": committed.judge,
            "threshold": to_ratio_json(committed.threshold),
            "goal": to_ratio_json(committed.goal),
            "risk": to_ratio_json(committed.risk),
            "power": to_ratio_json(committed.power),
            "items": items,
        }
    )


def create_audit(folder: Path, committed: Committed, answers: tuple[Labelled, ...]) -> Digest:
    """Write an audit into a folder of its own, and return its digest.

    Raises:
        Conflict: The folder is there already: a second commitment would be a second chance.
        StorageFailed: The disk refused.
    """
    encoded = encode(committed)
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        message = f"{folder} is there already"
        raise Conflict(message, code="files.audit", hint="choose another --out") from None
    write_whole(folder / ANSWERS, to_labelled_jsonl(answers), "audit")
    write_whole(folder / COMMITMENT, encoded, "audit")
    return sha256(encoded)


def read_commitment(folder: Path) -> tuple[Committed, Digest]:
    """Read a commitment, and its digest.

    Raises:
        NotFound: There is none.
        InvalidDocument: With every fault and its field.
    """
    encoded = read_text(folder / COMMITMENT, "audit").encode()
    fields = Fields(from_canonical(encoded), faults=[])
    fields.choice("audit", [FORM])
    judge, shares = fields.text("judge"), _shares(fields)
    rows = [(row.digest("answer"), row.flag("passes")) for row in fields.rows("items")]
    if not 0 < len(rows) <= MAX_ROWS:
        fields.fault("items", f"are not 1 to {MAX_ROWS}")
    fields.finish("not the commitment of an audit", code="files.audit")
    committed = Committed(
        judge=judge,
        threshold=shares["threshold"],
        goal=shares["goal"],
        risk=shares["risk"],
        power=shares["power"],
        answers=tuple(answer for answer, _ in rows),
        passes=tuple(passes for _, passes in rows),
    )
    return committed, sha256(encoded)


def find_draw(folder: Path) -> Drawn | None:
    """Read how far an audit has drawn, or None before its first draw.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    if not (folder / DRAW).exists():
        return None
    fields = Fields(from_canonical(read_text(folder / DRAW, "audit").encode()), faults=[])
    drawn = Drawn(
        commitment=fields.digest("commitment"),
        seed=bytes(fields.digest("seed")),
        count=fields.integer("count", low=1, high=MAX_ROWS),
    )
    fields.finish("not the draw of an audit", code="files.audit")
    return drawn


def write_draw(folder: Path, drawn: Drawn) -> None:
    """Note how far an audit has drawn.

    Raises:
        StorageFailed: The disk refused.
    """
    fields: dict[str, Json] = {
        "commitment": drawn.commitment.hex(),
        "seed": drawn.seed.hex(),
        "count": drawn.count,
    }
    write_whole(folder / DRAW, to_canonical(fields), "audit")


def _shares(fields: Fields) -> dict[str, Fraction]:
    shares = {name: fields.ratio(name) for name in ("threshold", "goal", "risk", "power")}
    if not 0 <= shares["threshold"] < shares["goal"] <= 1:
        fields.fault("goal", "is not above the threshold and at most 1")
    for name in ("risk", "power"):
        if not 0 < shares[name] < 1:
            fields.fault(name, "is not between 0 and 1")
    return shares
