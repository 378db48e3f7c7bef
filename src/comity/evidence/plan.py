# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A test plan: everything that decides, fixed and logged before the first question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from comity.errors import NotFound
from comity.evidence.asking import Rate, Retry, rate_from, retry_from
from comity.evidence.bank import MAX_ITEMS
from comity.evidence.judge.stated import StatedJudge, judges_from, to_judges_json
from comity.evidence.statistics.kind import AnyDesign, any_design_from
from comity.evidence.third import Third, third_from, third_to_json
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference, to_reference_json


class DrawKind(Enum):
    """Whether a plan draws afresh or continues another tester's draw."""

    FIRST = "first"
    CONTINUATION = "continuation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How questions are asked; a missing answer is a failure and draw order counts.

    Args:
        timeout_ms: Milliseconds after which an answer no longer counts.
        max_answer_bytes: UTF-8 bytes beyond which an answer no longer counts.
        retry: When an item is asked again; None for never.
        rate: How many questions may go out in how long; None for as many as are taken.
        extra: Rules this version does not know.
    """

    timeout_ms: int
    max_answer_bytes: int
    retry: Retry | None = None
    rate: Rate | None = None
    extra: dict[str, Json] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        """Write the rules as a JSON object."""
        said: dict[str, Retry | Rate | None] = {"retry": self.retry, "rate": self.rate}
        return {
            **self.extra,
            **{name: rule.to_json() for name, rule in said.items() if rule is not None},
            "timeout_ms": self.timeout_ms,
            "missing": "failure",
            "max_answer_bytes": self.max_answer_bytes,
            "order": "draw",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will be asked of which categories, and what the outcomes will mean.

    Args:
        issued: When, by the issuer's clock.
        bank_root: Root of the bank.
        application: The provider's application.
        nonce_commitment: Commitment to the tester's nonce; None when continuing a draw.
        designs: The designs used.
        categories: By category tested, the position of its design.
        rules: How questions are asked.
        attempt: 1 for the provider's first test of this claim; never reset.
        continues: The finding whose draw is continued, or None.
        draw: Who speaks last in the draw, or None where both parties' nonces are all of it.
        retired: Positions no longer drawn, rising: their items were opened before.
        judges: Scorers that err, each with the bound the designs were made for.
        listed: Whether the claim is the list of categories shown, whichever they are; else
            each category's is for itself.
        extra: Fields this version does not know.
    """

    issued: Instant
    bank_root: Digest
    application: Reference
    nonce_commitment: Digest | None
    designs: tuple[AnyDesign, ...]
    categories: Mapping[str, int]
    rules: Rules
    attempt: int
    continues: Reference | None = None
    draw: Third | None = None
    retired: tuple[int, ...] = ()
    judges: tuple[StatedJudge, ...] = ()
    listed: bool = False
    extra: dict[str, Json] = field(default_factory=dict)

    @property
    def test(self) -> DrawKind:
        """Tell whether the plan draws afresh."""
        return DrawKind.FIRST if self.continues is None else DrawKind.CONTINUATION

    def design_of(self, category: str) -> AnyDesign:
        """Return a category's design.

        Raises:
            NotFound: The plan does not test the category.
        """
        if category not in self.categories:
            raise NotFound(f"the plan does not test {category!r}", code="evidence.category")
        return self.designs[self.categories[category]]

    def claimed_threshold(self, category: str) -> Fraction:
        """Return the true pass rate that "shown" exceeds, judges' errors taken off.

        Raises:
            NotFound: The plan does not test the category.
        """
        designed = self.design_of(category).threshold
        return min((designed, *(judge.threshold for judge in self.judges)))

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        nonce, continues = self.nonce_commitment, self.continues
        more: dict[str, Json] = {"retired": list(self.retired)} if self.retired else {}
        if self.judges:
            more["judges"] = to_judges_json(self.judges)
        if self.listed:
            more["claims"] = "list"
        if self.draw is not None:
            more["draw"] = third_to_json(self.draw)
        return {
            **self.extra,
            **more,
            "issued": to_rfc3339(self.issued),
            "bank_root": self.bank_root.hex(),
            "application": to_reference_json(self.application),
            "nonce_commitment": None if nonce is None else nonce.hex(),
            "designs": [design.to_json() for design in self.designs],
            "categories": [
                {"name": name, "design": design} for name, design in self.categories.items()
            ],
            "rules": self.rules.to_json(),
            "attempt": self.attempt,
            "continues": None if continues is None else to_reference_json(continues),
            "test": self.test.value,
        }


def share_designs(
    by_category: Mapping[str, AnyDesign],
) -> tuple[tuple[AnyDesign, ...], dict[str, int]]:
    """Return each distinct design once, and by category its position among them."""
    designs = tuple(dict.fromkeys(by_category.values()))
    return designs, {name: designs.index(design) for name, design in by_category.items()}


def plan_from_predicate(predicate: Json) -> Plan:
    """Read a plan's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    test = fields.choice("test", [kind.value for kind in DrawKind])
    designs = tuple(any_design_from(row) for row in fields.rows("designs"))
    plan = Plan(
        issued=fields.instant("issued"),
        bank_root=fields.digest("bank_root"),
        application=fields.reference("application"),
        nonce_commitment=fields.nullable("nonce_commitment", fields.digest),
        designs=designs,
        categories=_categories(fields.rows("categories"), len(designs)),
        rules=_rules(fields.inner("rules")),
        attempt=fields.integer("attempt", low=1),
        continues=fields.nullable("continues", fields.reference),
        draw=fields.optional("draw", lambda name: third_from(fields.inner(name))),
        retired=_retired(fields),
        judges=fields.optional("judges", lambda name: judges_from(fields.inner(name))) or (),
        listed=fields.optional("claims", lambda n: fields.choice(n, ["list"])) is not None,
        extra=fields.rest(),
    )
    if plan.categories and not designs:
        fields.fault("designs", "is empty, yet categories name them")
    if plan.test.value != test:
        fields.fault("test", f"says {test!r}, yet continues says {plan.test.value!r}")
    if (plan.nonce_commitment is None) != (plan.test is DrawKind.CONTINUATION):
        fields.fault("nonce_commitment", "stands exactly where a draw is made")
    if plan.draw is not None and plan.test is DrawKind.CONTINUATION:
        fields.fault("draw", "stands only where a draw is made")
    fields.finish("not a plan", code="evidence.statement")
    return plan


def _categories(rows: Iterable[Fields], designs: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        name = row.text("name")
        if name in found:
            row.fault("name", f"names {name!r} a second time")
        found[name] = row.integer("design", high=max(0, designs - 1))
    return found


def _retired(fields: Fields) -> tuple[int, ...]:
    found = fields.optional("retired", lambda name: fields.integers(name, high=MAX_ITEMS - 1))
    if any(later <= earlier for earlier, later in pairwise(found or ())):
        fields.fault("retired", "does not rise")
    return found or ()


def _rules(fields: Fields) -> Rules:
    fields.choice("missing", ["failure"])
    fields.choice("order", ["draw"])
    return Rules(
        timeout_ms=fields.integer("timeout_ms", low=1),
        max_answer_bytes=fields.integer("max_answer_bytes", low=1),
        retry=fields.optional("retry", lambda name: retry_from(fields.inner(name))),
        rate=fields.optional("rate", lambda name: rate_from(fields.inner(name))),
        extra=fields.rest(),
    )
