# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A custody statement tells how far the draw had come, as the evidence shows it."""

from dataclasses import replace

import pytest

from comity.errors import VerificationFailed
from comity.evidence.custody import Custody, check_opened
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.reference import Reference

CUSTODY = Custody(
    issued=from_rfc3339("2026-11-21T19:19:24Z"),
    plan=Reference(log=Origin("kh.example/log"), index=1, sha256=sha256(b"plan")),
    to=MemberId("ab" * 32),
    blob=sha256(b"box"),
    opened={"rescue": 16, "shelter": 18},
)


def test_what_the_evidence_shows_is_accepted() -> None:
    """In whatever order categories stand."""
    check_opened(CUSTODY, {"shelter": 18, "rescue": 16})


@pytest.mark.parametrize(
    ("opened", "name"),
    [
        ({"rescue": 16, "shelter": 19}, "shelter"),
        ({"rescue": 15, "shelter": 18}, "rescue"),
        ({"rescue": 16}, "shelter"),
        ({"rescue": 16, "shelter": 18, "medical": 1}, "medical"),
    ],
)
def test_more_or_fewer_are_named_by_category(opened: dict[str, int], name: str) -> None:
    """A question asked and left out of the evidence would be asked again, or skipped."""
    with pytest.raises(VerificationFailed) as refused:
        check_opened(CUSTODY, opened)

    assert refused.value.place == f"custody.first_positions.{name}"


def test_a_statement_that_says_less_is_found_out() -> None:
    """Also where it leaves a category out."""
    with pytest.raises(VerificationFailed, match="0 of 'shelter'"):
        check_opened(replace(CUSTODY, opened={"rescue": 16}), {"rescue": 16, "shelter": 18})
