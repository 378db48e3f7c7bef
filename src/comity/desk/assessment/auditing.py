# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A comparison audit, step by step: verdicts committed to, a few drawn, people's labels."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from comity.errors import Conflict, Fault, InvalidDocument, NotPermitted, VerificationFailed
from comity.evidence.draw import order
from comity.evidence.judge.bound import PPM
from comity.evidence.judge.comparison import Audited, seed_of
from comity.evidence.judge.panel import Asked
from comity.files.audit import (
    ANSWERS,
    COMMITMENT,
    CONCLUSION,
    MAX_ROWS,
    Committed,
    Drawn,
    create_audit,
    digest_of,
    find_draw,
    read_commitment,
    write_draw,
)
from comity.files.labelled import Labelled, read_labelled
from comity.files.text import write_whole
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.reference import to_ratio_json

FORM = "comity/comparison-audit-conclusion/v1"
_SEED_BYTES = 32
_MOST = Fraction(10**15)
"""An e-value above it is written as this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an audit is to show, as somebody asks for it."""

    judge: str
    threshold: Fraction
    goal: Fraction
    risk: Fraction
    power: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """What an audit came to.

    Args:
        audited: The labels, in draw order, up to the first that is missing.
        drawn: Answers that were given out to people.
        digest: Of the conclusion as a file; a judge's file takes it as `audit`.
    """

    audited: Audited
    drawn: int
    commitment: Digest
    digest: Digest

    @property
    def missing(self) -> int:
        """Return the answers given out whose label is not in, from the first such on."""
        return self.drawn - self.audited.asked


def commit(folder: Path, answers: tuple[Labelled, ...], plan: Plan) -> Digest:
    """Commit to a verdict on each of some answers, and return the digest to publish.

    Raises:
        InvalidDocument: The shares contradict each other.
        Conflict: The folder is there already.
    """
    faults = []
    if not plan.threshold < plan.goal <= 1:
        faults.append(Fault(message="the goal is not above the threshold and at most 1"))
    faults += [
        Fault(message=f"{name} is not between 0 and 1")
        for name in ("risk", "power")
        if not 0 < getattr(plan, name) < 1
    ]
    if len(answers) > MAX_ROWS:
        faults.append(Fault(message=f"{len(answers)} answers, more than {MAX_ROWS}"))
    if faults:
        raise InvalidDocument("nothing to audit", code="desk.audit", faults=faults)
    committed = Committed(
        judge=plan.judge,
        threshold=plan.threshold,
        goal=plan.goal,
        risk=plan.risk,
        power=plan.power,
        answers=tuple(map(digest_of, answers)),
        passes=tuple(one.passes for one in answers),
    )
    return create_audit(folder, committed, answers)


def draw(folder: Path, seed: bytes | None, count: int) -> tuple[Asked, ...]:
    """Draw the next answers for people to judge, without the verdicts on them.

    Args:
        seed: 32 bytes, at the first draw; None later, or the same again.

    Raises:
        InvalidDocument: The seed has another length, or there is none.
        Conflict: Another seed was drawn with: it fixed the order.
        NotPermitted: Every answer was drawn.
        VerificationFailed: The files are not what was committed to.
    """
    committed, digest, answers = _opened(folder)
    before = find_draw(folder)
    before = before or Drawn(commitment=digest, seed=_first(seed), count=0)
    if seed is not None and seed != before.seed:
        raise Conflict(
            "this audit draws with another seed already",
            code="desk.audit_seed",
            hint="leave --seed away: the order is fixed, and further draws continue it",
        )
    _check_draw(before, digest)
    ordered = order(seed_of(digest, before.seed), range(len(answers)))
    chosen = ordered[before.count : before.count + count]
    if not chosen:
        raise NotPermitted("every answer was drawn", code="desk.audit_over")
    write_draw(folder, replace(before, count=before.count + len(chosen)))
    del committed
    return tuple(
        Asked(
            prompt=answers[at].prompt,
            reference=answers[at].reference,
            answer=answers[at].answer,
        )
        for at in chosen
    )


def conclude(folder: Path, labels: Iterable[Path], logged: Digest | None) -> Concluded:
    """Take people's labels in draw order, and write down what follows.

    Args:
        labels: Files of labelled answers; each answer is found by its content.
        logged: The digest that was published, where it is to be held against.

    Raises:
        InvalidDocument: Labels contradict each other, or are of answers not drawn.
        NotPermitted: Nothing was drawn.
        VerificationFailed: The files are not what was committed to.
    """
    committed, digest, _ = _opened(folder)
    if logged is not None and logged != digest:
        message = "this is not the commitment that was published"
        raise VerificationFailed(message, code="desk.audit", place=COMMITMENT)
    drawn = find_draw(folder)
    if drawn is None:
        raise NotPermitted(
            "nothing was drawn yet",
            code="desk.audit_draw",
            hint="comity judge audit draw comes first",
        )
    _check_draw(drawn, digest)
    ordered = order(seed_of(digest, drawn.seed), range(len(committed.passes)))[: drawn.count]
    said = _labels(labels, {committed.answers[at] for at in ordered})
    audited = Audited(comparison=committed.comparison)
    for at in ordered:
        passes = said.get(committed.answers[at])
        if passes is None:
            break
        audited = audited.after(judged=committed.passes[at], passes=passes)
    encoded = to_canonical(_conclusion(audited, drawn, said, committed.judge))
    write_whole(folder / CONCLUSION, encoded, "audit")
    return Concluded(
        audited=audited, drawn=drawn.count, commitment=digest, digest=sha256(encoded)
    )


def decimal(value: Fraction | None) -> str:
    """Return an e-value as a decimal text; None is infinite."""
    return "infinite" if value is None else f"{float(min(value, _MOST)):.6g}"


def _opened(folder: Path) -> tuple[Committed, Digest, tuple[Labelled, ...]]:
    committed, digest = read_commitment(folder)
    answers = read_labelled(folder / ANSWERS)
    found = [(digest_of(one), one.passes) for one in answers]
    rows = list(zip(committed.answers, committed.passes, strict=True))
    if found != rows:
        pairs = enumerate(zip(found, rows, strict=False), start=1)
        row = next((at for at, (one, other) in pairs if one != other), len(rows))
        raise VerificationFailed(
            f"{ANSWERS} is not what was committed to",
            code="desk.audit",
            hint="put the file back as it was; a new commitment is a new audit",
            place=f"line {row}",
        )
    return committed, digest, answers


def _check_draw(drawn: Drawn, digest: Digest) -> None:
    if drawn.commitment != digest:
        message = "the draw is of another commitment"
        raise VerificationFailed(message, code="desk.audit", place="draw.json")


def _first(seed: bytes | None) -> bytes:
    if seed is None or len(seed) != _SEED_BYTES:
        message = f"the first draw needs a seed of {_SEED_BYTES} bytes, 64 hexadecimal digits"
        raise InvalidDocument(
            message,
            code="desk.audit_seed",
            hint="one that nobody knew when the verdicts were committed to, such as a beacon's",
            faults=[Fault(message=message)],
        )
    return seed


def _labels(paths: Iterable[Path], drawn: set[Digest]) -> dict[Digest, bool]:
    said: dict[Digest, bool] = {}
    faults: list[Fault] = []
    for path in paths:
        for row, one in enumerate(read_labelled(path), start=1):
            digest = digest_of(one)
            if digest not in drawn:
                message = f"answer {row} was not drawn"
                faults.append(Fault(message=message, source=str(path)))
            elif said.setdefault(digest, one.passes) != one.passes:
                message = f"answer {row} is labelled otherwise before"
                faults.append(Fault(message=message, source=str(path)))
    if faults:
        raise InvalidDocument("not this audit's labels", code="desk.labels", faults=faults)
    return said


def _conclusion(
    audited: Audited, drawn: Drawn, said: dict[Digest, bool], judge: str
) -> dict[str, Json]:
    labels: list[Json] = [[digest.hex(), passes] for digest, passes in sorted(said.items())]
    value = audited.evidence.value
    return {
        "conclusion": FORM,
        "commitment": drawn.commitment.hex(),
        "seed": drawn.seed.hex(),
        "judge": judge,
        "verdict": audited.verdict.value,
        "labels": labels,
        "asked": audited.asked,
        "failing": audited.failing,
        "passed_wrongly": audited.passed_wrongly,
        "failed_wrongly": audited.failed_wrongly,
        "false_pass_ppm": int(audited.false_pass * PPM),
        "e_value": "infinite" if value is None else _bounded(value),
    }


def _bounded(value: Fraction) -> Json:
    """Return an e-value rounded down to millionths, as a ratio of numbers JSON can hold."""
    return to_ratio_json(Fraction(int(min(value, _MOST) * PPM), PPM))
