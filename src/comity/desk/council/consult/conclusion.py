# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conclude a consultation from signed counts, and re-derive what another concluded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from comity.council.consult.analysis import analyse, measure
from comity.council.consult.counts import Counts
from comity.council.consult.document import dots_from_document, from_document, to_document
from comity.council.consult.outcome import State
from comity.council.consult.picture import Dot, dots_of
from comity.council.consult.result import Result, check
from comity.council.consult.statement import (
    Conclusion,
    from_conclusion_json,
    from_count_json,
    to_conclusion_json,
)
from comity.desk.council.consult.consulting import (
    TABLE_MEDIA,
    Gathered,
    Handed,
    Manner,
    Standing,
    gather,
    standing_of,
    why_not_counted,
)
from comity.desk.council.consult.table import blob_of, joined, refusal, table_of
from comity.desk.log.citation import cite
from comity.desk.log.record import record
from comity.desk.log.secret import keep_blob
from comity.desk.log.shelf import Said, Shelf, get, place_of
from comity.desk.log.withdrawal import fallen, find_withdrawal
from comity.errors import ComityError, NotFound, PeerFailed
from comity.files.answertable import AnswerTable
from comity.files.labels import labels_from_csv
from comity.files.labels import to_csv as labels_to_csv
from comity.kernel.canonical import Json
from comity.kernel.reference import Reference
from comity.ledger.commitment import Access, AccessClass
from comity.node.node import Node

DOCUMENT_MEDIA = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluded:
    """A conclusion with everything behind it.

    Args:
        standing: The consultation with the opinions the conclusion is about.
    """

    standing: Standing
    gathered: Gathered
    result: Result
    dots: tuple[Dot, ...]
    said: Said | None = None
    conclusion: Conclusion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was re-derived, or could not be.

    Args:
        is_done: False where what it needs cannot be read here.
    """

    what: str
    is_done: bool
    why: str = ""

    def to_json(self) -> dict[str, Json]:
        """Write the step as plain JSON values."""
        return {"what": self.what, "done": self.is_done, "why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What held of a conclusion; what did not was raised."""

    concluded: Concluded
    steps: tuple[Step, ...]


def conclude(
    node: Node, shelf: Shelf, standing: Standing, manner: Manner
) -> tuple[Reference, Concluded]:
    """Recount every group's table, find groups, and log what all agree on.

    Raises:
        NotFound: A table cannot be read here.
        VerificationFailed: A table is not what its group's node signed.
    """
    gathered = gather(shelf, standing)
    tables = {
        name: _table(node, handed, standing.names)
        for name, handed in sorted(gathered.counted.items())
    }
    strata = tuple(sorted(one.name for one in standing.asked.strata))
    whole = joined(standing.names, strata, tables)
    analysis = analyse(whole.votes, standing.asked.thresholds)
    result, dots = analysis.result, dots_of(analysis)
    placed = whole.placements(analysis.labels)
    documents = _kept(node, to_document(result, dots), labels_to_csv(placed), manner)
    conclusion = Conclusion(
        issued=manner.now,
        consultation=standing.reference,
        votes=tuple(one.said.reference for _, one in sorted(gathered.counted.items())),
        additions=standing.additions,
        people=sum(one.count.people for one in gathered.counted.values()),
        states={state: result.in_state(state) for state in State},
        counts=documents[0],
        labels=documents[1],
    )
    reference = record(
        node,
        "consultation-result",
        to_conclusion_json(conclusion),
        subject=standing.reference.sha256,
        now=manner.now,
    )
    return reference, Concluded(
        standing=standing, gathered=gathered, result=result, dots=dots, conclusion=conclusion
    )


def _kept(
    node: Node, document: bytes, labels: bytes, manner: Manner
) -> tuple[dict[str, Json], dict[str, Json]]:
    """Keep a result's document for everybody, and who was placed where for whom it may read."""
    public = Access(kind=AccessClass.PUBLIC)
    dice = manner.entropy
    kept = keep_blob(node, document, media=DOCUMENT_MEDIA, access=public, salts=dice)
    placed = keep_blob(node, labels, media=TABLE_MEDIA, access=manner.access, salts=dice)
    return kept.to_json(), placed.to_json()


def find_conclusion(shelf: Shelf, text: str) -> Said:
    """Return the result a text names, or the convener's newest of the consultation it names.

    Raises:
        NotFound: There is none.
    """
    try:
        return cite(shelf, text, "consultation-result")
    except ComityError:
        asked = cite(shelf, text, "consultation")
    found = [
        said
        for said in shelf.of_kind("consultation-result")
        if said.find_subject() == asked.reference.sha256
        and find_withdrawal(shelf, said) is None
    ]
    own = [said for said in found if said.member == asked.member]
    if not found:
        raise NotFound(
            f"nobody has concluded {place_of(asked.reference)} yet",
            code="desk.consultation_result",
            hint="comity consult count concludes it",
        )
    return (own or found)[-1]


def load(node: Node, shelf: Shelf, said: Said) -> Concluded:
    """Read a conclusion and the document behind it.

    Raises:
        NotFound: The document cannot be read here.
        VerificationFailed: What is stated does not follow from the counts.
    """
    conclusion = from_conclusion_json(said.statement.predicate)
    return read_conclusion(shelf, said, blob_of(node, said.member, conclusion.counts))


def read_conclusion(shelf: Shelf, said: Said, content: bytes) -> Concluded:
    """Read a conclusion with the document behind it at hand.

    Args:
        content: The document that the conclusion commits to.

    Raises:
        InvalidDocument: The statement or the document is malformed.
        NotFound: The consultation is not here.
        VerificationFailed: What is stated does not follow from the counts.
    """
    conclusion = from_conclusion_json(said.statement.predicate)
    result = from_document(content)
    check(result)
    asked = get(shelf, conclusion.consultation, "consultation")
    standing = standing_of(shelf, asked, frozenset(conclusion.additions))
    stated = {state: tuple(conclusion.states[state]) for state in State}
    if stated != {state: result.in_state(state) for state in State}:
        raise refusal(said, "the statement lists other opinions than its document")
    if result.thresholds != standing.asked.thresholds:
        raise refusal(said, "the document holds other thresholds than were declared")
    if result.opinions != standing.names:
        raise refusal(said, "the document counts other opinions than were asked")
    if result.strata != tuple(sorted(one.name for one in standing.asked.strata)):
        raise refusal(said, "the document counts other groups than were declared")
    return Concluded(
        standing=standing,
        gathered=_named(shelf, standing, said, conclusion),
        result=result,
        dots=dots_from_document(content),
        said=said,
        conclusion=conclusion,
    )


def verify(node: Node, shelf: Shelf, said: Said) -> Verified:
    """Re-derive a conclusion from what can be read here.

    Raises:
        VerificationFailed: Something stated does not follow.
        NotFound: The result's document cannot be read.
    """
    concluded = load(node, shelf, said)
    assert concluded.conclusion is not None  # noqa: S101 - load sets it
    steps = [
        Step(what="bounds, shares and the agreed list follow from the counts", is_done=True)
    ]
    _check_signed(concluded, said)
    steps.append(Step(what="the counts are those the groups' nodes signed", is_done=True))
    tables: dict[str, AnswerTable] = {}
    for name, handed in sorted(concluded.gathered.counted.items()):
        what = f"the answers of {name} add up to its signed count"
        try:
            tables[name] = table_of(node, handed, concluded.result.opinions)
            steps.append(Step(what=what, is_done=True))
        except (NotFound, PeerFailed) as error:
            steps.append(Step(what=what, is_done=False, why=error.message))
    if len(tables) == len(concluded.gathered.counted):
        steps += _found_steps(node, concluded, said, tables)
    return Verified(concluded=concluded, steps=tuple(steps))


def _table(node: Node, handed: Handed, names: tuple[str, ...]) -> AnswerTable:
    try:
        return table_of(node, handed, names)
    except (NotFound, PeerFailed) as error:
        raise NotFound(
            f"the answers of {handed.count.stratum} cannot be read here: {error.message}",
            code="desk.consultation_table",
            hint="members are served them over HTTP where they are peers: comity node serve",
        ) from None


def _found_steps(
    node: Node, concluded: Concluded, said: Said, tables: Mapping[str, AnswerTable]
) -> Iterator[Step]:
    """Recount found groups by the published labels, then group once more."""
    result = concluded.result
    whole = joined(result.opinions, result.strata, tables)
    what = "the found groups' counts follow from the tables and labels"
    assert concluded.conclusion is not None  # noqa: S101 - load sets it
    try:
        content = blob_of(node, said.member, concluded.conclusion.labels)
    except (NotFound, PeerFailed) as error:
        yield Step(what=what, is_done=False, why=error.message)
    else:
        labels = whole.labels(labels_from_csv(content), len(result.by_group.agree))
        again = measure(whole.votes, labels)
        for name in ("by_group", "by_side"):
            if not _is_same(getattr(result, name), getattr(again, name)):
                raise refusal(said, f"{name} does not follow from the tables and labels")
        yield Step(what=what, is_done=True)
    own = analyse(whole.votes, result.thresholds).result
    differ = sum(one is not two for one, two in zip(own.states, result.states, strict=True))
    yield Step(
        what="grouping everybody once more here leads to the same lists",
        is_done=not differ,
        why=f"{differ} opinions stand elsewhere" if differ else "",
    )


def _named(shelf: Shelf, standing: Standing, result: Said, conclusion: Conclusion) -> Gathered:
    """Return the signed counts a conclusion names, and what it should have named."""
    now = gather(shelf, standing)
    counted: dict[str, Handed] = {}
    for reference in conclusion.votes:
        said = get(shelf, reference, "consultation-votes")
        count = from_count_json(said.statement.predicate)
        why = why_not_counted(said, count, standing.asked)
        if count.consultation != standing.reference or count.stratum in counted:
            why = "it is of another consultation, or of a group that is counted already"
        if why:
            raise refusal(said, f"does not count, and a result counts it: {why}")
        counted[count.stratum] = Handed(said=said, count=count)
    left = [
        f"{place_of(handed.said.reference)} of {name} is not in the result"
        for name, handed in sorted(now.counted.items())
        if counted.get(name) is None or counted[name].said.reference != handed.said.reference
    ]
    gone = fallen(shelf, [result, *(handed.said for handed in counted.values())])
    return Gathered(counted=counted, refused=(*now.refused, *left, *gone))


def _check_signed(concluded: Concluded, said: Said) -> None:
    result, conclusion = concluded.result, concluded.conclusion
    people = sum(one.count.people for one in concluded.gathered.counted.values())
    if conclusion is not None and conclusion.people != people:
        raise refusal(said, f"says {conclusion.people} people, and the groups signed {people}")
    for row, name in enumerate(result.strata):
        handed = concluded.gathered.counted.get(name)
        for table, field in (
            (result.by_stratum.agree, "agree"),
            (result.by_stratum.disagree, "disagree"),
            (result.by_stratum.passed, "passed"),
        ):
            signed = {}
            if handed is not None:
                lists = getattr(handed.count, field)
                signed = dict(zip(handed.count.opinions, lists, strict=True))
            if table[row].tolist() != [signed.get(one, 0) for one in result.opinions]:
                raise refusal(said, f"the counts of {name} are not those its node signed")


def _is_same(one: Counts, other: Counts) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("agree", "disagree", "passed")
    )
