# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What an opinion's id, a group's name and a language tag may be."""

import pytest

from comity.council.consult.opinion import is_tag, name_flaw


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("=1+1", "formula"),
        ("@sum", "formula"),
        ("a\u202eb", "nobody sees"),
        ("a\nb", "nobody sees"),
        ("\u00a0", "nothing that can be read"),
        ("x" * 100_000, "longer than 64"),
    ],
)
def test_a_name_that_a_spreadsheet_runs_or_nobody_sees_is_refused(name: str, flaw: str) -> None:
    """It stands in tables and beside the names of others."""
    assert flaw in (name_flaw(name) or "")


@pytest.mark.parametrize(
    "name",
    ["12", "1.2-a", "Am\u00e9rica Latina", "\u1797\u17b6\u179f\u17b6", "\u0646\u200c\u0645"],
)
def test_names_in_any_script_are_fine(name: str) -> None:
    """Groups may be languages; joiners belong to how some are written."""
    assert name_flaw(name) is None


def test_a_language_is_a_tag_and_no_markup() -> None:
    """It becomes the language of a piece of a page."""
    assert [is_tag(tag) for tag in ("en", "pt-BR", "zh-Hant-TW", "und", "x-klingon")] == [
        True, True, True, True, False,
    ]  # fmt: skip
    assert not any(map(is_tag, ("", "<script>", 'en" onload="', "en\n", "e" * 99)))
