# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a rule, or with a rule on a floor, each with an example."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from comity.council.rule.codec import MAX_DEPTH, MAX_PARTS, near_name
from comity.council.rule.explain import explain
from comity.council.rule.flip import moved
from comity.council.rule.floor import Answer, Floor
from comity.council.rule.goal import Alternative, alternatives, empty_base, joined, spread
from comity.council.rule.nearest import MAX_WORK, find_any
from comity.council.rule.procedure import OnBreak, Procedure
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Number, Rule, Share
from comity.council.rule.sample import MAX_SEATS, sample_floor
from comity.errors import Fault, InvalidDocument

_ANY = tuple(Answer)
MAX_DENIED = 12
"""Denied shares whose empty base is looked into; of more nothing is claimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing wrong with a rule.

    Args:
        message: What, in one sentence without a full stop.
        near: The name that was probably meant, if one is near.
        example: A floor that shows it; None where the words do.
    """

    message: str
    near: str | None = None
    example: Floor | None = None

    def __str__(self) -> str:
        """Say it with its example."""
        shown = "" if self.example is None else f"; for example with {told(self.example)}"
        return f"{self.message}{shown}"


def check(procedure: Procedure, floor: Floor | None = None) -> tuple[Flaw, ...]:
    """List what is wrong with a procedure.

    A rule that nothing said could make pass, or that passes whatever is said, and a share
    whose base can be empty so that the emptiness adopts. Where the search ends without a
    proof, nothing is claimed.

    Args:
        floor: The body it is for; without one, a made-up body that has the groups and the
            weights the rule speaks of.
    """
    rules = tuple(_rules(procedure))
    flaws = tuple(flaw for rule in rules for flaw in _absurd(rule))
    if not flaws and floor is not None:
        flaws = (*check_floor(floor), *_unknown(rules, floor))
    if flaws:
        return tuple(dict.fromkeys(flaws))
    silent = replace(floor or sample_floor(rules), answers={})
    return tuple(_hollow(procedure, silent))


_HINT = (
    "docs/how-to/write-a-rule.md says what each means; groups and weights stand with the body, "
    "the votes or the electorate"
)


def refuse_flawed(procedure: Procedure, floor: Floor | None = None, source: str = "") -> None:
    """Refuse a procedure that has flaws.

    Raises:
        InvalidDocument: With every flaw and its example (code `council.rule_flaw`).
    """
    flaws = check(procedure, floor)
    if flaws:
        raise InvalidDocument(
            "the rule cannot be used",
            code="council.rule_flaw",
            hint=_HINT,
            source=source,
            faults=[Fault(message=str(flaw), near=flaw.near) for flaw in flaws],
        )


def check_floor(floor: Floor) -> Iterator[Flaw]:
    """Yield what is wrong with a floor by itself: strangers, weights, overlapping groups."""
    for seat in sorted(floor.answers.keys() - floor.seats):
        yield Flaw(
            message=f"{seat} answered and has no seat", near=near_name(seat, floor.seats)
        )
    for name, members in sorted(floor.groups.items()):
        for seat in sorted(members - floor.seats):
            near = near_name(seat, floor.seats)
            yield Flaw(message=f"{seat} of the group {name} has no seat", near=near)
    for one, other in combinations(sorted(floor.groups), 2):
        family = one.partition(":")[0]
        both = floor.groups[one] & floor.groups[other]
        if both and ":" in one and other.startswith(f"{family}:"):
            yield Flaw(message=f"{', '.join(sorted(both))} in both {one} and {other}")
    for name, weights in sorted(floor.weights.items()):
        missing = sorted(floor.seats - weights.values.keys())
        if missing:
            yield Flaw(message=f"no weight {name} for {', '.join(missing)}")
        below = sorted(seat for seat, value in weights.values.items() if value < 0)
        if below:
            yield Flaw(message=f"a negative weight {name} for {', '.join(below)}")


def told(floor: Floor) -> str:
    """Say a floor in a few words: how many members, and how many of them said what."""
    counts = Counter(floor.answer(seat) for seat in floor.seats)
    said = [f"{answer.value} {counts[answer]}" for answer in Answer if counts[answer]]
    members = f"{len(floor.seats)} member{'' if len(floor.seats) == 1 else 's'}"
    of = f"{members} ({', '.join(said)})"
    weighed = "".join(
        f" ({name} in all: {sum(weights.values.values())})"
        for name, weights in sorted(floor.weights.items())
    )
    return of + weighed


def _rules(procedure: Procedure) -> Iterator[Rule]:
    yield procedure.adopts
    if procedure.quorum is not None:
        yield procedure.quorum
    if procedure.silence is not None:
        yield procedure.silence.broken_by


def _absurd(rule: Rule) -> Iterator[Flaw]:
    count = sum(1 for _ in _parts(rule))
    depth = _depth(rule, MAX_DEPTH + 1)
    if count > MAX_PARTS:
        yield Flaw(message=f"the rule has {count} parts; at most {MAX_PARTS} can be read")
    if depth > MAX_DEPTH:
        yield Flaw(message=f"the rule is deeper than {MAX_DEPTH} levels")
    if count > MAX_PARTS or depth > MAX_DEPTH:
        return  # what else is wrong with it is said of a rule that can be read
    for leaf in (part for part in _parts(rule) if isinstance(part, Leaf)):
        if isinstance(leaf.need, Number) and leaf.by is None and leaf.need.least > MAX_SEATS:
            yield Flaw(message=f"“{explain(leaf)}” asks for more seats than any body has")
        if isinstance(leaf.need, Share) and not leaf.count <= leaf.need.of.counts:
            yield Flaw(message=f"“{explain(leaf)}” counts answers that its base leaves out")
    for part in _parts(rule):
        if isinstance(part, AtLeast) and part.count > len(part.parts):
            message = f"“{explain(part)}” asks {part.count} of {len(part.parts)} parts"
            yield Flaw(message=f"{message} and can never hold")


def _parts(rule: Rule) -> Iterator[Rule]:
    stack = [rule]
    while stack:
        part = stack.pop()
        yield part
        match part:
            case All(parts=parts) | AtLeast(parts=parts):
                stack.extend(parts)
            case Not(part=inner):
                stack.append(inner)
            case Across(leaf=leaf):
                stack.append(leaf)
            case Leaf():
                pass


def _depth(rule: Rule, most: int) -> int:
    if most == 0:
        return 1
    match rule:
        case All(parts=parts) | AtLeast(parts=parts):
            return 1 + max((_depth(part, most - 1) for part in parts), default=0)
        case Not(part=part):
            return 1 + _depth(part, most - 1)
        case _:
            return 0


def _unknown(rules: Iterable[Rule], floor: Floor) -> Iterator[Flaw]:
    if not floor.seats:
        yield Flaw(message="nobody has a seat")
    families = {group.partition(":")[0] for group in floor.groups if ":" in group}
    for part in (part for rule in rules for part in _parts(rule)):
        if isinstance(part, Across) and not floor.family(part.family):
            near = near_name(part.family, families)
            message = f"the body has no groups of the family {part.family!r}"
            message += "" if near else _has(families)
            yield Flaw(message=message, near=near)
        if isinstance(part, Leaf):
            yield from _unknown_to(part, floor)


def _has(names: Iterable[str]) -> str:
    listed = ", ".join(sorted(names))
    return f"; it has {listed}" if listed else ""


def _unknown_to(leaf: Leaf, floor: Floor) -> Iterator[Flaw]:
    if leaf.by is not None and leaf.by not in floor.weights:
        near = near_name(leaf.by, floor.weights)
        message = f"the body has no weights called {leaf.by!r}"
        message += "" if near else _has(floor.weights)
        yield Flaw(message=message, near=near)
    if leaf.within is not None and leaf.within not in floor.groups:
        near = near_name(leaf.within, floor.groups)
        yield Flaw(message=f"the body has no group called {leaf.within!r}", near=near)
    elif leaf.within is not None and not floor.within(leaf.within):
        yield Flaw(message=f"nobody of the group {leaf.within!r} has a seat")


def _hollow(procedure: Procedure, silent: Floor) -> Iterator[Flaw]:
    """Yield rules that decide whatever is said, and bases whose emptiness adopts."""
    quorum, silence, adopts = procedure.quorum, procedure.silence, procedure.adopts
    if quorum is not None:
        yield from _constant(
            quorum, silent, never="the quorum can never be met", always="it is always met"
        )
    if silence is not None:
        never, always = "silence can never be broken", "silence is always broken"
        yield from _constant(silence.broken_by, silent, never=never, always=always)
        if silence.on_break is OnBreak.FAIL:
            return
    never = "nothing could ever be adopted"
    always = "everything is adopted, whatever is said"
    constant = tuple(_constant(adopts, silent, never=never, always=always))
    yield from constant
    whole = adopts if quorum is None else All(parts=(quorum, adopts))
    if not constant and not _can(whole, silent, wanted=True):
        message = f"the quorum and the rule exclude each other: {never}"
        yield Flaw(message=message, example=silent)
    if not constant:
        yield from _empty(whole, silent)


def _constant(rule: Rule, silent: Floor, *, never: str, always: str) -> Iterator[Flaw]:
    """Yield a rule, or a count in it, that holds always or never."""
    if not _can(rule, silent, wanted=True):
        yield Flaw(message=f"“{explain(rule)}” holds never: {never}", example=silent)
    elif not _can(rule, silent, wanted=False):
        yield Flaw(message=f"“{explain(rule)}” holds always: {always}", example=silent)
    elif not isinstance(rule, Leaf):
        for leaf in dict.fromkeys(part for part in _leaves_alone(rule)):
            if not _can(leaf, silent, wanted=True):
                yield Flaw(message=f"the part “{explain(leaf)}” never holds", example=silent)


def _leaves_alone(rule: Rule) -> Iterator[Leaf]:
    match rule:
        case Leaf():
            yield rule
        case All(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from _leaves_alone(part)
        case Not(part=part):
            yield from _leaves_alone(part)
        case Across():
            pass


def _can(rule: Rule, silent: Floor, *, wanted: bool) -> bool:
    """Tell whether answers can make a rule hold, or fail; true where nobody could prove."""
    found = find_any(silent, alternatives(rule, silent, wanted=wanted), _ANY)
    return found.fewest is not None


def _empty(whole: Rule, silent: Floor) -> Iterator[Flaw]:
    """Yield shares whose empty base, and nothing else, would adopt.

    Only a share that is denied can adopt by not being reached.
    """
    plain = _spread(whole, silent)
    leaves = tuple(dict.fromkeys(_denied(plain, is_denied=False)))[:MAX_DENIED]
    for leaf in leaves:
        held = _replaced(plain, leaf, All(parts=()))
        choices: list[Callable[[], Iterator[Alternative]]] = [
            lambda leaf=leaf: empty_base(leaf, silent),  # type: ignore[misc] # bound now
            lambda: alternatives(plain, silent, wanted=True),
            lambda held=held: alternatives(held, silent, wanted=False),  # type: ignore[misc] # bound now
        ]
        found = find_any(silent, joined(choices), _ANY, MAX_WORK // len(leaves))
        if found.moves is not None:
            message = (
                f"the base of “{explain(leaf)}” can be empty; the share is then not reached, "
                f"and that alone would adopt: ask a quorum, or turn the rule round"
            )
            yield Flaw(message=message, example=moved(silent, found.moves))


def _denied(rule: Rule, *, is_denied: bool) -> Iterator[Leaf]:
    match rule:
        case Leaf():
            yield from [rule] if is_denied else []
        case All(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from _denied(part, is_denied=is_denied)
        case Not(part=part):
            yield from _denied(part, is_denied=not is_denied)
        case Across():
            pass


def _spread(rule: Rule, floor: Floor) -> Rule:
    match rule:
        case Leaf():
            return rule
        case All(parts=parts):
            return All(parts=tuple(_spread(part, floor) for part in parts))
        case AtLeast(count=count, parts=parts):
            return AtLeast(count=count, parts=tuple(_spread(part, floor) for part in parts))
        case Not(part=part):
            return Not(part=_spread(part, floor))
        case Across(missing=missing):
            found = spread(rule, floor)
            return AtLeast(count=max(1, len(found) - missing), parts=found)


def _replaced(rule: Rule, leaf: Leaf, by: Rule) -> Rule:
    match rule:
        case Leaf():
            return by if rule == leaf else rule
        case All(parts=parts):
            return All(parts=tuple(_replaced(part, leaf, by) for part in parts))
        case AtLeast(count=count, parts=parts):
            return AtLeast(
                count=count, parts=tuple(_replaced(part, leaf, by) for part in parts)
            )
        case Not(part=part):
            return Not(part=_replaced(part, leaf, by))
        case Across():
            return rule
