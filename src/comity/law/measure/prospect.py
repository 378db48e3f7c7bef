# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Prospects: what would be needed besides if a duty that is open, or to come, did bind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comity.kernel.canonical import Json
from comity.law.measure.ask import Ask
from comity.law.measure.course import Conflict, Measure
from comity.law.measure.planner import Planner


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What one more norm would ask.

    Args:
        measures: Those it adds or makes stricter; none where the others meet it as they are.
        days: Assumed person-days more; None where it cannot be met beside the others.
        conflicts: Those it brings.
    """

    asks: tuple[Ask, ...]
    measures: tuple[Measure, ...]
    days: int | None
    conflicts: tuple[Conflict, ...] = ()

    @property
    def norm(self) -> str:
        """The norm that asks."""
        return self.asks[0].norm.name

    @property
    def is_met(self) -> bool:
        """Whether the others meet it as they are."""
        return not self.measures and not self.conflicts

    def to_json(self) -> Json:
        """Write the prospect as plain JSON values."""
        return {
            "norm": self.norm,
            "asks": [ask.to_json() for ask in self.asks],
            "unsettled": list(self.asks[0].unsettled),
            "already_met": self.is_met,
            "days": self.days,
            "measures": [
                {
                    "conduct": measure.conduct.name, "values": list(measure.values),
                    "bounds": [bound.to_json() for bound in measure.bounds],
                }
                for measure in self.measures
            ],
            "conflicts": [each.to_json() for each in self.conflicts],
        }  # fmt: skip


def prospects(
    planner: Planner, duties: Sequence[Ask], more: Iterable[Ask]
) -> tuple[Prospect, ...]:
    """Return what each further norm would ask, by itself, beside the duties planned for."""
    by_norm: dict[str, list[Ask]] = {}
    for ask in more:
        by_norm.setdefault(ask.norm.name, []).append(ask)
    return tuple(_prospect(planner, duties, asks) for asks in by_norm.values())


def _prospect(planner: Planner, duties: Sequence[Ask], asks: Sequence[Ask]) -> Prospect:
    pieces = planner.scene.pieces({ask.conduct for ask in asks})
    touched = frozenset().union(*pieces)
    beside = [ask for ask in duties if ask.conduct in touched]
    now, then = planner.course(beside), planner.course([*beside, *asks])
    set_now = {_setting(measure) for measure in now.measures}
    keys = {ask.key for ask in asks}
    conflicts = tuple(c for c in then.conflicts if keys & {ask.key for ask in c.asks})
    return Prospect(
        asks=tuple(asks),
        measures=tuple(each for each in then.measures if _setting(each) not in set_now),
        days=None if conflicts else then.days - now.days,
        conflicts=conflicts,
    )


def _setting(measure: Measure) -> tuple[object, ...]:
    figures = tuple((bound.relation, bound.figure) for bound in measure.bounds)
    return measure.conduct.name, measure.label, measure.values, figures
