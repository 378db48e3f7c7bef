# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Open a consultation, add opinions, sign what a group answered, and gather what was signed."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np

from comity.council.consult.consultation import (
    Addition,
    Consultation,
    Stratum,
    standing_opinions,
)
from comity.council.consult.opinion import MAX_OPINIONS, LeftOut, Opinion
from comity.council.consult.statement import (
    SignedCount,
    from_addition_json,
    from_consultation_json,
    from_count_json,
    to_addition_json,
    to_consultation_json,
    to_count_json,
)
from comity.desk.log.citation import cite
from comity.desk.log.record import record
from comity.desk.log.secret import keep_blob
from comity.desk.log.shelf import Said, Shelf, place_of, read_or_none
from comity.desk.log.withdrawal import find_withdrawal
from comity.errors import Conflict, Fault, InvalidDocument, NotPermitted
from comity.files.answertable import AnswerTable, salted, to_csv
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference
from comity.law.cursor import near_miss
from comity.ledger.commitment import Access
from comity.ledger.disclosure import SALT_BYTES
from comity.node.node import Node

T = TypeVar("T")
Entropy = Callable[[int], bytes]

TABLE_MEDIA = "text/csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A consultation as it stands here, with every opinion added since.

    Args:
        additions: The convener's statements of opinions that stand, in the log's order.
        opinions: Those that are asked, by id.
        left_out: Those that are not, by id.
    """

    said: Said
    asked: Consultation
    additions: tuple[Reference, ...]
    opinions: Mapping[str, Opinion]
    left_out: Mapping[str, LeftOut]

    @property
    def reference(self) -> Reference:
        """Return where the consultation stands."""
        return self.said.reference

    @property
    def names(self) -> tuple[str, ...]:
        """Return the ids of the opinions that are asked, sorted."""
        return tuple(sorted(self.opinions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One group's signed count, as it counts."""

    said: Said
    count: SignedCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Every signed count of a consultation.

    Args:
        counted: One for each group that handed in, by the group's name.
        refused: Those that do not count and why, in sentences.
    """

    counted: Mapping[str, Handed]
    refused: tuple[str, ...]


def open_consultation(node: Node, asked: Consultation, *, now: Instant) -> Reference:
    """Log a consultation; its subject is the digest of the question."""
    subject = sha256(asked.question.encode())
    return record(node, "consultation", to_consultation_json(asked), subject=subject, now=now)


def find_consultation(shelf: Shelf, text: str) -> Standing:
    """Return the consultation a text names, with what was added since.

    Raises:
        NotFound: There is none; the nearest is named.
        InvalidDocument: Several answer to it.
    """
    return standing_of(shelf, cite(shelf, text, "consultation"))


def standing_of(
    shelf: Shelf, said: Said, only: Collection[Reference] | None = None
) -> Standing:
    """Return a consultation as it stands here.

    Args:
        only: The statements of opinions to take into account; None takes all.
    """
    asked = from_consultation_json(said.statement.predicate)
    found = [
        (one.reference, addition)
        for one, (about, addition) in _read(shelf, "opinions", from_addition_json)
        if about == said.reference
        and one.member == said.member
        and (only is None or one.reference in only)
    ]
    opinions, left_out = standing_opinions(asked.opinions, [each for _, each in found])
    return Standing(
        said=said,
        asked=asked,
        additions=tuple(reference for reference, _ in found),
        opinions=opinions,
        left_out=left_out,
    )


def add_opinions(
    node: Node, standing: Standing, addition: Addition, *, now: Instant
) -> Reference:
    """Log opinions to ask as well, and those left out with the reason.

    Raises:
        NotPermitted: Another member convened it.
        Conflict: It is closed.
        InvalidDocument: An id stands already, or there are too many.
    """
    if node.member != standing.said.member:
        message = "only the member that convened a consultation adds opinions to it"
        hint = f"hand them to {place_of(standing.reference)}'s member"
        raise NotPermitted(message, code="desk.convener", hint=hint)
    if now >= standing.asked.closes:
        raise _closed(standing.asked)
    faults = list(_faults_of_addition(standing, addition))
    if faults:
        raise InvalidDocument("cannot be added", code="desk.opinions", faults=faults)
    return record(
        node,
        "opinions",
        to_addition_json(addition, standing.reference),
        subject=standing.reference.sha256,
        now=now,
    )


def stratum_of(node: Node, standing: Standing, name: str) -> Stratum:
    """Return the group this node signs for; "" will do where it is one only.

    Raises:
        InvalidDocument: There is no such group, or none or several could be meant.
        NotPermitted: Another member's node signs for it.
    """
    own = [one for one in standing.asked.strata if one.signer == node.member]
    if not name and len(own) == 1:
        return own[0]
    names = [one.name for one in standing.asked.strata]
    if not name:
        which = ", ".join(one.name for one in own) or "none of them"
        fault = Fault(message=f"say for which group: this node signs for {which}")
        raise InvalidDocument("no group is named", code="desk.stratum", faults=[fault])
    for one in standing.asked.strata:
        if one.name == name:
            if one.signer != node.member:
                message = f"the node of member {one.signer[:16]} signs for {name!r}"
                raise NotPermitted(message, code="desk.stratum")
            return one
    fault = Fault(message=f"no group is called {name!r}", near=near_miss(name, names))
    raise InvalidDocument("no such group", code="desk.stratum", faults=[fault])


def hand_in(
    node: Node, standing: Standing, stratum: Stratum, table: AnswerTable, manner: "Manner"
) -> tuple[Reference, SignedCount]:
    """Sign how a group answered; who answered becomes numbers nobody can lead back.

    Args:
        table: Answers to the opinions of *standing*, in the order of its names.

    Raises:
        Conflict: The consultation is not open.
        InvalidDocument: Nobody answered, or the table is too large for a blob.
    """
    asked, names = standing.asked, standing.names
    if not asked.opens <= manner.now < asked.closes:
        raise _closed(asked)
    if not table.names:
        fault = Fault(message="nobody answers any opinion that is asked")
        raise InvalidDocument("nothing to count", code="desk.no_answers", faults=[fault])
    numbered = salted(table, manner.entropy(SALT_BYTES))
    content, dice = to_csv(numbered, names), manner.entropy
    kept = keep_blob(node, content, media=TABLE_MEDIA, access=manner.access, salts=dice)
    agree, disagree, passed = count_table(numbered, len(names))
    count = SignedCount(
        issued=manner.now,
        consultation=standing.reference,
        stratum=stratum.name,
        people=len(table.names),
        opinions=names,
        agree=agree,
        disagree=disagree,
        passed=passed,
        table=kept.to_json(),
    )
    subject = standing.reference.sha256
    predicate = to_count_json(count)
    reference = record(node, "consultation-votes", predicate, subject=subject, now=manner.now)
    return reference, count


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """When something is said, who may read the tables, and where dice come from."""

    now: Instant
    access: Access
    entropy: Entropy


def count_table(
    table: AnswerTable, width: int
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return how many agree, disagree and pass, by opinion."""
    agree, disagree, passed = (
        tuple(np.bincount(table.opinion[table.answer == code], minlength=width).tolist())
        for code in (1, -1, 0)
    )
    return agree, disagree, passed


def gather(shelf: Shelf, standing: Standing) -> Gathered:
    """Return the signed count of each group: its node's newest within the open days."""
    counted: dict[str, Handed] = {}
    refused: list[str] = []
    for said, count in _read(shelf, "consultation-votes", from_count_json):
        if count.consultation != standing.reference:
            continue
        why = why_not_counted(said, count, standing.asked)
        if why:
            refused.append(f"{place_of(said.reference)} does not count: {why}")
            continue
        before = counted.get(count.stratum)
        if before is not None:
            place = place_of(before.said.reference)
            refused.append(f"{place} does not count: {place_of(said.reference)} replaced it")
        counted[count.stratum] = Handed(said=said, count=count)
    return Gathered(counted=counted, refused=tuple(refused))


def why_not_counted(said: Said, count: SignedCount, asked: Consultation) -> str:
    """Say why a signed count does not count, or "" where it does."""
    signers = {one.name: one.signer for one in asked.strata}
    if count.stratum not in signers:
        return f"no group is called {count.stratum!r}"
    if said.member != signers[count.stratum]:
        return f"another member's node signs for {count.stratum!r}"
    if not asked.opens <= count.issued < asked.closes:
        return f"it was signed at {to_rfc3339(count.issued)}, when nothing was asked"
    return said.doubt


def _read(
    shelf: Shelf, kind: str, read: Callable[[Mapping[str, Json]], T]
) -> Iterator[tuple[Said, T]]:
    """Yield the statements of a kind that can be read and were not withdrawn."""
    for said in shelf.of_kind(kind):
        content = read_or_none(lambda value: read(cast("Mapping[str, Json]", value)), said)
        if content is not None and find_withdrawal(shelf, said) is None:
            yield said, content


def _faults_of_addition(standing: Standing, addition: Addition) -> Iterator[Fault]:
    taken: Sequence[Mapping[str, object]] = (standing.opinions, standing.left_out)
    for opinion in addition.added:
        if any(opinion.name in names for names in taken):
            yield Fault(message=f"{opinion.name!r} stands already; take another id")
    for left in addition.left_out:
        if left.name in standing.left_out:
            yield Fault(message=f"{left.name!r} is left out already")
    many = len(standing.opinions) + len(addition.added)
    if many > MAX_OPINIONS:
        yield Fault(message=f"{many} opinions; a consultation asks at most {MAX_OPINIONS}")


def _closed(asked: Consultation) -> Conflict:
    days = f"{to_rfc3339(asked.opens)} to {to_rfc3339(asked.closes)}"
    return Conflict(
        f"the consultation is open from {days}",
        code="desk.consultation_closed",
        hint="what was signed before it closed counts; nothing is added after",
    )
