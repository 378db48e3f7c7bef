# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A worker on a Ray cluster, or on this machine where there is none."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from comity.assess.run.worker import Worker, gone
from comity.assess.subjects.subject import Limits, Message, Session, Subject
from comity.errors import NotPermitted
from comity.evidence.transcript import Missing


@asynccontextmanager
async def hire_actor(subject: Subject, limits: Limits, width: int) -> AsyncIterator[Worker]:
    """Start one worker as a Ray actor; end it after, and Ray with the last of our own.

    Raises:
        NotPermitted: The extra `cluster` is not installed.
    """
    ray = _ray()
    is_ours = not ray.is_initialized()
    if is_ours:
        join(ray)
    try:
        kind = ray.remote(_Actor).options(num_cpus=0, max_concurrency=width + 1)
        actor = kind.remote(subject, limits, width)
        try:
            await _of(ray, actor.open.remote(), subject.label)
            yield _RayWorker(ray, actor, subject.label)
        finally:
            ray.kill(actor)
    finally:
        if is_ours:
            ray.shutdown()


class _Actor:
    """The inside of a worker: the subject's session, kept open."""

    def __init__(self, subject: Subject, limits: Limits, width: int) -> None:
        self._brief = (subject, limits, width)
        self._stack = AsyncExitStack()
        self._session: Session | None = None

    async def open(self) -> None:
        """Open the session."""
        subject, limits, width = self._brief
        self._session = await self._stack.enter_async_context(subject.open(limits, width))

    async def ask(self, prompt: str, history: tuple[Message, ...]) -> str | Missing:
        """Ask one question."""
        assert self._session is not None  # noqa: S101 - it was opened first
        return await self._session.ask(prompt, history)

    async def describe_fault(self, prompt: str) -> str | None:
        """Ask a greeting."""
        assert self._session is not None  # noqa: S101 - it was opened first
        return await self._session.describe_fault(prompt)


class _RayWorker:
    """The runner's side of one actor."""

    def __init__(self, ray: Any, actor: Any, label: str) -> None:
        self._ray, self._actor, self._label = ray, actor, label

    async def ask(self, prompt: str, history: Sequence[Message]) -> str | Missing:
        """Return the answer, or why there is none."""
        asked = self._actor.ask.remote(prompt, tuple(history))
        found: str | Missing = await _of(self._ray, asked, self._label)
        return found

    async def describe_fault(self, prompt: str) -> str | None:
        """Ask once and return what is wrong in plain words, or None when all is well."""
        asked = self._actor.describe_fault.remote(prompt)
        found: str | None = await _of(self._ray, asked, self._label)
        return found


async def _of(ray: Any, asked: Any, label: str) -> Any:
    try:
        return await asked
    except ray.exceptions.RayActorError:
        raise gone(label) from None


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        raise NotPermitted(
            "the engine 'ray' is not installed",
            code="assess.no_cluster",
            hint="pip install 'comity[cluster]', or leave --engine out",
        ) from None
    return ray


def join(ray: Any) -> None:
    """Join the cluster that RAY_ADDRESS names, or start one on this machine alone."""
    if os.environ.get("RAY_ADDRESS"):
        ray.init(log_to_driver=False)
        return
    ray.init(
        include_dashboard=False,
        log_to_driver=False,
        configure_logging=False,
        _node_ip_address="127.0.0.1",
    )
