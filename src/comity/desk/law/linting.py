# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Linting packs: which documents are looked at, how long, and what was found."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from comity.errors import Fault, NotFound
from comity.files.pack import (
    SHIPPED,
    documents_below,
    is_vocabulary,
    read_document,
    with_replaced,
)  # fmt: skip
from comity.kernel.canonical import Json
from comity.law.block import Document, entries_of
from comity.law.lint.finding import Finding, Level, Rule
from comity.law.lint.linter import TIMEOUT_MS, Linter
from comity.law.lint.place import places_of
from comity.law.pack import Library
from comity.law.prove.bound import sides_of
from comity.law.read import read_leniently

WHOLE_S = 300.0
"""How long a whole run may take; all shipped packs take about 15 s."""

Progress = Callable[[int, int], None]
"""Is told how many entries were looked at, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LintReport:
    """What a lint came to.

    Args:
        faults: What keeps documents from being read; nothing is looked at then.
        skipped: Norms and definitions not looked at because the time ran out.
    """

    findings: tuple[Finding, ...] = ()
    faults: tuple[Fault, ...] = ()
    packs: int = 0
    norms: int = 0
    definitions: int = 0
    skipped: tuple[str, ...] = ()

    @property
    def counts(self) -> Counter[Level]:
        """Return how many findings each level has."""
        return Counter(finding.level for finding in self.findings)

    @property
    def undecided(self) -> int:
        """Return how many questions were not decided in time."""
        return sum(finding.rule is Rule.UNDECIDED for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """Return 2 where documents cannot be read, 1 where a finding is an error, else 0."""
        return 2 if self.faults else 1 if self.counts[Level.ERROR] else 0

    def to_json(self) -> Json:
        """Write the report as plain JSON values."""
        return {
            "packs": self.packs,
            "norms": self.norms,
            "definitions": self.definitions,
            "counts": {level.value: self.counts[level] for level in Level},
            "undecided": self.undecided,
            "skipped": list(self.skipped),
            "faults": [
                {"source": each.source, "line": each.line, "column": each.column,
                 "message": each.message, "near": each.near}
                for each in self.faults
            ],
            "findings": [each.to_json() for each in self.findings],
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a lint may take: a question to the solver, and all of it."""

    query_ms: int = TIMEOUT_MS
    whole_s: float = WHOLE_S


def lint_packs(
    asked: Sequence[str] = (),
    *,
    limits: Limits | None = None,
    progress: Progress = lambda _done, _all: None,
) -> LintReport:
    """Look at packs, files or folders; without any, at all packs and the vocabulary.

    Args:
        asked: Names of packs, markets, Markdown files, folders of them.

    Raises:
        NotFound: A path that leads nowhere, or to a folder without packs.
        InvalidDocument: A name of no pack and no market (code `law.side`), or no text.
    """
    paths = [Path(each) for each in asked if _is_path(each)]
    given = [document for path in paths for document in _documents(path)]
    documents = with_replaced(_without_packs_of(given), given)
    reading = read_leniently(documents)
    looked_at = _looked_at(documents, given, asked, reading.library)
    sources = {each.name for each in looked_at}
    shown = sources | {each.name for each in documents if is_vocabulary(each)}
    faults = (
        *(each for each in reading.faults if each.source in shown),
        *_blank(path for path in paths if not path.is_dir()),
    )
    if faults:
        return LintReport(faults=faults)
    linter = Linter(
        library=reading.library,
        places=places_of(looked_at),
        timeout_ms=(limits or Limits()).query_ms,
    )
    return _linted(linter, limits or Limits(), progress)


@dataclass(slots=True, kw_only=True)
class _Watch:
    """A clock that says when to stop."""

    limit_s: float
    started_s: float = field(default_factory=time.monotonic)

    @property
    def is_over(self) -> bool:
        """Whether the time ran out."""
        return time.monotonic() - self.started_s >= self.limit_s


def _linted(linter: Linter, limits: Limits, progress: Progress) -> LintReport:
    norms, definitions = linter.norms(), linter.definitions()
    watch = _Watch(limit_s=limits.whole_s)
    findings: list[Finding] = []
    skipped: list[str] = []
    steps = list(_steps(linter))
    for done, (name, step) in enumerate(steps, start=1):
        if watch.is_over:
            skipped.append(name)
        else:
            findings += step()
        progress(done, len(steps))
    findings += linter.of_vocabulary()
    return LintReport(
        findings=tuple(sorted(findings, key=_order)),
        packs=len({pack.name for pack, _ in norms}),
        norms=len(norms),
        definitions=len(definitions),
        skipped=tuple(skipped),
    )


def _steps(linter: Linter) -> Iterator[tuple[str, Callable[[], Iterable[Finding]]]]:
    for definition in linter.definitions():
        yield definition.name, partial(linter.of_definition, definition)
    for pack, norm in linter.norms():
        yield norm.name, partial(linter.of_norm, pack, norm)


def _order(finding: Finding) -> tuple[int, str, int, int]:
    place = finding.place
    return list(Level).index(finding.level), place.source, place.line, place.column


def _is_path(word: str) -> bool:
    return word.endswith(".md") or "/" in word or Path(word).is_dir()


def _documents(path: Path) -> Sequence[Document]:
    if not path.is_dir():
        return [_document(path)]
    found = [_document(each) for each in sorted(path.rglob("*.md"))]
    if not found:
        raise NotFound(f"no pack (*.md) stands below {path}", code="desk.no_pack")
    return found


def _blank(files: Iterable[Path]) -> Iterator[Fault]:
    """Find files that were named and hold no block of ours: a slip of the pen, most often."""
    for document in map(_document, files):
        entries, faults = entries_of(document)
        if not (entries or faults):
            yield Fault(message="no ```comity block stands in it", source=document.name)


def _document(path: Path) -> Document:
    return read_document(path, name=_name_of(path))


def _name_of(path: Path) -> str:
    full = path.resolve()
    inside = full.is_relative_to(SHIPPED)
    return full.relative_to(SHIPPED).as_posix() if inside else str(path)


def _without_packs_of(given: Sequence[Document]) -> tuple[Document, ...]:
    """Return the shipped documents but the packs of which another text was given."""
    shipped = documents_below(SHIPPED)
    names = set(places_of(given).named("pack"))
    if not names:
        return shipped
    return tuple(each for each in shipped if names.isdisjoint(_packs_in(each, names)))


def _packs_in(document: Document, names: set[str]) -> tuple[str, ...]:
    """Return which of these packs a document holds; most are told without parsing."""
    if not any(name in document.text for name in names):
        return ()
    entries, _ = entries_of(document)
    return tuple(each.head[0].text for each in entries if each.word == "pack")


def _looked_at(
    documents: Sequence[Document],
    given: Sequence[Document],
    asked: Sequence[str],
    library: Library,
) -> tuple[Document, ...]:
    """Return the documents asked about: those given, those of packs named, else all."""
    words = [each for each in asked if not _is_path(each)]
    if not words:
        return tuple(given) or tuple(documents)
    wanted = {pack.name for side in sides_of(library, words) for pack in side.packs}
    named = (each for each in documents if wanted.intersection(_packs_in(each, wanted)))
    return (*given, *named)
