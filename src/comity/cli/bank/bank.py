# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity bank`: build a bank of questions from its core, check, commit to and keep one.

comity bank build src/comity/packs/banks/disaster-translation.toml --seed 7 --out b.jsonl
comity bank check b.jsonl --claim src/comity/packs/banks/disaster-translation.claim.toml
"""

from pathlib import Path

from cyclopts import App

from comity.assess.scorers.scorer import faults_of_items
from comity.cli.bank.care import life, notice, show
from comity.cli.bank.check import check, print_sheet
from comity.cli.bank.commit import commit
from comity.cli.bank.file import raise_faults
from comity.cli.session import Json
from comity.errors import Conflict
from comity.files.bank import write_bank
from comity.files.core import read_core
from comity.files.datasheet import datasheet_of
from comity.files.generator import build as fill_core
from comity.files.practice import part_core

app = App(name="bank", help="Build a bank of questions from its core, check, commit, keep one.")
app.command(check)
app.command(commit)
app.command(life)
app.command(notice, name="alarms")
app.command(show, name="open")


@app.command
def build(
    core: Path,
    *,
    seed: str,
    out: Path,
    size: int = 2_000,
    practice: Path | None = None,
    practice_size: int = 200,
    replace: bool = False,
    as_json: Json = False,
) -> int:
    """Fill a core's sentences by a seed and write the bank as JSONL.

    Example: comity bank build disaster-translation.toml --seed 7 --out bank.jsonl

    Example: comity bank build flood.toml --seed 7 --out bank.jsonl --practice practice.jsonl

    Args:
        core: The core, a TOML file.
        seed: Any text; core and seed together fix the bank, so a bank in use has a secret one.
        out: Where the bank is written, whole or not at all.
        size: Items in all, shared equally among the categories.
        practice: Where a bank for practice is written too, of sentences the other never has:
            a tenth of each category's. It is public, and no test is planned on it.
        practice_size: Items of the bank for practice.
        replace: Write over a file that is there.
    """
    _check_free(out, practice, replace=replace)
    read = read_core(core)
    official, rest = (read, None) if practice is None else part_core(read, seed)
    items = fill_core(official, seed, size)
    raise_faults(str(core), faults_of_items(items))
    if practice is not None and rest is not None:
        apart = fill_core(rest, f"{seed}/practice", practice_size)
        raise_faults(str(core), faults_of_items(apart))
        write_bank(apart, practice, practice=True)
    write_bank(items, out)
    written = sum(len(category.sentences) for category in official.categories)
    print_sheet(datasheet_of(items), out, as_json=as_json, sentences=written)
    return 0


def _check_free(*paths: Path | None, replace: bool) -> None:
    for path in paths:
        if path is not None and path.exists() and not replace:
            raise Conflict(
                f"{path} is there already",
                code="cli.exists",
                hint="choose another name, or add --replace",
            )
