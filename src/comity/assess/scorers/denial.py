# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether an English translation of a Portuguese message says "not" where it should.

The other direction of `negation`: clauses are compared the same way, and what a Portuguese
clause leaves to its translator ("sem energia", "não se esqueça", "falta água") is left to it.
"""

import re
from enum import Enum

from comity.assess.scorers.negation import MAX_CHARACTERS


class Sense(Enum):
    """What a Portuguese clause asks of its translation."""

    PLAIN = "plain"
    """It denies nothing; a translation that does has turned it round."""

    DENIES = "denies"
    """It says not; the translation must, in its own way."""

    LACKS = "lacks"
    """It says without; "out", "off" or "-less" say so too."""

    LIMITS = "limits"
    """"Não mais de": a denial or a limit will do."""

    AT_MOST = "at most"
    """"Até", "no máximo": a limit, which English may say with a comparison denied."""

    FREE = "free"
    """English may say it with a denial or without: "falta água", "a menos que"."""


_CLAUSE = re.compile(r"[.;!?…]+(?:\s+|$)|\n+")
_PT_NOT_COUNTED = re.compile(
    r"\bou\s+não\b|\bse\s+não\b|\bpor\s?qu[eê]\s+não\b|,\s+não\s+é\b|\bnão\s+só\b"
    r"|\bnão\s+(?:apenas|somente)\b|\bsem\s+(?:falta|dúvida)\b"
)
_PT_EITHER_WAY = re.compile(
    r"\bnão\s+(?:se\s+)?(?:esque[cç]\w*|deix\w+\s+de)\b|\ba\s+(?:menos|não\s+ser)\s+que\b"
)
_PT_FREE = re.compile(
    r"\b(?:exceto|salvo|senão|falt\w+|acab\w+|esgot\w+|fechad[oa]s?|interdit\w+|interrom\w+"
    r"|suspen\w+|cancel\w+|deslig\w+|perigos\w+|evit\w+|recus\w+|fora|longe|pouc[oa]s?|mal"
    r"|raramente|dificil\w*|difícil|imped\w+|incapaz\w*|perd\w+|vazi[oa]s?|par[ea]m?\s+de"
    r"|deix\w+\s+de|abst\w+|em\s+vez|sozinh\w+|desabrigad\w+|desacompanhad\w+)\b"
)
_PT_DENIES = re.compile(
    r"\b(?:não|nunca|jamais|nenhum|nenhuma|nenhuns|nenhumas|ninguém|nada|nem|tampouco"
    r"|proib\w+|vedad[oa]s?|impróp\w+|impossív\w+|intransit\w+|insegur\w+|inacessív\w+"
    r"|inadequad[oa]s?|inapropriad[oa]s?|indisponív\w+|inválid\w+|ilegal|ilegais|ilícit\w+"
    r"|inutilizáv\w+|desautorizad\w+|contraindicad\w+)\b"
)
_PT_COMPARES = re.compile(
    r"\b(?:mais|menos|maior|menor|antes|depois)\b.{0,30}?\b(?:d[eoa]s?|que)\b"
    r"|\bultrapass\w+|\bexced\w+"
)
_PT_LIMITS = re.compile(
    r"\b(?:máxim\w+|mínim\w+|até|tardar|limit\w+|menos|antes|apenas|só|somente)\b"
)
_EN_NUMBERED = re.compile(r"\bno\.?\s*(?=\d)", re.IGNORECASE)
_EN_NOT_COUNTED = re.compile(
    r"\b(?:whether\s+)?or\s+not\b|\bif\s+not\b|\bno\s+matter\b|\bwhy\s+not\b|\bnot\s+only\b"
    r"|\bwithout\s+(?:fail|doubt)\b|\bno\s+doubt\b"
)
_EN_DENIES = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|cannot|without|non-\w+)\b"
    r"|\w+n't\b"
    r"|\b(?:unsafe|unfit|unsuitable|unable|unauthori[sz]ed|undrinkable|unusable|impassable"
    r"|impossible|illegal|unlawful|forbidden|prohibit\w*|banned|inaccessible|inedible|invalid"
    r"|disallowed|unavailable|inappropriate|improper|inadequate|insecure)\b"
)
_EN_ALSO_DENIES = re.compile(
    r"\b(?:avoid\w*|refrain\w*|stop|stops|refus\w*|fail|fails|hardly|barely|closed"
    r"|un(?!der|til|it|i[ov]|ion|less|cle|com|iv)\w{4,})\b"
)
_EN_LACKS = re.compile(
    r"\b(?:out|off|down|cut|lack\w*|missing|lost|free|\w+less|un\w{4,}|alone)\b"
)
_EN_COMPARES = re.compile(
    r"\b(?:more|less|fewer|later|earlier|longer|sooner|farther|further|closer|larger|greater"
    r"|higher|lower)\s+(?:\w+\s+){0,3}than\b"
    r"|\bexceed\w*\b|\b(?:over|above|below|under|beyond|before|until|after)\s+\w"
)
_EN_LIMITS = re.compile(
    r"\b(?:at most|maximum|max|up to|only|within|limit\w*|by|before|until|till|at least|minimum"
    r"|just|less than|fewer than|under|below)\b"
)


def is_kept(portuguese: str, english: str) -> bool:
    """Tell whether the translation denies where the message denies, and nowhere else."""
    left = _clauses(portuguese[:MAX_CHARACTERS])
    right = _clauses(_EN_NUMBERED.sub("number ", english[:MAX_CHARACTERS]))
    if len(left) != len(right):
        left, right = [" ".join(left)], [" ".join(right)]
    return all(_agrees(sense_of(a), b) for a, b in zip(left, right, strict=True))


def sense_of(clause: str) -> Sense:
    """Say what one Portuguese clause asks of its translation."""
    text = _lowered(clause)
    if _PT_EITHER_WAY.search(text):
        return Sense.FREE
    text = _PT_NOT_COUNTED.sub(" ", text)
    if _PT_DENIES.search(text):
        return Sense.LIMITS if _PT_COMPARES.search(text) else Sense.DENIES
    if _PT_FREE.search(text):
        return Sense.FREE
    if re.search(r"\bsem\b", text):
        return Sense.LACKS
    return Sense.AT_MOST if _PT_LIMITS.search(text) else Sense.PLAIN


def _agrees(sense: Sense, english: str) -> bool:
    text = _EN_NOT_COUNTED.sub(" ", _lowered(english))
    denies = _EN_DENIES.search(text) is not None
    match sense:
        case Sense.PLAIN:
            return not denies
        case Sense.AT_MOST:
            return not denies or _EN_COMPARES.search(text) is not None
        case Sense.DENIES:
            return denies or _EN_ALSO_DENIES.search(text) is not None
        case Sense.LACKS:
            return denies or _EN_LACKS.search(text) is not None
        case Sense.LIMITS:
            return denies or _EN_LIMITS.search(text) is not None
        case Sense.FREE:
            return True


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if part.strip()]


def _lowered(text: str) -> str:
    return text.casefold().replace("’", "'").replace("‘", "'")
