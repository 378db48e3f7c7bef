# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who answered what, as a sparse table of people by opinions in one canonical order.

Order carries no meaning: opinions stand by id, strata by name, people by stratum and by what
they answered. Whatever is computed from it, floats included, is then the same for any shuffle.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.errors import Fault, InvalidDocument

AGREE, PASS, DISAGREE = 1, 0, -1

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]

_MIX = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """Answers by person; only people who answered something are in it.

    Args:
        opinions: Ids, sorted.
        strata: Names, sorted.
        stratum: Of each person, its place in *strata*.
        starts: Where each person's answers begin, and one more: the end.
        columns: Of each answer, the opinion's place; rising within a person.
        answers: AGREE, PASS or DISAGREE.
        origin: Of each person, its number in what was given.
    """

    opinions: tuple[str, ...]
    strata: tuple[str, ...]
    stratum: NDArray[np.int32]
    starts: NDArray[np.int32]
    columns: NDArray[np.int32]
    answers: NDArray[np.int8]
    origin: Integers

    @property
    def people(self) -> int:
        """Return how many people answered."""
        return len(self.stratum)

    @property
    def per_person(self) -> NDArray[np.int32]:
        """Return how many answers each person gave."""
        return np.diff(self.starts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers as they come, in any order.

    Args:
        person: Of each answer, the person's number.
        opinion: Of each answer, the opinion's place in the list given with it.
        answer: AGREE, PASS or DISAGREE.
        stratum: Of each person, the stratum's place in the list given with it.
    """

    person: NDArray[np.integer]
    opinion: NDArray[np.integer]
    answer: NDArray[np.integer]
    stratum: NDArray[np.integer]


def to_votes(opinions: Sequence[str], strata: Sequence[str], given: Answers) -> Votes:
    """Bring answers into the canonical order.

    Raises:
        InvalidDocument: A number is out of range, or somebody answers an opinion twice.
    """
    _check(opinions, strata, given)
    by_name = sorted(range(len(opinions)), key=opinions.__getitem__)
    places = _inverse(by_name)
    groups = sorted(range(len(strata)), key=strata.__getitem__)
    person, columns, answers = _sorted(given, places, len(opinions))
    present, starts = np.unique(person, return_index=True)
    stratum = _inverse(groups)[given.stratum.astype(np.int64)[present]].astype(np.int32)
    order = _canonical(stratum, _hashes(columns, answers, starts))
    ends = np.append(starts[1:], len(person))
    picked = _segments(starts[order], ends[order])
    lengths = (ends - starts)[order]
    return Votes(
        opinions=tuple(opinions[one] for one in by_name),
        strata=tuple(strata[one] for one in groups),
        stratum=stratum[order],
        starts=np.append(0, np.cumsum(lengths)).astype(np.int32),
        columns=columns[picked],
        answers=answers[picked],
        origin=present[order],
    )


def _check(opinions: Sequence[str], strata: Sequence[str], given: Answers) -> None:
    faults: list[str] = []
    if len(set(opinions)) < len(opinions) or len(set(strata)) < len(strata):
        faults.append("an opinion or a group is named twice")
    bounds = (
        (given.opinion, len(opinions), "opinions"),
        (given.person, len(given.stratum), "people"),
        (given.stratum, len(strata), "groups"),
    )
    for values, most, what in bounds:
        if len(values) and (int(values.min()) < 0 or int(values.max()) >= most):
            faults.append(f"numbers of {what} are not from 0 to {most - 1}")
    if len(given.answer) and int(np.abs(given.answer.astype(np.int64)).max()) > 1:
        faults.append("an answer is not agree, pass or disagree")
    if faults:
        raise _refused(*faults)


def _sorted(
    given: Answers, places: Integers, width: int
) -> tuple[Integers, NDArray[np.int32], NDArray[np.int8]]:
    """Sort by person, then opinion: all three in one integer, as sorting that is quickest."""
    packed = given.person.astype(np.int64) * width
    packed += places[given.opinion]
    packed *= 4
    packed += given.answer.astype(np.int64) + 1
    packed.sort()
    answers = ((packed & 3) - 1).astype(np.int8)
    packed >>= 2
    if len(packed) > 1 and bool((packed[1:] == packed[:-1]).any()):
        raise _refused("somebody answers one opinion twice")
    person = packed // max(1, width)
    packed -= person * width
    return person, packed.astype(np.int32), answers


def _hashes(
    columns: NDArray[np.int32], answers: NDArray[np.int8], starts: Integers
) -> NDArray[np.uint64]:
    """Return a number of each person that follows from what was answered and nothing else."""
    if not len(starts):
        return np.empty(0, np.uint64)
    codes = np.arange(3 * (int(columns.max()) + 1), dtype=np.uint64) + np.uint64(1)
    codes *= _MIX[0]
    for shift, factor in ((30, _MIX[1]), (27, _MIX[2])):
        codes = (codes ^ (codes >> np.uint64(shift))) * factor
    each = codes[columns * 3 + (answers + 1)]
    return np.add.reduceat(each, starts)


def _canonical(stratum: NDArray[np.int32], hashes: NDArray[np.uint64]) -> Integers:
    return np.lexsort((hashes, stratum)).astype(np.int64)


def _segments(starts: Integers, ends: Integers) -> Integers:
    """Return the indexes of several ranges, one after another."""
    lengths = ends - starts
    if not len(lengths):
        return np.empty(0, np.int64)
    jumps = np.repeat(starts - np.append(0, np.cumsum(lengths)[:-1]), lengths)
    jumps += np.arange(len(jumps))
    return jumps


def _inverse(order: Sequence[int]) -> Integers:
    found = np.empty(len(order), np.int64)
    found[np.array(order, np.int64)] = np.arange(len(order))
    return found


def _refused(*said: str) -> InvalidDocument:
    return InvalidDocument(
        "no table of answers", code="council.votes", faults=[Fault(message=one) for one in said]
    )
