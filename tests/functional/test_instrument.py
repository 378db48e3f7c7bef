# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity instrument` and adoption in `comity determine`, as people type them."""

from pathlib import Path

import pytest
from tests.fakes.town import Ran, comity

AGENTS = "soft.waico.chair.agents"
PROFILE = """
system = "relief"
version = "1.0"
provider = "Example provider"
example = true
roles = ["provider", "deployer"]
markets = ["KHM"]
[name]
en = "Relief"
[purpose]
en = "Repeats what it is told."
[facts]
is_ai_system = true
acts_as_agent = true
"""
TREATY = """
slug = "example-treaty"
title = "Example treaty"
basis = "memory"
source = "made up"
known_to = 2030-01-01
complete = true
example = true
[entry]
rule = { number = 2 }
[[provision]]
name = "3.2"
[[act]]
act = "ratification"
on = 2021-03-01
states = ["KHM", "LAO"]
[[act]]
act = "reservation"
on = 2021-03-01
states = ["KHM"]
provisions = ["3.2"]
text = "Within 72 hours."
[[act]]
act = "objection"
on = 2021-04-01
states = ["LAO"]
towards = "KHM"
"""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state that ratified, differs and adopted, once."""
    folder = tmp_path_factory.mktemp("spoken")
    (folder / "relief.toml").write_text(PROFILE, "utf-8")
    (folder / "treaty.toml").write_text(TREATY, "utf-8")
    kh = folder / "kh"
    done = [
        comity("node", "init", kh, "--name", "Ministry", "--role", "regulator",
               "--jurisdiction", "KHM", "--origin", "kh.example/log", "--example"),
        comity("instrument", "act", "waico", "--act", "ratification", "--on", "2026-12-01",
               "--node", kh, "--example"),
        comity("instrument", "differ", "waico", AGENTS, "--on", "2027-06-01", "--text",
               "Only to public services", "--node", kh, "--example"),
        comity("instrument", "adopt", "soft.waico", "--through", "waico", "--on", "2027-01-01",
               "--node", kh, "--example"),
    ]  # fmt: skip
    assert [ran.err for ran in done if ran.code] == []
    return folder


@pytest.fixture(autouse=True)
def desk(spoken: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder, being in it."""
    monkeypatch.chdir(spoken)
    monkeypatch.setenv("COLUMNS", "200")
    return spoken


def words(ran: Ran) -> str:
    """Return what was printed, as words on one line."""
    assert ran.code == 0, ran.err
    return " ".join(ran.out.split())


def test_the_status_of_waico_says_all_that_is_known() -> None:
    """And what is not: an official reads it from the top."""
    said = words(comity("instrument", "status", "waico", "--on", "2026-11-22"))
    for part in (
        "Not shown to be in force on 2026-11-22.",
        "It needs consent to be bound by 3 states: none is recorded",
        "A second reading of it did not find the clause",
        "Signed, not bound: 37",
        "contradicted: a desk study of 14 August 2026 puts Viet Nam outside",
        "BGD Bangladesh announced as observer, 2026-08-01",
        "SGP Singapore invited, considering, 2026-09-09",
        "acceptance of the competent organ of WAICO (Vienna Convention 20(3))",
        "depositary: Not found.",
    ):
        assert part in said


def test_a_states_own_word_stands_beside_the_record() -> None:
    """Only where its node is asked."""
    asked = ("instrument", "status", "waico", "--on", "2026-12-05")
    assert "Consented" not in words(comity(*asked))
    said = words(comity(*asked, "--node", "kh", "--all"))
    assert "Consented, bound once it is in force for them: 1 KHM Cambodia" in said
    assert (
        "an example, made up: own statement (kh.example/log entry 1; said by Ministry (an"
        in said
    )
    assert "counted among them are examples, which are made up: KHM" in said
    assert "made up: KHM" in words(
        comity("instrument", "list", "--node", "kh", "--on", "2026-12-05")
    )
    plain = comity(*asked, "--node", "kh", "--json").json
    assert plain["in_force"]["missing"] == ["2 more states"]
    assert plain["counts"]["signatory"] == 36


def test_determine_shows_what_was_adopted() -> None:
    """The norm before the difference, the difference after it, nothing without the node."""
    asked = ("determine", "relief.toml", "--in", "KHM", "--on")
    assert "adopts" not in words(comity(*asked, "2027-03-01"))

    before = words(comity(*asked, "2027-03-01", "--node", "kh"))
    assert "adopted by KHM through waico on 2027-01-01, statement kh.example/log#3" in before
    assert "Fix what agents may decide, trace them, warn of risk" in before
    after = words(comity(*asked, "2027-07-01", "--node", "kh"))
    assert "Fix what agents may decide, trace them, warn of risk: KHM differs" in after
    assert "Only to public services" in after

    found = comity(*asked, "2027-07-01", "--node", "kh", "--json").json
    applying = [one for one in found["determination"]["rulings"]
                if one["status"] == "applies" and "adopted" in one]  # fmt: skip
    assert {one["norm"] for one in applying} == {f"khm.adopts.{AGENTS}.differs"}


def test_an_adopted_pack_of_which_no_norm_applies_is_not_silent(desk: Path) -> None:
    """Whoever adopted it would look for it in vain."""
    path = desk / "provider.toml"
    text = (desk / "relief.toml").read_text("utf-8")
    path.write_text(text.replace('["provider", "deployer"]', '["provider"]'), "utf-8")

    said = words(comity("determine", path, "--in", "KHM", "--on", "2027-03-01", "--node", "kh"))

    part = "No norm of khm.adopts.soft.waico is shown to apply here: adopted by KHM through"
    assert part in said


def test_one_adopted_norm_is_explained_with_its_adoption() -> None:
    """As any other norm is."""
    said = words(comity("determine", "relief.toml", "--in", "KHM", "--on", "2027-03-01",
                        "--node", "kh", "--explain", f"khm.adopts.{AGENTS}"))  # fmt: skip
    assert "adopted by KHM through waico" in said
    assert "applies" in said


def test_adoptions_may_stand_in_a_file(desk: Path) -> None:
    """To see what an adoption would do, before anybody says it."""
    path = desk / "adoptions.toml"
    path.write_text(
        '[[adoption]]\npack = "soft.waico"\nmarket = "KHM"\nfrom = 2027-01-01\n', "utf-8"
    )
    said = words(comity("determine", "relief.toml", "--in", "KHM", "--on", "2027-03-01",
                        "--adoptions", path))  # fmt: skip
    assert "adopted by KHM on 2027-01-01, as" in said


def test_what_holds_between_two_is_shown() -> None:
    """With the articles by which it does."""
    said = words(comity("instrument", "pairs", "treaty.toml", "KHM,LAO", "--on", "2022-01-01"))
    assert "3.2: does not apply" in said
    assert "all other provisions: applies" in said
    every = comity("instrument", "pairs", "treaty.toml", "--on", "2022-01-01", "--json").json
    assert [one["states"] for one in every] == [["KHM", "LAO"]]
    listed = words(comity("instrument", "pairs", "treaty.toml", "--on", "2022-01-01"))
    assert "KHM Cambodia and LAO Laos 3.2: does not apply" in listed
    plain = words(comity("instrument", "pairs", "iaea-statute", "--on", "1958-01-01"))
    assert "the plain text holds" in plain


def test_the_matrix_has_a_cell_for_each() -> None:
    """Not stated is a value."""
    said = words(comity("instrument", "matrix", "waico", "--on", "2027-07-01", "--node", "kh"))
    assert "KHM Cambodia differs" in said
    assert f"KHM, {AGENTS}: Only to public services" in said
    assert "1 differs, 0 not stated" in said
    empty = words(comity("instrument", "matrix", "waico"))
    assert "there is no matrix" in empty
    cells = comity("instrument", "matrix", "treaty.toml", "--json").json
    assert cells["counts"] == {"complies": 0, "differs": 0, "not stated": 2}


def test_every_instrument_is_listed() -> None:
    """With the day asked about."""
    said = words(comity("instrument", "list", "--on", "2026-11-22"))
    assert "iaea-statute in force since 1957-07-29" in said
    assert "waico not shown to be in force Agreement" in said
    assert "which reaches to 2026-09-22: 37 signed, 0 bound" in said
    assert len(comity("instrument", "list", "--json").json) == 8


def test_a_good_file_is_said_to_be_one() -> None:
    """And a status of it works."""
    assert "4 acts, no fault" in words(comity("instrument", "check", "treaty.toml"))
    said = words(comity("instrument", "status", "treaty.toml", "--on", "2022-01-01"))
    assert "An example: nothing in it is real." in said
    assert "Bound: 2 KHM Cambodia, LAO Laos" in said
    assert "KHM Cambodia on 3.2, 2021-03-01: stands. Within 72 hours." in said
    assert "LAO objected on 2021-04-01" in said


def test_amendments_are_shown_with_who_stands_outside() -> None:
    """And flagged acts with their reasons."""
    said = words(comity("instrument", "status", "solas-1974", "--on", "1995-01-01"))
    assert "was deemed accepted on 1994-04-01, in force since 1994-10-01" in said
    assert "not bound by it: GBR, objected on 1993-12-07" in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("act", "waico", "--act", "ratificaton", "--node", "kh"),
         "did you mean 'ratification'"),
        (("act", "waico", "--act", "ratification", "--on", "2026-12-09", "--node", "kh"),
         "stands already and counts"),
        (("act", "waico", "--act", "Ratify", "--on", "2026-12-09", "--node", "kh"),
         "stands already and counts"),
        (("act", "waico", "--act", "withdraw", "--node", "kh"), "did you mean 'denunciation'"),
        (("act", "waico", "--act", "accessing", "--node", "kh"), "did you mean 'accession'"),
        (("act", "wiaco", "--act", "signature", "--node", "kh"), "did you mean 'waico'"),
        (("act", "waico", "--act", "objection", "--node", "kh"), "towards is missing"),
        (("differ", "waico", AGENTS, "--node", "kh"), "--text is missing"),
        (("differ", "waico", "soft.waico.chair.agent", "--text", "x", "--node", "kh"),
         f"did you mean '{AGENTS}'"),
        (("adopt", "soft.wiaco", "--node", "kh"), "did you mean 'soft.waico'"),
        (("adopt", "soft.waico", "--through", "wiaco", "--node", "kh"), "did you mean 'waico'"),
        (("pairs", "waico", "KHM"), "two states are named"),
        (("pairs", "waico", "KHM,LAO"), "KHM is not bound"),
        (("status", "nowhere.toml"), "cannot read the instrument nowhere.toml"),
        (("status", "waico", "--on", "2026-02-30"), "2026-02-30"),
        (("check", "relief.toml"), "slug is missing"),
    ],
)  # fmt: skip
def test_what_is_mistyped_is_answered_with_help(
    desk: Path, typed: tuple[str, ...], said: str
) -> None:
    """Exit 2, a sentence, and nothing logged."""
    journal = desk / "kh" / "log" / "journal"
    before = journal.stat().st_size
    ran = comity("instrument", *typed)
    assert ran.code == 2
    assert said in " ".join(ran.err.split())
    assert "Traceback" not in ran.err
    assert journal.stat().st_size == before
