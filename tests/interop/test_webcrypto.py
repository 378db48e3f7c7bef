# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A script on WebCrypto, as a browser has it, checks what a finding rests on."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.federation import Federation, play
from tests.fakes.forgery import NOW, PREDICATE, Lie, _Story, forge
from tests.interop.script import Script

from comity.desk.finding.verification import assemble
from comity.files.dossier import Dossier, Sheet, from_bytes, to_bytes
from comity.kernel.reference import Reference
from comity.ledger.proof import from_bytes as proof_from_bytes


@pytest.fixture(scope="module")
def honest() -> bytes:
    """Return the dossier of one test among three members."""
    return forge()


def written(folder: Path, dossiers: list[bytes]) -> list[Path]:
    """Write dossiers as files."""
    paths = [folder / f"{number}.json" for number in range(len(dossiers))]
    for path, content in zip(paths, dossiers, strict=True):
        path.write_bytes(content)
    return paths


def test_it_verifies_a_dossier(script: Script, honest: bytes, tmp_path: Path) -> None:
    """Signatures, places in logs, cosignatures, questions and transcript all hold."""
    (said,) = script.verdicts(written(tmp_path, [honest]))

    assert said["verdict"] == "verified", said
    assert said["statements"] == len(from_bytes(honest).sheets)
    assert said["asked"] == sum(text.count(b"\n") - 1 for text in from_bytes(honest).bundles)
    assert said["cosigners"] == {
        "kh.example/log": ["br", "maker"],
        "br.example/log": ["kh", "maker"],
        "maker.example/log": ["br", "kh"],
    }


def test_it_verifies_what_real_nodes_publish(script: Script, tmp_path: Path) -> None:
    """Four nodes with logs on disk, each other's witnesses; the provider's does not count."""
    stages = play(tmp_path / "stages")
    assert stages.tested.finding is not None
    with stages.tested.copied(tmp_path / "copy") as federation:
        content = dossier_of(federation, stages.tested.finding)

    (said,) = script.verdicts(written(tmp_path, [content]))

    assert said["verdict"] == "verified", said
    cosigners = said["cosigners"]
    assert isinstance(cosigners, dict)
    assert cosigners["kh.example/log"] == ["br", "sg"]


def dossier_of(federation: Federation, finding: Reference) -> bytes:
    """Put a finding and what it rests on into one file, as the third regulator sees it."""
    gathered = federation.gathered(federation.sg, finding)
    return to_bytes(assemble(federation.sg, gathered))


def test_the_quorum_is_the_readers(script: Script, honest: bytes, tmp_path: Path) -> None:
    """Two others cosigned each log; who asks for three is not served."""
    paths = written(tmp_path, [honest])

    verdicts = [
        script.verdicts(paths, "--quorum", str(number))[0]["verdict"] for number in (1, 2, 3)
    ]

    assert verdicts == ["verified", "verified", "refuted"]


Whole = Callable[[Dossier], Dossier]


def sheets_changed(number: int, change: Callable[[Sheet], Sheet]) -> Whole:
    """Change one sheet of a dossier."""

    def changed(dossier: Dossier) -> Dossier:
        sheets = list(dossier.sheets)
        sheets[number] = change(sheets[number])
        return replace(dossier, sheets=tuple(sheets))

    return changed


def proof_changed(dossier: Dossier, change: Callable[[bytes], bytes]) -> Dossier:
    """Change the checkpoint under which the finding's log is proven, in every proof."""
    sheets = []
    for sheet in dossier.sheets:
        proof = proof_from_bytes(sheet.proof)
        if sheet.reference.log == dossier.finding.log:
            proof = replace(proof, checkpoint=change(proof.checkpoint))
        sheets.append(replace(sheet, proof=proof.encoded))
    return replace(dossier, sheets=tuple(sheets))


def without_line(name: bytes) -> Callable[[bytes], bytes]:
    """Take the signature line of one key out of a checkpoint."""

    def changed(checkpoint: bytes) -> bytes:
        mark = "— ".encode() + name + b" "
        return b"".join(
            line for line in checkpoint.splitlines(keepends=True) if not line.startswith(mark)
        )

    return changed


def _turned(sheet: Sheet) -> Sheet:
    proof = proof_from_bytes(sheet.proof)
    return replace(sheet, proof=replace(proof, path=proof.path[::-1]).encoded)


WHOLES: dict[str, tuple[Whole, str]] = {
    "a statement left out": (
        lambda held: replace(held, sheets=tuple(
            one for one in held.sheets if one.reference != held.finding)), "statements"),
    "a log without its keyset": (
        lambda held: replace(held, sheets=held.sheets[1:]), "statements[0].log"),
    "another entry's proof": (
        lambda held: sheets_changed(2, lambda sheet: replace(
            sheet, proof=held.sheets[1].proof))(held), "statements[2].proof"),
    "another entry's bytes": (
        lambda held: sheets_changed(2, lambda sheet: replace(
            sheet, entry=held.sheets[1].entry))(held), "statements[2].entry"),
    "a path turned round": (
        sheets_changed(1, _turned), "statements[1].proof"),
    "a log that did not sign": (
        lambda held: proof_changed(held, without_line(b"kh.example/log")),
        "statements[0].proof"),
    "a witness too few": (
        lambda held: proof_changed(held, without_line(b"br.example/log/witness")),
        "statements[0].proof"),
    "another size": (
        lambda held: proof_changed(held, lambda note: note.replace(b"\n5\n", b"\n6\n")),
        "statements[0].proof"),
    "no evidence": (lambda held: replace(held, bundles=()), "bundles[0]"),
    "evidence cut short": (
        lambda held: replace(held, bundles=(held.bundles[0][:-1],)), "bundles[0]"),
    "evidence with a line more": (
        lambda held: replace(held, bundles=(held.bundles[0] + b"{}\n",)), "bundles[0]"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLES)
def test_it_says_where_an_altered_file_fails(script: Script, tmp_path: Path, name: str) -> None:
    """Each change beside the same file unchanged, which verifies."""
    change, place = WHOLES[name]

    (said,) = script.verdicts(written(tmp_path, [forge(Lie(whole=change))]))

    assert (said["verdict"], said["place"]) == ("refuted", place), said


@pytest.mark.parametrize("kind", ["keyset", "compromise"])
def test_of_a_member_that_changed_its_keys_it_says_nothing(
    script: Script, tmp_path: Path, kind: str
) -> None:
    """It does not read what comes after the first keyset, and says so."""
    story = _Story(Lie())
    keyset = story.forger.keysets["br"]
    predicate = {"issued": NOW, "sequence": 1}
    story.forger.log("br", story.forger.entry("br", kind, predicate, keyset.digest))

    (said,) = script.verdicts(written(tmp_path, [story.dossier()]))

    assert said == {"verdict": "open", "message": f"a later {kind}"}


def item_changed(part: str, value: object) -> Lie:
    """Tell of one question something else than was committed, and sign that."""

    def change(records: list[PREDICATE]) -> list[PREDICATE]:
        record = records[3]
        changed = {**record, "item": {**record["item"], part: value}}
        return [*records[:3], changed, *records[4:]]

    return Lie(records=change)


def salted(records: list[PREDICATE]) -> list[PREDICATE]:
    """Tell another salt."""
    return [*records[:3], {**records[3], "salt": "00" * 32}, *records[4:]]


def led_elsewhere(records: list[PREDICATE]) -> list[PREDICATE]:
    """Tell another path."""
    path = records[3]["path"]
    return [*records[:3], {**records[3], "path": [*path[:-1], "00" * 32]}, *records[4:]]


def as_passed(lines: list[bytes]) -> list[bytes]:
    """Change an outcome after the transcript was chained."""
    row = next(n for n, line in enumerate(lines) if b'"passed":false' in line)
    changed = lines[row].replace(b'"passed":false', b'"passed":true')
    return [*lines[:row], changed, *lines[row + 1 :]]


LIES: dict[str, tuple[Lie, str]] = {
    "another prompt": (item_changed("prompt", "say nothing"), "records[3].item"),
    "another reference answer": (item_changed("reference", "not that"), "records[3].item"),
    "another scorer": (item_changed("scorer", "contains/1"), "records[3].item"),
    "another place": (item_changed("position", 79), "records[3].item"),
    "another category": (item_changed("category", "rescue2"), "records[3].item"),
    "another salt": (Lie(records=salted), "records[3].item"),
    "another path": (Lie(records=led_elsewhere), "records[3].item"),
    "an outcome changed later": (Lie(lines=as_passed), "bundles[0]"),
    "a record left out": (Lie(lines=lambda lines: [*lines[:5], *lines[6:]]), "bundles[0]"),
    "counts that are not those": (
        Lie(said={"finding": lambda said: {**said, "results": [
            {**one, "asked": one["asked"] + 1} for one in said["results"]]}}),
        "finding.results"),
    "another bank": (
        Lie(said={"bank": lambda said: {**said, "root": "00" * 32}}), "plan.bank_root"),
    "another transcript": (
        Lie(said={"finding": lambda said: {**said, "transcript": "00" * 32}}), "bundles[0]"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_a_member_that_lies_under_its_own_keys_is_refuted(
    script: Script, tmp_path: Path, name: str
) -> None:
    """Signatures and proofs hold, whatever a member says; the bank's root does not bend."""
    lie, place = LIES[name]

    (said,) = script.verdicts(written(tmp_path, [forge(lie)]))

    assert (said["verdict"], said["place"]) == ("refuted", place), said


def damaged(content: bytes) -> Iterator[bytes]:
    """Yield the file with one bit changed, here and there."""
    dice = random.Random(11)  # noqa: S311 - the same places on every run
    for at in range(0, len(content), max(1, len(content) // 150)):
        yield content[:at] + bytes([content[at] ^ 1 << dice.randrange(7)]) + content[at + 1 :]


def test_no_flipped_bit_passes(script: Script, honest: bytes, tmp_path: Path) -> None:
    """Wherever the file changes, it no longer verifies."""
    copies = list(damaged(honest))

    verdicts = script.verdicts(written(tmp_path, copies))

    assert len(copies) >= 150
    assert [row for row, said in enumerate(verdicts) if said["verdict"] == "verified"] == []


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 2_000, b'{"dossier":1.5}'])
def test_what_is_no_dossier_is_no_verdict(
    script: Script, tmp_path: Path, content: bytes
) -> None:
    """Neither verified nor refuted."""
    (said,) = script.verdicts(written(tmp_path, [content]))

    assert said["verdict"] == "unreadable"


def test_texts_in_every_script_are_canonical_for_both(script: Script, tmp_path: Path) -> None:
    """JavaScript and Python write one JSON: quotes, controls, Khmer, emoji, line separators."""
    answer = 'say "\\" \x1f \x7f \u2028 \ufeff ស្ថានភាព 🌊 é /'

    def told(records: list[PREDICATE]) -> list[PREDICATE]:
        return [{**record, "answer": answer} for record in records]

    (said,) = script.verdicts(written(tmp_path, [forge(Lie(records=told))]))

    assert said["verdict"] == "verified", said
