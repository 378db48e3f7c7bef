# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

"""What ships as fact is cited, dated, counted whole, and from the facts gathered for it."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from comity.council.body.body import Basis
from comity.files.body import shipped_bodies
from comity.files.instrument import shipped_instruments
from comity.files.pack import SHIPPED
from comity.files.rule import shipped_rules
from comity.files.rulehistory import Decision, get_history
from comity.files.toml import read_toml
from comity.law.market import STATES

READ_ON = dt.date(2026, 11, 22)
"""The day on which all of it was read a second time: nothing happened later."""

SHARED = Path(__file__).parents[4] / "shared" / "facts"
FOLDERS = ("cooperation", "exposure", "programmes")
DATA = sorted(path for name in FOLDERS for path in (SHIPPED / name).rglob("*.toml"))

RULES = {rule.slug: rule for rule in shipped_rules()}
DECISIONS = [
    (slug, decision)
    for slug in RULES
    for decision in get_history(slug).decisions
    if not decision.is_example
]

DOMAIN = re.compile(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|cn|mv|app|io|za|today|news)\b")
"""The name of a site, as sources give it."""

AROUND = {"exposure/examples/options.toml", "programmes/example-khm.toml"}
"""Examples, which speak of days to come and of suppliers made up."""


def of_day(members: int, since: str, until: str = "9999-12-31") -> tuple[dt.date, dt.date, int]:
    """Return a time in which a body had so many members."""
    return dt.date.fromisoformat(since), dt.date.fromisoformat(until), members


UNITED_NATIONS = (
    # Members by year: 121 with Botswana and Lesotho, 131 with Bhutan, Bahrain and Qatar, 193
    # with South Sudan. From memory, and the same as the histories say.
    of_day(121, "1966-10-17", "1966-12-08"),
    of_day(131, "1971-09-21", "1971-12-08"),
    of_day(193, "2011-07-14"),
)


def _texts(found: object) -> Iterator[tuple[str, object]]:
    """Yield every key with its value, however deep."""
    if isinstance(found, Mapping):
        for key, value in found.items():
            yield str(key), value
            yield from _texts(value)
    elif isinstance(found, list):
        for one in found:
            yield from _texts(one)


def _read(path: Path) -> Mapping[str, object]:
    return read_toml(path.read_text("utf-8"), source=path.name).values


@pytest.mark.parametrize("slug", RULES)
def test_every_rule_cites_where_it_stands_and_what_was_read(slug: str) -> None:
    """A rule that nobody can look up is nobody's rule."""
    sources = RULES[slug].sources

    assert sources
    assert all(one.article.strip() and one.source.strip() for one in sources)
    for one in sources:
        if one.source.startswith("not at hand"):
            assert one.basis is Basis.MEMORY


@pytest.mark.parametrize(
    ("slug", "decision"), DECISIONS, ids=[f"{slug}: {one.name}" for slug, one in DECISIONS]
)
def test_a_decision_of_record_is_of_a_day_that_was(slug: str, decision: Decision) -> None:
    """A slip of a digit would date a vote into the future, or before the body was there."""
    assert decision.on is not None, slug
    assert dt.date(1945, 10, 24) <= decision.on <= READ_ON, slug


@pytest.mark.parametrize(
    ("slug", "decision"), DECISIONS, ids=[f"{slug}: {one.name}" for slug, one in DECISIONS]
)
def test_the_seats_are_as_many_as_the_body_had_that_day(slug: str, decision: Decision) -> None:
    """Counts that do not add up to the membership have lost or doubled somebody."""
    assert decision.on is not None
    seats = len(decision.floor.seats)
    if RULES[slug].body == "un-security-council":
        assert seats == 15
    elif RULES[slug].body == "un":
        assert seats in {
            members for since, until, members in UNITED_NATIONS if since <= decision.on <= until
        }
    elif RULES[slug].body == "eu":
        everybody = 28 if decision.on < dt.date(2020, 2, 1) else 27
        assert seats == everybody or "did not take part" in decision.note


def test_those_on_record_by_name_are_states() -> None:
    """A wrong code is another state's vote."""
    for slug, decision in DECISIONS:
        named = {seat for seat in decision.floor.seats if not seat.startswith("unnamed")}
        assert named <= STATES, slug
    for body in shipped_bodies():
        assert set(body.members) <= STATES, body.slug


def test_a_caution_on_population_speaks_of_states_that_are_members() -> None:
    """That Cyprus is the whole island tells a reader of the Gulf nothing."""
    for body in shipped_bodies():
        said = body.cautions_on.get("population", "")
        assert ("Cyprus" in said) == ("CYP" in body.members and bool(said)), body.slug


def test_no_act_and_no_record_is_of_a_day_to_come() -> None:
    """A record reaches as far as somebody read, and no further."""
    for agreement in shipped_instruments():
        days = [agreement.known_to, *(act.on for act in agreement.acts)]
        days += [one.on for one in agreement.associates]
        days += [one.adopted for one in agreement.amendments]
        assert max(days) <= READ_ON, agreement.slug
        assert all(act.on <= agreement.known_to for act in agreement.acts), agreement.slug


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_what_ships_beside_the_council_is_dated_cited_and_weighed(path: Path) -> None:
    """A row without a source is a rumour, and one of tomorrow a forecast."""
    for key, value in _texts(_read(path)):
        if key in {"as_of", "adopted", "from", "on"} and isinstance(value, dt.date):
            is_of_a_law = path.parent.name == "hints"  # the day on which it is asked about
            is_planned = path.name == "example-khm.toml"
            assert value <= READ_ON or is_of_a_law or is_planned, f"{key} {value}"
        if key in {"source", "basis"}:
            assert str(value).strip(), key
        if key == "basis":
            assert value in {"text", "secondary", "memory", "weak"}


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_every_row_and_every_site_named_is_one_of_the_facts(path: Path) -> None:
    """A source that nobody gathered was not read."""
    if not SHARED.exists():
        pytest.skip("the shared facts are not beside this checkout")
    if "/".join(path.parts[-2:]) in AROUND or "/".join(path.parts[-3:]) in AROUND:
        pytest.skip("an example")
    lines = (SHARED / "provisions.jsonl").read_text("utf-8").splitlines()
    rows = {json.loads(line)["id"] for line in lines}
    facts = "\n".join(each.read_text("utf-8") for each in sorted(SHARED.iterdir()))

    for key, value in _texts(_read(path)):
        if key == "rows" and isinstance(value, list):
            assert {str(row) for row in value} <= rows
        if key == "source":
            missing = [site for site in DOMAIN.findall(str(value)) if site not in facts]
            assert missing == [], value


def test_the_pledges_are_those_that_were_made() -> None:
    """Five thousand places over five years, six centres, thirty states."""
    found = _read(SHIPPED / "cooperation" / "pledges.toml")["offer"]
    assert isinstance(found, list)
    pledged = {one["id"]: one for one in found}

    places, warning = pledged["training-places-2026"], pledged["early-warning-30-states"]
    assert (places["amount"], places["unit"]) == (5000, "places")
    assert places["until"].year - places["from"].year == 5
    assert (warning["amount"], warning["unit"]) == (30, "states")
    centres = [one for one in found if "WAICO:xi-2" in one["rows"]]
    assert len(centres) == 6
    assert {one["from"] for one in (places, warning, *centres)} == {dt.date(2026, 7, 17)}
