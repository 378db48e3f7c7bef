# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which judges a plan states, for which bank."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from comity.errors import Fault, InvalidDocument
from comity.evidence.attempt import Sharing
from comity.evidence.bank_statement import BankStatement
from comity.evidence.judge.stated import StatedJudge, is_judge
from comity.law.cursor import near_miss


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
