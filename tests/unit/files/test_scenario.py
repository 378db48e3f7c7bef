# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.errors import InvalidDocument
from comity.files.scenario import read_scenarios
from comity.law.block import Document
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.read import read_library

LAW = """
```comity
pack eu.x
  title "X"
  market EU
  status binding
  version 2026-11-21
norm eu.x.1
  title "X"
  who provider
  must marked
  when offered
  cite "A"
  basis text
  source "S"
```
"""
WORDS = """
```comity
fact offered bool
  label "L"
  question "Q"
  means "M"
conduct marked bool
  label "L"
  means "M"
```
"""
SOUND = """\
[[scenario]]
name = "Offered"
source = "Art. 1"
on = 2026-10-01
role = "provider"
market = "EU"
[scenario.facts]
offered = true
[scenario.expect]
applies = ["eu.x.1"]
"""


@pytest.fixture(scope="module")
def library() -> Library:
    """Return a law of one norm."""
    return read_library([Document(name="w.md", text=WORDS), Document(name="x.md", text=LAW)])


def test_a_scenario_is_read_as_written(tmp_path: Path, library: Library) -> None:
    """It is a case and what the source says of it."""
    path = tmp_path / "x.scenarios.toml"
    path.write_text(SOUND, "utf-8")
    (scenario,) = read_scenarios(path, library)
    assert (scenario.name, scenario.role, scenario.market) == ("Offered", Role.PROVIDER, "EU")
    assert dict(scenario.answers) == {"offered": True}
    assert dict(scenario.expects) == {"applies": ("eu.x.1",)}


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("offered = true", "offerd = true", 8, "no fact named 'offerd'"),
        ('["eu.x.1"]', '["eu.x.2"]', 10, "no norm is named 'eu.x.2'"),
        ("applies", "apply", 10, "nothing is 'apply'"),
        ('applies = ["eu.x.1"]', "applies = []", 1, "expects nothing"),
        ('role = "provider"', 'role = "provder"', 5, "is no role"),
        ("on = 2026-10-01", 'on = "soon"', 4, "needs a day"),
        ('name = "Offered"', "", 1, "needs a text name"),
        ("market", "markt", 6, "has no field 'markt'"),
    ],
)
def test_a_slip_is_named_with_its_line(  # noqa: PLR0917 - one row a slip
    tmp_path: Path, library: Library, old: str, new: str, line: int, message: str
) -> None:
    """A scenario that is not read would look as if it were met."""
    path = tmp_path / "x.scenarios.toml"
    path.write_text(SOUND.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidDocument) as caught:
        read_scenarios(path, library)
    assert line in {f.line for f in caught.value.faults if message in f.message}


@pytest.mark.parametrize("text", ["", "x = 1", "scenario = 1"])
def test_a_file_without_scenarios_is_refused(
    tmp_path: Path, library: Library, text: str
) -> None:
    """Nothing tested is nothing shown."""
    path = tmp_path / "x.scenarios.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidDocument):
        read_scenarios(path, library)
