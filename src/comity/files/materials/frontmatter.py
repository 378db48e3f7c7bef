# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The head of a model card: the plain part of YAML, read without building anything.

Keys at the margin with a text or a list of texts. What is deeper, or written with YAML's
tags, anchors and blocks, is left unread: nothing that a card means can hide there, as no
table of ours asks for it.
"""

import re
from collections.abc import Iterator

from comity.errors import Fault, InvalidDocument

MAX_CHARACTERS = 262_144

_KEY = re.compile(r"([A-Za-z_@][\w.-]*)[ \t]*:(?:[ \t]+(.*))?")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")
_UNREAD = ("&", "*", "!", "|", ">", "{", "%", "`")


def read_front_matter(text: str, *, source: str) -> dict[str, object]:
    """Read the head of a model card: texts and lists of texts by key.

    Raises:
        InvalidDocument: No head between two lines `---`, or a line at the margin that is
            neither a key nor a list item (code `files.front_matter`).
    """
    lines = text[:MAX_CHARACTERS].replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    ends = [at for at, line in enumerate(lines) if line.rstrip() == "---"]
    if len(ends) < 2 or ends[0] != 0:
        raise _broken(
            source,
            [
                Fault(
                    message="a model card begins with a head between two lines ---",
                    line=1,
                    column=1,
                )
            ],
        )
    found: dict[str, object] = {}
    faults: list[Fault] = []
    key = ""
    for number, line in enumerate(lines[1 : ends[1]], start=2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        item, pair = _ITEM.fullmatch(line), _KEY.fullmatch(line)
        if pair is not None:
            key = pair[1]
            if key in found:
                faults.append(Fault(message=f"{key} stands twice", line=number, column=1))
            found[key] = _value(pair[2] or "")
        elif item is not None and key:
            _add(found, key, item[1])
        elif not line.startswith((" ", "\t")):
            message = f"{line[:40]!r} is neither a key nor an item of a list"
            faults.append(Fault(message=message, line=number, column=1))
    if faults:
        raise _broken(source, faults)
    return found


def _add(found: dict[str, object], key: str, written: str) -> None:
    """Add an item to the list of a key; an item that is a table of its own is left unread."""
    value = _value(written)
    if found[key] is None:
        found[key] = []
    listed = found[key]
    if isinstance(listed, list) and isinstance(value, str) and not _KEY.fullmatch(written):
        listed.append(value)


def _value(written: str) -> str | list[str] | None:
    """Read a text or an inline list; None for nothing, or for what is left unread."""
    text = _without_comment(written).strip()
    if text.startswith("[") and text.endswith("]"):
        return [each for each in map(_text, _split(text[1:-1])) if each]
    if not text or text[0] in _UNREAD:
        return None
    return _text(text)


def _text(written: str) -> str:
    text = written.strip()
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return text[1:-1].replace('\\"', '"')
    return text


def _split(text: str) -> Iterator[str]:
    """Split at commas that stand outside quotes."""
    quote, start = "", 0
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == ",":
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _without_comment(text: str) -> str:
    if text[:1] in {"'", '"'}:
        end = text.find(text[0], 1)
        return text[: end + 1] if end > 0 else text
    return re.split(r"(?:^|[ \t])#", text, maxsplit=1)[0]


def _broken(source: str, faults: list[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "not readable as a model card", code="files.front_matter", source=source, faults=faults
    )
