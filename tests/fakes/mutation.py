# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a careless author, a broken disk or an attacker makes of a valid document."""

import json
import random
import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

Mutator: TypeAlias = "Callable[[bytes, random.Random], bytes]"

PIECES: tuple[bytes, ...] = (
    b"", b"\x00", b"\n", b"\r\n", b"\n\n", b" ", b"\t", b'"', b"'", b"\\", b"[", b"]", b"{",
    b"}", b"[[", b"]]", b",", b":", b"=", b"#", b"```", b"-", b"+", b".", b"0", b"-0", b"-1",
    b"1e999", b"1e-999", b"0x10", b"1_000", b"9" * 25, b"9" * 5_000, b"NaN", b"Infinity",
    b"inf", b"nan", b"true", b"null", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf",
    b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\\ud800", b"\\udfff\\ud800", b"\\u0000", b"\\x",
    "\u202e\u2066".encode(), "\u200f".encode(), "\u2028".encode(), "\u0130".encode(),
    "\U0001f600".encode(), "\u0661\u0662".encode(), "\uff11".encode(), "e\u0301".encode(),
    b"\x1b[31m", b"../../etc/passwd", b"%s%n", b"__class__", b"2026-02-30", b"24:00:00Z",
    b"0000-00-00T00:00:00Z", b"{place}", b"{a+b}", b"10^60", b"[" * 200, b"{" * 200,
    b'{"a":' * 500, b"(" * 500, b"not " * 300, "\u2014 x ".encode(), b"old 9223372036854775808",
)  # fmt: skip
"""Bytes that parsers have stumbled over."""

VALUES: tuple[object, ...] = (
    None, True, False, 0, 1, -1, 7, 255, 2**31, 2**53 - 1, 2**53, -(2**53), 2**63, 10**30, 0.5,
    "", " ", "x", "yes", "0", "-1", "1e9", "x" * 70_000, "\ud800", "a\udfffb", "\u202eabc",
    "\x00", "\x1b[2J", "\u0661", "e\u0301", "\u2028", "0" * 64, "f" * 64, "A" * 64, "g" * 64,
    "ab" * 32, "not known", "2026-02-30T00:00:00Z", "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z", "2026-11-21T19:19:24+00:00", "https://comity.example/x/v1",
    "AAAA", "====", "name+00000000+AAAA", "10^25 FLOP", "-5", "KHM", "shown", "first",
    [], {}, [[]], [{}], [None], [0, 0], [[1, 2], [1, 2]], [[2, 5], [1, 3]], {"": ""},
    {"en": ""}, {"en": "x", "zh": 7}, {"num": 1, "den": 0}, {"num": -1, "den": -2},
    {"num": 2, "den": 4}, {"num": 10**15, "den": 10**15 - 1}, {"known_in": [], "known_out": 0},
    {"leaf": {}}, {"log": "-", "index": -1, "sha256": ""}, [0] * 3_000, ["x"] * 3_000,
)  # fmt: skip
"""JSON values that stand where others should."""

_WORD = re.compile(rb"[A-Za-z0-9_.\-]+")


def damaged(document: bytes, dice: random.Random) -> bytes:
    """Damage bytes as disks and lines do: flips, cuts, repeats, insertions, exchanges."""
    found = bytearray(document)
    for _ in range(dice.choice([1, 1, 1, 2, 5, 30])):
        at = dice.randrange(len(found) + 1)
        until = min(len(found), at + dice.choice([1, 2, 8, 64, 4_096]))
        match dice.randrange(8):
            case 0 if at < len(found):
                found[at] ^= 1 << dice.randrange(8)
            case 1 if at < len(found):
                found[at] = dice.randrange(256)
            case 2:
                del found[at:]
            case 3:
                del found[at:until]
            case 4:
                found[at:at] = found[at:until] * dice.choice([1, 2, 50])
            case 5:
                found[at:at] = dice.randbytes(dice.choice([1, 4, 40]))
            case 6:
                found[at:until] = found[at:until][::-1]
            case _:
                found[at:at] = dice.choice(PIECES)
    return bytes(found[:400_000])


def reworded(document: bytes, dice: random.Random) -> bytes:
    """Change lines and words as authors do."""
    lines = document.split(b"\n")
    for _ in range(dice.choice([1, 1, 2, 4])):
        at = dice.randrange(len(lines))
        other = dice.randrange(len(lines))
        match dice.randrange(8):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines[at:at] = [lines[at]] * dice.choice([1, 3, 300])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = dice.choice([b"  ", b"\t", b"# "]) + lines[at]
            case 4:
                lines[at] = lines[at].strip()
            case 5:
                lines.insert(at, dice.choice(PIECES))
            case _:
                lines[at] = _with_word(lines[at], lines[other], dice)
    return b"\n".join(lines)[:400_000]


def restated(document: bytes, dice: random.Random) -> bytes:
    """Change JSON in its structure and write it canonically again, as an attacker does."""
    value: object = json.loads(document)
    for _ in range(dice.choice([1, 1, 1, 2, 4])):
        value = _changed(value, dice)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def restated_lines(document: bytes, dice: random.Random) -> bytes:
    """Change one line of many that are JSON each."""
    lines = document.rstrip(b"\n").split(b"\n")
    at = dice.randrange(len(lines))
    lines[at] = restated(lines[at], dice)
    return b"\n".join(lines) + b"\n"


def noise(_: bytes, dice: random.Random) -> bytes:
    """Return bytes that have nothing to do with any document."""
    if dice.random() < 0.5:
        return dice.randbytes(dice.choice([0, 1, 3, 50, 3_000]))
    return b"".join(dice.choices(PIECES, k=dice.choice([1, 5, 60])))


def nested(_: bytes, dice: random.Random) -> bytes:
    """Return brackets in brackets, ten thousand deep."""
    opening = dice.choice([b"[", b'{"a":', b"x = [", b"[[", b"a.", b"x = {a=", b"((", b"```\n"])
    return opening * dice.choice([40, 1_100, 10_000]) + dice.choice([b"", b"1", b"]" * 1_100])


def _with_word(line: bytes, other: bytes, dice: random.Random) -> bytes:
    words = list(_WORD.finditer(line))
    if not words:
        return dice.choice(PIECES)
    word = dice.choice(words)
    spare = _WORD.findall(other)
    new = dice.choice(spare) if spare and dice.random() < 0.5 else dice.choice(PIECES)
    return line[: word.start()] + new + line[word.end() :]


def _changed(value: object, dice: random.Random) -> object:
    """Return a value with one change somewhere in it."""
    match value:
        case dict() if value and dice.random() < 0.85:
            name = dice.choice(sorted(value))
            return _changed_object(value, name, dice)
        case list() if value and dice.random() < 0.85:
            at = dice.randrange(len(value))
            return _changed_list(value, at, dice)
        case str() if value and dice.random() < 0.5:
            return _changed_text(value, dice)
        case int() if not isinstance(value, bool) and dice.random() < 0.5:
            return value + dice.choice([-1, 1, 256, -value, -2 * value])
        case _:
            return dice.choice(VALUES)


def _changed_object(
    value: dict[str, object], name: str, dice: random.Random
) -> dict[str, object]:
    rest = {key: part for key, part in value.items() if key != name}
    match dice.randrange(10):
        case 0:
            return rest
        case 1:
            return {**rest, dice.choice(["", "x", "é", name.upper(), f"{name}s"]): value[name]}
        case 2:
            return {**value, name: value[dice.choice(sorted(value))]}
        case 3:
            return {**value, name: [value[name]]}
        case _:
            return {**value, name: _changed(value[name], dice)}


def _changed_list(value: Sequence[object], at: int, dice: random.Random) -> list[object]:
    head, part, tail = list(value[:at]), value[at], list(value[at + 1 :])
    match dice.randrange(8):
        case 0:
            return head + tail
        case 1:
            return [*head, *[part] * dice.choice([2, 3, 70]), *tail]
        case 2:
            return [*tail, part, *head]
        case 3:
            return [*head, [part], *tail]
        case _:
            return [*head, _changed(part, dice), *tail]


def _changed_text(value: str, dice: random.Random) -> str:
    at = dice.randrange(len(value))
    sign = dice.choice(["0", "a", "A", "/", "=", " ", "\n", "\u202e", "\ud800", "é", ""])
    match dice.randrange(4):
        case 0:
            return value[:at]
        case 1:
            return value + sign
        case 2:
            return value * 2
        case _:
            return value[:at] + sign + value[at + 1 :]
