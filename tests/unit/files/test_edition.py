# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from pathlib import Path

import pytest

from comity.errors import InvalidDocument
from comity.files.edition import library_known_on, newest
from comity.files.library import library_below, library_beside
from comity.files.pack import documents_below
from comity.law.block import Document

VOCABULARY = """\
```comity
fact odd bool
  label "L"
  question "Q"
  means "M"
conduct noted bool
  label "L"
  means "M"
```
"""
PACK = """\
# A law

```text
not ours
```

```comity
pack {name}
  title   "A law"
  market  KHM
  status  binding
  version {version}
```

```comity
{entries}
```
"""
NORM = """\
norm {name}.1
  title "{title}"
  who   provider
  must  noted
  when  {when}
  cite  "1"
  basis text
  source "S"
"""


def _pack(
    name: str, version: str, title: str, *, when: str = "odd", define: str = ""
) -> Document:
    entries = define + NORM.format(name=name, title=title, when=when)
    text = PACK.format(name=name, version=version, entries=entries)
    return Document(name=f"khm/{name}@{version}.md", text=text)


DOCUMENTS = (
    Document(name="vocabulary/v.md", text=VOCABULARY),
    _pack("khm.a", "2026-05-01", "first"),
    _pack("khm.a", "2026-09-01", "second"),
    _pack("khm.b", "2026-10-01", "later"),
)


def _titles(known_on: str) -> list[str]:
    library = library_known_on(DOCUMENTS, dt.date.fromisoformat(known_on))
    return [norm.title.in_language("en") for norm in library.norms.values()]


@pytest.mark.parametrize(
    ("known_on", "titles"),
    [
        ("2026-04-30", []),
        ("2026-05-01", ["first"]),
        ("2026-08-31", ["first"]),
        ("2026-09-01", ["second"]),
        ("2026-12-01", ["second", "later"]),
    ],
)
def test_the_newest_edition_until_a_day_was_the_one_known(
    known_on: str, titles: list[str]
) -> None:
    """What was recorded later was not known."""
    assert _titles(known_on) == titles


def test_a_pack_not_yet_recorded_is_named_with_its_first_day() -> None:
    """Not passed over: the law was there, only nobody had recorded it."""
    library = library_known_on(DOCUMENTS, dt.date(2026, 4, 1))
    assert [(each.name, each.market, each.version) for each in library.unrecorded] == [
        ("khm.a", "KHM", dt.date(2026, 5, 1)),
        ("khm.b", "KHM", dt.date(2026, 10, 1)),
    ]
    assert library.known_on == dt.date(2026, 4, 1)


def test_without_a_day_the_newest_of_each_counts() -> None:
    """And a file that is no pack stays."""
    kept = newest(DOCUMENTS)
    assert [each.name for each in kept.documents] == [
        "vocabulary/v.md",
        "khm/khm.a@2026-09-01.md",
        "khm/khm.b@2026-10-01.md",
    ]
    assert kept.unrecorded == ()


def test_a_pack_that_leans_on_a_later_one_was_not_known_either() -> None:
    """Half a law would be another law."""
    base = _pack(
        "khm.c.base",
        "2026-09-01",
        "base",
        define='define khm.c.scope "S"\n  when odd\n  cite "1"\n  basis text\n  source "S"\n',
    )
    leaning = _pack("khm.c", "2026-05-01", "leans", when="khm.c.scope")
    library = library_known_on((*DOCUMENTS[:2], base, leaning), dt.date(2026, 6, 1))
    assert {each.name for each in library.unrecorded} == {"khm.c", "khm.c.base"}
    assert [pack.name for pack in library.packs] == ["khm.a"]


def test_a_pack_with_a_fault_of_its_own_is_still_refused() -> None:
    """A day in the past hides no fault."""
    broken = Document(name="khm/x.md", text=DOCUMENTS[1].text.replace("when  odd", "when  od"))
    with pytest.raises(InvalidDocument):
        library_known_on((DOCUMENTS[0], broken), dt.date(2026, 12, 1))


def test_editions_stand_side_by_side_in_a_folder(tmp_path: Path) -> None:
    """Reading the folder takes the newest; reading it as known on a day, that day's."""
    for document in DOCUMENTS:
        path = tmp_path / document.name
        path.parent.mkdir(exist_ok=True)
        path.write_text(document.text, "utf-8")
    assert len(documents_below(tmp_path)) == 3
    assert len(documents_below(tmp_path, every_edition=True)) == 4
    assert len(library_below(tmp_path).norms) == 2
    assert len(library_below(tmp_path, dt.date(2026, 6, 1)).norms) == 1


def test_packs_of_a_folder_stand_beside_those_that_come_along(tmp_path: Path) -> None:
    """As known on a day before, none of either was."""
    (tmp_path / "nru").mkdir()
    text = DOCUMENTS[1].text.replace("khm.a", "nru.a").replace("KHM", "NRU")
    text = text.replace("must  noted", "must  human_oversight").replace(
        "when  odd", "when  is_ai_system"
    )
    (tmp_path / "nru" / "a.md").write_text(text, "utf-8")
    beside = library_beside(tmp_path, None)
    assert {"EU", "NRU"} <= {pack.market for pack in beside.packs}
    before = library_beside(tmp_path, dt.date(2026, 6, 1))
    assert [pack.market for pack in before.packs] == ["NRU"]
