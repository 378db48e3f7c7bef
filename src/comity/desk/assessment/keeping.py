# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Keeping a bank: commit to it, hold it secret, hand it over to the next tester."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from comity.desk.case.bundles import bundles_of
from comity.desk.case.case import Publication, find_bank, find_custody, gather
from comity.desk.log.record import record
from comity.desk.log.refusal import not_ours
from comity.desk.log.shelf import Said, Shelf, ViewShelf, get, read_or_none
from comity.errors import NotFound, NotPermitted, VerificationFailed
from comity.evidence.bank import UNREVIEWED, Bank, Commitment, Item, item_from
from comity.evidence.bank_statement import BankStatement, bank_from_predicate
from comity.evidence.custody import Custody, check_opened, custody_from_predicate
from comity.evidence.finding import finding_from_predicate
from comity.evidence.plan import plan_from_predicate
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.localtext import LocalText
from comity.kernel.reference import Reference
from comity.node.fetch.source import LogSource
from comity.node.keys.keys import Entropy
from comity.node.node import Node

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospectus:
    """What is published of a bank besides its root; see `BankStatement`."""

    bank: str
    claim: LocalText
    scorer: str
    templates: int
    near_duplicates: int
    conducts: tuple[str, ...]
    limits: str
    licence: str
    replaces: Digest | None = None
    practice: bool = False
    labels: Mapping[str, LocalText] = field(default_factory=dict)


def commit_bank(
    node: Node, items: Sequence[Item], about: Prospectus, *, now: Instant, entropy: Entropy
) -> Reference:
    """Commit to a bank: keep its items and its key, log its root.

    Raises:
        InvalidDocument: The items do not make a bank.
        NotFound: This node stated no bank with the root to be replaced.
        NotPermitted: That one made another claim.
    """
    bank = Bank.of(items, entropy(KEY_BYTES))
    if about.replaces is not None:
        _check_same_claim(node, about, bank.commitment)
    node.vault.put(_name(bank.commitment.root), encode_bank(bank))
    statement = BankStatement(
        issued=now,
        bank=about.bank,
        claim=about.claim,
        scorer=about.scorer,
        commitment=bank.commitment,
        templates=about.templates,
        near_duplicates=about.near_duplicates,
        conducts=about.conducts,
        limits=about.limits,
        licence=about.licence,
        replaces=about.replaces,
        practice=about.practice,
        labels=about.labels,
        unreviewed=Counter(item.category for item in bank.items if item.review == UNREVIEWED),
    )
    root = bank.commitment.root
    return record(node, "bank", statement.to_predicate(), subject=root, now=now)


def _check_same_claim(node: Node, about: Prospectus, commitment: Commitment) -> None:
    """Refuse to replace a bank by one of another claim: attempts are counted by claim."""
    root = about.replaces or Digest(bytes(32))
    before = bank_from_predicate(
        find_bank(ViewShelf(node.view()), root, node.member).statement.predicate
    )
    names = {one.name for one in commitment.categories}
    pairs = (
        ("name", before.bank, about.bank),
        ("scorer", before.scorer, about.scorer),
        ("kind", before.practice, about.practice),
        ("categories", {one.name for one in before.commitment.categories}, names),
    )
    other = [what for what, theirs, ours in pairs if theirs != ours]
    if other:
        raise NotPermitted(
            f"the bank to be replaced has another {', another '.join(other)}",
            code="desk.replaces",
            hint="an edition keeps its claim; commit to a bank of its own instead",
        )


def held_bank(node: Node, root: Digest) -> Bank:
    """Return a bank this node keeps.

    Raises:
        NotFound: It keeps none with this root.
        VerificationFailed: What it keeps has another root.
    """
    bank = decode_bank(node.vault.get(_name(root)))
    if bank.commitment.root != root:
        raise VerificationFailed(
            "the bank kept here does not have the committed root",
            code="desk.bank_root",
            place="vault",
        )
    return bank


def hand_over(node: Node, test: Publication, to: MemberId, *, now: Instant) -> Reference:
    """Hand the bank of a finished test to the member that will go on with its draw.

    The box is public and only the recipient opens it; the statement says who could.

    Asked again, it returns where the bank was handed over.

    Raises:
        NotFound: The recipient's keyset is not among the followed logs.
        NotPermitted: The test is another tester's, or the recipient provides the system.
    """
    if test.finding.member != node.member:
        raise not_ours(test.finding, "only its tester hands over the bank of a test")
    if test.application.member == to:
        raise not_ours(
            test.application, "its own provider never sees what is still to be asked"
        )
    before = find_custody(ViewShelf(node.view()), test, to)
    if before is not None:
        return before.reference
    sealed = node.seal(to, encode_bank(held_bank(node, test.case.plan.bank_root)))
    custody = Custody(
        issued=now,
        plan=test.plan.reference,
        to=to,
        blob=node.blobs.put(sealed),
        opened={name: len(test.case.outcomes(name)) for name in test.case.plan.categories},
    )
    root = test.case.plan.bank_root
    return record(node, "custody", custody.to_predicate(), subject=root, now=now)


def take_over(node: Node, custody: Reference, source: LogSource | None = None) -> Said:
    """Fetch and open the bank that was handed over to this node, and keep it.

    Args:
        source: Where the sealed box is served; without it, by who handed it over.

    Raises:
        NotPermitted: It was handed to another member.
        PeerFailed: The box cannot be fetched.
        VerificationFailed: The box holds another bank than the committed one, or fewer or
            more items were asked than the statement says.
    """
    shelf = ViewShelf(node.view())
    said = get(shelf, custody, "custody")
    handed = custody_from_predicate(said.statement.predicate)
    if handed.to != node.member:
        raise not_ours(said, "this bank was handed to another member")
    plan = plan_from_predicate(get(shelf, handed.plan, "plan").statement.predicate)
    source = source or node.connect(said.member)
    bank = decode_bank(node.unseal(node.blobs.fetch(source, handed.blob)))
    if bank.commitment.root != plan.bank_root:
        raise VerificationFailed(
            "the bank handed over is not the committed one",
            code="desk.bank_root",
            hint="decline to continue, and say so",
            place=f"blob {handed.blob.hex()[:16]}",
        )
    check_opened(handed, _opened(node, shelf, handed))
    node.vault.put(_name(plan.bank_root), encode_bank(bank))
    return said


def _opened(node: Node, shelf: Shelf, custody: Custody) -> dict[str, int]:
    """Return by category how many draws the evidence of the plan shows."""
    for said in shelf.of_kind("finding"):
        finding = read_or_none(finding_from_predicate, said)
        if finding is not None and finding.plan == custody.plan:
            case = gather(shelf, said.reference, bundles_of(node)).case
            return {name: len(case.outcomes(name)) for name in case.plan.categories}
    raise NotFound(
        "the finding whose draw would be gone on with is not here",
        code="desk.statement",
        hint="follow the log of who hands the bank over, then run this again",
    )


def encode_bank(bank: Bank) -> bytes:
    """Write a bank with its key, for its keeper's eyes."""
    items: list[Json] = [item.to_json() for item in bank.items]
    return to_canonical({"key": bank.key.hex(), "items": items})


def decode_bank(encoded: bytes) -> Bank:
    """Read a bank with its key.

    Raises:
        InvalidDocument: With every fault.
    """
    fields = Fields(from_canonical(encoded), faults=[])
    key = fields.digest("key")
    items = [item_from(row) for row in fields.rows("items")]
    fields.finish("not a bank with its key", code="desk.bank")
    return Bank.of(items, bytes(key))


def _name(root: Digest) -> str:
    return f"bank/{root.hex()}"
