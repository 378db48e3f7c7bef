# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What holds between two parties, provision by provision, reservations and objections counted.

Source:
    Vienna Convention on the Law of Treaties (1969), 20 and 21.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from comity.council.instrument.reservation import (
    WHOLE,
    Hold,
    Reservation,
    standing_among,
)
from comity.kernel.canonical import Json


class Effect(Enum):
    """What a provision is between two states; the last that is said of it stands."""

    APPLIES = "applies"
    MODIFIED = "applies as modified"
    OPEN = "not settled"
    NOT = "does not apply"
    NO_RELATION = "no treaty relation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """One provision between two states, with the reasons."""

    provision: str
    effect: Effect
    because: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        return {
            "provision": self.provision, "effect": self.effect.value,
            "because": list(self.because),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What holds between two parties; the same whichever is named first.

    Args:
        states: In the order of their codes.
        rest: What holds for every provision that is not among `provisions`.
    """

    states: tuple[str, str]
    rest: Effect
    provisions: tuple[Between, ...]

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        return {
            "states": list(self.states), "rest": self.rest.value,
            "provisions": [one.to_json() for one in self.provisions],
        }  # fmt: skip


def between(
    states: tuple[str, str], reservations: Sequence[Reservation], as_of: dt.date,
    since: dt.date | None = None,
) -> Pair:  # fmt: skip
    """Return what holds between two parties on a day.

    Args:
        since: The day on which the later of the two consented: silence counts from there.
    """
    first, second = sorted(states)
    found: dict[str, list[tuple[Effect, str]]] = {}
    for own, other in ((first, second), (second, first)):
        for one in standing_among(reservations, own):
            effect, because = _effect(one, other, as_of, since)
            for provision in one.provisions:
                found.setdefault(provision, []).append((effect, because))
    every = [said for named in found.values() for said in named]
    if any(effect is Effect.NO_RELATION for effect, _ in every):
        rest = Effect.NO_RELATION
    else:
        rest = _worst(effect for effect, _ in found.pop(WHOLE, []))
    rows = tuple(
        Between(
            provision=provision, effect=_worst(effect for effect, _ in said),
            because=tuple(dict.fromkeys(why for _, why in said)),
        )
        for provision, said in sorted(found.items())
    )  # fmt: skip
    return Pair(states=(first, second), rest=rest, provisions=rows)


def pairs_among(
    parties: Iterable[str], reservations: Sequence[Reservation], as_of: dt.date
) -> Iterator[Pair]:
    """Yield each pair of parties between whom something else than the plain text holds."""
    listed = sorted(parties)
    made: dict[str, list[Reservation]] = {}
    for one in reservations:
        made.setdefault(one.state, []).append(one)
    for place, first in enumerate(listed):
        for second in listed[place + 1 :]:
            about = [*made.get(first, ()), *made.get(second, ())]
            if about:
                pair = between((first, second), about, as_of)
                if pair.provisions or pair.rest is not Effect.APPLIES:
                    yield pair


def _effect(
    one: Reservation, other: str, as_of: dt.date, since: dt.date | None
) -> tuple[Effect, str]:
    whose = f"the reservation of {one.state}"
    match one.hold:
        case Hold.ACCEPTED:
            return Effect.MODIFIED, f"{whose} was accepted by the organ, for all (20(3), 21(1))"
        case Hold.REFUSED:
            return Effect.APPLIES, f"{whose} was refused by the organ"
        case Hold.PENDING | Hold.UNKNOWN | Hold.TO_CONFIRM:
            return Effect.OPEN, f"{whose}: {one.why}"
        case _:
            return _between_two(one, other, as_of, since)


def _between_two(
    one: Reservation, other: str, as_of: dt.date, since: dt.date | None
) -> tuple[Effect, str]:
    whose = f"the reservation of {one.state}"
    objections = [
        each for each in one.objections if each.state == other and each.withdrawn_on is None
    ]
    if any(each.opposes_entry for each in objections):
        said = f"{other} objected and wants no treaty relation with {one.state} (20(4)(b))"
        return Effect.NO_RELATION, said
    if objections:
        said = f"{other} objected to {whose} on {objections[0].on} (21(3))"
        return Effect.NOT, said
    if one.open_until is None or other in one.accepted:
        return Effect.MODIFIED, f"{whose} holds for {other} (21(1))"
    until = one.open_until if since is None else max(one.open_until, since)
    if as_of <= until:
        return Effect.OPEN, f"{other} may object to {whose} until {until} (20(5))"
    return Effect.MODIFIED, f"{other} let {whose} pass until {until} (20(5), 21(1))"


def _worst(effects: Iterable[Effect]) -> Effect:
    order = list(Effect)
    return max(effects, key=order.index, default=Effect.APPLIES)
