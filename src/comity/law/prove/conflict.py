# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conflicts: norms that bind one system together and cannot all be met."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from comity.kernel.canonical import Json
from comity.law.condition import Condition
from comity.law.conduct import Exclusion
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.prove.bound import Party, Side, binding, common_bearers, theory_of
from comity.law.prove.clash import Clash, Escape, Ground, Kind, kind_of
from comity.law.prove.deed import SOFT, Deeds
from comity.law.prove.theory import Possibility
from comity.law.prove.witness import Stage, Witness

Progress = Callable[[int, int], None]
"""Is told how many kinds of conflict are looked through, and of how many."""

TOGETHER_AT_MOST = 20_000
"""Sets of norms looked at for one clash; past it the search says that it stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Norms, a conduct core that cannot be met, and a system they bind together.

    Args:
        parties: The demands, at least one a side.
        bearers: What the one bound is to the system, in the order of the parties.
        exclusions: What in the world keeps the demands apart; empty where they contradict.
        witness: A system they all bind; None where that could not be decided in time.
        hits: Rows of a register they all bind; None where none was asked about.
    """

    parties: tuple[Party, ...]
    bearers: tuple[Role, ...]
    exclusions: tuple[Exclusion, ...]
    escape: Escape
    witness: Witness | None
    hits: int | None = None

    @property
    def is_soft(self) -> bool:
        """Whether a "should" is among the demands."""
        return any(party.demand.modality in SOFT for party in self.parties)

    @property
    def is_binding(self) -> bool:
        """Whether every text among them has binding force."""
        return all(party.is_binding for party in self.parties)

    @property
    def clash(self) -> frozenset[Kind | str | None]:
        """What conflicts of one kind share: the demands' kinds and the exclusions' names."""
        kinds = (kind_of(party.demand) for party in self.parties)
        return frozenset({*kinds, *(each.name for each in self.exclusions)})

    def to_json(self) -> Json:
        """Write the conflict as plain JSON values."""
        return {
            "parties": [party.to_json() for party in self.parties],
            "bearers": [role.value for role in self.bearers],
            "exclusions": [each.to_json() for each in self.exclusions],
            "escape": self.escape.value,
            "binding": self.is_binding,
            "soft": self.is_soft,
            "witness": None if self.witness is None else self.witness.to_json(),
            "hits": self.hits,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a search for conflicts came to.

    Args:
        stopped: Clashes with more sets of norms than were looked at.
        undecided: Sets of norms of which it could not be said in time whether they bind
            together.
    """

    conflicts: tuple[Conflict, ...]
    clashes: int
    stopped: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search for conflicts in a library.

    Args:
        on: The day asked about; None for any day on which norms are in force together.
        within: Also conflicts inside one side.
        timeout_ms: How long one question to the solver may take.
    """

    library: Library
    on: dt.date | None = None
    within: bool = False
    timeout_ms: int = 10_000

    def conflicts(
        self, sides: Sequence[Side], *, progress: Progress = lambda _done, _all: None
    ) -> Findings:
        """Return every conflict between the sides, the hardest first."""
        theory = theory_of(self.library, timeout_ms=self.timeout_ms)
        stage = Stage(theory=theory, library=self.library)
        ground = self._ground()
        by_kind = self._by_kind(sides)
        clashes = tuple(ground.clashes(by_kind))
        found: list[Conflict] = []
        stopped = 0
        for done, clash in enumerate(clashes, start=1):
            together, cut = self._together(clash, by_kind, [side.name for side in sides])
            stopped += cut
            conflicts = (self._conflict(stage, bound, clash) for bound in together)
            found += [
                replace(each, escape=ground.escape(each.parties, clash.exclusions))
                for each in conflicts
                if each is not None
            ]
            progress(done, len(clashes))
        return Findings(
            conflicts=tuple(sorted(found, key=_order)),
            clashes=len(clashes),
            stopped=stopped,
            undecided=sum(each.witness is None for each in found),
        )

    def _ground(self) -> Ground:
        vocabulary = self.library.vocabulary
        return Ground(
            deeds=Deeds(conducts=vocabulary.conducts),
            exclusions=vocabulary.exclusions,
            timeout_ms=self.timeout_ms,
        )

    def _by_kind(self, sides: Iterable[Side]) -> dict[Kind, list[Party]]:
        found: dict[Kind, list[Party]] = {}
        for side in sides:
            for pack, norm in side.norms(self.on):
                for demand in norm.demands:
                    kind = kind_of(demand)
                    if kind is not None:
                        party = Party(side=side.name, pack=pack, norm=norm, demand=demand)
                        found.setdefault(kind, []).append(party)
        return found

    def _together(
        self, clash: Clash, by_kind: dict[Kind, list[Party]], order: Sequence[str]
    ) -> tuple[list[tuple[tuple[Party, ...], tuple[Role, ...]]], int]:
        """Return the sets of norms to look at for a clash, and whether there were too many.

        Args:
            order: The sides as they were asked for; the parties come in that order.
        """
        found: list[tuple[tuple[Party, ...], tuple[Role, ...]]] = []
        for count, each in enumerate(product(*(by_kind[kind] for kind in clash.kinds))):
            if count == TOGETHER_AT_MOST:
                return found, 1
            parties = tuple(sorted(each, key=lambda party: order.index(party.side)))
            bearers = common_bearers(party.norm for party in parties)
            if bearers is not None and self._is_between(parties):
                found.append((parties, bearers))
        return found, 0

    def _is_between(self, parties: Sequence[Party]) -> bool:
        norms = {party.norm.name for party in parties}
        sides = {party.side for party in parties}
        return len(norms) > 1 and (self.within or len(sides) > 1)

    def _conflict(
        self,
        stage: Stage,
        bound: tuple[tuple[Party, ...], tuple[Role, ...]],
        clash: Clash,
    ) -> Conflict | None:
        parties, bearers = bound
        seen = stage.witness(
            self._wanted(stage, parties, clash.exclusions), on=self._day(parties)
        )
        if seen is Possibility.IMPOSSIBLE:
            return None
        return Conflict(
            parties=parties,
            bearers=bearers,
            exclusions=clash.exclusions,
            escape=Escape.HARD,
            witness=seen if isinstance(seen, Witness) else None,
        )

    def _wanted(
        self, stage: Stage, parties: Sequence[Party], exclusions: Sequence[Exclusion]
    ) -> list[Condition]:
        facts = stage.theory.facts
        norms = {party.norm.name: party for party in parties}.values()
        bound = [binding(party.pack, party.norm, facts) for party in norms]
        return [*bound, *(each.when for each in exclusions)]

    def _day(self, parties: Sequence[Party]) -> dt.date | None:
        """Return the day asked about, or the first on which all are in force."""
        if self.on is not None:
            return self.on
        days = [party.norm.valid_from for party in parties if party.norm.valid_from is not None]
        return max(days, default=None)


def _order(conflict: Conflict) -> tuple[bool, bool, int, list[str]]:
    """Sort binding before soft, hard before avoidable, then by name."""
    hardness = list(Escape).index(conflict.escape)
    names = [str(party.norm.name) for party in conflict.parties]
    return not conflict.is_binding, conflict.is_soft, hardness, names
