# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Checks across entries: names that stand twice, lead nowhere, or run in circles."""

from collections.abc import Iterable, Mapping

from comity.errors import Fault
from comity.law.condition import Condition, depth_of, refs_in
from comity.law.cursor import near_miss
from comity.law.form import Form
from comity.law.token import Token

MAX_LEVELS = 48
"""What the interpreter walks without coming near Python's limit on recursion."""

_MOST_CIRCLES = 100


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
    """Return a fault for every definition that rests on itself (the first hundred)."""
    faults = []
    for name in sorted(set(meanings) - set(in_order(meanings)))[:_MOST_CIRCLES]:
        way = _way_back(name, meanings)
        if way:
            message = f"the definition rests on itself: {' → '.join(way)}"
            faults.append(_fault(forms[name], forms[name].entry.head[0], message))
    return faults


def too_deep(meanings: Mapping[str, Condition]) -> frozenset[str]:
    """Return the definitions that, opened, are nested beyond `MAX_LEVELS`.

    One that rests on another such counts anew from there: a tower is cut, not condemned.
    """
    depths: dict[str, int] = {}
    found = set()
    for name in in_order(meanings):
        depths[name] = depth_of(meanings[name], depths)
        if depths[name] > MAX_LEVELS:
            depths[name] = 0
            found.add(name)
    return frozenset(found)


def depth_fault(form: Form) -> Fault:
    """Return the fault of a definition that is too deep."""
    message = f"with the definitions it names, more than {MAX_LEVELS} levels deep"
    return _fault(form, form.entry.head[0], message)


def in_order(meanings: Mapping[str, Condition]) -> list[str]:
    """Return the definitions, each after those it names.

    Those in a circle are left out, and those that rest on one or on a name unknown.
    """
    waits = {name: set(refs_in(when)) for name, when in meanings.items()}
    needed_by: dict[str, list[str]] = {}
    for name, needs in waits.items():
        for need in needs:
            needed_by.setdefault(need, []).append(name)
    order = [name for name, needs in waits.items() if not needs]
    for name in order:  # grows while it is walked
        for later in needed_by.get(name, ()):
            waits[later].discard(name)
            if not waits[later]:
                order.append(later)
    return order


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
