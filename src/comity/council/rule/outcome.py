# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a procedure makes of a floor: a state, why, what abstention did, what would flip it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import assert_never

from comity.council.rule.decide import Reason, decide
from comity.council.rule.explain import explain
from comity.council.rule.flip import Flip, find_flip
from comity.council.rule.floor import Answer, Floor
from comity.council.rule.goal import spread
from comity.council.rule.nearest import SAYABLE
from comity.council.rule.procedure import OnBreak, Procedure, Silence
from comity.council.rule.rule import AGAINST, Across, All, AtLeast, Leaf, Not, Rule, Share
from comity.council.rule.wording import EN
from comity.kernel.canonical import Json


class State(Enum):
    """What became of a question."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"
    SILENCE_HELD = "silence_held"
    SILENCE_BROKEN = "silence_broken"
    EXTENDED = "extended"

    @property
    def is_adopted(self) -> bool:
        """Tell whether the text stands."""
        return self in {State.ADOPTED, State.SILENCE_HELD}


class Stage(Enum):
    """How far a procedure under silence has come; without silence there is only the vote."""

    SILENCE = "silence"
    EXTENDED = "extended"
    VOTE = "vote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A result with what an official asks about it.

    Args:
        reason: The rule that decided: the one that adopts, or the one that breaks silence.
        quorum: None where none is asked or silence decided.
        bases: A sentence for each share: of what it was taken.
        abstention: What abstaining did, in sentences; empty where nobody abstained.
        set_aside: Seats whose no had no reason and so became an abstention.
        flip: None where it was not asked for.
    """

    state: State
    reason: Reason
    quorum: Reason | None
    bases: tuple[str, ...]
    abstention: str
    flip: Flip | None
    set_aside: tuple[str, ...] = ()

    @property
    def is_adopted(self) -> bool:
        """Tell whether the text stands."""
        return self.state.is_adopted

    def to_json(self) -> dict[str, Json]:
        """Return the result as plain values."""
        return {
            "state": self.state.value,
            "adopted": self.is_adopted,
            "reason": to_reason_json(self.reason),
            "quorum": None if self.quorum is None else to_reason_json(self.quorum),
            "bases": list(self.bases),
            "abstention": self.abstention,
            "set_aside": list(self.set_aside),
            "flip": None if self.flip is None else self.flip.to_json(),
        }


def to_reason_json(reason: Reason) -> dict[str, Json]:
    """Write why a part holds or not."""
    written: dict[str, Json] = {"passed": reason.passed, "words": reason.words}
    if reason.counted is not None:
        written["counted"] = reason.counted
    if reason.base is not None:
        written["base"] = reason.base
    if reason.parts:
        written["parts"] = [to_reason_json(part) for part in reason.parts]
    return written


def settle(
    procedure: Procedure,
    floor: Floor,
    *,
    stage: Stage = Stage.SILENCE,
    unreasoned: Collection[str] = (),
    may: Sequence[Answer] | None = SAYABLE,
) -> Outcome:
    """Say what a procedure makes of what was said.

    A quorum is asked of a vote only: silence is nobody's presence. Silence broken in its
    extended period leads to the vote.

    Args:
        stage: Ignored without silence.
        unreasoned: Seats whose no or objection came without a reason.
        may: What a seat may say, for the flip; None to leave the flip out.
    """
    aside = _set_aside(procedure, floor, unreasoned)
    floor = replace(floor, answers={**floor.answers, **dict.fromkeys(aside, Answer.ABSTAIN)})
    silence = None if stage is Stage.VOTE else procedure.silence
    asked = _asked(procedure, silence)
    reason = decide(silence.broken_by if silence else procedure.adopts, floor)
    has_quorum = silence is None and procedure.quorum is not None
    quorum = decide(procedure.quorum, floor) if has_quorum and procedure.quorum else None
    return Outcome(
        state=_state(silence, stage, reason, quorum),
        reason=reason,
        quorum=quorum,
        bases=tuple(_bases(asked, floor)),
        abstention=" ".join(_abstention(asked, floor)),
        flip=None if may is None else find_flip(asked, floor, may),
        set_aside=aside,
    )


def _set_aside(
    procedure: Procedure, floor: Floor, unreasoned: Collection[str]
) -> tuple[str, ...]:
    if not procedure.negative_needs_reason:
        return ()
    seats = (seat for seat in unreasoned if seat in floor.seats)
    return tuple(sorted(seat for seat in seats if floor.answer(seat) in AGAINST))


def _asked(procedure: Procedure, silence: Silence | None) -> Rule:
    """Return the one rule whose truth decides, the quorum in it."""
    if silence is not None:
        return silence.broken_by
    if procedure.quorum is None:
        return procedure.adopts
    return All(parts=(procedure.quorum, procedure.adopts))


def _state(
    silence: Silence | None, stage: Stage, reason: Reason, quorum: Reason | None
) -> State:
    if silence is None:
        if quorum is not None and not quorum.passed:
            return State.NO_QUORUM
        return State.ADOPTED if reason.passed else State.REJECTED
    if not reason.passed:
        return State.SILENCE_HELD
    match silence.on_break:
        case OnBreak.FAIL:
            return State.REJECTED
        case OnBreak.EXTEND if stage is Stage.SILENCE:
            return State.EXTENDED
        case OnBreak.EXTEND | OnBreak.VOTE:
            return State.SILENCE_BROKEN
        case _:
            assert_never(silence.on_break)


def leaves(rule: Rule, floor: Floor) -> Iterator[Leaf]:
    """Yield every count of a rule, those within each group of a family by themselves."""
    match rule:
        case Leaf():
            yield rule
        case All(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from leaves(part, floor)
        case Not(part=part):
            yield from leaves(part, floor)
        case Across():
            yield from spread(rule, floor)
        case _:
            assert_never(rule)


def _bases(rule: Rule, floor: Floor) -> Iterator[str]:
    for leaf in dict.fromkeys(leaves(rule, floor)):
        if isinstance(leaf.need, Share):
            reason = decide(leaf, floor)
            base = EN.bases[leaf.need.of]
            where = f" in {leaf.within.partition(':')[2] or leaf.within}" if leaf.within else ""
            of = f"the {leaf.by.replace('_', ' ')} of {base}" if leaf.by else base
            empty = "; nobody is in it, so the share is not reached" if not reason.base else ""
            yield f"{reason.counted} of {reason.base}: the base is {of}{where}{empty}."


def _abstention(rule: Rule, floor: Floor) -> Iterator[str]:
    abstained = [seat for seat in floor.seats if floor.answer(seat) is Answer.ABSTAIN]
    if not abstained:
        return
    one = len(abstained) == 1
    yield f"{len(abstained)} member{'' if one else 's'} abstained."
    effects: dict[str, list[str]] = {}
    for leaf in dict.fromkeys(leaves(rule, floor)):
        said = _effect(leaf, floor)
        if said is not None:
            effects.setdefault(said, []).append(f"“{explain(leaf)}”")
    for said, parts in effects.items():
        yield f"{said} {' and '.join(parts)}."
    passed = decide(rule, floor).passed
    for answer, word in ((Answer.YES, "yes"), (Answer.NO, "no")):
        answers = {**floor.answers, **dict.fromkeys(abstained, answer)}
        if decide(rule, replace(floor, answers=answers)).passed is not passed:
            subject = "it" if one else "they all"
            yield f"Had {subject} said {word}, the result would be the other."


def _effect(leaf: Leaf, floor: Floor) -> str | None:
    """Say what an abstention does to a count; None where it was never meant to count there."""
    if not any(floor.answer(seat) is Answer.ABSTAIN for seat in floor.within(leaf.within)):
        return None
    if Answer.ABSTAIN in leaf.count:
        return "That counted towards"
    if not isinstance(leaf.need, Share):
        return "That did not count towards" if Answer.YES in leaf.count else None
    if Answer.ABSTAIN not in leaf.need.of.counts:
        return "That made smaller the base of"
    if Answer.YES not in leaf.count:
        return None
    return "That weighed like a no against"
