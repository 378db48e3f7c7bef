# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a verdict may fall, found by walking to it question by question."""

from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.path import Path


def may_end_within(path: Path, cap: int, more: int) -> bool:
    """Tell whether so many passes, or so many failures, or the cap, bring a verdict."""
    best = worst = path
    for _ in range(more):
        best, worst = best.after(True), worst.after(False)  # noqa: FBT003 - outcomes
    is_ended = {best.verdict, worst.verdict} != {Verdict.INSUFFICIENT}
    return is_ended or path.asked + more >= cap


def nearest(path: Path, cap: int, counts: range) -> int | None:
    """Try every number of further questions in turn, the fewest first."""
    return next((more for more in counts if may_end_within(path, cap, more)), None)
