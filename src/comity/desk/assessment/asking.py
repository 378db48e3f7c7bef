# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which duties ask for what a claim would show: the bridge from rules to tests."""

from collections.abc import Collection

from comity.law.determine import Determination, Ruling, Status


def duties_asking(
    determination: Determination, conducts: Collection[str]
) -> tuple[Ruling, ...]:
    """Return the rulings that apply, or may apply, and ask one of these conducts.

    Bills and drafts are among them, marked by their pack's status; they bind nobody yet.
    """
    return tuple(
        ruling
        for ruling in determination.rulings
        if ruling.status in {Status.APPLIES, Status.CANNOT_TELL}
        and any(demand.constraint.conduct in conducts for demand in ruling.norm.demands)
    )
