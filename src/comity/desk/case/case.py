# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""All that was published of one test, gathered and checked for who said what."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from comity.assess.beacon import check_pulse
from comity.assess.scorers.scorer import SCORERS, score
from comity.desk.case.chronology import Sequence, check_sequence
from comity.desk.case.third import Heard, check_strangers, hear
from comity.desk.log.shelf import Said, Shelf, get, place_of, read_or_none
from comity.errors import NotFound, VerificationFailed
from comity.evidence.application import (
    Application,
    Reveal,
    application_from_predicate,
    reveal_from_predicate,
)
from comity.evidence.audit import Case, Check, audit
from comity.evidence.bank_statement import bank_from_predicate
from comity.evidence.bundle import decode_bundle
from comity.evidence.custody import custody_from_predicate
from comity.evidence.draw import Role
from comity.evidence.finding import Finding, finding_from_predicate
from comity.evidence.plan import Plan, plan_from_predicate
from comity.evidence.prompt import text_of
from comity.evidence.rescoring import Unscored
from comity.evidence.statistics.outcome import Outcome
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId
from comity.kernel.reference import Reference

__all__ = [
    "Bundles",
    "Publication",
    "earlier_plan",
    "find_bank",
    "find_custody",
    "find_system",
    "gather",
    "read_or_none",
    "rederive",
    "rescore",
    "reveals_of",
]

Bundles = Callable[[Digest], bytes]
"""Return the evidence bundle with this digest, or raise NotFound."""

MAX_CONTINUATIONS = 32
"""Longest chain of tests that each go on with the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One test as published: its case, and every statement the case rests on.

    Args:
        first: The test whose draw is continued, or None.
        third: What the third in the draw said, and the tester's closing with it.
    """

    case: Case
    finding: Said
    plan: Said
    application: Said
    bank: Said
    system: Said
    reveals: tuple[Said, ...]
    custody: Said | None
    first: "Publication | None"
    third: tuple[Said, ...] = ()

    @property
    def chain(self) -> "tuple[Publication, ...]":
        """Return the tests of this draw, the first one first, this one last."""
        before = () if self.first is None else self.first.chain
        return (*before, self)

    @property
    def statements(self) -> tuple[Said, ...]:
        """Return every statement, those of the continued test first."""
        before = () if self.first is None else self.first.statements
        own = (self.system, self.bank, self.application, self.plan, *self.reveals, *self.third)
        after = (self.finding,) if self.custody is None else (self.custody, self.finding)
        found = {said.reference: said for said in (*before, *own, *after)}
        return tuple(found.values())


def gather(shelf: Shelf, finding: Reference, bundles: Bundles) -> Publication:
    """Gather one test from its finding, and check that the right members said each part.

    Raises:
        NotFound: A statement or the evidence bundle is not here.
        VerificationFailed: A statement is of another kind, or of the wrong member.
        InvalidDocument: A statement or the bundle is malformed.
    """
    return _gather(shelf, finding, bundles, MAX_CONTINUATIONS)


def _gather(shelf: Shelf, finding: Reference, bundles: Bundles, most: int) -> Publication:
    said = get(shelf, finding, "finding")
    found = finding_from_predicate(said.statement.predicate)
    plan_said = get(shelf, found.plan, "plan")
    plan = plan_from_predicate(plan_said.statement.predicate)
    if plan_said.member != said.member:
        raise _wrong(said, "the finding is not by the member that planned the test")
    before: Publication | None = None
    if plan.continues is not None:
        if not most:
            raise _wrong(said, f"more than {MAX_CONTINUATIONS} tests go on with one draw")
        before = _gather(shelf, plan.continues, bundles, most - 1)
    test = _publication(shelf, (said, found), (plan_said, plan), before, bundles)
    if before is None:
        told = (test.bank, test.application, test.plan, test.finding)
        check_sequence(Sequence(*told), test.reveals)
    return test


def _publication(
    shelf: Shelf,
    finding: tuple[Said, Finding],
    plan: tuple[Said, Plan],
    first: Publication | None,
    bundles: Bundles,
) -> Publication:
    application = get(shelf, plan[1].application, "application")
    tester = plan[0].member if first is None else first.chain[0].plan.member
    request = _request(application, tester)
    if application.member == plan[0].member:
        raise _wrong(plan[0], "nobody tests a system of its own")
    bank = find_bank(shelf, plan[1].bank_root, tester)
    if first is None:
        _expect_first_plan(shelf, *plan)
    check_strangers(*plan, application.member)
    reveals = _reveals(shelf, plan[0], application) if first is None else ()
    heard = hear(shelf, *plan)
    custody = _custody(shelf, first, plan[0].member)
    return Publication(
        case=_case(
            finding=finding,
            plan=plan,
            application=(application, request),
            bank=bank,
            reveals=tuple(reveal for _, reveal in reveals),
            blob=bundles(finding[1].bundle),
            first=first,
            heard=(heard, custody),
        ),
        finding=finding[0],
        plan=plan[0],
        application=application,
        bank=bank,
        system=find_system(shelf, application),
        reveals=tuple(said for said, _ in reveals),
        custody=custody,
        first=first,
        third=heard.statements,
    )


def _case(
    *,
    finding: tuple[Said, Finding],
    plan: tuple[Said, Plan],
    application: tuple[Said, Application],
    bank: Said,
    reveals: tuple[Reveal, ...],
    blob: bytes,
    first: Publication | None,
    heard: tuple[Heard, Said | None],
) -> Case:
    """Put what was said and read of one test together."""
    third, custody = heard
    handed = None if custody is None else dict(custody.statement.predicate)
    return Case(
        subjects=(application[0].subject, plan[0].subject, finding[0].subject),
        bank=bank_from_predicate(bank.statement.predicate),
        application=application[1],
        application_reference=application[0].reference,
        plan=plan[1],
        plan_reference=plan[0].reference,
        reveals=reveals,
        finding=finding[1],
        bundle=decode_bundle(blob),
        bundle_digest=sha256(blob),
        finding_reference=finding[0].reference,
        first=None if first is None else first.case,
        spoken=third.spoken,
        custody=None if handed is None else custody_from_predicate(handed),
    )


def _request(application: Said, tester: MemberId) -> Application:
    request = application_from_predicate(application.statement.predicate)
    if request.tester != tester:
        raise _wrong(application, "the provider applied to another tester")
    return request


def rederive(publication: Publication) -> tuple[Check, ...]:
    """Re-derive a finding from what was published, scoring included."""
    return audit(publication.case, rescore, check_pulse)


def rescore(
    scorer: str, prompt: Json, reference: Json, answer: str
) -> Outcome | Unscored | None:
    """Score an answer again, or say why it cannot be; None where no scorer has that id."""
    known = SCORERS.get(scorer)
    if known is None:
        return None
    fault = None if known.model is None else known.model.find_fault()
    if known.model is not None and fault is not None:
        return Unscored(reason=f"needs {known.model.name}: {fault}")
    return score(scorer, text_of(prompt), text_of(reference), answer)


def unscored(scorers: Iterable[str]) -> tuple[str, ...]:
    """Return the scorers whose outcomes are not derived again here, whatever is installed."""
    return tuple(one for one in scorers if one not in SCORERS)


def find_bank(shelf: Shelf, root: Digest, keeper: MemberId) -> Said:
    """Return the keeper's statement of the bank with this root.

    Raises:
        NotFound: It has not published one.
    """
    for said in shelf.of_kind("bank"):
        if said.member == keeper and said.find_subject() == root:
            return said
    raise NotFound(
        f"the tester published no bank with root {root.hex()[:16]}…",
        code="desk.bank",
        hint="a bank is committed to before any test: comity bank commit",
    )


def find_system(shelf: Shelf, application: Said) -> Said:
    """Return the registration of the version an application is for, by its provider.

    Raises:
        NotFound: The provider has not registered it.
    """
    for said in shelf.of_kind("system"):
        if said.member == application.member and said.find_subject() == application.subject:
            return said
    raise NotFound(
        f"the applicant registered no system with digest {application.subject.hex()[:16]}…",
        code="desk.system",
        hint="a provider registers a system version before it applies",
    )


def find_custody(shelf: Shelf, first: Publication, keeper: MemberId) -> Said | None:
    """Return the statement that handed a test's bank to the next tester, or None."""
    for said in shelf.of_kind("custody"):
        custody = read_or_none(custody_from_predicate, said)
        if custody is None or said.member != first.plan.member:
            continue
        if (custody.plan, custody.to) == (first.plan.reference, keeper):
            return said
    return None


def earlier_plan(shelf: Shelf, application: Reference, plan: Said) -> Said | None:
    """Return a plan its tester logged before for the same application, if there is one.

    The provider's nonce is known once it is revealed, so one application serves one draw.
    """
    for said in shelf.of_kind("plan"):
        if said.member != plan.member or said.reference.index >= plan.reference.index:
            continue
        other = read_or_none(plan_from_predicate, said)
        is_first = other is not None and other.continues is None
        if other is not None and is_first and other.application == application:
            return said
    return None


def reveals_of(
    shelf: Shelf, plan: Reference
) -> dict[tuple[MemberId, Role], tuple[Said, Reveal]]:
    """Return the first reveal of each member and role; a second one changes nothing."""
    found: dict[tuple[MemberId, Role], tuple[Said, Reveal]] = {}
    for said in shelf.of_kind("reveal"):
        reveal = read_or_none(reveal_from_predicate, said)
        if reveal is not None and reveal.plan == plan:
            found.setdefault((said.member, reveal.role), (said, reveal))
    return found


def _reveals(shelf: Shelf, plan: Said, application: Said) -> tuple[tuple[Said, Reveal], ...]:
    made = reveals_of(shelf, plan.reference)
    due = ((application.member, Role.PROVIDER), (plan.member, Role.TESTER))
    return tuple(made[one] for one in due if one in made)


def _expect_first_plan(shelf: Shelf, said: Said, plan: Plan) -> None:
    earlier = earlier_plan(shelf, plan.application, said)
    if earlier is not None:
        message = f"its application served a draw before, at {place_of(earlier.reference)}"
        raise _wrong(said, message)


def _custody(shelf: Shelf, first: Publication | None, keeper: MemberId) -> Said | None:
    if first is None or first.plan.member == keeper:
        return None
    said = find_custody(shelf, first, keeper)
    if said is None:
        raise NotFound(
            "no statement hands this bank's unopened items to the member that went on",
            code="desk.custody",
            hint="the first tester hands them over: comity assess hand-over",
        )
    return said


def _wrong(said: Said, message: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="desk.issuer",
        hint="a statement counts only from the member whose part it is",
        place=place_of(said.reference),
    )
