# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity register`: registers of many systems, as `comity sweep` reads them."""

from pathlib import Path

from cyclopts import App
from rich.console import Console

from comity.cli.law.sweep import counting
from comity.cli.option import Json, print_json
from comity.desk.law.making import make_register
from comity.files.synthesis import Recipe

app = App(name="register", help="Make up registers of systems, for trials.")


@app.command
def make(
    out: Path, *, rows: int = 1000, seed: int = 1, unknown: float = 0.3, as_json: Json = False
) -> int:
    """Make up a register: no row is a real system, and the file says so.

    The same rows and seed give the same register. Every row obeys the axioms and guards of
    the vocabulary; docs/reference/register.md writes the distributions out.

    Example: comity register make register.parquet --rows 100000 --seed 7

    Args:
        out: Parquet file to write.
        rows: How many systems.
        seed: Number that fixes the dice.
        unknown: Share of the cells that nobody answered, from 0 to 1.
    """
    recipe = Recipe(rows=rows, seed=seed, unknown=unknown)
    with counting(rows, quiet=as_json) as progress:
        made = make_register(out, recipe, progress=progress)
    if as_json:
        plain = {"out": str(made.path), "rows": rows, "seed": seed, "unknown": unknown,
                 "synthetic": True, "bytes": made.bytes_count}  # fmt: skip
        print_json(plain)
    else:
        said = f"{rows:,} systems made up in {made.path}, {made.bytes_count / 1e6:.1f} MB"
        Console(highlight=False).print(said, markup=False)
    return 0
