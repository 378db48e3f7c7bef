# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The seed of a plan's draw, as the logs give it: both nonces, and what the third said."""

from comity.desk.case.case import Publication, reveals_of
from comity.desk.case.third import find_closing, hear
from comity.desk.log.refusal import too_early
from comity.desk.log.shelf import Said, Shelf, get
from comity.evidence.application import application_from_predicate
from comity.evidence.draw import Nonces, Role, seed_of, verify_nonce
from comity.evidence.plan import Plan
from comity.evidence.third import words_of
from comity.kernel.digest import Digest


def drawn_seed(
    shelf: Shelf, said: Said, plan: Plan, first: Publication | None = None
) -> Digest:
    """Return the seed both nonces give, each checked against its commitment.

    Args:
        first: The test whose draw is gone on with, where the plan continues one.

    Raises:
        Conflict: A nonce is not revealed, or the draw is not closed with its third.
        VerificationFailed: A nonce is not the committed one.
    """
    if first is not None and plan.continues == first.finding.reference:
        return first.case.finding.seed
    application = get(shelf, plan.application, "application")
    request = application_from_predicate(application.statement.predicate)
    made = reveals_of(shelf, said.reference)
    nonces: dict[Role, bytes] = {}
    for role, member, commitment in (
        (Role.PROVIDER, application.member, request.nonce_commitment),
        (Role.TESTER, said.member, plan.nonce_commitment),
    ):
        if (member, role) not in made or commitment is None:
            raise too_early(said, f"the {role.value} has not revealed its nonce")
        nonces[role] = bytes(made[member, role][1].nonce)
        verify_nonce(commitment, nonces[role], role)
    third = _third(shelf, said, plan)
    pair = Nonces(provider=nonces[Role.PROVIDER], tester=nonces[Role.TESTER], beacon=third)
    return seed_of(plan.bank_root, said.reference.sha256, pair)


def _third(shelf: Shelf, said: Said, plan: Plan) -> bytes:
    """Return what the third adds to the seed, once the tester closed the draw with it."""
    if plan.draw is not None and find_closing(shelf, said) is None:
        raise too_early(said, "the third has not spoken, or the draw is not closed with it")
    return words_of(plan.draw, hear(shelf, said, plan).spoken, plan.application)
