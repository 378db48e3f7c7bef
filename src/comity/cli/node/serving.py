# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One running server of a node, put together: the site, the guard, the figures, the rounds."""

import json
import random
import ssl
import sys
from contextlib import AbstractContextManager

import uvicorn

from comity.api.app import create_api
from comity.errors import Fault, InvalidDocument
from comity.kernel.ids import MemberId
from comity.kernel.instant import to_rfc3339
from comity.kernel.noun import counted
from comity.ledger.identity import Identity
from comity.node.clock import read_clock
from comity.node.fetch.settings import HttpSettings
from comity.node.fetch.signature import RequestChecker
from comity.node.node import Node
from comity.node.serving.guard import Guard, Rules, Seen
from comity.node.serving.head import PunctualProtocol
from comity.node.serving.metrics import Metrics, exposed
from comity.node.serving.round import PublishedAgain, Rounds, Schedule, Visited
from comity.web.app import create_app

_MOST_HEADER_BYTES = 32 * 1024


class Serving:
    """What `comity node serve` runs.

    Args:
        has_access_log: Whether each request is printed.
    """

    def __init__(self, node: Node, *, has_access_log: bool) -> None:
        self._node = node
        self._settings = node.config.http
        self._has_access_log = has_access_log
        self._metrics = Metrics(node)

    @property
    def scheme(self) -> str:
        """Return https where this node has a certificate of its own."""
        return "https" if self._settings.certificate else "http"

    def server(self, grace_s: int) -> uvicorn.Server:
        """Put the server together; it gives requests under way *grace_s* when it stops.

        Raises:
            InvalidDocument: The certificate or its key cannot be used.
        """
        settings = self._settings
        certificate, key = _certificate(self._node, settings)
        rules = Rules(
            settings=settings,
            origin=self._node.origin,
            checker=RequestChecker(self._find_member, clock=read_clock),
            note=self._note,
        )
        config = uvicorn.Config(
            Guard(create_app(self._node, api=create_api(self._node)), rules),
            http=PunctualProtocol,  # h11 bounds the size of a request's head
            h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=list(settings.proxies),
            timeout_graceful_shutdown=grace_s,
            ssl_certfile=certificate,
            ssl_keyfile=key,
        )
        return uvicorn.Server(config)

    def figures(self, port: int) -> AbstractContextManager[int]:
        """Serve the figures on loopback."""
        return exposed(self._metrics, port)

    def rounds(self, node: Node, every_s: int) -> Rounds:
        """Return the rounds of a node of their own over the same folder."""
        schedule = Schedule(every_s=float(every_s), dice=random.random)
        return Rounds(node, schedule, self._note_round, clock=read_clock)

    def _find_member(self, member: MemberId) -> Identity | None:
        logs = self._node.view().members()
        return next((log.identity for log in logs if log.member == member), None)

    def _note(self, seen: Seen) -> None:
        self._metrics.note_request(seen)
        if self._has_access_log:
            print(json.dumps(_as_line(seen, self._settings)), flush=True)  # noqa: T201 - the access log

    def _note_round(self, event: Visited | PublishedAgain) -> None:
        self._metrics.note_round(event)
        print(_told(event), file=sys.stderr, flush=True)  # noqa: T201 - the service's journal


def _as_line(seen: Seen, settings: HttpSettings) -> dict[str, object]:
    line: dict[str, object] = {
        "at": to_rfc3339(read_clock()),
        "method": seen.method,
        "path": seen.path,
        "status": seen.status,
        "ms": round(seen.duration_s * 1000, 1),
        "bytes": seen.sent_bytes,
    }
    if seen.member is not None:
        line["member"] = seen.member
    if settings.log_addresses:
        line["address"] = seen.address
    return line


def _told(event: Visited | PublishedAgain) -> str:
    if isinstance(event, PublishedAgain):
        if event.publication is None:
            return f"publishing failed: {event.error}"
        cosigned = counted(len(event.publication.tally.counted), "cosignature")
        size = counted(event.publication.checkpoint.size, "entry", "entries")
        return f"published {size}, {cosigned}"
    if event.followed is None:
        again = "" if event.failures == 1 else f" ({event.failures} times now)"
        return f"{event.peer.name}: not followed{again}: {event.error}"
    new = event.followed.size - event.followed.previous
    return f"{event.peer.name}: {new} new, {event.followed.size} in all"


def _certificate(node: Node, settings: HttpSettings) -> tuple[str | None, str | None]:
    """Return where the certificate and its key stand, once they were tried."""
    if not settings.certificate:
        return None, None
    certificate = str(node.folder / settings.certificate)
    key = str(node.folder / settings.key)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:
        message = f"certificate {certificate} and key {key} cannot be used: {error}"
        raise InvalidDocument(
            message,
            code="node.certificate",
            hint="both are PEM files; the certificate comes before its chain",
            source="node.toml",
            faults=[Fault(message=message)],
        ) from None
    return certificate, key
