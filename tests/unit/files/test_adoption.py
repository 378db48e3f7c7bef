# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.adoption import read_adoptions
from comity.files.library import shipped_library

WHOLE = """
[[adoption]]
pack = "soft.waico"
market = "KHM"
from = 2027-01-01
through = "waico"
force = "soft"
[[adoption.difference]]
provision = "soft.waico.chair.agents"
from = 2028-01-01
text = "Only to public services."
[[adoption.reservation]]
provision = "soft.waico.speech"
text = "Not here."
"""


def test_adoptions_are_read_with_what_is_held_apart(tmp_path: Path) -> None:
    """The same that statements in logs would say."""
    path = tmp_path / "adoptions.toml"
    path.write_text(WHOLE, "utf-8")
    (found,) = read_adoptions(path, shipped_library())
    assert (found.pack, found.market, found.since) == (
        "soft.waico", "KHM", dt.date(2027, 1, 1),
    )  # fmt: skip
    assert not found.is_binding
    assert [(one.provision, one.is_reserved) for one in found.apart] == [
        ("soft.waico.chair.agents", False), ("soft.waico.speech", True),
    ]  # fmt: skip
    assert "through waico" in found.because


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Each at its line, with the near miss."""
    path = tmp_path / "adoptions.toml"
    text = WHOLE.replace('"soft.waico"', '"soft.wiaco"').replace("KHM", "KHMX")
    path.write_text(text.replace("from = 2027-01-01", "form = 2027-01-01"), "utf-8")
    with pytest.raises(InvalidDocument) as found:
        read_adoptions(path, shipped_library())
    said = [str(fault) for fault in found.value.faults]
    assert any("line 3" in one and "did you mean 'soft.waico'" in one for one in said)
    assert any("line 4" in one and "'KHMX' is no market" in one for one in said)
    assert any("from is missing" in one for one in said)
    assert any("'form'" in one and "did you mean 'from'" in one for one in said)


def test_a_provision_of_another_pack_is_a_fault(tmp_path: Path) -> None:
    """Else a slip would silently keep a norm in force."""
    path = tmp_path / "adoptions.toml"
    path.write_text(WHOLE.replace("chair.agents", "chair.agent"), "utf-8")
    with pytest.raises(InvalidDocument, match=r"did you mean 'soft\.waico\.chair\.agents'"):
        read_adoptions(path, shipped_library())


@pytest.mark.parametrize("text", ["", "adoption = 3\n"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    """It was meant to say something."""
    path = tmp_path / "adoptions.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidDocument):
        read_adoptions(path, shipped_library())
    with pytest.raises(NotFound):
        read_adoptions(tmp_path / "nowhere.toml", shipped_library())
