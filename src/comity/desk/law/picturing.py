# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The public figures and scenarios that come with Comity, as a page shows them."""

from dataclasses import dataclass

from comity.exposure.measure.interval import Interval
from comity.exposure.shock.scenario import Scenario
from comity.files.figures import Figure, read_figures
from comity.files.shock import shipped_scenarios
from comity.kernel.canonical import Json
from comity.kernel.material import to_material_json


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One published figure, with the index that its shares allow."""

    figure: Figure

    @property
    def index(self) -> Interval | None:
        """Return the concentration by firm; None where no shares are stated."""
        return self.figure.index

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        one = self.figure
        return {
            "id": one.id,
            "layer": one.layer,
            "when": one.when,
            "where": one.where,
            "said": one.said,
            "shares": [to_material_json(share) for share in one.materials],
            "concentration_by_firm": None if one.index is None else one.index.to_json(),
            "source": one.source,
            "basis": one.basis,
            "gap": one.gap,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRow:
    """One scenario in a list."""

    scenario: Scenario

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        one = self.scenario
        return {
            "id": one.id,
            "title": dict(one.title.by_tag),
            "source": one.source,
            "basis": one.basis,
            "rows": list(one.rows),
            "caution": one.caution,
        }


def figure_rows() -> tuple[FigureRow, ...]:
    """List the figures, as they stand in the file."""
    return tuple(FigureRow(figure=one) for one in read_figures())


def scenario_rows() -> tuple[ScenarioRow, ...]:
    """List the scenarios, by name."""
    return tuple(ScenarioRow(scenario=one) for one in shipped_scenarios())
