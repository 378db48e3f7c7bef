# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The document behind a result: every count, in canonical JSON, kept as a blob."""

from collections.abc import Sequence

import numpy as np

from comity.council.consult.cell import SIDE
from comity.council.consult.cluster import MOST_GROUPS
from comity.council.consult.consultation import Thresholds
from comity.council.consult.counts import Counts
from comity.council.consult.outcome import State
from comity.council.consult.picture import Dot
from comity.council.consult.result import Result
from comity.council.consult.votes import Integers
from comity.kernel.canonical import MAX_INTEGER, Json, from_canonical, to_canonical
from comity.kernel.fields import Fields
from comity.kernel.reference import to_ratio_json

_TABLES = ("agree", "disagree", "pass")


def to_document(result: Result, dots: Sequence[Dot] = ()) -> bytes:
    """Write a result, and the picture beside it, as the bytes its digest is of."""
    limits = result.thresholds
    return to_canonical(
        {
            "thresholds": {
                "agree": to_ratio_json(limits.agree),
                "found": to_ratio_json(limits.found),
                "least_seen": limits.least_seen,
                "both_sides": limits.both_sides,
            },
            "opinions": list(result.opinions),
            "strata": list(result.strata),
            "by_stratum": _to_tables(result.by_stratum),
            "by_group": _to_tables(result.by_group),
            "by_side": _to_tables(result.by_side),
            "intercept": list(result.intercept),
            "bounds": list(result.bounds),
            "shares": list(result.shares),
            "states": [state.value for state in result.states],
            "dots": [[one.across, one.up, one.people, one.group] for one in dots],
        }
    )


def from_document(encoded: bytes) -> Result:
    """Read a result document; `check` says whether it holds together.

    Raises:
        InvalidDocument: Not canonical JSON, or a field is missing or malformed.
    """
    fields = Fields(from_canonical(encoded), faults=[])
    limits = fields.inner("thresholds")
    opinions = fields.texts("opinions")
    words = fields.texts("states")
    known = {state.value: state for state in State}
    for word in words:
        if word not in known:
            fields.fault("states", f"has no state {word[:40]!r}")
    result = Result(
        thresholds=Thresholds(
            agree=limits.ratio("agree"),
            found=limits.ratio("found"),
            least_seen=limits.integer("least_seen", low=1),
            both_sides=limits.integer("both_sides"),
        ),
        opinions=opinions,
        strata=fields.texts("strata"),
        by_stratum=_from_tables(fields, "by_stratum", len(opinions)),
        by_group=_from_tables(fields, "by_group", len(opinions)),
        by_side=_from_tables(fields, "by_side", len(opinions)),
        intercept=_signed(fields, "intercept"),
        bounds=fields.integers("bounds"),
        shares=fields.integers("shares"),
        states=tuple(known.get(word, State.UNDECIDED) for word in words),
    )
    for name in ("intercept", "bounds", "shares", "states"):
        if len(getattr(result, name)) != len(opinions):
            fields.fault(name, "has not as many values as opinions")
    for name in ("agree", "found"):
        if not 0 < getattr(result.thresholds, name) < 1:
            limits.fault(name, "is not between 0 and 1")
    fields.finish("not the document of a result", code="council.consultation_document")
    return result


def dots_from_document(encoded: bytes) -> tuple[Dot, ...]:
    """Read the picture of a result document.

    Raises:
        InvalidDocument: Not canonical JSON, or no rows of four integers.
    """
    fields = Fields(from_canonical(encoded), faults=[])
    rows = fields.value("dots")
    found: list[Dot] = []
    for row in rows if isinstance(rows, list) else [rows]:
        match row:
            case [int(across), int(up), int(people), int(group)]:
                found.append(Dot(across=across, up=up, people=people, group=group))
            case _:
                fields.fault("dots", "is not rows of four integers")
    if len(found) > SIDE * SIDE or any(not _is_drawable(dot) for dot in found):
        fields.fault("dots", "are too many, or lie where no cell of five groups can")
    fields.finish("not the document of a result", code="council.consultation_document")
    return tuple(found)


def _is_drawable(dot: Dot) -> bool:
    return dot.people > 0 and 0 <= dot.group < MOST_GROUPS


def _to_tables(counts: Counts) -> dict[str, Json]:
    tables = zip(_TABLES, (counts.agree, counts.disagree, counts.passed), strict=True)
    return {name: table.tolist() for name, table in tables}


def _from_tables(fields: Fields, name: str, width: int) -> Counts:
    inner = fields.inner(name)
    tables = [_table(inner, one, width) for one in _TABLES]
    if len({len(table) for table in tables}) > 1:
        fields.fault(name, "has tables of different height")
        tables = [table[:0] for table in tables]
    agree, disagree, passed = tables
    return Counts(agree=agree, disagree=disagree, passed=passed)


def _table(fields: Fields, name: str, width: int) -> Integers:
    rows = fields.value(name)
    if not isinstance(rows, list) or not all(_is_row(row, width) for row in rows):
        fields.fault(name, f"is not rows of {width} integers from 0")
        return np.zeros((0, width), np.int64)
    return np.array(rows, np.int64).reshape(len(rows), width)


def _is_row(row: Json, width: int) -> bool:
    is_list = isinstance(row, Sequence) and not isinstance(row, str) and len(row) == width
    return is_list and all(type(one) is int and 0 <= one <= MAX_INTEGER >> 20 for one in row)  # type: ignore[union-attr]  # is_list says it is one


def _signed(fields: Fields, name: str) -> tuple[int, ...]:
    values = fields.value(name)
    if isinstance(values, list) and all(type(one) is int for one in values):
        return tuple(values)
    fields.fault(name, "is not a list of integers")
    return ()
