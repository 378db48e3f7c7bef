# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether an answer keeps the facts of a message and invents none.

A reference is parts separated by `;`. A part lists alternatives separated by `|`, of which
the answer says at least one; after `!` it says none of them. `#` alone: the answer states no
number that the prompt does not. `<60`: it has at most 60 words. `@pt`: its words are those
of that language more than of any other.
"""

import re

from comity.assess.scorers import tongue
from comity.assess.scorers.phrase import folded, is_any_said
from comity.assess.scorers.wording import MAX_CHARACTERS, said

_NUMBER = re.compile(r"\d+(?:[.:]\d+)*")
_MARKER = re.compile(r"(?m)^\s*(?:\(?\d{1,2}[.)]|[#*•-]+)\s+")
_MOST = re.compile(r"<[1-9]\d{0,3}")
_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "twelve": "12", "once": "1", "twice": "2",
}  # fmt: skip


def is_kept(prompt: str, reference: str, answer: str) -> bool:
    """Tell whether an answer keeps what the reference lists; a copy of the prompt does not."""
    return all(is_part_kept(prompt, part, answer) for part in reference.split(";"))


def is_part_kept(prompt: str, part: str, answer: str) -> bool:
    """Tell whether an answer keeps one part of a reference; a copy of the prompt does not."""
    text, asked = folded(_MARKER.sub("", said(answer))), folded(prompt)
    if not text or len(answer) > MAX_CHARACTERS or asked in text:
        return False
    return _holds(part.strip(), asked, text)


def fault_of(reference: str) -> str | None:
    """Say what keeps a text from being a list of facts, or None."""
    parts = [part.strip() for part in reference.split(";")]
    for part in parts:
        if fault := _fault_of(part):
            return fault
    if not any(part[0] not in "!#<@" for part in parts):
        return "the reference lists no fact to keep"
    return None


def _fault_of(part: str) -> str | None:
    if part == "#" or _MOST.fullmatch(part):
        return None
    if part.startswith("@"):
        return tongue.fault_of(part[1:])
    if not all(folded(one) for one in part.removeprefix("!").split("|")):
        return "a fact of the reference, or one of its alternatives, is empty"
    return None


def _holds(part: str, asked: str, text: str) -> bool:
    match part[:1]:
        case "!":
            return not is_any_said(part[1:], text)
        case "#":
            return _numbers(text) <= _numbers(asked) | {
                digits for word, digits in _WORDS.items() if word in asked
            }
        case "<":
            return len(text.split()) <= int(part[1:])
        case "@":
            return tongue.is_in(text, part[1:])
        case _:
            return is_any_said(part, text)


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))
