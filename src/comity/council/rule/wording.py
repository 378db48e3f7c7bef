# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The words rules explain themselves in: one table a language, so that pages can translate."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from comity.council.rule.floor import Answer, Base
from comity.council.rule.rule import AGAINST, ATTENDING, IN_FAVOUR, NOT_IN_FAVOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One language's words.

    Args:
        bases: How a base is named after "of".
        said: What several seats do, and what one does, for the sets of answers with a name.
        those: Who did so, as the subject of a sentence on weights.
        answers: Each answer as a verb of several.
        shares: Fractions that have a name.
        numbers: Names of the whole numbers from 0.
        phrases: Templates, by what they say.
    """

    bases: Mapping[Base, str]
    said: Mapping[frozenset[Answer], tuple[str, str]]
    those: Mapping[frozenset[Answer], str]
    answers: Mapping[Answer, str]
    shares: Mapping[Fraction, str]
    numbers: tuple[str, ...]
    phrases: Mapping[str, str]

    def say(self, phrase: str, **words: object) -> str:
        """Fill a template."""
        return self.phrases[phrase].format(**words)

    def number(self, value: int) -> str:
        """Write a whole number, in letters where it is small."""
        return self.numbers[value] if 0 <= value < len(self.numbers) else str(value)

    def share(self, share: Fraction) -> str:
        """Write a share exactly: by its name, in percent of one decimal, or as a fraction."""
        if share in self.shares:
            return self.shares[share]
        tenths = share * 1000
        if tenths.denominator == 1:
            return f"{float(share) * 100:g} %"
        return str(share)


_OBJECTING = frozenset({Answer.OBJECT})
_SILENT = frozenset({Answer.SILENT})

EN = Wording(
    bases={
        Base.MEMBERS: "the members",
        Base.PRESENT: "those present",
        Base.CAST: "the votes cast",
        Base.YES_AND_NO: "the votes for and against",
    },
    said={
        IN_FAVOUR: ("are in favour", "is in favour"),
        AGAINST: ("are against", "is against"),
        NOT_IN_FAVOUR: ("are not in favour", "is not in favour"),
        ATTENDING: ("are present", "is present"),
        _OBJECTING: ("object", "objects"),
        _SILENT: ("are silent", "is silent"),
    },
    those={
        IN_FAVOUR: "those in favour",
        AGAINST: "those against",
        NOT_IN_FAVOUR: "those not in favour",
        ATTENDING: "those present",
        _OBJECTING: "those who object",
        _SILENT: "those silent",
    },
    answers={
        Answer.YES: "say yes",
        Answer.NO: "say no",
        Answer.OBJECT: "object",
        Answer.ABSTAIN: "abstain",
        Answer.RECUSED: "stand aside",
        Answer.PRESENT: "are present only",
        Answer.VOID: "cast a void ballot",
        Answer.SILENT: "are silent",
    },
    shares={
        Fraction(1): "all",
        Fraction(1, 2): "half",
        Fraction(1, 3): "a third",
        Fraction(2, 3): "two thirds",
        Fraction(1, 4): "a quarter",
        Fraction(3, 4): "three quarters",
        Fraction(1, 5): "a fifth",
        Fraction(2, 5): "two fifths",
        Fraction(3, 5): "three fifths",
        Fraction(4, 5): "four fifths",
        Fraction(1, 6): "a sixth",
        Fraction(5, 6): "five sixths",
    },
    numbers=(
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ),
    phrases={
        "more than": "more than {amount}",
        "at least": "at least {amount}",
        "at most": "at most {amount}",
        "less than": "less than {amount}",
        "not all": "not {amount}",
        "of base": "{amount} of {base}{where} {said}",
        "of weight": "{those}{where} carry {amount} of the {weight} of {base}",
        "seats": "{amount} members{where} {said}",
        "seat": "{amount} member{where} {said}",
        "nobody": "nobody{where} {said}",
        "weight": "{those}{where} carry {amount} of {weight}",
        "fewer than": "fewer than {amount}",
        "in region": " in {group}",
        "in group": " among “{group}”",
        "or": " or ",
        "and": " and ",
        "who": "those who {said}",
        "of several": "at least {count} of these {parts} hold: {inner}",
        "not": "it does not hold that {inner}",
        "everywhere": "in every {family}, {inner}",
        "all but": "in every {family} but {missing}, {inner}",
        "always": "whatever is said",
        "adopted": "Adopted when {adopts}",
        "quorum": "; nothing is adopted by vote unless {quorum}",
        "silent":
            "Adopted unless silence is broken within {period}: it is broken when {broken}",
        "then vote": ", and then a vote adopts when {adopts}",
        "then fail": ", and then it fails",
        "then extend":
            ", and then the period is once longer by {extend}, after which a break leads to a "
            "vote that adopts when {adopts}",
        "reasons": "; a no or an objection without a reason counts as an abstention",
        "at close": "; who is a member when it closes has a seat",
        "keeps departed": "; the seat of one who leaves meanwhile stays in the base",
        "keeps suspended": "; the seat of one suspended meanwhile stays in the base",
        "closes early": "; it closes once nothing said could change it",
        "amendments": "; its text may be amended until {hours} before it closes",
        "reveal": "; ballots are shown from {minutes} minutes before the close",
        "challenge": "; it can be challenged for {days} days",
        "hours": "{count} hours",
        "days": "{count} days",
    },
)  # fmt: skip
"""English."""
