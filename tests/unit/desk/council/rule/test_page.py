# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Shipped rules, bodies and power for readers who are strangers to this node."""

from pathlib import Path

import pytest

from comity.desk.council.power.measuring import PowerRequest, measure_power
from comity.desk.council.rule.page import (
    bodies_sheet,
    rules_sheet,
    shipped_body_sheet,
    shipped_rule_sheet,
    voting_power_sheet,
)
from comity.errors import ComityError, InvalidDocument, NotFound, NotPermitted


def test_every_rule_has_a_page_with_what_it_is_tested_by() -> None:
    """A rule nobody tried on a real case is an opinion."""
    for line in rules_sheet().rules:
        sheet = shipped_rule_sheet(line.slug)
        assert sheet.rule == line
        assert line.words.endswith(".")
        assert sheet.records
        assert all(record.agrees for record in sheet.records)
        assert all(record.example or record.source for record in sheet.records)
        for record in sheet.records:
            assert bool(record.recorded) is not bool(record.taken_under)


def test_every_body_has_a_page_with_its_sources() -> None:
    """A list of members without a source is worth nothing."""
    for line in bodies_sheet().bodies:
        sheet = shipped_body_sheet(line.slug)
        assert len(sheet.members) == line.members
        assert all(group.source and group.basis for group in sheet.groups)
        assert all(sum(one.values.values()) == one.total for one in sheet.weights)


def test_power_on_a_page_is_what_the_command_line_says() -> None:
    """Two doors, one figure; the greatest first."""
    page = voting_power_sheet("eu-council", "eu")
    told = measure_power(PowerRequest(rule="eu-council"), lambda *_: None)
    figures = sorted((float(row.shapley.value) for row in told.rows), reverse=True)

    assert page.is_exact
    assert page.members[0].member == "DEU"
    assert [one.shapley for one in page.members] == pytest.approx(figures)
    assert page.members[0].shapley_ppm == 1_000_000
    assert voting_power_sheet("eu-council", "") is page


def test_a_page_offers_only_what_it_can_show() -> None:
    """An offer that ends in a refusal wastes the reader's time."""
    for body in shipped_rule_sheet("asean-consensus").bodies:
        assert voting_power_sheet("asean-consensus", body).members
    assert shipped_rule_sheet("un-security-council").bodies == ("un-security-council",)
    assert "un" not in shipped_rule_sheet("eu-council").bodies
    assert "eu-council" not in shipped_body_sheet("un").rules
    assert "un-security-council" not in shipped_body_sheet("un").rules


def test_what_takes_long_is_left_to_the_readers_own_machine() -> None:
    """A public address must not be a way to burn a node's time."""
    for body in ("un", "waico-37"):
        with pytest.raises(NotPermitted) as refused:
            voting_power_sheet("eu-council", body)
        assert refused.value.code == "council.costly"
        assert f"comity council power eu-council --body {body}" in refused.value.hint


def test_no_name_from_an_address_opens_a_file(tmp_path: Path) -> None:
    """Files are for who runs the command line; a page reads only what comes along."""
    own = tmp_path / "own.toml"
    own.write_text('title = "own"\n', "utf-8")
    for name in (str(own), "../rules/consensus", "consensus.toml", '{"rule": 1}', ""):
        with pytest.raises(NotFound):
            shipped_rule_sheet(name)
        with pytest.raises(NotFound):
            shipped_body_sheet(name)
        with pytest.raises(NotFound):
            voting_power_sheet(name, "un")


@pytest.mark.parametrize(
    ("rule", "body", "weights", "error"),
    [
        ("consensus", "", "", NotFound),
        ("consensus", "nowhere", "", NotFound),
        ("consensus", "eu", "beauty", NotFound),
        ("un-security-council", "un", "", InvalidDocument),
    ],
)
def test_what_does_not_go_together_is_refused(
    rule: str, body: str, weights: str, error: type[ComityError]
) -> None:
    """Nothing is measured of half a question."""
    with pytest.raises(error):
        voting_power_sheet(rule, body, weights)
