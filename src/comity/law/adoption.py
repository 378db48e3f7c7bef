# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A pack taken over by another market: its norms there, less what that market holds apart.

A pack adopted is a pack derived: the same norms under other names, in the adopter's market,
from the adopter's day. The pack it was derived from stays as it is. What the adopter reserved
is left out; where it differs, what it says stands in the place of the norm.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from comity.kernel.canonical import to_canonical
from comity.kernel.digest import sha256
from comity.kernel.ids import MarketCode, NormId
from comity.kernel.localtext import LocalText
from comity.law.norm import Grounds, Norm, Unencoded
from comity.law.pack import Library, Pack, PackStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """What an adopter holds apart from a provision of the pack.

    Args:
        provision: Id of a norm, or of all whose ids begin with it and a full stop.
        since: The day from which it does; None for all days.
        text: In which way, in its words.
        instead: Id of a norm that stands in the place already, or "".
        is_reserved: It reserved the provision, which then does not apply at all.
        source: Place of the statement.
    """

    provision: str
    text: str
    since: dt.date | None = None
    instead: str = ""
    is_reserved: bool = False
    source: str = ""

    def speaks_of(self, norm: Norm) -> bool:
        """Tell whether a norm is among what is held apart."""
        return norm.name == self.provision or norm.name.startswith(f"{self.provision}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """A market takes over a pack from a day on.

    Args:
        pack: Name of the pack.
        is_binding: Its norms bind there; else they only speak there, as soft law does.
        because: Who adopted it, through what, when, by which statement: one clause.
        apart: In the order in which they were said.
        caution: What a reader must know of the adoption, or "".
    """

    pack: str
    market: MarketCode
    since: dt.date
    because: str
    is_binding: bool = True
    apart: tuple[Apart, ...] = ()
    caution: str = ""


def rebind(pack: Pack, adoption: Adoption) -> Pack:
    """Return the pack that an adoption makes of another."""
    prefix = f"{adoption.market.lower()}.adopts"
    norms = tuple(made for norm in pack.norms for made in _norms(norm, adoption, prefix))
    named = {norm.name: NormId(f"{prefix}.{norm.name}") for norm in pack.norms}
    titles = {tag: f"{text} ({adoption.market})" for tag, text in pack.title.by_tag.items()}
    return replace(
        pack, name=f"{prefix}.{pack.name}", title=LocalText(by_tag=titles),
        market=adoption.market, definitions=(), norms=norms,
        status=PackStatus.BINDING if adoption.is_binding else PackStatus.SOFT,
        gaps=tuple(_gap(gap, named, prefix) for gap in pack.gaps),
        adopted="; ".join(filter(None, (adoption.because, adoption.caution))),
    )  # fmt: skip


def with_adoptions(library: Library, adoptions: Iterable[Adoption]) -> Library:
    """Return a library that also holds what was adopted; a pack that is not held adds nothing.

    Where one market adopts one pack several times, the first adoption counts.
    """
    held = {pack.name: pack for pack in library.packs}
    made: dict[tuple[MarketCode, str], Pack] = {}
    for adoption in sorted(adoptions, key=lambda one: (one.since, one.because)):
        key = (adoption.market, adoption.pack)
        if adoption.pack in held and key not in made:
            made[key] = rebind(held[adoption.pack], adoption)
    return replace(library, packs=(*library.packs, *made.values())) if made else library


def _norms(norm: Norm, adoption: Adoption, prefix: str) -> Iterator[Norm]:
    """Yield what stands for one norm: itself, itself until a day, its replacement."""
    about = [apart for apart in adoption.apart if apart.speaks_of(norm)]
    if any(apart.is_reserved for apart in about):
        return
    begins = max(filter(None, (norm.valid_from, adoption.since)))
    differing = max(about, key=_since, default=None)
    ends = norm.valid_until
    if differing is not None:
        ends = min(filter(None, (ends, _since(differing))), default=None)
    if ends is None or begins < ends:
        yield _renamed(norm, f"{prefix}.{norm.name}", begins, ends, adoption)
    if differing is not None and not differing.instead:
        begins = max(begins, _since(differing))
        if norm.valid_until is None or begins < norm.valid_until:
            yield _different(norm, differing, f"{prefix}.{norm.name}.differs", begins, adoption)


def _since(apart: Apart) -> dt.date:
    return apart.since or dt.date.min


def _renamed(
    norm: Norm, name: str, begins: dt.date, ends: dt.date | None, adoption: Adoption
) -> Norm:
    said = {
        "adopts": norm.meaning.hex(), "market": adoption.market, "name": name,
        "from": begins.isoformat(), "until": None if ends is None else ends.isoformat(),
    }  # fmt: skip
    return replace(
        norm, name=NormId(name), valid_from=begins, valid_until=ends,
        meaning=sha256(to_canonical(said)),
    )  # fmt: skip


def _different(
    norm: Norm, apart: Apart, name: str, begins: dt.date, adoption: Adoption
) -> Norm:
    """Return the norm that says how an adopter differs: its words, which nobody encoded."""
    whole = _renamed(norm, name, begins, norm.valid_until, adoption)
    titles = {tag: f"{text} ({adoption.market}: ≠)" for tag, text in norm.title.by_tag.items()}
    titles["en"] = f"{norm.title.in_language('en')}: {adoption.market} differs"
    grounds = Grounds(
        cite=f"Difference of {adoption.market} to {norm.grounds.cite or norm.name}",
        source=apart.source,
    )
    return replace(
        whole, title=LocalText(by_tag=titles), demands=(), grounds=grounds,
        asks=LocalText(by_tag={"en": apart.text}), exceptions_researched=True,
    )  # fmt: skip


def _gap(gap: Unencoded, named: dict[NormId, NormId], prefix: str) -> Unencoded:
    about = tuple(named.get(NormId(name), name) for name in gap.about)
    return replace(gap, name=f"{prefix}.{gap.name}", about=about)
