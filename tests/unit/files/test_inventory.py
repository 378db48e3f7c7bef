# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Inventories as people keep them: TOML and spreadsheets, every fault at its cell."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from comity.errors import InvalidDocument, NotFound
from comity.exposure.material.inventory import from_inventory_json, to_inventory_json
from comity.files.inventory import read_inventory
from comity.files.inventorysheet import COLUMNS
from comity.files.pack import SHIPPED

TOML = """
state   = "KHM"
as_of   = 2026-11-21
example = true

[[material]]
layer     = "cloud"
name      = "government cloud"
supplier  = "Host"
territory = "KHM"
share_ppm = 400000
upstream  = [{ name = "accelerators", need = "compute", need_ppm = 300000 }]

[[material]]
layer = "chips"
name  = "accelerators"
"""
HEAD = "layer,name,supplier,jurisdiction,share,upstream,state,as_of\n"
CSV = HEAD + (
    "cloud,government cloud,Host,KHM,40%,accelerators,KHM,2026-11-21\n"
    "cloud,foreign cloud,Far Host,SGP,60%,,,\n"
    "chips,accelerators,,,,,KHM,2026-11-21\n"
)


def write(folder: Path, text: str, name: str = "khm.csv") -> Path:
    """Write a file."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def faults(path: Path) -> str:
    """Return every fault of a file, a line each."""
    with pytest.raises(InvalidDocument) as caught:
        read_inventory(path)
    return "\n".join(map(str, caught.value.faults))


def test_a_toml_inventory_keeps_what_it_says_and_what_it_leaves_open(tmp_path: Path) -> None:
    """Nobody named the maker of the accelerators: that stays None."""
    found = read_inventory(write(tmp_path, TOML, "khm.toml"))

    assert (found.state, found.as_of.isoformat(), found.example) == ("KHM", "2026-11-21", True)
    cloud, chips = found.materials
    assert cloud.upstream[0].need_ppm == 300_000
    assert (cloud.share_ppm, cloud.owner, chips.supplier) == (400_000, None, None)


def test_a_spreadsheet_and_its_parquet_read_alike(tmp_path: Path) -> None:
    """The form of the file says nothing of the state."""
    path = write(tmp_path, CSV)
    frame = pl.read_csv(path, infer_schema=False)
    frame.write_parquet(tmp_path / "khm.parquet")
    found = read_inventory(path)

    assert found == read_inventory(tmp_path / "khm.parquet")
    assert [one.share_ppm for one in found.materials] == [400_000, 600_000, None]
    assert found.materials[0].upstream[0].name == "accelerators"


def test_every_fault_of_a_spreadsheet_stands_at_its_row_and_column(tmp_path: Path) -> None:
    """Whoever keeps the sheet finds each cell at once."""
    text = HEAD.replace("upstream", "upsteam") + (
        "cloud,a,Host,KHM,40%,,KHM,2026-11-21\n"
        "cloud,b,Host,XXX,0.7,,VNM,2026-11-21\n"
        ",c,Host,KHM,half,,KHM,\n"
    )
    found = faults(write(tmp_path, text))

    assert "line 1, column 6: no column is called 'upsteam'; did you mean 'upstream'?" in found
    assert "line 3, column 4: jurisdiction: 'XXX' is no ISO 3166-1 alpha-3 code" in found
    assert "line 3, column 5: share: '0.7' is in another unit" in found
    assert "line 3, column 5: share: the shares of layer 'cloud' add up to more" in found
    assert "line 4, column 5: share: 'half' is no share" in found
    assert "the material has no layer" in found
    assert "an inventory has one, not KHM, VNM" in found


def test_mixed_units_come_together_with_what_was_meant(tmp_path: Path) -> None:
    """A sheet filled in by several hands: per cent, parts of one, and bare numbers."""
    rows = (
        "cloud,a,Host,KHM,30 %,,KHM,2026-11-21\n"
        "cloud,b,Host,KHM,0.3,,,\n"
        "cloud,c,Host,KHM,30,,,\n"
        "cloud,d,Host,KHM,-5%,,,\n"
        'cloud,e,Host,KHM,"0,3",,,\n'
    )
    found = faults(write(tmp_path, HEAD + rows))

    assert "line 3, column 5: share: '0.3' is in another unit than the rows above" in found
    assert "line 4, column 5: share: '30' is no share" in found
    assert "did you mean '30%'?" in found
    assert "line 5, column 5: share: '-5%' is no share" in found
    assert "line 6, column 5: share: '0,3' is no share" in found


def test_a_row_too_long_hides_no_other_fault(tmp_path: Path) -> None:
    """It is listed with the rest; cells that are empty count for nothing."""
    rows = (
        "cloud,a,Host,XXX,,,KHM,2026-11-21,,,\n"
        "cloud,b,Host,KHM,,,,,what,is,this\n"
        "cloud,c,Host,KHM,half,,,\n"
    )
    found = faults(write(tmp_path, HEAD + rows))

    assert "line 2, column 4: jurisdiction: 'XXX'" in found
    assert "line 3, column 9: has 11 cells under 8 columns" in found
    assert "line 4, column 5: share: 'half'" in found
    assert found.count("\n") == 2


def test_the_template_reads_as_it_stands_and_says_that_it_is_made_up() -> None:
    """Who fills it in starts from a sheet without faults; notes to people are skipped."""
    path = SHIPPED / "exposure" / "template.csv"
    found = read_inventory(path)

    assert sorted(path.read_text("utf-8").partition("\n")[0].split(",")) == sorted(COLUMNS)
    assert found.example
    assert {one.basis for one in found.materials} == {"weak"}
    assert len(found.materials) == 10


def test_a_sheet_is_an_example_until_no_row_says_so(tmp_path: Path) -> None:
    """One invented row left makes every figure over it invented."""
    head = HEAD.replace("as_of\n", "as_of,example\n")
    rows = "# a note\ncloud,a,,,,,KHM,2026-11-21,{}\ncloud,b,,,,,,,{}\n"

    for said, is_example in ((("", ""), False), (("no", "Yes"), True), (("no", "no"), False)):
        found = read_inventory(write(tmp_path, head + rows.format(*said)))
        assert found.example is is_example
    wrong = faults(write(tmp_path, head + rows.format("", "perhaps")))
    assert "line 4, column 9: example: 'perhaps' is neither yes nor no" in wrong


def test_cycles_and_dangling_names_are_faults(tmp_path: Path) -> None:
    """Supply in a circle, or from nowhere, is a mistake of the sheet."""
    rows = (
        "cloud,a,Host,KHM,,b,KHM,2026-11-21\n"
        "chips,b,,,,a,,\n"
        "data,c,,,,accelerator,,\n"
        "data,accelerators,,,,,,\n"
    )
    found = faults(write(tmp_path, HEAD + rows))

    assert found.count("rests on itself") == 2
    assert "rests on 'accelerator', which is not in the bill" in found
    assert "did you mean 'accelerators'" in found


def test_every_fault_of_a_toml_file_stands_at_its_line(tmp_path: Path) -> None:
    """The same of TOML."""
    wrong = TOML.replace('"KHM"', '"KH"').replace("400000", "-1").replace("supplier", "suplier")
    found = faults(write(tmp_path, wrong, "khm.toml"))

    assert "line 2, column 1: state 'KH' is no ISO" in found
    assert (
        "line 9, column 1: a material has no field 'suplier'; did you mean 'supplier'?" in found
    )
    assert "'KH' is no ISO 3166-1 alpha-3 code, nor EU" in found
    assert "share_ppm is not an integer from 0 to 1000000" in found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", ""),
        ("b.csv", HEAD),
        ("c.csv", 'layer,name\n"open'),
        ("d.csv", "layer\n1,2,3\n"),
        ("e.csv", "\x00"),
        ("f.toml", ""),
        ("g.toml", 'state = "KHM"'),
        ("h.parquet", "not parquet"),
        ("i.csv", HEAD + ",,,,,,,\n"),
    ],
)
def test_what_is_no_inventory_is_refused(tmp_path: Path, name: str, text: str) -> None:
    """Empty, cut off, of another kind: a document with faults, never a traceback."""
    assert faults(write(tmp_path, text, name))


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    """Each form says so with the same code."""
    for name in ("x.toml", "x.csv", "x.parquet"):
        with pytest.raises(NotFound) as caught:
            read_inventory(tmp_path / name)
        assert caught.value.code == "files.no_inventory"


def test_every_shipped_record_says_where_each_row_is_from() -> None:
    """A record without source and basis is a rumour."""
    for path in sorted((SHIPPED / "exposure" / "records").glob("*.toml")):
        found = read_inventory(path)
        assert found.note
        for one in (*found.materials, *found.supplies):
            assert one.source, path.name
            assert one.basis, path.name


def test_an_inventory_survives_its_statement(tmp_path: Path) -> None:
    """What is written in a log reads back as it was, unknown fields included."""
    found = read_inventory(write(tmp_path, TOML, "khm.toml"))
    written: Mapping[str, object] = {**to_inventory_json(found), "later": 1}

    again = from_inventory_json(written)  # type: ignore[arg-type]  # plain values
    assert again.rest == {"later": 1}
    assert again.materials == found.materials
    assert to_inventory_json(again) == written


def test_a_statement_s_faults_come_together() -> None:
    """A stranger's statement is read as strictly as a file."""
    wrong = {
        "state": "KHM",
        "as_of": "yesterday",
        "example": False,
        "materials": [
            {"layer": "cloud", "name": "a", "share_ppm": 900_000, "upstream": [{"name": "z"}]},
            {"layer": "cloud", "name": "b", "share_ppm": 900_000, "recovery_days": -1},
        ],
    }
    with pytest.raises(InvalidDocument) as caught:
        from_inventory_json(wrong)  # type: ignore[arg-type]  # plain values

    said = "\n".join(map(str, caught.value.faults))
    for one in ("yesterday", "recovery_days", "more than the whole", "rests on 'z'"):
        assert one in said


def test_the_columns_are_those_the_docs_promise() -> None:
    """The template of the how-to page is one of these."""
    assert COLUMNS[:4] == ("layer", "name", "supplier", "source")


def test_a_spreadsheet_of_elsewhere_reads_alike(tmp_path: Path) -> None:
    """Excel writes a mark of order, semicolons and the headings people typed."""
    said = CSV.replace("layer,", "Layer,", 1).replace(",as_of\n", ",As of\n", 1)
    said = said.replace("chips,acc", "Chips,acc").replace(",", ";")
    paths = [tmp_path / "plain.csv", tmp_path / "elsewhere.csv"]
    paths[0].write_text(CSV, encoding="utf-8")
    paths[1].write_text(said.replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    plain, elsewhere = map(read_inventory, paths)

    assert plain == elsewhere


def test_what_a_cell_may_mean_stands_beside_its_fault(tmp_path: Path) -> None:
    """A comma, a date of another order, a unit, a word for unknown, a state's long name."""
    path = tmp_path / "typed.csv"
    path.write_text(
        "layer,name,jurisdiction,share,recovery_days,state,as_of\n"
        'cloud,one,Kingdom of Cambodia,"37,5%",30 days,KHM,22/11/2026\n'
        "cloud,two,Cambodge,n/a,,,\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidDocument) as caught:
        read_inventory(path)

    assert [(one.column, one.near) for one in caught.value.faults] == [
        (3, "KHM"), (4, "37.5%"), (5, "30"), (7, "2026-11-22"), (3, "KHM"), (4, None),
    ]  # fmt: skip
    assert caught.value.faults[-1].message.endswith("leave the cell empty where it is unknown")


def test_a_missing_heading_is_one_fault_and_not_one_a_row(tmp_path: Path) -> None:
    """Thirty faults that say the same hide the one to mend."""
    path = tmp_path / "headless.csv"
    path.write_text(
        "what,name,state,as_of\n" + "chips,a,KHM,2026-11-21\n" * 9, encoding="utf-8"
    )
    with pytest.raises(InvalidDocument) as caught:
        read_inventory(path)

    assert [one.line for one in caught.value.faults] == [1, 1]


def test_a_workbook_is_told_from_what_is_read(tmp_path: Path) -> None:
    """Not as TOML that has a fault in its third sign."""
    with pytest.raises(InvalidDocument, match="spreadsheet's own file") as caught:
        read_inventory(tmp_path / "book.XLSX")

    assert "CSV UTF-8" in (caught.value.hint or "")


def test_an_ending_is_read_in_capitals_too(tmp_path: Path) -> None:
    """As some spreadsheets write it: no sheet is taken for TOML with a fault in its head."""
    plain = read_inventory(write(tmp_path, CSV))
    table = tmp_path / "KHM.Parquet"
    pl.read_csv(tmp_path / "khm.csv").cast(pl.String).write_parquet(table)

    assert read_inventory(write(tmp_path, CSV, "KHM.CSV")) == plain
    assert read_inventory(table) == plain


def test_parquet_that_is_damaged_inside_is_refused(tmp_path: Path) -> None:
    """The reader beneath panics on this byte, which is no error that others catch."""
    path = tmp_path / "khm.parquet"
    row = {"state": ["KHM"], "as_of": ["2026-11-21"], "layer": ["cloud"], "name": ["n"]}
    pl.DataFrame(row).write_parquet(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:77] + b"\0" + whole[78:])

    with pytest.raises(InvalidDocument, match="damaged inside"):
        read_inventory(path)


def test_a_sheet_of_thousands_of_columns_is_refused_as_a_whole(tmp_path: Path) -> None:
    """Nobody wants two hundred thousand columns named one by one as unknown."""
    path = tmp_path / "khm.csv"
    path.write_text(",".join(f"c{place}" for place in range(5_000)) + "\na\n")

    with pytest.raises(InvalidDocument, match="5,000 columns") as refused:
        read_inventory(path)
    assert len(refused.value.faults) == 1


def test_thousands_of_links_to_nothing_are_named_without_a_guess_each(tmp_path: Path) -> None:
    """Only the first few are compared with every name for what was meant."""
    below = [";".join(f"nod {n}" for n in range(place, place + 9)) for place in range(400)]
    lines = [f"KHM,2026-11-21,cloud,node {place},{names}" for place, names in enumerate(below)]
    path = tmp_path / "khm.csv"
    path.write_text("\n".join(["state,as_of,layer,name,upstream", *lines]))

    with pytest.raises(InvalidDocument) as refused:
        read_inventory(path)
    assert len(refused.value.faults) == 9 * 400
    assert refused.value.faults[0].near == "node 0"
    assert refused.value.faults[-1].near is None


def test_blanks_say_nothing(tmp_path: Path) -> None:
    """A supplier of spaces is an unknown one, no firm of that name; a name must be one."""
    path = tmp_path / "khm.toml"
    head = 'state = "KHM"\nas_of = 2026-11-21\n[[material]]\nlayer = "cloud"\n'
    path.write_text(f'{head}name = "n"\nsupplier = "  "\n')
    assert read_inventory(path).materials[0].supplier is None

    path.write_text(f'{head}name = "  "\n')
    with pytest.raises(InvalidDocument, match="the material has no name"):
        read_inventory(path)
