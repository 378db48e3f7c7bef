# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Read a trust policy, listing every fault with its line and column.

Source:
    C2SP tlog-policy (June 2026).
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from comity.errors import Fault, InvalidDocument
from comity.ledger.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA,
    ED25519,
    NoteKey,
    from_vkey,
)
from comity.ledger.policy import (
    NONE,
    PolicyGroup,
    PolicyLog,
    PolicyWitness,
    TrustPolicy,
    refused,
)

MAX_BYTES = 1024 * 1024
MAX_LINES = 4096
MAX_EACH = 256
MAX_DEPTH = 32
_MANY, _LONG = 20, 60
_ITEM = re.compile(r"[^ \t]+")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_KINDS = ("log", "witness", "group", "quorum")
_WITNESSES = (COSIGNATURE_ED25519, COSIGNATURE_MLDSA)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    text: str
    column: int


@dataclass(slots=True, kw_only=True)
class _Reader:
    """What was read so far, line by line."""

    faults: list[Fault] = field(default_factory=list)
    logs: list[PolicyLog] = field(default_factory=list)
    witnesses: list[PolicyWitness] = field(default_factory=list)
    groups: list[PolicyGroup] = field(default_factory=list)
    quorum: str | None = None
    line: int = 0
    _names: dict[str, int] = field(default_factory=dict)
    _claimed: dict[str, str] = field(default_factory=dict)
    _depths: dict[str, int] = field(default_factory=dict)
    _keys: dict[tuple[str, bytes], int] = field(default_factory=dict)

    def read(self, number: int, text: str) -> None:
        """Read one line."""
        self.line = number
        for at, sign in enumerate(text):
            if (sign < " " and sign != "\t") or sign == "\x7f":
                self.fault(at + 1, f"a control character, {sign!r}")
                return
        items = [_Item(text=one[0], column=one.start() + 1) for one in _ITEM.finditer(text)]
        if not items or items[0].text.startswith("#"):
            return
        kinds: dict[str, Callable[[list[_Item]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
        }
        kind, *rest = items
        if kind.text not in kinds:
            near = difflib.get_close_matches(kind.text, _KINDS, 1)
            message = f"no line begins with {kind.text[:40]!r}"
            self.fault(kind.column, message, near=near[0] if near else None)
            return
        kinds[kind.text](rest)

    def fault(self, column: int, message: str, *, near: str | None = None) -> None:
        """Note a fault in this line."""
        self.faults.append(Fault(message=message, line=self.line, column=column, near=near))

    def _log(self, items: list[_Item]) -> None:
        if not self._has(items, 1, 2, "log VKEY [URL]"):
            return
        key = self._key(items[0], (ED25519,), "log")
        if key is not None:
            self.logs.append(PolicyLog(key=key, url=_text(items, 1)))

    def _witness(self, items: list[_Item]) -> None:
        if not self._has(items, 2, 3, "witness NAME VKEY [URL]"):
            return
        is_new = self._define(items[0])
        key = self._key(items[1], _WITNESSES, "witness")
        if key is not None and is_new:
            name = items[0].text
            self.witnesses.append(PolicyWitness(name=name, key=key, url=_text(items, 2)))

    def _group(self, items: list[_Item]) -> None:
        if not self._has(items, 3, MAX_EACH, "group NAME all|any|NUMBER NAME..."):
            return
        name, needed, *members = items
        for one in members:
            self._claim(one, name)
        threshold = self._threshold(needed, len(members))
        depth = 1 + max(self._depths.get(one.text, 0) for one in members)
        self._depths[name.text] = depth
        if depth > MAX_DEPTH:
            self.fault(name.column, f"groups within groups, more than {MAX_DEPTH} deep")
        if self._define(name):
            self.groups.append(
                PolicyGroup(
                    name=name.text,
                    needed=threshold,
                    members=tuple(one.text for one in members),
                )
            )

    def _quorum(self, items: list[_Item]) -> None:
        if self.quorum is not None:
            self.fault(1, "a second quorum; a policy has one")
        self.quorum = ""
        if not self._has(items, 1, 1, "quorum NAME"):
            return
        name = items[0]
        if name.text != NONE and name.text not in self._names:
            self._unknown(name)
        self.quorum = name.text

    def _has(self, items: list[_Item], low: int, high: int, form: str) -> bool:
        if low <= len(items) <= high:
            return True
        column = items[high].column if len(items) > high else 1
        self.fault(column, f"{len(items)} items where this is meant: {form}")
        return False

    def _key(self, item: _Item, kinds: tuple[int, ...], role: str) -> NoteKey | None:
        try:
            key = from_vkey(item.text)
        except InvalidDocument as error:
            self.fault(item.column, error.message)
            return None
        if key.kind not in kinds:
            allowed = " or ".join(map(str, kinds))
            self.fault(item.column, f"the key of a {role} is of type {allowed}, not {key.kind}")
            return None
        earlier = self._keys.setdefault((role, key.public), self.line)
        if earlier != self.line:
            self.fault(item.column, f"the same key as in line {earlier}")
            return None
        return key

    def _define(self, name: _Item) -> bool:
        if name.text == NONE:
            self.fault(name.column, f"{NONE!r} means no quorum and names nothing else")
            return False
        earlier = self._names.setdefault(name.text, self.line)
        if earlier != self.line:
            message = f"{name.text[:60]!r} is defined in line {earlier} already"
            self.fault(name.column, message)
            return False
        return True

    def _claim(self, member: _Item, group: _Item) -> None:
        if member.text not in self._names:
            self._unknown(member)
            return
        earlier = self._claimed.get(member.text)
        if earlier is not None:
            message = f"{member.text[:60]!r} is a member of {earlier[:60]!r} already"
            self.fault(member.column, message)
            return
        self._claimed[member.text] = group.text

    def _unknown(self, name: _Item) -> None:
        is_many = len(self.faults) >= _MANY  # looking for a near name takes its time
        names = [] if is_many else [one for one in self._names if len(one) <= _LONG]
        near = difflib.get_close_matches(name.text[:_LONG], names[:MAX_EACH], 1)
        message = f"no witness or group above is called {name.text[:60]!r}"
        self.fault(name.column, message, near=near[0] if near else None)

    def _threshold(self, needed: _Item, count: int) -> int | None:
        if needed.text == "all":
            return None
        if needed.text == "any":
            return 1
        if _NUMBER.fullmatch(needed.text) and int(needed.text) <= count:
            return int(needed.text)
        message = f"{needed.text[:40]!r} is neither all, any nor a number from 1 to {count}"
        self.fault(needed.column, message)
        return 1


def from_bytes(content: bytes) -> TrustPolicy:
    """Read a trust policy.

    Raises:
        InvalidDocument: With every fault, each with line and column.
    """
    if len(content) > MAX_BYTES:
        raise refused([Fault(message=f"{len(content)} bytes; at most {MAX_BYTES}")])
    lines = content.decode("utf-8", errors="surrogateescape").split("\n")
    if len(lines) > MAX_LINES:
        raise refused([Fault(message=f"{len(lines)} lines; at most {MAX_LINES}")])
    reader = _Reader()
    for number, text in enumerate(lines, 1):
        reader.read(number, text)
    for what in ("logs", "witnesses", "groups"):
        count = len(getattr(reader, what))
        if count > MAX_EACH:
            reader.faults.append(Fault(message=f"{count} {what}; at most {MAX_EACH}"))
    if reader.quorum is None:
        reader.faults.append(Fault(message="no quorum line; `quorum none` asks for nobody"))
    if reader.faults or reader.quorum is None:
        raise refused(reader.faults)
    return TrustPolicy(
        quorum=reader.quorum,
        logs=tuple(reader.logs),
        witnesses=tuple(reader.witnesses),
        groups=tuple(reader.groups),
    )


def _text(items: list[_Item], at: int) -> str:
    return items[at].text if at < len(items) else ""
