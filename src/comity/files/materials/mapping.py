# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Tables that say which place of a document answers which fact, and how.

The tables are data: `packs/imports/*.toml`. Each rule names the places it looks at; what
is not there answers nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from comity.errors import Fault, InvalidDocument
from comity.files.pack import SHIPPED
from comity.files.text import read_text
from comity.files.toml import Path as TomlPath
from comity.files.toml import Toml, read_toml
from comity.kernel.ids import MarketCode
from comity.law.answer import read_answer
from comity.law.fact import Answer, Fact, Kind, OpenSet

IMPORTS = SHIPPED / "imports"
_SEGMENT = re.compile(r"([^.\[\]]+)(?:\[([^\]]*)\])?(?:\.|$)")
_FIELDS = ("fact", "at", "says", "map", "otherwise", "day", "market", "differs", "why")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One place of a document and the fact it answers.

    Args:
        at: Paths such as "components[type=machine-learning-model].modelCard"; any will do.
        says: The plain answer that anything at the place gives.
        map: Or the plain answer by the text that stands there, in lower case.
        otherwise: What any other text gives; None for nothing.
        day: Or whether a date stands there.
        market: The market it is about; None for all.
        differs: Count only what differs from what stands at this path, both being there.
        why: What the document says there, in our words.
    """

    fact: Fact
    at: tuple[str, ...]
    says: object
    map: Mapping[str, object]
    otherwise: object
    day: bool
    market: MarketCode | None
    differs: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """How documents of one kind answer facts.

    Args:
        kind: A word for the kind, such as "cyclonedx".
        recognise: Text expected by path; all must be there for a document to be of the kind.
    """

    kind: str
    title: str
    recognise: Mapping[str, str]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a rule found.

    Args:
        place: Where in the document, with positions.
    """

    rule: Rule
    answer: Answer
    place: str


@cache
def kinds() -> tuple[str, ...]:
    """Return the kinds of document for which a table comes with Comity."""
    return tuple(sorted(path.stem for path in IMPORTS.glob("*.toml")))


def table_of(kind: str, facts: Mapping[str, Fact]) -> Table:
    """Read the table of one kind of document.

    Raises:
        InvalidDocument: Any fault in it; all are listed (code `files.import_table`).
    """
    path = IMPORTS / f"{kind}.toml"
    return table_from_toml(read_text(path, "import_table"), facts, source=path.name)


def table_from_toml(text: str, facts: Mapping[str, Fact], *, source: str) -> Table:
    """Read a table from TOML text.

    Raises:
        InvalidDocument: Any fault in it; all are listed (code `files.import_table`).
    """
    toml = read_toml(text, source=source)
    faults: list[Fault] = []
    rows = toml.values.get("rule", [])
    rules = [
        _rule(toml, ("rule", position), row, facts, faults)
        for position, row in enumerate(rows if isinstance(rows, list) else [])
    ]
    recognise = toml.values.get("recognise", {})
    texts = recognise if isinstance(recognise, Mapping) else {}
    if faults:
        raise InvalidDocument(
            "the table has faults", code="files.import_table", source=source, faults=faults
        )
    return Table(
        kind=str(toml.values.get("kind", "")),
        title=str(toml.values.get("title", "")),
        recognise={str(path): str(text) for path, text in texts.items()},
        rules=tuple(rule for rule in rules if rule is not None),
    )


def hits(table: Table, document: object) -> Iterator[Hit]:
    """Yield every answer that a document gives."""
    for rule in table.rules:
        found = [each for path in rule.at for each in select(document, path)]
        if rule.differs:
            own = [value for value, _ in select(document, rule.differs)]
            found = [each for each in found if own and each[0] not in own]
        for value, place in found:
            for plain in _plain(rule, value):
                answer, wrong = read_answer(rule.fact, plain)
                if not wrong:
                    yield Hit(rule=rule, answer=_open(answer), place=place)


def select(value: object, path: str, place: str = "") -> Iterator[tuple[object, str]]:
    """Yield what stands at a path, each with its place; lists are entered by `[…]`.

    Example:
        >>> list(select({"a": [{"k": "x", "v": 1}, {"k": "y", "v": 2}]}, "a[k=y].v"))
        [(2, 'a[1].v')]
    """
    if not path:
        if value not in (None, "", [], {}):
            yield value, place
        return
    found = _SEGMENT.match(path)
    if found is None or not isinstance(value, Mapping) or found[1] not in value:
        return
    inner, rest = value[found[1]], path[found.end() :]
    here = f"{place}.{found[1]}" if place else found[1]
    if found[2] is None:
        yield from select(inner, rest, here)
        return
    for position, each in enumerate(inner if isinstance(inner, list) else []):
        if _meets(each, found[2]):
            yield from select(each, rest, f"{here}[{position}]")


def _meets(value: object, filters: str) -> bool:
    if filters in {"", "*"}:
        return True
    wanted = (part.partition("=") for part in filters.split(","))
    return isinstance(value, Mapping) and all(
        str(value.get(name)) == text for name, _, text in wanted
    )


def _plain(rule: Rule, value: object) -> Iterator[object]:
    """Yield the plain answers that a value gives by a rule."""
    if rule.map:
        for text in value if isinstance(value, list) else [value]:
            plain = rule.map.get(str(text).strip().lower(), rule.otherwise)
            if plain is not None:
                yield plain
    elif rule.day:
        yield str(value)[:10]
    else:
        yield rule.says


def _open(answer: Answer) -> Answer:
    """Take a set from a document for a part of what holds: it need not list everything."""
    if isinstance(answer, frozenset):
        return OpenSet(known_in=answer, known_out=frozenset())
    return answer


def _rule(
    toml: Toml, place: TomlPath, row: object, facts: Mapping[str, Fact], faults: list[Fault]
) -> Rule | None:
    if not isinstance(row, Mapping):
        faults.append(toml.fault(place, "a rule is a table: write [[rule]]"))
        return None
    faults.extend(
        toml.fault((*place, name), f"a rule has no field {name!r}")
        for name in row
        if name not in _FIELDS
    )
    fact = facts.get(str(row.get("fact")))
    if fact is None:
        faults.append(toml.fault((*place, "fact"), f"no fact is named {row.get('fact')!r}"))
        return None
    at, mapped = row.get("at", []), row.get("map", {})
    market = row.get("market")
    rule = Rule(
        fact=fact,
        at=tuple([at] if isinstance(at, str) else map(str, at)),
        says=row.get("says"),
        map={str(k).lower(): v for k, v in mapped.items()}
        if isinstance(mapped, Mapping)
        else {},
        otherwise=row.get("otherwise"),
        day=row.get("day") is True and fact.kind is Kind.DATE,
        market=None if market is None else MarketCode(str(market)),
        differs=str(row.get("differs", "")),
        why=str(row.get("why", "")),
    )
    plains = [*rule.map.values()] if rule.map else [] if rule.day else [rule.says]
    faults.extend(
        toml.fault((*place, "fact"), f"{fact.name}: {wrong.message}")
        for plain in plains
        for wrong in read_answer(fact, plain)[1]
    )
    return rule
