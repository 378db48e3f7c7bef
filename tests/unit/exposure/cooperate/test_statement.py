# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from collections.abc import Mapping

import pytest

from comity.errors import InvalidDocument
from comity.exposure.cooperate.matter import Matter, Need, Offer, Project, Weights
from comity.exposure.cooperate.statement import (
    from_need_json,
    from_offer_json,
    from_project_json,
    to_need_json,
    to_offer_json,
    to_project_json,
)
from comity.exposure.cooperate.word import is_target
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.localtext import LocalText
from comity.kernel.material import Material
from comity.kernel.reference import Reference

MATTER = Matter(
    title=LocalText(by_tag={"en": "Weights", "pt": "Pesos"}), what="open weights", sector="any",
    goals=("9.b", "17.6"), amount=1, unit="models", markets=("KHM",),
    since=dt.date(2027, 1, 1), until=dt.date(2028, 1, 1), terms=("open_weights", "as is"),
    languages=("km",),
)  # fmt: skip
OFFER = Offer(
    matter=MATTER,
    materials=(Material(layer="model", name="m", jurisdiction="BRA", share_ppm=1),),
    weights=Weights(method="model-signing/1", sha256=sha256(b"w"), signed=True),
    example=True,
    rest={"later": "kept"},
)
NEED = Need(matter=MATTER, requires=("exit_clause",), example=True)
PLACE = Reference(log=Origin("kh.example/log"), index=1, sha256=sha256(b"e"))
PROJECT = Project(
    title=MATTER.title, kind="joint", parties=("a",), offers=(PLACE,), needs=(PLACE,),
    status="agreed", goals=("4.4",), markets=("KHM",), terms=("exit_clause",),
    systems=(PLACE,), note="Nothing is known of its price.",
)  # fmt: skip


def test_each_comes_back_as_it_was_said() -> None:
    """Fields that nobody here knows survive too."""
    assert from_offer_json(to_offer_json(OFFER)) == OFFER
    assert from_need_json(to_need_json(NEED)) == NEED
    assert from_project_json(to_project_json(PROJECT)) == PROJECT


def test_what_says_nothing_is_left_out() -> None:
    """A statement is kept for ever; every field in it says something."""
    plain = to_offer_json(Offer(matter=MATTER))

    assert not {"materials", "weights", "recipients_unstated", "example"} & set(plain)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount": 5, "unit": None}, "without its unit"),
        ({"amount": 0}, "amount is not an integer from 1"),
        ({"from": "2028-02-01"}, "ends before it begins"),
        ({"goals": ["13.9"]}, "13.9"),
        ({"what": "gift"}, "what"),
        ({"what": "data"}, "weights are named"),
        ({"weights": {"method": "m", "sha256": "ab"}}, "weights.sha256"),
        ({"from": "soon"}, "from"),
        ({"materials": [{"layer": "model", "name": "m", "share_ppm": 2_000_000}]}, "share"),
    ],
    ids=str,
)
def test_what_contradicts_itself_is_refused(change: Mapping[str, Json], said: str) -> None:
    """With the fault named, so that its author can mend it."""
    with pytest.raises(InvalidDocument) as caught:
        from_offer_json({**to_offer_json(OFFER), **change})

    assert any(said in str(fault) for fault in caught.value.faults)


def test_a_need_and_a_project_are_refused_with_every_fault() -> None:
    """All at once."""
    with pytest.raises(InvalidDocument) as need:
        from_need_json({**to_need_json(NEED), "amount": "many", "sector": 4})
    with pytest.raises(InvalidDocument) as project:
        from_project_json({**to_project_json(PROJECT), "parties": [], "status": ""})

    assert len(need.value.faults) == len(project.value.faults) == 2


def test_the_united_nations_set_169_targets() -> None:
    """A/RES/70/1 counts them; no other text names one."""
    every = [f"{goal}.{part}" for goal in range(1, 18) for part in (*range(1, 20), *"abcd")]

    assert sum(map(is_target, every)) == 169
    assert not any(map(is_target, ("18.1", "9", "9.05", "9.e", "", "9.b.1")))
