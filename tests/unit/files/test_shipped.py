# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which file a short name or a path means."""

from collections.abc import Callable
from pathlib import Path

import pytest

from comity.errors import NotFound
from comity.files.body import get_body
from comity.files.instrument import get_instrument
from comity.files.programme import get_programme
from comity.files.rule import get_rule
from comity.files.shipped import find_path, named_instead, shipped_paths


def test_a_short_name_is_a_file_that_comes_along_and_a_path_is_one_s_own(
    tmp_path: Path,
) -> None:
    """Whether one's own file is there is told where it is read."""
    shipped = tmp_path / "half.toml"
    shipped.write_text("", encoding="utf-8")

    assert find_path("half", tmp_path) == shipped
    assert find_path("own/half.json", tmp_path, (".json",)) == Path("own/half.json")
    assert find_path("own/half.json", tmp_path) is None
    assert shipped_paths(tmp_path) == [shipped]


@pytest.mark.parametrize(
    "name", ["halv", "../half", "half\x00", "half\x00.toml", "", "h" * 5000, "half.exe"]
)
def test_any_other_name_is_not_found_and_says_what_there_is(name: str, tmp_path: Path) -> None:
    """No name leads out of the folder, or fails in another way."""
    (tmp_path / "half.toml").write_text("", encoding="utf-8")

    assert find_path(name, tmp_path) is None
    assert "there are half;" in named_instead(name, tmp_path)


@pytest.mark.parametrize("get", [get_body, get_instrument, get_programme, get_rule])
@pytest.mark.parametrize("name", ["h" * 5000, "h" * 5000 + ".toml", "\u202e", "a\x00.toml"])
def test_no_name_breaks_a_reader(get: Callable[[str], object], name: str) -> None:
    """Names come from pages and scripts too; a path too long for the disk is no file."""
    with pytest.raises(NotFound) as caught:
        get(name)

    assert caught.value.code.startswith("files.no_")
