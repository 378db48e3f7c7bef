# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which file a short name or a path means."""

from pathlib import Path

import pytest

from comity.errors import NotFound
from comity.files.shipped import get_path, shipped_paths


def found(name: str, folder: Path) -> Path:
    """Look a rule up."""
    return get_path(name, folder, kind="rule", code="files.no_rule", own=(".toml", ".json"))


def test_a_short_name_is_a_file_that_comes_along_and_a_path_is_one_s_own(
    tmp_path: Path,
) -> None:
    """Whether one's own file is there is told where it is read."""
    shipped = tmp_path / "half.toml"
    shipped.write_text("", encoding="utf-8")

    assert found("half", tmp_path) == shipped
    assert found("own/half.json", tmp_path) == Path("own/half.json")
    assert shipped_paths(tmp_path) == [shipped]


@pytest.mark.parametrize("name", ["halv", "../half", "half\x00", "", "h" * 5000, "half.exe"])
def test_any_other_name_is_not_found_and_says_what_there_is(name: str, tmp_path: Path) -> None:
    """No name leads out of the folder, or fails in another way."""
    (tmp_path / "half.toml").write_text("", encoding="utf-8")
    with pytest.raises(NotFound) as caught:
        found(name, tmp_path)

    assert caught.value.code == "files.no_rule"
    assert "half" in caught.value.hint
