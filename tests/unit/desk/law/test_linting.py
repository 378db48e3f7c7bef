# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Linting packs by name, by file, all of them; within a time."""

from pathlib import Path

import pytest

from comity.desk.law.linting import Limits, LintReport, lint_packs
from comity.errors import InvalidDocument, NotFound
from comity.law.lint.finding import Level, Rule

PACK = """\
```comity
pack ata.ice
  title   "Ice"
  market  ATA
  status  binding
  version 2026-11-21

norm ata.ice.1
  title  "X"
  who    provider
  must   output_mark has machine_readable
  when   is_ai_system and not is_ai_system
  cite   "s. 1"
  basis  text
  source "S"
```
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a file with a pack whose one norm is dead."""
    path = tmp_path / "ice.md"
    path.write_text(PACK, "utf-8")
    return path


@pytest.fixture(scope="module")
def shipped() -> LintReport:
    """Lint everything that comes along, once."""
    return lint_packs()


def test_no_shipped_pack_has_an_error(shipped: LintReport) -> None:
    """A norm that binds nobody, or cannot be met, is never meant."""
    errors = [each for each in shipped.findings if each.level is Level.ERROR]

    assert [(each.subject, each.message) for each in errors] == []
    assert shipped.faults == ()
    assert shipped.exit_code == 0


def test_every_question_about_shipped_packs_is_decided(shipped: LintReport) -> None:
    """What is not looked at is not sound."""
    assert shipped.undecided == 0
    assert shipped.skipped == ()
    assert shipped.norms > 1000


def test_a_file_is_linted_alone(pack: Path) -> None:
    """Its author is told of no other's norms."""
    report = lint_packs([str(pack)])

    assert [(each.subject, each.rule) for each in report.findings] == [("ata.ice.1", Rule.DEAD)]
    assert report.findings[0].place.line == 12
    assert report.exit_code == 1
    assert report.norms == 1


def test_a_folder_is_linted_with_all_its_packs(pack: Path) -> None:
    """A ministry keeps its drafts in one."""
    assert lint_packs([str(pack.parent)]).norms == 1


def test_a_changed_copy_takes_the_place_of_the_shipped_pack(tmp_path: Path) -> None:
    """Else every norm would stand twice."""
    library = Path(__file__).parents[4] / "src" / "comity" / "packs"
    copy = tmp_path / "copy.md"
    copy.write_text((library / "are" / "charter.md").read_text("utf-8"), "utf-8")

    report = lint_packs([str(copy)])

    assert report.faults == ()
    assert {each.place.source for each in report.findings} <= {str(copy)}


def test_a_pack_is_linted_by_its_name() -> None:
    """Who works on one does not wait for all."""
    report = lint_packs(["are.charter"])

    assert report.packs == 1


def test_an_unknown_name_is_refused() -> None:
    """A slip of the pen is no empty success."""
    with pytest.raises(InvalidDocument) as caught:
        lint_packs(["are.chartre"])

    assert caught.value.code == "law.side"


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    """Nor is an empty folder a pack."""
    with pytest.raises(NotFound):
        lint_packs([str(tmp_path / "none.md")])
    with pytest.raises(NotFound):
        lint_packs([str(tmp_path)])


def test_what_cannot_be_read_is_told_before_anything_is_looked_at(pack: Path) -> None:
    """An undefined term, and dates out of order, are faults of the text itself."""
    text = PACK.replace("is_ai_system and not", "is_ai_sistem and not")
    text = text.replace("  cite ", "  from 2027-01-01\n  until 2026-01-01\n  cite ")
    pack.write_text(text, "utf-8")

    report = lint_packs([str(pack)])

    assert report.exit_code == 2
    assert report.findings == ()
    assert [(each.line, each.column, each.near) for each in report.faults] == [
        (12, 10, "is_ai_system"),
        (14, 3, None),
    ]


def test_when_the_time_runs_out_the_rest_is_named(pack: Path) -> None:
    """Not looked at is not sound."""
    report = lint_packs([str(pack)], limits=Limits(whole_s=0))

    assert report.skipped == ("ata.ice.1",)
    assert report.findings == ()


def test_progress_is_told_for_every_entry(pack: Path) -> None:
    """A run over all packs takes seconds."""
    told: list[tuple[int, int]] = []

    lint_packs([str(pack)], progress=lambda done, whole: told.append((done, whole)))

    assert told == [(1, 1)]
