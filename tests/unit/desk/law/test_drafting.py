# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A draft beside the packs that ship: matched by ids, held against a register and the rules."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from comity.desk.law.drafting import amendment_of, sweep_draft
from comity.desk.law.sweeping import OnFault, Order
from comity.errors import InvalidDocument, NotFound
from comity.files.pack import SHIPPED
from comity.law.sweep.impact import NEWLY_BOUND, RELEASED, UNDETERMINED, changed_in

ON = dt.date(2026, 12, 21)
SHIPPED_PACK = SHIPPED / "eu" / "transparency.md"
ASSISTING = "  unless    assistive_editing_only\n"

NEW = """\
# A draft (invented for this test)

```comity
pack ata.ice
  title   "Ice Shelf AI Act"
  market  ATA
  status  draft
  version 2026-11-21

norm ata.ice.1
  title  "Keep image makers off the shelf"
  who    provider
  must   ai_disclosure
  when   generates has image
  cite   "s. 1"
  basis  text
  source "Ice Gazette"

norm ata.ice.2
  title  "Say nothing"
  who    provider
  must not ai_disclosure
  when   generates has image
  from   2028-01-01
  cite   "s. 2"
  basis  text
  source "Ice Gazette"
```
"""


@pytest.fixture
def order(tmp_path: Path) -> Order:
    """Return the order over four systems, all on the EU's market and the shelf's."""
    path = tmp_path / "register.parquet"
    base = {"is_ai_system": True, "markets": ["EU", "ATA"], "roles": ["provider"]}
    marked = {**base, "offered_to_public": True, "placed_on_market": dt.date(2026, 9, 1)}
    rows = [
        {"id": "editor", **marked, "generates": ["image"], "assistive_editing_only": True,
         "substantially_alters_input": True, "law_enforcement_authorised": False},
        {"id": "maker", **marked, "generates": ["image"], "assistive_editing_only": False,
         "substantially_alters_input": True, "law_enforcement_authorised": False},
        {"id": "silent", **base},
        {"id": "teller", **marked, "generates": []},
    ]  # fmt: skip
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(path)
    return Order(register=path, markets=(), on=ON)


def _draft(folder: Path, text: str) -> Path:
    path = folder / "draft.md"
    path.write_text(text, "utf-8")
    return path


def _amended(folder: Path, old: str, new: str) -> Path:
    text = SHIPPED_PACK.read_text("utf-8")
    assert old in text
    return _draft(folder, text.replace(old, new, 1))


def test_a_changed_copy_of_a_pack_stands_in_its_place(tmp_path: Path) -> None:
    """Only the norm that is another is asked again."""
    amendment = amendment_of(_amended(tmp_path, ASSISTING, ""), (), ON)
    assert amendment.replaced == ("eu.aia.transparency",)
    assert changed_in(amendment.plan) == ("eu.aia.50.2",)
    assert len(amendment.new.norms) == len(amendment.old.norms)


def test_an_exception_struck_out_binds_whom_it_excused(order: Order, tmp_path: Path) -> None:
    """The editor alone is concerned: bound, or open where the Act's scope is."""
    report = sweep_draft(order, _amended(tmp_path, ASSISTING, ""))
    found = report.impact.affected
    concerned = [found["eu.aia.50.2", kind].first for kind in (NEWLY_BOUND, UNDETERMINED)]
    assert sorted(concerned) == [(), ("editor",)]
    assert found["eu.aia.50.2", RELEASED].count == 0
    assert report.conflicts == ()


def test_a_new_pack_binds_and_clashes_with_itself_only_when_in_force(
    order: Order, tmp_path: Path
) -> None:
    """Its two norms contradict each other from 2028 on."""
    draft = _draft(tmp_path, NEW)
    now = sweep_draft(order, draft)
    assert now.impact.affected["ata.ice.1", NEWLY_BOUND].count == 2
    assert now.impact.affected["ata.ice.1", UNDETERMINED].first == ("silent",)
    assert now.impact.affected["ata.ice.2", NEWLY_BOUND].count == 0
    later = sweep_draft(replace(order, on=dt.date(2028, 1, 1)), draft)
    assert later.impact.affected["ata.ice.2", NEWLY_BOUND].count == 2
    pairs = [{party.norm.name for party in each.parties} for each in later.conflicts]
    assert {"ata.ice.1", "ata.ice.2"} in pairs
    assert not any({"ata.ice.1", "ata.ice.2"} == {p.norm.name for p in each.parties}
                   for each in now.conflicts)  # fmt: skip


def test_a_draft_that_changes_nothing_is_told_so(tmp_path: Path) -> None:
    """Or nothing in the markets asked about."""
    same = _draft(tmp_path, SHIPPED_PACK.read_text("utf-8"))
    with pytest.raises(InvalidDocument) as caught:
        amendment_of(same, (), ON)
    assert caught.value.code == "desk.draft_changes_nothing"
    amended = tmp_path / "other.md"
    amended.write_text(SHIPPED_PACK.read_text("utf-8").replace(ASSISTING, "", 1), "utf-8")
    with pytest.raises(InvalidDocument, match="changes no norm in CHN"):
        amendment_of(amended, ("CHN",), ON)


def test_a_draft_with_faults_names_them(tmp_path: Path) -> None:
    """As `comity pack check` would, each with its line."""
    draft = _draft(tmp_path, NEW.replace("generates has image", "generates has imagee"))
    with pytest.raises(InvalidDocument) as caught:
        amendment_of(draft, (), ON)
    assert [fault.near for fault in caught.value.faults] == ["image", "image"]
    with pytest.raises(NotFound):
        amendment_of(tmp_path / "missing.md", (), ON)


def test_a_malformed_row_stops_a_draft_too(order: Order, tmp_path: Path) -> None:
    """Or is left out and counted."""
    register = pl.read_parquet(order.register)
    wrong = pl.Series([None, "robot", None, None])
    register.with_columns(autonomy=wrong).write_parquet(order.register)
    draft = _amended(tmp_path, ASSISTING, "")
    with pytest.raises(InvalidDocument, match=r"row 2 \(id maker\), column 'autonomy'"):
        sweep_draft(order, draft)
    report = sweep_draft(replace(order, on_fault=OnFault.SKIP), draft)
    assert (report.impact.rows, report.impact.skipped) == (3, 1)
    assert [fault.row for fault in report.faults] == [2]
