# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Editions: several versions of one pack side by side, and which was known on a day.

A version never changes; a correction is a new one. The current one stands in
`<market>/<name>.md`, an earlier one beside it in `<market>/<name>@<version>.md`.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from comity.law.block import Document, entries_of
from comity.law.form import Form
from comity.law.instrument import read_pack_head
from comity.law.pack import Library, Pack, Unrecorded
from comity.law.read import read_leniently, read_library

_FIRST_BLOCK = re.compile(r"\A.*?^(`{3,}|~{3,})comity\b.*?^\1", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The documents known on a day, and the packs that were not yet recorded."""

    documents: tuple[Document, ...]
    unrecorded: tuple[Unrecorded, ...]


def newest(documents: Sequence[Document], known_on: dt.date | None = None) -> Choice:
    """Choose the newest edition of each pack, of those recorded until a day."""
    heads = {document.name: _head(document) for document in documents}
    editions: dict[str, list[Pack]] = {}
    for head in heads.values():
        if head is not None:
            editions.setdefault(head.name, []).append(head)
    chosen: dict[str, dt.date | None] = {}
    unrecorded = []
    for name, packs in editions.items():
        known = [pack.version for pack in packs if known_on is None or pack.version <= known_on]
        chosen[name] = max(known, default=None)
        if not known:
            first = min(packs, key=lambda pack: pack.version)
            unrecorded.append(_unrecorded(first))
    kept = tuple(
        document
        for document in documents
        if (head := heads[document.name]) is None or head.version == chosen[head.name]
    )
    return Choice(documents=kept, unrecorded=tuple(unrecorded))


def library_known_on(documents: Sequence[Document], known_on: dt.date) -> Library:
    """Read the packs as they were known on a day.

    A pack that leans on one not yet recorded then counts as not yet recorded itself. The
    vocabulary has no versions: it is that of today.

    Raises:
        InvalidDocument: A pack has faults; all are listed with their places.
    """
    choice = newest(documents, known_on)
    kept, unrecorded = choice.documents, list(choice.unrecorded)
    while unrecorded:
        broken = {fault.source for fault in read_leniently(kept).faults}
        heads = [head for each in kept if each.name in broken and (head := _head(each))]
        if not heads:
            break
        unrecorded.extend(map(_unrecorded, heads))
        kept = tuple(document for document in kept if document.name not in broken)
    library = read_library(kept)
    return Library(
        vocabulary=library.vocabulary,
        packs=library.packs,
        definitions=library.definitions,
        known_on=known_on,
        unrecorded=tuple(sorted(unrecorded, key=lambda each: each.name)),
    )


def _head(document: Document) -> Pack | None:
    """Read the head of a pack; None where the document holds none, or one with faults."""
    for form in _forms(document):
        head = read_pack_head(form)
        return None if form.faults or form.entry.word != "pack" else head
    return None


def _forms(document: Document) -> Iterator[Form]:
    found = _FIRST_BLOCK.match(document.text)
    if found is not None:
        entries, _ = entries_of(Document(name=document.name, text=found.group()))
        yield from (Form(entry=entry) for entry in entries if entry.word == "pack")


def _unrecorded(head: Pack) -> Unrecorded:
    return Unrecorded(name=head.name, market=head.market, version=head.version)


def is_edition(names: Iterable[str]) -> bool:
    """Tell whether one of the files is an earlier edition, by its name."""
    return any("@" in name for name in names)
