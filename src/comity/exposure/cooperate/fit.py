# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether an offer and a need fit at all, and if not, every reason why."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from comity.exposure.cooperate.matter import Need, Offer
from comity.exposure.cooperate.word import ANY_SECTOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """An offer as it enters a match.

    Args:
        key: Names it here, and no other.
        by: Who makes it.
        seat: Where that member sits; "" where unknown.
        markets: For which states; None for anywhere.
        doubt: Why it is paired with nobody whatever it says; "" where nothing speaks so.
    """

    key: str
    by: str
    seat: str
    offer: Offer
    markets: frozenset[str] | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A need as it enters a match.

    Args:
        key: Names it here, and no other.
        by: Who has it.
        seat: Where that member sits; "" where unknown.
        markets: In which states.
    """

    key: str
    by: str
    seat: str
    need: Need
    markets: frozenset[str]


class Misfit(Enum):
    """Why an offer and a need do not fit."""

    DOUBT = "the record is not verified"
    UNSTATED = "nobody said for whom it is"
    OWN = "they are of the same member"
    SORT = "no need is of its sort"
    SECTOR = "it is for another sector"
    MARKET = "it is for other states"
    ENDED = "it is over"
    DAYS = "their days do not meet"
    UNIT = "they are not counted alike"
    AMOUNT = "the need says no amount, the offer counts"
    TERMS = "a term that the need requires is not offered"
    LANGUAGE = "it is in no language the need asks for"


def misfits(ask: Ask, bid: Bid, on: dt.date) -> tuple[Misfit, ...]:
    """Return every reason why an offer cannot meet a need on a day; none where it can."""
    return tuple(_misfits(ask, bid, on))


def _misfits(ask: Ask, bid: Bid, on: dt.date) -> Iterator[Misfit]:
    needed, offered = ask.need.matter, bid.offer.matter
    if bid.doubt:
        yield Misfit.DOUBT
    if bid.offer.recipients_unstated:
        yield Misfit.UNSTATED
    if ask.by == bid.by:
        yield Misfit.OWN
    if needed.what != offered.what:
        yield Misfit.SORT
    if not _same_sector(needed.sector, offered.sector):
        yield Misfit.SECTOR
    if bid.markets is not None and not ask.markets & bid.markets:
        yield Misfit.MARKET
    yield from _days(ask, bid, on)
    yield from _amounts(ask, bid)
    if not set(ask.need.requires) <= set(offered.terms):
        yield Misfit.TERMS
    if (
        needed.languages
        and offered.languages
        and not _bases(needed.languages) & _bases(offered.languages)
    ):
        yield Misfit.LANGUAGE


def _same_sector(needed: str, offered: str) -> bool:
    words = {needed.casefold(), offered.casefold()}
    return len(words) == 1 or ANY_SECTOR in words


def _days(ask: Ask, bid: Bid, on: dt.date) -> Iterator[Misfit]:
    needed, offered = ask.need.matter, bid.offer.matter
    ends = [one for one in (needed.until, offered.until) if one is not None]
    if any(end < on for end in ends):
        yield Misfit.ENDED
    starts = [one for one in (needed.since, offered.since) if one is not None]
    if starts and ends and max(starts) > min(ends):
        yield Misfit.DAYS


def _amounts(ask: Ask, bid: Bid) -> Iterator[Misfit]:
    needed, offered = ask.need.matter, bid.offer.matter
    if needed.unit is not None and offered.unit is not None and needed.unit != offered.unit:
        yield Misfit.UNIT
    elif offered.amount is not None and needed.amount is None:
        yield Misfit.AMOUNT


def _bases(tags: tuple[str, ...]) -> set[str]:
    return {tag.split("-", maxsplit=1)[0].casefold() for tag in tags}
