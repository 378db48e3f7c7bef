# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the report of one finding says: plain values, the same for page and JSON.

Every text that came from a statement is its author's word. The schema is documented in
docs/spec/finding-report.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum

from comity.desk.finding.sheet import ReportedIdentity, Step
from comity.desk.register.sheet import Texts
from comity.evidence.binding import binding_from
from comity.evidence.publishing import Publishing
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields

FORM = "comity/finding-report/v1"

LIMITS: Mapping[str, str] = {
    "collusion": (
        "If provider and tester agreed beforehand, they can have chosen the draw together: two "
        "parties' chance does not stop two parties."
    ),
    "other_model": (
        "Another system may stand behind the endpoint in use than stood there in the test; the "
        "version is what the provider says it is."
    ),
    "evaluation_awareness": (
        "A system can notice that it is tested, and behave otherwise in use."
    ),
    "judge_errors": (
        "A scorer errs: what it passes may be wrong, and what it fails may be right. A bound "
        "on its error counts only where the plan states one."
    ),
    "non_determinism": (
        "A system may answer otherwise when asked again; outcomes are taken as they fell."
    ),
    "testimony": (
        "That the system gave these answers is the tester's testimony; it can be re-scored, "
        "not re-asked."
    ),
    "keys": (
        "The signatures show that whoever holds these keys said so; whose keys they are must "
        "be learned over a channel of one's own."
    ),
    "later": ("Nothing here shows what was said since: a withdrawal, a reply, another test."),
}
"""What no test of this kind can show, by name; each stands in every report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A member as its keyset names it; nothing here vouches for the name.

    Args:
        cosigners: Names of the other members in the file that cosigned its log.
    """

    member: str
    name: str
    role: str
    jurisdiction: str
    example: bool
    cosigners: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a statement stands, and the digest of its entry."""

    log: str
    index: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedSystem:
    """The version tested, as its provider registered it."""

    sha256: str
    name: Texts
    version: str
    purpose: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedBank:
    """The bank the claim is about, as its keeper stated it."""

    name: str
    root: str
    size: int
    templates: int
    near_duplicates: int
    scorers: tuple[str, ...]
    limits: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedCategory:
    """What one category came to, with the numbers that were fixed beforehand.

    Args:
        label: By language; empty where the bank states none.
        asked: Questions up to the verdict, those of a continued test included.
        asked_before: So many of them a continued test had asked.
        failed_at: At which questions an answer failed, from 1.
        mean_ppm: Mean score, floored; None where passes are counted.
        about: "bank" where the claim is of these items, "population" where it is of what they
            were drawn from.
        size: Items in the category.
        acceptance: From question n on, shown when at most f have failed.
        rejection: From question n on, not shown when at least f have failed.
    """

    name: str
    label: Texts
    verdict: str
    asked: int
    asked_before: int
    failed: int
    failed_at: tuple[int, ...]
    e_value: str
    lower_bound_ppm: int
    mean_ppm: int | None
    about: str
    size: int
    cap: int
    threshold_ppm: int
    goal_ppm: int
    risk_ppm: int
    acceptance: tuple[Step, ...]
    rejection: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedItem:
    """One opened item, as the plan lets it be published.

    Args:
        question: The prompt, as JSON where it is no single message.
        missing: Why there is no answer, or "".
    """

    category: str
    draw: int
    question: str
    reference: str
    answer: str
    missing: str
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Untested:
    """What the test says nothing of.

    Args:
        categories: Of the bank, not of the plan; labels by name.
        opened: Items opened, those of a continued test included.
        unopened: Items of the bank that nobody asked.
        conversations: Opened items that are conversations of several turns, or pairs.
        unreviewed: Items by category that no reader of their language has read.
    """

    categories: Mapping[str, Texts]
    opened: int
    unopened: int
    conversations: int
    unreviewed: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Continued:
    """The test this one goes on with: one draw, two testers."""

    finding: Place
    tester: Party
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedCheck:
    """One thing re-derived; *holds* is None where it could not be."""

    name: str
    holds: bool | None
    place: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReport:
    """One finding for people who were not there.

    Args:
        verdict: "shown" if every category is, "not_shown" if any is not, else
            "insufficient".
        issued: What the tester's clock said.
        identity: What ties the version to what was tested; None where the finding is silent.
        continues: The test whose draw this one goes on with, or None.
        asked: Questions of this test alone.
        is_listed: Whether the plan claims the list of those shown, not each for itself.
        shown: Names of the categories shown; of a list also those that Holm adds.
        floor_ppm: What each category reaches, with the risk of one: the least lower bound.
        publishing: Which items the plan publishes.
        withheld: Opened items that are not published.
        limits: Names of what no test of this kind can show; see `LIMITS`.
    """

    finding: Place
    verdict: str
    claim: Texts
    issued: str
    system: ReportedSystem
    identity: ReportedIdentity | None
    provider: Party
    tester: Party
    bank: ReportedBank
    attempt: int
    continues: Continued | None
    asked: int
    categories: tuple[ReportedCategory, ...]
    is_listed: bool
    shown: tuple[str, ...]
    floor_ppm: int
    publishing: Publishing
    items: tuple[ReportedItem, ...]
    withheld: int
    untested: Untested
    limits: tuple[str, ...]
    checks: tuple[ReportedCheck, ...]
    members: tuple[Party, ...]


def identity_of(said: Mapping[str, Json]) -> ReportedIdentity | None:
    """Read what a finding says it tested; what is malformed ties nothing."""
    if "identity" not in said:
        return None
    fields = Fields(said["identity"], faults=[])
    found = binding_from(fields)
    if fields.faults:
        return None
    return ReportedIdentity(
        strength=found.strength.value, method=found.method, compared=found.compared
    )


def to_json(report: FindingReport) -> dict[str, object]:
    """Write a report as JSON values, each limit with its sentence."""
    plain = _plain(report)
    assert isinstance(plain, dict)  # noqa: S101 - a dataclass has become an object
    limits = [{"limit": name, "text": LIMITS[name]} for name in report.limits]
    return {"report": FORM, **plain, "limits": limits}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value
