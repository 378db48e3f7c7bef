# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One clause of a rule in TOML, with the short forms people write: shares, consensus, veto."""

from collections.abc import Callable
from fractions import Fraction

from comity.council.rule.codec import MAX_DEPTH, MAX_PARTS, has_too_many
from comity.council.rule.floor import Answer, Base
from comity.council.rule.rule import (
    AGAINST,
    ATTENDING,
    IN_FAVOUR,
    NOT_IN_FAVOUR,
    Across,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
    any_of,
    double_majority,
    without_hegemon,
)
from comity.council.rule.wording import EN
from comity.files.table import Table
from comity.kernel.canonical import MAX_INTEGER
from comity.kernel.share import find_share
from comity.law.cursor import near_miss

COUNTS = {
    "in_favour": IN_FAVOUR,
    "against": AGAINST,
    "not_in_favour": NOT_IN_FAVOUR,
    "attending": ATTENDING,
    **{answer.value: frozenset({answer}) for answer in Answer},
}
"""What a count may be called: sets of answers, and each answer by itself."""

_BASES = [base.value for base in Base]
_NAMED = {name: share for share, name in EN.shares.items()}
_LEAF = ("share", "number", "of", "count", "by", "group")
_HALF = Fraction(1, 2)


def read_clause(table: Table, depth: int = 0) -> Rule:
    """Read a clause; what is wrong is noted in the table, and a stand-in returned."""
    heads = [name for name in table.row if name in _HEADS]
    if depth == 0 and has_too_many(table.row):
        message = f"a rule has at most {MAX_PARTS} parts"
        table.faults.append(table.toml.fault(table.path, message))
        return All(parts=())
    if depth > MAX_DEPTH:
        table.faults.append(
            table.toml.fault(table.path, f"a rule is at most {MAX_DEPTH} levels deep")
        )
        return All(parts=())
    if len(heads) == 1:
        rule = _HEADS[heads[0]](table, depth)
        table.finish()
        return rule
    stray = next((name for name in table.row if name not in {*_HEADS, *_LEAF}), None)
    near = None if stray is None else near_miss(stray, _HEADS)
    said = f"says {' and '.join(heads)}" if heads else "says none of them"
    message = f"a clause is one of {', '.join(_HEADS)}; this one {said}"
    table.faults.append(table.toml.fault(table.path, message, near=near))
    return All(parts=())


def read_share(table: Table, name: str) -> tuple[Fraction, bool]:
    """Read a share such as "2/3", "55 %" or "more than 1/2", and whether it is strict."""
    said = table.text(name)
    strict, words = False, said.strip()
    for opening, is_strict in (("more than ", True), ("at least ", False)):
        if words.startswith(opening):
            strict, words = is_strict, words.removeprefix(opening).strip()
    share = _NAMED.get(words) or find_share(words)
    if share is None:
        if said:
            example = 'write "2/3", "55 %" or "more than 1/2"'
            table.fault(name, f"{said[:40]!r} is no share: {example}")
        return _HALF, strict
    if share <= 0 or (strict and share == 1):
        table.fault(name, f"{said[:40]!r} is always or never reached")
        return _HALF, strict
    return share, strict


def _leaf(table: Table, *, is_grouped: bool = True) -> Leaf:
    need = _need(table)
    by = table.text("by") if "by" in table.row else None
    group = table.text("group") if is_grouped and "group" in table.row else None
    table.known.extend(name for name in _LEAF if is_grouped or name != "group")
    return Leaf(need=need, count=_count(table), by=by, within=group)


def _need(table: Table) -> Share | Number:
    if "number" not in table.row:
        least, strict = read_share(table, "share")
        base = table.word("of", _BASES)
        of = Base(base) if base in _BASES else Base.MEMBERS
        return Share(of=of, least=least, strict=strict)
    for name in ("share", "of"):
        if name in table.row:
            table.fault(name, f"{name} says nothing beside a number")
    return Number(least=table.whole("number", least=1, most=MAX_INTEGER) or 1)


def _count(table: Table) -> frozenset[Answer]:
    value = table.row.get("count", "in_favour")
    words = [value] if isinstance(value, str) else list(table.texts("count"))
    found: frozenset[Answer] = frozenset()
    for word in words:
        if word not in COUNTS:
            message = f"{word[:40]!r} is none of {', '.join(COUNTS)}"
            table.fault("count", message, near_miss(word, COUNTS))
        found |= COUNTS.get(word, frozenset())
    if not words:
        table.fault("count", "nothing counts, so nothing is ever reached")
    return found or IN_FAVOUR


def _parts(table: Table, name: str, depth: int) -> tuple[Rule, ...]:
    parts = tuple(read_clause(row, depth + 1) for row in table.tables(name))
    if not parts:
        table.fault(name, f"{name} lists clauses, such as [{{ number = 9 }}]")
    return parts


def _at_least(table: Table, depth: int) -> Rule:
    inner = table.inner("at_least")
    if inner is None:
        return All(parts=())
    count = inner.whole("count", least=1)
    parts = _parts(inner, "parts", depth)
    if count is None:
        inner.fault("count", "count is missing: of how many parts")
    elif count > len(parts):
        inner.fault("count", f"asks {count} of {len(parts)} parts and can never hold")
    inner.finish()
    return AtLeast(count=count or 1, parts=parts)


def _not(table: Table, depth: int) -> Rule:
    inner = table.inner("not")
    return All(parts=()) if inner is None else Not(part=read_clause(inner, depth + 1))


def _across(name: str, missing: int | None) -> Callable[[Table, int], Rule]:
    def read(table: Table, _: int) -> Rule:
        inner = table.inner(name)
        if inner is None:
            return All(parts=())
        family = inner.text("family", default="region") or "region"
        but = missing if missing is not None else inner.whole("missing", most=MAX_INTEGER) or 0
        leaf = _leaf(inner, is_grouped=False)
        inner.finish()
        return Across(family=family, missing=but, leaf=leaf)

    return read


def _double_majority(table: Table, _: int) -> Rule:
    inner = table.inner("double_majority")
    if inner is None:
        return All(parts=())
    members, strict = read_share(inner, "members")
    weight, is_weight_strict = read_share(inner, "weight")
    for name, is_strict in (("members", strict), ("weight", is_weight_strict)):
        if is_strict:
            inner.fault(name, "a double majority is “at least”; for “more than” write all")
    by, blocking = inner.text("by"), inner.whole("blocking", most=MAX_INTEGER) or 0
    inner.finish()
    return double_majority(members, weight, by, blocking)


def _true(name: str, rule: Rule) -> Callable[[Table, int], Rule]:
    def read(table: Table, _: int) -> Rule:
        table.known.append(name)
        if table.row[name] is not True:
            table.fault(name, f"write {name} = true")
        return rule

    return read


def _no_veto(table: Table, _: int) -> Rule:
    return Not(part=Leaf(need=Number(least=1), count=AGAINST, within=table.text("no_veto")))


CONSENSUS = Not(part=Leaf(need=Number(least=1), count=AGAINST))
"""Nobody is against."""
NEGATIVE_CONSENSUS = Not(
    part=Leaf(need=Share(of=Base.PRESENT, least=Fraction(1)), count=AGAINST)
)
"""Not all present are against."""

_HEADS: dict[str, Callable[[Table, int], Rule]] = {
    "share": lambda table, _: _leaf(table),
    "number": lambda table, _: _leaf(table),
    "all": lambda table, depth: All(parts=_parts(table, "all", depth)),
    "any": lambda table, depth: any_of(*_parts(table, "any", depth)),
    "at_least": _at_least,
    "not": _not,
    "across": _across("across", None),
    "all_but_one_region": _across("all_but_one_region", 1),
    "double_majority": _double_majority,
    "consensus": _true("consensus", CONSENSUS),
    "negative_consensus": _true("negative_consensus", NEGATIVE_CONSENSUS),
    "no_veto": _no_veto,
    "without_hegemon": lambda table, _: without_hegemon(table.text("without_hegemon")),
}
