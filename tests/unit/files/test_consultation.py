# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction
from pathlib import Path

import pytest

from comity.council.consult.consultation import Addition, Consultation, Thresholds
from comity.errors import InvalidDocument
from comity.files.consultation import read_addition, read_consultation
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.kernel.instant import from_rfc3339

NOW = from_rfc3339("2026-11-22T09:00:00Z")
MEMBERS = {"kh": MemberId("1f" * 32), "br": MemberId("2f" * 32)}
GOOD = """
question = "What should be shared?"
groups_are = "languages"
closes = "2026-12-22T09:00:00Z"

[thresholds]
agree = 0.6

[[strata]]
name = "khmer"
member = "kh"

[[strata]]
name = "portuguese"
member = "br"

[[opinions]]
name = "all"
text = "All of it."
language = "en"
seed = true
"""


def read(text: str, folder: Path) -> Consultation:
    """Read a consultation from text."""
    path = folder / "c.toml"
    path.write_text(text, "utf-8")
    return read_consultation(path, MEMBERS, NOW)


def add(text: str, folder: Path) -> Addition:
    """Read opinions to add from text."""
    path = folder / "a.toml"
    path.write_text(text, "utf-8")
    return read_addition(path)


def test_what_is_not_said_is_usual(tmp_path: Path) -> None:
    """It opens at once, and thresholds are those of the specification."""
    found = read(GOOD, tmp_path)
    assert found.opens == NOW
    assert found.thresholds == Thresholds(agree=Fraction(3, 5))
    assert [one.signer for one in found.strata] == [MEMBERS["kh"], MEMBERS["br"]]
    assert found.opinions[0].is_seed


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('question = "What should be shared?"', "", "question is missing"),
        (
            "question",
            "qestion",
            "line 2, column 1: no field 'qestion'; did you mean",
        ),
        ('"kh"', '"kn"', "line 11, column 1: no followed member is called 'kn'"),
        ('"portuguese"', '"khmer"', "'khmer' stands twice"),
        ('[[strata]]\nname = "khmer"\nmember = "kh"\n', "", "two groups at least"),
        ("agree = 0.6", "agree = 1.5", "between 0 and 1"),
        ("agree = 0.6", "least_seen = 0", "whole number from 1"),
        ("agree = 0.6", 'both_sides = "4"', "whole number from 0"),
        ("[thresholds]\nagree = 0.6", "thresholds = 1", "thresholds is not a table"),
        ("2026-12-22", "2026-11-21", "closes is not after it opens"),
        ('"2026-12-22T09:00:00Z"', '"soon"', "closes is no instant"),
        ("seed = true", 'seed = "yes"', "seed is not true or false"),
        ("All of it.", "y" * 401, "text is longer than 400"),
        ("[[opinions]]", "[opinions]", "not a list of tables"),
        ('language = "en"', "", "language is missing"),
    ],
)
def test_each_fault_has_its_place_and_what_was_meant(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    """Conveners are no programmers."""
    assert old in GOOD
    with pytest.raises(InvalidDocument, match=words):
        read(GOOD.replace(old, new), tmp_path)


def test_an_opinion_is_left_out_by_its_text_or_its_digest(tmp_path: Path) -> None:
    """What may not be shown is still findable by whoever wrote it."""
    digest = sha256(b"Call me.").hex()
    found = add(
        '[[left_out]]\nname = "x"\ntext = "Call me."\nreason = "Off the question."\n'
        f'[[left_out]]\nname = "y"\nsha256 = "{digest}"\nreason = "It names a person."\n',
        tmp_path,
    )
    shown, hidden = found.left_out
    assert shown.sha256 == hidden.sha256 == sha256(b"Call me.")
    assert hidden.text is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "adds no"),
        ('[[left_out]]\nname = "x"\nsha256 = "ab"\nreason = "r"\n', "64 lower-case"),
        ('[[left_out]]\nname = "x"\ntext = "t"\n', "reason is missing"),
        ('[[opinion]]\nname = "x"\n', "did you mean 'opinions'"),
    ],
)
def test_an_addition_says_all_its_faults(tmp_path: Path, text: str, words: str) -> None:
    """Nothing is left out without a reason."""
    with pytest.raises(InvalidDocument, match=words):
        add(text, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[thresholds]\nagree = 1e-99999999\n", "at most 9 decimals"),
        ("[thresholds]\nagree = 1\n", "between 0 and 1"),
        ("[thresholds]\nagree = nan\n", "between 0 and 1"),
        ("[thresholds]\nboth_sides = 1000000000000000000000000000000\n", "whole number"),
        ('[[strata]]\nname = "A"\nmember = "kh"\n[[strata]]\nname = "\u0410"\nmember = "kh"\n',
         "looks like 'A'"),
        ('[[opinions]]\nname = "=1"\ntext = "t"\nlanguage = "en"\n', "formula"),
        ('[[opinions]]\nname = "a"\ntext = "t"\nlanguage = "<b>"\n', "no tag such as en"),
    ],
)  # fmt: skip
def test_hostile_values_are_faults_and_cost_nothing(
    text: str, said: str, tmp_path: Path
) -> None:
    """A share of a hundred million decimals would take the memory of the machine."""
    path = tmp_path / "hostile.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidDocument) as caught:
        read_consultation(path, MEMBERS, NOW)

    assert any(said in fault.message for fault in caught.value.faults)
