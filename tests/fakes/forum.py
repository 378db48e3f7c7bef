# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the members of the federation in memory do together: consult, sign, differ, assign."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from tests.fakes.world import World

from comity.council.consult.analysis import analyse
from comity.council.consult.consultation import Addition, Consultation, Stratum, Thresholds
from comity.council.consult.document import to_document
from comity.council.consult.opinion import LeftOut, Opinion
from comity.council.consult.outcome import State
from comity.council.consult.picture import Dot, dots_of
from comity.council.consult.result import Result
from comity.council.consult.statement import (
    Conclusion,
    SignedCount,
    to_addition_json,
    to_conclusion_json,
    to_consultation_json,
    to_count_json,
)
from comity.council.consult.votes import Answers, to_votes
from comity.council.instrument.act import Deed
from comity.council.instrument.difference import Stands
from comity.council.instrument.statement import StatedAct, StatedDifference
from comity.council.programme.assignment import Assignment, Institution, to_assignment_json
from comity.council.programme.programme import digest_of
from comity.files.programme import get_programme
from comity.kernel.canonical import Json
from comity.kernel.digest import from_hex, sha256
from comity.kernel.instant import from_rfc3339
from comity.kernel.reference import Reference
from comity.ledger.commitment import AccessClass, commit

OPENS = from_rfc3339("2026-10-01T00:00:00Z")
SIGNED = from_rfc3339("2026-11-20T00:00:00Z")
CLOSES = from_rfc3339("2026-11-21T00:00:00Z")
HOSTILE = "Which messages \u202e <script>alert(1)</script> come first?"
TEXTS = (
    "Warnings are sent in every language of the coast.",
    "Numbers are repeated in words.",
    "A person may always be reached.",
    "Shelters <b>are named</b> first.",
    "Reports are published each month.",
    "Messages are kept for ten years.",
    "One office sends all messages.",
    "Private firms may send warnings.",
)
GROUPS = ("coast", "hills", "river")
LIMITS = Thresholds(least_seen=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """The names tests use.

    Args:
        open: A consultation that nobody has concluded.
        broken: One whose result commits to a document that is not here.
    """

    concluded: Reference
    open: Reference
    broken: Reference


def gather(world: World) -> Forum:
    """Let the members of a federation consult, act, differ and assign; equal on every run."""
    concluded, added = _consult(world, HOSTILE)
    _conclude(world, concluded, added, is_here=True)
    broken, more = _consult(world, "A result without its counts?")
    _conclude(world, broken, more, is_here=False)
    still, _ = _consult(world, "What shall we ask?")
    _instruments(world)
    _programme(world)
    return Forum(concluded=concluded, open=still, broken=broken)


def _consult(world: World, question: str) -> tuple[Reference, Reference]:
    asked = Consultation(
        question=question,
        kind="regions",
        strata=tuple(
            Stratum(name=name, signer=keyset.member)
            for name, keyset in zip(GROUPS, (world.khm, world.khm, world.bra), strict=True)
        ),
        opens=OPENS,
        closes=CLOSES,
        thresholds=LIMITS,
        opinions=tuple(
            Opinion(name=f"o{place}", text=text, language="en")
            for place, text in enumerate(TEXTS)
        ),
    )
    subject = sha256(question.encode())
    where = world.say(world.khm, "consultation", to_consultation_json(asked), subject)
    out = LeftOut(
        name="x", sha256=sha256(b"x"), reason="It names a person.", text="Ask somebody."
    )
    addition = to_addition_json(Addition(added=(), left_out=(out,)), where)
    return where, world.say(world.khm, "opinions", addition, where.sha256)


def _conclude(world: World, asked: Reference, added: Reference, *, is_here: bool) -> None:
    result, dots = answers()
    table = _commitment(b"table")
    votes = []
    for row, name in enumerate(GROUPS):
        count = SignedCount(
            issued=SIGNED,
            consultation=asked,
            stratum=name,
            people=60,
            opinions=result.opinions,
            agree=tuple(result.by_stratum.agree[row].tolist()),
            disagree=tuple(result.by_stratum.disagree[row].tolist()),
            passed=tuple(result.by_stratum.passed[row].tolist()),
            table=table,
        )
        signer = world.bra if name == "river" else world.khm
        predicate = {**to_count_json(count), "issued": "2026-11-20T00:00:00Z"}
        votes.append(world.say(signer, "consultation-votes", predicate, asked.sha256))
    document = to_document(result, dots if is_here else ())
    counts = _commitment(document)
    if is_here:
        world.blobs[from_hex(str(counts["sha256"]))] = document
    conclusion = Conclusion(
        issued=CLOSES,
        consultation=asked,
        votes=tuple(votes),
        additions=(added,),
        people=180,
        states={state: result.in_state(state) for state in State},
        counts=counts,
        labels=table,
    )
    predicate = to_conclusion_json(conclusion)
    world.say(world.khm, "consultation-result", predicate, asked.sha256)


@lru_cache(maxsize=1)
def answers() -> tuple[Result, tuple[Dot, ...]]:
    """Return what 180 people of two minds said, counted."""
    dice = np.random.default_rng(7)
    mind = np.arange(180) % 2
    likes = np.array([[0.95] * 4 + [0.9, 0.1, 0.9, 0.05], [0.95] * 4 + [0.1, 0.9, 0.5, 0.05]])
    person, opinion = np.divmod(np.arange(180 * len(TEXTS)), len(TEXTS))
    said = np.where(dice.random(len(person)) < likes[mind[person], opinion], 1, -1)
    said[dice.random(len(person)) < 0.05] = 0
    given = Answers(
        person=person, opinion=opinion, answer=said, stratum=np.arange(180) // 2 % 3
    )
    names = [f"o{place}" for place in range(len(TEXTS))]
    analysis = analyse(to_votes(names, GROUPS, given), LIMITS)
    return analysis.result, dots_of(analysis)


def _instruments(world: World) -> None:
    acts = (
        (world.khm, StatedAct(
            instrument="waico", deed=Deed.RATIFICATION, on=dt.date(2026, 11, 20),
            provisions=(), text="", is_example=True,
        )),
        (world.bra, StatedAct(
            instrument="iaea-statute", deed=Deed.RESERVATION, on=dt.date(2026, 11, 1),
            provisions=("III",), text="As our law permits.", is_example=True,
        )),
        (world.bra, StatedAct(
            instrument="waico", deed=Deed.RATIFICATION, on=dt.date(2025, 1, 1),
            provisions=(), text="", is_example=True,
        )),
    )  # fmt: skip
    for who, act in acts:
        world.say(who, "instrument-act", act.to_predicate())
    for who, provision, stands in (
        (world.bra, "7", Stands.DIFFERS),
        (world.sgp, "8", Stands.COMPLIES),
        (world.sgp, "999", Stands.COMPLIES),
    ):
        said = StatedDifference(
            instrument="cets-225", provision=provision, stands=stands,
            since=dt.date(2026, 11, 1), text="Within ninety days \u202eonly.", is_example=True,
        )  # fmt: skip
        world.say(who, "difference", said.to_predicate(), sha256(b"cets-225"))


def _programme(world: World) -> None:
    plan = get_programme("action-plan")
    for slug in ("mptc", "misti"):
        one = Assignment(
            member=world.khm.member,
            programme=plan.slug,
            task="8",
            institution=Institution(slug=slug, title=f"Ministry {slug}", of=world.khm.member),
            since=dt.date(2026, 1, 1),
        )
        text = digest_of(plan)
        world.say(
            world.khm, "assignment", {**to_assignment_json(one, text), "example": True}, text
        )


def _commitment(content: bytes) -> dict[str, Json]:
    found, _ = commit(
        bytes(16), sha256(content), size=len(content), media="application/json",
        access=AccessClass.PUBLIC,
    )  # fmt: skip
    return found.to_json()
