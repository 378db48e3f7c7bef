# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity bank check`: a bank's faults and what it is made of, or items opened from one."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from comity.cli.bank.file import read_usable
from comity.cli.session import Json
from comity.errors import Fault, InvalidDocument, NotFound, VerificationFailed
from comity.evidence.bank import Item
from comity.evidence.opening import decode_openings, verify_openings
from comity.evidence.prompt import text_of
from comity.files.bank import read_bank
from comity.files.claim import read_claim
from comity.files.datasheet import Datasheet, datasheet_of
from comity.files.overlap import Overlap, overlaps
from comity.kernel.digest import from_hex

SHOWN = 10


def check(
    bank: Path | None = None,
    *,
    claim: Path | None = None,
    against: Path | None = None,
    opening: Path | None = None,
    root: str | None = None,
    as_json: Json = False,
) -> int:
    """Read a bank, list every fault with its line, and say what it is made of.

    A bank is refused where two items ask the same, or where a prompt gives its answer away.

    Example: comity bank check bank.jsonl --claim disaster-translation.claim.toml

    Example: comity bank check bank.jsonl --against practice.jsonl

    Example: comity bank check --opening items.json --root 5f0c...

    Args:
        bank: The bank, JSONL or Parquet.
        claim: What the bank claims, a TOML file, to be held against the bank.
        against: A bank that is public, such as one for practice: items that nearly stand in
            both are counted and shown. It is an alarm, no fault.
        opening: Items opened from a bank, in place of a bank; each is checked against --root.
        root: The root that the bank's statement published.
    """
    faults = _faults(bank, opening, root, beside=claim or against)
    if faults:
        raise InvalidDocument("nothing to check", code="cli.check", faults=faults)
    if opening is not None:
        _check_opening(opening, root or "", as_json=as_json)
        return 0
    path = bank or Path()
    items = read_usable(path, None if claim is None else read_claim(claim))
    found = () if against is None else overlaps(items, read_bank(against))
    compared = None if against is None else found
    print_sheet(datasheet_of(items), path, as_json=as_json, sentences=None, found=compared)
    return 0


def _faults(
    bank: Path | None, opening: Path | None, root: str | None, *, beside: Path | None
) -> list[Fault]:
    found: list[str] = []
    if (bank is None) == (opening is None):
        found.append("give either a bank or --opening")
    if (opening is None) != (root is None):
        found.append("--opening and --root go together: items are checked against a root")
    if opening is not None and beside is not None:
        found.append("--claim and --against are held against a bank, not against --opening")
    return [Fault(message=message) for message in found]


def _check_opening(path: Path, root: str, *, as_json: bool) -> None:
    try:
        encoded = path.read_bytes()
    except OSError as error:
        raise NotFound(
            f"cannot read {path}: {error.strerror}", code="files.no_opening"
        ) from None
    try:
        openings = decode_openings(encoded)
        verify_openings(openings, from_hex(root))
    except InvalidDocument as error:
        raise error.named(str(path)) from None
    except VerificationFailed as error:
        place = f"{path}: {error.place}" if error.place else str(path)
        raise VerificationFailed(
            error.message, code=error.code, hint=error.hint, place=place
        ) from None
    items = [opening.item for opening in openings.items]
    if as_json:
        plain = {"root": root, "items": [item.to_json() for item in items]}
        print(json.dumps(plain, ensure_ascii=False, indent=2))  # noqa: T201 - the verb's output
        return
    console = Console(highlight=False)
    count = "1 item stands" if len(items) == 1 else f"{len(items):,} items stand"
    console.print(f"{count} in the bank with this root, word for word", style="green")
    for item in items:
        console.print(f"  {item.position} {item.category}: {_short(item)}", markup=False)


def print_sheet(
    sheet: Datasheet,
    path: Path,
    *,
    as_json: bool,
    sentences: int | None,
    found: tuple[Overlap, ...] | None = None,
) -> None:
    """Print what a bank is made of, and what of it nearly stands in another."""
    if as_json:
        plain = sheet.to_json() | {"file": str(path)}
        plain["near_duplicates_ppm"] = sheet.near_duplicates * 1_000_000 // sheet.size
        if sentences is not None:
            plain["sentences"] = sentences
        if found is not None:
            plain["overlaps"] = [
                {"prompt": one.item.prompt, "other": one.other.prompt} for one in found
            ]
        print(json.dumps(plain, ensure_ascii=False, indent=2))  # noqa: T201 - the verb's output
        return
    console = Console(highlight=False)
    _print_counts(console, sheet, path, sentences)
    if found is not None:
        _print_overlaps(console, sheet, found)


def _print_counts(
    console: Console, sheet: Datasheet, path: Path, sentences: int | None
) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("category")
    table.add_column("items", justify="right")
    for name, count in sheet.categories.items():
        table.add_row(name, f"{count:,}")
    console.print(f"{path}: {sheet.size:,} items", markup=False)
    console.print(table)
    console.print(f"scored by {', '.join(sheet.scorers)}", markup=False)
    if sentences is not None:
        console.print(f"{sentences:,} sentences written by hand in the core")
    share = sheet.near_duplicates * 100 / sheet.size
    console.print(
        f"{sheet.templates:,} templates ({sheet.wordings:,} wordings); "
        f"{sheet.near_duplicates:,} items only vary another one ({share:.1f} %), "
        f"{sheet.repeats:,} nearly word for word"
    )
    for name, count in sheet.unreviewed.items():
        console.print(
            f"{name}: {count:,} items unreviewed; planned only with --allow-unreviewed",
            style="yellow",
            markup=False,
        )


def _print_overlaps(console: Console, sheet: Datasheet, found: tuple[Overlap, ...]) -> None:
    if not found:
        console.print("no item nearly stands in the other bank", style="green")
        return
    share = len(found) * 100 / sheet.size
    console.print(
        f"alarm: {len(found):,} items ({share:.1f} %) nearly stand in the other bank",
        style="yellow",
    )
    for one in found[:SHOWN]:
        console.print(f"  {_short(one.item)}  ~  {_short(one.other)}", markup=False)


def _short(item: Item) -> str:
    text = text_of(item.prompt)
    return text if len(text) <= 60 else f"{text[:59]}…"
