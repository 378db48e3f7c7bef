# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The quick engine for one case: Python source generated from the conditions of all norms.

A condition becomes two expressions: one that is true when it holds, one that is true when
it does not; where neither is, it is undetermined. Definitions become local variables. The
source holds nothing of a pack but checked values written with `repr`, under names of our
own. The interpreter is the specification; the two are compared in tests.
"""

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias, cast

from comity.kernel.ids import NormId
from comity.law.condition import (
    And,
    Atom,
    Cmp,
    Condition,
    Gap,
    Has,
    In,
    Is,
    Not,
    Or,
    Ref,
    refs_in,
    walk,
)  # fmt: skip
from comity.law.evaluate import Answers
from comity.law.fact import Answer, Fact, Kind, OpenSet, Silence

_Bounds: TypeAlias = "tuple[object, object, object, object]"
_Decide: TypeAlias = Callable[[Callable[[str], Answer | None]], tuple[list[int], list[int]]]

_NOTHING: frozenset[str] = frozenset()
_LOW, _HIGH = float("-inf"), float("inf")
_NOT_APPLICABLE = Silence.NOT_APPLICABLE

_Ends: TypeAlias = "tuple[float | None, float | None]"
_NO_DATE: _Ends = (_LOW, _HIGH)
_UNKNOWN_DATE: _Ends = (None, None)
_MONTH = 32
"""Width of a month in the keys that gaps compare: more than any month has days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Norms whose conditions hold, and those that cannot be told; all others do not."""

    applies: tuple[NormId, ...]
    undetermined: tuple[NormId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Decides every norm at once.

    Args:
        norms: In the order they were given.
        source: The generated text, for whoever wants to read it.
    """

    norms: tuple[NormId, ...]
    source: str
    _decide: _Decide

    def decide(self, answers: Answers) -> Decided:
        """Decide every norm for one closed set of answers."""
        applies, undetermined = self._decide(answers.get)
        norms = self.norms
        return Decided(
            applies=tuple([norms[position] for position in applies]),
            undetermined=tuple([norms[position] for position in undetermined]),
        )


def generate(
    norms: Mapping[NormId, Condition],
    facts: Mapping[str, Fact],
    meanings: Mapping[str, Condition],
) -> Engine:
    """Generate the engine of these norms.

    Args:
        meanings: The condition of each definition, each after those it names.
    """
    writer = _Writer(facts=facts, meanings=meanings)
    source = "\n".join(writer.lines(norms.values()))
    space: dict[str, object] = {
        "_flag": _flag, "_word": _word, "_set": _set, "_bounds": _bounds,
        "_ordinal": _ordinal, "_month": _month, "_half": _half,
        **writer.constants,
    }  # fmt: skip
    exec(compile(source, "<norms>", "exec"), space)  # noqa: S102 - written above from checked values
    return Engine(norms=tuple(norms), source=source, _decide=cast("_Decide", space["decide"]))


@dataclass(slots=True, kw_only=True)
class _Writer:
    facts: Mapping[str, Fact]
    meanings: Mapping[str, Condition]
    constants: dict[str, object] = field(default_factory=dict)
    names: dict[object, str] = field(default_factory=dict)

    def lines(self, norms: Iterable[Condition]) -> Iterator[str]:
        """Yield the source line by line."""
        norms = list(norms)
        used = self._definitions(norms)
        nodes = [node for whole in (*norms, *used.values()) for node in walk(whole)]
        yield "def decide(get):"
        for fact in dict.fromkeys(name for node in nodes for name in _facts_of(node)):
            yield from self._prelude(self.facts[fact])
        gaps = list(dict.fromkeys(node for node in nodes if isinstance(node, Gap)))
        for fact, scale in dict.fromkeys(pair for gap in gaps for pair in _dates_of(gap)):
            local = self._name((fact, scale), "v")
            yield f" {local}l, {local}e = {scale}(get({str(fact)!r}))"
        for gap in gaps:
            yield self._gap(gap)
        for name, whole in used.items():
            local = self._name(Ref(name), "d")
            yield f" {local}t = {self._holds(whole, wanted=True)}"
            yield f" {local}f = not {local}t and ({self._holds(whole, wanted=False)})"
        yield " applies = []; undetermined = []"
        yield " yes = applies.append; open_ = undetermined.append"
        for position, whole in enumerate(norms):
            yield f" if {self._holds(whole, wanted=True)}: yes({position})"
            yield f" elif not ({self._holds(whole, wanted=False)}): open_({position})"
        yield " return applies, undetermined"

    def _definitions(self, norms: Iterable[Condition]) -> dict[str, Condition]:
        """Return the definitions the norms rest on, each after those it names."""
        wanted: set[str] = set()
        todo = [name for whole in norms for name in refs_in(whole)]
        while todo:
            name = todo.pop()
            if name not in wanted:
                wanted.add(name)
                todo.extend(refs_in(self.meanings[name]))
        return {name: whole for name, whole in self.meanings.items() if name in wanted}

    def _prelude(self, fact: Fact) -> Iterator[str]:
        """Yield the lines that bring one answer into the form its atoms ask."""
        local, name = self._name(fact.name, "v"), repr(str(fact.name))
        match fact.kind:
            case Kind.BOOL:
                yield f" {local} = get({name})"
                yield f" if {local}.__class__ is not bool: {local} = _flag({local})"
            case Kind.ENUM:
                yield f" {local} = get({name})"
                yield f" if {local}.__class__ is not str: {local} = _word({local})"
            case Kind.SET:
                every = self._constant(frozenset(fact.values))
                yield f" {local}i, {local}o = _set(get({name}), {every})"
            case Kind.NUMBER | Kind.DATE:
                yield f" {local}a, {local}b, {local}c, {local}d = _bounds(get({name}))"

    def _gap(self, gap: Gap) -> str:
        later, earlier = (self._name(pair, "v") for pair in _dates_of(gap))
        later, earlier = f"{later}l", f"{earlier}e"
        least = {"day": 1, "month": _MONTH, "year": 12 * _MONTH}[gap.span] * gap.amount
        return (
            f" {self._name(gap, 'g')} = {later} - {earlier} >= {least!r} "
            f"if {later} is not None and {earlier} is not None else _half({later}, {earlier})"
        )

    def _holds(self, whole: Condition, *, wanted: bool) -> str:
        """Write the expression that is true when the condition has the wanted truth."""
        match whole:
            case And(parts):
                return self._join(parts, "and" if wanted else "or", wanted=wanted)
            case Or(parts):
                return self._join(parts, "or" if wanted else "and", wanted=wanted)
            case Not(part):
                return self._holds(part, wanted=not wanted)
            case Ref():
                return f"{self._name(whole, 'd')}{'t' if wanted else 'f'}"
            case Is() | In() | Has() | Cmp() | Gap():
                return self._atom(whole, wanted=wanted)

    def _join(self, parts: tuple[Condition, ...], word: str, *, wanted: bool) -> str:
        if not parts:
            return str(word == "and")
        return "(" + f" {word} ".join(self._holds(p, wanted=wanted) for p in parts) + ")"

    def _atom(self, atom: Atom, *, wanted: bool) -> str:  # noqa: PLR0911 - one return a kind
        match atom:
            case Is(fact):
                return f"{self._name(fact, 'v')} is {wanted}"
            case In(fact, values):
                left = {*self.facts[fact].values} - {*values} | {_NOT_APPLICABLE.value}
                among = self._constant(frozenset(values if wanted else left))
                return f"{self._name(fact, 'v')} in {among}"
            case Has(fact, values, every):
                side = f"{self._name(fact, 'v')}{'i' if wanted else 'o'}"
                if len(values) == 1:
                    return f"{values[0]!r} in {side}"
                among = self._constant(frozenset(values))
                if every is wanted:
                    return f"{side} >= {among}"
                return f"not {side}.isdisjoint({among})"
            case Cmp(fact, at_least, bound):
                limit = _literal(bound)
                suffix, sign = ("a", ">=") if at_least else ("b", "<")
                if not wanted:
                    suffix, sign = ("c", "<") if at_least else ("d", ">=")
                return f"{self._name(fact, 'v')}{suffix} {sign} {self._constant(limit)}"
            case Gap():
                return f"{self._name(atom, 'g')} is {wanted}"

    def _name(self, thing: object, letter: str) -> str:
        return self.names.setdefault(thing, f"{letter}{len(self.names)}")

    def _constant(self, value: object) -> str:
        if isinstance(value, int):
            return repr(value)
        name = self._name(("constant", value), "k")
        self.constants[name] = value
        return name


def _facts_of(node: Condition) -> tuple[str, ...]:
    match node:
        case Is(fact) | In(fact) | Has(fact) | Cmp(fact):
            return (fact,)
        case _:
            return ()


def _dates_of(gap: Gap) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the two dates of a gap, each with what brings it onto the gap's scale."""
    scale = "_ordinal" if gap.span == "day" else "_month"
    return (gap.later, scale), (gap.earlier, scale)


def _literal(bound: dt.date | Decimal | int) -> Decimal | int:
    return bound.toordinal() if isinstance(bound, dt.date) else bound


def _flag(answer: Answer | None) -> bool | None:
    """Bring a silence into the form of `Is`: what is not applicable does not hold."""
    return False if answer is _NOT_APPLICABLE else None


def _word(answer: Answer | None) -> str | None:
    """Bring a silence into the form of `In`: no word at all, or one no vocabulary has."""
    return _NOT_APPLICABLE.value if answer is _NOT_APPLICABLE else None


def _set(answer: Answer | None, every: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what is certainly in a set and what certainly is not."""
    match answer:
        case frozenset():
            return answer, every - answer
        case OpenSet():
            return answer.known_in, answer.known_out
        case Silence.NOT_APPLICABLE:
            return _NOTHING, every
        case _:
            return _NOTHING, _NOTHING


def _bounds(answer: Answer | None) -> _Bounds:
    """Return what to hold against a bound for: at least, below, not at least, not below."""
    match answer:
        case dt.date():
            day = answer.toordinal()
            return day, day, day, day
        case int() | Decimal():
            return answer, answer, answer, answer
        case Silence.NOT_APPLICABLE:
            return _LOW, _HIGH, _LOW, _HIGH
        case _:
            return _LOW, _HIGH, _HIGH, _LOW


def _ordinal(answer: Answer | None) -> _Ends:
    """Return a date as the later and as the earlier one of a gap in days."""
    if isinstance(answer, dt.date):
        return answer.toordinal(), answer.toordinal()
    return _NO_DATE if answer is _NOT_APPLICABLE else _UNKNOWN_DATE


def _month(answer: Answer | None) -> _Ends:
    """Return a date as the later and as the earlier one of a gap in months.

    A later date on the last day of its month counts as past the end of every month, for
    there the gap's day, which the month may lack, is reached (see `evaluate.plus`).
    """
    if isinstance(answer, dt.date):
        year, month, day = answer.year, answer.month, answer.day
        start = (year * 12 + month) * _MONTH
        is_last = day > 27 and day == calendar.monthrange(year, month)[1]
        return start + (_MONTH - 1 if is_last else day), start + day
    return _NO_DATE if answer is _NOT_APPLICABLE else _UNKNOWN_DATE


def _half(later: float | None, earlier: float | None) -> bool | None:
    """Rule on a gap of which a date is unknown: it fails where the other does not apply."""
    return False if later == _LOW or earlier == _HIGH else None
