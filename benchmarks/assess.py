# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the runner itself costs: CPU per item and memory, over an endpoint that answers at once.

The endpoint runs in a process of its own, so its work is not counted. The scorer is the one
of the translation bank. Goal: at most 0.3 ms CPU an item, and 60 MB.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from comity.assess.run.runner import Assignment, Course, run
from comity.assess.scorers.scorer import score
from comity.assess.subjects.endpoint import Endpoint
from comity.assess.subjects.function import Function
from comity.assess.subjects.subject import Limits, Subject
from comity.evidence.bank import Bank, Item
from comity.evidence.statistics.design import Design
from comity.kernel.digest import sha256

ITEMS = 10_000
GOAL_MS, GOAL_MB = 0.3, 60.0
SERVER = """
import asyncio

BODY = b'{"translation": "Saia de Lajeado antes das 14h30."}'
HEAD = "HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\n"
REPLY = f"{HEAD}Content-Length: {len(BODY)}\\r\\n\\r\\n".encode() + BODY

async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            length = head.lower().split(b"content-length: ")[1].split(b"\\r\\n")[0]
            await reader.readexactly(int(length))
            writer.write(REPLY)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


def course() -> Course:
    """Return a course that asks all its items: nothing is decided before the last."""
    items = (
        Item(
            position=n,
            category="evacuate",
            prompt="Leave Lajeado before 14:30.",
            reference="",
            scorer="numbers-and-negation/1",
        )
        for n in range(ITEMS)
    )
    bank = Bank.of(items, b"k" * 32)
    design = Design(
        size=ITEMS,
        threshold=Fraction(9, 10),
        goal=Fraction(97, 100),
        risk=Fraction(1, 20),
        power=Fraction(9, 10),
        cap=ITEMS,
        acceptance=((ITEMS, 0),),
        rejection=((ITEMS, 1),),
    )
    openings = [bank.open(position) for position in range(ITEMS)]
    return Course(category="evacuate", openings=openings, design=design)


def cpu_s_of(work: Callable[[], object]) -> float:
    """Return the CPU-seconds of this process for some work."""
    before = time.process_time()
    work()
    return time.process_time() - before


def main() -> None:
    """Measure and print one table."""
    bare_mb = peak_mb()
    asked = course()
    held_mb = peak_mb()
    print(f"{ITEMS:,} items, one category, zero latency")
    print(f"{'what':<44}{'ms CPU an item':>15}")
    scored = asked.openings[0].item
    text = "Saia de Lajeado antes das 14h30."
    alone = cpu_s_of(
        lambda: [score(scored.scorer, str(scored.prompt), "", text) for _ in range(ITEMS)]
    )
    print(f"{'  of which: the scorer':<44}{alone / ITEMS * 1e3:>15.3f}")
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:  # noqa: S603 - our own
        assert server.stdout is not None
        url = f"http://127.0.0.1:{int(server.stdout.readline())}/translate"
        http = Endpoint(url=url, request={"text": "{prompt}"}, answer="translation")
        subjects: list[tuple[str, Subject, int]] = [
            (f"HTTP, {width} at a time", http, width) for width in (1, 16, 64)
        ]
        subjects.append(("Python function, 16 at a time", Function(call=lambda _: text), 16))
        for name, subject, width in subjects:
            print(f"{name:<44}{measured(asked, subject, width) / ITEMS * 1e3:>15.3f}")
        server.terminate()
    print(
        f"memory: {bare_mb:.0f} MB imported, {held_mb:.0f} MB with the opened bank, "
        f"{peak_mb():.0f} MB at most; the runs themselves {peak_mb() - held_mb:.0f} MB"
    )
    print(f"goals: {GOAL_MS} ms CPU an item, {GOAL_MB:.0f} MB for the runs")


def peak_mb() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(asked: Course, subject: Subject, width: int) -> float:
    """Return the CPU-seconds of one whole test."""
    with TemporaryDirectory() as folder:
        assignment = Assignment(
            plan_digest=sha256(b"benchmark"),
            courses=(asked,),
            transcript=Path(folder) / "transcript",
            limits=Limits(timeout_s=30),
            width=width,
        )
        spent = cpu_s_of(lambda: run(assignment, subject))
        assert (Path(folder) / "transcript").read_bytes().count(b"\n") == ITEMS
        return spent


if __name__ == "__main__":
    main()
