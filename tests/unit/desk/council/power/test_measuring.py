# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json
from pathlib import Path

import pytest

from comity.council.power.method import Method
from comity.desk.council.power.layout import EVEN, HURTS, INDEPENDENT
from comity.desk.council.power.measuring import PowerRequest, measure_power
from comity.desk.council.power.sheet import PPM, PowerSheet
from comity.errors import InvalidDocument, NotFound

HALF = (
    '{"leaf": {"share": {"num": 1, "den": 2}, "strict": true, "base": "members",'
    ' "group": null}}'
)
NOES = (
    '{"leaf": {"share": {"num": 1, "den": 2}, "strict": true, "base": "members",'
    ' "group": null, "count": ["no"]}}'
)


def _measure(rule: str, **asked: object) -> PowerSheet:
    told: list[tuple[str, int, int]] = []
    request = PowerRequest(rule=rule, **asked)  # type: ignore[arg-type] # fields by name
    return measure_power(request, lambda *said: told.append(said))


def test_a_rule_brings_the_body_it_is_for() -> None:
    """Nobody has to know that the Union's Council is called eu here."""
    sheet = _measure("eu-council")
    assert sheet.body == "eu"
    assert sheet.is_exact
    assert sheet.method == "halves"
    assert sheet.units[0].amount == 1
    assert sheet.clauses[0] == "at least 24 members"
    assert len(sheet.rows) == 27
    assert max(row.shapley_ppm for row in sheet.rows) == PPM
    assert sum(row.shapley.value for row in sheet.rows) == 1


def test_a_rule_for_any_body_needs_one() -> None:
    """Two thirds of whom?"""
    with pytest.raises(NotFound) as caught:
        _measure(HALF)
    assert caught.value.code == "council.no_body"


def test_weights_can_be_others_than_the_rule_names() -> None:
    """What would square roots do?"""
    sheet = _measure("eu-council", weights="population_sqrt")
    assert sheet.units[0].weights == "population_sqrt"
    alone = {row.player: row for row in sheet.rows}
    assert alone["MLT"].weights == {"population_sqrt": alone["MLT"].weights["population_sqrt"]}
    assert alone["DEU"].shapley.value < alone["MLT"].shapley.value * 12


def test_units_are_published_with_the_figures() -> None:
    """Rounded figures without their unit cannot be checked."""
    sheet = _measure("eu-council", body="un", units=20_000_000, method=Method.PREVIEW)
    assert sheet.units[0].amount == 20_000_000
    assert any("rounded" in caution for caution in sheet.cautions)
    assert not sheet.is_exact


def test_the_cautions_stand_with_the_figures() -> None:
    """Indices without their assumption mislead."""
    sheet = _measure("consensus", body="celac")
    assert sheet.cautions[-1] == INDEPENDENT
    assert any("from memory" in caution for caution in sheet.cautions)
    rare = _measure("consensus", body="un")
    assert any("less than once in 1,000" in caution for caution in rare.cautions)


def test_a_bloc_shows_what_it_does_to_everybody() -> None:
    """Members, outsiders, and the chance to block, before and after."""
    sheet = _measure(
        HALF, body="waico", blocs=("asean:consensus",), leaving=True, joining=("CHN",)
    )
    (bloc,) = sheet.blocs
    assert bloc.members == ("KHM", "IDN", "LAO", "MYS", "MMR")
    assert set(bloc.left_out) == {"BRN", "PHL", "SGP", "THA", "TLS", "VNM"}
    assert sheet.rows[-1].player == "asean"
    assert sheet.rows[-1].is_bloc
    assert bloc.blocks.value >= bloc.blocks_apart.value
    assert all(stake.times is not None and stake.times < 1 for stake in bloc.stakes)
    assert len(sheet.outsiders) == 24
    assert all(row.change is not None and row.change < 0 for row in sheet.outsiders)
    assert [move.joins for move in sheet.moves] == [False] * 5 + [True]
    assert EVEN in sheet.cautions


def test_blocs_are_bodies_groups_or_members_by_name() -> None:
    """A group of the body, two members, a preset as the rule inside."""
    sheet = _measure(
        HALF,
        body="waico",
        blocs=("region:Africa", "CHN+RUS:consensus", "BRA+CUB:un-general-assembly-important"),
    )
    africa, pair, third = sheet.blocs
    assert africa.rule == "more than half of the members are in favour"
    assert len(africa.members) == 10
    assert pair.members == ("CHN", "RUS")
    assert "two thirds" in third.rule


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"blocs": ("pif",)}, "0 seats"),
        ({"blocs": ("asean", "KHM+CHN")}, "KHM is in two blocs"),
        ({"blocs": ("asean",), "joining": ("KHM", "XYZ")}, "XYZ is no member"),
        ({"leaving": True}, "no bloc to join or leave"),
        ({"samples": 0}, "samples are"),
        ({"seed": -1}, "a seed is"),
        ({"units": 0}, "no unit"),
        ({"blocs": ("asean:loudest",)}, "no rule is called"),
        ({"blocs": ("region:Afrika",)}, "no group 'region:Afrika'"),
        ({"blocs": ("asean", "asean:consensus")}, "asean stands twice"),
        ({"blocs": ("CHN+KHN",)}, "'KHN' is no member"),
        ({"weights": "gold"}, "no weights called 'gold'"),
    ],
)
def test_what_cannot_be_measured_is_refused(asked: dict[str, object], said: str) -> None:
    """Each with what is wrong, none with a figure."""
    with pytest.raises((InvalidDocument, NotFound)) as caught:
        _measure(HALF, **{"body": "waico", **asked})
    assert said in str(caught.value)


def test_units_that_leave_nothing_are_refused() -> None:
    """A rule on nobody's weight would never adopt, and look like a finding."""
    with pytest.raises(InvalidDocument) as caught:
        _measure("eu-council", units=10**12)
    assert caught.value.code == "council.units"


def test_a_rule_that_is_not_json_is_refused() -> None:
    """What begins with a brace is read as data."""
    with pytest.raises(InvalidDocument, match="not JSON"):
        _measure("{nonsense", body="waico")
    with pytest.raises(InvalidDocument):
        _measure('{"leaf": {}}', body="waico")


def test_a_rule_under_which_a_yes_hurts_is_sampled_and_said() -> None:
    """It does not compile to clauses."""
    sheet = _measure(NOES, body="gcc", samples=500)
    assert sheet.method == "sample"
    assert sheet.clauses == ()
    assert HURTS in sheet.cautions
    assert sheet.rows[0].banzhaf.value < 0


def test_what_is_sampled_is_not_rounded() -> None:
    """Rounding serves the exact table only."""
    rule = {
        "all": [
            {"leaf": {"number": 100_000_000, "by": "population", "group": f"region:{name}"}}
            for name in ("Africa", "Asia-Pacific")
        ]
    }
    sheet = _measure(json.dumps(rule), body="un", samples=200, seed=3)
    assert sheet.method == "sample"
    assert sheet.units[0].amount == 1
    assert sheet.samples == 200
    assert sheet.seed == 3


def test_the_sheet_is_plain_json() -> None:
    """A page or a program needs nothing else; exact fractions come where asked for."""
    sheet = _measure(HALF, body="waico", blocs=("asean",), leaving=True)
    plain = json.loads(json.dumps(sheet.to_json(fractions=True)))
    assert plain["players"][-1]["bloc"] is True
    assert plain["blocs"][0]["stakes"][0]["within"]["fraction"] == "3/8"
    assert plain["moves"][0]["move"] == "leave"
    assert plain["outsiders"][0]["change"] < 0
    assert plain["method"] == {"name": "kinds", "exact": True, "samples": 0, "seed": 1}
    assert "fraction" not in json.dumps(sheet.to_json())


def test_own_files_serve_as_well(tmp_path: Path) -> None:
    """A rule and a body of one's own."""
    rule = tmp_path / "own.toml"
    rule.write_text('title = "Own"\n[adopts]\nnumber = 2\n', encoding="utf-8")
    body = tmp_path / "three.toml"
    body.write_text(
        'title = "Three"\nsource = "made up"\nbasis = "weak"\nmembers = ["A", "B", "C"]\n',
        encoding="utf-8",
    )
    sheet = _measure(str(rule), body=str(body))
    assert [row.banzhaf.value for row in sheet.rows] == [0.5] * 3


NEVER = (
    '{"all": [{"leaf": {"share": {"num": 1, "den": 2}, "strict": true, "base": "members",'
    ' "group": null, "count": ["no"]}}, {"leaf": {"share": {"num": 1, "den": 2},'
    ' "strict": true, "base": "members", "group": null}}]}'
)


def test_a_rule_that_can_never_pass_is_refused_and_not_measured() -> None:
    """A table of zeros looks like a measurement; the flaw is said with an example instead."""
    with pytest.raises(InvalidDocument) as caught:
        _measure(NEVER, body="asean")
    assert caught.value.code == "council.rule_flaw"
    assert "holds never" in str(caught.value)
    with pytest.raises(InvalidDocument, match="holds never"):
        _measure("un-security-council-procedure", body="gcc")


def test_what_abstaining_changes_stands_beside_the_indices() -> None:
    """A ministry would else read a veto as worth ten seats that is worth two."""
    sheet = _measure("un-security-council")
    by_player = {row.player: row for row in sheet.abstention.rows}
    assert not sheet.abstention.is_no
    assert by_player["CHN"].banzhaf < 3 * by_player["DNK"].banzhaf
    assert sheet.abstention.said in sheet.cautions
    assert sheet.to_json()["abstention"]["parts"] == list(sheet.abstention.parts)  # type: ignore[index] # an object of JSON


def test_where_abstaining_is_a_no_that_is_said() -> None:
    """Whoever asks what abstention does must not find nothing."""
    sheet = _measure("eu-council")
    assert sheet.abstention.is_no
    assert sheet.abstention.rows == ()
    assert sheet.abstention.said not in sheet.cautions


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rule": "consensus", "body": "waico", "blocs": ("asean:majority",)}, "without blocs"),
        ({"rule": NOES, "body": "asean"}, "was not measured"),
    ],
)
def test_abstention_left_out_is_said_with_the_figures(
    asked: dict[str, object], said: str
) -> None:
    """Figures of two choices under a rule of three mislead unless they say so."""
    sheet = _measure(**asked)  # type: ignore[arg-type] # fields by name
    assert sheet.abstention.decisiveness is None
    assert said in sheet.abstention.said
    assert sheet.abstention.said in sheet.cautions
