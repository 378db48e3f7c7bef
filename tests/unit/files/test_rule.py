# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rules as people write them: short forms, all faults at once, and the rules that ship."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from comity.council.rule.check import check
from comity.council.rule.codec import digest_of, to_whole_json
from comity.council.rule.floor import Answer, Base
from comity.council.rule.procedure import OnBreak
from comity.council.rule.rule import (
    AGAINST,
    ATTENDING,
    Across,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
    any_of,
    double_majority,
    without_hegemon,
)
from comity.errors import InvalidDocument, NotFound
from comity.files.rule import RuleFile, get_rule, read_rule_file, rule_from_toml, shipped_rules
from comity.files.ruletext import to_toml

HALF = Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True)
ONE_AGAINST = Leaf(need=Number(least=1), count=AGAINST)
SHIPPED = shipped_rules()


def adopts(clause: str) -> Rule:
    """Read one clause."""
    return rule_from_toml(f"adopts = {clause}").procedure.adopts


def faults(text: str) -> list[str]:
    """Return what is refused, each as it is shown."""
    with pytest.raises(InvalidDocument) as caught:
        rule_from_toml(text, source="ours.toml")
    assert caught.value.code == "files.rule"
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("clause", "rule"),
    [
        ('{ share = "more than 1/2", of = "members" }', Leaf(need=HALF)),
        ('{ share = "more than half", of = "members" }', Leaf(need=HALF)),
        (
            '{ share = "at least 55 %", of = "cast", by = "people", count = "against" }',
            Leaf(need=Share(of=Base.CAST, least=Fraction(55, 100)), by="people", count=AGAINST),
        ),
        (
            '{ share = "all", of = "present", count = ["yes", "abstain"] }',
            Leaf(
                need=Share(of=Base.PRESENT, least=Fraction(1)),
                count=frozenset({Answer.YES, Answer.ABSTAIN}),
            ),
        ),
        ('{ number = 9, group = "g" }', Leaf(need=Number(least=9), within="g")),
        ('{ number = 9, count = "attending" }', Leaf(need=Number(least=9), count=ATTENDING)),
        ("{ any = [{ consensus = true }] }", any_of(Not(part=ONE_AGAINST))),
        (
            "{ at_least = { count = 2, parts = [{ number = 1 }, { number = 2 }] } }",
            AtLeast(count=2, parts=(Leaf(need=Number(least=1)), Leaf(need=Number(least=2)))),
        ),
        (
            '{ all_but_one_region = { share = "more than 1/2", of = "members" } }',
            Across(family="region", missing=1, leaf=Leaf(need=HALF)),
        ),
        (
            '{ across = { family = "bloc", missing = 2, number = 1 } }',
            Across(family="bloc", missing=2, leaf=Leaf(need=Number(least=1))),
        ),
        (
            '{ double_majority = { members = "55 %", weight = "65%", by = "p", blocking = 4} }',
            double_majority(Fraction(55, 100), Fraction(65, 100), "p", 4),
        ),
        (
            '{ no_veto = "seat:permanent" }',
            Not(part=Leaf(need=Number(least=1), count=AGAINST, within="seat:permanent")),
        ),
        (
            "{ negative_consensus = true }",
            Not(part=Leaf(need=Share(of=Base.PRESENT, least=Fraction(1)), count=AGAINST)),
        ),
        ('{ without_hegemon = "region" }', without_hegemon()),
    ],
)
def test_short_forms_are_the_same_rule(clause: str, rule: Rule) -> None:
    """What people write has no meaning of its own."""
    assert adopts(clause) == rule


def test_what_a_break_ends_needs_no_rule_of_a_vote() -> None:
    """Tacit acceptance: it is adopted where it is not broken."""
    rule = rule_from_toml(
        '[silence]\nperiod_h = 72\non_break = "fail"\nbroken_by = { number = 1, count = "no" }'
    )

    assert rule.procedure.silence is not None
    assert rule.procedure.silence.on_break is OnBreak.FAIL
    assert rule.procedure.adopts == Not(part=rule.procedure.silence.broken_by)


def test_all_faults_are_said_with_line_column_and_near_miss() -> None:
    """Whoever mends a rule mends it once."""
    found = faults(
        'titel = "x"\n'
        'negative_needs_reason = "yes"\n'
        "[adopts]\n"
        'shar = "2/3"\n'
        "[quorum]\n"
        'share = "7/3"\n'
        'of = "membrs"\n'
        'count = "agains"\n'
        "[silence]\n"
        'on_break = "extend"\n'
        "broken_by = { number = 1, share = 2 }\n"
    )

    for start, part in (
        ("line 1, column 1", "no field is called 'titel'; did you mean 'title'?"),
        ("line 2, column 1", "negative_needs_reason is not true or false"),
        ("line 3, column 1", "this one says none of them; did you mean 'share'?"),
        ("line 6, column 1", "'7/3' is no share: write"),
        ("line 7, column 1", "'membrs' is none of members"),
        ("line 8, column 1", "did you mean 'against'?"),
        ("line 9, column 1", "period_h is missing"),
        ("line 9, column 1", "extend_h is above 0 where a break extends"),
        ("line 11, column 1", "this one says number and share"),
    ):
        assert any(said.startswith(start) and part in said for said in found), (start, found)
    assert found == sorted(found, key=lambda said: int(said.split()[1].strip(",")))


@pytest.mark.parametrize(
    ("clause", "part"),
    [
        ('{ share = "0 %", of = "cast" }', "always or never reached"),
        ('{ share = "more than all", of = "cast" }', "always or never reached"),
        ('{ share = "1/2" }', "of is missing"),
        ("{ number = 0 }", "number is not a whole number from 1"),
        ('{ number = 1, of = "cast" }', "of says nothing beside a number"),
        ("{ number = 1, count = [] }", "nothing counts"),
        ('{ number = 1, groop = "x" }', "no field is called 'groop'; did you mean 'group'"),
        ("{ all = [] }", "all lists clauses"),
        ("{ all = 3 }", "write each as [[all]]"),
        ("{ at_least = { parts = [{ number = 1 }] } }", "count is missing"),
        ("{ at_least = { count = 2, parts = [{ number = 1 }] } }", "can never hold"),
        ("{ consensus = false }", "write consensus = true"),
        ("{ not = 1 }", "write not as a table"),
        ("{ across = 1 }", "write across as a table"),
        ("{ at_least = 1 }", "write at_least as a table"),
        ("{ double_majority = 1 }", "write double_majority as a table"),
        (
            '{ double_majority = { members = "more than 1/2", weight = "1/2", by = "p" } }',
            "for “more than” write all",
        ),
        ('{ across = { missing = 1, number = 1, group = "g" } }', "no field is called 'group'"),
    ],
)
def test_what_means_nothing_is_refused(clause: str, part: str) -> None:
    """A clause that is read as something else decides something else."""
    assert any(part in said for said in faults(f"adopts = {clause}"))


def test_a_rule_without_a_rule_is_refused() -> None:
    """An empty file adopts nothing and everything."""
    assert faults("") == ["[adopts] is missing: the rule that adopts"]
    assert "write adopts as a table, [adopts]" in faults("adopts = 1")[0]


def test_nesting_has_an_end() -> None:
    """Nobody reads nine levels."""
    deep = "[adopts." + ".".join(["not"] * 9) + "]\nnumber = 1\n"

    assert any("at most 8 levels deep" in said for said in faults(deep))


def test_a_rule_is_found_by_name_or_file(tmp_path: Path) -> None:
    """A misspelt name says what is near."""
    ours = tmp_path / "ours.toml"
    ours.write_text("adopts = { number = 9 }\n")

    assert get_rule("eu-council").body == "eu"
    assert get_rule(str(ours)) == RuleFile(
        slug="ours", title="ours", procedure=rule_from_toml("adopts = { number = 9 }").procedure
    )
    with pytest.raises(NotFound) as caught:
        get_rule("eu-counsil")
    assert "did you mean 'eu-council'" in caught.value.hint
    with pytest.raises(NotFound):
        get_rule("../packs/rules/codex")
    with pytest.raises(NotFound):
        read_rule_file(tmp_path / "none.toml")


def test_canonical_json_is_read_too(tmp_path: Path) -> None:
    """A rule cut out of a proposal is a file of its own, with or without its procedure."""
    whole = to_whole_json(get_rule("un-silence").procedure)
    (tmp_path / "whole.json").write_text(json.dumps(whole))
    (tmp_path / "bare.json").write_text(json.dumps(whole["rule"]))
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "broken.json").write_text('{"rule": \n ')

    assert get_rule(str(tmp_path / "whole.json")).procedure == get_rule("un-silence").procedure
    assert get_rule(str(tmp_path / "bare.json")).procedure.quorum is None
    for name in ("list.json", "broken.json"):
        with pytest.raises(InvalidDocument) as caught:
            get_rule(str(tmp_path / name))
        assert name in str(caught.value)


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.slug)
def test_a_shipped_rule_is_sound_sourced_and_comes_back(rule: RuleFile) -> None:
    """It can pass and fail, says where it comes from, and is written again as the same."""
    assert check(rule.procedure) == ()
    assert rule.sources
    assert rule.about
    again = rule_from_toml(to_toml(rule), slug=rule.slug)
    assert again == rule
    assert digest_of(again.procedure) == digest_of(rule.procedure)


def test_the_promised_rules_ship() -> None:
    """Those the issue names, by their slugs."""
    assert {rule.slug for rule in SHIPPED} >= {
        "aiib-special-majority", "aiib-super-majority", "asean-consensus", "codex", "consensus",
        "eu-council", "eu-council-own-initiative", "icao-annex-adoption",
        "icao-annex-disapproval", "imo-tacit-acceptance", "iso-dis", "un-general-assembly",
        "un-general-assembly-important", "un-security-council",
        "un-security-council-procedure", "un-silence", "without-hegemon",
        "wto-negative-consensus",
    }  # fmt: skip
    assert isinstance(get_rule("iso-dis").procedure.adopts, All)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"rule": {"leaf": {"number": 1, "number": 2}}}', "'number' stands twice"),
        ('{"rule": {"leaf": {"number": ' + "9" * 5000 + "}}}", "has 5000 digits"),
    ],
)
def test_what_json_reads_in_two_ways_or_not_at_all_is_refused(
    tmp_path: Path, text: str, words: str
) -> None:
    """Of two thresholds under one key a delegate sees the first, and a program the last."""
    path = tmp_path / "rule.json"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidDocument) as refused:
        get_rule(str(path))

    assert words in str(refused.value.faults[0])


def test_a_rule_longer_than_any_is_refused_unread(tmp_path: Path) -> None:
    """200,000 parts are nobody's rule, and cost nobody a second."""
    part = '{"leaf": {"number": 1, "group": null}}'
    path = tmp_path / "long.json"
    path.write_text(f'{{"all": [{", ".join([part] * 200_000)}]}}', encoding="utf-8")
    with pytest.raises(InvalidDocument, match=r"more than 262,144 characters") as caught:
        read_rule_file(path)
    assert caught.value.code == "files.rule"


def test_more_parts_than_a_rule_has_are_refused_in_toml_too() -> None:
    """By the same bound as in JSON."""
    clauses = ", ".join(["{ number = 1 }"] * 401)

    (said,) = faults(f"adopts = {{ all = [{clauses}] }}")
    assert said == "line 1, column 1: a rule has at most 400 parts"


@pytest.mark.parametrize("field", ["reveal_min", "challenge_days", "amendments_until_h"])
def test_no_number_of_a_rule_is_larger_than_a_statement_can_carry(field: str) -> None:
    """Else a rule would be read that nobody can propose."""
    (said,) = faults(f"{field} = {10**30}\nadopts = {{ number = 1 }}")

    assert said.endswith("from 0 to 9007199254740991")
