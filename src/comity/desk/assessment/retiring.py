# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which items of a bank have been opened: in a transcript this node holds, or to somebody.

An opened item is spent. It stands in evidence that anyone may read, so it is never a hidden
question again, for any system.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comity.desk.assessment.keeping import held_bank
from comity.desk.assessment.seed import drawn_seed
from comity.desk.case.bundles import find_kept
from comity.desk.log.shelf import Said, Shelf, ViewShelf, find_cited, read_or_none
from comity.errors import InvalidDocument, NotPermitted
from comity.evidence.bundle import decode_bundle
from comity.evidence.draw import draws
from comity.evidence.drift import drift_from_predicate, recheck_from_predicate
from comity.evidence.finding import finding_from_predicate
from comity.evidence.opening import OpeningStatement, opening_statement_from_predicate
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.transcript import Record, decode
from comity.kernel.digest import Digest
from comity.node.node import Node

MAX_RETIRED = 4_000
"""Most positions a plan leaves out, so that it still fits a statement."""

_HEAD_DIGITS = 64
_SENT = re.compile(r"(?P<category>[a-z0-9._-]{1,64}) (?P<draw>[1-9][0-9]{0,6})(?: |$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was asked under one plan, as far as this node holds it.

    Args:
        plan: The plan's statement.
        finding: Its finding, or None where none was reported.
    """

    plan: Said
    finding: Said | None
    records: tuple[Record, ...]


def transcripts(node: Node, root: Digest) -> Iterator[Transcript]:
    """Yield every transcript of a bank this node holds, reported or not, log by log."""
    shelf = ViewShelf(node.view())
    for said in shelf.of_kind("plan"):
        plan = read_or_none(plan_from_predicate, said)
        if plan is None or plan.bank_root != root:
            continue
        reported = tuple(_reported(node, shelf, said))
        yield from reported
        unreported = tuple(_unreported(node, said))
        if unreported and not reported:
            yield Transcript(plan=said, finding=None, records=unreported)


def opened_positions(node: Node, root: Digest) -> frozenset[int]:
    """Return the positions of a bank this node knows to have been opened, to anyone."""
    asked = {
        record.opening.item.position
        for transcript in transcripts(node, root)
        for record in transcript.records
    }
    others = (_shown(node, root), _checked_again(node, root), _on_their_way(node, root))
    return frozenset(asked.union(*others))


def retired_positions(node: Node, plan_root: Digest) -> tuple[int, ...]:
    """Return the positions a new plan leaves out, rising.

    Raises:
        NotPermitted: There are more than a plan can name.
    """
    opened = opened_positions(node, plan_root)
    if len(opened) > MAX_RETIRED:
        raise NotPermitted(
            f"{len(opened)} items of this bank were opened, more than a plan can leave out",
            code="desk.worn_out",
            hint="commit to a new edition of the bank: comity bank commit --replaces ROOT",
        )
    return tuple(sorted(opened))


def keep_shown(node: Node, statement: OpeningStatement, positions: tuple[int, ...]) -> None:
    """Keep which positions were shown under a statement; the statement hides them."""
    text = "\n".join(str(position) for position in positions)
    node.vault.put(_name(statement.file), text.encode())


def _reported(node: Node, shelf: Shelf, plan: Said) -> Iterator[Transcript]:
    for said in shelf.of_kind("finding"):
        finding = read_or_none(finding_from_predicate, said)
        if finding is None or said.member != plan.member or finding.plan != plan.reference:
            continue
        held = find_kept(node, finding.bundle)
        if held is None:
            continue
        try:
            records = decode_bundle(held).records
        except InvalidDocument:
            continue
        yield Transcript(plan=plan, finding=said, records=records)


def _checked_again(node: Node, root: Digest) -> Iterator[int]:
    """Yield the positions opened by checks after a finding, reported or not."""
    shelf = ViewShelf(node.view())
    found = {
        drift.recheck: drift.bundle
        for said in shelf.of_kind("drift")
        if (drift := read_or_none(drift_from_predicate, said)) is not None
    }
    for said in shelf.of_kind("recheck"):
        recheck = read_or_none(recheck_from_predicate, said)
        if recheck is None or recheck.bank_root != root:
            continue
        bundle = found.get(said.reference)
        held = None if bundle is None else node.blobs.find(bundle)
        records = () if held is None else _read(held)
        for record in (*records, *_unreported(node, said)):
            yield record.opening.item.position


def _read(bundle: bytes) -> tuple[Record, ...]:
    try:
        return decode_bundle(bundle).records
    except InvalidDocument:
        return ()


def _unreported(node: Node, plan: Said) -> Iterator[Record]:
    """Yield what a run of this node's own has asked so far; a torn last line never was."""
    path = node.folder / "work" / f"{plan.reference.sha256.hex()}.transcript"
    for line in _lines(path):
        try:
            yield decode(line[_HEAD_DIGITS + 1 :])
        except InvalidDocument:
            continue


def _on_their_way(node: Node, root: Digest) -> Iterator[int]:
    """Yield what a broken run had sent and not heard of; the system has seen it."""
    shelf = ViewShelf(node.view())
    for said in shelf.of_kind("plan"):
        plan = read_or_none(plan_from_predicate, said)
        if plan is None or plan.bank_root != root or said.member != node.member:
            continue
        path = node.folder / "work" / f"{said.reference.sha256.hex()}.sent"
        sent = [
            found
            for line in _lines(path)
            if (found := _SENT.match(line.decode("ascii", "replace")))
        ]
        if not sent:
            continue
        commitment = held_bank(node, root).commitment
        due = draws(_seed(shelf, said, plan), commitment, plan.retired)
        for found in sent:
            order = due.get(found["category"], ())
            yield from order[int(found["draw"]) - 1 : int(found["draw"])]


def _seed(shelf: Shelf, said: Said, plan: Plan) -> Digest:
    first = None if plan.continues is None else find_cited(shelf, plan.continues, "finding")
    if first is not None:
        return finding_from_predicate(first.statement.predicate).seed
    return drawn_seed(shelf, said, plan)


def _lines(path: Path) -> list[bytes]:
    try:
        held = path.read_bytes()
    except OSError:
        return []
    return held[: held.rfind(b"\n") + 1].splitlines()


def _shown(node: Node, root: Digest) -> Iterator[int]:
    """Yield the positions this node opened to somebody by a statement."""
    for said in ViewShelf(node.view()).of_kind("opening"):
        statement = read_or_none(opening_statement_from_predicate, said)
        if statement is None or said.member != node.member or said.find_subject() != root:
            continue
        kept = node.vault.find(_name(statement.file))
        yield from (int(line) for line in (kept or b"").split())


def _name(digest: Digest) -> str:
    return f"opening/{digest.hex()}"
