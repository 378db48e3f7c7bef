# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument
from comity.law.block import Document
from comity.law.pack import Library
from comity.law.read import read_leniently, read_library

VOCABULARY = """
```comity
fact offered_to_public bool
  label "Offered" question_
  question "Offered?"
  means "To all."

fact markets set [CHN]
  label "Markets"
  question "Where?"
  means "Codes."

fact generates set [text, image, audio]
  label "Kinds"
  question "Which?"
  means "Kinds."

fact placed_on_market date
  label "Placed"
  question "When?"
  means "First."

conduct marked bool
  label "Mark"
  means "A mark."

conduct log_retention number day
  label "Keep"
  means "So long."
```
""".replace(" question_", "")

ENGLISH = """
```comity
pack chn.lbl
  title    "Labelling" zh "标识办法"
  market   CHN
  status   binding
  version  2026-11-21
  language en

define chn.lbl.scope "Scope" zh "范围"
  when   markets has CHN and offered_to_public

norm chn.lbl.5
  title    "Hidden label" zh "隐式标识"
  who      [provider, platform]
  must     marked
  must not log_retention at most 180 day
  when     chn.lbl.scope and not (generates has none of [text, image]
           or generates has any of [audio]) and placed_on_market on or after 2025-09-01
  unless   generates has all of [text, audio]
  from     2025-09-01
  until    2035-09-01
  cite     "Art. 5"
  basis    text
  source   "CAC"
  rows     CN.1
  exceptions researched
```
"""

CHINESE = """
```comity
规则包 chn.lbl
  标题    "标识办法" en "Labelling"
  市场    CHN
  状态    binding
  版本    2026-11-21
  语言    zh

定义 chn.lbl.scope "范围" en "Scope"
  当   markets 含 CHN 且 offered_to_public

规范 chn.lbl.5
  标题    "隐式标识" en "Hidden label"
  主体    [provider, platform]
  应当    marked
  不得    log_retention 不超过 180 day
  当      chn.lbl.scope 且 非 (generates 不含 [text, image]
          或 generates 含任一 [audio]) 且 placed_on_market 不早于 2025-09-01
  除非    generates 含全部 [text, audio]
  自      2025-09-01
  至      2035-09-01
  依据    "Art. 5"
  基础    text
  来源    "CAC"
  条目    CN.1
  例外    researched
```
"""


def _library(pack: str) -> Library:
    documents = [Document(name="v.md", text=VOCABULARY), Document(name="p.md", text=pack)]
    return read_library(documents)


def test_english_and_chinese_words_give_one_digest() -> None:
    """A rule text has one meaning and one hash in several languages."""
    english, chinese = _library(ENGLISH), _library(CHINESE)
    assert english.packs == chinese.packs
    assert english.packs[0].digest == chinese.packs[0].digest
    assert english.digest == chinese.digest


def test_a_title_changes_the_digest_of_the_pack_and_not_the_meaning() -> None:
    """A translation of the texts says the same norm."""
    other = _library(ENGLISH.replace("Hidden label", "Implicit label"))
    one = _library(ENGLISH)
    assert one.packs[0].digest != other.packs[0].digest
    assert one.packs[0].norms[0].meaning == other.packs[0].norms[0].meaning


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2025-09-01\n  until", "2025-09-02\n  until"),
        ("[provider, platform]", "provider"),
        ("at most 180", "at most 181"),
        ("must not", "should not"),
        ("markets has CHN and offered_to_public", "offered_to_public"),
        ("unless   generates has all of [text, audio]\n", "unless   offered_to_public\n"),
    ],
)
def test_whatever_changes_the_meaning_changes_its_digest(old: str, new: str) -> None:
    """Two states compare norms by it, definitions included."""
    assert old in ENGLISH
    one, other = _library(ENGLISH), _library(ENGLISH.replace(old, new))
    assert one.packs[0].norms[0].meaning != other.packs[0].norms[0].meaning


def test_the_order_of_entries_and_files_changes_nothing() -> None:
    """A pack is a set of entries; files are a convenience."""
    blocks = ENGLISH.strip("`\n").removeprefix("comity\n").split("\n\n")
    turned = "```comity\n" + "\n\n".join([blocks[0], blocks[2], blocks[1]]) + "\n```"
    documents = [Document(name="p.md", text=turned), Document(name="v.md", text=VOCABULARY)]
    assert read_library(documents).digest == _library(ENGLISH).digest


def test_every_file_is_read_before_any_fault_is_raised() -> None:
    """All faults of all files, each with its file."""
    documents = [
        Document(name="v.md", text=VOCABULARY.replace("bool", "boole", 1)),
        Document(name="p.md", text=ENGLISH.replace("basis    text", "basis    txt")),
    ]
    with pytest.raises(InvalidDocument) as caught:
        read_library(documents)
    assert {fault.source for fault in caught.value.faults} == {"v.md", "p.md"}
    assert caught.value.code == "law.pack"


def test_entries_with_faults_are_left_out_and_the_others_read() -> None:
    """Whoever encodes one pack is not stopped by another's slip."""
    broken = ENGLISH.replace("```\n", "\nnorm chn.lbl.6\n  who provder\n```\n")
    broken = broken.replace("\n\nnorm chn.lbl.6", "\nnorm chn.lbl.6", 1)
    documents = [Document(name="v.md", text=VOCABULARY), Document(name="p.md", text=broken)]
    reading = read_leniently(documents)
    assert [norm for norm in reading.library.norms] == ["chn.lbl.5"]  # noqa: C416 - shows ids
    assert reading.faults


def test_a_norm_that_rests_on_a_broken_definition_is_left_out() -> None:
    """What cannot be evaluated may not be ruled on."""
    broken = ENGLISH.replace("offered_to_public\n", "offered_to_publick\n")
    documents = [Document(name="v.md", text=VOCABULARY), Document(name="p.md", text=broken)]
    reading = read_leniently(documents)
    assert not reading.library.norms
    assert len(reading.faults) == 1


def test_norms_without_a_pack_are_refused() -> None:
    """Nobody would know their market."""
    text = ENGLISH[ENGLISH.index("norm") :]
    with pytest.raises(InvalidDocument, match="begins with its one `pack` entry"):
        _library("```comity\n" + text)


def test_a_second_pack_in_a_file_is_refused() -> None:
    """One instrument, one file."""
    with pytest.raises(InvalidDocument, match="begins with its one `pack` entry"):
        _library(ENGLISH + ENGLISH.replace("chn.lbl", "chn.gen"))


def test_a_norm_of_another_family_is_refused() -> None:
    """An id says which law it is of."""
    with pytest.raises(InvalidDocument, match="does not begin as its pack's does"):
        _library(ENGLISH.replace("norm chn.lbl.5", "norm eu.lbl.5"))


def test_no_document_at_all_is_an_empty_library() -> None:
    """A node may hold no pack yet."""
    library = read_library([])
    assert (library.packs, dict(library.norms)) == ((), {})
