# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which opened items a plan publishes with its finding, said before the first question.

Items cost work and are spent once they are out; a plan may keep them. Whoever hears an appeal
opens them all the same: the finding names the digest of the whole evidence.
"""

from enum import Enum

from comity.evidence.plan import Plan

RULE = "publish_items"


class Publishing(Enum):
    """Which opened items become public: all, those that failed, or none."""

    ALL = "all"
    FAILED = "failed"
    NONE = "none"


def publishing_of(plan: Plan) -> Publishing:
    """Return which items a plan publishes: all where it says nothing.

    A word nobody knows publishes none: what is out cannot be taken back.
    """
    said = plan.rules.extra.get(RULE, Publishing.ALL.value)
    known = {one.value: one for one in Publishing}
    return known.get(said, Publishing.NONE) if isinstance(said, str) else Publishing.NONE
