# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a node has not published of its own log is on no page."""

from pathlib import Path

from tests.fakes.pair import NOW, found, say

from comity.desk.council.consult.listing import consultations_sheet
from comity.desk.register.lookout import lookout_of
from comity.desk.register.published import public_shelf, published


def test_an_unpublished_statement_is_seen_by_nobody_but_its_author(tmp_path: Path) -> None:
    """An operator who logs and does not publish yet has told nobody."""
    node = found(tmp_path, "kh")
    node.publish(NOW)
    reference = say(node, "withdrawal", {"issued": "2026-11-22T08:00:00Z"})
    register = lookout_of(node, lambda: NOW).register()

    assert not list(public_shelf(register).of_kind("withdrawal"))
    assert published(register).find(reference) is None
    node.publish(NOW)
    register = lookout_of(node, lambda: NOW).register()
    assert published(register).find(reference) is not None
    assert len(list(public_shelf(register).of_kind("withdrawal"))) == 1
    assert consultations_sheet(register).consultations == ()
    node.close()
