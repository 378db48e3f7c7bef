# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The tables behind signed counts: fetched, held against what was signed, and joined."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from comity.council.consult.analysis import Labels
from comity.council.consult.votes import Answers, Integers, Votes, to_votes
from comity.desk.council.consult.consulting import Handed, count_table
from comity.desk.log.secret import fetch_blob
from comity.desk.log.shelf import Said, place_of
from comity.errors import VerificationFailed
from comity.files.answertable import AnswerTable, answers_from_csv
from comity.files.labels import Placement
from comity.kernel.canonical import Json
from comity.kernel.ids import MemberId
from comity.ledger.commitment import from_json as commitment_from_json
from comity.node.node import Node


def table_of(node: Node, handed: Handed, names: tuple[str, ...]) -> AnswerTable:
    """Return a group's answers to some opinions, held against what its node signed.

    Raises:
        NotFound: The table cannot be read here.
        VerificationFailed: It is not what was signed.
    """
    count, said = handed.count, handed.said
    place = f"the table of {count.stratum}"
    whole = answers_from_csv(blob_of(node, said.member, count.table), count.opinions, place)
    if count_table(whole, len(count.opinions)) != (count.agree, count.disagree, count.passed):
        raise refusal(said, f"{place} does not add up to the signed count")
    numbers = np.array([int(one) if one.isdecimal() else -1 for one in whole.names], np.int64)
    if not np.array_equal(np.sort(numbers), np.arange(count.people)):
        raise refusal(said, f"{place} does not number {count.people} people from 0")
    places = {name: at for at, name in enumerate(names)}
    moved = np.array([places.get(name, -1) for name in count.opinions], np.int64)
    opinion = moved[whole.opinion]
    kept = opinion >= 0
    return AnswerTable(
        names=tuple(map(str, range(count.people))),
        person=numbers[whole.person][kept],
        opinion=opinion[kept],
        answer=whole.answer[kept],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The answers of all groups in one table.

    Args:
        votes: In canonical order.
        firsts: At which number each group's people begin in what the votes were made of.
        sizes: How many people each group has.
    """

    votes: Votes
    firsts: Mapping[str, int]
    sizes: Mapping[str, int]

    def placements(self, labels: Labels) -> dict[str, Placement]:
        """Return where each group's people were placed, by their number in its table."""
        group, side = np.full((2, sum(self.sizes.values())), -1)
        group[self.votes.origin] = labels.group
        side[self.votes.origin] = labels.side
        return {
            name: Placement(group=group[first : first + size], side=side[first : first + size])
            for name, first, size in self._parts()
        }

    def labels(self, placed: Mapping[str, Placement], groups: int) -> Labels:
        """Return placements in the order of the votes.

        Raises:
            VerificationFailed: They are of other people, or of groups that were not found.
        """
        parts = [(placed.get(name), size) for name, _, size in self._parts()]
        if any(one is None or len(one.group) != size for one, size in parts):
            raise _contradiction("labels", "are of other people than the tables")
        group = _joined([one.group for one, _ in parts if one is not None])
        side = _joined([one.side for one, _ in parts if one is not None])
        if len(group) and int(group.max()) >= groups:
            raise _contradiction("labels", "name a group that was not found")
        origin = self.votes.origin
        return Labels(group=group[origin], side=side[origin], groups=groups)

    def _parts(self) -> Iterator[tuple[str, int, int]]:
        for name, first in self.firsts.items():
            yield name, first, self.sizes[name]


def joined(
    names: tuple[str, ...], strata: tuple[str, ...], tables: Mapping[str, AnswerTable]
) -> Joined:
    """Join the tables of all groups."""
    sizes = {name: len(table.names) for name, table in tables.items()}
    firsts: dict[str, int] = {}
    for name in sizes:
        firsts[name] = sum(sizes[other] for other in firsts)
    given = Answers(
        person=_joined([table.person + firsts[name] for name, table in tables.items()]),
        opinion=_joined([table.opinion for table in tables.values()]),
        answer=_joined([table.answer.astype(np.int64) for table in tables.values()]),
        stratum=_joined([np.full(sizes[name], strata.index(name)) for name in tables]),
    )
    return Joined(votes=to_votes(names, strata, given), firsts=firsts, sizes=sizes)


def blob_of(node: Node, member: MemberId, commitment: Mapping[str, Json]) -> bytes:
    """Return a blob, from here or from the member that committed to it.

    Raises:
        NotFound: It was erased, or this member may not read it.
        VerificationFailed: Something else was sent.
    """
    return fetch_blob(node, member, commitment_from_json(dict(commitment))).content


def refusal(said: Said, message: str) -> VerificationFailed:
    """Return the error of a statement that does not hold."""
    return _contradiction(place_of(said.reference), message)


def _joined(parts: list[Integers]) -> Integers:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _contradiction(place: str, message: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="desk.consultation_result",
        hint="do not rely on this result",
        place=place,
    )
