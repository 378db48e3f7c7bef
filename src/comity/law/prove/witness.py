# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Witnesses: one system of which conditions hold, in as few answers as show it.

The solver finds it, the interpreter shrinks it and says it again (`close`, `evaluate`)
before anybody sees it: what a reader is shown rests on the interpreter alone.
"""

import datetime as dt
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from comity.kernel.canonical import Json
from comity.kernel.truth import Truth
from comity.law.close import close
from comity.law.condition import And, Cmp, Condition, Has, Not, Or, Ref, facts_in
from comity.law.evaluate import evaluate
from comity.law.fact import ASKED_ON, MARKETS, Answer, OpenSet, Silence, answer_to_json
from comity.law.pack import Library
from comity.law.prove.theory import Possibility, Theory

Answers = dict[str, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A system made up to show that conditions can hold together.

    Args:
        answers: The fewest found; whatever else is answered, the conditions hold.
        on: The day asked about; None where no condition asks for it.
        markets: Where it is offered.
        derived: Answers that follow by axioms and guards, and that the conditions rest on.
    """

    answers: Mapping[str, Answer]
    on: dt.date | None
    markets: tuple[str, ...]
    derived: Mapping[str, Answer]

    @property
    def size(self) -> int:
        """How many facts it answers, the day and the markets left aside."""
        return len(self.answers)

    def to_json(self) -> Json:
        """Write the witness as plain JSON values."""
        return {
            "answers": {k: answer_to_json(v) for k, v in self.answers.items()},
            "on": None if self.on is None else self.on.isoformat(),
            "markets": list(self.markets),
            "derived": {k: answer_to_json(v) for k, v in self.derived.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What witnesses are looked for on: a theory and the library that closes answers."""

    theory: Theory
    library: Library

    @property
    def meanings(self) -> Mapping[str, Condition]:
        """The condition of each definition."""
        return self.library.meanings

    @property
    def closing(self) -> Container[str]:
        """The facts whose answers may follow from others."""
        return self.library.closing_rules

    def witness(
        self, conditions: Sequence[Condition], *, on: dt.date | None = None
    ) -> Witness | Possibility:
        """Return a system of which all the conditions hold, or why there is none.

        Args:
            on: The day to look at first; another is taken where none is possible then.
        """
        found = self.theory.find(*conditions, *_on(on))
        if on is not None and found.verdict is not Possibility.POSSIBLE:
            found = self.theory.find(*conditions)
        if found.verdict is not Possibility.POSSIBLE:
            return found.verdict
        whole = dict(found.answers)
        if on is not None and ASKED_ON not in whole:
            whole[ASKED_ON] = on
        fewest = self._fewest(whole, conditions)
        return self._replayed(fewest, conditions)

    def _fewest(self, whole: Answers, conditions: Sequence[Condition]) -> Answers:
        guards = (self.theory.facts[name].guard for name in whole)
        rests_on = [*conditions, *(guard for guard in guards if guard is not None)]
        mentioned = _members(rests_on, self.meanings)
        start: Answers = {
            name: _parted(answer, mentioned.get(name, frozenset()))
            for name, answer in whole.items()
        }
        asking = {id(c): _facts_below((c,), self.meanings) for c in conditions}

        def hold(answers: Answers, name: str) -> bool:
            return self._hold(answers, [c for c in conditions if name in asking[id(c)]])

        fewer = _dropped(start, start, hold)
        if Silence.NOT_APPLICABLE in fewer.values():
            fewer = {k: v for k, v in start.items() if v is not Silence.NOT_APPLICABLE}
        derivable = [name for name in fewer if name in self.closing]
        return _dropped(
            fewer, derivable, lambda answers, _: self._hold_closed(answers, conditions)
        )

    def _hold(self, answers: Answers, conditions: Iterable[Condition]) -> bool:
        return all(evaluate(c, answers, self.meanings) is Truth.TRUE for c in conditions)

    def _hold_closed(self, answers: Answers, conditions: Iterable[Condition]) -> bool:
        closure = close(answers, self.library.vocabulary, self.meanings)
        return not closure.contradictions and self._hold(dict(closure.answers), conditions)

    def _replayed(self, answers: Answers, conditions: Sequence[Condition]) -> Witness:
        """Return the witness as the interpreter says it; it says so, or we have a fault."""
        closure = close(answers, self.library.vocabulary, self.meanings)
        if closure.contradictions or not self._hold(dict(closure.answers), conditions):
            raise AssertionError(f"the interpreter does not confirm {answers!r}")
        day, markets = answers.get(ASKED_ON), answers.get(MARKETS)
        named = _facts_below(conditions, self.meanings)
        return Witness(
            answers={k: v for k, v in answers.items() if k not in {ASKED_ON, MARKETS}},
            on=day if isinstance(day, dt.date) else None,
            markets=tuple(sorted(markets.known_in)) if isinstance(markets, OpenSet) else (),
            derived={
                name: derived.answer for name, derived in closure.derived.items()
                if name in named
            },
        )  # fmt: skip


def _on(day: dt.date | None) -> tuple[Condition, ...]:
    if day is None:
        return ()
    after = day + dt.timedelta(days=1)
    return (
        Cmp(ASKED_ON, at_least=True, bound=day),
        Cmp(ASKED_ON, at_least=False, bound=after),
    )


def _dropped(
    answers: Answers, names: Iterable[str], hold: Callable[[Answers, str], bool]
) -> Answers:
    """Drop answers, then members of sets, as long as the conditions hold.

    Args:
        names: The facts whose answers may be dropped.
    """
    left = dict(answers)
    for name in names:
        fewer = {k: v for k, v in left.items() if k != name}
        if hold(fewer, name):
            left = fewer
    for name in names:
        if name in left:
            left[name] = _fewer_members(left, name, hold)
    return left


def _fewer_members(answers: Answers, name: str, hold: Callable[[Answers, str], bool]) -> Answer:
    """Return an answer with the fewest members of a set that still hold."""
    answer = answers[name]
    if not isinstance(answer, OpenSet):
        return answer
    for member in sorted(answer.known_in | answer.known_out):
        fewer = _without(answer, member)
        if hold({**answers, name: fewer}, name):
            answer = fewer
    return answer


def _parted(answer: Answer, mentioned: frozenset[str]) -> Answer:
    """Return of a set only what some condition speaks of."""
    if not isinstance(answer, frozenset):
        return answer
    return OpenSet(known_in=answer & mentioned, known_out=mentioned - answer)


def _without(known: OpenSet, member: str) -> OpenSet:
    return OpenSet(known_in=known.known_in - {member}, known_out=known.known_out - {member})


def _members(
    conditions: Iterable[Condition], meanings: Mapping[str, Condition]
) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for node in _nodes(conditions, meanings):
        if isinstance(node, Has):
            found[node.fact] = found.get(node.fact, frozenset()) | set(node.values)
    return found


def _facts_below(
    conditions: Iterable[Condition], meanings: Mapping[str, Condition]
) -> frozenset[str]:
    return frozenset(f for node in _nodes(conditions, meanings) for f in facts_in(node))


def _nodes(
    conditions: Iterable[Condition], meanings: Mapping[str, Condition]
) -> Iterable[Condition]:
    """Yield every node below conditions, each definition opened once."""
    todo, seen = list(conditions), set()
    while todo:
        node = todo.pop()
        yield node
        match node:
            case And(parts) | Or(parts):
                todo.extend(parts)
            case Not(part):
                todo.append(part)
            case Ref(name) if name not in seen:
                seen.add(name)
                todo.append(meanings[name])
            case _:
                pass
