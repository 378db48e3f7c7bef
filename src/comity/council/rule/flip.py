# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What would flip a result: the fewest seats that would have had to answer otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from comity.council.rule.decide import decide
from comity.council.rule.floor import Answer, Floor
from comity.council.rule.goal import alternatives
from comity.council.rule.nearest import SAYABLE, Found, Move, nearest
from comity.council.rule.rule import All, Rule
from comity.kernel.canonical import Json

NAMED = 5
"""So many seats are named where others would do as well; of more, only how many."""

NAMED_ALONE = 15
"""So many are named where no other would do."""

UNNAMED = "unnamed "
"""What the name of a seat begins with that is on record only as one of a count."""

_SAID = {
    Answer.YES: "said yes",
    Answer.NO: "said no",
    Answer.OBJECT: "objected",
    Answer.ABSTAIN: "abstained",
    Answer.RECUSED: "stood aside",
    Answer.PRESENT: "were present only",
    Answer.VOID: "cast a void ballot",
    Answer.SILENT: "said nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """The smallest change of answers that turns a result round.

    Args:
        moves: One such change; others may be as small. Empty where none was found.
        fewest: No fewer seats can turn it; None where nobody's answers can.
        is_exact: The moves are as few as that; else `fewest` is a proven lower bound.
    """

    moves: tuple[Move, ...]
    fewest: int | None
    is_exact: bool

    @property
    def count(self) -> int:
        """Return how many seats the moves change."""
        return sum(len(move.seats) for move in self.moves)

    def words(self, names: Mapping[str, str] | None = None) -> str:
        """Say it in one sentence with its full stop.

        Args:
            names: What seats are called; a seat that is absent is called by itself.
        """
        if not self.moves:
            return _no_moves(self.fewest)
        moved = ", and ".join(_moved(move, names or {}) for move in _merged(self.moves))
        seats = "seat" if self.count == 1 else "seats"
        if self.is_exact:
            return f"It would flip with {self.count} {seats}: had {moved}."
        return f"It would flip with {self.count} {seats} (at least {self.fewest}): had {moved}."

    def to_json(self) -> dict[str, Json]:
        """Return the change as plain values."""
        return {
            "count": self.count,
            "fewest": self.fewest,
            "exact": self.is_exact,
            "moves": [
                {
                    "seats": list(move.seats),
                    "among": list(move.among),
                    "from": move.before.value,
                    "to": move.after.value,
                }
                for move in self.moves
            ],
        }


def find_flip(rule: Rule, floor: Floor, may: Sequence[Answer] = SAYABLE) -> Flip:
    """Find the fewest seats whose other answers would make the rule hold, or fail.

    Args:
        may: What a seat may say instead.
    """
    wanted = not decide(rule, floor).passed
    found = nearest(floor, alternatives(rule, floor, wanted=wanted), may)
    if wanted and isinstance(rule, All) and not found.is_exact and found.fewest is not None:
        found = replace(found, fewest=max(found.fewest, _each_alone(rule, floor, may)))
    moves = tuple(_gentler(rule, floor, found, wanted=wanted, may=may))
    return Flip(moves=moves, fewest=found.fewest, is_exact=found.is_exact)


def _each_alone(rule: All, floor: Floor, may: Sequence[Answer]) -> int:
    """Return how many seats the dearest part needs: all of them need no fewer."""
    goals = (alternatives(part, floor, wanted=True) for part in rule.parts)
    return max((nearest(floor, goal, may).fewest or 0 for goal in goals), default=0)


def moved(floor: Floor, moves: Sequence[Move]) -> Floor:
    """Return the floor on which the moves are made."""
    other = {seat: move.after for move in moves for seat in move.seats}
    return replace(floor, answers={**floor.answers, **other})


def _gentler(
    rule: Rule, floor: Floor, found: Found, *, wanted: bool, may: Sequence[Answer]
) -> Iterator[Move]:
    """Ask less of each move where less does it: to abstain, rather than to change sides."""
    moves = list(found.moves or ())
    for place, move in enumerate(moves):
        if Answer.ABSTAIN in may and Answer.ABSTAIN not in {move.before, move.after}:
            less = [*moves[:place], replace(move, after=Answer.ABSTAIN), *moves[place + 1 :]]
            if decide(rule, moved(floor, less)).passed is wanted:
                moves = less
    yield from moves


def _merged(moves: Sequence[Move]) -> Iterator[Move]:
    """Yield moves with whole classes of one kind told together."""
    whole: dict[tuple[Answer, Answer], tuple[str, ...]] = {}
    for move in moves:
        if len(move.seats) == len(move.among):
            kind = (move.before, move.after)
            whole[kind] = (*whole.get(kind, ()), *move.seats)
        else:
            yield move
    for (before, after), seats in whole.items():
        yield Move(seats=seats, among=seats, before=before, after=after)


def _no_moves(fewest: int | None) -> str:
    if fewest is None:
        return "Nothing that could be said would flip it."
    return f"It would take at least {fewest} seats to flip it; which, was not found."


def _moved(move: Move, names: Mapping[str, str]) -> str:
    count, whole = len(move.seats), len(move.among)
    most = NAMED_ALONE if count == whole else NAMED
    is_known = count <= most and not any(seat.startswith(UNNAMED) for seat in move.seats)
    who = ", ".join(names.get(seat, seat) for seat in move.seats) if is_known else ""
    did, instead = _SAID[move.before], _SAID[move.after].replace("were", "been")
    if count == whole and is_known:
        return f"{who} {instead} instead ({_past(did, count)})"
    if count == whole:
        return f"{count} of those that {did} {instead} instead"
    example = f", such as {who}," if is_known else ""
    return f"any {count} of the {whole} that {did}{example} {instead} instead"


def _past(did: str, count: int) -> str:
    return did.replace("were", "was") if count == 1 else did
