# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether what judges decided is what their outputs say, and their error was paid for.

Source:
    docs/spec/evidence.md, "Judges that err".
"""

from collections.abc import Iterable, Mapping

from comity.errors import InvalidDocument, VerificationFailed
from comity.evidence.judge.bound import judged_risk
from comity.evidence.judge.judgement import FIELD, judgement_from
from comity.evidence.judge.stated import StatedJudge, false_pass_of, is_judge
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.statistics.scores import ScoreDesign
from comity.evidence.transcript import Missing, Record


def check_stated(judges: Iterable[StatedJudge], scorers: Iterable[str]) -> None:
    """Hold a plan to stating every judge its bank names.

    Raises:
        VerificationFailed: One is not stated; the place names it.
    """
    stated = {judge.scorer for judge in judges}
    for scorer in scorers:
        if is_judge(scorer) and scorer not in stated:
            message = f"{scorer} errs, and the plan bounds its error nowhere"
            raise _refused(f"plan.judges.{scorer}", message)


def check_designs(judges: Iterable[StatedJudge], designs: Iterable[AnyDesign]) -> None:
    """Hold every design to its risk at the threshold claimed, the judges' error included.

    Raises:
        VerificationFailed: One does not hold; the place names it.
    """
    judges = tuple(judges)
    if not judges:
        return
    threshold = min(judge.threshold for judge in judges)
    false_pass = false_pass_of(judges)
    for row, design in enumerate(designs):
        if isinstance(design, ScoreDesign):
            raise _refused(f"plan.designs[{row}]", "no bound on a judge's error covers scores")
        risk = judged_risk(design, threshold, false_pass)
        if risk > design.risk:
            message = (
                f"with this judge wrong recognition is {float(risk) * 100:.3f} % at "
                f"{float(threshold) * 100:.4g} %, above {float(design.risk) * 100:.3f} %"
            )
            raise _refused(f"plan.designs[{row}]", message)


def check_outputs(judges: Iterable[StatedJudge], records: Iterable[Record]) -> None:
    """Hold every judged outcome to the outputs kept beside it.

    Raises:
        VerificationFailed: An outcome does not follow; the place names the record.
    """
    votes: Mapping[str, int] = {judge.scorer: judge.votes for judge in judges}
    for row, record in enumerate(records):
        due = votes.get(record.opening.item.scorer)
        if due is None or isinstance(record.answer, Missing):
            continue
        place = f"records[{row}].{FIELD}"
        try:
            judgement = judgement_from(record.extra.get(FIELD))
        except InvalidDocument as error:
            raise _refused(place, f"what the judge said is not kept: {error}") from None
        if len(judgement.outputs) != due:
            raise _refused(place, f"the plan asks the judge {due} times of each answer")
        if judgement.is_pass != record.passed or record.score_ppm is not None:
            raise _refused(place, "the judge's outputs say otherwise than the outcome")


def _refused(place: str, message: str) -> VerificationFailed:
    return VerificationFailed(message, code="evidence.audit", place=place)
