# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Altering a system: the smallest change of facts after which conditions hold no longer.

Only facts that a provider can change are tried (the table of costs lists them), and an
alteration counts only where the interpreter, asked again, says that nothing of it holds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

from comity.errors import InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode
from comity.kernel.truth import Truth
from comity.law.condition import Cmp, Condition, Has, In, exact_number
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Fact, Kind, OpenSet, Silence, answer_to_json
from comity.law.measure.cost import CostTable
from comity.law.pack import Axiom, Library
from comity.law.profile import Profile
from comity.law.situation import Situation, situation_of

MOST_FACTS = 2
"""Facts changed at once; a change of three is a different system."""

_Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """Facts made otherwise.

    Args:
        ends: What no longer holds: norms, or an exclusion.
        before: The answers that held.
        days: Assumed person-days.
    """

    ends: tuple[str, ...]
    answers: _Answers
    before: _Answers
    days: int

    def to_json(self) -> Json:
        """Write the alteration as plain JSON values."""
        return {
            "ends": list(self.ends),
            "days": self.days,
            "facts": [
                {
                    "fact": fact,
                    "from": answer_to_json(self.before[fact]),
                    "to": answer_to_json(answer),
                }
                for fact, answer in self.answers.items()
            ],
        }


def altered(situation: Situation, alteration: Alteration) -> Situation:
    """Return the situation after an alteration, in all its markets.

    Raises:
        InvalidDocument: The answers then contradict an axiom (`law.inconsistent`).
    """
    return _after(situation, alteration.answers, situation.markets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to hold no longer.

    Args:
        conditions: By the norm they make apply, or the exclusion they make hold.
        market: Where.
    """

    conditions: Mapping[str, Condition]
    market: MarketCode

    def is_hit(self, answers: _Answers, meanings: Mapping[str, Condition]) -> bool:
        """Tell whether none of the conditions holds."""
        every = self.conditions.values()
        return all(evaluate(each, answers, meanings) is Truth.FALSE for each in every)


def alterations(
    situation: Situation, target: Target, costs: CostTable
) -> tuple[Alteration, ...]:
    """Return the smallest changes of facts after which none of the conditions holds.

    Returns:
        All of the fewest facts, the least costly first; none where no change of up to
        `MOST_FACTS` facts does.
    """
    library = situation.library
    names = _tied(library, target.conditions.values())
    answers = situation.closures[target.market].answers
    offered = {
        name: list(_others(library.vocabulary.facts[name], answers.get(name), situation))
        for name in sorted(names) if name in costs.by_fact and name in library.vocabulary.facts
    }  # fmt: skip
    for size in range(1, MOST_FACTS + 1):
        found: dict[tuple[object, ...], Alteration] = {}
        for said in _sets(offered, size):
            key = tuple(map(_nearest, said.items()))
            if key not in found and _frees(situation, said, target):
                found[key] = Alteration(
                    ends=tuple(target.conditions),
                    answers=said,
                    before={name: answers.get(name, Silence.NOT_ASKED) for name in said},
                    days=sum(costs.by_fact[name].days for name in said),
                )
        if found:
            every = sorted(found.values(), key=lambda each: (each.days, list(each.answers)))
            return tuple(every)
    return ()


def _tied(library: Library, conditions: Iterable[Condition]) -> frozenset[str]:
    """Return the facts that conditions rest on, with those that an axiom ties to them."""
    named = frozenset().union(*map(library.facts_of, conditions))
    rules = [rule for fact in named for rule in library.closing_rules.get(fact, ())]
    wholes = [w for each in rules if isinstance(each, Axiom) for w in (each.when, each.implies)]
    return named.union(*map(library.facts_of, wholes))


def _nearest(said: tuple[str, Answer]) -> object:
    """Return what tells one change from another: of figures only the nearest counts."""
    name, answer = said
    is_figure = isinstance(answer, int | Decimal) and not isinstance(answer, bool)
    return name if is_figure else said


def _sets(offered: Mapping[str, Sequence[Answer]], size: int) -> Iterator[dict[str, Answer]]:
    for names in combinations(offered, size):
        for answers in product(*(offered[name] for name in names)):
            yield dict(zip(names, answers, strict=True))


def _frees(situation: Situation, said: _Answers, target: Target) -> bool:
    meanings = situation.library.meanings
    if len(said) > 1:  # what the axioms add is not worth closing every pair for
        quick = {**situation.closures[target.market].answers, **said}
        if not target.is_hit(quick, meanings):
            return False
    try:
        after = _after(situation, said, (target.market,))
    except InvalidDocument:
        return False
    return target.is_hit(after.closures[target.market].answers, meanings)


def _after(situation: Situation, said: _Answers, markets: Sequence[MarketCode]) -> Situation:
    profile: Profile = situation.profile.as_of(situation.facts_on)
    for fact, answer in said.items():
        profile = profile.answering(fact, answer)
        for market, here in profile.in_market.items():
            if fact in here and market in markets:
                profile = profile.answering(fact, answer, market)
    roles = tuple(role for role in situation.roles if role is not None)
    return situation_of(
        situation.library, profile, markets=markets, on=situation.on,
        facts_on=situation.facts_on, roles=roles,
    )  # fmt: skip


def _others(fact: Fact, answer: Answer | None, situation: Situation) -> Iterator[Answer]:
    """Yield the answers that any norm could tell from the one that holds."""
    atoms = situation.library.atoms_of.get(fact.name, ())
    match fact.kind:
        case Kind.BOOL:
            yield from (each for each in (False, True) if each is not answer)
        case Kind.ENUM:
            yield from (value for value in fact.values if value != answer)
        case Kind.SET:
            held = _held(answer)
            for values in dict.fromkeys(a.values for a in atoms if isinstance(a, Has | In)):
                yield from (each for each in (held - set(values),) if each != answer)
        case Kind.NUMBER:
            bounds = {a.bound for a in atoms if isinstance(a, Cmp)}
            levels = {
                level
                for bound in bounds if isinstance(bound, int | Decimal)
                for level in (bound, exact_number(Decimal(bound) - Decimal(fact.step or 1)))
                if level >= 0 and level != answer
            }  # fmt: skip
            here = answer if isinstance(answer, int | Decimal) else 0
            yield from sorted(levels, key=lambda level: (abs(level - here), level))
        case Kind.DATE:
            return


def _held(answer: Answer | None) -> frozenset[str]:
    match answer:
        case frozenset():
            return answer
        case OpenSet(known_in=held):
            return held
        case _:
            return frozenset()
