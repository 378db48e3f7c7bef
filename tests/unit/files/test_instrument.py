# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from pathlib import Path

import pytest

from comity.council.instrument.act import CONSENTS, Basis, Deed
from comity.council.instrument.delay import Delay
from comity.council.instrument.instrument import (
    ByOrgan,
    Entry,
    Exit,
    Express,
    Pairwise,
    Permitted,
    Prohibited,
    Tacit,
    Unknown,
)
from comity.council.rule.rule import Leaf, Number
from comity.errors import InvalidDocument, NotFound
from comity.files.instrument import (
    get_instrument,
    instrument_from_toml,
    read_acts,
    read_instrument,
)

LEAST = """
slug = "example"
title = "Example agreement"
basis = "text"
known_to = 2030-01-01
[entry]
rule = { number = 3 }
"""

WHOLE = """
slug = "example-2"
title = "Example agreement"
basis = "secondary"
source = "made up"
opened = 2020-01-01
known_to = 2030-01-01
complete = true
example = true
founds = "EXA"
open_to = ["KHM", "LAO", "BRA", "EU"]
consent = ["ratification", "accession"]
unsure = ["approval"]
provisional = true

[entry]
rule = { all = [{ number = 2 }, { number = 1, group = "host" }] }
delay = { days = 30 }
later = { months = 3, first_of_month = true }
not_before = 2022-01-01
basis = "memory"

[reservations]
rule = "organ"
organ = "EXA"

[exit]
notice = { months = 12 }
not_before = { months = 36 }

[amending.tacit]
window = { months = 24 }
force = { months = 6 }
stopped_by = { share = "more than 1/3", of = "members", count = "against" }

[groups]
host = ["KHM"]

[weights.tonnage]
unit = "tons"
source = "made up"
values = { KHM = 3, LAO = 0 }

[[provision]]
name = "1"
title = "First"
[[provision]]
name = "2"
recommended = true

[[act]]
act = "signature"
on = 2020-02-01
at_the_latest = true
states = ["KHM", "LAO"]
[[act]]
act = "objection"
on = 2021-02-01
notified = 2021-03-01
states = ["BRA"]
towards = "KHM"
opposes_entry = true
provisions = ["2"]
text = "No."
basis = "weak"
contradicted = "another page"

[[amendment]]
name = "first"
adopted = 2024-01-01
notified = 2024-02-01
[[amendment.longer]]
states = ["LAO"]
window = { months = 30 }
force = { months = 36 }

[[associate]]
states = ["SGP"]
standing = "invited"
on = 2021-01-01

[[unknown]]
about = "seat"
reason = "Not found."
"""


def faults(text: str) -> list[str]:
    """Return every fault as it is shown."""
    with pytest.raises(InvalidDocument) as found:
        instrument_from_toml(text)
    assert found.value.code == "files.instrument"
    return [str(fault) for fault in found.value.faults]


def test_the_least_instrument_is_short() -> None:
    """What is left out has the meaning that treaties give it."""
    found = instrument_from_toml(LEAST)
    assert isinstance(found.entry, Entry)
    assert found.entry.rule == Leaf(need=Number(least=3))
    assert found.consent == CONSENTS
    assert isinstance(found.reservations, Pairwise)
    assert isinstance(found.amending, Unknown)


def test_every_field_is_read() -> None:
    """One file that uses them all."""
    found = instrument_from_toml(WHOLE)
    assert isinstance(found.entry, Entry)
    assert found.entry.delay == Delay(days=30)
    assert found.entry.later == Delay(months=3, to_first_of_month=True)
    assert found.entry.ground.basis is Basis.MEMORY
    assert found.entry.ground.source == "made up"
    assert found.reservations == ByOrgan(organ="EXA")
    assert found.exit == Exit(notice=Delay(months=12), not_before=Delay(months=36))
    assert isinstance(found.amending, Tacit)
    assert found.unsure == {Deed.APPROVAL}
    assert [one.state for one in found.acts] == ["KHM", "LAO", "BRA"]
    assert found.acts[2].ground.contradicted == "another page"
    assert found.acts[2].known_to_others_on == dt.date(2021, 3, 1)
    assert found.amendments[0].longer["LAO"][0] == Delay(months=30)
    assert not isinstance(found.provisions, Unknown)
    assert [(one.name, one.is_recommended) for one in found.provisions] == [
        ("1", False), ("2", True),
    ]  # fmt: skip
    assert found.weights["tonnage"].values == {"KHM": 3, "LAO": 0}
    assert (found.associates[0].state, found.missing[0].about) == ("SGP", "seat")


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ('reservations = { rule = "prohibited" }', Prohibited),
        ('reservations = { rule = "permitted", provisions = ["3"] }', Permitted),
        ('reservations = { rule = "pairwise", period = { months = 6 } }', Pairwise),
        ('reservations = { unknown = "not public" }', Unknown),
        ('exit = { unknown = "not public" }', Unknown),
        ('provisional = { unknown = "not public" }', Unknown),
        ('provisions = { unknown = "not public" }', Unknown),
        ('amending = { express = { rule = { share = "2/3", of = "members" } } }', Express),
        ('amending = { unknown = "not public" }', Unknown),
    ],
)
def test_each_clause_may_be_given_or_unknown(written: str, kind: type) -> None:
    """What nobody knows is written down as such, with the reason."""
    found = instrument_from_toml(f"{written}\n{LEAST}")
    assert isinstance(getattr(found, written.split(" ", maxsplit=1)[0]), kind)


def test_the_time_before_leaving_is_reckoned_as_the_file_says() -> None:
    """Chicago reckons it from entry into force, SOLAS for each party."""
    assert get_instrument("solas-1974").exit == Exit(
        notice=Delay(months=12), not_before=Delay(months=60), for_each_party=True
    )
    assert get_instrument("chicago-convention").exit == Exit(
        notice=Delay(months=12), not_before=Delay(months=36)
    )


def test_an_unknown_condition_is_a_word_too() -> None:
    """Entry into force is the clause most often unseen."""
    text = LEAST.replace("[entry]\nrule = { number = 3 }", 'entry = { unknown = "not public" }')
    assert instrument_from_toml(text).entry == Unknown(reason="not public")


def test_all_faults_are_told_at_once_with_their_places() -> None:
    """Line, column, and the near miss."""
    text = (
        LEAST
        + """delay = { dayz = 30 }
[[act]]
act = "ratificaton"
on = 2021-01-01
states = ["KHN", "LAO", "LAO"]
[[act]]
act = "signature"
statez = ["KHM"]
"""
    )
    said = faults(text)
    assert any("line 8, column" in one and "'dayz'" in one and "'days'" in one for one in said)
    assert any("line 10" in one and "did you mean 'ratification'" in one for one in said)
    assert any("line 12" in one and "'KHN' is no state" in one for one in said)
    assert any("LAO stands twice" in one for one in said)
    assert any("on is missing" in one for one in said)
    assert any("'statez'" in one and "did you mean 'states'" in one for one in said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "x"', "slug is missing"),
        (LEAST.replace('"example"', '"Example One"'), "not written like example-agreement"),
        (LEAST.replace("rule = { number = 3 }", ""), "rule is missing"),
        (LEAST.replace("[entry]\nrule = { number = 3 }", ""), "[entry] is missing"),
        (LEAST.replace("{ number = 3 }", '{ number = 3, group = "host" }'), "group 'host'"),
        (LEAST.replace("{ number = 3 }", '{ number = 3, by = "tons" }'), "weights 'tons'"),
        (LEAST.replace("2030-01-01", "1066-01-01"), "outside of 1800 to 2200"),
        (LEAST + "delay = { months = 1300 }", "months is more than 1,200"),
        ('reservations = { rule = "prohibited", provisions = ["2"] }\n' + LEAST,
         "says nothing where the rule is"),
        ("exit = {}\n" + LEAST, "notice is missing"),
        ("exit = { notice = { days = 9 }, for_each_party = true }\n" + LEAST, "give that"),
        ("amending = {}\n" + LEAST, "amending is tacit, express"),
        ('consent = ["ratificaton"]\n' + LEAST, "did you mean 'ratification'"),
        (LEAST + '[[provision]]\nname = "1"\n[[provision]]\nname = "1"\n', "stands twice"),
        (LEAST + '[weights.tons]\nunit = "t"\nsource = "s"\nvalues = { KHN = 1 }\n',
         "'KHN' is no state"),
        (LEAST + '[weights.tons]\nunit = "t"\nsource = "s"\nvalues = { KHM = -1 }\n',
         "not a whole number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    """Each in a plain sentence."""
    assert any(said in one for one in faults(text))


def test_a_file_is_read_and_its_name_is_in_the_faults(tmp_path: Path) -> None:
    """Whoever has several files open wants to know which."""
    path = tmp_path / "one.toml"
    path.write_text(LEAST, "utf-8")
    assert get_instrument(str(path)).slug == "example"
    path.write_text("slug = 3\n", "utf-8")
    with pytest.raises(InvalidDocument) as found:
        read_instrument(path)
    assert "one.toml" in str(found.value)


def test_a_name_nobody_knows_has_a_near_miss() -> None:
    """And the list of what there is."""
    with pytest.raises(NotFound) as found:
        get_instrument("wiaco")
    assert "did you mean 'waico'" in found.value.hint
    with pytest.raises(NotFound):
        get_instrument("nowhere.toml")


def test_a_file_of_nothing_but_acts_is_read(tmp_path: Path) -> None:
    """For trials beside a shipped record."""
    path = tmp_path / "acts.toml"
    path.write_text(
        '[[act]]\nact = "ratification"\non = 2026-12-01\nbasis = "memory"\nstates = ["KHM"]\n',
        "utf-8",
    )
    assert [one.state for one in read_acts(path)] == ["KHM"]
