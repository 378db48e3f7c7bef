# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Score recorded answers again; say of which ones the tester's word has to do, and why."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from comity.evidence.judge.stated import StatedJudge, is_judge
from comity.evidence.statistics.outcome import Outcome, Score
from comity.evidence.transcript import Missing, Record
from comity.kernel.canonical import Json
from comity.kernel.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscored:
    """An outcome that cannot be derived again here.

    Args:
        reason: Why, as half a sentence: "needs py3langid 0.4.0, which is not installed".
    """

    reason: str


Scorer = Callable[[str, Json, Json, str], Outcome | Unscored | None]
"""(scorer id, prompt, reference, answer) to the outcome; None where no scorer has that id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """What scoring again came to.

    Args:
        holds: Undetermined where some outcomes rest on the tester's word.
        place: Where it first disagrees, or could not be scored first; else empty.
        message: What was found, naming every scorer that was not run again, as a sentence.
    """

    holds: Truth
    place: str
    message: str


def rescore(
    records: Iterable[Record], judges: Iterable[StatedJudge], scorer: Scorer
) -> Rescored:
    """Score every answer again that can be."""
    words = {judge.scorer: judge.in_words for judge in judges}
    unscored: Counter[str] = Counter()
    first = ""
    for row, record in enumerate(records):
        if isinstance(record.answer, Missing):
            continue
        item, place = record.opening.item, f"records[{row}].passed"
        found = None
        if not is_judge(item.scorer):
            found = scorer(item.scorer, item.prompt, item.reference, record.answer)
        if found is None or isinstance(found, Unscored):
            unscored[words.get(item.scorer) or _reason(item.scorer, found)] += 1
            first = first or place
        elif found != record.outcome:
            said = f"{item.scorer} does not find that this answer {_said(record.outcome)}"
            return Rescored(holds=Truth.FALSE, place=place, message=said)
    if not unscored:
        message = "every answer scores again as recorded"
        return Rescored(holds=Truth.TRUE, place="", message=message)
    parts = "; ".join(f"{_answers(count)} {reason}" for reason, count in unscored.items())
    message = f"not scored again here, so the tester's word: {parts}"
    return Rescored(holds=Truth.UNDETERMINED, place=first, message=message)


def _reason(scorer: str, found: Unscored | None) -> str:
    if isinstance(found, Unscored):
        return f"by {scorer}, which {found.reason}"
    if is_judge(scorer):
        return f"by {scorer}, a judge whose error the plan does not bound"
    return f"by {scorer}, a scorer that is not known here"


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def _said(outcome: Outcome) -> str:
    if isinstance(outcome, Score):
        return f"scores {outcome.ppm} millionths"
    return "passed" if outcome else "failed"
