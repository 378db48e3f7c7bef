# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a cell may have meant: only what it can mean in one way is offered."""

import pytest

from comity.files.slip import is_unknown, near_date, near_days, near_share


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("22/11/2026", "2026-11-22"),
        ("11/22/2026", "2026-11-22"),
        ("3.4.2026", "2026-04-03"),
        ("2026/11/22", "2026-11-22"),
        ("5-5-2026", "2026-05-05"),
        ("3/4/2026", None),
        ("22.13.2026", None),
        ("31.02.2026", None),
        ("22.11.26", None),
        ("22.11/2026", None),
        ("soon", None),
    ],
)
def test_a_date_of_another_order_is_read_only_where_it_means_one_day(
    text: str, meant: str | None
) -> None:
    """A guess between March and April would be a quiet error of a month."""
    assert near_date(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("75,5%", "75.5%"), ("0,75", "0.75"), ("60", "60%"), ("20,5", "20.5%"), ("1.000,5", None)],
)
def test_a_share_with_a_comma_or_without_its_sign_is_offered(
    text: str, meant: str | None
) -> None:
    """Half the world's spreadsheets write a decimal comma."""
    assert near_share(text) == meant


def test_days_with_their_unit_are_offered_as_a_number() -> None:
    """A month is no number of days."""
    assert [near_days(one) for one in ("30 days", "1 Day", "7d", "a month")] == [
        "30", "1", "7", None,
    ]  # fmt: skip


def test_words_for_unknown_are_known() -> None:
    """Whoever writes one is told to leave the cell empty."""
    assert all(map(is_unknown, ("N/A", "?", "-", " Unknown ")))
    assert not any(map(is_unknown, ("", "0", "40%")))
