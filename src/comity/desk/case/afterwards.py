# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Countersign, answer, appeal and withdraw; and what falls with what was withdrawn."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from comity.desk.case.case import Publication
from comity.desk.log.record import record
from comity.desk.log.refusal import not_ours
from comity.desk.log.shelf import Said, Shelf, ViewShelf, find_cited, place_of, read_or_none
from comity.desk.log.withdrawal import fallen, find_withdrawal
from comity.errors import Conflict, Fault, InvalidDocument, NotFound
from comity.evidence.afterwards import (
    Accreditation,
    Appeal,
    Countersignature,
    Outcome,
    Reply,
    Withdrawal,
    accreditation_from_predicate,
    appeal_from_predicate,
    countersignature_from_predicate,
    reply_from_predicate,
    withdrawal_from_predicate,
)
from comity.evidence.recognition import (
    Decision,
    Policy,
    Recognition,
    recognition_from_predicate,
)
from comity.kernel.canonical import Json
from comity.kernel.digest import from_hex
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.node.node import Node

WITHDRAWABLE = (
    "system", "bank", "plan", "finding", "custody", "policy", "recognition", "accreditation",
    "countersignature", "reply", "appeal", "endorsement", "proposal", "bloc-mandate",
    "challenge", "assignment", "instrument-act", "difference", "pack-adoption",
    "consultation-votes", "consultation-result", "offer", "need", "project",
)  # fmt: skip
"""Kinds that can be taken back; keys, nonces and ballots cannot."""

APPEALABLE = ("finding", "appeal", "reply")
"""Kinds that a reply may answer."""


Content: TypeAlias = Countersignature | Reply | Appeal | Withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Something said after a finding, with what it says.

    Args:
        is_withdrawn: Whether whoever said it took it back.
    """

    said: Said
    content: Content
    is_withdrawn: bool


def withdraw(node: Node, of: Reference, reason: str, *, now: Instant) -> Reference:
    """Take back what this member said, and say why.

    Raises:
        NotFound: There is no such statement of a kind that can be withdrawn.
        NotPermitted: It is another member's.
        Conflict: It is withdrawn already.
    """
    shelf = ViewShelf(node.view())
    said = _any(shelf, of, WITHDRAWABLE)
    if said.member != node.member:
        raise not_ours(said, "only who said it can withdraw it")
    before = find_withdrawal(shelf, said)
    if before is not None:
        message = f"{place_of(of)} was withdrawn already"
        raise Conflict(message, code="desk.withdrawn", hint=f"by {place_of(before.reference)}")
    predicate = Withdrawal(issued=now, of=of, reason=reason).to_predicate()
    return record(node, "withdrawal", predicate, subject=of.sha256, now=now)


def countersign(
    node: Node, test: Publication, *, disputed: tuple[int, ...], note: str, now: Instant
) -> Reference:
    """Say, as the provider, that a transcript holds what one's system answered, or what not.

    Raises:
        NotPermitted: This member is not the provider of the system tested.
        InvalidDocument: A disputed number is no record's.
    """
    if test.application.member != node.member:
        raise not_ours(test.finding, "only the provider countersigns a transcript")
    _check_numbers(disputed, len(test.case.bundle.records))
    predicate = Countersignature(
        issued=now, finding=test.finding.reference, transcript=test.case.finding.transcript,
        disputed=disputed, note=note,
    ).to_predicate()  # fmt: skip
    subject = test.finding.reference.sha256
    return record(node, "countersignature", predicate, subject=subject, now=now)


def appeal(
    node: Node, test: Publication, grounds: str, *, records: tuple[int, ...],
    asks: tuple[str, ...], now: Instant,
) -> Reference:  # fmt: skip
    """Ask that a finding be looked at again.

    Raises:
        InvalidDocument: A number is no record's, or a text is too long.
    """
    _check_numbers(records, len(test.case.bundle.records))
    made = Appeal(
        issued=now, finding=test.finding.reference, grounds=grounds, records=records, asks=asks
    )
    appeal_from_predicate(made.to_predicate())
    subject = test.finding.reference.sha256
    return record(node, "appeal", made.to_predicate(), subject=subject, now=now)


def reply(
    node: Node, to: Reference, text: str, *, outcome: Outcome | None, now: Instant
) -> Reference:
    """Answer a finding, an appeal or a reply; who made the finding may decide an appeal.

    Raises:
        NotFound: There is nothing of that kind there.
        NotPermitted: An outcome is given by another than the finding's author, or to no
            appeal.
        InvalidDocument: The text is too long.
    """
    shelf = ViewShelf(node.view())
    said = _any(shelf, to, APPEALABLE)
    if outcome is not None:
        content = read_or_none(appeal_from_predicate, said)
        finding = None if content is None else find_cited(shelf, content.finding, "finding")
        if content is None or finding is None or said.statement.kind != "appeal":
            raise not_ours(said, "only an appeal is upheld or dismissed")
        if finding.member != node.member:
            raise not_ours(said, "who made the finding decides the appeal; others reply")
    made = Reply(issued=now, to=to, text=text, outcome=outcome)
    reply_from_predicate(made.to_predicate())
    return record(node, "reply", made.to_predicate(), subject=to.sha256, now=now)


def accredit(node: Node, accreditation: Accreditation, *, now: Instant) -> Reference:
    """Vouch that another member tests as it should; the subject is the member's id."""
    predicate = accreditation.to_predicate()
    about = from_hex(accreditation.member)
    return record(node, "accreditation", predicate, subject=about, now=now)


def lapsed(shelf: Shelf, recognition: Said) -> list[str]:
    """Say why a recognition no longer stands: itself, or what it rests on, was withdrawn."""
    content = read_or_none(recognition_from_predicate, recognition)
    rests = [recognition]
    if content is not None:
        cited = [(content.finding, "finding"), (content.policy, "policy")]
        if content.continuation is not None:
            cited.append((content.continuation, "finding"))
        found = (find_cited(shelf, reference, kind) for reference, kind in cited)
        rests += [said for said in found if said is not None]
    return list(fallen(shelf, rests))


def recognitions_of(shelf: Shelf, member: MemberId) -> Iterator[tuple[Said, list[str]]]:
    """Yield a member's recognitions that recognise, each with why it has fallen, if it has."""
    newest: dict[Reference, Said] = {}
    for said in shelf.of_kind("recognition"):
        content = read_or_none(recognition_from_predicate, said)
        if content is None or said.member != member:
            continue
        newest.pop(content.finding, None)
        if content.decision is Decision.RECOGNISED:
            newest[content.finding] = said
    for said in newest.values():
        yield said, lapsed(shelf, said)


def changes(shelf: Shelf, member: MemberId, now: Recognition) -> list[str]:
    """Say what a recognition would change of the one this member last gave the finding."""
    before: Recognition | None = None
    for said in shelf.of_kind("recognition"):
        content = read_or_none(recognition_from_predicate, said)
        if content is not None and said.member == member and content.finding == now.finding:
            before = content
    if before is None:
        return ["this member has not decided on the finding before"]
    found = []
    if before.decision is not now.decision:
        found.append(f"the whole: {before.decision.value} before, {now.decision.value} now")
    if before.policy != now.policy:
        places = f"{place_of(before.policy)} before, {place_of(now.policy)} now"
        found.append(f"the policy: {places}")
    old_rows = {row.name: row for row in before.categories}
    for row in now.categories:
        old = old_rows.get(row.name)
        if old is None or old.decision is not row.decision:
            was = "not decided" if old is None else old.decision.value
            found.append(f"{row.name}: {was} before, {row.decision.value} now: {row.reason}")
    return found or ["nothing would change"]


def voices(shelf: Shelf, finding: Reference) -> list[Voice]:
    """Return everything said after a finding, in the order the logs are read."""
    about = {finding.sha256}
    found: list[Voice] = []
    readers: tuple[tuple[str, Callable[[Json], Content]], ...] = (
        ("countersignature", countersignature_from_predicate),
        ("appeal", appeal_from_predicate),
        ("reply", reply_from_predicate),
        ("reply", reply_from_predicate),  # a reply to a reply
        ("withdrawal", withdrawal_from_predicate),
    )
    seen: set[Reference] = set()
    for kind, read in readers:
        for said in shelf.of_kind(kind):
            content = read_or_none(read, said)
            if content is None or said.find_subject() not in about or said.reference in seen:
                continue
            seen.add(said.reference)
            about.add(said.reference.sha256)
            gone = kind != "withdrawal" and find_withdrawal(shelf, said) is not None
            found.append(Voice(said=said, content=content, is_withdrawn=gone))
    return found


def countersignature_of(shelf: Shelf, test: Publication) -> Countersignature | None:
    """Return what the provider last said of a finding's transcript, or None."""
    last: Countersignature | None = None
    for voice in voices(shelf, test.finding.reference):
        content = voice.content
        if not isinstance(content, Countersignature) or voice.is_withdrawn:
            continue
        if voice.said.member == test.application.member:
            last = content if content.transcript == test.case.finding.transcript else last
    return last


def accredited(
    shelf: Shelf, policy: Policy, tester: MemberId, *, now: Instant
) -> tuple[MemberId, ...]:
    """Return the members a policy believes that vouch for a tester on its bank today."""
    found: dict[MemberId, None] = {}
    for said in shelf.of_kind("accreditation"):
        content = read_or_none(accreditation_from_predicate, said)
        if content is None or said.member not in policy.accreditors:
            continue
        is_meant = content.member == tester and (
            not content.banks or policy.bank in content.banks
        )
        if is_meant and now < content.until and find_withdrawal(shelf, said) is None:
            found[said.member] = None
    return tuple(found)


def _any(shelf: Shelf, reference: Reference, kinds: Iterable[str]) -> Said:
    kinds = tuple(kinds)
    for kind in kinds:
        said = find_cited(shelf, reference, kind)
        if said is not None:
            return said
    raise NotFound(
        f"nothing at {place_of(reference)} is one of {', '.join(kinds)}",
        code="desk.afterwards",
        hint="follow the member whose log it is in, or cite another statement",
    )


def _check_numbers(numbers: tuple[int, ...], records: int) -> None:
    faults = [
        Fault(message=f"the transcript has no record {number}; it has 1 to {records}")
        for number in numbers
        if not 1 <= number <= records
    ]
    if faults:
        raise InvalidDocument("no such records", code="desk.afterwards", faults=faults)
