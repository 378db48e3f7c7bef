# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Altering a system: the smallest change of facts that frees it of some norms.

Only facts that a provider can change are tried (the table of costs lists them), and an
alteration counts only where the interpreter, asked again, says that none of the norms apply.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

from comity.errors import InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode, NormId
from comity.kernel.truth import Truth
from comity.law.condition import Cmp, Has, In, Number, exact_number
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Fact, Kind, OpenSet, Silence, answer_to_json
from comity.law.measure.cost import CostTable
from comity.law.norm import Norm
from comity.law.pack import Axiom, Library
from comity.law.profile import Profile
from comity.law.situation import Situation, situation_of

MOST_FACTS = 2
"""Facts changed at once; a change of three is a different system."""

_Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """Facts made otherwise, so that some norms no longer apply.

    Args:
        before: The answers that held.
        days: Assumed person-days.
    """

    norms: tuple[NormId, ...]
    answers: _Answers
    before: _Answers
    days: int

    def to_json(self) -> Json:
        """Write the alteration as plain JSON values."""
        return {
            "frees_of": list(self.norms),
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


def alterations(
    situation: Situation, norms: Sequence[Norm], market: MarketCode, costs: CostTable
) -> tuple[Alteration, ...]:
    """Return the smallest changes of facts that make norms of one market not apply.

    Returns:
        All of the fewest facts, the least costly first; none where no change of up to
        `MOST_FACTS` facts does.
    """
    library = situation.library
    names = _tied(library, norms)
    answers = situation.closures[market].answers
    offered = {
        name: list(_others(library.vocabulary.facts[name], answers.get(name), situation))
        for name in sorted(names) if name in costs.by_fact and name in library.vocabulary.facts
    }  # fmt: skip
    for size in range(1, MOST_FACTS + 1):
        found = [
            Alteration(
                norms=tuple(norm.name for norm in norms),
                answers=said,
                before={name: answers.get(name, Silence.NOT_ASKED) for name in said},
                days=sum(costs.by_fact[name].days for name in said),
            )
            for said in _sets(offered, size)
            if _frees(situation, said, norms, market)
        ]
        if found:
            return tuple(sorted(found, key=lambda each: (each.days, list(each.answers))))
    return ()


def _tied(library: Library, norms: Iterable[Norm]) -> frozenset[str]:
    """Return the facts that norms rest on, with those that an axiom ties to them."""
    named = frozenset().union(*(library.facts_of(norm.applies_when) for norm in norms))
    rules = [rule for fact in named for rule in library.closing_rules.get(fact, ())]
    wholes = [w for each in rules if isinstance(each, Axiom) for w in (each.when, each.implies)]
    return named.union(*map(library.facts_of, wholes))


def _sets(offered: Mapping[str, Sequence[Answer]], size: int) -> Iterator[dict[str, Answer]]:
    for names in combinations(offered, size):
        for answers in product(*(offered[name] for name in names)):
            yield dict(zip(names, answers, strict=True))


def _frees(
    situation: Situation, said: _Answers, norms: Sequence[Norm], market: MarketCode
) -> bool:
    if len(said) > 1:  # what the axioms add is not worth closing every pair for
        quick = {**situation.closures[market].answers, **said}
        if not _none_applies(norms, quick, situation):
            return False
    try:
        after = _after(situation, said, (market,))
    except InvalidDocument:
        return False
    closed = after.closures[market].answers
    return _none_applies(norms, closed, situation)


def _none_applies(norms: Iterable[Norm], answers: _Answers, situation: Situation) -> bool:
    meanings = situation.library.meanings
    return all(evaluate(n.applies_when, answers, meanings) is Truth.FALSE for n in norms)


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
            for bound in sorted(b for b in bounds if isinstance(b, int | Decimal)):
                below = exact_number(Decimal(bound) - Decimal(fact.step or 1))
                yield from (n for n in (below, bound) if n != answer and _is_amount(n))
        case Kind.DATE:
            return


def _is_amount(number: Number) -> bool:
    return number >= 0


def _held(answer: Answer | None) -> frozenset[str]:
    match answer:
        case frozenset():
            return answer
        case OpenSet(known_in=held):
            return held
        case _:
            return frozenset()
