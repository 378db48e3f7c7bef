# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Weight of every public page, stylesheet included, and what rendering it costs.

Goal: at most 15 KB gzipped, no script. Run: .venv/bin/python benchmarks/web.py
"""

import gzip
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from starlette.testclient import TestClient
from tests.fakes.world import World, build

from comity.desk.register.lookout import Lookout
from comity.web.app import build as build_site
from comity.web.language import TAGS
from comity.web.render import load_renderer
from comity.web.site import Site

BUDGET_BYTES = 15_000
ROUNDS = 5


def main() -> None:
    """Print one row a page; exit 1 if one is over budget."""
    started = time.process_time()
    world = build()
    site = Site(lookout=Lookout(world.view), renderer=load_renderer())
    print(
        f"templates, messages and a small federation: {time.process_time() - started:.2f} CPU-s"
    )
    print(f"{'page':12} {'KB gzipped, stylesheet included':>34} {'CPU-ms':>8}  script")
    print(f"{'':12} {'  '.join(f'{tag:>10}' for tag in TAGS)}")
    worst = 0
    with TestClient(build_site(site)) as client:
        sheet = len(gzip.compress(client.get("/static/comity.css").content, 6))
        for name, path in pages(world).items():
            weights, cost, scripts = measure(client, path, sheet)
            worst = max(worst, *weights)
            shown = "  ".join(f"{weight / 1000:10.1f}" for weight in weights)
            print(f"{name:12} {shown} {cost:8.1f}  {scripts or 'none'}")
    print(f"stylesheet alone: {sheet / 1000:.1f} KB; heaviest page {worst / 1000:.1f} KB")
    assert worst <= BUDGET_BYTES, "a page is over its budget"


def pages(world: World) -> dict[str, str]:
    """Return an address of each kind of page, language left out."""
    system, finding = world.translator.hex(), world.finding.sha256.hex()
    return {
        "systems": "",
        "system": f"systems/{system}",
        "duties CHN": f"systems/{system}/duties?market=CHN",
        "finding": f"findings/{finding}",
        "category": f"findings/{finding}?category=shelter",
        "members": "members",
        "member": f"members/{world.khm.member}",
        "statement": f"statements/{world.finding.log}/{world.finding.index}",
        "form": "determine",
        "determined": "determine?market=EU&market=CHN&show=CHN&on=2026-11-21&role=provider"
        "&fact.generates=text",
    }


def measure(client: TestClient, path: str, sheet: int) -> tuple[list[int], float, int]:
    """Return bytes by language, CPU milliseconds of one rendering, and scripts counted."""
    weights, scripts = [], 0
    for tag in TAGS:
        page = client.get(f"/{tag}/{path}").content
        weights.append(len(gzip.compress(page, 6)) + sheet)
        scripts += page.count(b"<script")
    started = time.process_time()
    for _ in range(ROUNDS):
        client.get(f"/en/{path}")
    return weights, 1000 * (time.process_time() - started) / ROUNDS, scripts


if __name__ == "__main__":
    main()
