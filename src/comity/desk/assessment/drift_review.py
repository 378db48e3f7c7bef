# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Derive anew what every check after a finding found, from what was published of them."""

from collections.abc import Iterator

from comity.desk.assessment.drift import Watch, watched
from comity.desk.case.bundles import bundles_of
from comity.desk.case.case import find_bank, rescore
from comity.desk.log.shelf import Said, ViewShelf, get, place_of
from comity.errors import ComityError
from comity.evidence.application import application_from_predicate
from comity.evidence.audit import Check
from comity.evidence.bank import Commitment
from comity.evidence.bank_statement import bank_from_predicate
from comity.evidence.bundle import decode_bundle
from comity.evidence.drift import Counts
from comity.evidence.drift_audit import DriftCase, audit_drift, counts_of
from comity.kernel.digest import sha256
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.node.node import Node


def review(node: Node, finding: Said) -> Iterator[tuple[str, Check]]:
    """Yield what was derived anew of each check of a finding, with the check's place.

    Raises:
        NotFound: The bank's statement is not here.
    """
    watch = watched(node, finding)
    bank = _bank(node, watch)
    before: Reference | None = None
    history: list[dict[str, Counts]] = []
    for announced, recheck, found in watch.checks:
        if found is None:
            message = "announced, and nothing is known of what it found"
            yield place_of(announced.reference), _open(message)
            continue
        said, drift = found
        try:
            blob = bundles_of(node)(drift.bundle)
            case = DriftCase(
                bank=bank,
                rates=watch.rates,
                recheck=recheck,
                announced=announced.reference,
                before=before,
                history=tuple(history),
                drift=drift,
                bundle=decode_bundle(blob),
                bundle_digest=sha256(blob),
            )
            for check in audit_drift(case, rescore):
                yield place_of(said.reference), check
        except ComityError as error:
            yield place_of(said.reference), _open(error.message)
        before = said.reference
        history.append(counts_of(recheck, drift))


def _bank(node: Node, watch: Watch) -> Commitment:
    shelf = ViewShelf(node.view())
    application = get(shelf, watch.plan.application, "application")
    request = application_from_predicate(application.statement.predicate)
    said = find_bank(shelf, watch.plan.bank_root, request.tester)
    return bank_from_predicate(said.statement.predicate).commitment


def _open(message: str) -> Check:
    return Check(name="evidence", holds=Truth.UNDETERMINED, place="", message=message)
