# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Figures for the operator's monitoring, in the exposition format of Prometheus.

They are served on a port of their own, on loopback: they are the operator's, not the public's.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TypeAlias

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    start_http_server,
)
from prometheus_client.metrics_core import GaugeMetricFamily

from comity.errors import ComityError, Conflict
from comity.kernel.instant import to_posix
from comity.node.logs.log import JOURNAL
from comity.node.node import Node
from comity.node.serving.guard import Seen
from comity.node.serving.round import PublishedAgain, Visited
from comity.node.views.memberlog import MemberLog

_BUCKETS_S = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
_STATUS_CLASSES = {1: "1xx", 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx"}


def _checked_s(log: MemberLog) -> float | None:
    at = log.newest.checked_at
    return None if at is None else to_posix(at)


Figure: TypeAlias = tuple[str, str, Callable[[MemberLog], float | None]]

_GAUGES: tuple[Figure, ...] = (
    ("entries", "Entries of a log, verified.", lambda log: log.size),
    ("public_entries", "Under the newest checkpoint.", lambda log: log.newest.log_size),
    ("counted_entries", "Under one with its quorum.", lambda log: log.counted_size),
    ("cosignatures", "That count on the newest.", lambda log: len(log.newest.cosigners)),
    ("quorum_met", "1 where they suffice.", lambda log: float(log.newest.quorum_met)),
    ("checked_timestamp_seconds", "Last read, or published.", _checked_s),
)


class Metrics:
    """Everything this node counts."""

    def __init__(self, node: Node) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "comity_requests",
            "Requests answered.",
            ("area", "method", "status"),
            registry=self.registry,
        )
        self._sent = Counter(
            "comity_sent_bytes", "Bytes sent in answers.", ("area",), registry=self.registry
        )
        self._signed = Counter(
            "comity_signed_requests", "Requests by followed members.", registry=self.registry
        )
        self._durations = Histogram(
            "comity_request_duration_seconds",
            "Time to the last byte of an answer.",
            ("area",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self._visits = Counter(
            "comity_peer_visits", "Peers asked.", ("peer", "outcome"), registry=self.registry
        )
        self._paused = Gauge(
            "comity_peer_paused",
            "1 while a quota keeps something of a peer's log out.",
            ("peer",),
            registry=self.registry,
        )
        self._publications = Counter(
            "comity_publications",
            "Times the own log was published.",
            ("outcome",),
            registry=self.registry,
        )
        self.registry.register(_Node(node))

    def note_request(self, seen: Seen) -> None:
        """Count a request; nothing of who asked is kept."""
        status = _STATUS_CLASSES.get(seen.status // 100, "none")
        method = seen.method if seen.method in {"GET", "HEAD", "POST"} else "other"
        self._requests.labels(seen.area, method, status).inc()
        self._sent.labels(seen.area).inc(seen.sent_bytes)
        self._durations.labels(seen.area).observe(seen.duration_s)
        if seen.member is not None:
            self._signed.inc()

    def note_round(self, event: Visited | PublishedAgain) -> None:
        """Count a visit or a publication."""
        outcome = "failed" if event.error else "done"
        if isinstance(event, Visited):
            self._visits.labels(event.peer.name, outcome).inc()
            if event.followed is not None:
                self._paused.labels(event.peer.name).set(bool(event.followed.paused))
        else:
            self._publications.labels(outcome).inc()


class _Node:
    """What a node's folder says at the moment somebody looks."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lock = threading.Lock()

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing: looking costs, and happens when asked for."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the figures of each log."""
        with self._lock:
            try:
                logs = self._node.view().members()
                held = len(self._node.evidence.forks())
            except ComityError:
                return
        for name, what, read in _GAUGES:
            family = GaugeMetricFamily(f"comity_log_{name}", what, labels=("log",))
            for log in logs:
                value = read(log)
                if value is not None:
                    family.add_metric([log.identity.origin], value)
            yield family
        yield GaugeMetricFamily("comity_fork_evidence", "Files of evidence held.", value=held)
        journal = (self._node.folder / JOURNAL).stat().st_size
        yield GaugeMetricFamily("comity_journal_bytes", "The own log's file.", value=journal)


@contextmanager
def exposed(metrics: Metrics, port: int, *, host: str = "127.0.0.1") -> Iterator[int]:
    """Serve the figures while the block runs, and say on which port.

    Raises:
        Conflict: Another program listens there.
    """
    try:
        server, thread = start_http_server(port, addr=host, registry=metrics.registry)
    except (OSError, OverflowError) as error:
        raise Conflict(
            f"cannot serve metrics on {host}:{port}: {error}",
            code="node.port",
            hint="another program listens there; choose another --metrics-port",
        ) from None
    with closing(_Stopping(server.shutdown, thread, server.server_close)):
        yield server.server_port


class _Stopping:
    """Ends a server of the library and its thread."""

    def __init__(
        self,
        shutdown: Callable[[], None],
        thread: threading.Thread,
        release: Callable[[], None],
    ) -> None:
        self._shutdown = shutdown
        self._thread = thread
        self._release = release

    def close(self) -> None:
        """End it."""
        self._shutdown()
        self._thread.join()
        self._release()
