# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Consultations as pages: what all groups agree on first, what divides, and how to check it."""

import pytest
from tests.fakes.forum import Forum, gather
from tests.fakes.reading import Reader, reader_of
from tests.fakes.world import World, build

from comity.kernel.reference import Reference
from comity.web.language import TAGS


@pytest.fixture(scope="module")
def world() -> World:
    """Return a federation."""
    return build()


@pytest.fixture(scope="module")
def forum(world: World) -> Forum:
    """Return what its members asked."""
    return gather(world)


@pytest.fixture(scope="module")
def reader(world: World, forum: Forum) -> Reader:
    """Return a reader of it."""
    assert world.ledger.find(forum.open) is not None
    return reader_of(world)


def address(reference: Reference, tag: str = "en") -> str:
    """Return the page of a consultation."""
    return f"/{tag}/consultations/{reference.sha256.hex()}"


def test_what_all_groups_agree_on_comes_first(reader: Reader, forum: Forum) -> None:
    """Agreement is what a council looks for; division is shown after it, not before."""
    text = reader.text(address(forum.concluded))

    agreed = text.index("agreed across all groups: 4")
    assert agreed < text.index("every declared group disagrees: 1")
    assert agreed < text.index("not settled: too few answers: 2")


def test_each_opinion_has_three_numbers_and_a_table(reader: Reader, forum: Forum) -> None:
    """Declared groups decide, found groups second, the model nothing."""
    text = reader.text(address(forum.concluded))

    assert text.count("At least, in the worst declared group") == 7
    assert "Beyond the divide, by a model; decides nothing +0." in text
    assert text.count("The same as a table How each group answered Group Agree") == 7


def test_one_state_can_be_read_whole(reader: Reader, forum: Forum) -> None:
    """The first page shows three opinions of each state."""
    whole = reader.text(f"{address(forum.concluded)}?state=agreed")

    assert whole.count("The same as a table") == 4
    assert "Private firms" not in whole.split("Groups found")[0]
    assert reader.text(f"{address(forum.concluded)}?state=nonsense") == reader.text(
        address(forum.concluded)
    )


def test_a_hostile_question_is_shown_and_does_nothing(reader: Reader, forum: Forum) -> None:
    """Whatever a convener writes is text."""
    html = reader.html(address(forum.concluded))

    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "\u202e" not in html


def test_who_signed_and_how_to_verify_stand_on_the_page(
    reader: Reader, forum: Forum, world: World
) -> None:
    """A reader checks with a node of one's own, not with this page."""
    text = reader.text(address(forum.concluded))

    assert f"comity consult verify {world.khm.origin}#" in text
    assert "river 60 Autoridade de IA example" in text
    assert "Ask somebody.: It names a person." in text


def test_a_consultation_without_a_result_says_so(reader: Reader, forum: Forum) -> None:
    """No result is not an empty result."""
    text = reader.text(address(forum.open))

    assert "nobody has concluded it yet" in text
    assert "Warnings are sent in every language" in text
    assert "What came of it" not in text


def test_a_result_without_its_counts_is_not_shown(reader: Reader, forum: Forum) -> None:
    """Lists that cannot be derived again here are nobody's word but the convener's."""
    text = reader.text(address(forum.broken))

    assert "the document with its counts is not on this node" in text
    assert "agreed across all groups:" not in text


@pytest.mark.parametrize("name", ["none", "0" * 64, "x" * 300])
def test_a_consultation_nobody_holds_is_not_found(reader: Reader, name: str) -> None:
    """A mistyped address is a page, not a crash."""
    reader.html(f"/en/consultations/{name}", status=404)


@pytest.mark.parametrize("tag", TAGS)
def test_every_page_is_light(reader: Reader, forum: Forum, tag: str) -> None:
    """15 KB gzipped, stylesheet included, in each language."""
    for path in (f"/{tag}/consultations", address(forum.concluded, tag)):
        assert reader.weight(path) <= 15_000


def test_the_list_says_what_came_of_each(reader: Reader) -> None:
    """The list is the way in."""
    text = reader.text("/en/consultations")

    assert text.count("Convened by Khmer AI Office") == 3
    assert text.count("Nobody has concluded it yet.") == 1


def test_a_federation_that_asked_nothing_has_an_empty_list() -> None:
    """Nothing is a sentence, not a blank."""
    text = reader_of(build()).text("/en/consultations")

    assert "No log this node follows holds a consultation." in text
