# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The checker of certificates: short enough to be read whole, and written again by anyone.

It knows no norm, no pack and no solver, only plain JSON values. docs/spec/certificates.md
explains every rule. A certificate claims that some conditions cannot all hold. Its proof is
a list of steps, read from left to right: `["split", atom]` opens two branches, the one
where the atom holds first; `["false", i]` (condition i fails) and `["clash", fact]` (no
answer to it fits the atoms) each end one. When the steps end, no branch may be open.
"""

import datetime as dt
import json
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from re import fullmatch
from typing import Any, TypeAlias

from comity.errors import VerificationFailed

Plain: TypeAlias = Any
"""What JSON holds."""

Chosen: TypeAlias = dict[str, bool]
"""Atoms, each as the JSON of its array, and whether they hold on this branch."""

MOST_STEPS = 5_000_000
MOST_DEEP = 400


@dataclass(slots=True)
class Claim:
    """Conditions that are claimed never to hold together.

    Args:
        conditions: As nested arrays.
        definitions: Condition by name.
        facts: By name: `kind`, `values`, and `guard`, a condition or None.
    """

    conditions: Sequence[Plain]
    definitions: Plain
    facts: Plain
    steps: int = field(default=0)

    def check(self, proof: Plain) -> int:
        """Follow every branch of a proof to its end and return how many there are.

        Raises:
            VerificationFailed: A branch does not end in a contradiction, or the values are
                not what they should be (`law.certificate`).
        """
        try:
            return self._check(proof)
        except (LookupError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            raise _refused(f"it cannot be read: {type(error).__name__}") from None

    def _check(self, proof: Plain) -> int:
        branches: list[Chosen] = [{}]
        for step in proof:
            if not branches:
                raise _refused("steps are left over")
            chosen = branches.pop()
            match step:
                case ["split", [_, str(), *_] as atom] if len(chosen) < MOST_DEEP:
                    key = json.dumps(atom)
                    if key in chosen:
                        raise _refused(f"an atom is chosen twice: {key[:100]}")
                    branches += [{**chosen, key: False}, {**chosen, key: True}]
                case ["false", int(place)] if 0 <= place < len(self.conditions):
                    if self.holds(self.conditions[place], chosen) is not False:
                        raise _refused(f"condition {place} does not fail: {_said(chosen)}")
                case ["clash", str(name)]:
                    if not self.clashes(name, chosen):
                        raise _refused(f"an answer to {name} fits: {_said(chosen)}")
                case _:
                    raise _refused("a step of the proof is no step")
        if branches:
            raise _refused(f"{len(branches)} branches are left open")
        return sum(step[0] != "split" for step in proof)

    def holds(self, condition: Plain, chosen: Chosen) -> bool | None:
        """Return whether a condition holds by the chosen atoms; None where they do not say."""
        self._count(1)
        match condition:
            case ["and", *parts]:
                said = [self.holds(part, chosen) for part in parts]
                return False if False in said else None if None in said else True
            case ["or", *parts]:
                said = [self.holds(part, chosen) for part in parts]
                return True if True in said else None if None in said else False
            case ["not", part]:
                known = self.holds(part, chosen)
                return None if known is None else not known
            case ["ref", name]:
                return self.holds(self.definitions[name], chosen)
            case atom:
                return chosen.get(json.dumps(atom))

    def _count(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise _refused(f"it takes more than {MOST_STEPS:,} steps")

    def clashes(self, name: str, chosen: Chosen) -> bool:
        """Tell whether no answer to a fact makes the chosen atoms about it what they are.

        Where its guard fails the fact does not apply and every atom about it is false.
        """
        self._count(len(chosen))
        atoms = list(_about(name, chosen))
        if not self._applies(name, chosen):
            return False
        guard = self.facts[name]["guard"]
        if guard is not None and self.holds(guard, chosen) is False:
            return True  # an atom holds of what does not apply
        return self._fits_nothing(name, atoms, chosen)

    def _fits_nothing(self, name: str, atoms: list[tuple[Plain, bool]], chosen: Chosen) -> bool:
        values = self.facts[name]["values"]
        match self.facts[name]["kind"]:
            case "enum":
                fitting = (all((v in atom[2]) is said for atom, said in atoms) for v in values)
                return not any(fitting)
            case "set":
                return _no_set(atoms)
            case "number":
                return _is_empty(_bounds(atoms, _number))
            case "date":
                days = _bounds(atoms, dt.date.fromisoformat)
                gaps = [(atom, said) for atom, said in atoms if atom[0] == "gap"]
                self._count(len(gaps) ** 2 * len(chosen))
                return (
                    _is_empty(days)
                    or any(self._misses(atom, said, days, chosen) for atom, said in gaps)
                    or any(_disagree(one, other, chosen) for one in gaps for other in gaps)
                )
            case _:
                return False

    def _applies(self, name: str, chosen: Chosen) -> bool:
        """Tell whether a fact certainly applies, or an atom about it holds as if it did."""
        guard = self.facts[name]["guard"]
        if guard is None or any(said for _, said in _about(name, chosen)):
            return True
        return self.holds(guard, chosen) is True

    def _misses(
        self, atom: Plain, said: bool, later: tuple[Plain, Plain], chosen: Chosen,  # noqa: FBT001
    ) -> bool:  # fmt: skip
        """Tell whether two days within their bounds cannot lie as a gap says."""
        _, _, earlier, amount, span = atom
        low, below = _bounds(list(_about(earlier, chosen)), dt.date.fromisoformat)
        if said:  # the last day of the later must reach the first of the earlier, moved
            return None not in {low, later[1]} and bool(later[1] <= _moved(low, amount, span))
        if None in {below, later[0]} or not self._applies(earlier, chosen):
            return False
        return bool(later[0] >= _moved(below - dt.timedelta(days=1), amount, span))


def _about(name: str, chosen: Chosen) -> Iterator[tuple[Plain, bool]]:
    for key, said in chosen.items():
        atom = json.loads(key)
        if atom[1] == name:
            yield atom, said


def _no_set(atoms: list[tuple[Plain, bool]]) -> bool:
    """Tell whether no set has, and has not, what the atoms say."""
    inside = {v for a, said in atoms if said and _means_every(a) for v in a[2]}
    outside = {v for a, said in atoms if not said and _means_any(a) for v in a[2]}
    return bool(inside & outside) or any(
        not set(atom[2]) - (outside if said else inside)
        for atom, said in atoms
        if (_means_any(atom) if said else _means_every(atom))
    )


def _means_any(atom: Plain) -> bool:
    return atom[0] == "has_any" or len(atom[2]) == 1


def _means_every(atom: Plain) -> bool:
    return atom[0] != "has_any" or len(atom[2]) == 1


def _bounds(
    atoms: list[tuple[Plain, bool]], read: Callable[[str], Plain]
) -> tuple[Plain, Plain]:
    """Return the least a value can be, and what it stays below; None where nothing says."""
    bounded = [(a[0] == "at_least", read(a[2]), said) for a, said in atoms
               if a[0] in {"at_least", "below"}]  # fmt: skip
    lows = [bound for at_least, bound, said in bounded if at_least is said]
    highs = [bound for at_least, bound, said in bounded if at_least is not said]
    return max(lows, default=None), min(highs, default=None)


def _disagree(one: tuple[Plain, bool], other: tuple[Plain, bool], chosen: Chosen) -> bool:
    """Tell whether a gap holds that a shorter one, or one the other way round, denies."""
    (_, later, earlier, amount, span), said = one
    (_, _, same, shorter, unit), denied = other
    if (
        said
        and amount > 0
        and any(
            back and atom[:3] == ["gap", earlier, later] and atom[3] > 0
            for key, back in chosen.items()
            for atom in [json.loads(key)]
        )
    ):
        return True
    return said and not denied and (same, unit) == (earlier, span) and shorter <= amount


def _number(text: str) -> Fraction:
    """Read plain digits; an exponent could stand for a number that no memory holds."""
    if not fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        raise ValueError(text)
    return Fraction(text)


def _is_empty(bounds: tuple[Plain, Plain]) -> bool:
    low, below = bounds
    return low is not None and below is not None and low >= below


def _moved(day: dt.date, amount: int, span: str) -> dt.date:
    """Return a day so many calendar spans later; the last of a month that is shorter."""
    if span == "day":
        return day + dt.timedelta(days=amount)
    months = day.year * 12 + day.month - 1 + amount * {"month": 1, "year": 12}[span]
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _said(chosen: Chosen) -> str:
    return ", ".join(f"{key} {'holds' if said else 'fails'}" for key, said in chosen.items())[
        :300
    ]


def _refused(message: str) -> VerificationFailed:
    return VerificationFailed(
        f"the certificate does not hold: {message}", code="law.certificate"
    )
