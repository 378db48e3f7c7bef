# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure the interview on the real packs, every market asked at once.

Run it as a script: python benchmarks/law_interview.py [respondents] [questions]

Three kinds of respondent, each seeded and free of contradictions: `few` answers yes to one
question in six, as the profiles of examples/ do; `even` to every second; `unsure` is like
`few` and does not know every fifth answer. Each is interviewed twice: in the order of
`comity interview`, and in the packs' own order, which asks for the first open fact of the
first norm that cannot be told. "never" counts the norms that stay open once everything is
answered: shares are of what answers could still settle. A question's cost holds everything
from the answer before to the question after.
"""

import datetime as dt
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from comity.files.library import shipped_library
from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.law.close import extend
from comity.law.fact import ASKED_ON, MARKETS, Answer, OpenSet, Silence
from comity.law.interview import agenda, plausible
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Profile
from comity.law.reason import Tracer, unsettled_facts
from comity.law.situation import Situation, situation_of

TEXT = LocalText(by_tag={"en": "x"})
ON = dt.date(2026, 11, 21)
GOAL_MS = 50.0
GOAL_SHARE = 0.6
KINDS = {"few": (1 / 6, 0.0), "even": (0.5, 0.0), "unsure": (1 / 6, 0.2)}
"""How often each kind says yes, and how often it does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One interview: undetermined norms before each question, and what each question cost."""

    left: tuple[int, ...]
    cost_ms: tuple[float, ...]

    def after(self, answers: int) -> int:
        """Return the undetermined norms after so many answers; an interview may end before."""
        return self.left[min(answers, len(self.left) - 1)]


def main() -> None:
    """Print the table."""
    respondents = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    questions = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    library = shipped_library()
    markets = sorted({pack.market for pack in library.packs})
    print(f"{len(library.norms)} norms of {len(markets)} markets, role provider, on {ON}")
    print(f"{respondents} respondents of each kind; means, CPU-ms of this process\n")
    head = "undetermined norms after"
    print(f"{'kind':<8}{'order':<11}{head:<36}{'never':>6}{'a question':>12}{'dearest':>9}")
    marks = sorted({0, questions // 4, questions // 2, 3 * questions // 4, questions})
    print(" " * 19 + "".join(f"{mark:>7}" for mark in marks))
    for kind in KINDS:
        truths = [_truth(library, kind, seed) for seed in range(respondents)]
        quick = [_interview(library, markets, truth, _best, questions) for truth in truths]
        plain = [_interview(library, markets, truth, _first, questions) for truth in truths]
        never = statistics.mean(_never(library, markets, truth) for truth in truths)
        for order, runs in (("interview", quick), ("packs'", plain)):
            left = "".join(f"{_mean(runs, mark):>7.0f}" for mark in marks)
            costs = [cost for run in runs for cost in run.cost_ms]
            print(
                f"{kind:<8}{order:<11}{left:<36}{never:>6.0f}"
                f"{statistics.median(costs):>12.1f}{max(costs):>9.1f}"
            )
        share = (_mean(quick, questions) - never) / (_mean(plain, questions) - never)
        print(f"{'':<8}share after {questions} answers: {share:.0%}")
        assert share <= GOAL_SHARE, "asks no better than the packs' own order"
        costs = [cost for run in quick for cost in run.cost_ms]
        assert statistics.median(costs) <= GOAL_MS, "slower than 50 CPU-ms a question"


def _never(library: Library, markets: list[MarketCode], truth: dict[str, Answer]) -> int:
    """Count the norms that stay open once everything is answered."""
    profile = Profile(
        system="x", name=TEXT, purpose=TEXT, roles=(Role.PROVIDER,), answers=truth
    )
    situation = situation_of(library, profile, markets=markets, on=ON)
    return len(agenda(situation, limit=0).undetermined)


def _mean(runs: list[Run], answers: int) -> float:
    return statistics.mean(run.after(answers) for run in runs)


def _truth(library: Library, kind: str, seed: int) -> dict[str, Answer]:
    """Make up a system: an answer to every fact, none against an axiom or a guard."""
    says_yes, unsure = KINDS[kind]
    dice = random.Random(f"{kind} {seed}")  # noqa: S311 - a benchmark that can be repeated
    facts = [f for f in library.vocabulary.facts.values() if f.name not in {ASKED_ON, MARKETS}]
    dice.shuffle(facts)
    found: dict[str, Answer] = {}
    for fact in facts:
        known = found.get(fact.name, Silence.NOT_ASKED)
        if known is not Silence.NOT_ASKED and not isinstance(known, OpenSet):
            continue
        tried = list(plausible(fact, library, known))
        dice.shuffle(tried)
        if True in tried:
            tried.sort(key=lambda answer: answer is not (dice.random() < says_yes))
        for answer in tried:
            closure = extend(library, found, fact.name, answer)
            if not closure.contradictions:
                found.update(closure.answers)
                break
    silent = [name for name in sorted(found) if dice.random() < unsure]
    return {**found, **dict.fromkeys(silent, Silence.NOT_KNOWN)}


def _interview(
    library: Library,
    markets: list[MarketCode],
    truth: dict[str, Answer],
    choose: Callable[[Situation], tuple[int, str | None]],
    questions: int,
) -> Run:
    profile = Profile(system="x", name=TEXT, purpose=TEXT, roles=(Role.PROVIDER,))
    left, costs = [], []
    for _ in range(questions + 1):
        started = time.process_time_ns()
        situation = situation_of(library, profile, markets=markets, on=ON)
        undetermined, fact = choose(situation)
        costs.append((time.process_time_ns() - started) / 1e6)
        left.append(undetermined)
        if fact is None:
            break
        answer = truth.get(fact, Silence.NOT_KNOWN)
        profile = replace(profile, answers={**profile.answers, fact: answer})
    return Run(left=tuple(left), cost_ms=tuple(costs))


def _best(situation: Situation) -> tuple[int, str | None]:
    found = agenda(situation, limit=1)
    return len(found.undetermined), found.questions[0].fact if found.questions else None


def _first(situation: Situation) -> tuple[int, str | None]:
    library = situation.library
    found = agenda(situation, limit=0)
    for name in found.undetermined:
        answers = situation.closures[library.pack_of[name].market].answers
        tracer = Tracer(answers=answers, meanings=library.meanings)
        for fact in unsettled_facts(tracer.trace(library.norms[name].applies_when)):
            if answers.get(fact) is not Silence.NOT_KNOWN:
                return len(found.undetermined), fact
    return len(found.undetermined), None


if __name__ == "__main__":
    main()
