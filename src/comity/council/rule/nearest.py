# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The fewest seats that would have to answer otherwise: exact where the search can end.

Seats with the same answer and the same worth in every bound are one class. A class is taken
from in one way at a time; how many more seats are needed is bounded from below by each bound
alone, and the search deepens from there. It gives up after a fixed number of steps, the same
on every machine, and then says what is proven.
"""

import itertools
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from comity.council.rule.floor import Answer, Floor
from comity.council.rule.goal import Alternative

SAYABLE = (Answer.YES, Answer.NO, Answer.ABSTAIN, Answer.OBJECT, Answer.SILENT)
MAX_STEPS = 40_000
MAX_WORK = 200_000
"""Bounds times seats over all alternatives that are looked at."""

SEATS_A_STEP = 50
"""Seats whose gains are put in order in one step, for each way and bound."""

MAX_GREEDY = 8
"""Alternatives for which a first change is sought by taking what helps most."""

_GENTLE = {
    Answer.YES: (Answer.ABSTAIN, Answer.NO, Answer.OBJECT, Answer.SILENT),
    Answer.NO: (Answer.ABSTAIN, Answer.YES, Answer.SILENT, Answer.OBJECT),
    Answer.OBJECT: (Answer.ABSTAIN, Answer.YES, Answer.SILENT, Answer.NO),
}
"""The order in which another answer comes to mind; any other answer takes that of `SAYABLE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Some seats of one class answer otherwise.

    Args:
        seats: Those that do, by name.
        among: The whole class; any as many of it would do as well.
    """

    seats: tuple[str, ...]
    among: tuple[str, ...]
    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the search found.

    Args:
        moves: None where no change was found.
        fewest: No fewer seats can do it; None where all of them cannot.
    """

    moves: tuple[Move, ...] | None
    fewest: int | None

    @property
    def count(self) -> int | None:
        """Return how many seats the moves change."""
        return None if self.moves is None else sum(len(move.seats) for move in self.moves)

    @property
    def is_exact(self) -> bool:
        """Tell whether no smaller change exists, or proven none at all."""
        return self.count == self.fewest


def nearest(floor: Floor, wanted: Iterable[Alternative], may: Sequence[Answer]) -> Found:
    """Find the fewest seats whose other answers meet one of the alternatives.

    Args:
        may: What a seat may answer instead.
    """
    looked = _Look()
    plans = sorted(looked.plans(floor, wanted, may), key=lambda plan: plan.lower)
    if not plans:
        return Found(moves=None, fewest=None if looked.is_whole else 1)
    tried = (plan.greedy() for plan in plans[:MAX_GREEDY])
    best = min((made for made in tried if made is not None), key=_size, default=None)
    steps = _Steps()
    most = len(floor.seats) if best is None else _size(best) - 1
    for count in range(plans[0].lower, most + 1):
        for plan in (plan for plan in plans if plan.lower <= count):
            made = plan.search(count, steps)
            if made is not None or steps.left <= 0:
                fewest = count if looked.is_whole else 1
                return Found(moves=best if made is None else made, fewest=fewest)
    proven = None if best is None else _size(best)
    return Found(moves=best, fewest=proven if looked.is_whole else 1)


def find_any(
    floor: Floor,
    wanted: Iterable[Alternative],
    may: Sequence[Answer],
    work: int = MAX_WORK,
) -> Found:
    """Find some seats whose other answers meet one of the alternatives, few or many.

    Args:
        work: How much is looked at, in bounds times seats.

    Returns:
        `fewest` is None where it is proven that there are none, else 0.
    """
    looked = _Look(left=work)
    plans: list[_Plan] = []
    for plan in looked.plans(floor, wanted, may):
        made = plan.greedy()
        if made is not None:
            return Found(moves=made, fewest=0)
        plans.append(plan)
    steps = _Steps()
    for plan in plans:
        made = plan.search(len(floor.seats), steps)
        if made is not None:
            return Found(moves=made, fewest=0)
        if steps.left <= 0:
            break
    return Found(moves=None, fewest=None if looked.is_whole and steps.left > 0 else 0)


@dataclass(slots=True)
class _Look:
    """Looks at alternatives until too much was looked at."""

    left: int = MAX_WORK
    is_whole: bool = True

    def plans(
        self, floor: Floor, wanted: Iterable[Alternative], may: Sequence[Answer]
    ) -> Iterator["_Plan"]:
        """Yield a plan for each alternative that each bound alone would allow."""
        for bounds in wanted:
            if self.left < 0:
                self.is_whole = False
                return
            self.left -= len(floor.seats) * max(1, len(bounds))
            plan = _plan(floor, bounds, may)
            if plan.is_open:
                yield plan


def _size(moves: Sequence[Move]) -> int:
    return sum(len(move.seats) for move in moves)


@dataclass(slots=True)
class _Steps:
    """What is left of the search."""

    left: int = MAX_STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """Seats of one class may all move to one answer, each worth the same."""

    among: tuple[str, ...]
    group: int
    before: Answer
    after: Answer
    gains: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class _Plan:
    """One alternative: what is missing in each bound and the ways to gain it.

    Args:
        ahead: For each way and bound, the gains of that way and later ones, largest first,
            summed up: how much so many seats can bring at most.
        lower: No fewer seats can do it.
    """

    missing: tuple[int, ...]
    ways: tuple[_Way, ...]
    ahead: list[list[list[int]]] = field(default_factory=list)
    lower: int = 0
    is_open: bool = True

    def greedy(self) -> tuple[Move, ...] | None:
        """Take the seat that helps most until all is met; None where that leads nowhere."""
        missing = list(self.missing)
        taken: dict[int, int] = defaultdict(int)
        used: dict[int, int] = defaultdict(int)
        while any(value > 0 for value in missing):
            place = self._most_helpful(missing, used)
            if place is None:
                return None
            way = self.ways[place]
            taken[place] += 1
            used[way.group] += 1
            missing = [m - g for m, g in zip(missing, way.gains, strict=True)]
        return self._moves(taken)

    def search(self, count: int, steps: _Steps) -> tuple[Move, ...] | None:
        """Find so many seats that meet all, or fewer; None if there are none or steps end."""
        if not self.ahead:
            seats = sum(len(way.among) for way in self.ways)
            steps.left -= len(self.ways) * len(self.missing) * (1 + seats // SEATS_A_STEP)
            if steps.left <= 0:
                return None
            self.ahead = _ahead(self.ways, len(self.missing))
        taken: dict[int, int] = defaultdict(int)
        used: dict[int, int] = defaultdict(int)
        is_found = self._deepen(0, count, self.missing, (taken, used), steps)
        return self._moves(taken) if is_found else None

    def _deepen(
        self,
        place: int,
        left: int,
        missing: tuple[int, ...],
        so_far: tuple[dict[int, int], dict[int, int]],
        steps: _Steps,
    ) -> bool:
        if all(value <= 0 for value in missing):
            return True
        steps.left -= 1
        if steps.left <= 0 or place == len(self.ways) or not self._can(place, left, missing):
            return False
        taken, used = so_far
        way = self.ways[place]
        room = min(left, len(way.among) - used[way.group])
        for number in range(room, -1, -1):
            after = tuple(m - number * g for m, g in zip(missing, way.gains, strict=True))
            taken[place], before = number, used[way.group]
            used[way.group] = before + number
            if self._deepen(place + 1, left - number, after, so_far, steps):
                return True
            used[way.group] = before
            taken[place] = 0
        return False

    def _can(self, place: int, left: int, missing: tuple[int, ...]) -> bool:
        sums = self.ahead[place]
        return all(
            value <= sums[bound][min(left, len(sums[bound]) - 1)]
            for bound, value in enumerate(missing)
            if value > 0
        )

    def _most_helpful(self, missing: Sequence[int], used: Mapping[int, int]) -> int | None:
        scale = [max(value, 1) for value in self.missing]
        best, found = 0.0, None
        for place, way in enumerate(self.ways):
            if used.get(way.group, 0) >= len(way.among):
                continue
            helped = sum(
                (max(m, 0) - max(m - gain, 0)) / size
                for m, gain, size in zip(missing, way.gains, scale, strict=True)
            )
            if helped > best:
                best, found = helped, place
        return found

    def _moves(self, taken: Mapping[int, int]) -> tuple[Move, ...]:
        used: dict[int, int] = defaultdict(int)
        moves: list[Move] = []
        for place, number in sorted(taken.items()):
            way = self.ways[place]
            if number:
                start = used[way.group]
                used[way.group] += number
                moves.append(
                    Move(
                        seats=way.among[start : start + number],
                        among=way.among,
                        before=way.before,
                        after=way.after,
                    )
                )
        return tuple(moves)


def _plan(floor: Floor, bounds: Alternative, may: Sequence[Answer]) -> _Plan:
    now = [sum(b.of(s, floor.answer(s)) for s in b.weights) for b in bounds]
    missing = tuple(b.least - value for b, value in zip(bounds, now, strict=True))
    plan = _Plan(missing=missing, ways=tuple(_ways(floor, bounds, may, missing)))
    for bound, value in enumerate(missing):
        needed = _needed(plan.ways, bound, value)
        if needed is None:
            plan.is_open = False
        else:
            plan.lower = max(plan.lower, needed)
    return plan


def _needed(ways: Sequence[_Way], bound: int, missing: int) -> int | None:
    """Return how many seats this bound alone needs; None where all of them do not do."""
    best: dict[int, tuple[int, int]] = {}
    for way in ways:
        gain, _ = best.get(way.group, (0, 0))
        best[way.group] = (max(gain, way.gains[bound]), len(way.among))
    count = 0
    for gain, size in sorted(best.values(), reverse=True):
        if missing <= 0 or gain == 0:
            break
        taken = min(size, -(-missing // gain))
        count, missing = count + taken, missing - taken * gain
    return None if missing > 0 else count


def _ways(
    floor: Floor, bounds: Alternative, may: Sequence[Answer], missing: Sequence[int]
) -> Iterator[_Way]:
    classes: dict[tuple[Answer, tuple[tuple[Answer, tuple[int, ...]], ...]], list[str]] = {}
    known: dict[tuple[Answer, tuple[int, ...]], tuple[tuple[Answer, tuple[int, ...]], ...]] = {}
    for seat in sorted(floor.seats):
        now = floor.answer(seat)
        alike = (now, tuple(bound.weights.get(seat, 0) for bound in bounds))
        if alike not in known:
            known[alike] = _options(seat, now, bounds, may)
        options = known[alike]
        if options:
            classes.setdefault((now, options), []).append(seat)
    scale = [max(abs(value), 1) for value in missing]
    ways = [
        _Way(among=tuple(seats), group=group, before=before, after=after, gains=gains)
        for group, ((before, options), seats) in enumerate(classes.items())
        for after, gains in options
    ]
    yield from sorted(
        ways,
        key=lambda way: (
            -sum(
                min(gain, size) / size
                for gain, size, m in zip(way.gains, scale, missing, strict=True)
                if m > 0
            )
        ),
    )


def _options(
    seat: str, now: Answer, bounds: Alternative, may: Sequence[Answer]
) -> tuple[tuple[Answer, tuple[int, ...]], ...]:
    """Return the other answers of a seat that bring something and that no other outdoes."""
    found: list[tuple[Answer, tuple[int, ...]]] = []
    for after in dict.fromkeys((*_GENTLE.get(now, SAYABLE), *may)):
        if after in may and after is not now:
            gains = tuple(b.of(seat, after) - b.of(seat, now) for b in bounds)
            if any(gain > 0 for gain in gains):
                found.append((after, gains))
    return tuple(
        (after, gains)
        for place, (after, gains) in enumerate(found)
        if not any(
            _outdoes(other, gains, is_first=earlier < place)
            for earlier, (_, other) in enumerate(found)
            if earlier != place
        )
    )


def _outdoes(other: Sequence[int], gains: Sequence[int], *, is_first: bool) -> bool:
    is_as_good = all(o >= g for o, g in zip(other, gains, strict=True))
    return is_as_good and (is_first or tuple(other) != tuple(gains))


def _ahead(ways: Sequence[_Way], bounds: int) -> list[list[list[int]]]:
    """Sum up, from each way on, the largest gains in each bound; a class counts once a way."""
    largest: list[list[int]] = [[] for _ in range(bounds)]
    rows: list[list[list[int]]] = [[[0] for _ in range(bounds)]]
    for way in reversed(ways):
        for bound, gain in enumerate(way.gains):
            if gain > 0:
                for _ in way.among:
                    insort(largest[bound], -gain)
        rows.append(
            [list(itertools.accumulate((-g for g in one), initial=0)) for one in largest]
        )
    return rows[::-1]
