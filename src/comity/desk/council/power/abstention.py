# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What abstaining is under a rule, and every vote's worth where it is a third choice."""

from comity.council.power.ternary import heeding, measure_ternary
from comity.council.rule.explain import explain
from comity.desk.council.power.layout import Case
from comity.desk.council.power.sheet import AbstainRow, AbstainSheet

AS_NO = "An abstention works as a no under this rule, so no choice is left out."
THIRD = (
    "An abstention is not a no under this rule. Shapley, Banzhaf, prevent and initiate count "
    "yes and no only, as if nobody abstained; with abstention as a third choice, Banzhaf "
    "stands beside them."
)
TOGETHER = (
    "An abstention is not a no under this rule, and the figures count yes and no only, as if "
    "nobody abstained. Measure without blocs to see what abstaining changes."
)
UNCOUNTED = (
    "An abstention is not a no under this rule, and the figures count yes and no only, as if "
    "nobody abstained. What abstaining changes was not measured: too many different members, "
    "or a rule under which a yes can hurt. It differs in this: {parts}."
)


def weigh_abstention(case: Case, *, has_blocs: bool) -> AbstainSheet:
    """Say what an abstention is, and measure with three choices where that can be exact."""
    parts = tuple(dict.fromkeys(explain(leaf) for leaf in heeding(case.rule)))
    if not parts:
        return AbstainSheet(is_no=True, said=AS_NO)
    if has_blocs:
        return AbstainSheet(is_no=False, said=TOGETHER, parts=parts)
    found = measure_ternary(case.rule, case.floor, case.game)
    if found is None:
        said = UNCOUNTED.format(parts="; ".join(parts))
        return AbstainSheet(is_no=False, said=said, parts=parts)
    rows = tuple(
        AbstainRow(player=player, by_yes=voice.by_yes, by_no=voice.by_no, banzhaf=voice.banzhaf)
        for player, voice in found.voices.items()
    )
    return AbstainSheet(
        is_no=False, said=THIRD, parts=parts, decisiveness=found.decisiveness, rows=rows
    )
