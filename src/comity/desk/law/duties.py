# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Duties: which norms bind a system. Loads packs and profile, decides, records nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.errors import NotFound
from comity.files.library import library_beside, shipped_library
from comity.files.oscal_results import to_oscal_results
from comity.files.profile import read_profile
from comity.kernel.canonical import Json
from comity.kernel.instant import Instant
from comity.law.adoption import Adoption, with_adoptions
from comity.law.cursor import near_miss
from comity.law.determine import Determination, rule_on
from comity.law.explain import Explanation, explain
from comity.law.interview import Question, next_questions
from comity.law.market import BODIES
from comity.law.membership import standing_in
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Profile
from comity.law.situation import Situation, situation_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What is asked about a system: where, when, and as whom.

    Args:
        markets: Codes; empty means those of the profile.
        on: The day whose law is asked about.
        roles: Empty means those of the profile.
        facts_on: The day whose answers count; None for the day of the law.
        known_on: The day as known on which the packs count; None for all that is held.
        packs: A folder of packs that stand beside those that come along.
        adoptions: Packs that markets took over.
    """

    markets: tuple[str, ...] = ()
    on: dt.date
    roles: tuple[Role, ...] = ()
    facts_on: dt.date | None = None
    known_on: dt.date | None = None
    packs: Path | None = None
    adoptions: tuple[Adoption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A body whose texts speak to a market that was asked about, and were not asked about.

    Args:
        standing: What the market is to it, such as "member".
    """

    market: str
    body: str
    standing: str


_MOST_BELOW = 8
"""Norms of an article that a hint names."""


def library() -> Library:
    """Return the packs that come with Comity, read once a process.

    Raises:
        InvalidDocument: A pack has faults; all are listed with their places.
    """
    return shipped_library()


def library_for(inquiry: Inquiry) -> Library:
    """Return the packs a question is put to.

    Raises:
        NotFound: No such folder of packs.
        InvalidDocument: A pack has faults; all are listed with their places.
    """
    if inquiry.packs is None and inquiry.known_on is None:
        return with_adoptions(library(), inquiry.adoptions)
    held = library_beside(inquiry.packs, inquiry.known_on)
    return with_adoptions(held, inquiry.adoptions)


def load_profile(path: Path, among: Library | None = None) -> Profile:
    """Read a profile against the shared vocabulary.

    Raises:
        NotFound: No such file.
        InvalidDocument: Any fault in it; all are listed with their places.
    """
    return read_profile(path, among or library())


def situation_for(profile: Profile, inquiry: Inquiry) -> Situation:
    """Return which answers hold where, with what follows from them.

    Raises:
        InvalidDocument: An unknown market, or answers that contradict an axiom.
    """
    markets: Sequence[str] = inquiry.markets or profile.markets or ()
    return situation_of(
        library_for(inquiry), profile, markets=markets, on=inquiry.on,
        facts_on=inquiry.facts_on, roles=inquiry.roles,
    )  # fmt: skip


def duties_of(profile: Profile, inquiry: Inquiry) -> Determination:
    """Determine what each norm of the markets is to a system.

    Raises:
        InvalidDocument: An unknown market, or answers that contradict an axiom.
    """
    return rule_on(situation_for(profile, inquiry))


def questions_for(determination: Determination, *, limit: int = 5) -> tuple[Question, ...]:
    """Return the questions whose answers settle most, best first."""
    return next_questions(determination.situation, limit=limit)


def bodies_beside(determination: Determination) -> tuple[Beside, ...]:
    """Return the bodies whose texts are held, were not asked about, and concern a market."""
    held = {pack.market for pack in determination.library.packs}
    bodies = [body for body in BODIES if body in held and body not in determination.markets]
    return tuple(
        Beside(market=market, body=body, standing=standing)
        for market in determination.markets
        for body in bodies
        if (standing := standing_in(body, market)) is not None
    )


def as_oscal(determination: Determination, *, now: Instant) -> Json:
    """Return a determination as OSCAL assessment results."""
    return to_oscal_results(determination, now=now)


def explain_norm(determination: Determination, norm: str) -> tuple[Explanation, ...]:
    """Explain one norm, once for each role it was ruled on.

    Raises:
        NotFound: No such norm, or none that the question reaches; the hint says which.
    """
    found = tuple(
        explain(determination, ruling)
        for ruling in determination.rulings
        if ruling.norm.name == norm
    )
    if not found:
        raise NotFound(
            f"no ruling on {norm!r}", code="law.no_ruling", hint=_why_none(determination, norm)
        )
    return found


def _why_none(determination: Determination, name: str) -> str:
    norms = determination.library.norms
    known = next((norm for norm in norms.values() if norm.name == name), None)
    if known is None:
        below = [norm.name for norm in norms.values() if norm.name.startswith(f"{name}.")]
        if below:
            more = f" and {len(below) - _MOST_BELOW} more" if len(below) > _MOST_BELOW else ""
            return f"norms below it: {', '.join(below[:_MOST_BELOW])}{more}"
        near = near_miss(name, norms)
        return f"did you mean {near!r}?" if near else "the packs hold no norm of that name"
    market = determination.library.pack_of[known.name].market
    if market not in determination.markets:
        return f"it stands in a pack of {market}; ask with --in {market}"
    return f"it binds {', '.join(role.value for role in known.who)}; ask with --role"
