# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What nobody has read decides nothing, unless the tester says that it may."""

from dataclasses import replace

import pytest
from tests.fakes.federation import ASK, Federation, items, prospectus

from comity.desk.assessment.keeping import commit_bank
from comity.desk.assessment.planning import draft_plan
from comity.desk.log.shelf import ViewShelf, get
from comity.errors import NotPermitted
from comity.evidence.bank import UNREVIEWED
from comity.evidence.bank_statement import bank_from_predicate
from comity.kernel.reference import Reference


@pytest.fixture
def application(planned: Federation) -> Reference:
    """Return an application to a bank whose shelter items nobody has read."""
    marked = [
        replace(item, review=UNREVIEWED) if item.category == "shelter" else item
        for item in items()
    ]
    kept = commit_bank(
        planned.kh, marked, prospectus(), now=planned.now(), entropy=planned.entropy
    )
    planned.publish(planned.kh)
    said = get(ViewShelf(planned.kh.view()), kept, "bank")
    counted = bank_from_predicate(said.statement.predicate).unreviewed
    assert set(counted) == {"shelter"}
    return planned.apply(kept)


def test_a_category_nobody_has_read_is_not_planned_in_silence(
    planned: Federation, application: Reference
) -> None:
    """A draft in a language nobody here reads must not decide over a system."""
    with pytest.raises(NotPermitted, match="of shelter") as refused:
        draft_plan(planned.kh, application, ASK, now=planned.now())

    assert refused.value.code == "desk.unreviewed"


def test_a_tester_may_allow_it_or_test_the_other_categories(
    planned: Federation, application: Reference
) -> None:
    """The mark is information; what it is worth is the tester's to say."""
    allowed = replace(ASK, allow_unreviewed=True)
    others = replace(ASK, categories=("medical",))

    plan = draft_plan(planned.kh, application, allowed, now=planned.now())

    assert "shelter" in plan.categories
    assert draft_plan(planned.kh, application, others, now=planned.now()).categories
