# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which judges a plan states, for which bank, and which one is asked."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from comity.assess.scorers.judge import LIMITS, MODEL_JUDGE, ModelJudge
from comity.desk.assessment.service import to_subject
from comity.errors import Fault, InvalidDocument
from comity.evidence.attempt import Sharing
from comity.evidence.bank import Item
from comity.evidence.bank_statement import BankStatement
from comity.evidence.judge.judgement import Judgement
from comity.evidence.judge.question import digest_of
from comity.evidence.judge.stated import StatedJudge, is_judge
from comity.evidence.plan import Plan
from comity.files.judge import JudgeFile
from comity.files.labelled import Labelled
from comity.files.subject import read_subject
from comity.law.cursor import near_miss

WIDTH = 16
"""Answers before a judge at a time."""


def to_stated(file: JudgeFile) -> StatedJudge:
    """Return a judge as a plan states it; the plan's own threshold is filled in there."""
    return StatedJudge(
        scorer=file.scorer,
        false_pass=file.false_pass,
        threshold=Fraction(0),
        prompt=digest_of(file.prompt),
        model=file.model,
        votes=file.votes,
        basis=file.basis,
        audit=file.audit,
    )


def to_judge(file: JudgeFile, plan: Plan) -> ModelJudge:
    """Return the judge that a file describes, ready to be asked, as the plan states it.

    Raises:
        InvalidDocument: The plan states another judge, or none; or its service's file cannot
            be used.
    """
    stated = {judge.scorer: judge for judge in plan.judges}.get(file.scorer)
    if stated is None or replace(stated, threshold=Fraction(0), extra={}) != to_stated(file):
        said = "no judge" if stated is None else stated.in_words
        message = f"the plan states {said}; the file describes {to_stated(file).in_words}"
        raise InvalidDocument(
            "not the judge of this plan",
            code="desk.judges",
            hint="prompt, model, votes and bound were fixed when the plan was logged",
            faults=[Fault(message=message)],
        )
    return judge_of(file)


def judge_of(file: JudgeFile) -> ModelJudge:
    """Return the judge that a file describes, ready to be asked.

    Raises:
        InvalidDocument: Its service's file cannot be used.
    """
    return ModelJudge(
        template=file.prompt,
        subject=to_subject(read_subject(file.service)),
        votes=file.votes,
        limits=replace(LIMITS, timeout_s=float(file.timeout_s)),
    )


def try_judge(
    judge: ModelJudge, answers: Sequence[Labelled], progress: Callable[[], None]
) -> tuple[Judgement, ...]:
    """Have a judge judge answers whose truth is known, in order.

    Args:
        progress: Called after each.

    Raises:
        PeerFailed: The judge does not answer.
    """

    async def ask_all() -> tuple[Judgement, ...]:
        async with judge.open(WIDTH) as asked:

            async def ask(one: Labelled) -> Judgement:
                item = Item(
                    position=0,
                    category="tried",
                    prompt=one.prompt,
                    reference=one.reference,
                    scorer=MODEL_JUDGE,
                )
                said = await asked(item, one.answer)
                progress()
                return said

            return tuple(await asyncio.gather(*map(ask, answers)))

    return asyncio.run(ask_all())


def stated_for(
    bank: BankStatement, judges: Iterable[StatedJudge], threshold: Fraction
) -> tuple[StatedJudge, ...]:
    """Return the judges a plan states: each the bank names, and no other.

    Raises:
        InvalidDocument: One is missing, or one is not the bank's; every fault listed.
    """
    found = {judge.scorer: replace(judge, threshold=threshold) for judge in judges}
    named = [scorer for scorer in bank.scorer.split() if is_judge(scorer)]
    faults = [
        Fault(message=f"{scorer} judges items of this bank, and nothing bounds its error")
        for scorer in named
        if scorer not in found
    ]
    faults += [
        Fault(message=f"the bank has no items for {scorer}", near=near_miss(scorer, named))
        for scorer in found
        if scorer not in named
    ]
    if faults:
        raise InvalidDocument(
            "the judges do not fit the bank",
            code="desk.judges",
            hint="name the file of the judge: --judge judge.toml",
            faults=faults,
        )
    return tuple(found[scorer] for scorer in named)


def refuse_product(judges: Iterable[StatedJudge], sharing: Sharing) -> None:
    """Refuse to multiply e-values of outcomes that a judge decided.

    By chance fewer failures may be judged as such than the e-value is fair for; the numbers
    of a design allow for it, a product of e-values does not.

    Raises:
        InvalidDocument: The attempts multiply, and a judge is stated.
    """
    if sharing is Sharing.PRODUCT and any(True for _ in judges):
        message = "attempts whose outcomes a judge decides cannot be multiplied"
        raise InvalidDocument(
            message,
            code="desk.judges",
            hint="weight the attempts instead",
            faults=[Fault(message=message)],
        )
