# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every bad input has its named error, in a file whose signatures and proofs all hold.

The forger holds every key and makes all that follows a lie fit it; beside each lie stands the
same story told honestly, which verifies.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tests.fakes.forgery import HONEST_ORDER, Lie, forge
from tests.fakes.verdict import agree, of_one_file

from comity.desk.finding.verification import verify_dossier
from comity.errors import VerificationFailed
from comity.evidence.beacon import BeaconRound
from comity.files.beacon import read_chain
from comity.files.dossier import from_bytes
from comity.kernel.canonical import to_canonical
from comity.kernel.digest import sha256
from comity.kernel.truth import Truth

Record = dict[str, Any]
Records = list[Record]
OTHER = sha256(b"another").hex()
EARLY, LATE = "2023-08-23T12:00:00Z", "2023-08-23T23:00:00Z"
"""Before and after round 1000 of the beacon was out."""

SIGNATURE = (
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
    "e342b73a8dd2bacbe47e4b6b63ed5e39"
)
"""What drand's quicknet published as its round 1000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One bad input: the lie, the code it is refused with, and where."""

    name: str
    lie: Lie
    code: str
    place: str
    story: Lie = field(default_factory=Lie)


def changed(**fields: object) -> Callable[[Record], Record]:
    """Return a change of fields."""
    return lambda said: {**said, **fields}


def later(part: str, before: str) -> tuple[str, ...]:
    """Return the story's order with one part told right after another."""
    order = [one for one in HONEST_ORDER if one != part]
    order.insert(order.index(before) + 1, part)
    return tuple(order)


def numbered(records: Records) -> Records:
    """Count draws anew, as one who hides a gap does."""
    count: dict[str, int] = {}
    for record in records:
        name = record["item"]["category"]
        count[name] = count.get(name, 0) + 1
    seen = dict.fromkeys(count, 0)
    found = []
    for record in records:
        name = record["item"]["category"]
        seen[name] += 1
        found.append({**record, "draw": seen[name]})
    return found


def with_item(**fields: object) -> Callable[[Records], Records]:
    """Return a change of the fourth record's item."""

    def change(records: Records) -> Records:
        other = {**records[3], "item": {**records[3]["item"], **fields}}
        return [*records[:3], other, *records[4:]]

    return change


def answered_otherwise(lines: list[bytes]) -> list[bytes]:
    """Change an answer after the transcript was signed."""
    return [lines[0], lines[1].replace(b'"answer":"', b'"answer":"9'), *lines[2:]]


def better(said: Record) -> Record:
    """Sign a verdict that the outcomes do not give."""
    rows = [{**row, "verdict": "insufficient"} for row in said["results"]]
    return {**said, "results": rows}


def surer(said: Record) -> Record:
    """Sign a bound that the outcomes do not give."""
    rows = [{**row, "lower_bound_ppm": 999_999} for row in said["results"]]
    return {**said, "results": rows}


def other_plan(lines: list[bytes]) -> list[bytes]:
    """Put the transcript of another plan in."""
    header = to_canonical({"bundle": "comity/evidence-bundle/v1", "plan": OTHER})
    return [header, *lines[1:]]


def beacon(round_closed: int = 1000, revealed: str = EARLY) -> Lie:
    """Tell the story with a real round of a real beacon as the third in the draw."""
    named = {**BeaconRound(chain=read_chain("quicknet"), number=1000).to_json()}
    pulse = {"round": round_closed, "signature": SIGNATURE}
    parts: dict[str, Callable[[Record], Record]] = dict.fromkeys(
        (*HONEST_ORDER, "closing"), changed(issued=EARLY)
    )
    parts["plan"] = changed(issued=EARLY, draw={"beacon": named})
    parts["provider reveal"] = changed(issued=revealed)
    parts["closing"] = changed(issued=EARLY, pulse=pulse)
    return Lie(said=parts, order=(*HONEST_ORDER[:-1], "closing", "finding"))


ROWS = (
    Row(
        name="a beacon's round that the plan does not name",
        lie=beacon(round_closed=1001),
        code="evidence.third",
        place="draw.pulse.round",
        story=beacon(),
    ),
    Row(
        name="a reveal when the beacon's round was out",
        lie=beacon(revealed=LATE),
        code="evidence.third",
        place="reveals[0].issued",
        story=beacon(),
    ),
    Row(
        name="an unreadable transcript",
        lie=Lie(lines=lambda lines: [*lines[:2], b'{"draw":1', *lines[3:]]),
        code="desk.unreadable_transcript",
        place="line 3",
    ),
    Row(
        name="a transcript cut off",
        lie=Lie(lines=lambda lines: [*lines[:2], lines[2][:40]]),
        code="desk.unreadable_transcript",
        place="line 3",
    ),
    Row(
        name="a verdict that does not replay",
        lie=Lie(said={"finding": better}),
        code="evidence.verdict",
        place="finding.results[0].verdict",
    ),
    Row(
        name="a bound that does not replay",
        lie=Lie(said={"finding": surer}),
        code="evidence.number",
        place="finding.results[0].lower_bound_ppm",
    ),
    Row(
        name="a swapped item",
        lie=Lie(records=with_item(prompt="say 1 + 1")),
        code="evidence.opening",
        place="records[3].item",
    ),
    Row(
        name="a kinder reference answer",
        lie=Lie(records=with_item(reference="wrong")),
        code="evidence.opening",
        place="records[3].item",
    ),
    Row(
        name="a bank swapped after the plan",
        lie=Lie(order=later("bank", "plan")),
        code="desk.bank_after_plan",
        place="kh.example/log entry 2",
    ),
    Row(
        name="a wrong bank for the root",
        lie=Lie(said={"bank": changed(root=OTHER)}),
        code="evidence.wrong_bank",
        place="plan.bank_root",
    ),
    Row(
        name="an application for another bank",
        lie=Lie(said={"application": changed(bank_root=OTHER)}),
        code="evidence.wrong_bank",
        place="application.bank_root",
    ),
    Row(
        name="an altered answer",
        lie=Lie(lines=answered_otherwise),
        code="evidence.altered_transcript",
        place="records[0].passed",
    ),
    Row(
        name="an answer altered before it was signed",
        lie=Lie(records=lambda rows: [{**rows[0], "answer": "x"}, *rows[1:]]),
        code="evidence.score",
        place="records[0].passed",
    ),
    Row(
        name="an omitted draw",
        lie=Lie(records=lambda rows: [*rows[:2], *rows[3:]]),
        code="evidence.omitted_draw",
        place="records[2].draw",
    ),
    Row(
        name="an omitted draw, the gap closed",
        lie=Lie(records=lambda rows: numbered([*rows[:2], *rows[3:]])),
        code="evidence.omitted_draw",
        place="records[2].item.position",
    ),
    Row(
        name="reordered draws",
        lie=Lie(records=lambda rows: numbered([rows[1], rows[0], *rows[2:]])),
        code="evidence.reordered_draws",
        place="records[0].item.position",
    ),
    Row(
        name="a doubled draw",
        lie=Lie(records=lambda rows: numbered([rows[0], rows[0], *rows[1:]])),
        code="evidence.doubled_draw",
        place="records[1].draw",
    ),
    Row(
        name="a question of no planned category",
        lie=Lie(records=with_item(category="weather")),
        code="evidence.foreign_question",
        place="records[3].item.category",
    ),
    Row(
        name="the transcript of a foreign plan",
        lie=Lie(lines=other_plan),
        code="evidence.foreign_plan",
        place="bundle.plan",
    ),
    Row(
        name="a plan logged after the tester's reveal",
        lie=Lie(order=later("plan", "tester reveal")),
        code="desk.plan_after_reveal",
        place="kh.example/log entry 3",
    ),
    Row(
        name="an application logged after the provider's reveal",
        lie=Lie(order=later("application", "provider reveal")),
        code="desk.plan_after_reveal",
        place="maker.example/log entry 3",
    ),
    Row(
        name="a finding logged before the reveal",
        lie=Lie(order=later("tester reveal", "finding")),
        code="desk.finding_before_reveal",
        place="kh.example/log entry 3",
    ),
    Row(
        name="a nonce that is not the committed one",
        lie=Lie(said={"provider reveal": changed(nonce=OTHER)}),
        code="evidence.nonce",
        place="reveal.provider",
    ),
    Row(
        name="a tester's nonce that is not the committed one",
        lie=Lie(said={"tester reveal": changed(nonce=OTHER)}),
        code="evidence.nonce",
        place="reveal.tester",
    ),
    Row(
        name="another seed than the nonces give",
        lie=Lie(said={"finding": changed(seed=OTHER)}),
        code="evidence.audit",
        place="finding.seed",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_every_bad_input_has_its_named_error(row: Row) -> None:
    """The code says what was done, the place says where, the hint what it means."""
    honest = verify_dossier(from_bytes(forge(row.story)))
    with pytest.raises(VerificationFailed) as refused:
        verify_dossier(from_bytes(forge(row.lie)))

    assert {check.holds for check in honest.checks if check.name != "third"} == {Truth.TRUE}
    assert (refused.value.code, refused.value.place) == (row.code, row.place)
    assert refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_the_verifier_in_one_file_refuses_it_too(row: Row) -> None:
    """Whoever has only the one file is not worse off."""
    assert of_one_file(forge(row.lie)) == "refuted"
    assert of_one_file(forge(row.story)) in {"verified", "open"}
    assert agree(forge(row.lie))


def test_every_named_error_is_in_the_table_of_the_specification() -> None:
    """Who gets an error reads there what was checked, and against what."""
    from pathlib import Path  # noqa: PLC0415 - only this test reads a file

    page = Path(__file__).parents[4] / "docs" / "spec" / "evidence.md"
    table = page.read_text("utf-8").split("## What verification checks")[1]

    assert [row.code for row in ROWS if f"`{row.code}`" not in table] == []


def test_statements_in_another_row_order_are_the_same_file() -> None:
    """Rows are no order in time: only a log's own indices are."""

    def turned(dossier: Any) -> Any:
        return replace(dossier, sheets=dossier.sheets[::-1])

    encoded = forge(Lie(whole=turned))

    assert verify_dossier(from_bytes(encoded)).checks
    assert of_one_file(encoded) == "verified"
