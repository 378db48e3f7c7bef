# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a member states for ever is looked at before it is stated."""

import pytest

from comity.cli.node.founding import check_founding, near_country
from comity.errors import InvalidDocument


def test_every_regret_is_named_at_once() -> None:
    """A log's name and a member's country cannot be changed afterwards."""
    with pytest.raises(InvalidDocument) as refused:
        check_founding(
            name=" ", role="regulater", jurisdiction="KH", origin="https://kh.example/log/"
        )
    assert [fault.near for fault in refused.value.faults] == [
        None,
        "regulator",
        "KHM",
        "kh.example/log",
    ]


def test_a_plain_founding_passes() -> None:
    """What the help shows is accepted."""
    check_founding(
        name="AI Office", role="regulator", jurisdiction="KHM", origin="ai-office.example/log"
    )


@pytest.mark.parametrize("origin", ["", "kh example", "kh+log"])
def test_a_log_is_named_as_its_key_can_be(origin: str) -> None:
    """C2SP signed-note: a key name holds no space and no plus."""
    with pytest.raises(InvalidDocument, match="names the log's key"):
        check_founding(name="x", role="provider", jurisdiction="KHM", origin=origin)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("khm", "KHM"),
        ("br", "BRA"),
        ("cambodia", "KHM"),
        ("Viet Nam", "VNM"),
        ("Kazahkstan", "KAZ"),
        ("nowhere at all", None),
    ],
)
def test_the_country_that_was_meant_is_named(typed: str, meant: str | None) -> None:
    """People write two letters, small letters, or the name."""
    assert near_country(typed) == meant
