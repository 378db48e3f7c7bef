# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What documents say of a system: answers with their places, and what several make of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comity.kernel.ids import MarketCode
from comity.law.fact import Answer, OpenSet, Silence
from comity.law.situation import answer_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One answer that a document gives.

    Args:
        market: The market it is about; None for all.
        source: The document, by its file name.
        place: Where in the document, such as "components[0].modelCard".
        why: What the document says there, in our words.
        evidence: The document as it may be cited: its name and digest.
    """

    fact: str
    answer: Answer
    market: MarketCode | None
    source: str
    place: str
    why: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What all documents together say of one fact.

    Args:
        answer: *disputed* where they contradict each other.
        note: Who says what, and where.
    """

    fact: str
    market: MarketCode | None
    answer: Answer
    note: str
    evidence: str


def weigh(told: Iterable[Told]) -> tuple[Weighed, ...]:
    """Bring together what is told of each fact; what contradicts is disputed, both shown."""
    groups: dict[tuple[str, MarketCode | None], list[Told]] = {}
    for each in told:
        groups.setdefault((each.fact, each.market), []).append(each)
    return tuple(_weighed(group) for group in groups.values())


def joined(one: Answer, other: Answer) -> Answer:
    """Return what two answers say together: *disputed* where they contradict each other."""
    match one, other:
        case OpenSet() | frozenset(), OpenSet() | frozenset():
            return _joined_sets(one, other)
        case _:
            return one if one == other else Silence.DISPUTED


def _joined_sets(one: OpenSet | frozenset[str], other: OpenSet | frozenset[str]) -> Answer:
    match one, other:
        case OpenSet(), OpenSet():
            inside, outside = one.known_in | other.known_in, one.known_out | other.known_out
            if inside & outside:
                return Silence.DISPUTED
            return OpenSet(known_in=inside, known_out=outside)
        case frozenset(), OpenSet():
            fits = other.known_in <= one and not other.known_out & one
            return one if fits else Silence.DISPUTED
        case OpenSet(), frozenset():
            return _joined_sets(other, one)
        case _:
            return one if one == other else Silence.DISPUTED


def _weighed(group: Sequence[Told]) -> Weighed:
    answer = group[0].answer
    for each in group[1:]:
        answer = answer if answer is Silence.DISPUTED else joined(answer, each.answer)
    said = (
        f"{each.source} says {answer_in_words(each.answer)}: {each.why} ({each.place})"
        for each in group
    )
    return Weighed(
        fact=group[0].fact,
        market=group[0].market,
        answer=answer,
        note="; ".join(dict.fromkeys(said)),
        evidence="; ".join(dict.fromkeys(each.evidence for each in group)),
    )
