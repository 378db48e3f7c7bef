# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The ledger's doors: logs, entries by what they say, proofs, evidence, feeds."""

from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Response

from comity.desk.log.exhibits import Exhibits, ForksSheet
from comity.desk.register.feed import About, FeedSheet, feed_sheet
from comity.desk.register.ledgersheet import (
    LogsSheet,
    StatementsSheet,
    Wanted,
    logs_sheet,
    statements_sheet,
)
from comity.desk.register.lookout import Lookout
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
Index = Annotated[int, Path(ge=0, le=2**62)]
Kind = Annotated[str, Query(max_length=200)]
Hex = Annotated[str, Query(pattern="^([0-9a-f]{64})?$")]
Code = Annotated[str, Query(max_length=8)]
Moment = Annotated[
    str, Query(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$")
]

_PROOF_TYPE = "text/plain; charset=utf-8"
_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}}
}
_JSON: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}}
}


def add_ledger(app: FastAPI, lookout: Lookout, exhibits: Exhibits) -> None:
    """Add the doors to an application."""
    _add_lists(app, lookout)
    _add_exhibits(app, exhibits)


def _add_lists(app: FastAPI, lookout: Lookout) -> None:
    @app.get("/logs")
    def logs() -> LogsSheet:
        """Say what this node's view rests on: each log, its size, its witnesses, its age."""
        return logs_sheet(lookout.register())

    @app.get("/statements")
    def statements(
        *,
        kind: Kind = "",
        subject: Hex = "",
        market: Code = "",
        member: Hex = "",
        since: Moment = "",
        until: Moment = "",
        page: PageNumber = 1,
    ) -> StatementsSheet:
        """List entries by kind, subject, market or member, and by when they came here."""
        wanted = Wanted(
            kind=kind,
            subject=subject,
            market=market,
            member=member,
            since=from_rfc3339(since) if since else None,
            until=from_rfc3339(until) if until else None,
        )
        return statements_sheet(lookout.register(), wanted, page=page)

    @app.get("/feeds/{about}/{name}")
    def feed(
        about: About,
        name: str,
        page: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
    ) -> FeedSheet:
        """Say what is new about a member, a system or a market; as Atom at /en/feeds/….atom."""
        return feed_sheet(lookout.register(), about, name, page=page)


def _add_exhibits(app: FastAPI, exhibits: Exhibits) -> None:
    @app.get(
        "/statements/{origin:path}/{index}/proof", response_class=Response, responses=_TEXT
    )
    def proof(origin: str, index: Index) -> Response:
        """Return the proof that an entry stands in its log, as C2SP tlog-proof."""
        _, encoded = exhibits.prove(Origin(origin), index)
        return Response(encoded, media_type=_PROOF_TYPE)

    @app.get(
        "/statements/{origin:path}/{index}/envelope", response_class=Response, responses=_JSON
    )
    def envelope(origin: str, index: Index) -> Response:
        """Return an entry as its author logged it, to the byte: a DSSE envelope."""
        entry, _ = exhibits.prove(Origin(origin), index)
        return Response(entry, media_type="application/json")

    @app.get("/forks")
    def forks() -> ForksSheet:
        """List the evidence this node holds that logs told two stories."""
        return exhibits.forks()

    @app.get("/forks/{sha256}", response_class=Response, responses=_JSON)
    def fork(sha256: str) -> Response:
        """Return one file of evidence; anyone checks it offline with `comity verify`."""
        return Response(exhibits.fork(sha256), media_type="application/json")
