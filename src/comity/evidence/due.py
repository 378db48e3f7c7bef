# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the questions asked are those that were due, and if not, what was done to them.

Source:
    docs/spec/evidence.md, "The draw" and "What verification checks".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comity.errors import VerificationFailed
from comity.evidence.tampering import (
    doubled_draw,
    foreign_question,
    omitted_draw,
    reordered_draws,
)
from comity.evidence.transcript import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Which positions are due, in order, in the categories a plan tests.

    Args:
        orders: By category, its positions in the order of their tickets.
        asked: By category, how many a continued test asked before.
    """

    orders: Mapping[str, Sequence[int]]
    asked: Mapping[str, int]


def check_due(records: Sequence[Record], due: Due) -> None:
    """Check that records follow the draw, category by category, without a gap.

    Raises:
        VerificationFailed: With the place of the first that does not, and a code that says
            whether a draw was omitted, doubled, or moved, or a question is foreign.
    """
    count = dict(due.asked)
    for row, record in enumerate(records):
        name, place = record.category, f"records[{row}]"
        if name not in count or name not in due.orders:
            message = f"the plan does not test {name!r}"
            raise foreign_question(f"{place}.item.category", message)
        count[name] += 1
        order = due.orders[name]
        if count[name] > len(order):
            raise foreign_question(f"{place}.draw", f"{name!r} has only {len(order)} items")
        is_due = record.opening.item.position == order[count[name] - 1]
        if record.draw != count[name] or not is_due:
            raise _named(records, row, due, draw=count[name])


def _named(records: Sequence[Record], row: int, due: Due, *, draw: int) -> VerificationFailed:
    """Say what became of the draw that was due at a record."""
    record = records[row]
    name, position = record.category, record.opening.item.position
    order = due.orders[name]
    mine = [one for one in records if one.category == name]
    earlier = {one.opening.item.position for one in records[:row]}
    place = f"records[{row}].draw"
    if record.opening.item.position == order[draw - 1]:
        message = f"draw {draw} of {name!r} is missing; {record.draw} stands here"
        return omitted_draw(place, message)
    if position in earlier or position in order[: due.asked[name]]:
        message = f"position {position} of {name!r} was drawn before"
        return doubled_draw(place, message)
    if record.draw != draw:
        message = f"draw {draw} of {name!r} is missing; {record.draw} stands here"
    else:
        place = f"records[{row}].item.position"
        message = f"draw {draw} of {name!r} was due to be position {order[draw - 1]}"
    later = {one.opening.item.position for one in mine} - earlier
    if order[draw - 1] in later:
        return reordered_draws(place, message)
    if position not in order:
        return foreign_question(place, message)
    return omitted_draw(place, message)
