# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The least-cost choice of what to do among conduct that hangs together.

Exact: z3's optimizer over whole numbers, lexicographic (recommendations left, person-days,
number of settings), and among equals the settings whose names come first. A solver of
floats would need tolerances, and pieces are small: most are a single variable.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import z3

from comity.law.condition import Condition
from comity.law.conduct import Constraint, Relation
from comity.law.fact import Kind
from comity.law.measure.ask import Ask, Key
from comity.law.measure.cost import CostTable
from comity.law.measure.scene import Scene, covers, entailed_by
from comity.law.prove.encode import Reach
from comity.law.prove.theory import Possibility, Theory


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Option:
    """One thing that can be decided on: to do something, or one value of it.

    Args:
        label: The part in which it is done; "" for all.
        value: Of an enum or set; "" for anything else.
    """

    conduct: str
    label: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is chosen.

    Args:
        meets: For each ask that something meets, the options that do it, and the conduct
            through which.
        avoids: Of what is chosen, by conduct and label, what an exclusion leaves no room for.
    """

    options: tuple[Option, ...]
    unheeded: tuple[Ask, ...] = ()
    meets: Mapping[Key, tuple[tuple[Option, str], ...]] = field(default_factory=dict)
    avoids: Mapping[tuple[str, str], tuple[Constraint, ...]] = field(default_factory=dict)


NOTHING = Choice(options=())
"""What is chosen where nothing is asked."""

_Way = tuple[tuple[Option, ...], str]
"""Options any one of which meets a part of an ask, and the conduct through which it does."""


def choose(
    scene: Scene, piece: frozenset[str], asks: Sequence[Ask], costs: CostTable
) -> Choice | None:
    """Choose what to do so that every duty is met, at least cost; None where nothing does.

    Only what some ask speaks of is chosen: nobody plans what nobody asks for. What has to stay
    within some values is done so; where none is left, it is not done at all.

    Args:
        piece: Conducts that have nothing to do with any other.
        asks: Of these conducts.
    """
    found = _Chooser(scene, piece, asks, costs).choice()
    if found is None and any(ask.constraint.relation is Relation.WITHIN for ask in asks):
        found = _Chooser(scene, piece, asks, costs, done_within=False).choice()
    return found


class _Chooser:
    def __init__(
        self, scene: Scene, piece: frozenset[str], asks: Sequence[Ask], costs: CostTable,
        *, done_within: bool = True,
    ) -> None:  # fmt: skip
        self.undone = {Relation.NONE_OF} if done_within else {Relation.NONE_OF, Relation.WITHIN}
        self.scene, self.piece, self.asks, self.costs = scene, piece, asks, costs
        self.theory: Theory = scene.theory(piece)
        self.context = self.theory.encoder.context
        self.reach = Reach()
        self.options = self._offered()
        self.bits = {each: z3.Bool(f"choose {each}", self.context) for each in self.options}
        self.heeds = {
            ask.key: z3.Bool(f"heed {place}", self.context)
            for place, ask in enumerate(asks) if not ask.is_duty
        }  # fmt: skip

    def choice(self) -> Choice | None:
        """Return the best choice, or None where no choice meets every duty."""
        rules = list(self._rules())
        rules += self.theory.encoder.links(self.reach)
        best = z3.Optimize(ctx=self.context)
        best.add(*rules)
        goals = [self._left(), self._days(), self._count()]
        for goal in goals:
            best.minimize(goal)
        if best.check() != z3.sat:
            return None
        model = best.model()
        reached = [goal == model.eval(goal, model_completion=True) for goal in goals]
        solver = z3.Solver(ctx=self.context)
        solver.add(*rules, *reached)
        chosen = {option for option in sorted(self.bits) if _fixed(solver, self.bits[option])}
        heeded = {key for key, bit in self.heeds.items() if _fixed(solver, bit)}
        left = self.heeds.keys() - heeded
        return Choice(
            options=tuple(sorted(chosen)),
            unheeded=tuple(ask for ask in self.asks if ask.key in left),
            meets={
                ask.key: self._met_by(ask, chosen) for ask in self.asks if ask.key not in left
            },
            avoids=self._avoided(chosen, solver),
        )

    def _avoided(
        self, chosen: Collection[Option], solver: z3.Solver
    ) -> dict[tuple[str, str], tuple[Constraint, ...]]:
        """Return what exclusions leave no room for in what is done, though nothing asked does.

        Args:
            solver: In which the choice is made.
        """
        found: dict[tuple[str, str], tuple[Constraint, ...]] = {}
        for exclusion, _ in self.scene.heeded(self.piece):
            for each in exclusion.together:
                for label in self.scene.apart.labels:
                    key = (str(each.conduct), self.scene.apart.label_of(each.conduct, label))
                    is_done = key in {(option.conduct, option.label) for option in chosen}
                    if is_done and self._is_shut(each, label, solver):
                        found[key] = tuple(dict.fromkeys((*found.get(key, ()), each)))
        return found

    def _is_shut(self, constraint: Constraint, label: str, solver: z3.Solver) -> bool:
        done = self.scene.done(constraint, label)
        if solver.check(self._term(done)) != z3.unsat:
            return False
        free = self.scene.theory(self.piece, excluding=False)
        asked = [self.scene.asked(ask) for ask in self.asks if ask.is_duty]
        return free.possible(done, *asked) is Possibility.POSSIBLE

    def _rules(self) -> Iterator[z3.BoolRef]:
        scene = self.scene
        world = [*scene.entailing(self.piece), *scene.excluding(self.piece).values()]
        yield from map(self._term, world)
        for ask in self.asks:
            rule = z3.And([self._term(self.scene.asked(ask)), *self._justified(ask)])
            yield z3.Implies(self.heeds[ask.key], rule) if ask.key in self.heeds else rule
        for option, bit in self.bits.items():
            yield z3.Implies(bit, self._done(option))

    def _done(self, option: Option) -> z3.BoolRef:
        """Return that an option is carried out: its value, or something asked of it."""
        kind = self.scene.conducts[option.conduct].kind
        if option.value:
            relation = Relation.ONE_OF if kind is Kind.ENUM else Relation.ALL_OF
            each = Constraint(conduct=self.scene.conducts[option.conduct].name,
                              relation=relation, values=(option.value,))  # fmt: skip
            return self._term(self.scene.done(each, option.label))
        asked = [
            self._term(self.scene.done(ask.constraint, option.label))
            for ask in self.asks if ask.conduct == option.conduct and not ask.is_against
        ]  # fmt: skip
        return z3.Or(asked)

    def _offered(self) -> tuple[Option, ...]:
        """Return what can be decided on: whatever is asked for, in the parts where it is."""
        found: dict[Option, None] = {}
        for ask in self.asks:
            if ask.is_against:
                continue
            for label in self.scene.apart.labels_of(ask):
                found.update(dict.fromkeys(self._options(ask.conduct, label)))
        return tuple(found)

    def _options(self, conduct: str, label: str) -> tuple[Option, ...]:
        values = self.scene.conducts[conduct].values or ("",)
        own = self.scene.apart.label_of(conduct, label)
        return tuple(Option(conduct=conduct, label=own, value=value) for value in values)

    def _justified(self, ask: Ask) -> Iterator[z3.BoolRef]:
        for part, label in self._parts(ask):
            able = [o for options, _ in self._ways(part, label) for o in options]
            bits = [self.bits[option] for option in able]
            yield z3.Or(bits) if bits else z3.BoolVal(False, self.context)  # noqa: FBT003 - z3's

    def _parts(self, ask: Ask) -> Iterator[tuple[Constraint, str]]:
        """Yield what has to be done of an ask, value by value; nothing where it forbids."""
        constraint = ask.constraint
        if ask.is_against or constraint.relation in self.undone:
            return
        for label in self.scene.apart.labels_of(ask):
            if constraint.relation is Relation.ALL_OF:
                for value in constraint.values:
                    yield Constraint(conduct=constraint.conduct, relation=Relation.ALL_OF,
                                     values=(value,)), label  # fmt: skip
            else:
                yield constraint, label

    def _ways(self, part: Constraint, label: str) -> Iterator[_Way]:
        own = [
            option for option in self._options(part.conduct, label)
            if option in self.bits and (not option.value or option.value in part.values)
        ]  # fmt: skip
        if own:
            yield tuple(own), ""
        asked = self.scene.done(part, label)
        for conduct in sorted({option.conduct for option in self.bits}):
            others = [o for o in self._options(conduct, label) if o in self.bits]
            if others and self._entails(conduct, part, asked, label):
                yield tuple(others), conduct

    def _entails(self, conduct: str, part: Constraint, asked: Condition, label: str) -> bool:
        return any(
            each.conduct == part.conduct
            and covers(self.theory, self.scene.done(each, label), asked)
            for each in entailed_by(self.scene.conducts, conduct)
        )

    def _met_by(self, ask: Ask, chosen: Collection[Option]) -> tuple[tuple[Option, str], ...]:
        found: dict[tuple[Option, str], None] = {}
        for part, label in self._parts(ask):
            for options, through in self._ways(part, label):
                used = [option for option in options if option in chosen]
                found.update(dict.fromkeys((option, through) for option in used))
                if used:
                    break
        return tuple(found)

    def _left(self) -> z3.ArithRef:
        return self._sum([(bit, 0, 1) for bit in self.heeds.values()])

    def _count(self) -> z3.ArithRef:
        return self._sum([(bit, 1, 0) for bit in self.bits.values()])

    def _days(self) -> z3.ArithRef:
        taken: dict[tuple[str, str], list[z3.BoolRef]] = {}
        terms = []
        for option, bit in self.bits.items():
            rate = self.costs.rate(self.scene.conducts[option.conduct])
            taken.setdefault((option.conduct, option.label), []).append(bit)
            if option.value:
                terms.append((bit, rate.of_value.get(option.value, rate.each), 0))
        for (conduct, _), bits in taken.items():
            terms.append((z3.Or(bits), self.costs.rate(self.scene.conducts[conduct]).days, 0))
        return self._sum(terms)

    def _sum(self, terms: list[tuple[z3.BoolRef, int, int]]) -> z3.ArithRef:
        """Return a sum of figures, each for a bit that is set and one that is not."""
        whole = [z3.If(bit, z3.IntVal(yes, self.context), z3.IntVal(no, self.context))
                 for bit, yes, no in terms]  # fmt: skip
        return z3.Sum([z3.IntVal(0, self.context), *whole])

    def _term(self, condition: Condition) -> z3.BoolRef:
        """Write a condition for the solver, and remember of what it speaks."""
        claim = self.theory.encoder.claim(condition)
        self.reach = self.reach.plus([claim.reach])
        return claim.term


def _fixed(solver: z3.Solver, bit: z3.BoolRef) -> bool:
    """Set a bit where it can still be set, for good; tell which way it went."""
    is_open = bool(solver.check(bit) == z3.sat)
    solver.add(bit if is_open else z3.Not(bit))
    return is_open
