# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity exposure`: what a state depends on, and what a shock would stop."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from comity.cli.option import Json, print_json
from comity.cli.render_exposure import print_exposure, print_figures, print_materials
from comity.cli.render_shock import print_scenarios, print_shock, print_worst
from comity.cli.session import NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.exposing import exposure_sheet
from comity.desk.grounds import Grounds, Wanted, gather
from comity.desk.picturing import figure_rows, scenario_rows
from comity.desk.shelf import ViewShelf
from comity.desk.shocking import MAX_TOGETHER, shock_sheet, worst_sheet
from comity.desk.stating import state_inventory
from comity.errors import Fault, InvalidDocument
from comity.exposure.material.layer import LAYERS
from comity.exposure.shock.scenario import Scenario
from comity.exposure.shock.sharing import Assumption
from comity.files.inventory import read_inventory
from comity.files.materials.bom import read_bom
from comity.files.shock import find_shock
from comity.kernel.localtext import LocalText
from comity.kernel.material import PPM, to_material_json
from comity.kernel.share import find_share
from comity.law.cursor import near_miss
from comity.law.market import EUROPEAN_UNION, STATES
from comity.node.clock import read_clock

app = App(name="exposure", help="Say what a state depends on, and what a shock would stop.")

OwnNode = Annotated[
    Path | None,
    Parameter(name="--node", help="A node's folder: the systems in the logs it follows count."),
]
Inventories = Annotated[
    tuple[Path, ...],
    Parameter(name="--inventory", help="An inventory: .toml, .csv or .parquet; repeatable."),
]
Records = Annotated[
    bool,
    Parameter(negative="--no-records", help="Count the records that come with Comity too."),
]


@app.command
def show(
    state: str,
    *,
    node: OwnNode = None,
    inventory: Inventories = (),
    records: Records = True,
    passphrase_file: PassphraseFile = None,
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
    wanted = Wanted(state=state, inventories=inventory, records=records)
    with _grounds(wanted, node, passphrase_file) as grounds:
        sheet = exposure_sheet(grounds)
    if as_json:
        print_json(sheet.to_json())
    else:
        print_exposure(Console(highlight=False), sheet)
    return 0


@app.command
def shock(
    scenario: str = "",
    *,
    supplier: tuple[str, ...] = (),
    jurisdiction: tuple[str, ...] = (),
    layer: tuple[str, ...] = (),
    state: str = "",
    worst: int | None = None,
    substitute: str = "",
    need: str = "",
    node: OwnNode = None,
    inventory: Inventories = (),
    records: Records = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Say what stops or degrades where suppliers, jurisdictions or layers are lost.

    Two runs enclose the truth: what nobody said is taken at its best, then at its worst. What
    stops in both stops for certain.

    Example: comity exposure shock usa-chip-controls --state ZAF

    Example: comity exposure shock --jurisdiction CHN --state MNG --substitute 0%

    Example: comity exposure shock --worst 3 --state KHM --inventory khm.toml

    Args:
        scenario: One that comes with Comity (comity exposure scenarios), or a .toml file.
        supplier: A supplier that is lost; repeatable.
        jurisdiction: A jurisdiction that cuts everybody off; repeatable.
        layer: A layer that is lost whole, such as chips; repeatable.
        state: Only what serves this state, and its layers.
        worst: Instead, find the suppliers it would be worst to lose together, so many.
        substitute: Where nobody said what part of a loss is made good at short notice, assume
            this, such as 0%.
        need: Where nobody said what an unmet upstream need costs, assume this, such as 100%.
    """
    _check_shock(scenario, supplier, jurisdiction, layer, worst)
    assumed = _assumption(substitute, need)
    wanted = Wanted(state=state, inventories=inventory, records=records)
    cut = _scenario(scenario, supplier, jurisdiction, layer) if worst is None else None
    console = Console(highlight=False, quiet=as_json)
    with _grounds(wanted, node, passphrase_file) as grounds, console.status("running …"):
        if cut is None:
            found = worst_sheet(grounds, worst or 1, assumed)
        else:
            sheet = shock_sheet(grounds, cut, assumed)
    if as_json:
        print_json(found.to_json() if cut is None else sheet.to_json())
    elif cut is None:
        print_worst(console, found)
    else:
        print_shock(console, sheet)
    return 0


@app.command
def scenarios(*, as_json: Json = False) -> int:
    """List the scenarios that come with Comity, each with source and basis.

    Example: comity exposure scenarios
    """
    rows = scenario_rows()
    if as_json:
        print_json([one.to_json() for one in rows])
    else:
        print_scenarios(Console(highlight=False), rows)
    return 0


@app.command
def figures(*, as_json: Json = False) -> int:
    """List public figures of dependence, each with source, basis and what it leaves unknown.

    Example: comity exposure figures
    """
    rows = figure_rows()
    if as_json:
        print_json([one.to_json() for one in rows])
    else:
        print_figures(Console(highlight=False), rows)
    return 0


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
    if as_json:
        print_json([to_material_json(one) for one in materials])
    else:
        print_materials(Console(highlight=False), materials)
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


@contextmanager
def _grounds(
    wanted: Wanted, folder: Path | None, passphrase_file: Path | None
) -> Iterator[Grounds]:
    if folder is None:
        yield gather(wanted)
        return
    with opened(folder, passphrase_file) as own:
        view = own.view()
        seats = {log.member: log.keyset.jurisdiction for log in view.members()}
        found = Wanted(
            state=wanted.state,
            inventories=wanted.inventories,
            records=wanted.records,
            seats=seats,
        )
        yield gather(found, ViewShelf(view))


def _check_shock(
    scenario: str,
    suppliers: tuple[str, ...],
    jurisdictions: tuple[str, ...],
    layers: tuple[str, ...],
    worst: int | None,
) -> None:
    """Refuse what asks for nothing, or for two things, and every word that means nothing."""
    faults: list[Fault] = []
    named = bool(scenario or suppliers or jurisdictions or layers)
    if not named and worst is None:
        message = "name a scenario, a --supplier, a --jurisdiction, a --layer, or ask --worst 3"
        faults.append(Fault(message=message))
    if named and worst is not None:
        faults.append(Fault(message="--worst looks for suppliers itself: leave the others out"))
    if worst is not None and not 1 <= worst <= MAX_TOGETHER:
        faults.append(Fault(message=f"--worst {worst} is not from 1 to {MAX_TOGETHER}"))
    for code in jurisdictions:
        if code not in STATES and code != EUROPEAN_UNION:
            near = near_miss(code.upper(), sorted(STATES))
            message = f"--jurisdiction {code[:20]!r} is no ISO 3166-1 alpha-3 code, nor EU"
            faults.append(Fault(message=message, near=near))
    for layer in layers:
        if layer not in LAYERS:
            message = f"--layer {layer[:40]!r} is none of {', '.join(LAYERS)}"
            faults.append(Fault(message=message, near=near_miss(layer, LAYERS)))
    if faults:
        raise InvalidDocument("no shock to run", code="cli.shock", faults=faults)


def _scenario(
    name: str,
    suppliers: tuple[str, ...],
    jurisdictions: tuple[str, ...],
    layers: tuple[str, ...],
) -> Scenario:
    """Return the named scenario with what is lost beside it."""
    base = find_shock(name) if name else None
    words = [*suppliers, *jurisdictions, *layers]
    title = LocalText(by_tag={"en": f"without {', '.join(words)}"})
    return Scenario(
        id="asked" if base is None else base.id,
        title=title if base is None else base.title,
        suppliers=(*(base.suppliers if base else ()), *suppliers),
        jurisdictions=(*(base.jurisdictions if base else ()), *jurisdictions),
        layers=(*(base.layers if base else ()), *layers),
        rules=base.rules if base else (),
        source=base.source if base else "",
        basis=base.basis if base else "",
        caution=base.caution if base else "",
        rows=base.rows if base else (),
    )


def _assumption(substitute: str, need: str) -> Assumption:
    faults: list[Fault] = []
    found: list[int | None] = []
    for name, text in (("substitute", substitute), ("need", need)):
        share = find_share(text) if text else None
        if text and share is None:
            faults.append(Fault(message=f"--{name} {text[:20]!r} is no share: write 0% or 0.5"))
        found.append(None if share is None else round(share * PPM))
    if faults:
        raise InvalidDocument("not a share", code="cli.share", faults=faults)
    return Assumption(substitute_ppm=found[0], need_ppm=found[1])
