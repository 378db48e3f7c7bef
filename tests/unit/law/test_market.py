# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.law.market import UNION_MEMBERS, is_market


@pytest.mark.parametrize("code", ["EU", "WAICO", "CHN", "VNM", "BRA", "KHM", "SGP"])
def test_states_the_union_and_waico_are_markets(code: str) -> None:
    """The question names them by these codes."""
    assert is_market(code)


@pytest.mark.parametrize("code", ["", "eu", "CN", "XXX", "EUR"])
def test_other_codes_are_no_market(code: str) -> None:
    """One market has one spelling."""
    assert not is_market(code)


def test_the_union_has_27_members_that_are_iso_codes() -> None:
    """Asking about one of them must lead to EU."""
    assert len(UNION_MEMBERS) == 27
    assert all(is_market(code) for code in UNION_MEMBERS)
