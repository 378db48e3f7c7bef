# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt

import pytest
import z3

from comity.law.prove.dates import calendar_day, in_calendar

DAYS = [
    dt.date.min, dt.date.max, dt.date(1900, 2, 28), dt.date(1900, 3, 1), dt.date(2000, 2, 29),
    dt.date(2023, 12, 31), dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 3, 1),
    dt.date(2025, 2, 28), dt.date(2025, 4, 30), dt.date(2100, 2, 28), dt.date(2400, 2, 29),
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_an_ordinal_is_the_day_the_calendar_says(day: dt.date) -> None:
    """Every kind of year: common, leap, century, fourth century, first and last."""
    context = z3.Context()
    ordinal = z3.Int("d", context)
    terms = calendar_day("d", ordinal)
    solver = z3.Solver(ctx=context)
    solver.add(terms.definition, in_calendar(ordinal), ordinal == day.toordinal())
    assert solver.check() == z3.sat
    model = solver.model()
    found = [model.eval(term).as_long() for term in (terms.month, terms.day)]
    assert found == [day.year * 12 + day.month - 1, day.day]
    last = day == dt.date.max or (day + dt.timedelta(days=1)).day == 1
    assert z3.is_true(model.eval(terms.is_last)) is last


def test_no_day_lies_outside_the_calendar() -> None:
    """As no answer does."""
    context = z3.Context()
    ordinal = z3.Int("d", context)
    for outside in (ordinal < 1, ordinal > dt.date.max.toordinal()):
        solver = z3.Solver(ctx=context)
        solver.add(in_calendar(ordinal), outside)
        assert solver.check() == z3.unsat
