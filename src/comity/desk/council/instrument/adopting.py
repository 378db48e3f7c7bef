# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Adoptions of packs that a node sees: what binds where because a state took it over."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from comity.council.instrument.delay import LAST_DAY
from comity.council.instrument.difference import Stands, Stated
from comity.council.instrument.instrument import Instrument
from comity.council.instrument.reservation import Hold
from comity.council.instrument.statement import (
    BINDING,
    StatedAdoption,
    adoption_from_predicate,
)
from comity.council.instrument.status import status
from comity.desk.council.instrument.instrument import Heard, Speaker, hear
from comity.desk.council.instrument.saying import ADOPTION, speakers_in
from comity.desk.log.shelf import Said, Shelf, ViewShelf, find_cited, place_of
from comity.desk.log.withdrawal import find_withdrawal
from comity.errors import InvalidDocument, NotFound
from comity.files.instrument import get_instrument
from comity.kernel.ids import MarketCode
from comity.law.adoption import Adoption, Apart
from comity.law.pack import Library
from comity.node.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What was adopted, and what was said of adopting that counts for nothing.

    Args:
        asides: One sentence each.
    """

    adoptions: tuple[Adoption, ...] = ()
    asides: tuple[str, ...] = ()


def adopted_in(node: Node, library: Library) -> Adopted:
    """Return the adoptions in the logs that a node follows, its own among them."""
    view = node.view()
    return adoptions_on(ViewShelf(view), speakers_in(view), library)


def adoptions_on(shelf: Shelf, speakers: Sequence[Speaker], library: Library) -> Adopted:
    """Return the adoptions on a shelf: each state for its own market."""
    known = {speaker.member: speaker for speaker in speakers}
    heard = hear(shelf, speakers)
    adoptions, asides = list[Adoption](), list[str]()
    for said in shelf.of_kind(ADOPTION):
        try:
            content = adoption_from_predicate(said.statement.predicate)
        except InvalidDocument as error:
            asides.append(f"{place_of(said.reference)}: {error.message}")
            continue
        why = _why_not(shelf, said, content, known.get(said.member), library)
        if why:
            asides.append(f"{place_of(said.reference)} adopts {content.pack}: {why}")
        else:
            through = content.through or _through(shelf, content)
            adoptions.append(_adoption(said, content, through, heard))
    return Adopted(adoptions=tuple(adoptions), asides=tuple(asides))


def _why_not(
    shelf: Shelf, said: Said, content: StatedAdoption, speaker: Speaker | None, library: Library
) -> str:
    withdrawn = find_withdrawal(shelf, said)
    if withdrawn is not None:
        return f"withdrawn at {place_of(withdrawn.reference)}"
    if said.doubt:
        return said.doubt
    if speaker is None or speaker.state != content.market:
        who = "nobody known here" if speaker is None else _named(speaker)
        return f"said by {who}, and {content.market} adopts for itself"
    pack = next((one for one in library.packs if one.name == content.pack), None)
    if pack is None:
        return "no such pack is held here"
    if said.find_subject() != pack.digest:
        return f"another version was adopted ({content.version}) than is held ({pack.version})"
    return ""


def _named(speaker: Speaker) -> str:
    return (
        f"{speaker.name} of {speaker.state}"
        if speaker.state
        else f"{speaker.name}, no regulator"
    )


def _through(shelf: Shelf, content: StatedAdoption) -> str:
    """Return the instrument of the act that an adoption cites, or ""."""
    cited = None if content.act is None else find_cited(shelf, content.act, "instrument-act")
    return "" if cited is None else str(cited.statement.predicate.get("instrument", ""))


def _adoption(said: Said, content: StatedAdoption, through: str, heard: Heard) -> Adoption:
    by = f"through {through} " if through else ""
    names = tuple(filter(None, (through, content.pack)))
    stated = [one for name in names for one in heard.stated.get(name, ())]
    instrument = _find_instrument(through)
    reserved = () if instrument is None else _reserved(instrument, content.market, heard)
    return Adoption(
        pack=content.pack, market=MarketCode(content.market), since=content.since,
        is_binding=content.force == BINDING,
        because=(
            f"adopted by {content.market} {by}on {content.since}, statement "
            f"{said.reference.log}#{said.reference.index}"
        ),
        apart=(*reserved, *_differing(stated, content.market)),
        caution="; ".join(_cautions(said, content, through, heard)),
    )  # fmt: skip


def _find_instrument(slug: str) -> Instrument | None:
    try:
        return get_instrument(slug) if slug else None
    except (NotFound, InvalidDocument):
        return None


def _reserved(instrument: Instrument, state: str, heard: Heard) -> Iterator[Apart]:
    """Yield a state's own reservations: those that nobody flagged, refused or took back."""
    found = status(instrument, heard.acts.get(instrument.slug, ()), LAST_DAY)
    for one in found.reservations:
        if one.state == state and one.hold not in {Hold.WITHDRAWN, Hold.REFUSED}:
            for name in one.provisions:
                yield Apart(
                    provision=name, text=one.text, since=one.on, is_reserved=True,
                    source=f"reservation of {one.on} to {instrument.slug}",
                )  # fmt: skip


def _differing(stated: Iterable[Stated], state: str) -> Iterator[Apart]:
    """Yield where a state differs now: of each provision, what it stated last."""
    newest: dict[str, Stated] = {}
    for one in sorted(stated, key=lambda one: (one.since, one.ground.source)):
        if one.state == state:
            newest[one.provision] = one
    for one in newest.values():
        if one.stands is Stands.DIFFERS:
            yield Apart(
                provision=one.provision, text=one.text, since=one.since, instead=one.norm,
                source=one.ground.source,
            )  # fmt: skip


def _cautions(said: Said, content: StatedAdoption, through: str, heard: Heard) -> Iterator[str]:
    if not said.is_counted:
        yield "its checkpoint lacks the cosignatures asked for"
    if not through:
        return
    instrument = _find_instrument(through)
    if instrument is None:
        yield f"no instrument {through} is held here"
        return
    found = status(instrument, heard.acts.get(through, ()), content.since)
    row = next((row for row in found.members if row.state == content.market), None)
    if row is None or not row.is_bound(content.since):
        yield (
            f"{through} is not shown to bind {content.market} on that day: the pack binds by "
            f"the word of {content.market} alone"
        )
