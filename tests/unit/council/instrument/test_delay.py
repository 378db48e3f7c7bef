# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt

import pytest

from comity.council.instrument.delay import AT_ONCE, Delay


@pytest.mark.parametrize(
    ("delay", "day", "expected"),
    [
        (Delay(days=30), "1947-03-05", "1947-04-04"),  # Chicago 91(b), jwflegal.com
        (Delay(days=30), "2008-11-15", "2008-12-15"),  # ASEAN Charter 47, lawforasean.com
        (Delay(days=180), "1996-10-31", "1997-04-29"),  # CWC XXI, the 65th from memory
        (Delay(days=30), "2001-04-26", "2001-05-26"),  # AU 28, the 36th from memory
        (Delay(months=12), "1979-05-25", "1980-05-25"),  # SOLAS X, the 25th from memory
        (
            Delay(days=60, to_first_of_month=True),
            "2002-04-11",
            "2002-07-01",
        ),  # Rome 126, memory
        (AT_ONCE, "1948-04-07", "1948-04-07"),  # WHO 80, from memory
    ],
)
def test_treaties_entered_into_force_when_they_did(
    delay: Delay, day: str, expected: str
) -> None:
    """Days and months are of the calendar; history is the oracle."""
    assert delay.after(dt.date.fromisoformat(day)) == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("months", "day", "expected"),
    [
        (1, "2024-01-31", "2024-02-29"),
        (1, "2023-01-31", "2023-02-28"),
        (12, "2024-02-29", "2025-02-28"),
        (11, "2024-01-31", "2024-12-31"),
        (0, "2024-12-31", "2024-12-31"),
    ],
)
def test_a_month_too_short_ends_on_its_last_day(months: int, day: str, expected: str) -> None:
    """No delay runs into a day that no calendar has."""
    assert str(Delay(months=months).after(dt.date.fromisoformat(day))) == expected


def test_the_first_of_the_next_month_is_never_the_same_month() -> None:
    """The first day of the month following is not the first day itself."""
    assert str(Delay(to_first_of_month=True).after(dt.date(2024, 12, 1))) == "2025-01-01"


@pytest.mark.parametrize(
    ("delay", "said"),
    [
        (AT_ONCE, "at once"),
        (Delay(months=1, days=2), "1 month and 2 days"),
        (Delay(months=3, to_first_of_month=True), "the first day of the month after 3 months"),
    ],
)
def test_a_delay_says_itself(delay: Delay, said: str) -> None:
    """As one would in a treaty."""
    assert delay.in_words() == said
