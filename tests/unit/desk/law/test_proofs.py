# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from comity.desk.law.proofs import (
    Inquest,
    Question,
    conflicts_between,
    oscal_mapping_of,
    relations_between,
)
from comity.errors import InvalidDocument, NotFound
from comity.kernel.instant import from_rfc3339

TODAY = dt.date(2026, 11, 22)
QUESTION = Question(sides=("eu.gdpr", "chn.csl"))
LOGS = frozenset({"eu.gdpr.5.logs", "chn.csl.23.logs"})


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a register of one system in both markets, one elsewhere, one that says nothing."""
    path = tmp_path_factory.mktemp("register") / "r.parquet"
    caught = {
        "id": "caught", "role": "provider", "markets": ["EU", "CHN"], "online_service": True,
        "logs_hold_personal_data": True, "log_need": 30, "reasons_to_keep": [],
        "data_controller": True, "personal_use_only": False,
        "defence_or_security_only": False, "law_enforcement_authorised": False,
        "is_ai_system": False, "processes_personal_data": True,
    }  # fmt: skip
    elsewhere = {**caught, "id": "elsewhere", "markets": ["EU"]}
    silent = {**dict.fromkeys(caught), "id": "silent", "markets": ["EU", "CHN"]}
    pl.DataFrame([caught, elsewhere, silent]).write_parquet(path)
    return path


@pytest.fixture(scope="module")
def inquest(register: Path) -> Inquest:
    """Return what two real packs come to, counted in the register."""
    return conflicts_between(QUESTION, register=register, today=TODAY)


def test_hits_are_systems_that_all_norms_certainly_bind(inquest: Inquest) -> None:
    """Not those in one market, and not those of which nothing is known."""
    hits = {
        frozenset(str(party.norm.name) for party in each.parties): each.hits
        for each in inquest.findings.conflicts
    }
    assert hits[LOGS] == 1
    assert (inquest.rows, inquest.skipped) == (3, 0)


def test_a_kind_of_conflict_counts_each_system_once(inquest: Inquest) -> None:
    """However many norms bind it so."""
    for each in inquest.findings.conflicts:
        assert inquest.hits_of[each.clash] >= (each.hits or 0)


def test_an_inquest_is_plain_json(inquest: Inquest) -> None:
    """With the digest of the packs it rests on."""
    plain = json.loads(json.dumps(inquest.to_json()))
    assert plain["sides"] == list(QUESTION.sides)
    assert plain["library"] == inquest.library.digest.hex()
    assert len(plain["conflicts"]) == len(inquest.findings.conflicts)


def test_without_a_register_nothing_is_counted() -> None:
    """None is not nought."""
    found = conflicts_between(QUESTION, today=TODAY)
    assert found.rows is None
    assert {each.hits for each in found.findings.conflicts} == {None}


def test_sides_and_registers_that_are_not_there_are_refused(tmp_path: Path) -> None:
    """Before anything is searched for."""
    with pytest.raises(InvalidDocument) as caught:
        conflicts_between(Question(sides=("EU", "XXX", "YYY")), today=TODAY)
    assert len(caught.value.faults) == 2
    with pytest.raises(NotFound):
        conflicts_between(QUESTION, register=tmp_path / "none.parquet", today=TODAY)


def test_relations_are_written_for_other_tools() -> None:
    """One document, of the packs held here."""
    question = Question(sides=("eu.aia.transparency", "chn.lbl"))
    relations = relations_between(question)
    now = from_rfc3339("2026-11-22T00:00:00Z")
    plain = oscal_mapping_of(question, relations, now=now)
    assert isinstance(plain, dict)
    assert list(plain) == ["mapping-collection"]
