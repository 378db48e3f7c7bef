# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A claim's numbers are exact and its faults are all named."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InvalidDocument, NotFound
from comity.files.claim import claim_from_toml, read_claim

GOOD = """
slug = "flood-messages"
scorer = "declines/1 answers/1"
threshold = 0.90
goal = 0.97
risk = 0.05
power = 0.90
conducts = ["accuracy_fit_for_purpose"]
licence = "CC0-1.0"
limits = "English only."
[claim]
en = "Keeps every number."
zh = "保留全部数字。"
[drafts]
claim = ["zh"]
[categories]
road = { en = "Roads", zh = "道路" }
"""


def faults_of(text: str) -> list[str]:
    """Return what is wrong, as said."""
    with pytest.raises(InvalidDocument) as caught:
        claim_from_toml(text)
    return [str(fault) for fault in caught.value.faults]


def test_shares_are_exact_fractions() -> None:
    """A binary 0.05 is a little more than a twentieth, and alpha is a promise."""
    claim = claim_from_toml(GOOD)

    assert (claim.threshold, claim.goal) == (Fraction(9, 10), Fraction(97, 100))
    assert (claim.risk, claim.power) == (Fraction(1, 20), Fraction(9, 10))


def test_a_claim_may_say_what_it_fits_stands_in_for_and_means() -> None:
    """Without them it fits everything, stands for itself and speaks to every value."""
    plain = claim_from_toml(GOOD)
    assert (plain.fits, plain.instead_of, dict(plain.values)) == ("", (), {})
    more = 'fits = "generates has text"\ninstead_of = ["one", "two"]\n'
    values = '[values]\nevidence_tested = ["safety"]\n'
    claim = claim_from_toml(more + GOOD + values)
    assert claim.fits == "generates has text"
    assert claim.instead_of == ("one", "two")
    assert claim.values == {"evidence_tested": ("safety",)}
    said = faults_of('fits = ""\ninstead_of = ["One"]\n' + GOOD + '[values]\nX = "safety"\n')
    assert any("fits is missing or no text" in one for one in said)
    assert any("'One' is not written like" in one for one in said)
    assert any("'X' is not written like" in one for one in said)
    assert any("X is no list of words" in one for one in said)


def test_the_claim_is_read_in_every_language_and_says_which_is_a_draft() -> None:
    """An unreviewed translation is shown as one."""
    claim = claim_from_toml(GOOD)

    assert claim.claim.in_language("zh-CN") == "保留全部数字。"
    assert claim.claim.drafts == {"zh"}
    assert claim.categories["road"].in_language("en") == "Roads"
    assert claim.scorers == ("declines/1", "answers/1")


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ('slug = "flood-messages"', 'slug = "Flood"', "2:1", "'Flood' is not written"),
        ("declines/1 answers/1", "declines", "3:1", "'declines' is not written like exact/1"),
        ("0.90\ngoal", "1.90\ngoal", "4:1", "threshold is not a number"),
        ("0.90\ngoal", "nan\ngoal", "4:1", "threshold is not a number"),
        ("goal = 0.97", "goal = 0.90", "5:1", "the goal is not above the threshold"),
        ('["accuracy_fit_for_purpose"]', '["Accuracy"]', "8:13", "'Accuracy' is not written"),
        ('["accuracy_fit_for_purpose"]', "3", "8:1", "conducts is no list of words"),
        ('"English only."', '" "', "10:1", "limits is missing or no text"),
        ('en = "Keeps every number."', "", "11:1", "claim has no English text: write en = …"),
        ('zh = "保留全部数字。"', "zh = 3", "13:1", "zh is no text"),
        ('zh = "保留全部数字。"', 'ZH = "x"', "13:1", "'ZH' is not written like zh or pt-BR"),
        ('road = { en = "Roads", zh = "道路" }', "", "16:1", "the claim names no category"),
        ('road = { en = "Roads", zh = "道路" }', 'Road = "x"', "17:1", "'Road' is no"),
    ],
)  # fmt: skip
def test_a_fault_is_said_at_its_place(old: str, new: str, at: str, said: str) -> None:
    """The author should not have to search."""
    assert old in GOOD

    found = faults_of(GOOD.replace(old, new))

    line, column = at.split(":")
    assert any(each.startswith(f"line {line}, column {column}: {said}") for each in found)


def test_a_misspelt_field_is_guessed() -> None:
    """The commonest fault is a slip of the finger."""
    found = faults_of(GOOD.replace("risk =", "rsik ="))

    assert "line 6, column 1: a claim has no field 'rsik'; did you mean 'risk'?" in found


def test_an_empty_claim_lists_all_it_lacks() -> None:
    """One round of mending is enough."""
    assert len(faults_of("")) >= 9


def test_a_claim_that_is_not_there_or_no_text_is_said(tmp_path: Path) -> None:
    """The message names the file."""
    (tmp_path / "a.claim.toml").write_bytes(b'slug = "\xff"')

    with pytest.raises(NotFound, match=r"nowhere\.toml"):
        read_claim(tmp_path / "nowhere.toml")
    with pytest.raises(InvalidDocument, match="not UTF-8"):
        read_claim(tmp_path / "a.claim.toml")


@given(st.text(max_size=200))
def test_the_reader_is_total(text: str) -> None:
    """Any text gives our error, never another."""
    with pytest.raises(InvalidDocument):
        claim_from_toml(text)


@given(st.sampled_from(GOOD.splitlines()), st.sampled_from(["", "x = 1", "[x]", "claim = 1"]))
def test_any_line_replaced_gives_a_claim_or_our_error(line: str, other: str) -> None:
    """Shapes nobody thought of are refused, not crashed on."""
    try:
        claim = claim_from_toml(GOOD.replace(line, other))
    except InvalidDocument:
        return
    assert claim.threshold < claim.goal
