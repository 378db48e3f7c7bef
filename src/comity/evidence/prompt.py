# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What an item asks: one message, a scripted conversation, or a pair of conversations.

A prompt is JSON: a text (one user message); `{"turns": [text, …]}`, with `"system"` if wanted
(each turn is sent after the answer to the one before it); or `{"pair": [text, text]}` (two
conversations that know nothing of each other). What is recorded and scored is the answer's
text for a text, else the canonical JSON text of the list of answers.

Source:
    docs/reference/subjects.md, "What an item asks".
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from comity.errors import Fault, InvalidDocument
from comity.kernel.canonical import Json, to_canonical

MAX_TURNS = 32
_FORMS = ("turns", "system", "pair")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What a user says in turn, and what stands before it.

    Args:
        turns: What the user says; each is sent after the answer to the one before it.
        system: What the system message says, or None where there is none.
    """

    turns: tuple[str, ...]
    system: str | None = None


def conversations_of(prompt: Json) -> tuple[Conversation, ...]:
    """Return the conversations a prompt asks for, in the order in which they are held.

    Raises:
        InvalidDocument: It is no prompt, with every fault.
    """
    faults = [Fault(message=text, near=near) for text, near in _faults(prompt)]
    if faults:
        raise InvalidDocument("not a prompt", code="evidence.prompt", faults=faults)
    match prompt:
        case str():
            return (Conversation(turns=(prompt,)),)
        case {"pair": [str(one), str(other)]}:
            return Conversation(turns=(one,)), Conversation(turns=(other,))
        case Mapping():
            return (_script(prompt),)
        case _:
            return ()


def find_fault(prompt: Json) -> str | None:
    """Say what keeps a value from being a prompt, or None."""
    return next((text for text, _ in _faults(prompt)), None)


def text_of(value: Json) -> str:
    """Return a prompt or a reference as a scorer reads it: a text, or canonical JSON text."""
    return value if isinstance(value, str) else to_canonical(value).decode()


def answer_text(prompt: Json, answers: Sequence[str]) -> str:
    """Return what is recorded of the answers a prompt got.

    Example:
        >>> answer_text({"pair": ["Ali?", "Eva?"]}, ["yes", "no"])
        '["yes","no"]'

    Raises:
        InvalidDocument: An answer has no UTF-8 form.
    """
    return answers[0] if isinstance(prompt, str) else to_canonical(tuple(answers)).decode()


def _script(prompt: Mapping[str, Json]) -> Conversation:
    turns, system = prompt["turns"], prompt.get("system")
    texts = tuple(str(turn) for turn in turns) if isinstance(turns, Sequence) else ()
    return Conversation(turns=texts, system=None if system is None else str(system))


def _faults(prompt: object) -> Iterator[tuple[str, str | None]]:
    if isinstance(prompt, str):
        return
    if not isinstance(prompt, Mapping):
        yield 'a prompt is a text, {"turns": [...]} or {"pair": [...]}', None
        return
    for name in prompt:
        if name not in _FORMS:
            near = difflib.get_close_matches(str(name), _FORMS, n=1)
            yield f"a prompt has no field {str(name)[:40]!r}", near[0] if near else None
    if ("turns" in prompt) == ("pair" in prompt):
        yield "a prompt has either turns or a pair", None
    if "turns" in prompt and not _is_texts(prompt["turns"], 1, MAX_TURNS):
        yield f"turns is not a list of 1 to {MAX_TURNS} texts", None
    if "pair" in prompt and not _is_texts(prompt["pair"], 2, 2):
        yield "pair is not a list of two texts", None
    if "system" in prompt and ("pair" in prompt or not isinstance(prompt["system"], str)):
        yield "system is a text beside turns", None


def _is_texts(value: object, least: int, most: int) -> TypeGuard[Sequence[str]]:
    if not isinstance(value, list | tuple) or not least <= len(value) <= most:
        return False
    return all(isinstance(text, str) for text in value)
