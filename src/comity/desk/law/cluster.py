# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The same work on parts, on the machines of a Ray cluster, or here where there is none."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from comity.assess.run.cluster import join
from comity.errors import NotPermitted

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")

_AHEAD = 2
"""Parts handed out beyond those being worked on; what bounds the results that wait."""


def on_ray(
    work: Callable[..., _Result], shared: tuple[object, ...], parts: Sequence[_Part]
) -> Iterator[_Result]:
    """Work on every part, and yield the results in the order of the parts.

    Args:
        work: Takes what is shared, then a part; runs in other processes, which read and
            write the files that the parts name.

    Raises:
        NotPermitted: The extra `cluster` is not installed.
    """
    ray = _ray()
    started_here = not ray.is_initialized()
    if started_here:
        join(ray)
    try:
        remote = ray.remote(work)
        width = max(1, int(ray.cluster_resources().get("CPU", 1))) + _AHEAD
        waiting = deque(parts)
        running: deque[object] = deque()
        while waiting or running:
            while waiting and len(running) < width:
                running.append(remote.remote(*shared, waiting.popleft()))
            yield ray.get(running.popleft())
    finally:
        if started_here:
            ray.shutdown()


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        raise NotPermitted(
            "the engine 'ray' is not installed",
            code="desk.no_cluster",
            hint="pip install 'comity[cluster]', or leave --engine out",
        ) from None
    return ray
