# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A state's exposure over logs and files: provenance, unknowns, and what a shock leaves."""

import copy
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from comity.desk.exposure.exposing import exposure_sheet
from comity.desk.exposure.shocking import shock_sheet, worst_sheet
from comity.desk.law.picturing import figure_rows, scenario_rows
from comity.desk.log.schema import faults_of, get_schema
from comity.desk.log.shelf import MemoryShelf, Said
from comity.desk.supply.dependence import dependence_of
from comity.desk.supply.grounds import Wanted, gather
from comity.errors import InvalidDocument
from comity.exposure.measure.interval import Interval, known
from comity.exposure.shock.scenario import Scenario
from comity.exposure.shock.sharing import Assumption
from comity.files.shock import find_shock
from comity.kernel.canonical import to_canonical
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.localtext import LocalText
from comity.kernel.reference import Reference
from comity.ledger.statement import from_value

MEMBER = MemberId("ab" * 32)
FIRM = Assumption(substitute_ppm=0, need_ppm=1_000_000)


def said(kind: str, index: int = 0, *, doubt: str = "", **changes: object) -> Said:
    """Return a statement of a kind, its example with fields changed."""
    value: dict[str, Any] = copy.deepcopy(dict(get_schema(kind).example))
    value["predicate"].update(changes)
    statement = from_value(value)
    assert faults_of(statement) == ()
    reference = Reference(
        log=Origin("kh.example/log"), index=index, sha256=sha256(to_canonical(value))
    )
    return Said(
        reference=reference, member=MEMBER, statement=statement, is_counted=True, doubt=doubt
    )


def model(supplier: str, where: str, share: int | None = None) -> Mapping[str, object]:
    """Make a model of a bill."""
    return {
        "layer": "model",
        "name": f"model of {supplier}",
        "supplier": supplier,
        "jurisdiction": where,
        "share_ppm": share,
    }


HELPER = said("system", materials=[model("A", "USA", 600_000), model("B", "KHM", 400_000)])
STATED = said("inventory", 1, counts_as=3, materials=[model("C", "CHN", 1_000_000)])
SHELF = MemoryShelf([HELPER, STATED])
ONLY_LOGS = Wanted(state="KHM", records=False)


def test_systems_and_inventories_of_the_logs_count_by_their_weights() -> None:
    """One system and an inventory that weighs three: a quarter and three quarters."""
    sheet = exposure_sheet(gather(ONLY_LOGS, SHELF))
    (layer,) = sheet.layers

    assert layer.dependence.foreign == known(Fraction(9, 10))
    assert [(one.label, one.share.least) for one in layer.states] == [
        ("CHN", Fraction(3, 4)),
        ("USA", Fraction(3, 20)),
        ("KHM", Fraction(1, 10)),
    ]
    assert sum(one.share.least for one in sheet.flows) == 1


def test_every_bill_says_where_it_comes_from() -> None:
    """A figure whose source nobody can open is no evidence."""
    origins = gather(ONLY_LOGS, SHELF).origins

    assert [(one.kind, one.place, one.weight) for one in origins] == [
        ("system", "kh.example/log entry 0", 1),
        ("inventory", "kh.example/log entry 1", 3),
    ]
    assert all(one.sha256 and one.example and one.is_counted for one in origins)


def test_the_newest_word_of_a_member_counts() -> None:
    """A later registration and a later inventory take the place of earlier ones."""
    later = said("inventory", 2, materials=[model("D", "FRA")])
    newer = said("system", 3, materials=[model("E", "FRA")])
    sheet = exposure_sheet(gather(ONLY_LOGS, MemoryShelf([HELPER, STATED, later, newer])))

    assert [one.label for one in sheet.layers[0].states] == ["FRA"]


def test_only_what_serves_the_state_counts() -> None:
    """A system offered elsewhere is another state's exposure."""
    sheet = exposure_sheet(gather(Wanted(state="BRA", records=False), SHELF))

    assert sheet.layers == ()
    assert sheet.stack.weakest == Interval(least=Fraction(0), most=Fraction(1))
    assert len(sheet.stack.silent) == 9


def test_a_bill_that_contradicts_itself_is_left_out_and_named() -> None:
    """A stranger's mistake blocks nothing, and is not counted."""
    wrong = said("system", 4, system="other", materials=[model("A", "USA", 900_000), {
        **model("B", "USA", 900_000), "upstream": [{"name": "nobody"}]}])  # fmt: skip
    found = gather(ONLY_LOGS, MemoryShelf([HELPER, wrong]))

    assert len(found.bills) == 1
    ((place, why),) = found.refused
    assert place == "kh.example/log entry 4"
    assert "more than the whole" in why
    assert "nobody" in why


def test_a_doubtful_statement_does_not_count() -> None:
    """A log that told two stories shows neither."""
    forked = said("system", 5, doubt="two stories", materials=[model("A", "USA")])

    assert gather(ONLY_LOGS, MemoryShelf([forked])).bills == ()
    assert dependence_of(MemoryShelf([forked])) == ()


def test_files_alone_do_without_a_node(tmp_path: Path) -> None:
    """A ministry needs no keys to look at its own spreadsheet."""
    path = tmp_path / "khm.csv"
    path.write_text("layer,name,supplier,state,as_of\ndata,d,A,KHM,2026-11-21\n", "utf-8")
    found = gather(Wanted(state="KHM", inventories=(path,), records=False))

    assert [(one.kind, one.place) for one in found.origins] == [("file", str(path))]
    assert exposure_sheet(found).layers[0].layer == "data"


def test_records_count_for_their_own_state_only() -> None:
    """What comes with Comity on Mongolia says nothing of Djibouti, but suppliers are shared."""
    names = {one.place for one in gather(Wanted(state="MNG")).origins}

    assert names == {"chip-chain.toml", "mazu-mongolia.toml"}


def test_the_union_may_be_a_member_s_own() -> None:
    """Under the law of "EU" says neither that it is foreign to France nor that it is not."""
    bill = said("system", markets=["FRA"], materials=[model("A", "EU", 1_000_000)])
    foreign = {
        state: exposure_sheet(
            gather(Wanted(state=state, records=False), MemoryShelf([bill, _for(bill, state)]))
        ).layers[0].dependence.foreign
        for state in ("FRA", "EU", "KHM")
    }  # fmt: skip

    assert foreign["FRA"] == Interval(least=Fraction(0), most=Fraction(1))
    assert foreign["EU"] == known(Fraction(0))
    assert foreign["KHM"] == known(Fraction(1))


def _for(one: Said, state: str) -> Said:
    materials = one.statement.predicate["materials"]
    return said("system", 9, system="same", markets=[state], materials=materials)


def test_a_shock_says_which_systems_stop_for_whom_and_in_what_order() -> None:
    """Both systems serve Cambodia; the one stops, the other goes on."""
    other = said(
        "system", 6, system="other", name={"en": "Other"}, materials=[model("B", "KHM")]
    )
    sole = said("system", materials=[model("A", "USA")])
    grounds = gather(ONLY_LOGS, MemoryShelf([sole, other]))
    cut = Scenario(id="x", title=LocalText(by_tag={"en": "x"}), jurisdictions=("USA",))
    sheet = shock_sheet(grounds, cut, FIRM)

    assert [(one.name, one.fate) for one in sheet.systems] == [
        ("Helper 1.0", "stops"),
        ("Other 1.0", "works"),
    ]
    assert sheet.markets == (("KHM", "stops", 1), ("KHM", "works", 1))
    assert [one.works_ppm for one in sheet.layers] == [(500_000, 500_000)]
    assert [one.round for one in sheet.chain] == [0, 1]
    assert sheet.to_json()["removes_nothing"] is False


def test_layers_come_from_the_ground_up() -> None:
    """Every door shows the same order: what others rest on first."""
    upper = model("A", "USA")
    ground = {**upper, "layer": "energy", "name": "grid"}
    both = said("system", materials=[upper, ground])
    cut = Scenario(id="x", title=LocalText(by_tag={"en": "x"}), jurisdictions=("USA",))
    sheet = shock_sheet(gather(ONLY_LOGS, MemoryShelf([both])), cut, FIRM)

    assert [one.layer for one in sheet.layers] == ["energy", "model"]


def test_a_shipped_scenario_runs_on_any_grounds() -> None:
    """Each says what it removes here, even where that is nothing."""
    for row in scenario_rows():
        sheet = shock_sheet(gather(Wanted(records=True)), find_shock(row.scenario.id))
        assert sheet.scenario.caution
        assert to_canonical(sheet.to_json())


def test_the_worst_suppliers_are_found_among_a_state_s_layers() -> None:
    """Losing the inventory's one supplier costs three quarters; with the next, more."""
    grounds = gather(ONLY_LOGS, SHELF)
    found = worst_sheet(grounds, 2, FIRM).found

    assert found.single[0].suppliers == ("C",)
    assert found.single[0].loss == pytest.approx(0.75)
    assert set(found.together.suppliers) == {"C", "A"}
    assert found.together.loss == pytest.approx(0.9)
    for number in (0, 11):
        with pytest.raises(InvalidDocument):
            worst_sheet(grounds, number)


def test_sheets_are_plain_json() -> None:
    """Pages, the interface and `--json` draw the same values."""
    grounds = gather(ONLY_LOGS, SHELF)

    assert to_canonical(exposure_sheet(grounds).to_json())
    assert to_canonical(worst_sheet(grounds, 1).to_json())
    assert all(to_canonical(row.to_json()) for row in figure_rows())


def test_a_word_that_is_no_state_is_refused() -> None:
    """With the code that was meant."""
    with pytest.raises(InvalidDocument) as caught:
        gather(Wanted(state="khm"))

    assert caught.value.faults[0].near == "KHM"
