# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Cooperation for people: say what one offers and needs; show what everybody does."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, TypeVar

from comity.desk.cooperation.sheet import Board, MatterRow, ProjectRow, Standing
from comity.desk.log.record import record
from comity.desk.log.shelf import Said, Shelf, ViewShelf, find_cited, place_of, read_or_none
from comity.desk.log.withdrawal import find_withdrawal
from comity.errors import Fault, InvalidDocument
from comity.exposure.cooperate.matter import Need, Offer, Project
from comity.exposure.cooperate.statement import (
    from_need_json,
    from_offer_json,
    from_project_json,
    to_need_json,
    to_offer_json,
    to_project_json,
)
from comity.files.cooperation import Folder, Ground, NeedRow, OfferRow
from comity.files.cooperation import ProjectRow as ProjectFile
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.node.node import Node
from comity.node.views.view import MemberLog

T = TypeVar("T", Offer, Need, Project)
Kind: TypeAlias = Literal["offer", "need", "project"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """What was said now, and how much of the file stood there already."""

    references: tuple[Reference, ...]
    standing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """What a member is called, and where it sits.

    Args:
        keys: What it signs statements with: who shares one is the same, whatever its names.
    """

    name: str
    seat: str
    keys: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What a project rests on, in logs."""

    offers: tuple[Reference, ...] = ()
    needs: tuple[Reference, ...] = ()
    systems: tuple[Reference, ...] = ()


NOTHING_CITED = Cited()


def say(
    node: Node, folder: Folder, kind: Kind, *, now: Instant, cited: Cited = NOTHING_CITED
) -> Logged:
    """Say in this node's log each row of one kind of a file; what stands is not repeated.

    A project names this member among its parties, whoever else does.

    Raises:
        InvalidDocument: The file holds no such row, speaks for another member, or says more
            than a statement may.
    """
    predicates = _predicates(node, folder, kind, cited)
    shelf = ViewShelf(node.view())
    standing = [
        {name: value for name, value in one.statement.predicate.items() if name != "issued"}
        for one in shelf.of_kind(kind)
        if one.member == node.member and find_withdrawal(shelf, one) is None
    ]
    said = [
        record(node, kind, predicate, subject=None, now=now)
        for predicate in predicates
        if predicate not in standing
    ]
    return Logged(references=tuple(said), standing=len(predicates) - len(said))


def board(node: Node) -> Board:
    """Show what the logs a node follows offer, need and do; what was taken back is left out."""
    view = node.view()
    return board_of(ViewShelf(view), who_are(view.members()))


def who_are(logs: Iterable[MemberLog], *, is_public: bool = False) -> dict[MemberId, Who]:
    """Say of each member what it is called, where it sits, and with what it signs.

    Args:
        is_public: Whether it is called what it calls itself, and not what this node does.
    """
    return {
        log.member: Who(
            name=log.keyset.name if is_public else log.name,
            seat=log.keyset.jurisdiction,
            keys=frozenset(log.keyset.statement_keys.values()),
        )
        for log in logs
    }


def board_of(shelf: Shelf, members: Mapping[MemberId, Who]) -> Board:
    """Show what a shelf holds."""
    offers = [
        offer_row(offer, _standing(said, members, example=offer.example))
        for said, offer in _held(shelf, "offer", from_offer_json)
    ]
    needs = [
        need_row(need, _standing(said, members, example=need.example))
        for said, need in _held(shelf, "need", from_need_json)
    ]
    projects = [
        _project_row(
            project, _standing(said, members, example=project.example), _rests(shelf, project)
        )
        for said, project in _held(shelf, "project", from_project_json)
    ]
    return Board(
        offers=tuple(offers),
        needs=tuple(needs),
        projects=tuple(projects),
        withdrawn=_withdrawn(shelf),
    )


def board_in(folder: Folder, kind: str) -> Board:
    """Show what files hold.

    Args:
        kind: "file" or "record".
    """
    return Board(
        offers=tuple(
            offer_row(
                row.offer, _grounded(row.ground, row.place, kind, example=row.offer.example)
            )
            for row in folder.offers
        ),
        needs=tuple(
            need_row(row.need, _grounded(row.ground, row.place, kind, example=row.need.example))
            for row in folder.needs
        ),
        projects=tuple(
            replace(
                _project_row(
                    row.project,
                    _grounded(row.ground, row.place, kind, example=row.project.example),
                    (),
                ),
                profile=row.profile,
            )
            for row in folder.projects
        ),
    )


def joined(boards: Iterable[Board]) -> Board:
    """Return what several boards hold together."""
    every = tuple(boards)
    return Board(
        offers=tuple(row for one in every for row in one.offers),
        needs=tuple(row for one in every for row in one.needs),
        projects=tuple(row for one in every for row in one.projects),
        withdrawn=sum(one.withdrawn for one in every),
    )


def standing_offers(shelf: Shelf) -> Iterator[tuple[Said, Offer]]:
    """Yield each offer that stands."""
    return _held(shelf, "offer", from_offer_json)


def standing_needs(shelf: Shelf) -> Iterator[tuple[Said, Need]]:
    """Yield each need that stands."""
    return _held(shelf, "need", from_need_json)


def offer_row(offer: Offer, standing: Standing) -> MatterRow:
    """Show one offer."""
    return MatterRow(
        matter=offer.matter,
        standing=standing,
        weights=offer.weights,
        recipients_unstated=offer.recipients_unstated,
    )


def need_row(need: Need, standing: Standing) -> MatterRow:
    """Show one need."""
    return MatterRow(matter=need.matter, standing=standing, requires=need.requires)


def _predicates(node: Node, folder: Folder, kind: Kind, cited: Cited) -> list[dict[str, Json]]:
    rows = _rows(folder, kind)
    own = node.keyset.jurisdiction
    faults = [
        Fault(message=f"{row.ground.id} is by {row.ground.by}, and this node speaks for {own}")
        for row in rows
        if row.ground.by not in {"", own}
    ]
    if not rows:
        faults.append(Fault(message=f"it holds no {kind}: write [[{kind}]]"))
    if faults:
        raise InvalidDocument(f"no {kind} to log", code="desk.cooperation", faults=faults)
    return [_predicate(node, row, cited) for row in rows]


def _rows(folder: Folder, kind: Kind) -> Sequence[OfferRow | NeedRow | ProjectFile]:
    match kind:
        case "offer":
            return folder.offers
        case "need":
            return folder.needs
        case "project":
            return folder.projects


def _predicate(
    node: Node, row: OfferRow | NeedRow | ProjectFile, cited: Cited
) -> dict[str, Json]:
    match row:
        case OfferRow():
            return to_offer_json(row.offer)
        case NeedRow():
            return to_need_json(row.need)
        case ProjectFile():
            parties = dict.fromkeys([str(node.member), *row.project.parties])
            return to_project_json(
                replace(
                    row.project,
                    parties=tuple(parties),
                    offers=cited.offers,
                    needs=cited.needs,
                    systems=cited.systems,
                )
            )


def _held(
    shelf: Shelf, kind: str, read: Callable[[Mapping[str, Json]], T]
) -> Iterator[tuple[Said, T]]:
    """Yield what stands: readable, not taken back, in no log that told two stories, and once.

    Who says word for word the same again has no more of it than before.
    """
    seen: set[tuple[MemberId, bytes]] = set()
    for said in shelf.of_kind(kind):
        found = read_or_none(lambda value: read(dict(value)), said)  # type: ignore[arg-type]  # an object, or it is refused
        if found is not None and not said.doubt and find_withdrawal(shelf, said) is None:
            words = {**said.statement.predicate, "issued": ""}
            key = said.member, to_canonical(words)
            if key not in seen:
                seen.add(key)
                yield said, found


def _withdrawn(shelf: Shelf) -> int:
    return sum(
        find_withdrawal(shelf, said) is not None
        for kind in ("offer", "need", "project")
        for said in shelf.of_kind(kind)
    )


def _rests(shelf: Shelf, project: Project) -> tuple[tuple[str, str], ...]:
    cited = [
        *((one, "offer") for one in project.offers),
        *((one, "need") for one in project.needs),
        *((one, "system") for one in project.systems),
    ]
    return tuple((place_of(one), _state(shelf, one, kind)) for one, kind in cited)


def _state(shelf: Shelf, reference: Reference, kind: str) -> str:
    said = find_cited(shelf, reference, kind)
    if said is None:
        return f"{kind} that is not here"
    gone = find_withdrawal(shelf, said) is not None
    return f"{kind}, taken back" if gone else kind


def _standing(said: Said, members: Mapping[MemberId, Who], *, example: bool) -> Standing:
    who = members.get(said.member)
    return Standing(
        by=said.member[:16] if who is None else who.name,
        place=f"{said.reference.log}#{said.reference.index}",
        sha256=said.reference.sha256.hex(),
        is_counted=said.is_counted,
        example=example,
    )


def _grounded(ground: Ground, place: str, kind: str, *, example: bool) -> Standing:
    return Standing(
        by=ground.by,
        place=place,
        kind=kind,
        example=example,
        status=ground.status,
        source=ground.source,
        basis=ground.basis,
        unverified=ground.unverified,
        unknown=ground.unknown,
        rows=ground.rows,
    )


def _project_row(
    project: Project, standing: Standing, rests_on: tuple[tuple[str, str], ...]
) -> ProjectRow:
    return ProjectRow(
        title=project.title.by_tag,
        kind=project.kind,
        parties=project.parties,
        markets=project.markets,
        goals=project.goals,
        terms=project.terms,
        note=project.note,
        rests_on=rests_on,
        standing=replace(standing, status=standing.status or project.status),
    )
