# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure inventories of thousands of rows: 3,000 in one layer, 20,000 in all, all made up.

    python benchmarks/exposure_scale.py

Shares are stated of half the rows, three rows in four name their law, one in ten rests on
another; a third as many suppliers as rows. CPU-seconds of one process.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # so that it runs as a script, too

from benchmarks.peer import peak_mb  # noqa: E402 - after the path

from comity.desk.exposure.exposing import exposure_sheet  # noqa: E402 - after the path
from comity.desk.exposure.leverage import Between, leverage_sheet  # noqa: E402 - after the path
from comity.desk.exposure.shocking import shock_sheet, worst_sheet  # noqa: E402 - after the path
from comity.desk.supply.grounds import Grounds  # noqa: E402 - after the path
from comity.exposure.material.bill import Bill  # noqa: E402 - after the path
from comity.exposure.material.layer import LAYERS  # noqa: E402 - after the path
from comity.exposure.shock.scenario import Scenario  # noqa: E402 - after the path
from comity.kernel.localtext import LocalText  # noqa: E402 - after the path
from comity.kernel.material import PPM, Material, Upstream  # noqa: E402 - after the path

CODES = ("USA", "CHN", "SGP", "JPN", "KOR", "DEU", "FRA", "TWN", "NLD", "IND", "KHM", "VNM")


def inventory(rows: int, layers: int, seed: int = 1) -> Grounds:
    """Make up an inventory of one state."""
    dice = Random(seed)  # noqa: S311 - a made-up inventory, no secret
    per_layer = rows // layers
    materials = tuple(
        Material(
            layer=LAYERS[place % layers],
            name=f"m{place}",
            supplier=f"S{dice.randrange(rows // 3)}" if dice.random() < 0.9 else None,
            jurisdiction=dice.choice(CODES) if dice.random() < 0.75 else None,
            share_ppm=PPM // per_layer if dice.random() < 0.5 else None,
            upstream=(
                (Upstream(name=f"m{dice.randrange(place)}"),)
                if place and dice.random() < 0.1
                else ()
            ),
        )
        for place in range(rows)
    )
    bill = Bill(
        key="made up", name="made up", materials=materials, seat="KHM", markets=("KHM",),
        is_system=False,
    )  # fmt: skip
    return Grounds(state="KHM", bills=(bill,), supplies=(), origins=())


def timed(work: Callable[[], object]) -> float:
    """Return the median CPU-seconds of three runs."""
    found = []
    for _ in range(3):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return median(found)


def main() -> None:
    """Print the table."""
    cut = Scenario(
        id="usa", title=LocalText(by_tag={"en": "without USA"}), jurisdictions=("USA",)
    )
    print(f"{'':<38} {'measures':>9} {'shock':>9} {'leverage':>9} {'worst 3':>9}  CPU-s")
    for rows, layers in ((3_000, 1), (3_000, 9), (20_000, 9)):
        grounds = inventory(rows, layers)
        cells = [
            timed(partial(exposure_sheet, grounds)),
            timed(partial(shock_sheet, grounds, cut)),
            timed(partial(leverage_sheet, grounds, Between(state="KHM"))),
        ]
        said = " ".join(f"{cell:9.2f}" for cell in cells)
        if rows <= 3_000:
            said += f" {timed(partial(worst_sheet, grounds, 3)):9.2f}"
        print(f"{rows:,} rows in {layers} layer{'s' * (layers > 1):<22} {said}", flush=True)
    print(f"peak {peak_mb():.0f} MB")


if __name__ == "__main__":
    main()
