# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The doors of exposure and cooperation: states, scenarios, shocks, the board."""

from typing import Annotated

from fastapi import FastAPI, Path, Query

from comity.desk.cooperation.page import CooperationSheet, cooperation_sheet
from comity.desk.exposure.diversifypage import USUAL, DiversifyAnswer, plan_answer, plan_of
from comity.desk.exposure.leveragepage import LeverageAnswer, leverage_answer, leverage_of
from comity.desk.exposure.page import (
    ExposureAnswer,
    ExposuresSheet,
    ScenariosSheet,
    ShockAnswer,
    exposure_answer,
    exposure_of,
    exposures_sheet,
    scenarios_sheet,
    shock_answer,
    shock_of,
)
from comity.desk.register.lookout import Lookout

Code = Annotated[str, Path(max_length=8)]
Percent = Annotated[int, Query(ge=1, le=100)]
Name = Annotated[str, Path(max_length=100)]
Bloc = Annotated[str, Query(max_length=100)]


def add_exposure(app: FastAPI, lookout: Lookout) -> None:
    """Add the doors to an application."""

    @app.get("/exposure")
    def exposures() -> ExposuresSheet:
        """List the states of which something is stated, public figures, and scenarios."""
        return exposures_sheet(lookout.register())

    @app.get("/exposure/scenarios")
    def scenarios() -> ScenariosSheet:
        """List the scenarios that come with Comity, each with source and basis."""
        return scenarios_sheet(lookout.register())

    @app.get("/exposure/{state}")
    def exposure(state: Code) -> ExposureAnswer:
        """Show what a state depends on, where it is quick; else use the command line."""
        register = lookout.register()
        return exposure_answer(register, exposure_of(register, state))

    @app.get("/exposure/{state}/scenarios/{scenario}")
    def shock(state: Code, scenario: Name) -> ShockAnswer:
        """Show what a scenario leaves working of a state, in order, with both runs."""
        register = lookout.register()
        return shock_answer(register, shock_of(register, state, scenario))

    _add_ways_out(app, lookout)

    @app.get("/cooperation")
    def cooperation() -> CooperationSheet:
        """List what is offered, needed and done in common, and who fits whom."""
        return cooperation_sheet(lookout.register())


def _add_ways_out(app: FastAPI, lookout: Lookout) -> None:
    @app.get("/exposure/{state}/diversify")
    def diversify(state: Code, ceiling: Percent = USUAL) -> DiversifyAnswer:
        """Plan the cheapest way below a ceiling, over the made-up options that come along."""
        register = lookout.register()
        return plan_answer(register, plan_of(register, state, ceiling))

    @app.get("/exposure/{state}/leverage")
    def leverage(state: Code, bloc: Bloc = "") -> LeverageAnswer:
        """Show what a state and its partners lose by leaving; no game is solved."""
        register = lookout.register()
        return leverage_answer(register, leverage_of(register, state, bloc))
