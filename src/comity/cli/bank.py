# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity bank`: build a bank of questions from its core, check one, commit to one.

comity bank build src/comity/packs/banks/disaster-translation.toml --seed 7 --out b.jsonl
comity bank check b.jsonl --claim src/comity/packs/banks/disaster-translation.claim.toml
"""

import json
from pathlib import Path

from cyclopts import App
from rich.console import Console
from rich.table import Table

from comity.assess.scorers.scorer import faults_of_items
from comity.cli.bank_commit import commit
from comity.cli.bank_file import raise_faults, read_usable
from comity.cli.session import Json
from comity.errors import Conflict
from comity.files.bank import write_bank
from comity.files.claim import read_claim
from comity.files.core import read_core
from comity.files.datasheet import Datasheet, datasheet_of
from comity.files.generator import build as fill_core

app = App(name="bank", help="Build a bank of questions from its core, check and commit one.")
app.command(commit)


@app.command
def build(
    core: Path,
    *,
    seed: str,
    out: Path,
    size: int = 2_000,
    replace: bool = False,
    as_json: Json = False,
) -> int:
    """Fill a core's sentences by a seed and write the bank as JSONL.

    Example: comity bank build disaster-translation.toml --seed 7 --out bank.jsonl

    Args:
        core: The core, a TOML file.
        seed: Any text; core and seed together fix the bank, so a bank in use has a secret one.
        out: Where the bank is written, whole or not at all.
        size: Items in all, shared equally among the categories.
        replace: Write over a file that is there.
    """
    if out.exists() and not replace:
        raise Conflict(
            f"{out} is there already",
            code="cli.exists",
            hint="choose another name, or add --replace",
        )
    read = read_core(core)
    items = fill_core(read, seed, size)
    raise_faults(str(core), faults_of_items(items))
    write_bank(items, out)
    written = sum(len(category.sentences) for category in read.categories)
    _print(datasheet_of(items), out, as_json=as_json, sentences=written)
    return 0


@app.command
def check(
    bank: Path,
    *,
    claim: Path | None = None,
    as_json: Json = False,
) -> int:
    """Read a bank, list every fault with its line, and say what it is made of.

    Example: comity bank check bank.jsonl --claim disaster-translation.claim.toml

    Args:
        bank: The bank, JSONL or Parquet.
        claim: What the bank claims, a TOML file, to be held against the bank.
    """
    items = read_usable(bank, None if claim is None else read_claim(claim))
    _print(datasheet_of(items), bank, as_json=as_json, sentences=None)
    return 0


def _print(sheet: Datasheet, path: Path, *, as_json: bool, sentences: int | None) -> None:
    if as_json:
        plain = sheet.to_json() | {"file": str(path)}
        if sentences is not None:
            plain["sentences"] = sentences
        print(json.dumps(plain, ensure_ascii=False, indent=2))  # noqa: T201 - the verb's output
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("category")
    table.add_column("items", justify="right")
    for name, count in sheet.categories.items():
        table.add_row(name, f"{count:,}")
    console = Console(highlight=False)
    console.print(f"{path}: {sheet.size:,} items", markup=False)
    console.print(table)
    console.print(f"scored by {', '.join(sheet.scorers)}", markup=False)
    if sentences is not None:
        console.print(f"{sentences:,} sentences written by hand in the core")
    console.print(
        f"{sheet.templates:,} templates ({sheet.wordings:,} wordings); "
        f"{sheet.near_duplicates:,} items only vary another one, "
        f"{sheet.repeats:,} nearly word for word"
    )
    for name, count in sheet.unreviewed.items():
        console.print(
            f"{name}: {count:,} items unreviewed; planned only with --allow-unreviewed",
            style="yellow",
            markup=False,
        )
