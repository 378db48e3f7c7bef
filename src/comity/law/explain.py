# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Explaining one ruling: every clause, its truth, and the answers it comes from."""

from dataclasses import dataclass

from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode
from comity.kernel.truth import Truth
from comity.law.condition import And, Not, Or, Ref
from comity.law.determine import Determination, Ruling
from comity.law.fact import Fact, Silence
from comity.law.phrase import in_words
from comity.law.reason import Trace, Tracer, names_in
from comity.law.situation import answer_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One clause of a condition, in words, with its truth and the steps below it.

    Args:
        answers: "fact = answer" for each fact an atom names, with the axiom it follows
            from where nobody answered it.
        label: The definition's label, the exception's number, or "".
    """

    says: str
    truth: Truth
    label: str = ""
    answers: tuple[str, ...] = ()
    parts: tuple["Step", ...] = ()

    def to_json(self) -> Json:
        """Write the step as plain JSON values."""
        return {
            "says": self.says,
            "holds": self.truth.value,
            "label": self.label,
            "answers": list(self.answers),
            "parts": [part.to_json() for part in self.parts],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A ruling with the whole trace of its scope and of each exception."""

    ruling: Ruling
    scope: Step
    exceptions: tuple[Step, ...]

    def to_json(self) -> Json:
        """Write the explanation as plain JSON values."""
        return {
            "norm": self.ruling.norm.name,
            "market": self.ruling.market,
            "role": None if self.ruling.role is None else self.ruling.role.value,
            "status": self.ruling.status.value,
            "scope": self.scope.to_json(),
            "unless": [step.to_json() for step in self.exceptions],
        }


def explain(determination: Determination, ruling: Ruling) -> Explanation:
    """Return why a ruling is what it is, down to the last clause."""
    closure = determination.closures[ruling.market]
    library = determination.library
    tracer = Tracer(answers=closure.answers, meanings=library.meanings)
    teller = _Teller(determination=determination, market=ruling.market)
    return Explanation(
        ruling=ruling,
        scope=teller.tell(tracer.trace(ruling.norm.when)),
        exceptions=tuple(teller.tell(tracer.trace(each)) for each in ruling.norm.unless),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    determination: Determination
    market: MarketCode

    def tell(self, trace: Trace) -> Step:
        """Put a trace into words."""
        facts: dict[str, Fact] = {**self.determination.library.vocabulary.facts}
        match trace.condition:
            case And(parts):
                says = "all of these" if parts else "always"
                return self._group(says, trace)
            case Or():
                return self._group("any of these", trace)
            case Not():
                return self._group("not", trace)
            case Ref(name):
                label = self.determination.library.definitions[name].label.in_language("en")
                meaning = tuple(map(self.tell, trace.parts))
                return Step(says=name, truth=trace.truth, label=label, parts=meaning)
            case atom:
                said = tuple(self._answer(name) for name in names_in(atom))
                return Step(says=in_words(atom, facts), truth=trace.truth, answers=said)

    def _group(self, says: str, trace: Trace) -> Step:
        parts = tuple(self.tell(part) for part in trace.parts)
        return Step(says=says, truth=trace.truth, parts=parts)

    def _answer(self, name: str) -> str:
        situation, market = self.determination.situation, self.market
        closure = situation.closures[market]
        said = f"{name} = {answer_in_words(closure.answers.get(name, Silence.NOT_ASKED))}"
        derived = closure.derived.get(name)
        if derived is not None:
            return f"{said} (follows from {derived.rule})"
        beside = (
            [" (as its author says)"] if situation.said_not_applicable(market, name) else []
        )
        remark = situation.profile.remark_on(name, market, situation.facts_on)
        if remark is not None:
            beside += [f"; {text}" for text in (remark.note, remark.evidence) if text]
        return said + "".join(beside)
