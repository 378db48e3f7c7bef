# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a run of a plan will take, from what stands already and what the bank holds."""

from comity.assess.run.board import Standing
from comity.assess.run.course import Manner
from comity.assess.run.forecast import Forecast, Price, Terms, forecast
from comity.assess.run.pace import Pace
from comity.desk.assessment.keeping import held_bank
from comity.evidence.plan import Plan
from comity.evidence.prompt import text_of
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.kind import as_counted
from comity.node.node import Node


def forecast_run(
    node: Node,
    plan: Plan,
    standing: Standing,
    manner: Manner,
    *,
    latency_s: float,
    price: Price,
) -> Forecast:
    """Say what is still to come of a run.

    Args:
        standing: Where it stands now; what is decided or asked is not counted again.
        latency_s: Seconds the subject took to greet.

    Raises:
        NotFound: This node does not keep the bank.
    """
    still = {row.category: row.asked for row in standing.rows if _is_open(row.verdict)}
    sizes = [
        len(text_of(item.prompt).encode())
        for item in held_bank(node, plan.bank_root).items
        if item.category in still
    ]
    terms = Terms(
        latency_s=latency_s,
        width=manner.width,
        interval_s=Pace((plan.rules.rate, manner.rate)).interval_s,
        prompt_bytes=sum(sizes) / len(sizes) if sizes else 0.0,
        answer_bytes=plan.rules.max_answer_bytes,
        price=price,
    )
    return forecast({name: as_counted(plan.design_of(name)) for name in still}, still, terms)


def _is_open(verdict: Verdict) -> bool:
    return verdict is Verdict.INSUFFICIENT
