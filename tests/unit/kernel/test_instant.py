# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What an instant may be moved by."""

from comity.kernel.instant import from_rfc3339, shifted, to_rfc3339


def test_a_shift_of_any_size_stays_within_the_calendar() -> None:
    """Periods come from other members; a number may be absurd and must not stop a reader."""
    noon = from_rfc3339("2026-11-21T12:00:00Z")

    assert shifted(noon, 90) == from_rfc3339("2026-11-21T12:01:30Z")
    assert to_rfc3339(shifted(noon, 2**90)) == "9999-12-31T23:59:59Z"
    assert to_rfc3339(shifted(noon, -(2**90))) == "1000-01-01T00:00:00Z"
