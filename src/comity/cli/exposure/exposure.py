# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity exposure`: what a state depends on, and what a shock would stop."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cyclopts import App
from rich.console import Console

from comity.cli.exposure.grounds import EVERYTHING, Over, gathered
from comity.cli.exposure.render_exposure import print_exposure, print_figures, print_materials
from comity.cli.exposure.render_shock import print_scenarios
from comity.cli.option import Json, print_json
from comity.cli.session import NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.exposure.exposing import exposure_sheet
from comity.desk.law.picturing import figure_rows, scenario_rows
from comity.desk.supply.stating import state_inventory
from comity.files.inventory import read_inventory
from comity.files.materials.bom import read_bom
from comity.kernel.material import to_material_json
from comity.node.clock import read_clock

T = TypeVar("T")

app = App(name="exposure", help="Say what a state depends on, and what a shock would stop.")

app.command("comity.cli.exposure.shock:shock", name="shock")
app.command("comity.cli.exposure.diversify:diversify", name="diversify")
app.command("comity.cli.exposure.leverage:leverage", name="leverage")
app.command("comity.cli.exposure.memo:template", name="template")
app.command("comity.cli.exposure.memo:memo", name="memo")


@app.command
def show(
    state: str,
    *,
    over: Over = EVERYTHING,
    as_json: Json = False,
) -> int:
    """Say what a state depends on, layer by layer: every figure with its bounds.

    Counts the systems registered for that market in the logs a node follows, the inventories
    stated there, and files. What nobody said stays unknown and widens the figures.

    Example: comity exposure show MNG

    Example: comity exposure show KHM --node kh --inventory khm.toml

    Args:
        state: ISO 3166-1 alpha-3 code, or EU.
    """
    with gathered(state, over) as grounds:
        sheet = exposure_sheet(grounds)
    return _tell(sheet.to_json(), print_exposure, sheet, as_json=as_json)


@app.command
def scenarios(*, as_json: Json = False) -> int:
    """List the scenarios that come with Comity, each with source and basis.

    Example: comity exposure scenarios
    """
    rows = scenario_rows()
    return _tell([one.to_json() for one in rows], print_scenarios, rows, as_json=as_json)


@app.command
def figures(*, as_json: Json = False) -> int:
    """List public figures of dependence, each with source, basis and what it leaves unknown.

    Example: comity exposure figures
    """
    rows = figure_rows()
    return _tell([one.to_json() for one in rows], print_figures, rows, as_json=as_json)


@app.command
def bill(file: Path, *, as_json: Json = False) -> int:
    """Read a bill of materials or an inventory, and say what it holds and what it leaves open.

    CycloneDX (1.5 to 1.7) and SPDX 3 as JSON; an inventory as TOML, CSV or Parquet.

    Example: comity exposure bill khm.toml

    Args:
        file: The bill.
    """
    if file.suffix == ".json":
        materials = read_bom(file)
    else:
        read = read_inventory(file)
        materials = (*read.materials, *read.supplies)
    rows = [to_material_json(one) for one in materials]
    return _tell(rows, print_materials, materials, as_json=as_json)


def _tell(
    written: object, show: Callable[[Console, T], None], found: T, *, as_json: bool
) -> int:
    """Print what was found, as JSON or for people."""
    if as_json:
        print_json(written)
    else:
        show(Console(highlight=False), found)
    return 0


@app.command(name="state")
def state_(
    file: Path,
    *,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Log an inventory as a signed statement; one's newest on a state is the one that counts.

    Example: comity exposure state khm.toml --node kh

    Args:
        file: The inventory: .toml, .csv or .parquet.
    """
    telling = Telling(as_json=as_json)
    inventory = read_inventory(file)
    with opened(node, passphrase_file) as own:
        reference = state_inventory(own, inventory, now=read_clock())
        count = len(inventory.materials)
        telling.say(f"inventory of {inventory.state}: {count} materials")
        telling.logged(own, reference, "inventory", publish=publish)
