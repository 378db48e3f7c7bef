# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The register for programs: what the pages show, as JSON, with an OpenAPI document."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from starlette.exceptions import HTTPException

from comity import __version__
from comity.api.council import add_council
from comity.api.exposure import add_exposure
from comity.api.joint import add_joint
from comity.api.ledger import add_ledger
from comity.desk.finding import dossier
from comity.desk.finding.sheet import FindingSheet
from comity.desk.log.exhibits import NOTHING, Exhibits, exhibits_of
from comity.desk.register import dutysheet, listing
from comity.desk.register.dutysheet import DutiesSheet, SystemDutiesSheet
from comity.desk.register.lookout import Lookout, lookout_of
from comity.desk.register.membersheet import MemberSheet, MembersSheet
from comity.desk.register.problem import Problem, to_problem
from comity.desk.register.sheet import StatementSheet, SystemSheet, SystemsSheet
from comity.errors import ComityError
from comity.kernel.instant import Instant
from comity.node.clock import read_clock
from comity.node.node import Node

_PROBLEM = "application/problem+json"
_ABOUT = (
    "Every member's log as this node holds it, projected. Members marked as examples are "
    "fictional; nothing here is legal advice. Texts come from their authors: escape them."
)

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
Market = Annotated[str, Query(max_length=8)]


class Question(BaseModel):
    """Which duties bind a system: where, when, in whose place, on which facts."""

    model_config = ConfigDict(extra="forbid")

    markets: list[str] = Field(min_length=1, max_length=40)
    on: dt.date
    role: str = Field(default="", max_length=40)
    answers: dict[str, Any] = Field(default_factory=dict, max_length=200)
    show: str = Field(default="", max_length=8)


def create_api(node: Node, *, clock: Callable[[], Instant] = read_clock) -> FastAPI:
    """Build the programming interface of a node, to be mounted at /api."""
    return build(lookout_of(node, clock), exhibits_of(node))


def build(lookout: Lookout, exhibits: Exhibits = NOTHING) -> FastAPI:
    """Build the programming interface of a register."""
    app = FastAPI(
        title="Comity register",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        responses={
            code: {"model": Problem, "content": {_PROBLEM: {}}}
            for code in (400, 403, 404, 409, 422)
        },
    )
    add_ledger(app, lookout, exhibits)  # its longer addresses come before the shorter ones
    _add_register(app, lookout)
    _add_duties(app, lookout)
    add_council(app, lookout)
    add_exposure(app, lookout)
    add_joint(app, lookout)
    app.add_exception_handler(ComityError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    return app


def _add_register(app: FastAPI, lookout: Lookout) -> None:
    @app.get("/systems")
    def systems(
        q: Annotated[str, Query(max_length=100)] = "", market: Market = "", page: PageNumber = 1
    ) -> SystemsSheet:
        """List the registered systems."""
        register = lookout.register()
        return listing.systems_sheet(register, query=q, market=market, page=page)

    @app.get("/systems/{system}")
    def system(system: str, on: dt.date | None = None) -> SystemSheet:
        """Show one system version by its digest."""
        return dossier.system_sheet(lookout.register(), system, on=on)

    @app.get("/findings/{finding}")
    def finding(finding: str) -> FindingSheet:
        """Show one finding by the digest of its entry."""
        return dossier.finding_sheet(lookout.register(), finding)

    @app.get("/members")
    def members() -> MembersSheet:
        """List the members this node follows."""
        return listing.members_sheet(lookout.register())

    @app.get("/members/{member}")
    def member(member: str, page: PageNumber = 1) -> MemberSheet:
        """Show one member by its id, with a page of its statements."""
        return listing.member_sheet(lookout.register(), member, page=page)

    @app.get("/statements/{origin:path}/{index}")
    def statement(origin: str, index: int) -> StatementSheet:
        """Show one entry of a log."""
        return listing.statement_sheet(lookout.register(), origin, index)


def _add_duties(app: FastAPI, lookout: Lookout) -> None:
    @app.get("/systems/{system}/duties")
    def system_duties(
        system: str, market: Market = "", on: dt.date | None = None
    ) -> SystemDutiesSheet:
        """Show which duties bind a registered system on the facts its provider states."""
        return dossier.system_duties_sheet(lookout.register(), system, on=on, show=market)

    @app.post("/determine")
    def determine(question: Question) -> DutiesSheet:
        """Determine which duties bind a system on the facts given."""
        found = dutysheet.duties_sheet(
            dutysheet.Query(
                markets=tuple(question.markets),
                on=question.on,
                role=question.role,
                answers=question.answers,
                show=question.show,
            )
        )
        if found.faults:
            raise dutysheet.as_error(found.faults)
        return found


def _on_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ComityError)  # noqa: S101 - registered for this class alone
    return _problem(to_problem(error))


def _on_invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
    faults = tuple(
        f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}"
        for each in error.errors()
    )
    return _problem(_unreadable(422, faults))


def _on_http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    answer = _problem(_unreadable(error.status_code, (str(error.detail),)))
    answer.headers.update(error.headers or {})
    return answer


def _unreadable(status: int, faults: tuple[str, ...]) -> Problem:
    return Problem(
        type="https://comity.example/problems/api.request",
        title="The request cannot be read",
        status=status,
        detail="the request does not have the form the interface describes",
        code="api.request",
        hint="the form stands in /api/openapi.json",
        faults=faults,
    )


def _problem(problem: Problem) -> JSONResponse:
    content = TypeAdapter(Problem).dump_python(problem, mode="json")
    return JSONResponse(content, problem.status, media_type=_PROBLEM)
