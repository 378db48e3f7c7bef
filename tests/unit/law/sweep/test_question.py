# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Open facts are counted as explaining each ruling by itself would count them."""

import datetime as dt
import random

from tests.fakes.rows import Entry, random_entries, raw, register_of

from comity.kernel.truth import Truth
from comity.law.fact import MARKETS, Answer, Silence
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.reason import Tracer, unsettled_facts
from comity.law.sweep.layout import ROLE
from comity.law.sweep.plan import Plan, plan_sweep
from comity.law.sweep.question import OpenFact, open_facts, ranked

ON = dt.date(2026, 11, 21)


def _slowly(plan: Plan, entries: list[Entry]) -> tuple[OpenFact, ...]:
    """Trace every ruling; rows with contradictions are left out beforehand."""
    found = []
    for entry in entries:
        answers: dict[str, Answer] = dict(entry.answers)
        if entry.roles:
            answers[ROLE] = frozenset(role.value for role in entry.roles)
        if entry.markets is not None:
            answers[MARKETS] = frozenset(entry.markets)
        tracer = Tracer(answers=answers, meanings=plan.meanings)
        for asked in plan.asked.values():
            trace = tracer.trace(asked.whole)
            if asked.in_force and trace.truth is Truth.UNDETERMINED:
                names = [
                    name for name in dict.fromkeys(unsettled_facts(trace))
                    if not isinstance(answers.get(name, Silence.NOT_ASKED), bool)
                ]  # fmt: skip
                alone = int(len(names) == 1)
                found += [OpenFact(fact=name, alone=alone, among=1) for name in names]
    return ranked(found)


def test_open_facts_are_those_of_the_traces(library: Library) -> None:
    """Alone: nothing else is open in the ruling. Among: the answer still matters there."""
    dice = random.Random(3)  # noqa: S311 - repeatable
    plan = plan_sweep(library, ["EU", "WAICO"], ON)
    closed = []
    for entry in random_entries(library, dice, 80):
        sifted = plan.sift(raw(register_of([entry], library)))
        unguarded = {n: a for n, a in entry.answers.items() if n != "watermarks"}
        plain = Entry(roles=entry.roles, markets=entry.markets, answers=unguarded)
        if sifted.encoded.frame.height and "remote_biometric" not in plain.answers:
            closed.append(plain)
    assert len(closed) > 20
    sifted = plan.sift(raw(register_of(closed, library)))
    found = open_facts(plan, sifted.encoded)
    assert found == _slowly(plan, closed)
    assert {ROLE, MARKETS, "sector"} <= {each.fact for each in found}


def test_a_fact_alone_open_settles_by_itself(library: Library) -> None:
    """Everything else is known: whatever the answer, the ruling is settled."""
    plan = plan_sweep(library, ["WAICO"], ON)
    entry = Entry(roles=(Role.PROVIDER,), markets=None, answers={})
    sifted = plan.sift(raw(register_of([entry, entry], library)))
    assert open_facts(plan, sifted.encoded) == (
        OpenFact(fact="is_ai_system", alone=2, among=2),
    )


def test_a_norm_not_in_force_asks_nothing(library: Library) -> None:
    """Its answers can wait."""
    plan = plan_sweep(library, ["EU"], dt.date(2020, 1, 1))
    entry = Entry(roles=(), markets=None, answers={})
    sifted = plan.sift(raw(register_of([entry], library)))
    assert open_facts(plan, sifted.encoded) == ()
