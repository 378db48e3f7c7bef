# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Instruments as pages: in force or not and why, on whose word, and what nobody knows."""

import datetime as dt

import pytest
from tests.fakes.forum import gather
from tests.fakes.reading import Reader, reader_of
from tests.fakes.treaty import stated
from tests.fakes.world import build

from comity.council.instrument.difference import Matrix, Stands, matrix_of
from comity.web.instrument import MATRIX_COLUMNS, MATRIX_ROWS, _grid
from comity.web.language import TAGS


@pytest.fixture(scope="module")
def reader() -> Reader:
    """Return a reader of a federation whose members act and differ."""
    world = build()
    gather(world)
    return reader_of(world)


def grid_of(states: int, provisions: int, said: int) -> Matrix:
    """Return a matrix in which the first states said something of the last provision."""
    names = [f"S{place:03}" for place in range(states)]
    columns = [str(place) for place in range(provisions)]
    given = [
        stated(name, columns[-1], Stands.DIFFERS, "2026-01-01", "Otherwise.")
        for name in names[:said]
    ]
    return matrix_of(names, columns, given, dt.date(2026, 11, 22), {})


def test_what_is_not_shown_to_be_in_force_says_so_and_what_is_missing(reader: Reader) -> None:
    """Silence of a record is no proof: the page must not say that it is not in force."""
    text = reader.text("/en/instruments/waico")

    assert "not shown to be in force on November 21, 2026" in text
    assert "Still missing on the record 2 more states" in text
    assert "may lack acts" in text
    assert "first meeting Not found." in text


def test_each_state_stands_with_the_word_it_rests_on(reader: Reader) -> None:
    """A name that rests on one tracker must not look like one that was read in the text."""
    text = reader.text("/en/instruments/waico")

    assert "Vietnam signed, not bound signature July 31, 2026 – weak, to be checked" in text
    assert "contradicted" in text
    assert "Singapore: invited, considering" in text


def test_a_made_up_ratification_is_told_from_a_real_one(reader: Reader) -> None:
    """A demonstration must not make a reader believe that a state ratified."""
    text = reader.text("/en/instruments/waico")

    assert "its own statement in its log" in text
    assert "said by Khmer AI Office (an example)" in text
    assert "Acts of members that are examples are counted here" in text
    assert "its own statement in its log 5 example from a secondary source" in text
    assert "are counted here" not in reader.text("/en/instruments/cets-225")


def test_the_list_says_which_counts_hold_made_up_acts(reader: Reader) -> None:
    """One consented in a list, with nothing beside it, reads as a ratification of WAICO."""
    text = reader.text("/en/instruments")

    waico = text[text.index("Agreement establishing the World AI Cooperation Organization") :]
    assert waico.index("Acts of members that are examples are counted here") < 120
    assert text.count("are counted here") == 1


def test_what_counts_for_nothing_is_shown_as_such(reader: Reader) -> None:
    """A ratification before the treaty was opened is flagged, not hidden."""
    text = reader.text("/en/instruments/waico")

    assert "Flagged, and counted for nothing BRA, ratification on 2025-01-01" in text


def test_the_map_has_a_table_and_a_legend(reader: Reader) -> None:
    """Whoever cannot see the map reads the same beneath it."""
    html = reader.html("/en/instruments/waico")

    assert html.count("<text ") == 39
    assert 'role="img" aria-label="A map of one square per state' in html
    assert "signed, not bound: 36" in html


def test_a_difference_stands_in_the_matrix_with_its_words(reader: Reader) -> None:
    """What is not stated is neither a tick nor a cross."""
    text = reader.text("/en/instruments/cets-225")

    assert "complies: 1 · differs: 1 · not stated: 40" in text
    assert "Brazil, 7: differs, November 1, 2026. Within ninety days ⟨U+202E⟩only." in text
    assert "cets-225 has no provision '999'" in text


@pytest.mark.parametrize(
    ("size", "said", "expected"),
    [
        ((3, 5), 0, (3, 5, 0)),
        ((MATRIX_ROWS + 1, 5), 2, (2, 5, MATRIX_ROWS - 1)),
        ((MATRIX_ROWS + 9, 5), MATRIX_ROWS + 9, (MATRIX_ROWS, 5, 9)),
        ((3, MATRIX_COLUMNS + 1), 1, (3, 1, 0)),
    ],
)
def test_a_large_matrix_keeps_who_said_something(
    size: tuple[int, int], said: int, expected: tuple[int, int, int]
) -> None:
    """Two hundred rows of dots would bury the one difference, and the budget."""
    found = _grid(grid_of(*size, said))

    assert (len(found.rows), len(found.provisions), found.hidden) == expected
    assert found.differs == said


def test_an_instrument_stands_otherwise_on_another_day(reader: Reader) -> None:
    """A court asks how it stood when something happened."""
    before = reader.text("/en/instruments/iaea-statute?on=1957-07-20")
    after = reader.text("/en/instruments/iaea-statute?on=1957-07-30")

    assert "✕ not in force on July 20, 1957" in before
    assert "✓ in force on July 30, 1957" in after


@pytest.mark.parametrize("name", ["none", "pyproject.toml", "..%2Fwaico", "waico.toml"])
def test_only_shipped_instruments_have_a_page(reader: Reader, name: str) -> None:
    """An address must never name a file of the machine that serves it."""
    assert (
        "waico" not in reader.text(f"/en/instruments/{name}", status=404).split("hint")[0][:60]
    )


@pytest.mark.parametrize("query", ["on=soon", "on=2026-02-30", "on=0"])
def test_a_day_that_is_none_is_refused(reader: Reader, query: str) -> None:
    """A mistyped day must not silently become today."""
    reader.html(f"/en/instruments/waico?{query}", status=422)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize(
    "path", ["", "/waico", "/cets-225", "/iaea-statute", "/solas-1974", "/waico?page=9"]
)
def test_every_page_is_light_and_runs_nothing(reader: Reader, tag: str, path: str) -> None:
    """15 KB gzipped, stylesheet included, in each language."""
    assert reader.weight(f"/{tag}/instruments{path}") <= 15_000
    assert "<script" not in reader.html(f"/{tag}/instruments{path}")


def test_the_list_has_every_shipped_instrument(reader: Reader) -> None:
    """The list is the way in."""
    html = reader.html("/en/instruments")

    assert html.count('<tr role="row"><th scope="row"') == 8
    assert 'href="/en/instruments/waico"' in html
