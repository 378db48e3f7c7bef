# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Checks across entries: names that stand twice, lead nowhere, or run in circles."""

from collections.abc import Iterable, Mapping

from comity.errors import Fault
from comity.law.condition import Condition, refs_in
from comity.law.cursor import near_miss
from comity.law.form import Form
from comity.law.token import Token


def repeated(forms: Iterable[Form]) -> list[Fault]:
    """Return a fault for every entry whose name an earlier one of its kind has taken."""
    first: dict[tuple[str, str], Form] = {}
    faults = []
    for form in forms:
        token = form.entry.head[0]
        before = first.setdefault((_space(form), token.text), form)
        if before is not form:
            place = before.entry
            message = f"the name {token} is taken by line {place.opener.line} of {place.source}"
            faults.append(_fault(form, token, message))
    return faults


def circles(meanings: Mapping[str, Condition], forms: Mapping[str, Form]) -> list[Fault]:
    """Return a fault for every definition that rests on itself."""
    faults = []
    for name in sorted(set(meanings) - set(in_order(meanings))):
        way = _way_back(name, meanings)
        if way:
            message = f"the definition rests on itself: {' → '.join(way)}"
            faults.append(_fault(forms[name], forms[name].entry.head[0], message))
    return faults


def in_order(meanings: Mapping[str, Condition]) -> list[str]:
    """Return the definitions, each after those it names; those in a circle are left out."""
    done: dict[str, None] = {}
    waiting = dict(meanings)
    while True:
        ready = [name for name, when in waiting.items() if refs_in(when) <= done.keys()]
        if not ready:
            return list(done)
        for name in ready:
            done[name] = None
            del waiting[name]


def leads_nowhere(form: Form, word: str, known: Iterable[str]) -> list[Fault]:
    """Return a fault for every id in the clauses *word* that names nothing."""
    names = set(known)
    faults = []
    for clause in form.entry.clauses:
        for token in clause.body if clause.word == word else ():
            if token.text and token.text not in names | {"[", "]", ","}:
                message = f"no norm or definition is named {token}"
                faults.append(_fault(form, token, message, near_miss(token.text, names)))
    return faults


def _space(form: Form) -> str:
    """Facts, definitions and axioms share one space of names; norms and gaps another."""
    match form.entry.word:
        case "fact" | "define":
            return "condition"
        case "norm" | "gap":
            return "norm"
        case word:
            return word


def _way_back(name: str, meanings: Mapping[str, Condition]) -> list[str]:
    """Return a way from a definition back to itself, or nothing."""
    ways = [[name]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for following in sorted(refs_in(meanings[way[-1]]) & meanings.keys()):
            if following == name:
                return [*way, name]
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []


def _fault(form: Form, token: Token, message: str, near: str | None = None) -> Fault:
    return Fault(
        message=message, line=token.line, column=token.column, near=near,
        source=form.entry.source,
    )  # fmt: skip
