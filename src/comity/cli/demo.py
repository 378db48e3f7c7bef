# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity demo`: the main job on this machine."""

import datetime as dt
import signal
import sys
from pathlib import Path

from rich.console import Console

from comity.kernel.instant import from_iso_date


def demo(*, folder: Path = Path("demo-run"), serve: bool = True, on: str = "") -> None:
    """Show the whole way of two real AI services, from their rules to a recognised finding.

    Four example nodes run as processes of their own and speak HTTP on this machine only.
    Afterwards the register is served until Ctrl-C.

    Example: comity demo --no-serve

    Args:
        folder: Where the four nodes keep their folders; an earlier run's is replaced.
        serve: Serve the register at the end.
        on: The day the rules are asked about, such as 2026-11-21; without it, today.
    """
    from comity.demo.story import tell  # noqa: PLC0415 - help must not pay for the nodes

    day = from_iso_date(on) if on else dt.datetime.now(tz=dt.UTC).date()  # noqa: TID251 - an edge
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # unwinds, so that all nodes stop
    tell(Console(highlight=False), folder, on=day, serves=serve)
