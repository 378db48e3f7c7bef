# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rules at the desk: list them, show one, check one for a body, try one on votes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comity.council.body.body import Body, floor_of
from comity.council.rule.check import refuse_flawed
from comity.council.rule.codec import digest_of, to_whole_json
from comity.council.rule.explain import explain_procedure
from comity.council.rule.floor import Answer, Floor
from comity.council.rule.outcome import Outcome, Stage, State, settle
from comity.council.rule.procedure import Procedure
from comity.files.body import get_body
from comity.files.rule import RULES, RuleFile, get_rule, shipped_rules
from comity.files.rulehistory import Decision, get_history
from comity.files.ruletext import to_toml
from comity.files.text import read_text
from comity.files.votes import read_votes
from comity.kernel.canonical import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One decision of record, or real votes taken under another rule, decided by this one.

    Args:
        counts: How many gave each answer.
    """

    decision: Decision
    outcome: Outcome
    counts: tuple[tuple[Answer, int], ...]

    @property
    def agrees(self) -> bool:
        """Tell whether the rule comes to what is on record."""
        return self.outcome.state is self.decision.result

    @property
    def recorded(self) -> str:
        """Return what is on record under this rule; "" for votes taken under another."""
        return "" if self.decision.taken_under else self.decision.result.value

    def to_json(self) -> dict[str, object]:
        """Return it as plain values."""
        on = self.decision.on
        return {
            "name": self.decision.name,
            "on": None if on is None else on.isoformat(),
            "counts": {answer.value: count for answer, count in self.counts},
            "taken_under": self.decision.taken_under or None,
            "recorded": self.recorded or None,
            "decided": self.outcome.state.value,
            "agrees": self.agrees,
            "example": self.decision.is_example,
            "source": self.decision.source,
            "basis": self.decision.basis.value,
            "note": self.decision.note,
            "flip": None if self.outcome.flip is None else self.outcome.flip.words(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSheet:
    """A rule with its sentence, its digest and the decisions it is tested by."""

    rule: RuleFile
    words: str
    sha256: str
    replayed: tuple[Replayed, ...] = ()
    gaps: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "slug": self.rule.slug,
            "title": self.rule.title,
            "about": self.rule.about,
            "body": self.rule.body,
            "words": self.words,
            "sha256": self.sha256,
            **to_whole_json(self.rule.procedure),
            "cautions": list(self.rule.cautions),
            "sources": [
                {"article": each.article, "source": each.source, "basis": each.basis.value}
                for each in self.rule.sources
            ],
            "replayed": [each.to_json() for each in self.replayed],
            "gaps": list(self.gaps),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSheet:
    """What a rule makes of a file of votes.

    Args:
        cautions: What the file left open, and how it was taken.
    """

    rule: RuleFile
    words: str
    floor: Floor
    outcome: Outcome
    cautions: tuple[str, ...]

    @property
    def counts(self) -> tuple[tuple[Answer, int], ...]:
        """Return how many gave each answer."""
        return _counts(self.floor)

    def to_json(self) -> dict[str, object]:
        """Return it as plain values."""
        flip = self.outcome.flip
        return {
            "rule": self.rule.slug,
            "words": self.words,
            "sha256": digest_of(self.rule.procedure).hex(),
            "seats": len(self.floor.seats),
            "counts": {answer.value: count for answer, count in self.counts},
            "answers": {s: self.floor.answer(s).value for s in sorted(self.floor.seats)},
            **self.outcome.to_json(),
            "flip_in_words": None if flip is None else flip.words(),
            "cautions": list(self.cautions),
        }


def rule_sheets() -> tuple[RuleSheet, ...]:
    """Return the rules that come with Comity, without their decisions."""
    return tuple(_sheet(rule) for rule in shipped_rules())


def rule_sheet(name: str) -> RuleSheet:
    """Return a rule with the decisions of record, each decided again.

    Raises:
        NotFound: No such rule.
        InvalidDocument: It has faults; all are listed.
    """
    rule = get_rule(name)
    is_shipped = rule == _shipped(name)
    if not is_shipped:
        return _sheet(rule)
    history = get_history(name)
    replayed = tuple(_replay(rule.procedure, each) for each in history.decisions)
    return _sheet(rule, replayed=replayed, gaps=history.gaps)


def check_rule(name: str, body: str | None = None) -> RuleSheet:
    """Check a rule, for a body where one is given.

    Raises:
        NotFound: No such rule or body.
        InvalidDocument: Faults of the file, or flaws of the rule (`council.rule_flaw`), all
            listed, those of the rule each with an example.
    """
    rule = get_rule(name)
    floor = None if body is None else floor_of(get_body(body))
    refuse_flawed(rule.procedure, floor, source=name)
    return _sheet(rule)


def try_rule(
    name: str, votes: Path, *, body: str | None = None, stage: Stage = Stage.SILENCE
) -> TrialSheet:
    """Decide a file of votes by a rule.

    Args:
        body: Who has a seat; without it, the seats of the file.

    Raises:
        NotFound: No such rule, body or file.
        InvalidDocument: Faults of any of them, or a rule that cannot be used on these seats.
    """
    rule = get_rule(name)
    seated: Body | None = None if body is None else get_body(body)
    read = read_votes(votes, seated)
    refuse_flawed(rule.procedure, read.floor, source=name)
    outcome = settle(
        rule.procedure, read.floor, stage=stage, unreasoned=tuple(sorted(read.unreasoned))
    )
    return TrialSheet(
        rule=rule,
        words=explain_procedure(rule.procedure),
        floor=read.floor,
        outcome=outcome,
        cautions=tuple(_cautions(rule, outcome, has_reasons=read.has_reasons)),
    )


def rule_text(name: str) -> str:
    """Return a rule as TOML: a shipped one as it is, one's own written anew.

    Raises:
        NotFound: No such rule.
        InvalidDocument: It has faults; all are listed.
    """
    rule = get_rule(name)
    path = RULES / f"{name}.toml"
    return read_text(path, "rule") if rule == _shipped(name) else to_toml(rule)


def rule_json(name: str) -> dict[str, Json]:
    """Return a rule as a proposal says it: `rule` and, where it says more, `procedure`.

    Raises:
        NotFound: No such rule.
        InvalidDocument: It has faults; all are listed.
    """
    return to_whole_json(get_rule(name).procedure)


def _shipped(name: str) -> RuleFile | None:
    is_slug = name.replace("-", "").isalnum() and (RULES / f"{name}.toml").is_file()
    return get_rule(name) if is_slug else None


def _sheet(
    rule: RuleFile, *, replayed: tuple[Replayed, ...] = (), gaps: tuple[str, ...] = ()
) -> RuleSheet:
    return RuleSheet(
        rule=rule,
        words=explain_procedure(rule.procedure),
        sha256=digest_of(rule.procedure).hex(),
        replayed=replayed,
        gaps=gaps,
    )


def _replay(procedure: Procedure, decision: Decision) -> Replayed:
    outcome = settle(procedure, decision.floor, stage=decision.stage)
    return Replayed(decision=decision, outcome=outcome, counts=_counts(decision.floor))


def _counts(floor: Floor) -> tuple[tuple[Answer, int], ...]:
    said = [floor.answer(seat) for seat in floor.seats]
    return tuple((answer, said.count(answer)) for answer in Answer if answer in said)


def _cautions(rule: RuleFile, outcome: Outcome, *, has_reasons: bool) -> Iterator[str]:
    if rule.procedure.negative_needs_reason and not has_reasons:
        yield "the file has no column `reason`: every no and objection was taken as reasoned"
    if outcome.set_aside:
        seats = ", ".join(outcome.set_aside)
        yield f"without a reason, so taken as abstentions: {seats}"
    if outcome.state is State.SILENCE_BROKEN:
        yield "silence is broken and a vote follows; decide it with --stage vote"
