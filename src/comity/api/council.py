# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The council's doors: proposals, decisions, rules, bodies, voting power."""

from typing import Annotated

from fastapi import FastAPI, Path, Query

from comity.desk.council.decision.page import (
    CouncilSheet,
    ProposalSheet,
    council_sheet,
    proposal_sheet,
)
from comity.desk.council.rule.page import (
    bodies_sheet,
    rules_sheet,
    shipped_body_sheet,
    shipped_rule_sheet,
    voting_power_sheet,
)
from comity.desk.council.rule.sheet import (
    BodiesSheet,
    RulesSheet,
    ShippedBodySheet,
    ShippedRuleSheet,
    VotingPowerSheet,
)
from comity.desk.register.lookout import Lookout

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
Slug = Annotated[str, Query(max_length=60)]
Name = Annotated[str, Path(max_length=200)]


def add_council(app: FastAPI, lookout: Lookout) -> None:
    """Add the doors to an application."""
    _add_decisions(app, lookout)
    _add_rules(app)


def _add_decisions(app: FastAPI, lookout: Lookout) -> None:
    @app.get("/council")
    def council(page: PageNumber = 1) -> CouncilSheet:
        """List the proposals this node sees and where they stand."""
        return council_sheet(lookout.register(), page=page)

    @app.get("/council/proposals/{proposal}")
    def proposal(proposal: Name) -> ProposalSheet:
        """Count one proposal, by the digest of its entry, and say why it stands so."""
        return proposal_sheet(lookout.register(), proposal)


def _add_rules(app: FastAPI) -> None:
    @app.get("/council/rules")
    def rules() -> RulesSheet:
        """List the rules that come with Comity."""
        return rules_sheet()

    @app.get("/council/rules/{rule}")
    def rule(rule: Name) -> ShippedRuleSheet:
        """Show a rule, with decisions of record decided again by it."""
        return shipped_rule_sheet(rule)

    @app.get("/council/bodies")
    def bodies() -> BodiesSheet:
        """List the bodies that come with Comity."""
        return bodies_sheet()

    @app.get("/council/bodies/{body}")
    def body(body: Name) -> ShippedBodySheet:
        """Show a body: members, groups, weights, and where they come from."""
        return shipped_body_sheet(body)

    @app.get("/council/power")
    def power(rule: Slug, body: Slug = "", weights: Slug = "") -> VotingPowerSheet:
        """Measure what a rule makes of each voice, where it is quick; else use the tool."""
        return voting_power_sheet(rule, body, weights)
