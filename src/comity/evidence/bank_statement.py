# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The statement by which a regulator publishes a bank without showing its items."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.evidence.bank import MAX_ITEMS, Commitment, commitment_from
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.localtext import LocalText

TYPE = "bank"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankStatement:
    """A committed bank, as logged.

    Args:
        issued: When, by the issuer's clock.
        bank: Slug of the bank.
        claim: What is shown when the claim is shown, by language.
        scorer: Id of the scorer; several are separated by spaces.
        commitment: Root, and categories in the order of positions.
        templates: How many distinct templates the items come from.
        near_duplicates: How many items differ little from another.
        conducts: Conduct variables the claim speaks to.
        limits: What the bank does not test.
        licence: SPDX id of the items' licence.
        unreviewed: Items by category that no reader of their language has read.
        replaces: Root of the edition this one replaces under the same claim, or None.
        practice: Whether it is for practice: public, and never planned on.
        labels: What categories are called, by language; a category may have none.
        extra: Fields this version does not know.
    """

    issued: Instant
    bank: str
    claim: LocalText
    scorer: str
    commitment: Commitment
    templates: int
    near_duplicates: int
    conducts: tuple[str, ...]
    limits: str
    licence: str
    unreviewed: Mapping[str, int] = field(default_factory=dict)
    replaces: Digest | None = None
    practice: bool = False
    labels: Mapping[str, LocalText] = field(default_factory=dict)
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        categories = self.commitment.categories
        mark: dict[str, Json] = {"unreviewed": dict(self.unreviewed)} if self.unreviewed else {}
        if self.replaces is not None:
            mark["replaces"] = self.replaces.hex()
        if self.practice:
            mark["practice"] = True
        if self.labels:
            mark["labels"] = {name: dict(text.by_tag) for name, text in self.labels.items()}
        return {
            **self.extra,
            **mark,
            "issued": to_rfc3339(self.issued),
            "bank": self.bank,
            "claim": dict(self.claim.by_tag),
            "scorer": self.scorer,
            "categories": [{"name": c.name, "count": c.count} for c in categories],
            "size": self.commitment.size,
            "root": self.commitment.root.hex(),
            "templates": self.templates,
            "near_duplicates": self.near_duplicates,
            "conducts": list(self.conducts),
            "limits": self.limits,
            "licence": self.licence,
        }


def bank_from_predicate(predicate: Json) -> BankStatement:
    """Read a bank statement's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    commitment = commitment_from(fields.digest("root"), fields.rows("categories"))
    if fields.integer("size", low=1, high=MAX_ITEMS) != commitment.size:
        fields.fault("size", f"is not the sum of the categories, {commitment.size}")
    statement = BankStatement(
        issued=fields.instant("issued"),
        bank=fields.text("bank"),
        claim=fields.local_text("claim"),
        scorer=fields.text("scorer"),
        commitment=commitment,
        templates=fields.integer("templates"),
        near_duplicates=fields.integer("near_duplicates"),
        conducts=fields.texts("conducts"),
        limits=fields.text("limits", empty=True),
        licence=fields.text("licence"),
        unreviewed=fields.optional("unreviewed", fields.counts) or {},
        replaces=fields.optional("replaces", fields.digest),
        practice=fields.optional("practice", fields.flag) or False,
        labels=fields.optional("labels", lambda name: _labels(fields.inner(name))) or {},
        extra=fields.rest(),
    )
    fields.finish("not a bank statement", code="evidence.statement")
    return statement


def _labels(fields: Fields) -> dict[str, LocalText]:
    return {name: fields.local_text(name) for name in fields.names()}
