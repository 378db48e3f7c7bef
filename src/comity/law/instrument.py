# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Reading the entries of a pack: its head, definitions, norms and gaps."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MarketCode, NormId
from comity.kernel.localtext import LocalText
from comity.law.condition import ALWAYS, Condition, refs_in, to_json
from comity.law.conduct import Conduct
from comity.law.cursor import Cursor
from comity.law.form import MODALITIES, Form
from comity.law.grammar import Scope, read_condition
from comity.law.market import is_market
from comity.law.norm import (
    Basis,
    Definition,
    Demand,
    Grounds,
    Modality,
    Norm,
    Role,
    Unencoded,
)  # fmt: skip
from comity.law.pack import Pack, PackStatus
from comity.law.token import Sort
from comity.law.vocabulary import NO_TEXT, read_constraint, read_id

_Word = TypeVar("_Word", bound=Enum)
NO_DAY = dt.date(1, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the entries of a pack are read against.

    Args:
        meanings: Digest of each definition, those it names included.
    """

    scope: Scope
    conducts: Mapping[str, Conduct]
    meanings: Mapping[str, Digest]


def read_pack_head(form: Form) -> Pack:
    """Read a `pack` entry: the instrument without its norms."""
    form.clause("language", lambda cursor: cursor.word("a language tag such as en"), None)
    return Pack(
        name=form.head(read_id, ""),
        title=form.clause("title", Cursor.local_text, NO_TEXT),
        market=form.clause("market", _market, MarketCode("")),
        status=form.clause("status", _one_word(PackStatus), PackStatus.DRAFT),
        version=form.clause("version", Cursor.date, NO_DAY),
        kind=form.clause("kind", _free_words, ""),
    )


def read_definition(form: Form, scope: Scope) -> Definition:
    """Read a `define` entry."""
    return Definition(
        name=form.head(_id_and_label, ""),
        label=form.head(_label, NO_TEXT),
        when=form.clause("when", lambda cursor: read_condition(cursor, scope), ALWAYS),
        grounds=_grounds(form),
    )


def read_norm(form: Form, setting: Setting) -> Norm:
    """Read a `norm` entry."""

    def condition(cursor: Cursor) -> Condition:
        return read_condition(cursor, setting.scope)

    nobody: tuple[Role, ...] = ()
    who = form.clause("who", _roles, nobody)
    demands = _demands(form, setting.conducts)
    when = form.clause("when", condition, ALWAYS)
    unless = tuple(form.body(clause, condition, ALWAYS) for clause in form.clauses("unless"))
    valid_from: dt.date | None = form.clause("from", Cursor.date, None)
    valid_until: dt.date | None = form.clause("until", Cursor.date, None)
    if valid_from is not None and valid_until is not None and valid_from >= valid_until:
        form.note(next(form.clauses("until")), f"ends on {valid_until}, before it begins")
    name = form.head(read_id, "")
    said: Json = {
        "name": name,
        "who": sorted(role.value for role in who),
        "demands": [demand.to_json() for demand in demands],
        "when": _meant(when, setting),
        "unless": [_meant(each, setting) for each in unless],
        "from": None if valid_from is None else valid_from.isoformat(),
        "until": None if valid_until is None else valid_until.isoformat(),
    }
    return Norm(
        name=NormId(name),
        title=form.clause("title", Cursor.local_text, NO_TEXT),
        who=who,
        demands=demands,
        asks=form.clause("asks", Cursor.local_text, None),
        when=when,
        unless=unless,
        valid_from=valid_from,
        valid_until=valid_until,
        grounds=_grounds(form),
        exceptions_researched=form.clause("exceptions", _researched, default=False),
        meaning=sha256(to_canonical(said)),
    )


def read_gap(form: Form) -> Unencoded:
    """Read a `gap` entry."""
    return Unencoded(
        name=form.head(read_id, ""),
        about=form.clause("about", _ids, ()),
        says=form.clause("says", Cursor.local_text, NO_TEXT),
        grounds=_grounds(form),
    )


def meaning_of(condition: Condition, meanings: Mapping[str, Digest]) -> Digest:
    """Return the digest of what a condition says, its definitions opened."""
    return sha256(to_canonical(_opened(condition, meanings)))


def _meant(condition: Condition, setting: Setting) -> Json:
    return _opened(condition, setting.meanings)


def _opened(condition: Condition, meanings: Mapping[str, Digest]) -> Json:
    names = sorted(refs_in(condition) & meanings.keys())
    return {"says": to_json(condition), "rests": [meanings[name].hex() for name in names]}


def _demands(form: Form, conducts: Mapping[str, Conduct]) -> tuple[Demand, ...]:
    demands = []
    clauses = list(form.clauses(*MODALITIES))
    for clause in clauses:
        constraint = form.body(clause, lambda cursor: read_constraint(cursor, conducts), None)
        if constraint is not None:
            modality = Modality(clause.word.replace("_", " "))
            demands.append(Demand(modality=modality, constraint=constraint))
    if not clauses:
        form.note(None, "`norm` needs a clause must, must not, may, should or should not")
    return tuple(demands)


def _grounds(form: Form) -> Grounds:
    return Grounds(
        cite=form.clause("cite", Cursor.text, ""),
        basis=form.clause("basis", _one_word(Basis), None),
        source=form.clause("source", Cursor.text, ""),
        rows=form.clause("rows", _rows, ()),
    )


def _one_word(words: type[_Word]) -> Callable[[Cursor], _Word]:
    known = {str(word.value): word for word in words}

    def read(cursor: Cursor) -> _Word:
        token = cursor.word(" or ".join(known))
        if token.text not in known:
            message = f"{token} is none of {', '.join(known)}"
            raise cursor.stop(token, message, word=token.text, known=known)
        return known[token.text]

    return read


def _roles(cursor: Cursor) -> tuple[Role, ...]:
    known = {role.value: role for role in Role}
    found: list[Role] = []
    for token in cursor.words("a role"):
        if token.text not in known:
            message = f"{token} is no role: {', '.join(known)}"
            cursor.faults.append(cursor.fault(token, message, word=token.text, known=known))
        else:
            found.append(known[token.text])
    return tuple(dict.fromkeys(found))


def _market(cursor: Cursor) -> MarketCode:
    token = cursor.word("a market such as EU or BRA")
    if not is_market(token.text):
        message = (
            f"{token} is no market: an ISO 3166-1 alpha-3 code, EU, or a body such as WAICO"
        )
        raise cursor.stop(token, message)
    return MarketCode(token.text)


def _researched(cursor: Cursor) -> bool:
    token = cursor.word("researched or unresearched")
    if token.text not in {"researched", "unresearched"}:
        raise cursor.stop(token, f"{token} is neither researched nor unresearched")
    return token.text == "researched"


def _free_words(cursor: Cursor) -> str:
    found = [cursor.take().text]
    while not cursor.at_end:
        found.append(cursor.take().text)
    return " ".join(found)


def _ids(cursor: Cursor) -> tuple[str, ...]:
    found: list[str] = []
    while not cursor.at_end:
        found.extend(token.text for token in cursor.words("an id of a norm or a definition"))
        cursor.takes(",")
    return tuple(dict.fromkeys(found))


def _rows(cursor: Cursor) -> tuple[str, ...]:
    found: list[str] = []
    while not cursor.at_end:
        found.append(cursor.take().text)
    return tuple(found)


def _id_and_label(cursor: Cursor) -> str:
    name = read_id(cursor)
    if cursor.token.sort is Sort.TEXT:
        cursor.local_text()
    return name


def _label(cursor: Cursor) -> LocalText:
    name = read_id(cursor)
    return LocalText(by_tag={"en": name}) if cursor.at_end else cursor.local_text()
