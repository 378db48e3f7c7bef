# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Programmes as pages: who does what, and what is done twice or by nobody."""

import pytest
from tests.fakes.forum import gather
from tests.fakes.reading import Reader, reader_of
from tests.fakes.world import build

from comity.web.language import TAGS


@pytest.fixture(scope="module")
def reader() -> Reader:
    """Return a reader of a federation in which one member assigns a task twice."""
    world = build()
    gather(world)
    return reader_of(world)


def test_two_institutions_on_one_task_are_flagged(reader: Reader) -> None:
    """That is why the page exists."""
    text = reader.text("/en/programmes/action-plan")

    assert (
        "several institutions do this work, and nobody says which part is whose (misti, mptc)"
    ) in text
    assert "Ministry mptc" in text


def test_tasks_that_nobody_has_are_flagged(reader: Reader) -> None:
    """A plan with a task for nobody is not carried out."""
    text = reader.text("/en/programmes/action-plan")

    assert text.count("nobody … no institution has this task") == 12


def test_a_programme_nobody_assigned_shows_its_tasks() -> None:
    """Nothing assigned is not the same as nothing to settle."""
    text = reader_of(build()).text("/en/programmes/action-plan")

    assert "has assigned a task yet" in text
    assert "Nothing is done twice" not in text
    assert "Build digital infrastructure" in text


def test_the_shipped_case_is_marked_as_an_example(reader: Reader) -> None:
    """Its ministries are real; what they are said to do here is not."""
    text = reader.text("/en/programmes/example-khm?on=2027-01-15")

    assert "made up to show how it is done" in text
    assert "Cambodia, action-plan/7: no institution has this task" in text


def test_titles_are_in_the_pages_language_where_there_is_one(reader: Reader) -> None:
    """A translated plan is read in its translation."""
    assert "建设数字基础设施" in reader.text("/zh/programmes/action-plan")
    assert 'lang="en">Build digital' in reader.html("/ar/programmes/action-plan")


@pytest.mark.parametrize("name", ["none", "pyproject.toml", "..%2Faction-plan"])
def test_only_shipped_programmes_have_a_page(reader: Reader, name: str) -> None:
    """An address must never name a file of the machine that serves it."""
    reader.html(f"/en/programmes/{name}", status=404)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("path", ["", "/action-plan", "/example-khm", "/action-plan?page=7"])
def test_every_page_is_light(reader: Reader, tag: str, path: str) -> None:
    """15 KB gzipped, stylesheet included, in each language."""
    assert reader.weight(f"/{tag}/programmes{path}") <= 15_000
