# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a board of cooperation or a match shows: plain values, each with where it stands."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from comity.exposure.cooperate.effect import Effect
from comity.exposure.cooperate.match import Method
from comity.exposure.cooperate.matter import Matter, Weights
from comity.exposure.cooperate.rank import Merit
from comity.kernel.canonical import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where something is said, by whom, and how far it holds.

    Args:
        by: Who says it, by name.
        place: Log and entry, or file and id.
        sha256: Digest of the entry, hex; "" in a file.
        kind: "log", "file" or "record" (comes with Comity).
        is_counted: Whether its checkpoint met the reader's quorum; True of a file.
        unverified: What nobody could verify.
    """

    by: str
    place: str
    sha256: str = ""
    kind: str = "log"
    is_counted: bool = True
    example: bool = False
    status: str = ""
    source: str = ""
    basis: str = ""
    unverified: str = ""
    unknown: str = ""
    rows: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Write it; what says nothing is left out."""
        more: dict[str, Json] = {
            "sha256": self.sha256,
            "status": self.status,
            "source": self.source,
            "basis": self.basis,
            "unverified": self.unverified,
            "unknown": self.unknown,
            "rows": list(self.rows),
        }
        return {
            "by": self.by,
            "place": self.place,
            "from": self.kind,
            "counted": self.is_counted,
            "example": self.example,
            **{name: value for name, value in more.items() if value},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterRow:
    """An offer or a need on a board.

    Args:
        requires: Of a need: terms without which no offer is taken.
        weights: Of an offer of open weights: which.
        recipients_unstated: Of an offer: nobody said for whom.
    """

    matter: Matter
    standing: Standing
    requires: tuple[str, ...] = ()
    weights: Weights | None = None
    recipients_unstated: bool = False

    @property
    def title(self) -> str:
        """Return its English title."""
        return self.matter.title.in_language("en")

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        one = self.matter
        weights: Json = None
        if self.weights is not None:
            named = self.weights
            weights = {
                "method": named.method, "sha256": named.sha256.hex(), "signed": named.signed,
            }  # fmt: skip
        return {
            "title": dict(one.title.by_tag),
            "what": one.what,
            "sector": one.sector,
            "goals": list(one.goals),
            "amount": one.amount,
            "unit": one.unit,
            "markets": list(one.markets),
            "from": None if one.since is None else one.since.isoformat(),
            "until": None if one.until is None else one.until.isoformat(),
            "terms": list(one.terms),
            "languages": list(one.languages),
            "requires": list(self.requires),
            "weights": weights,
            "recipients_unstated": self.recipients_unstated,
            **self.standing.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow:
    """A project on a board.

    Args:
        rests_on: Offers, needs and systems it cites, each with whether it was taken back.
        profile: The shipped profile of its system; "" where there is none.
    """

    title: Mapping[str, str]
    kind: str
    parties: tuple[str, ...]
    markets: tuple[str, ...]
    goals: tuple[str, ...]
    terms: tuple[str, ...]
    note: str
    rests_on: tuple[tuple[str, str], ...]
    standing: Standing
    profile: str = ""

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "title": dict(self.title),
            "kind": self.kind,
            "parties": list(self.parties),
            "markets": list(self.markets),
            "goals": list(self.goals),
            "terms": list(self.terms),
            "note": self.note,
            "rests_on": [{"place": place, "is": word} for place, word in self.rests_on],
            "profile": self.profile or None,
            **self.standing.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What is offered, needed and done.

    Args:
        withdrawn: How many statements were taken back and are left out.
    """

    offers: tuple[MatterRow, ...] = ()
    needs: tuple[MatterRow, ...] = ()
    projects: tuple[ProjectRow, ...] = ()
    withdrawn: int = 0

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "offers": [one.to_json() for one in self.offers],
            "needs": [one.to_json() for one in self.needs],
            "projects": [one.to_json() for one in self.projects],
            "withdrawn": self.withdrawn,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """A need with an offer that meets it, and what that does to dependence.

    Args:
        amount: How much passes; None where nobody said how much is needed.
        is_counted: False where nobody said how much is offered.
        effects: None where nobody said what the offer brings into the stack.
    """

    need: MatterRow
    offer: MatterRow
    amount: int | None
    is_counted: bool
    merit: Merit
    effects: tuple[Effect, ...]

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "need": self.need.standing.place,
            "offer": self.offer.standing.place,
            "need_title": self.need.title,
            "offer_title": self.offer.title,
            "amount": self.amount,
            "unit": self.need.matter.unit,
            "offer_is_counted": self.is_counted,
            **self.merit.to_json(),
            "dependence": [one.to_json() for one in self.effects] or "unknown",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AloneRow:
    """A need that is not met in full, and of each offer of its sort why it does not fit."""

    need: MatterRow
    missing: int | None
    reasons: tuple[tuple[MatterRow, tuple[str, ...]], ...]

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "need": self.need.standing.place,
            "title": self.need.title,
            "missing": self.missing,
            "offers": [
                {"offer": row.standing.place, "because": list(why) or ["it is spent on others"]}
                for row, why in self.reasons
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareRow:
    """An offer that is not taken up in full, and why."""

    offer: MatterRow
    left: int | None
    reasons: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "offer": self.offer.standing.place,
            "title": self.offer.title,
            "left": self.left,
            "because": list(self.reasons),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSheet:
    """Who fits whom on one day.

    Args:
        fitting: How many pairs fit at all.
    """

    method: Method
    on: dt.date
    pairs: tuple[PairRow, ...]
    alone: tuple[AloneRow, ...]
    spare: tuple[SpareRow, ...]
    fitting: int

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "method": self.method,
            "on": self.on.isoformat(),
            "fitting": self.fitting,
            "pairs": [one.to_json() for one in self.pairs],
            "unmet": [one.to_json() for one in self.alone],
            "not_taken_up": [one.to_json() for one in self.spare],
        }
