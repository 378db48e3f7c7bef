# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Reading the entries of the vocabulary: facts, conduct variables, axioms, exclusions."""

import re
from collections.abc import Mapping
from dataclasses import replace

from comity.kernel.ids import ConductName, FactName
from comity.kernel.localtext import LocalText
from comity.law.condition import ALWAYS, Number
from comity.law.conduct import Conduct, Constraint, Division, Exclusion, Relation
from comity.law.cursor import Cursor
from comity.law.fact import Fact, Kind
from comity.law.form import Form
from comity.law.grammar import Scope, read_amount, read_condition, read_values
from comity.law.lexicon import LEXICONS
from comity.law.pack import Axiom
from comity.law.token import Sort, Token

NO_TEXT = LocalText(by_tag={"en": ""})
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_Type = tuple[str, Kind, tuple[str, ...], str | None, Number | None]


def read_id(cursor: Cursor) -> str:
    """Take an id: lower-case words joined by dots."""
    token = cursor.word("an id")
    if not _ID.fullmatch(token.text):
        raise cursor.stop(token, f"{token} is not an id: lower-case words joined by dots")
    return token.text


def read_fact(form: Form) -> Fact | None:
    """Read a `fact` entry, its guard left out: guards may name facts not yet read."""
    typed = form.head(_typed, None)
    if typed is None:
        return None
    name, kind, values, unit, step = typed
    return Fact(
        name=FactName(name),
        kind=kind,
        values=values,
        unit=unit,
        step=step,
        label=form.clause("label", Cursor.local_text, NO_TEXT),
        question=form.clause("question", Cursor.local_text, NO_TEXT),
        means=form.clause("means", Cursor.local_text, NO_TEXT),
        dpv=form.clause("dpv", Cursor.text, ""),
    )


def with_guard(fact: Fact, form: Form, scope: Scope) -> Fact:
    """Return the fact with its guard, now that every fact has a name."""
    return replace(fact, guard=form.clause("guard", lambda c: read_condition(c, scope), None))


def read_conduct(form: Form) -> Conduct | None:
    """Read a `conduct` entry, what it entails left out."""
    typed = form.head(_typed, None)
    if typed is None:
        return None
    name, kind, values, unit, _ = typed
    return Conduct(
        name=ConductName(name),
        kind=kind,
        values=values,
        unit=unit,
        label=form.clause("label", Cursor.local_text, NO_TEXT),
        means=form.clause("means", Cursor.local_text, NO_TEXT),
        dpv=form.clause("dpv", Cursor.text, ""),
        divisible=form.clause("divisible", _divisions, ()),
    )


def with_entailed(conduct: Conduct, form: Form, known: Mapping[str, Conduct]) -> Conduct:
    """Return the conduct with what it entails, now that every conduct has a name."""
    found = [
        form.body(clause, lambda c: read_constraint(c, known), None)
        for clause in form.clauses("entails")
    ]
    return replace(conduct, entails=tuple(each for each in found if each is not None))


def read_axiom(form: Form, scope: Scope) -> Axiom:
    """Read an `axiom` entry."""
    return Axiom(
        name=form.head(read_id, ""),
        when=form.clause("when", lambda c: read_condition(c, scope), ALWAYS),
        implies=form.clause("implies", lambda c: read_condition(c, scope), ALWAYS),
    )


def read_exclusion(form: Form, scope: Scope, known: Mapping[str, Conduct]) -> Exclusion:
    """Read an `exclusion` entry."""
    clauses = list(form.clauses("together"))
    found = [form.body(each, lambda c: read_constraint(c, known), None) for each in clauses]
    if len(clauses) == 1:
        form.note(
            clauses[0], "one conduct excludes nothing: `together` needs two lines or more"
        )
    return Exclusion(
        name=form.head(read_id, ""),
        when=form.clause("when", lambda c: read_condition(c, scope), ALWAYS),
        together=tuple(each for each in found if each is not None),
        because=form.clause("because", Cursor.local_text, NO_TEXT),
    )


def read_constraint(cursor: Cursor, known: Mapping[str, Conduct]) -> Constraint | None:
    """Read a constraint on conduct, such as `log_retention at least 180 day`."""
    token = cursor.word("a conduct variable")
    conduct = known.get(token.text)
    if conduct is None:
        message = f"no conduct variable is named {token}"
        cursor.faults.append(cursor.fault(token, message, word=token.text, known=known))
        while not cursor.at_end:
            cursor.take()
        return None
    match conduct.kind:
        case Kind.BOOL:
            return Constraint(conduct=conduct.name, relation=Relation.YES)
        case Kind.ENUM | Kind.SET:
            relation = _relation(cursor, conduct)
            values = read_values(cursor, conduct.name, conduct.values)
            return Constraint(conduct=conduct.name, relation=relation, values=values)
        case Kind.NUMBER:
            relation = _relation(cursor, conduct)
            bound = read_amount(cursor, conduct.unit)
            return Constraint(conduct=conduct.name, relation=relation, bound=bound)
        case Kind.DATE:
            raise cursor.stop(token, f"{token} is a date; conduct is bool, enum, set or number")


_RELATIONS: Mapping[Kind, Mapping[str, Relation]] = {
    Kind.ENUM: {
        "is": Relation.ONE_OF, "one_of": Relation.ONE_OF, "within": Relation.ONE_OF,
        "is_not": Relation.NONE_OF, "not_one_of": Relation.NONE_OF,
    },
    Kind.SET: {
        "has": Relation.ALL_OF, "all_of": Relation.ALL_OF, "any_of": Relation.ANY_OF,
        "none_of": Relation.NONE_OF, "within": Relation.WITHIN,
    },
    Kind.NUMBER: {"at_least": Relation.AT_LEAST, "at_most": Relation.AT_MOST},
}  # fmt: skip


def _relation(cursor: Cursor, conduct: Conduct) -> Relation:
    relations = _RELATIONS[conduct.kind]
    relation = relations.get(cursor.token.keyword or "")
    if relation is None:
        said = ", ".join(relations).replace("_", " ")
        message = f"{conduct.name!r} is a {conduct.kind.value}: expected one of {said}"
        raise cursor.stop(cursor.token, f"{message}; found {cursor.token}")
    cursor.take()
    return relation


def _divisions(cursor: Cursor) -> tuple[Division, ...]:
    known = {division.value: division for division in Division}
    found = set()
    for token in cursor.words("place or design"):
        if token.text not in known:
            message = f"{token} is neither place nor design"
            cursor.faults.append(cursor.fault(token, message, word=token.text, known=known))
        else:
            found.add(token.text)
    return tuple(known[word] for word in sorted(found))


def _typed(cursor: Cursor) -> _Type:
    name = _fresh_name(cursor)
    place = cursor.word("bool, enum, set, number or date")
    kinds = {kind.value: kind for kind in Kind}
    if place.text not in kinds:
        message = f"{place} is no type: bool, enum, set, number or date"
        raise cursor.stop(place, message, word=place.text, known=kinds)
    kind = kinds[place.text]
    values: tuple[str, ...] = ()
    unit: str | None = None
    step: Number | None = None
    if kind in {Kind.ENUM, Kind.SET}:
        values = _listed(cursor)
    if kind is Kind.NUMBER:
        if cursor.token.sort is Sort.WORD and not cursor.meets("step"):
            unit = cursor.take().text
        if cursor.takes("step"):
            step = cursor.number()
    return name, kind, values, unit, step


def _fresh_name(cursor: Cursor) -> str:
    token = cursor.word("a name")
    if not _NAME.fullmatch(token.text):
        raise cursor.stop(token, f"{token} is not a name: lower-case letters, digits, _")
    if any(token.text in lexicon for lexicon in LEXICONS.values()):
        raise cursor.stop(token, f"{token} is a word of the language and cannot be a name")
    return token.text


def _listed(cursor: Cursor) -> tuple[str, ...]:
    found: list[Token] = list(cursor.words("a value"))
    texts = [token.text for token in found]
    for position, token in enumerate(found):
        if token.text in texts[:position]:
            cursor.faults.append(cursor.fault(token, f"the value {token} stands twice"))
    return tuple(texts)
