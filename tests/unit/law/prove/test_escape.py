# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a conflict is hard or avoidable, on conduct made up for the purpose."""

from collections.abc import Sequence

from comity.law.block import Document
from comity.law.prove.bound import sides_of
from comity.law.prove.clash import Escape
from comity.law.prove.conflict import Conflict, Search
from comity.law.read import read_library

TEXTS = '\n  label "L"\n  question "Q"\n  means "M"\n'


def _conduct(name: str, kind: str, *clauses: str) -> str:
    lines = "".join(f"  {clause}\n" for clause in clauses)
    return f'conduct {name} {kind}\n  label "L"\n  means "M"\n{lines}'


def _pack(name: str, market: str, asked: str, when: str) -> str:
    return (
        f'```comity\npack {name}\n  title "T"\n  market {market}\n  status binding\n'
        f'  version 2026-11-21\nnorm {name}.1\n  title "T"\n  who provider\n  {asked}\n'
        f'  when {when}\n  cite "C"\n  basis text\n  source "S"\n```\n'
    )


def _conflicts(
    words: str, first: tuple[str, str, str], second: tuple[str, str, str],
    whens: Sequence[str] = ("big", "big"),
) -> tuple[Conflict, ...]:  # fmt: skip
    vocabulary = f"fact markets set [EU, CHN]{TEXTS}fact big bool{TEXTS}{words}"
    documents = [Document(name="v.md", text=f"```comity\n{vocabulary}```\n")]
    for sided, when in zip((first, second), whens, strict=True):
        documents.append(Document(name=f"{sided[0]}.md", text=_pack(*sided, when)))
    library = read_library(documents)
    sides = sides_of(library, [first[0], second[0]])
    return Search(library=library).conflicts(sides).conflicts


def test_one_place_cannot_be_divided_by_place() -> None:
    """Two laws of one market bind the same users: what divides by place divides nothing."""
    logs = _conduct("logs", "number day", "divisible place")
    least, most = "must logs at least 90 day", "must logs at most 30 day"
    (here,) = _conflicts(logs, ("eu.x", "EU", least), ("eu.y", "EU", most))
    (there,) = _conflicts(logs, ("eu.x", "EU", least), ("chn.x", "CHN", most))
    assert (here.escape, there.escape) == (Escape.HARD, Escape.PLACE)


def test_what_a_body_asks_is_asked_in_every_place() -> None:
    """A treaty speaks to every system: there is no place to do otherwise for its sake."""
    logs = _conduct("logs", "number day", "divisible place")
    least, most = "must logs at least 90 day", "must logs at most 30 day"
    (found,) = _conflicts(logs, ("coe.x", "COE", least), ("chn.x", "CHN", most))
    assert found.escape is Escape.HARD


def test_division_by_place_and_design_needs_both() -> None:
    """A design for each norm and a place for each market, where conduct divides along both."""
    both = _conduct("logs", "number day", "divisible [place, design]")
    least, most = "must logs at least 90 day", "must logs at most 30 day"
    (here,) = _conflicts(both, ("eu.x", "EU", least), ("eu.y", "EU", most))
    (there,) = _conflicts(both, ("eu.x", "EU", least), ("chn.x", "CHN", most))
    assert (here.escape, there.escape) == (Escape.DESIGN, Escape.EITHER)


def test_a_way_out_heeds_what_can_never_be_done_together() -> None:
    """Two demands that contradict, divided, may still entail what excludes each other."""
    apart = "divisible place"
    words = (
        _conduct("one", "bool", "entails horn is loud", "entails logged", apart)
        + _conduct("other", "bool", "entails horn is soft", "entails erased", apart)
        + _conduct("horn", "enum [loud, soft]", apart)
        + _conduct("logged", "bool")
        + _conduct("erased", "bool")
    )
    never = 'exclusion never\n  together logged\n  together erased\n  because "B"\n'
    asked = ("eu.x", "EU", "must one"), ("chn.x", "CHN", "must other")
    assert [each.escape for each in _conflicts(words, *asked)] == [Escape.PLACE]
    assert {each.escape for each in _conflicts(words + never, *asked)} == {Escape.HARD}


def test_what_excluded_conduct_entails_is_looked_at() -> None:
    """An exclusion may leave one value alone, and doing it may do what is forbidden."""
    words = (
        _conduct("logged", "bool")
        + _conduct("stored", "bool")
        + _conduct("route", "enum [self, body]", "entails stored")
        + "exclusion only_self\n  together logged\n  together route is not self\n"
        '  because "B"\n'
    )
    (found,) = _conflicts(
        words, ("eu.x", "EU", "must logged"), ("chn.x", "CHN", "must not stored")
    )
    assert [each.name for each in found.exclusions] == ["only_self"]


def test_a_witness_may_rest_on_a_set_that_only_a_guard_speaks_of() -> None:
    """What the guard asks of the set is told, so that *not applicable* follows again."""
    words = (
        f"fact parts set [one, two]{TEXTS}fact size number{TEXTS}  guard parts has one\n"
        + _conduct("horn", "enum [loud, soft]")
    )
    nowhere = "not size at least 5 and not size below 5"
    (found,) = _conflicts(
        words, ("eu.x", "EU", "must horn is loud"), ("chn.x", "CHN", "must horn is soft"),
        (nowhere, "big"),
    )  # fmt: skip
    assert found.witness is not None
    assert set(found.witness.answers) == {"big", "parts"}
