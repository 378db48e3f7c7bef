# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rules on disk: `packs/rules/*.toml`, one's own TOML, or the canonical JSON."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from comity.council.body.body import Basis
from comity.council.rule.codec import from_whole_json
from comity.council.rule.procedure import (
    AMENDMENTS_UNTIL_H,
    Departed,
    OnBreak,
    Procedure,
    Roll,
    Silence,
)
from comity.council.rule.rule import All, Not, Rule
from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.pack import SHIPPED
from comity.files.ruleclause import read_clause
from comity.files.shipped import find_path, named_instead, shipped_paths
from comity.files.table import Table, settle
from comity.files.text import read_text
from comity.files.toml import MAX_CHARACTERS, read_toml
from comity.kernel.canonical import MAX_INTEGER

RULES = SHIPPED / "rules"
"""The rules that come with Comity, each with the article it rests on."""

OWN = (".toml", ".json")
_BASES = tuple(basis.value for basis in Basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSource:
    """Where a rule comes from.

    Args:
        article: Such as "Charter of the United Nations, article 27(3)".
        source: Where it was read.
    """

    article: str
    source: str
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """A procedure with its name and what one must know of it.

    Args:
        slug: The file's name without its ending.
        about: What it decides, and what of the text it leaves out.
        body: Slug of the body it is for, or "" where any may use it.
        cautions: What the data cannot say of the rule as it is written.
    """

    slug: str
    title: str
    procedure: Procedure
    about: str = ""
    body: str = ""
    sources: tuple[RuleSource, ...] = ()
    cautions: tuple[str, ...] = ()


MOST_DIGITS = 20
"""Digits of a whole number in JSON; Python itself refuses to read very long ones."""


def shipped_rules() -> tuple[RuleFile, ...]:
    """Return the rules that come with Comity, by slug."""
    return tuple(read_rule_file(path) for path in shipped_paths(RULES))


def get_rule(name: str) -> RuleFile:
    """Return a shipped rule by its slug, or one's own by its .toml or .json file.

    Raises:
        NotFound: No rule is called so and no file is there (code `files.no_rule`).
        InvalidDocument: The file has faults; all are listed.
    """
    path = find_path(name, RULES, OWN)
    if path is None:
        message, hint = f"no rule is called {name[:60]!r}", named_instead(name, RULES, OWN)
        raise NotFound(message, code="files.no_rule", hint=hint)
    return read_rule_file(path)


def read_rule_file(path: Path) -> RuleFile:
    """Read a rule from a file, TOML or JSON.

    Raises:
        NotFound: It cannot be read (code `files.no_rule`).
        InvalidDocument: Any fault in it; all are listed (code `files.rule`).
    """
    text = read_text(path, "rule")
    if path.suffix == ".json":
        return _from_json(text, path)
    return rule_from_toml(text, slug=path.stem, source=str(path))


def rule_from_toml(text: str, *, slug: str = "rule", source: str = "rule") -> RuleFile:
    """Read a rule from TOML text.

    Raises:
        InvalidDocument: Not TOML (code `files.toml`), or faults in what it says, all listed
            with their places (code `files.rule`).
    """
    toml = read_toml(text, source=source)
    table = Table(toml=toml, path=(), row=toml.values, faults=[])
    rule = RuleFile(
        slug=slug,
        title=table.text("title", default=slug),
        about=table.text("about", default=""),
        body=table.text("body", default=""),
        cautions=table.texts("cautions"),
        sources=tuple(_sources(table)),
        procedure=_procedure(table),
    )
    table.finish()
    table.faults.sort(key=lambda fault: (fault.line or 0, fault.column or 0))
    settle(table, "rule")
    return rule


def _from_json(text: str, path: Path) -> RuleFile:
    if len(text) > MAX_CHARACTERS:
        fault = Fault(message=f"more than {MAX_CHARACTERS:,} characters")
        raise _not_a_rule("longer than any rule", path, fault)
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_int=_whole)
        is_bare = isinstance(value, dict) and "rule" not in value
        procedure = from_whole_json({"rule": value} if is_bare else value)
    except json.JSONDecodeError as error:
        fault = Fault(message=error.msg, line=error.lineno, column=error.colno)
        raise _not_a_rule("not JSON", path, fault) from None
    except RecursionError:
        message = "nested deeper than any rule needs"
        raise _not_a_rule("not JSON", path, Fault(message=message)) from None
    except InvalidDocument as error:
        raise _not_a_rule(error.message, path, *error.faults) from None
    return RuleFile(slug=path.stem, title=path.stem, procedure=procedure)


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Take an object whose keys stand once: of two, people see one and programs the other."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            message = f"{key[:40]!r} stands twice"
            raise InvalidDocument(message, code="files.rule", faults=[Fault(message=message)])
        found[key] = value
    return found


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        message = f"{digits[:20]}… has {len(digits)} digits, more than any rule needs"
        raise InvalidDocument(message, code="files.rule", faults=[Fault(message=message)])
    return int(digits)


def _not_a_rule(message: str, path: Path, *faults: Fault) -> InvalidDocument:
    return InvalidDocument(message, code="files.rule", source=str(path), faults=faults)


def _sources(table: Table) -> Iterator[RuleSource]:
    for row in table.tables("source"):
        word = row.word("basis", _BASES)
        yield RuleSource(
            article=row.text("article"),
            source=row.text("source"),
            basis=Basis(word) if word in _BASES else Basis.WEAK,
        )
        row.finish()


def _procedure(table: Table) -> Procedure:
    silence = _silence(table)
    quorum = table.inner("quorum")
    hours = table.whole("amendments_until_h", most=MAX_INTEGER)
    return Procedure(
        adopts=_adopts(table, silence),
        quorum=None if quorum is None else read_clause(quorum),
        silence=silence,
        negative_needs_reason=table.flag("negative_needs_reason"),
        roll=Roll(_word(table, "roll", [roll.value for roll in Roll])),
        departed=Departed(_word(table, "departed", [fate.value for fate in Departed])),
        suspended=Departed(_word(table, "suspended", [fate.value for fate in Departed])),
        closes_early=table.flag("closes_early"),
        amendments_until_h=AMENDMENTS_UNTIL_H if hours is None else hours,
        reveal_min=table.whole("reveal_min", most=MAX_INTEGER),
        challenge_days=table.whole("challenge_days", most=MAX_INTEGER) or 0,
    )


def _adopts(table: Table, silence: Silence | None) -> Rule:
    inner = table.inner("adopts")
    if inner is not None:
        return read_clause(inner)
    if silence is not None and silence.on_break is OnBreak.FAIL:
        return Not(part=silence.broken_by)
    if "adopts" not in table.row:
        table.fault("adopts", "[adopts] is missing: the rule that adopts")
    return All(parts=())


def _silence(table: Table) -> Silence | None:
    inner = table.inner("silence")
    if inner is None:
        return None
    period_h = inner.whole("period_h", least=1, most=MAX_INTEGER)
    if "period_h" not in inner.row:
        inner.fault("period_h", "period_h is missing: hours from the opening")
    broken = inner.inner("broken_by")
    if broken is None and "broken_by" not in inner.row:
        inner.fault("broken_by", "broken_by is missing: such as { number = 1 }")
    on_break = OnBreak(_word(inner, "on_break", [each.value for each in OnBreak]))
    extend_h = inner.whole("extend_h", most=MAX_INTEGER) or 0
    if (on_break is OnBreak.EXTEND) != bool(extend_h):
        inner.fault("extend_h", "extend_h is above 0 where a break extends, and only there")
    rule = All(parts=()) if broken is None else read_clause(broken)
    inner.finish()
    return Silence(period_h=period_h or 1, broken_by=rule, on_break=on_break, extend_h=extend_h)


def _word(table: Table, name: str, words: list[str]) -> str:
    said = table.word(name, words, default=words[0])
    return said if said in words else words[0]
