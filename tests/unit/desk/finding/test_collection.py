# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A folder of logs is checked whole, and every finding in it whose parts are there."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.federation import Federation
from tests.fakes.say import say

from comity.desk.finding.collection import collect_folder, with_mirror
from comity.errors import NotFound
from comity.kernel.digest import sha256
from comity.kernel.truth import Truth
from comity.ledger.note import NoteSignature
from comity.ledger.statement import Statement, to_predicate_type


def test_a_nodes_folder_carries_what_it_relied_on(tested: Federation) -> None:
    """Its own log, its mirrors, and the finding with its evidence."""
    found = collect_folder(tested.br.folder)

    assert found.holds
    assert {mark.log.keyset.name for mark in found.logs} == {"kh", "br", "sg", "maker"}
    assert [one.missing for one in found.findings] == [""]
    assert {check.holds for check in found.findings[0].checks} == {Truth.TRUE}
    kh = next(mark for mark in found.logs if mark.log.keyset.name == "kh")
    assert sorted(one.name for one in kh.cosigners) == ["br", "sg"]


def test_static_files_alone_prove_a_log_and_no_finding(tested: Federation) -> None:
    """And the reader is told what is missing."""
    found = collect_folder(tested.kh.public_folder)

    assert found.holds
    assert len(found.logs) == 1
    assert "maker.example/log" in found.findings[0].missing
    assert found.unchecked


def test_every_changed_file_of_a_mirror_is_found(tested: Federation, tmp_path: Path) -> None:
    """One damaged log keeps no other from being checked."""
    mirror = tested.br.folder / "peers" / tested.kh.member
    size = str(tested.kh.log.size)
    files = [path for path in mirror.rglob("*") if path.name == size]
    assert len(files) == 2
    for number, path in enumerate(files):
        copy = tmp_path / str(number)
        shutil.copytree(tested.br.folder, copy)
        changed = copy / path.relative_to(tested.br.folder)
        content = bytearray(changed.read_bytes())
        content[-1] ^= 1
        changed.write_bytes(bytes(content))

        found = collect_folder(copy)

        assert not found.holds
        assert [one.place.startswith(str(copy)) for one in found.failures] == [True]
        assert len(found.logs) == 3


def test_a_changed_bundle_is_found(tested: Federation) -> None:
    """Evidence is named by its digest."""
    (blob,) = (tested.br.folder / "public" / "blob").iterdir()
    blob.write_bytes(blob.read_bytes().replace(b"wrong", b"right", 1))

    found = collect_folder(tested.br.folder)

    assert not found.holds
    assert found.findings[0].failure is not None
    assert "blob" in found.findings[0].failure.place


def test_a_malformed_statement_is_shown_and_blocks_nothing(tested: Federation) -> None:
    """The finding beside it is checked all the same."""
    say(tested.kh, "finding", {"x": 1}, subject=sha256(b""), now=tested.now())
    odd = Statement(predicate_type=to_predicate_type("finding"), predicate={})
    tested.kh.append([odd], tested.now())
    tested.publish(tested.kh)

    found = collect_folder(tested.br.folder)

    assert found.holds
    assert [bool(one.missing) for one in found.findings] == [False, True, True]


def test_a_folder_without_a_log_is_said_to_have_none(tmp_path: Path) -> None:
    """An empty folder verifies nothing, which is not the same as verifying."""
    with pytest.raises(NotFound, match="no log stands in"):
        collect_folder(tmp_path)


def test_a_mirror_s_word_is_shown_apart_from_the_witnesses(tested: Federation) -> None:
    """It says that all is held, and no witness's voice is added by it."""
    found = collect_folder(tested.br.folder)
    mirrored = with_mirror(found, str(tested.br.public_folder), tested.br.mirror_key)

    assert [one.cosigners for one in mirrored.logs] == [one.cosigners for one in found.logs]
    words = {one.log.keyset.name: one.held_whole for one in mirrored.logs}
    assert words.pop("br") is None
    assert {one.key for one in words.values() if one} == {tested.br.mirror_key}
    assert len(words) == sum(one is not None for one in words.values()) == 3


def test_another_s_mirror_key_says_nothing_here(tested: Federation) -> None:
    """A server speaks for its own copies alone, under its own log's name."""
    found = collect_folder(tested.br.folder)
    place = str(tested.br.public_folder)

    assert with_mirror(found, place, tested.kh.mirror_key) == found
    assert with_mirror(found, place, None) == found


def test_a_wrong_word_in_a_mirror_s_name_refuses_the_log(tested: Federation) -> None:
    """As with a witness: whoever serves it has changed something."""
    key = tested.br.mirror_key
    found = collect_folder(tested.br.folder)
    logs = [
        replace(
            one,
            log=replace(
                one.log,
                note=one.log.note.with_signatures(
                    [NoteSignature(name=key.name, key_id=key.key_id, signature=bytes(72))]
                ),
            ),
        )
        for one in found.logs
        if one.log.keyset.name in {"br", "kh"}
    ]
    mirrored = with_mirror(
        replace(found, logs=tuple(logs)), str(tested.br.public_folder), tested.br.mirror_key
    )

    assert not mirrored.holds
