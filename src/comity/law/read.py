# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Reading packs: Markdown in, a library out, or every fault with its place.

Names are gathered first and conditions read after, so entries may stand in any order, in
any file. Nothing is executed, and nothing is raised but InvalidDocument.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

from comity.errors import Fault, InvalidDocument
from comity.kernel.digest import Digest
from comity.law.block import Document, entries_of
from comity.law.check import circles, depth_fault, in_order, leads_nowhere, repeated, too_deep
from comity.law.condition import Condition, refs_in
from comity.law.conduct import Conduct
from comity.law.fact import Fact
from comity.law.form import Form
from comity.law.grammar import Scope
from comity.law.instrument import (
    Setting,
    meaning_of,
    read_definition,
    read_gap,
    read_norm,
    read_pack_head,
)  # fmt: skip
from comity.law.norm import Definition
from comity.law.pack import Library, Pack, Vocabulary
from comity.law.vocabulary import (
    read_axiom,
    read_conduct,
    read_exclusion,
    read_fact,
    with_entailed,
    with_guard,
)  # fmt: skip

_Entry = TypeVar("_Entry")
_OF_PACKS = frozenset({"pack", "norm", "gap"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A library of every entry without fault, and the faults of the others."""

    library: Library
    faults: tuple[Fault, ...]


def read_library(documents: Sequence[Document]) -> Library:
    """Read packs and their vocabulary.

    Raises:
        InvalidDocument: Any fault in any file; all are listed (code `law.pack`).
    """
    reading = read_leniently(documents)
    if reading.faults:
        count = len(reading.faults)
        raise InvalidDocument(
            f"the packs have {count} fault{'s' if count > 1 else ''}",
            code="law.pack",
            hint="`comity pack check` lists them with their places",
            faults=reading.faults,
        )
    return reading.library


def read_leniently(documents: Sequence[Document]) -> Reading:
    """Read what can be read: entries with faults are left out, and their faults returned."""
    reader = _Reader()
    for document in documents:
        reader.gather(document)
    library = reader.library()
    faults = sorted(set(reader.all_faults()), key=_place)
    return Reading(library=library, faults=tuple(faults))


@dataclass(slots=True, kw_only=True)
class _Reader:
    forms: list[Form] = field(default_factory=list)
    by_word: dict[str, list[Form]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def gather(self, document: Document) -> None:
        entries, faults = entries_of(document)
        self.faults.extend(faults)
        forms = [Form(entry=entry) for entry in entries]
        self.forms.extend(forms)
        for form in forms:
            self.by_word.setdefault(form.entry.word, []).append(form)
        words = [form.entry.word for form in forms]
        if _OF_PACKS & set(words) and (words[0] != "pack" or words.count("pack") != 1):
            place = forms[0].entry.opener
            message = "a file with norms begins with its one `pack` entry"
            self.faults.append(
                Fault(
                    message=message, line=place.line, column=place.column, source=document.name
                )
            )

    def library(self) -> Library:
        self.faults.extend(repeated(self.forms))
        vocabulary = self._vocabulary()
        scope = Scope(
            facts=vocabulary.facts,
            definitions=frozenset(self._names("define")),
        )
        vocabulary = self._with_conditions(vocabulary, scope)
        definitions = self._definitions(scope)
        digests = _meanings({name: known.when for name, (known, _) in definitions.items()})
        setting = Setting(scope=scope, conducts=vocabulary.conducts, meanings=digests)
        packs = tuple(self._packs(setting, definitions))
        shared = [known for known, home in definitions.values() if home not in _homes(packs)]
        ordered = {name: definitions[name][0] for name in digests}
        return Library(
            vocabulary=replace(vocabulary, definitions=tuple(shared)),
            packs=tuple(pack for _, pack in packs),
            definitions=MappingProxyType(ordered),
        )

    def all_faults(self) -> Iterable[Fault]:
        yield from self.faults
        for form in self.forms:
            yield from form.faults

    def _of(self, word: str, source: str | None = None) -> list[Form]:
        found = self.by_word.get(word, [])
        return found if source is None else [one for one in found if one.entry.source == source]

    def _names(self, word: str) -> list[str]:
        return [form.entry.head[0].text for form in self._of(word)]

    def _vocabulary(self) -> Vocabulary:
        facts = [read_fact(form) for form in self._of("fact")]
        conducts = [read_conduct(form) for form in self._of("conduct")]
        return Vocabulary(
            facts={fact.name: fact for fact in facts if fact is not None},
            conducts={conduct.name: conduct for conduct in conducts if conduct is not None},
            axioms=(),
        )

    def _with_conditions(self, vocabulary: Vocabulary, scope: Scope) -> Vocabulary:
        facts: dict[str, Fact] = dict(vocabulary.facts)
        conducts: dict[str, Conduct] = dict(vocabulary.conducts)
        for form in self._of("fact"):
            fact = facts.get(form.entry.head[0].text)
            if fact is not None:
                facts[fact.name] = with_guard(fact, form, scope)
        for form in self._of("conduct"):
            conduct = conducts.get(form.entry.head[0].text)
            if conduct is not None:
                conducts[conduct.name] = with_entailed(conduct, form, vocabulary.conducts)
        axioms = _faultless(self._of("axiom"), lambda form: read_axiom(form, scope))
        exclusions = _faultless(
            self._of("exclusion"), lambda form: read_exclusion(form, scope, conducts)
        )
        return Vocabulary(
            facts=MappingProxyType(facts),
            conducts=MappingProxyType(conducts),
            axioms=tuple(axioms),
            exclusions=tuple(exclusions),
        )

    def _definitions(self, scope: Scope) -> dict[str, tuple[Definition, str]]:
        found: dict[str, tuple[Definition, str]] = {}
        forms: dict[str, Form] = {}
        for form in self._of("define"):
            definition = read_definition(form, scope)
            if not form.faults:
                found[definition.name] = (definition, form.entry.source)
                forms[definition.name] = form
        meanings = {name: known.when for name, (known, _) in found.items()}
        self.faults.extend(circles(meanings, forms))
        for name in too_deep(meanings):
            self.faults.append(depth_fault(forms[name]))
            del found[name]
        return found

    def _packs(
        self, setting: Setting, definitions: dict[str, tuple[Definition, str]]
    ) -> Iterable[tuple[str, Pack]]:
        whole = frozenset(setting.meanings)
        known = [*self._names("norm"), *self._names("define")]
        for form in self._of("pack"):
            source = form.entry.source
            head = read_pack_head(form)
            norms = _faultless(self._of("norm", source), lambda each: read_norm(each, setting))
            gaps = _faultless(self._of("gap", source), read_gap)
            for gap_form in self._of("gap", source):
                self.faults.extend(leads_nowhere(gap_form, "about", known))
            self.faults.extend(_outside(form, [*self._of("norm", source)], head.name))
            if form.faults:
                continue
            yield source, replace(
                head,
                norms=tuple(norm for norm in norms if refs_in(norm.applies_when) <= whole),
                gaps=tuple(gaps),
                definitions=tuple(
                    each for name, (each, home) in definitions.items()
                    if home == source and name in whole
                ),
            )  # fmt: skip


def _faultless(forms: Iterable[Form], read: Callable[[Form], _Entry]) -> list[_Entry]:
    found = []
    for form in forms:
        entry = read(form)
        if not form.faults:
            found.append(entry)
    return found


def _meanings(conditions: dict[str, Condition]) -> dict[str, Digest]:
    digests: dict[str, Digest] = {}
    for name in in_order(conditions):
        digests[name] = meaning_of(conditions[name], digests)
    return digests


def _homes(packs: Iterable[tuple[str, Pack]]) -> frozenset[str]:
    return frozenset(source for source, _ in packs)


def _outside(pack: Form, norms: Iterable[Form], name: str) -> Iterable[Fault]:
    """Yield a fault for every norm whose id does not begin as its pack's name does."""
    family = ".".join(name.split(".")[:2])
    for form in norms:
        token = form.entry.head[0]
        if name and token.text and not token.text.startswith(f"{family}."):
            message = f"the id {token} does not begin as its pack's does, with {family}."
            yield Fault(
                message=message,
                line=token.line,
                column=token.column,
                source=pack.entry.source,
            )


def _place(fault: Fault) -> tuple[str, int, int, str]:
    return fault.source, fault.line or 0, fault.column or 0, fault.message
