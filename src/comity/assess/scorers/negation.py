# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a Portuguese translation of an English message says "not" where it should.

Clauses between full stops, semicolons, question and exclamation marks are compared one by
one where both sides have as many, else the whole. Within a clause only the presence counts:
Portuguese may deny once or twice and mean the same ("não é aceito nenhum animal").
"""

import re
from enum import Enum

MAX_CHARACTERS = 4_096
"""Of a text that is read."""


class Sense(Enum):
    """What an English clause asks of its translation."""

    PLAIN = "plain"
    """It denies nothing; a translation that does has turned it round."""

    DENIES = "denies"
    """It says not; the translation must, in its own way."""

    LIMITS = "limits"
    """"No more than", "no later than": a denial or a limit will do."""

    FREE = "free"
    """Portuguese may say it with a denial or without: "unless", "out of water"."""


_CLAUSE = re.compile(r"[.;!?…]+(?:\s+|$)|\n+")

_EN_NUMBERED = re.compile(r"\bno\.?\s*(?=\d)", re.IGNORECASE)
_EN_NOT_COUNTED = re.compile(
    r"\b(?:whether\s+)?or\s+not\b|\bif\s+not\b|\bno\s+matter\b|\bwhy\s+not\b",
)
_EN_COMPARES = re.compile(
    r"\b(?:more|less|fewer|later|earlier|longer|sooner|farther|further|closer|larger|greater"
    r"|higher|lower)\s+(?:\w+\s+){0,3}than\b"
    r"|\bexceed\w*\b|\b(?:over|above|below|under|beyond)\s+\d",
)
_EN_DENIES = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|cannot|without)\b"
    r"|\w+n't\b"
    r"|\b(?:unsafe|unfit|unsuitable|unable|unauthori[sz]ed|undrinkable|unusable|impassable"
    r"|impossible|illegal|forbidden|prohibited|banned|inaccessible|inedible|invalid"
    r"|disallowed|unavailable)\b",
)
_EN_FREE = re.compile(
    r"\b(?:unless|otherwise|except|excluding|out|off|away|lack\w*|missing|short|stop\w*"
    r"|fail\w*|refus\w*|refrain\w*|avoid\w*|cut|free|empty|lost|homeless|wireless|powerless"
    r"|rather|instead|alone|few|hardly|barely|little|\w+less|non-\w+"
    r"|un(?!der|til|it|i[ov]|ion|less|cle)\w{4,})\b",
)
_PT_DENIES = re.compile(
    r"\b(?:não|nunca|jamais|nenhum|nenhuma|nenhuns|nenhumas|ninguém|nem|sem|tampouco"
    r"|proib\w+|vedad[oa]s?|impróp\w+|impossív\w+|intransit\w+|insegur\w+|inacessív\w+"
    r"|inadequad[oa]s?|inapropriad[oa]s?)\b",
)
_PT_ALSO_DENIES = re.compile(
    r"\b(?:nada|evit\w+|exceto|salvo|interdit\w+|impedid[oa]s?|incapaz\w*|indisponív\w+"
    r"|inválid\w+|ilegal|ilegais|ilícit\w+|perigos\w+|contraindicad\w+|inutilizáv\w+"
    r"|desautorizad\w+|incomestív\w+|deix\w+\s+de|par[ea]m?\s+de|abst\w+|longe|recus\w+)\b",
)
_PT_LIMITS = re.compile(
    r"\b(?:máxim\w+|mínim\w+|até|menos|tardar|limit\w+|antes|apenas|só|somente)\b"
)


def is_kept(english: str, portuguese: str) -> bool:
    """Tell whether the translation denies where the message denies, and nowhere else."""
    left = _clauses(_EN_NUMBERED.sub("number ", english[:MAX_CHARACTERS]))
    right = _clauses(portuguese[:MAX_CHARACTERS])
    if len(left) != len(right):
        left, right = [" ".join(left)], [" ".join(right)]
    return all(_agrees(sense_of(a), b) for a, b in zip(left, right, strict=True))


def sense_of(clause: str) -> Sense:
    """Say what one English clause asks of its translation."""
    text = _EN_NOT_COUNTED.sub(" ", _lowered(clause))
    if _EN_DENIES.search(text):
        return Sense.LIMITS if _EN_COMPARES.search(text) else Sense.DENIES
    return Sense.FREE if _EN_FREE.search(text) else Sense.PLAIN


def _agrees(sense: Sense, portuguese: str) -> bool:
    text = _lowered(portuguese)
    denies = _PT_DENIES.search(text) is not None
    match sense:
        case Sense.PLAIN:
            return not denies
        case Sense.DENIES:
            return denies or _PT_ALSO_DENIES.search(text) is not None
        case Sense.LIMITS:
            return denies or _PT_LIMITS.search(text) is not None
        case Sense.FREE:
            return True


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if part.strip()]


def _lowered(text: str) -> str:
    return text.casefold().replace("’", "'").replace("‘", "'")
