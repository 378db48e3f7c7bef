# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Option files: who could supply what, at which cost; TOML."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from comity.exposure.diversify.market import OWN
from comity.exposure.material.bill import flaws_of
from comity.files.materials.row import BASES, CODES, FIELDS, material_of
from comity.files.table import Table, open_table, settle
from comity.files.toml import Path as TomlPath
from comity.kernel.material import Material
from comity.kernel.share import find_share
from comity.law.cursor import near_miss
from comity.law.market import EUROPEAN_UNION, STATES

MAX_OPTIONS = 2_000
MAX_AMOUNT = 10**12
_ONE = Fraction(1)
_OWN = ("cost", "onboarding", "switching", "capacity", "minimum")
_NOT_OF_AN_OPTION = ("share_ppm",)
_FIELDS = tuple(name for name in FIELDS if name not in _NOT_OF_AN_OPTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One supplier that could be chosen; amounts in the file's unit.

    Args:
        material: A code in it may be `OWN`: the state of whoever buys.
        cost: Of the whole layer of one state of size 1, bought from it alone.
        onboarding: Once, where it is new.
        switching: Of moving the whole layer to it or away from it.
        capacity: The largest share of a layer it can take.
        minimum: The least share that is worth a contract.
    """

    material: Material
    cost: Fraction
    onboarding: Fraction
    switching: Fraction
    capacity: Fraction
    minimum: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Everything an option file says.

    Args:
        unit: In which amounts are, in words.
        pooling: What onboarding once for a whole bloc costs, in times of one state's.
        allies: Jurisdictions that get no ceiling.
        sizes: How much a state buys, by code; 1 where it is not there.
        supplies: What is known of suppliers, beside what inventories say.
    """

    title: str
    unit: str
    source: str
    basis: str
    is_example: bool
    pooling: Fraction
    budget: Fraction | None
    allies: tuple[str, ...]
    sizes: Mapping[str, int]
    options: tuple[Option, ...]
    supplies: tuple[Material, ...]


def read_options(path: Path, *, known: Collection[str] = ()) -> Options:
    """Read an option file.

    Args:
        known: Names of supplies that are known from elsewhere; inputs may name them.

    Raises:
        NotFound: No such file (`files.no_options`).
        InvalidDocument: Any fault in it, all with their places (`files.options`).
    """
    table = open_table(path, "options")
    least = _share(table, "minimum", Fraction(0))
    rows = list(table.tables("option"))
    supplied = list(table.tables("supply"))
    options = tuple(_option(row, least) for row in rows)
    supplies = tuple(_material(row, ()) for row in supplied)
    found = Options(
        title=table.text("title"),
        unit=table.text("unit"),
        source=table.text("source"),
        basis=table.word("basis", BASES),
        is_example=table.flag("example"),
        pooling=_amount(table, "pooled_onboarding", _ONE),
        budget=_amount(table, "budget", None) if "budget" in table.row else None,
        allies=tuple(_codes(table)),
        sizes=_sizes(table),
        options=options,
        supplies=supplies,
    )
    if found.pooling < 1:
        message = "pooled_onboarding is less than 1: once for all costs at least what one pays"
        table.fault("pooled_onboarding", message)
    if not 1 <= len(options) <= MAX_OPTIONS:
        table.fault("option", f"there are 1 to {MAX_OPTIONS:,} options, each as [[option]]")
    _between(rows, options, (supplied, supplies), known)
    table.finish()
    settle(table, "options")
    return found


def _option(row: Table, least: Fraction) -> Option:
    material = _material(row, _OWN)
    if "cost" not in row.row:
        message = "cost is missing: an option without one cannot be planned, leave it out"
        row.fault("cost", message)
    option = Option(
        material=material,
        cost=_amount(row, "cost", Fraction(0)),
        onboarding=_amount(row, "onboarding", Fraction(0)),
        switching=_amount(row, "switching", Fraction(0)),
        capacity=_share(row, "capacity", _ONE),
        minimum=_share(row, "minimum", least),
    )
    if not option.capacity:
        row.fault("capacity", "an option without capacity can be left out")
    elif option.minimum > option.capacity:
        row.fault("minimum", "its minimum is more than its capacity")
    return option


def _material(row: Table, own: tuple[str, ...]) -> Material:
    """Read what a material is; fields of one's own are left to who asked for them."""

    def fault(field: TomlPath, message: str, near: str | None) -> None:
        row.faults.append(row.toml.fault((*row.path, *field), message, near=near))

    words = {name: value for name, value in row.row.items() if name not in own}
    for name in [*words]:
        if own and name not in _FIELDS:
            del words[name]
            near = near_miss(name, (*_FIELDS, *own))
            row.fault(name, f"an option has no field {name!r}", near)
    buyers = [name for name in CODES if _is_own(row, name, is_option=bool(own))]
    for name in buyers:
        del words[name]
    found = material_of(words, fault)
    said = dict.fromkeys(buyers, OWN)
    return replace(found, **said)  # type: ignore[arg-type]  # fields of codes are texts


def _is_own(row: Table, name: str, *, is_option: bool) -> bool:
    """Tell whether a code says "own", which only an option may, and only in that way."""
    value = row.row.get(name)
    if not isinstance(value, str) or value.strip().casefold() != OWN:
        return False
    if not is_option:
        message = f"{name} {value!r} stands for whoever buys an option; a supply names a state"
        row.fault(name, message)
    elif value != OWN:
        row.fault(name, f"{name} {value!r} is no code", OWN)
    return True


def _between(
    rows: list[Table],
    options: tuple[Option, ...],
    supply: tuple[list[Table], tuple[Material, ...]],
    known: Collection[str],
) -> None:
    """Note what is wrong between options: one stands twice, or rests on what is not there."""
    seen: set[tuple[str, str]] = set()
    for row, option in zip(rows, options, strict=True):
        one = option.material
        for field, said in (("name", one.name), ("supplier", one.supplier or "")):
            key = (one.layer, f"{field} {said.casefold()}")
            if said and key in seen:
                row.fault(field, f"{field} {said!r} stands twice in layer {one.layer!r}")
            seen.add(key)
    tables, supplies = supply
    for name in {*known}.difference(one.name for one in supplies):
        supplies = (*supplies, Material(layer="", name=name))
    every = (*supplies, *(option.material for option in options))
    stands = [*tables, *([None] * (len(supplies) - len(tables))), *rows]
    for flaw in flaws_of(every):
        at = stands[flaw.position]
        if at is not None and flaw.field == "upstream":
            at.fault("upstream", flaw.message.replace("the bill", "the file"), flaw.near)


def _amount(table: Table, name: str, default: Fraction | None) -> Fraction:
    table.known.append(name)
    value = table.row.get(name)
    if value is None and default is not None:
        return default
    what = "is no amount like 12.5"
    match value:
        case bool():
            pass
        case int() | Decimal() if Decimal(value).is_finite():
            if 0 <= value <= MAX_AMOUNT:
                return Fraction(value)
            what = "is less than nothing" if value < 0 else f"is more than {MAX_AMOUNT:,}"
    table.fault(name, f"{name} {what}")
    return default or _ONE


def _share(table: Table, name: str, default: Fraction) -> Fraction:
    table.known.append(name)
    value = table.row.get(name)
    if value is None:
        return default
    share = find_share(value) if isinstance(value, str) else None
    if share is None:
        table.fault(name, f'{name} is no share: write it as "40%"')
    return default if share is None else share


def _codes(table: Table) -> Iterator[str]:
    for code in table.texts("allies"):
        if code.casefold() == OWN:
            table.fault("allies", f"{code!r} needs no alliance: one's own state has no ceiling")
        elif code not in STATES and code != EUROPEAN_UNION:
            near = near_miss(code.upper(), sorted(STATES))
            table.fault("allies", f"{code[:20]!r} is no ISO 3166-1 alpha-3 code, nor EU", near)
        yield code


def _sizes(table: Table) -> Mapping[str, int]:
    sizes = table.wholes("sizes", least=1)
    section = table.row.get("sizes")
    for code in section if isinstance(section, Mapping) else ():
        if code not in STATES and code != EUROPEAN_UNION:
            near = near_miss(str(code).upper(), sorted(STATES))
            message = f"{str(code)[:20]!r} is no ISO 3166-1 alpha-3 code, nor EU"
            table.fault("sizes", message, near)
    return sizes
