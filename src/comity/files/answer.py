# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answers in TOML: `[facts]` for all markets, `[facts.VNM]` for one, a note beside any."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from comity.errors import Fault, InvalidDocument
from comity.files.toml import Path as TomlPath
from comity.files.toml import Toml, read_toml
from comity.kernel.ids import MarketCode
from comity.law.answer import read_answer
from comity.law.close import close
from comity.law.cursor import near_miss
from comity.law.fact import ASKED_ON, MARKETS, Answer, Silence
from comity.law.market import UNION_MEMBERS, is_market
from comity.law.pack import Library
from comity.law.profile import Change, Remark
from comity.law.situation import contradiction_in_words

MAX_CHANGES = 100
"""More than a system goes through; each is held against every axiom in every market."""

_MARKET = re.compile(r"[A-Z][A-Z0-9]*")
_BESIDE = ("value", "note", "evidence")
_NO_DAY = dt.date(1, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayings:
    """What one table of answers says, and where each answer stands."""

    answers: dict[str, Answer] = field(default_factory=dict)
    in_market: dict[MarketCode, dict[str, Answer]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReader:
    """Reads tables of answers; faults gather here."""

    toml: Toml
    library: Library
    faults: list[Fault] = field(default_factory=list)

    def sayings(
        self, place: TomlPath, table: Mapping[str, object], *, on: dt.date | None = None
    ) -> Sayings:
        """Read a table of answers with its tables by market.

        Args:
            on: The day of the change the table stands in.
        """
        said = Sayings()
        facts = self.library.vocabulary.facts
        for name, plain in table.items():
            path = (*place, name)
            if name in facts or not _MARKET.fullmatch(name):
                self._answer(path, plain, said.answers, said.remarks, (None, on))
            elif isinstance(plain, Mapping) and self._is_market(path, name):
                market = MarketCode(name)
                there = said.in_market.setdefault(market, {})
                for fact, each in plain.items():
                    self._answer((*path, fact), each, there, said.remarks, (market, on))
            elif not isinstance(plain, Mapping):
                message = f"{name} stands for a market: write [{'.'.join(_words(path))}]"
                self._fault(path, message)
        return said

    def changes(self, rows: object) -> Iterator[tuple[Change, list[Remark]]]:
        """Yield the changes of a profile, in the order of the file."""
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            self._fault(("change",), "change is not a list of tables: write [[change]]")
            return
        if len(rows) > MAX_CHANGES:
            self._fault(("change", MAX_CHANGES), f"more than {MAX_CHANGES} changes")
            return
        days: list[dt.date] = []
        for position, row in enumerate(rows):
            place = ("change", position)
            for name in row:
                if name not in {"on", "facts"}:
                    message = (
                        f"a change has no field {name!r}; answers stand under [change.facts]"
                    )
                    self._fault((*place, name), message, near=near_miss(name, ("on", "facts")))
            day = self._day(place, row.get("on"))
            if day in days:
                self._fault((*place, "on"), f"two changes are dated {day}; make them one")
            days.append(day)
            table = row.get("facts", {})
            if not isinstance(table, Mapping):
                self._fault((*place, "facts"), "facts is not a table: write [change.facts]")
                table = {}
            said = self.sayings((*place, "facts"), table, on=day)
            yield Change(on=day, answers=said.answers, in_market=said.in_market), said.remarks

    def agree(self, answers: Mapping[str, Answer], origin: Mapping[str, TomlPath]) -> None:
        """Note every axiom that answers holding together break, at the later of them."""
        closure = close(answers, self.library.vocabulary, self.library.meanings)
        for contradiction in closure.contradictions:
            message = contradiction_in_words(contradiction, answers)
            places = [origin[fact] for fact in contradiction.facts if fact in origin]
            last = max(places, key=lambda path: self.toml.places.get(path, (0, 0)), default=())
            fault = self.toml.fault(last, message)
            if fault not in self.faults:
                self.faults.append(fault)

    def _answer(
        self,
        path: TomlPath,
        plain: object,
        answers: dict[str, Answer],
        remarks: list[Remark],
        whence: tuple[MarketCode | None, dt.date | None],
    ) -> None:
        name, known = str(path[-1]), self.library.vocabulary.facts
        if name in {ASKED_ON, MARKETS}:
            self._fault(path, f"{name} is set by the question, not answered")
        elif name not in known:
            message = f"the vocabulary has no fact named {name!r}"
            self._fault(path, message, near=near_miss(name, known))
        else:
            at = path
            if isinstance(plain, Mapping) and not {"known_in", "known_out"} & plain.keys():
                remarks.append(self._remark(path, plain, whence))
                plain, at = plain.get("value"), (*path, "value")
            answer, wrong = read_answer(known[name], plain)
            if answer is not Silence.NOT_ASKED:  # which is what an absent answer says
                answers[name] = answer
            for each in wrong:
                item = at if each.item is None else (*at, each.item)
                self._fault(item, f"{name}: {each.message}", near=each.near)

    def _remark(
        self,
        path: TomlPath,
        table: Mapping[str, object],
        whence: tuple[MarketCode | None, dt.date | None],
    ) -> Remark:
        texts = {}
        for name, value in table.items():
            if name not in _BESIDE:
                message = f"beside an answer stand {', '.join(_BESIDE)}; not {name!r}"
                self._fault((*path, name), message, near=near_miss(name, _BESIDE))
            elif name != "value" and not isinstance(value, str):
                self._fault((*path, name), f"{name} is not a text")
            texts[name] = str(value)
        if "value" not in table:
            self._fault(path, f"{path[-1]} has no value: write {{ value = … }}")
        market, on = whence
        return Remark(
            fact=str(path[-1]), market=market, on=on,
            note=texts.get("note", ""), evidence=texts.get("evidence", ""),
        )  # fmt: skip

    def _is_market(self, path: TomlPath, name: str) -> bool:
        if name in UNION_MEMBERS:
            message = f"{name} is a member state of the EU, whose market is EU"
            self._fault(path, message, near="EU")
        elif not is_market(name):
            held = sorted({pack.market for pack in self.library.packs})
            message = f"{name[:20]!r} is no market: an ISO 3166-1 alpha-3 code, EU, or a body"
            self._fault(path, message, near=near_miss(name, held))
        return name not in UNION_MEMBERS and is_market(name)

    def _day(self, place: TomlPath, value: object) -> dt.date:
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        at = place if value is None else (*place, "on")
        self._fault(at, "the change needs its first day: on = 2026-12-01")
        return _NO_DAY

    def _fault(self, path: TomlPath, message: str, *, near: str | None = None) -> None:
        self.faults.append(self.toml.fault(path, message, near=near))


def read_answers(
    toml: Toml, place: TomlPath, facts: Mapping[str, object], library: Library
) -> tuple[dict[str, Answer], list[Fault]]:
    """Read a table of answers by fact name alone, and hold them against the axioms."""
    reader = AnswerReader(toml=toml, library=library)
    said = reader.sayings(place, facts)
    for market in said.in_market:
        reader.faults.append(toml.fault((*place, market), f"{market} is no fact"))
    reader.agree(said.answers, {name: (*place, name) for name in said.answers})
    return said.answers, reader.faults


def read_sayings(text: str, library: Library, *, source: str) -> Sayings:
    """Read answers that stand alone: a TOML text with `[facts]` as in a profile.

    Raises:
        InvalidDocument: Not TOML, or any fault; all are listed (code `files.answers`).
    """
    toml = read_toml(text, source=source)
    reader = AnswerReader(toml=toml, library=library)
    for name in toml.values:
        if name != "facts":
            message = f"answers have no field {name!r}; they stand under [facts]"
            reader.faults.append(toml.fault((name,), message))
    table = toml.values.get("facts", {})
    if not isinstance(table, Mapping):
        reader.faults.append(toml.fault(("facts",), "facts is not a table: write [facts]"))
        table = {}
    if not table and not reader.faults:
        reader.faults.append(Fault(message="no answer stands here: write [facts] above them"))
    said = reader.sayings(("facts",), table)
    if reader.faults:
        raise InvalidDocument(
            "the answers have faults",
            code="files.answers",
            source=source,
            faults=reader.faults,
        )
    return said


def _words(path: Iterable[str | int]) -> list[str]:
    return [part for part in path if isinstance(part, str)]
