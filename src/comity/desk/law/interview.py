# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An interview about a profile on disk: each answer is written at once, and can be undone."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from comity.desk.law.duties import Inquiry, library_for, situation_for
from comity.errors import Fault, InvalidDocument
from comity.files.amendment import Amendment, ProfileFile
from comity.files.answer import Sayings, read_sayings
from comity.files.materials.document import read_told
from comity.files.profile import profile_from_toml
from comity.files.text import read_text
from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode
from comity.law.answer import to_plain
from comity.law.fact import Answer, Fact, OpenSet, Silence
from comity.law.interview import Agenda, Question, agenda
from comity.law.pack import Library
from comity.law.profile import Profile
from comity.law.situation import answer_in_words
from comity.law.told import Weighed, joined, weigh


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What became of what documents say of one fact.

    Args:
        outcome: "answered", "agrees" with the profile, "kept" the profile's own answer, or
            "refused" because it contradicts the profile's other answers.
        kept: The profile's own answer in words, where it was kept.
    """

    weighed: Weighed
    outcome: str
    kept: str = ""

    def to_json(self, facts: Mapping[str, Fact]) -> Json:
        """Write it as plain JSON values."""
        weighed = self.weighed
        return {
            "fact": weighed.fact,
            "market": weighed.market,
            "answer": to_plain(facts[weighed.fact], weighed.answer),
            "outcome": self.outcome,
            "kept": self.kept,
            "note": weighed.note,
            "evidence": weighed.evidence,
        }


@dataclass(slots=True, kw_only=True)
class Interview:
    """What has been asked and answered.

    Args:
        skipped: Facts not to be asked about again before the interview ends.
        steps: The facts of each step that was written, the first step first.
    """

    inquiry: Inquiry
    library: Library
    file: ProfileFile
    profile: Profile
    skipped: set[str] = field(default_factory=set)
    steps: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts that can be asked about."""
        return self.library.vocabulary.facts

    def agenda(self, limit: int = 1) -> Agenda:
        """Return what is open, and the questions that settle most."""
        situation = situation_for(self.profile, self.inquiry)
        return agenda(situation, limit=limit, skipped=frozenset(self.skipped))

    def answer(self, fact: str, answers: Mapping[MarketCode | None, Answer]) -> None:
        """Write an answer, for all markets (None) or for single ones, as one step.

        Raises:
            InvalidDocument: It contradicts the other answers, or the file has no room for
                it; nothing was written.
            Conflict: Somebody else has changed the file meanwhile.
            StorageFailed: The disk refused.
        """
        self._save(
            [self._amendment(fact, answer, market) for market, answer in answers.items()]
        )
        if any(isinstance(answer, OpenSet) for answer in answers.values()):
            self.skipped.add(fact)

    def not_known(self, question: Question) -> None:
        """Note that nobody knows; what is known of a set in part stays known."""
        partly = any(
            isinstance(
                self.profile.answers_in(market, self._facts_on).get(question.fact), OpenSet
            )
            for market in question.markets
        )
        if partly:
            self.skipped.add(question.fact)
        else:
            self.answer(question.fact, {None: Silence.NOT_KNOWN})

    def undo(self) -> tuple[str, ...]:
        """Take the last step back and return its facts; () where there is none.

        Raises:
            Conflict: Somebody else has changed the file meanwhile.
            StorageFailed: The disk refused.
        """
        if not self.steps:
            return ()
        self.file.undo()
        self.profile = self._read(self.file.text)
        facts = self.steps.pop()
        self.skipped.difference_update(facts)
        return facts

    def take_in(self, documents: Sequence[Path]) -> tuple[TakenIn, ...]:
        """Answer from documents what nobody has answered, as one step.

        The author's own answers stand. What documents say against each other is disputed.

        Raises:
            NotFound: No such document.
            InvalidDocument: A document that cannot be read; nothing was written.
        """
        told = [each for path in documents for each in read_told(path, self.facts)]
        found: list[TakenIn] = []
        amendments: list[Amendment] = []
        for weighed in weigh(told):
            taken, amendment = self._weighed_against(weighed)
            if amendment is not None:
                try:
                    self._read(self.file.draft([*amendments, amendment]))
                    amendments.append(amendment)
                except InvalidDocument as error:
                    said = "; ".join(fault.message for fault in error.faults)
                    taken = TakenIn(weighed=weighed, outcome="refused", kept=said)
            found.append(taken)
        if amendments:
            self._save(amendments)
        return tuple(found)

    def _weighed_against(self, weighed: Weighed) -> tuple[TakenIn, Amendment | None]:
        """Hold what documents say against what the profile says."""
        own = self._own(weighed.fact, weighed.market)
        silent = own is Silence.NOT_ASKED or own is Silence.NOT_KNOWN
        answer = weighed.answer if silent else joined(own, weighed.answer)
        if not silent and (answer == own or own is Silence.DISPUTED):
            return TakenIn(weighed=weighed, outcome="agrees"), None
        if not silent and answer is Silence.DISPUTED:
            kept = answer_in_words(own)
            return TakenIn(weighed=weighed, outcome="kept", kept=kept), None
        amendment = self._amendment(weighed.fact, answer, weighed.market)
        cited = replace(amendment, note=weighed.note, evidence=weighed.evidence)
        return TakenIn(weighed=weighed, outcome="answered"), cited

    def _own(self, fact: str, market: MarketCode | None) -> Answer:
        if market is not None:
            answers = self.profile.answers_in(market, self._facts_on)
        else:
            answers = dict(self.profile.as_of(self._facts_on).answers)
        return answers.get(fact, Silence.NOT_ASKED)

    @property
    def _facts_on(self) -> dt.date:
        return self.inquiry.facts_on or self.inquiry.on

    def _amendment(self, fact: str, answer: Answer, market: MarketCode | None) -> Amendment:
        return Amendment(
            fact=self.facts[fact], answer=answer, facts_on=self._facts_on, market=market
        )

    def _save(self, amendments: Sequence[Amendment]) -> None:
        text = self.file.draft(amendments)
        profile = self._read(text)
        situation_for(profile, self.inquiry)
        self.file.save(text)
        self.profile = profile
        self.steps.append(tuple(dict.fromkeys(str(each.fact.name) for each in amendments)))

    def _read(self, text: str) -> Profile:
        return profile_from_toml(text, self.library, source=str(self.file.path))


def open_interview(path: Path, inquiry: Inquiry) -> Interview:
    """Begin, or go on with, an interview about a profile.

    Raises:
        NotFound: No such profile.
        InvalidDocument: A profile with faults, an unknown market, or nobody said in whose
            place the questions are answered (code `law.role`).
    """
    library = library_for(inquiry)
    file = ProfileFile.open(path)
    profile = profile_from_toml(file.text, library, source=str(path))
    if not (inquiry.roles or profile.roles):
        message = "nobody said what you are to the system, so that every norm stays open"
        raise InvalidDocument(
            message,
            code="law.role",
            hint='write roles = ["provider"] into the profile, or ask with --role provider',
            faults=[Fault(message=message)],
        )
    situation_for(profile, inquiry)
    return Interview(inquiry=inquiry, library=library, file=file, profile=profile)


def read_batch(path: Path, interview: Interview) -> Sayings:
    """Read answers prepared beforehand: a TOML file with `[facts]` as in a profile.

    Raises:
        NotFound: No such file.
        InvalidDocument: Any fault in it; all are listed with their places.
    """
    return read_sayings(read_text(path, "batch"), interview.library, source=str(path))


def prepared(sayings: Sayings, fact: str) -> dict[MarketCode | None, Answer]:
    """Return what was prepared for a fact, by market; None stands for all."""
    found: dict[MarketCode | None, Answer] = {}
    if fact in sayings.answers:
        found[None] = sayings.answers[fact]
    for market, answers in sayings.in_market.items():
        if fact in answers:
            found[market] = answers[fact]
    return found


def unasked(sayings: Sayings, asked: Iterable[str]) -> tuple[str, ...]:
    """Return the facts that were prepared and that no question asked for."""
    every = {*sayings.answers}.union(*sayings.in_market.values())
    return tuple(sorted(every.difference(asked)))
