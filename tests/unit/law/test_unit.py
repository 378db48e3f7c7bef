# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from decimal import Decimal

from comity.law.unit import in_unit


def test_a_day_is_twenty_four_hours() -> None:
    """Incident clocks are written both ways."""
    assert in_unit(72, "hour", "day") == 3
    assert in_unit(2, "days", "hour") == 48


def test_a_part_of_a_day_stays_exact() -> None:
    """Half a day is a decimal, not a float."""
    assert in_unit(12, "hour", "day") == Decimal("0.5")


def test_what_has_no_exact_decimal_does_not_convert() -> None:
    """A third of a day would be rounded, and a rounded bound is another law."""
    assert in_unit(8, "hour", "day") is None


def test_a_month_is_never_thirty_days() -> None:
    """Calendar durations differ in length."""
    assert in_unit(6, "month", "day") is None
    assert in_unit(2, "year", "month") == 24


def test_unrelated_units_do_not_convert() -> None:
    """A person is no FLOP."""
    assert in_unit(1, "person", "FLOP") is None
