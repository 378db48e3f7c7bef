# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.desk.law.packs import check_packs, run_scenarios
from comity.errors import NotFound
from comity.files.pack import SHIPPED

PACK = """```comity
pack ata.ice
  title   "X"
  market  ATA
  status  binding
  version 2026-11-21
define ata.ice.unused
  when    is_ai_system
norm ata.ice.1
  title   "X"
  who     provider
  must    output_mark has machine_readable
  when    is_ai_system
  cite    "s. 1"
  basis   weak
  source  "S"
```
"""
SCENARIO = """[[scenario]]
name = "N"
source = "s. 1"
on = 2026-11-21
role = "provider"
market = "EU"
[scenario.facts]
is_ai_system = {answer}
[scenario.expect]
{expected} = ["eu.aia.4.1"]
"""


def test_a_given_pack_is_read_with_the_shared_vocabulary(tmp_path: Path) -> None:
    """Its counts, and what looks odd without being wrong."""
    path = tmp_path / "ice.md"
    path.write_text(PACK, "utf-8")
    result = check_packs([path])
    assert result.faults == ()
    (row,) = result.rows
    assert (row.name, row.norms, row.definitions, row.unresearched) == ("ata.ice", 1, 1, 1)
    assert row.bases == {"weak": 1}
    assert result.notes == (
        "ata.ice.unused: no norm rests on this definition",
        "ata.ice.1: names no day from which it applies",
    )


def test_faults_of_the_given_files_are_told_and_others_are_not(tmp_path: Path) -> None:
    """An encoder is not stopped by another's slip."""
    (tmp_path / "ice.md").write_text(PACK.replace("is_ai_system", "is_ai_sistem"), "utf-8")
    result = check_packs([tmp_path])
    assert {fault.near for fault in result.faults} == {"is_ai_system"}
    assert {Path(fault.source).name for fault in result.faults} == {"ice.md"}


def test_a_shipped_pack_is_found_by_its_path() -> None:
    """And told under its name in the package, not under a path of this machine."""
    result = check_packs([SHIPPED / "vnm" / "ai-law.md"])
    assert [row.name for row in result.rows] == ["vnm.ai"]
    assert result.rows[0].scenarios >= 6


def test_a_path_that_leads_nowhere_is_not_found(tmp_path: Path) -> None:
    """Rather than checked as empty."""
    with pytest.raises(NotFound):
        check_packs([tmp_path / "none.md"])


@pytest.mark.parametrize(
    ("answer", "expected", "wrong", "faults"),
    [
        ("false", "does_not_apply", 0, 0),
        ("false", "applies", 1, 0),
        ("3", "applies", 0, 1),
    ],
)
def test_scenarios_agree_disagree_or_have_faults(
    tmp_path: Path, answer: str, expected: str, wrong: int, faults: int
) -> None:
    """Three outcomes, told apart."""
    path = tmp_path / "x.scenarios.toml"
    path.write_text(SCENARIO.format(answer=answer, expected=expected), "utf-8")
    (run,) = run_scenarios([tmp_path])
    assert (len(run.mismatches), len(run.faults)) == (wrong, faults)


def test_a_pack_stands_for_the_scenarios_beside_it() -> None:
    """As an encoder names one file and means both."""
    (run,) = run_scenarios([SHIPPED / "vnm" / "ai-law.md"])
    assert (run.source, run.mismatches, run.faults) == ("vnm/ai-law.scenarios.toml", (), ())
