# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member that logs what it should not: each trick has a name, and blocks nothing after it."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.federation import Federation
from tests.fakes.say import say

from comity.desk.case.afterwards import voices
from comity.desk.finding.collection import collect_folder
from comity.desk.log.schema import get_schema
from comity.desk.log.shelf import ViewShelf
from comity.desk.log.surveying import survey
from comity.desk.register.listing import statement_sheet
from comity.desk.register.register import Register, View, open_register
from comity.desk.register.sheet import StatementSheet
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.instant import Instant, from_posix
from comity.kernel.reference import Reference
from comity.ledger.envelope import sign_payload
from comity.ledger.reading import read_entry
from comity.ledger.signature import SigningKey
from comity.ledger.statement import (
    PAYLOAD_TYPE,
    Statement,
    to_payload,
    to_predicate_type,
)
from comity.node.keys.signing import signed
from comity.node.node import Node

NOTE = Statement(predicate_type=to_predicate_type("note"), predicate={"n": 1})


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A hostile member, one that follows it, and the federation they are in."""

    federation: Federation
    liar: Node
    reader: Node

    def say(self, kind: str, predicate: Mapping[str, Json], subject: Digest) -> Reference:
        """Let the hostile member log anything."""
        return say(self.liar, kind, predicate, subject=subject, now=self.federation.now())

    def register(self) -> Register:
        """Publish, follow, and return what the reader shows."""
        self.federation.publish(self.liar, self.reader)
        self.reader.record_seen(self.federation.now())
        self.federation.publish(self.reader)
        view = View(
            ledger=self.reader.view(), as_of=self.federation.now(), find_blob=lambda _: None
        )
        return open_register(view)

    def sheet(self, index: int) -> StatementSheet:
        """Return the page of one of the hostile member's entries."""
        return statement_sheet(self.register(), self.liar.origin, index)

    def codes(self, index: int) -> list[str]:
        """Return what is odd about an entry, the same on its page and in `comity verify`."""
        shown = [one.code for one in self.sheet(index).anomalies]
        logs = [mark.log for mark in collect_folder(self.reader.folder).logs]
        seen = dict(zip((log.origin for log in logs), survey(logs, self.now()), strict=True))
        odd = seen[self.liar.origin].anomalies.get(index, ())
        assert sorted(one.kind.value for one in odd) == sorted(shown)
        return shown

    def now(self) -> Instant:
        """Return the reader's time."""
        return self.federation.now()


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Found two members that follow each other."""
    federation = Federation(folder=tmp_path)
    liar = federation.found("kh", "regulator", "KHM")
    reader = federation.found("br", "regulator", "BRA")
    federation.publish(liar, reader)
    return Town(federation=federation, liar=liar, reader=reader)


def enveloped(payload: bytes, node: Node) -> bytes:
    """Return an envelope of any bytes under a member's key."""
    return sign_payload(payload, PAYLOAD_TYPE, [node._keys.statement])


def respelt(entry: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return an envelope with something in it changed."""
    value = json.loads(entry)
    change(value)
    return to_canonical(value)


def loose(text: str) -> str:
    """Return base64 of the same bytes in another spelling: pad bits that are not zero."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body = text.rstrip("=")
    last = letters[letters.index(body[-1]) + 1]
    return body[:-1] + last + "=" * (len(text) - len(body))


def hostile(node: Node) -> dict[str, tuple[bytes, str]]:
    """Return entries by what is wrong with them, each with its code."""
    good = signed(NOTE, node._keys)
    large = base64.b64encode(b"x" * 33_000).decode()
    padded = to_payload(Statement(predicate_type="x", predicate={"n": "ab"}))
    while not base64.b64encode(padded).endswith(b"=="):
        padded = to_payload(Statement(predicate_type="x", predicate={"n": "a" * len(padded)}))
    spaced = json.dumps(json.loads(to_payload(NOTE))).encode()
    return {
        "oversized entry": (b"x" * 65_535 + b"x", "ledger.oversized"),
        "oversized payload": (
            respelt(good, lambda one: one.update(payload=large)),
            "ledger.oversized",
        ),
        "truncated": (good[:-20], "kernel.truncated"),
        "cut in a text": (good[:40], "kernel.truncated"),
        "empty": (b"", "kernel.truncated"),
        "envelope re-encoded": (json.dumps(json.loads(good)).encode(), "kernel.reencoded"),
        "payload re-encoded": (enveloped(spaced, node), "kernel.reencoded"),
        "base64 re-encoded": (
            respelt(
                enveloped(padded, node),
                lambda one: one.update(payload=loose(str(one["payload"]))),
            ),
            "ledger.base64",
        ),
        "base64 for addresses": (
            respelt(good, lambda one: one["signatures"][0].update(sig="-_" * 43 + "==")),
            "ledger.base64",
        ),
        "two of one key": (b'{"payload":"eA==","payload":"eA=="}', "kernel.canonical"),
        "no JSON": (b"\xff\xfe", "kernel.canonical"),
        "no envelope": (b"{}", "ledger.envelope"),
        "no statement": (enveloped(b"{}", node), "ledger.statement"),
        "wrongly signed": (
            respelt(good, lambda one: one.update(payload=base64.b64encode(b"{}").decode())),
            "ledger.signature",
        ),
        "signed by a stranger": (
            sign_payload(to_payload(NOTE), PAYLOAD_TYPE, [SigningKey.from_seed(b"\x07" * 32)]),
            "ledger.unknown_signer",
        ),
        "of another type": (
            sign_payload(to_payload(NOTE), "text/plain", [node._keys.statement]),
            "ledger.payload_type",
        ),
    }


def test_every_malformed_entry_has_a_name_and_blocks_nothing(town: Town) -> None:
    """The reader shows why it cannot be read, and reads what comes after."""
    wrong = {name: one for name, one in hostile(town.liar).items() if name != "oversized entry"}
    town.liar.log.append([entry for entry, _ in wrong.values()])
    last = town.say("note", {"n": 2}, sha256(b"x"))
    register = town.register()
    start = last.index - len(wrong)
    for index, (name, (_, code)) in enumerate(wrong.items(), start):
        sheet = statement_sheet(register, town.liar.origin, index)
        assert (name, sheet.code, sheet.predicate) == (name, code, None)
        assert sheet.fault
    assert statement_sheet(register, town.liar.origin, last.index).predicate is not None
    collected = collect_folder(town.reader.folder)
    assert collected.holds
    (mark,) = [one for one in collected.logs if one.log.origin == town.liar.origin]
    assert len(mark.unreadable) == len(wrong)


def test_reading_names_every_fault_by_its_code(town: Town) -> None:
    """One table: what is wrong, and the code that will always say so."""
    for name, (entry, code) in hostile(town.liar).items():
        reading = read_entry(entry, town.liar.keyset)
        assert (name, reading.code, reading.statement) == (name, code, None)
        assert reading.fault


def test_an_entry_that_is_too_large_is_never_logged(town: Town) -> None:
    """Nothing partial is visible: neither here nor at who follows."""
    size = town.liar.log.size
    with pytest.raises(Exception, match="65535"):
        town.liar.log.append([b"x" * 65_536])
    assert town.liar.log.size == size
    town.register()


def test_a_replayed_entry_counts_once(town: Town) -> None:
    """The same bytes again say nothing new."""
    first = town.say("note", {"n": 1}, sha256(b"x"))
    entry = town.liar.view().encoded(first)
    (again,) = town.liar.log.append([entry])
    assert town.codes(again) == ["ledger.replayed"]
    assert town.codes(first.index) == []
    assert town.sheet(again).anomalies[0].places == (f"{town.liar.origin}#{first.index}",)


def test_a_replayed_registration_is_one_registration(town: Town) -> None:
    """A list that counted it twice could be stuffed."""
    digest = sha256(b"version")
    predicate: dict[str, Json] = {
        "system": "s", "name": {"en": "s"}, "version": "1", "purpose": {"en": "p"},
        "identity": {"method": "m/1", "sha256": digest.hex(), "what": "w"}, "facts": {},
        "markets": [], "materials": [], "example": True,
    }  # fmt: skip
    said = town.say("system", predicate, digest)
    entry = town.liar.view().encoded(said)
    town.liar.log.append([entry, entry])
    (held,) = town.register().systems[digest.hex()]
    assert held.entry.reference == said


def test_anothers_statement_copied_is_shown_as_a_copy(town: Town) -> None:
    """It stays the other's word, and becomes nobody's here."""
    said = say(town.reader, "note", {"n": 3}, subject=sha256(b"y"), now=town.federation.now())
    (copy,) = town.liar.log.append([town.reader.view().encoded(said)])
    assert town.codes(copy) == ["ledger.copied"]
    sheet = town.sheet(copy)
    assert sheet.code == "ledger.unknown_signer"
    assert sheet.anomalies[0].places == (f"{said.log}#{said.index}",)


def test_a_statement_of_tomorrow_is_shown_as_one(town: Town) -> None:
    """When it was issued is its author's claim."""
    said = town.say("note", {"issued": "2099-01-01T00:00:00Z"}, sha256(b"x"))
    assert town.codes(said.index) == ["ledger.future_dated"]


def test_a_back_dated_statement_shows_both_times(town: Town) -> None:
    """Who steals a key may claim any time, and cannot have been seen at it."""
    town.say("note", {"n": 1}, sha256(b"x"))
    town.register()
    said = town.say("note", {"issued": "2020-01-01T00:00:00Z"}, sha256(b"x"))
    assert town.codes(said.index) == ["ledger.back_dated"]
    sheet = town.sheet(said.index)
    assert sheet.row.issued is not None
    assert sheet.logged_after is not None
    assert sheet.logged_before is not None
    assert sheet.row.issued < sheet.logged_after <= sheet.logged_before


def ring(town: Town, *steps: tuple[int, int]) -> list[Reference]:
    """Log withdrawals of each other, by places counted from the first of them."""
    start = town.liar.log.size
    wrong = Digest(b"\xab" * 32)
    return [
        town.say(
            "withdrawal",
            {
                "of": {"log": town.liar.origin, "index": start + to, "sha256": wrong.hex()},
                "reason": "round and round",
            },
            wrong,
        )
        for _, to in sorted(steps)
    ]


def test_withdrawals_in_a_ring_end_and_say_so(town: Town) -> None:
    """A digest cannot be in a ring; what claims to be is shown as claiming it."""
    first, second = ring(town, (0, 1), (1, 0))
    assert town.codes(second.index) == ["ledger.other_entry", "ledger.circular"]
    assert "ledger.circular" in town.codes(first.index)
    assert "ledger.forward_reference" in town.codes(first.index)
    assert town.sheet(first.index).faults == ()


def test_a_statement_that_refers_to_itself_is_a_ring_of_one(town: Town) -> None:
    """And no page waits for it."""
    (only,) = ring(town, (0, 0))
    assert set(town.codes(only.index)) == {
        "ledger.circular", "ledger.forward_reference", "ledger.other_entry"
    }  # fmt: skip


def test_members_who_vouch_for_each_other_in_a_ring_are_shown(town: Town) -> None:
    """A crowd that only knows itself proves nothing by its size."""
    until = "2099-01-01T00:00:00Z"
    pairs = ((town.liar, town.reader), (town.reader, town.liar))
    said = [
        say(
            node,
            "accreditation",
            {"member": other.member, "banks": [], "until": until},
            subject=Digest(bytes.fromhex(other.member)),
            now=town.federation.now(),
        )
        for node, other in pairs
    ]
    assert town.codes(said[0].index) == ["ledger.circular"]


def test_a_known_kind_with_wrong_fields_is_shown_with_its_faults(town: Town) -> None:
    """It blocks nothing, and counts for what can be read of it."""
    said = town.say("ballot", {"choice": "yess", "mood": "good"}, sha256(b"x"))
    after = town.say("note", {"n": 9}, sha256(b"x"))
    sheet = town.sheet(said.index)
    assert (
        "choice is not one of yes, no, object, abstain, recused, present; did you mean 'yes'?"
        in sheet.faults
    )
    assert sheet.unknown_fields == ("mood",)
    assert sheet.row.known
    assert town.sheet(after.index).faults == ()
    logs = [mark.log for mark in collect_folder(town.reader.folder).logs]
    (found,) = [
        one
        for log, one in zip(logs, survey(logs, from_posix(1_900_000_000)), strict=True)
        if log.origin == town.liar.origin
    ]
    assert list(found.faults) == [said.index]


def test_a_replayed_plan_is_no_second_attempt(town: Town) -> None:
    """Else a tester could charge a provider with attempts nobody made."""
    plan = dict(get_schema("plan").example)["predicate"]
    assert isinstance(plan, dict)
    said = town.say("plan", plan, sha256(b"version"))
    entry = town.liar.view().encoded(said)
    town.liar.log.append([entry, entry])
    town.register()
    held = list(ViewShelf(town.reader.view()).of_kind("plan"))
    assert [one.reference for one in held] == [said]


def test_replies_in_a_ring_end(town: Town) -> None:
    """Who reads what was said after a finding reads each voice once."""
    start = town.liar.log.size
    wrong = Digest(b"\xab" * 32)
    said = [
        town.say(
            "reply",
            {
                "to": {"log": town.liar.origin, "index": start + to, "sha256": wrong.hex()},
                "text": "No.",
                "outcome": None,
            },
            wrong,
        )
        for to in (1, 0)
    ]
    town.register()
    heard = voices(ViewShelf(town.reader.view()), replace(said[0], sha256=wrong))
    assert [voice.said.reference for voice in heard] == said
    assert not any(voice.is_withdrawn for voice in heard)
    assert "ledger.circular" in town.codes(said[1].index)
