# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

"""States that speak of instruments in their own logs: heard, set aside, and adopted from."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.pair import NOW, PASSPHRASE, befriend, found, say, sync

from comity.council.instrument.act import Basis, Deed
from comity.council.instrument.difference import Stands
from comity.council.instrument.standing import Standing
from comity.council.instrument.statement import (
    SOFT,
    StatedAct,
    StatedAdoption,
    StatedDifference,
)
from comity.desk.case.afterwards import withdraw
from comity.desk.council.instrument.adopting import adopted_in
from comity.desk.council.instrument.instrument import instrument_sheet, listed, pair_in
from comity.desk.council.instrument.saying import (
    get_pack,
    heard_by,
    own_act,
    say_act,
    say_adoption,
    say_difference,
)
from comity.desk.law.duties import library
from comity.errors import InvalidDocument, NotFound
from comity.kernel.canonical import Json
from comity.kernel.truth import Truth
from comity.node.node import Node

ON = dt.date(2026, 12, 1)
RATIFIES = StatedAct(instrument="waico", deed=Deed.RATIFICATION, on=ON)
AGENTS = "soft.waico.chair.agents"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Found two states' nodes that follow each other, once."""
    folder = tmp_path_factory.mktemp("states")
    kh, la = found(folder, "kh"), found(folder, "la", "LAO")
    befriend(kh, la)
    befriend(la, kh)
    sync(kh, la)
    kh.close()
    la.close()
    return folder


@pytest.fixture
def states(founded: Path, tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    """Return both, as they were founded."""
    folder = tmp_path / "states"
    shutil.copytree(founded, folder)
    for name in ("kh", "la"):
        settings = folder / name / "node.toml"
        settings.write_text(
            settings.read_text("utf-8").replace(str(founded), str(folder)), "utf-8"
        )
    kh, la = (Node.open(folder / name, PASSPHRASE) for name in ("kh", "la"))
    yield kh, la
    kh.close()
    la.close()


def ratify(node: Node, on: dt.date = ON) -> None:
    """Let a state ratify."""
    said = StatedAct(instrument="waico", deed=Deed.RATIFICATION, on=on)
    say_act(node, said, even_so=False, now=NOW)


def test_what_a_state_says_in_its_log_is_heard_by_who_follows_it(
    states: tuple[Node, Node],
) -> None:
    """Shown as its own statement, beside the record."""
    kh, la = states
    ratify(la)
    sync(la, kh)
    sheet = instrument_sheet("waico", ON, heard_by(kh))
    row = next(row for row in sheet.status.members if row.state == "LAO")
    assert row.standing is Standing.CONTRACTING
    assert row.consented is not None
    assert row.consented.ground.basis is Basis.STATEMENT
    assert row.consented.ground.source == "la.example/log entry 1"
    assert "nothing here vouches for the name" in row.consented.ground.note
    assert [act.ground.basis for act in row.acts] == [Basis.SECONDARY, Basis.STATEMENT]


def test_without_a_node_only_the_record_is_asked() -> None:
    """Nobody has consented there."""
    assert len(instrument_sheet("waico", ON).status.of(Standing.SIGNATORY)) == 37
    assert [sheet.status.instrument.slug for sheet in listed(ON)][-1] == "waico"


def test_an_act_that_makes_no_sense_is_refused_with_the_reason(
    states: tuple[Node, Node],
) -> None:
    """Unless its author insists; then it is shown as flagged."""
    kh, _ = states
    ratify(kh)
    size = kh.view().members()[0].size
    again = StatedAct(instrument="waico", deed=Deed.RATIFICATION, on=dt.date(2026, 12, 9))
    with pytest.raises(InvalidDocument, match="of 2026-12-01 stands already"):
        say_act(kh, again, even_so=False, now=NOW)
    assert kh.view().members()[0].size == size

    spoken = say_act(kh, again, even_so=True, now=NOW)
    assert len(spoken.cautions) == 1
    sheet = instrument_sheet("waico", dt.date(2027, 1, 1), heard_by(kh))
    assert [one.code for one in sheet.status.anomalies] == ["twice"]


def test_a_doubt_is_told_to_the_author(states: tuple[Node, Node]) -> None:
    """Whether one may accede to WAICO is not known; one is told before the world is."""
    kh, _ = states
    accedes = StatedAct(instrument="waico", deed=Deed.ACCESSION, on=ON)
    spoken = say_act(kh, accedes, even_so=False, now=NOW)
    assert spoken.cautions == (
        "in doubt: whether a state becomes bound by accession is not known",
    )
    entered = instrument_sheet("waico", ON, heard_by(kh)).status.in_force
    assert entered.truth is Truth.UNDETERMINED


def test_nobody_speaks_for_another_state(states: tuple[Node, Node]) -> None:
    """Neither through the desk, nor by hand: the latter is set aside and shown."""
    kh, _ = states
    other = StatedAct(instrument="waico", deed=Deed.RATIFICATION, on=ON, state="LAO")
    with pytest.raises(InvalidDocument, match="cannot speak for LAO"):
        say_act(kh, other, even_so=True, now=NOW)

    say(kh, "instrument-act", {"issued": "2026-11-22T08:00:00Z", **other.to_predicate()})
    say(kh, "instrument-act", {"instrument": "waico", "act": "ratify"})
    sheet = instrument_sheet("waico", ON, heard_by(kh))
    assert sheet.status.of(Standing.CONTRACTING) == ()
    assert [one.place for one in sheet.asides] == [
        "kh.example/log entry 1", "kh.example/log entry 2",
    ]  # fmt: skip
    assert "is of KHM and speaks for LAO" in sheet.asides[0].says


def test_who_floods_an_instrument_is_heard_so_far_and_no_further(
    states: tuple[Node, Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One member's log must not cost every reader an hour."""
    monkeypatch.setattr("comity.desk.council.instrument.instrument.MAX_STATEMENTS", 2)
    kh, _ = states
    for day in (1, 2, 3, 4):
        said = StatedAct(instrument="waico", deed=Deed.SIGNATURE, on=dt.date(2026, 9, day))
        plain = {"issued": "2026-11-22T08:00:00Z", **said.to_predicate()}
        say(kh, "instrument-act", plain)
    heard = heard_by(kh)
    assert [act.on.day for act in heard.acts["waico"]] == [1, 2]
    assert [one.place for one in heard.asides["waico"]] == ["kh.example/log entry 3"]


def test_a_difference_shows_in_the_matrix(states: tuple[Node, Node]) -> None:
    """With its words and its place."""
    kh, _ = states
    said = StatedDifference(
        instrument="waico", provision=AGENTS, stands=Stands.DIFFERS, since=ON, text="Only some."
    )
    say_difference(kh, said, now=NOW)
    matrix = instrument_sheet("waico", ON, heard_by(kh)).status.matrix
    assert (matrix.states, matrix.provisions) == (("KHM",), (AGENTS,))
    assert matrix.cells[0][0].text == "Only some."


@pytest.mark.parametrize(
    ("instrument", "provision", "near"),
    [
        ("waico", "soft.waico.chair.agent", AGENTS),
        ("soft.waico", "soft.waico.char.agents", AGENTS),
        ("cets-225", "88", "8"),
    ],
)
def test_a_difference_to_nothing_is_refused(
    states: tuple[Node, Node], instrument: str, provision: str, near: str
) -> None:
    """With the provision that was meant."""
    said = StatedDifference(
        instrument=instrument, provision=provision, stands=Stands.COMPLIES, since=ON
    )
    with pytest.raises(NotFound) as refused:
        say_difference(states[0], said, now=NOW)
    assert f"{near!r}" in refused.value.hint or near in refused.value.hint


def adopt(node: Node, market: str = "KHM", **more: str) -> None:
    """Let a member adopt the shipped pack through WAICO."""
    pack = get_pack("soft.waico")
    said = StatedAdoption(
        pack=pack.name, version=pack.version.isoformat(), market=market, since=ON,
        act=own_act(node, "waico", on=ON), through=more.get("through", "waico"),
        force=more.get("force", "binding"),
    )  # fmt: skip
    say_adoption(node, said, now=NOW)


def test_an_adoption_carries_what_its_author_holds_apart(states: tuple[Node, Node]) -> None:
    """Its reservations and its newest differences; another's concern it not."""
    kh, la = states
    ratify(kh)
    for node, text in ((kh, "Only some."), (la, "None.")):
        said = StatedDifference(
            instrument="waico", provision=AGENTS, stands=Stands.DIFFERS, since=ON, text=text
        )
        say_difference(node, said, now=NOW)
    reserved = StatedAct(
        instrument="waico", deed=Deed.RESERVATION, on=ON, provisions=("soft.waico.speech",)
    )
    say_act(kh, reserved, even_so=False, now=NOW)
    adopt(kh)
    sync(la, kh)

    (adoption,) = adopted_in(kh, library()).adoptions
    assert (adoption.market, adoption.since, adoption.is_binding) == ("KHM", ON, True)
    assert "through waico on 2026-12-01, statement kh.example/log#4" in adoption.because
    assert [(one.provision, one.is_reserved, one.text) for one in adoption.apart] == [
        ("soft.waico.speech", True, ""), (AGENTS, False, "Only some."),
    ]  # fmt: skip
    assert "waico is not shown to bind KHM on that day" in adoption.caution


def test_a_reservation_taken_back_or_never_good_leaves_the_norm(
    states: tuple[Node, Node],
) -> None:
    """One withdrawn, one made after the consent: neither holds anything apart."""
    kh, _ = states
    ratify(kh)
    for deed, day, name in (
        (Deed.RESERVATION, ON, "soft.waico.speech"),
        (Deed.RESERVATION_WITHDRAWN, dt.date(2026, 12, 5), "soft.waico.speech"),
        (Deed.RESERVATION, dt.date(2026, 12, 5), AGENTS),
    ):
        said = StatedAct(instrument="waico", deed=deed, on=day, provisions=(name,))
        say_act(kh, said, even_so=True, now=NOW)
    adopt(kh)
    (adoption,) = adopted_in(kh, library()).adoptions
    assert adoption.apart == ()


def test_a_difference_taken_back_by_complying_is_gone(states: tuple[Node, Node]) -> None:
    """What was stated last counts."""
    kh, _ = states
    for day, stands in ((ON, Stands.DIFFERS), (dt.date(2027, 1, 1), Stands.COMPLIES)):
        said = StatedDifference(
            instrument="waico", provision=AGENTS, stands=stands, since=day, text="Only some."
        )
        say_difference(kh, said, now=NOW)
    adopt(kh, force=SOFT)
    (adoption,) = adopted_in(kh, library()).adoptions
    assert (adoption.apart, adoption.is_binding) == ((), False)


def test_only_a_state_adopts_for_its_own_market(states: tuple[Node, Node]) -> None:
    """Through the desk it is refused; by hand it is set aside."""
    kh, _ = states
    with pytest.raises(InvalidDocument, match="adopts nothing for LAO"):
        adopt(kh, market="LAO")
    with pytest.raises(NotFound, match="no instrument is called"):
        adopt(kh, through="nowhere")

    plain: dict[str, Json] = {
        "issued": "2026-11-22T08:00:00Z", "pack": "soft.waico", "version": "1",
        "from": "2027-01-01", "market": "LAO", "instrument": None, "note": "",
    }  # fmt: skip
    say(kh, "pack-adoption", plain)
    say(kh, "pack-adoption", plain | {"market": "KHM"})
    say(kh, "pack-adoption", {"pack": "soft.waico"})
    seen = adopted_in(kh, library())
    assert seen.adoptions == ()
    assert [said.split(": ", 1)[1] for said in seen.asides] == [
        "said by kh of KHM, and LAO adopts for itself",
        "another version was adopted (1) than is held (2026-11-22)",
        "not an adoption of a pack",
    ]


def test_no_provider_speaks_for_the_state_it_sits_in(tmp_path: Path) -> None:
    """Else a company's log would make norms bind its regulator's market."""
    lab = found(tmp_path, "lab", role="provider")
    with pytest.raises(InvalidDocument, match="only a regulator speaks"):
        ratify(lab)
    with pytest.raises(InvalidDocument, match="only a regulator speaks"):
        adopt(lab)
    pack = get_pack("soft.waico")
    plain: dict[str, Json] = {
        "issued": "2026-11-22T08:00:00Z", "pack": pack.name, "market": "KHM",
        "version": pack.version.isoformat(), "from": "2027-01-01", "instrument": None,
        "note": "",
    }  # fmt: skip
    say(lab, "pack-adoption", plain)
    ratifies = RATIFIES.to_predicate()
    say(lab, "instrument-act", {"issued": "2026-11-22T08:00:00Z", **ratifies})
    seen, sheet = adopted_in(lab, library()), instrument_sheet("waico", ON, heard_by(lab))
    lab.close()

    assert seen.adoptions == ()
    assert seen.asides[0].endswith("said by lab, no regulator, and KHM adopts for itself")
    assert sheet.asides[0].says == "lab is no regulator, and speaks for no state"
    assert sheet.status.of(Standing.CONTRACTING) == ()


def test_only_the_bound_are_compared() -> None:
    """With the reason for each of the two."""
    sheet = instrument_sheet("iaea-statute", dt.date(1958, 1, 1))
    assert pair_in(sheet, "CHE", "GTM").states == ("CHE", "GTM")
    with pytest.raises(InvalidDocument) as refused:
        pair_in(sheet, "KHM", "CAX")
    assert [str(fault) for fault in refused.value.faults] == [
        "KHM is not bound on 1958-01-01: has done nothing",
        "CAX is not bound on 1958-01-01: has done nothing",
    ]
    with pytest.raises(InvalidDocument, match="named twice"):
        pair_in(sheet, "CHE", "CHE")


def test_a_pack_nobody_holds_has_a_near_miss() -> None:
    """And one who holds it gets it."""
    with pytest.raises(NotFound) as refused:
        get_pack("soft.wiaco")
    assert "soft.waico" in refused.value.hint


def test_what_is_withdrawn_is_set_aside(states: tuple[Node, Node]) -> None:
    """An act and an adoption said by mistake count for nothing, and are shown as that."""
    kh, _ = states
    ratify(kh)
    adopt(kh)
    for entry in [*kh.view().entries("instrument-act"), *kh.view().entries("pack-adoption")]:
        withdraw(kh, entry.reference, "A slip.", now=NOW)

    sheet = instrument_sheet("waico", ON, heard_by(kh))
    assert sheet.status.of(Standing.CONTRACTING) == ()
    assert [one.says for one in sheet.asides] == ["withdrawn at kh.example/log entry 3"]
    seen = adopted_in(kh, library())
    assert seen.adoptions == ()
    assert "withdrawn at kh.example/log entry 4" in seen.asides[0]
