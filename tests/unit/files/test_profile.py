# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.answer import MAX_CHANGES
from comity.files.profile import profile_from_toml, read_profile
from comity.kernel.ids import MarketCode
from comity.kernel.material import Material
from comity.law.block import Document
from comity.law.fact import OpenSet, Silence
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Remark
from comity.law.read import read_library

VOCABULARY = """
```comity
fact generates set [text, image, audio]
  label "L"
  question "Q"
  means "M"
fact training_compute number FLOP step 1
  label "L"
  question "Q"
  means "M"
fact staff number
  label "L"
  question "Q"
  means "M"
fact placed_on_market date
  label "L"
  question "Q"
  means "M"
fact remote bool
  label "L"
  question "Q"
  means "M"
fact biometric bool
  label "L"
  question "Q"
  means "M"
axiom remote_is_biometric
  when remote
  implies biometric
```
"""

SOUND = """\
system = "relief-translator"
version = "1.0"
provider = "Example"
example = true
roles = ["provider"]
markets = ["EU", "CHN"]
purpose = "Translates."

[name]
en = "Relief translator"
zh = "救灾翻译"

[facts]
generates = ["text"]
training_compute = "10^25 FLOP"
staff = 12
placed_on_market = 2026-09-01
remote = "not known"
biometric = "disputed"

[[material]]
layer = "model"
name = "weights"
supplier = "Lab"
jurisdiction = "BRA"
share_ppm = 1000000

[[material]]
layer = "cloud"
name = "host"
"""


@pytest.fixture(scope="module")
def library() -> Library:
    """Return a vocabulary of six facts and an axiom."""
    return read_library([Document(name="v.md", text=VOCABULARY)])


def test_a_profile_says_what_it_says(library: Library) -> None:
    """Every field."""
    profile = profile_from_toml(SOUND, library)
    assert (profile.system, profile.version, profile.example) == (
        "relief-translator",
        "1.0",
        True,
    )
    assert profile.roles == (Role.PROVIDER,)
    assert profile.markets == ("EU", "CHN")
    assert profile.name.in_language("zh") == "救灾翻译"
    assert profile.purpose.in_language("en") == "Translates."
    assert dict(profile.answers) == {
        "generates": frozenset({"text"}),
        "training_compute": 10**25,
        "staff": 12,
        "placed_on_market": dt.date(2026, 9, 1),
        "remote": Silence.NOT_KNOWN,
        "biometric": Silence.DISPUTED,
    }
    assert profile.materials == (
        Material(
            layer="model", name="weights", supplier="Lab", jurisdiction="BRA",
            share_ppm=1_000_000,
        ),
        Material(layer="cloud", name="host"),
    )  # fmt: skip


def test_a_profile_of_a_name_alone_is_a_profile(library: Library) -> None:
    """Everything else may still be unknown."""
    profile = profile_from_toml('system = "x"', library)
    assert (profile.markets, profile.roles, dict(profile.answers)) == (None, (), {})


def test_a_set_may_be_known_in_part(library: Library) -> None:
    """Two lists say what is certain."""
    text = 'system = "x"\n[facts]\ngenerates = { known_in = ["text"], known_out = [] }'
    answer = profile_from_toml(text, library).answers["generates"]
    assert answer == OpenSet(known_in=frozenset({"text"}), known_out=frozenset())


FAULTS: list[tuple[str, str, tuple[int, int], str, str | None]] = [
    ('system = "relief-translator"', 'system = "Relief"', (1, 1), "lower-case words", None),
    ('version = "1.0"', "version = 1.0", (2, 1), "version is not a text", None),
    ('version = "1.0"', 'verson = "1.0"', (2, 1), "has no field 'verson'", "version"),
    ("example = true", 'example = "yes"', (4, 1), "neither true nor false", None),
    ('"provider"]', '"provder"]', (5, 10), "is no role", "provider"),
    ('["provider"]', "3", (5, 1), "is not a list of words", None),
    ('"CHN"]', '"CHINA"]', (6, 18), "is no market", "CHN"),
    ('purpose = "Translates."', "purpose = 1", (7, 1), "neither a text nor a table", None),
    ('en = "Relief translator"', "", (9, 1), "name has no English text", None),
    ('zh = "救灾翻译"', "zh = 1", (11, 1), "name.zh is not a text", None),
    ('["text"]', '["text", "vido"]', (14, 22), "'vido' is not one of", None),
    ('["text"]', '["imge"]', (14, 14), "'imge' is not one of", "image"),
    ("generates", "generats", (14, 1), "no fact named 'generats'", "generates"),
    ('"10^25 FLOP"', "5", (15, 1), 'the unit is missing: write "5 FLOP"', None),
    ('"10^25 FLOP"', '"1e400 FLOP"', (15, 1), "is not an exact number", None),
    ("staff = 12", "staff = nan", (16, 1), "no exact number", None),
    ("staff = 12", "staff = 1e400", (16, 1), "no exact number", None),
    ("staff = 12", "staff = true", (16, 1), "true is not a number", None),
    ("2026-09-01", "2026-09-01T10:00:00Z", (17, 1), "has a time", None),
    ("staff = 12", "asked_on = 2026-01-01", (16, 1), "is set by the question", None),
    ("share_ppm = 1000000", "share_ppm = 1000001", (26, 1), "from 0 to 1000000", None),
    ('jurisdiction = "BRA"', 'jurisdiction = "Brazil"', (25, 1), "ISO 3166-1", "BRA"),
    ('supplier = "Lab"', "supplier = 1", (24, 1), "supplier is not a text", None),
    ('name = "host"', 'nam = "host"', (30, 1), "has no field 'nam'", "name"),
]


@pytest.mark.parametrize(("old", "new", "place", "message", "near"), FAULTS)
def test_a_slip_is_named_with_its_place(  # noqa: PLR0917 - one row a slip
    library: Library, old: str, new: str, place: tuple[int, int], message: str, near: str | None
) -> None:
    """The author finds the word without counting lines."""
    assert old in SOUND
    with pytest.raises(InvalidDocument) as caught:
        profile_from_toml(SOUND.replace(old, new, 1), library)
    faults = [fault for fault in caught.value.faults if message in fault.message]
    assert [(fault.line, fault.column) for fault in faults] == [place]
    assert faults[0].near == near


def test_all_faults_come_at_once_in_the_order_of_the_lines(library: Library) -> None:
    """An author corrects a list."""
    text = SOUND.replace("generates", "generats").replace("BRA", "Brazil").replace('"1.0"', "1")
    with pytest.raises(InvalidDocument) as caught:
        profile_from_toml(text, library, source="p.toml")
    assert [fault.line for fault in caught.value.faults] == [2, 14, 25]
    assert str(caught.value).startswith("p.toml: the profile has faults\n  line 2")


def test_answers_that_break_an_axiom_are_told_with_axiom_and_answers(
    library: Library,
) -> None:
    """At the line of the later of them."""
    text = SOUND.replace('"not known"', "true").replace('"disputed"', "false")
    with pytest.raises(InvalidDocument) as caught:
        profile_from_toml(text, library)
    (fault,) = caught.value.faults
    assert fault.line == 19
    assert "remote = true, biometric = false" in fault.message
    assert "'remote_is_biometric'" in fault.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('system = "x"\nfacts = 1', "facts is not a table"),
        ('system = "x"\nmaterial = 1', "material is not a list of tables"),
        ("", "the profile needs a line such as"),
        ('system = "x"\n[[material]]', "the material has no layer"),
    ],
)
def test_a_profile_of_another_shape_is_refused(
    library: Library, text: str, message: str
) -> None:
    """With a sentence that says what to write."""
    with pytest.raises(InvalidDocument) as caught:
        profile_from_toml(text, library)
    assert any(message in fault.message for fault in caught.value.faults)


def test_a_file_that_is_missing_or_no_text_is_told_so(tmp_path: Path, library: Library) -> None:
    """Not a stack trace."""
    with pytest.raises(NotFound):
        read_profile(tmp_path / "none.toml", library)
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(InvalidDocument, match="byte 0 is not UTF-8"):
        read_profile(path, library)
    path.write_text(SOUND, "utf-8")
    assert read_profile(path, library).system == "relief-translator"


BY_MARKET = """\
system = "x"
[facts]
remote = false
staff = { value = 12, note = "by the books", evidence = "payroll.csv" }
[facts.VNM]
placed_on_market = 2026-03-01
staff = 3
[[change]]
on = 2027-01-01
[change.facts]
staff = 40
[change.facts.VNM]
remote = "disputed"
[[change]]
on = 2026-12-01
facts = { staff = 30 }
"""
VNM, EU = MarketCode("VNM"), MarketCode("EU")


def test_answers_may_differ_by_market_and_from_a_day_on(library: Library) -> None:
    """One market's answer stands there against a later one for all."""
    profile = profile_from_toml(BY_MARKET, library)
    placed = dt.date(2026, 3, 1)
    assert profile.answers_in(VNM, dt.date(2026, 11, 30)) == {
        "remote": False, "staff": 3, "placed_on_market": placed,
    }  # fmt: skip
    assert profile.answers_in(EU, dt.date(2026, 12, 1)) == {"remote": False, "staff": 30}
    assert profile.answers_in(EU, dt.date(2027, 1, 1)) == {"remote": False, "staff": 40}
    assert profile.answers_in(VNM, dt.date(2027, 1, 1)) == {
        "remote": Silence.DISPUTED, "staff": 3, "placed_on_market": placed,
    }  # fmt: skip
    assert [change.on for change in profile.changes] == [
        dt.date(2026, 12, 1),
        dt.date(2027, 1, 1),
    ]


def test_a_note_and_what_shows_it_stand_beside_an_answer(library: Library) -> None:
    """They are the author's, and change nothing."""
    (remark,) = profile_from_toml(BY_MARKET, library).remarks
    assert remark == Remark(fact="staff", note="by the books", evidence="payroll.csv")


SLIPS: list[tuple[str, str, tuple[int, int], str, str | None]] = [
    ("[facts.VNM]", "[facts.FRA]", (5, 1), "is a member state of the EU", "EU"),
    ("[facts.VNM]", "[facts.XXX]", (5, 1), "'XXX' is no market", None),
    ("[facts.VNM]", "[facts.vnm]", (5, 1), "no fact named 'vnm'", None),
    ("staff = 3\n", "staf = 3\n", (7, 1), "no fact named 'staf'", "staff"),
    ("staff = 3\n", 'staff = "x"\n', (7, 1), "staff: 'x' is not an exact number", None),
    ("remote = false", "EU = false", (3, 1), "write [facts.EU]", None),
    ("value = 12, ", "", (4, 1), "staff has no value", None),
    ("value = 12", "value = nan", (4, 11), "staff: nan is no exact number", None),
    ("value = 12", "value = 1e400", (4, 11), "staff: 1E+400 is no exact number", None),
    ("note =", "nota =", (4, 23), "not 'nota'", "note"),
    ('"payroll.csv"', "1", (4, 46), "evidence is not a text", None),
    ("on = 2027-01-01", "", (8, 1), "the change needs its first day", None),
    ("on = 2027-01-01", 'on = "soon"', (9, 1), "the change needs its first day", None),
    ("on = 2027-01-01", "on = 2026-12-01", (15, 1), "two changes are dated 2026-12-01", None),
    ("facts = { staff = 30 }", "facts = 1", (16, 1), "facts is not a table", None),
    ("facts = { staff = 30 }", "fact = 1", (16, 1), "a change has no field 'fact'", "facts"),
]


@pytest.mark.parametrize(("old", "new", "place", "message", "near"), SLIPS)
def test_a_slip_in_a_table_is_named_with_its_place(  # noqa: PLR0917 - one row a slip
    library: Library, old: str, new: str, place: tuple[int, int], message: str, near: str | None
) -> None:
    """In tables of one market and in changes as in the first table."""
    assert old in BY_MARKET
    with pytest.raises(InvalidDocument) as caught:
        profile_from_toml(BY_MARKET.replace(old, new, 1), library)
    faults = [fault for fault in caught.value.faults if message in fault.message]
    assert [(fault.line, fault.column) for fault in faults] == [place]
    assert faults[0].near == near


def test_answers_that_contradict_in_one_market_or_on_one_day_are_told(library: Library) -> None:
    """The general answers alone are sound; each contradiction is told once."""
    text = BY_MARKET.replace("[facts.VNM]", "biometric = false\n[facts.VNM]\nremote = true")
    with pytest.raises(InvalidDocument) as caught:
        profile_from_toml(text, library)
    (fault,) = caught.value.faults
    assert "remote = true, biometric = false" in fault.message
    assert (fault.line, fault.column) == (7, 1)


def test_a_profile_has_only_so_many_changes(library: Library) -> None:
    """Each costs a closing in every market that answers for itself."""
    days = (
        dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(MAX_CHANGES + 1)
    )
    text = 'system = "x"\n' + "".join(f"[[change]]\non = {day}\n" for day in days)
    with pytest.raises(InvalidDocument) as caught:
        profile_from_toml(text, library)
    (fault,) = caught.value.faults
    assert fault.message == f"more than {MAX_CHANGES} changes"
    assert (
        len(profile_from_toml(text.rpartition("[[change]]")[0], library).changes) == MAX_CHANGES
    )


def test_a_change_that_is_no_list_is_refused(library: Library) -> None:
    """Two brackets make it one."""
    with pytest.raises(InvalidDocument) as caught:
        profile_from_toml('system = "x"\n[change]\non = 2027-01-01', library)
    assert "write [[change]]" in caught.value.faults[0].message
