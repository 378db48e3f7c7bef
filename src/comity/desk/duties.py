# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Duties: which norms bind a system. Loads packs and profile, decides, records nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.errors import NotFound
from comity.files.library import shipped_library
from comity.files.profile import read_profile
from comity.law.cursor import near_miss
from comity.law.determine import Determination, determine
from comity.law.explain import Explanation, explain
from comity.law.interview import Question, next_questions
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What is asked about a system: where, when, and as whom.

    Args:
        markets: Codes; empty means those of the profile.
        roles: Empty means those of the profile.
    """

    markets: tuple[str, ...] = ()
    on: dt.date
    roles: tuple[Role, ...] = ()


def library() -> Library:
    """Return the packs that come with Comity, read once a process.

    Raises:
        InvalidDocument: A pack has faults; all are listed with their places.
    """
    return shipped_library()


def load_profile(path: Path) -> Profile:
    """Read a profile against the shared vocabulary.

    Raises:
        NotFound: No such file.
        InvalidDocument: Any fault in it; all are listed with their places.
    """
    return read_profile(path, library())


def duties_of(profile: Profile, inquiry: Inquiry) -> Determination:
    """Determine what each norm of the markets is to a system.

    Raises:
        InvalidDocument: An unknown market, or answers that contradict an axiom.
    """
    markets: Sequence[str] = inquiry.markets or profile.markets or ()
    return determine(library(), profile, markets=markets, on=inquiry.on, roles=inquiry.roles)


def questions_for(determination: Determination, *, limit: int = 5) -> tuple[Question, ...]:
    """Return the questions whose answers settle most, best first."""
    return next_questions(determination.situation, limit=limit)


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
        near = near_miss(name, norms)
        return f"did you mean {near!r}?" if near else "the packs hold no norm of that name"
    market = determination.library.pack_of[known.name].market
    if market not in determination.markets:
        return f"it stands in a pack of {market}; ask with --in {market}"
    return f"it binds {', '.join(role.value for role in known.who)}; ask with --role"
