# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Packs under the pen: faults with their places, and what each pack holds."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.account import PROVISIONS, read_account
from comity.files.pack import (
    SHIPPED,
    documents_below,
    is_vocabulary,
    read_document,
    with_replaced,
)  # fmt: skip
from comity.files.scenario import SUFFIX, read_scenarios
from comity.law.account import Coverage, account_faults, coverage
from comity.law.block import Document
from comity.law.pack import Library, Pack
from comity.law.read import read_leniently
from comity.law.scenario import Mismatch, mismatches

_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*comity\b", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRow:
    """What one pack holds, counted.

    Args:
        unresearched: Norms whose exceptions nobody looked for.
        bases: Norms by the basis they rest on.
        lonely: Norms that rest on a fact no other norm asks about.
        gap_percent: Provisions that only a gap rests on, in percent, rounded up.
    """

    name: str
    market: str
    status: str
    norms: int
    definitions: int
    gaps: int
    scenarios: int
    unresearched: int
    bases: Mapping[str, int]
    lonely: int
    gap_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackCheck:
    """Faults of the files asked about, a row per pack, and remarks that are no faults."""

    faults: tuple[Fault, ...]
    rows: tuple[PackRow, ...]
    notes: tuple[str, ...]
    facts: int
    conducts: int
    axioms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRun:
    """The scenarios of one file: how many there are, and where our encoding disagrees.

    Args:
        faults: What keeps scenarios from being run.
    """

    source: str
    count: int
    mismatches: tuple[Mismatch, ...] = ()
    faults: tuple[Fault, ...] = ()


def run_scenarios(paths: Sequence[Path] = ()) -> tuple[ScenarioRun, ...]:
    """Run scenario files: those given, those below folders given, or all that come along.

    Packs given for a scenario stand beside it; entries with faults are left out of the law.

    Raises:
        NotFound: A path that leads nowhere, or to no scenario.
    """
    library = read_leniently(documents_below(SHIPPED)).library
    found = [each for path in paths or (SHIPPED,) for each in _scenario_files(path)]
    return tuple(_run(path, library) for path in found)


def _scenario_files(path: Path) -> Sequence[Path]:
    if path.is_dir():
        found = sorted(path.rglob(f"*{SUFFIX}"))
        if not found:
            raise NotFound(f"no *{SUFFIX} stands below {path}", code="desk.no_scenarios")
        return found
    return [path.with_name(path.stem + SUFFIX) if path.suffix == ".md" else path]


def _run(path: Path, library: Library) -> ScenarioRun:
    name = _name_of(path)
    try:
        scenarios = read_scenarios(path, library, name=name)
        wrong = tuple(each for one in scenarios for each in mismatches(one, library))
    except InvalidDocument as error:
        faults = error.faults or (Fault(message=error.message),)
        return ScenarioRun(source=name, count=0, faults=tuple(faults))
    return ScenarioRun(source=name, count=len(scenarios), mismatches=wrong)


def check_packs(paths: Sequence[Path] = (), *, account: Path = PROVISIONS) -> PackCheck:
    """Read all packs that come with Comity, and the given ones, and say what is wrong.

    Without paths the account of the collected provisions is held against the packs too.

    Raises:
        NotFound: A path that leads nowhere, or to a folder without packs.
        InvalidDocument: A file that is no text.
    """
    shipped = documents_below(SHIPPED)
    given = [document for path in paths for document in _documents(path)]
    documents = with_replaced(shipped, given)
    reading = read_leniently(documents)
    asked = {document.name for document in given or documents}
    shown = asked | {document.name for document in documents if is_vocabulary(document)}
    counts = _scenario_counts(reading.library)
    covered = coverage(reading.library)
    packs = [pack for pack in reading.library.packs if not given or _stands_in(pack, given)]
    return PackCheck(
        faults=(
            *(fault for fault in reading.faults if fault.source in shown),
            *_empty(path for path in paths if not path.is_dir()),
            *(() if paths else _account_faults(account, reading.library)),
        ),
        rows=tuple(_row(pack, counts[pack.name], covered[pack.name]) for pack in packs),
        notes=tuple(_notes(reading.library, packs)),
        facts=len(reading.library.vocabulary.facts),
        conducts=len(reading.library.vocabulary.conducts),
        axioms=len(reading.library.vocabulary.axioms),
    )


def _account_faults(path: Path, library: Library) -> Iterable[Fault]:
    """Hold the account of the collected provisions against the packs that come with Comity."""
    for fault in account_faults(read_account(path), library):
        yield replace(fault, source=path.name)


def _documents(path: Path) -> Iterable[Document]:
    if path.is_dir():
        found = [_document(each) for each in sorted(path.rglob("*.md"))]
        if not found:
            raise NotFound(f"no pack (*.md) stands below {path}", code="desk.no_pack")
        return found
    return [_document(path)]


def _empty(files: Iterable[Path]) -> Iterable[Fault]:
    """Find files that were named and hold no block of ours: a slip of the pen, most often."""
    return [
        Fault(message="no ```comity block stands in it", source=document.name)
        for document in map(_document, files)
        if _FENCE.search(document.text) is None
    ]


def _document(path: Path) -> Document:
    return read_document(path, name=_name_of(path))


def _name_of(path: Path) -> str:
    full = path.resolve()
    inside = full.is_relative_to(SHIPPED)
    return full.relative_to(SHIPPED).as_posix() if inside else str(path)


def _scenario_counts(library: Library) -> Counter[str]:
    """Count, by pack, the shipped scenarios that expect something of its norms."""
    counts: Counter[str] = Counter()
    for path in _scenario_files(SHIPPED):
        try:
            scenarios = read_scenarios(path, library)
        except InvalidDocument:
            continue  # `comity pack scenarios` names its faults
        for scenario in scenarios:
            norms = {norm for expected in scenario.expects.values() for norm in expected}
            counts.update({library.pack_of[norm].name for norm in norms})
    return counts


def _stands_in(pack: Pack, documents: Iterable[Document]) -> bool:
    return any(f"pack {pack.name}\n" in document.text for document in documents)


def _row(pack: Pack, scenarios: int, covered: Coverage) -> PackRow:
    bases = Counter(norm.grounds.basis.value for norm in pack.norms if norm.grounds.basis)
    return PackRow(
        name=pack.name,
        market=pack.market,
        status=pack.status.value,
        norms=len(pack.norms),
        definitions=len(pack.definitions),
        gaps=len(pack.gaps),
        scenarios=scenarios,
        unresearched=sum(not norm.exceptions_researched for norm in pack.norms),
        bases=dict(sorted(bases.items())),
        lonely=covered.lonely,
        gap_percent=ceil(100 * covered.gap_share),
    )


def _notes(library: Library, packs: Iterable[Pack]) -> Iterable[str]:
    norms = library.norms.values()
    used = set().union(*(library.opened(norm.applies_when) for norm in norms))
    for pack in packs:
        for definition in pack.definitions:
            if definition.name not in used:
                yield f"{definition.name}: no norm rests on this definition"
        for norm in pack.norms:
            if norm.valid_from is None and pack.status.value == "binding":
                yield f"{norm.name}: names no day from which it applies"
