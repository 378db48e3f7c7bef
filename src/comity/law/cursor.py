# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A cursor over the tokens of one clause: takes what is expected, or says what is not."""

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException

from comity.errors import Fault, InvalidDocument
from comity.kernel.localtext import LocalText
from comity.law.condition import EXACT, Number, exact_number
from comity.law.lexicon import CLAUSES, LEXICONS
from comity.law.token import Sort, Token

CLAUSE_WORDS = {
    language: frozenset(said for said, word in lexicon.items() if word in CLAUSES)
    for language, lexicon in LEXICONS.items()
}
MAX_DIGITS = 60
"""No fact of this world needs more; a longer number is a slip or an attack."""

_LEAST_PART = 3
_LEAST_BEGINNING = 4

_NUMBER = re.compile(
    r"(?P<stem>\d[\d_]*(?:\.\d+)?)(?:(?:(?P<power>\^)|[eE]\+?)(?P<exponent>\d+))?"
)
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(slots=True, kw_only=True)
class Cursor:
    """A place in a clause; the only thing in this room that changes.

    Args:
        language: Of the block; a text without a tag is in it.
        tokens: Ends with an END token.
        faults: Faults that do not stop the reading of the clause.
    """

    source: str
    language: str = "en"
    tokens: Sequence[Token]
    position: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def token(self) -> Token:
        """The token under the cursor."""
        return self.tokens[self.position]

    @property
    def at_end(self) -> bool:
        """Whether the clause is used up."""
        return self.token.sort is Sort.END

    def fault(
        self, token: Token, message: str, *, word: str = "", known: Iterable[str] = ()
    ) -> Fault:
        """Return a fault at a token, with the near miss of *word* among *known*."""
        near = near_miss(word, known)
        return Fault(
            message=message, line=token.line, column=token.column, near=near, source=self.source
        )

    def stop(
        self, token: Token, message: str, *, word: str = "", known: Iterable[str] = ()
    ) -> InvalidDocument:
        """Return the error that ends the reading of this clause."""
        fault = self.fault(token, message, word=word, known=known)
        return InvalidDocument("not readable", code="law.syntax", faults=[fault])

    def stray(self, token: Token, message: str) -> InvalidDocument:
        """Return the error of a stray word; where it leads its line, a clause was meant."""
        if token.leads:
            message = f"{token} begins no clause"
            return self.stop(token, message, word=token.text, known=CLAUSE_WORDS[self.language])
        if token.keyword in CLAUSES:
            message = f"the clause {token} must begin a line of its own"
        return self.stop(token, message)

    def take(self) -> Token:
        """Return the token under the cursor and step on; the END token stays."""
        token = self.token
        if token.sort is not Sort.END:
            self.position += 1
        return token

    def meets(self, *words: str) -> bool:
        """Tell whether the cursor stands on one of these marks or words of the grammar."""
        token = self.token
        text = token.text if token.sort is Sort.MARK else token.keyword
        return text in words

    def takes(self, *words: str) -> bool:
        """Step over one of these marks or words of the grammar if it stands here."""
        met = self.meets(*words)
        if met:
            self.position += 1
        return met

    def expect(self, mark: str) -> None:
        """Step over a mark that must stand here."""
        if not self.takes(mark):
            raise self.stop(self.token, f"expected {mark!r}, found {self.token}")

    def finish(self) -> None:
        """Refuse anything left over."""
        token = self.token
        if token.sort is Sort.END:
            return
        raise self.stray(token, f"{token} is one word too many here")

    def word(self, what: str) -> Token:
        """Take a word."""
        if self.token.sort is not Sort.WORD:
            raise self.stop(self.token, f"expected {what}, found {self.token}")
        return self.take()

    def words(self, what: str) -> tuple[Token, ...]:
        """Take one word, or a list of words in square brackets."""
        if not self.takes("["):
            return (self.word(what),)
        found = [self.word(what)]
        while self.takes(","):
            if self.meets("]"):
                break
            found.append(self.word(what))
        self.expect("]")
        return tuple(found)

    def date(self) -> dt.date:
        """Take a date."""
        token = self.token
        if token.sort is not Sort.DATE:
            raise self.stop(token, f"expected a date like 2026-08-02, found {token}")
        try:
            date = dt.date.fromisoformat(token.text)
        except ValueError:
            raise self.stop(token, f"no calendar has the day {token.text}") from None
        self.take()
        return date

    def number(self) -> Number:
        """Take an exact number: 500, 0.5, 1_000_000, 10^25 or 3e23."""
        token = self.token
        if token.sort is not Sort.NUMBER:
            raise self.stop(token, f"expected a number, found {token}")
        value = number_from(token.text)
        if value is None:
            raise self.stop(token, f"{token} is not a number of at most {MAX_DIGITS} digits")
        self.take()
        return value

    def text(self) -> str:
        """Take one text, or several that follow each other and are joined by a space."""
        parts: list[str] = []
        while self.token.sort is Sort.TEXT:
            parts.append(self.take().text)
        if not parts:
            raise self.stop(self.token, f"expected a text in double quotes, found {self.token}")
        return " ".join(parts)

    def local_text(self) -> LocalText:
        """Take a text in the language of the block, then others, each after its tag."""
        by_tag = {self.language: self.text()}
        while not self.at_end:
            token = self.word("a language tag such as zh")
            if not _TAG.fullmatch(token.text):
                raise self.stray(token, f"{token} is not a language tag such as zh")
            if token.text in by_tag:
                raise self.stop(token, f"the text in {token} stands twice")
            by_tag[token.text] = self.text()
        return LocalText(by_tag=by_tag)


def near_miss(word: str, known: Iterable[str]) -> str | None:
    """Return the known word nearest to a slip of the pen, if one is near.

    Near is a word spelled alike, capitals aside; else the shortest that has *word* for one of
    its parts (`solas` in `solas-1974`), or that begins as most of it does (`ratify` as
    `ratification`).
    """
    if not word:
        return None
    said, spelled = (
        word.casefold(),
        {one.casefold(): one for one in sorted(known, reverse=True)},
    )
    found = difflib.get_close_matches(said, sorted(spelled), 1, 0.7)
    found = found or _of_parts(said, spelled) or _of_beginnings(said, spelled)
    return spelled[found[0]] if found else None


def _of_parts(said: str, known: Iterable[str]) -> list[str]:
    if len(said) < _LEAST_PART:
        return []
    part = re.compile(rf"(?<![^\W_]){re.escape(said)}(?![^\W_])")
    return sorted((one for one in known if part.search(one)), key=len)[:1]


def _of_beginnings(said: str, known: Iterable[str]) -> list[str]:
    alike = {one: _shared(said, one) for one in known}
    least = max(_LEAST_BEGINNING, -(-2 * len(said) // 3))
    near = [one for one, length in alike.items() if length >= least]
    return sorted(near, key=lambda one: (-alike[one], len(one), one))[:1]


def _shared(one: str, other: str) -> int:
    """Return with how many letters two words begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def number_from(text: str) -> Number | None:
    """Read an exact number, or return None: `10^25` is the power, `3e23` is 3 * 10^23."""
    found = _NUMBER.fullmatch(text)
    if found is None or len(text) > 2 * MAX_DIGITS:
        return None
    stem, exponent = found["stem"].replace("_", ""), found["exponent"]
    if exponent is not None and len(exponent) > 3:
        return None
    try:
        value = Decimal(stem)
        if found["power"]:
            return _power(value, int(exponent))
        value = EXACT.scaleb(value, Decimal(int(exponent or 0)))
    except DecimalException:
        return None
    return exact_number(value) if _is_modest(value) else None


def _power(base: Decimal, exponent: int) -> Number | None:
    if base != base.to_integral_value() or len(str(base)) * exponent > 3 * MAX_DIGITS:
        return None
    value = int(base) ** exponent
    return value if len(str(value)) <= MAX_DIGITS else None


def _is_modest(value: Decimal) -> bool:
    digits = value.as_tuple()
    places = -digits.exponent if isinstance(digits.exponent, int) else MAX_DIGITS
    return (
        places < MAX_DIGITS
        and value.adjusted() < MAX_DIGITS
        and len(digits.digits) <= MAX_DIGITS
    )
