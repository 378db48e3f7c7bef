# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Two small members on one disk with a stick and a backup, and verbs that change all of it."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.pair import NOW, befriend, found, say, sync

from comity.desk.log.secret import keep_blob
from comity.kernel.digest import Digest
from comity.kernel.ids import Origin
from comity.ledger.checkpoint import Checkpoint, from_text
from comity.ledger.commitment import Access, AccessClass
from comity.ledger.keyset import KEYSET_TYPE
from comity.ledger.note import from_bytes
from comity.ledger.reading import read_entry
from comity.ledger.redaction import is_erased
from comity.node.care.backup import back_up
from comity.node.care.fsck import check_node
from comity.node.carry import Loading, load
from comity.node.disk.journal import read_frames
from comity.node.disk.record import Record
from comity.node.disk.storage import Disk
from comity.node.logs.log import CHECKPOINT, JOURNAL, LAST, RESTORED
from comity.node.secrets.blob import Blobs

MENDABLE = (
    "a torn group; the next append cuts it off",
    "a torn slot; the next append writes it anew",
    "both slots are torn; the next append writes it",
    "was left half-written by a killed process",
    "it is rebuilt when it is next opened",
    "`comity node reindex` rebuilds it",
    "`comity blob erase` removes the rest",
)
"""What a check may name after a refusal: each says what mends it."""

ERASED = ("--class", "secret", "--basis", "a rest of it")
GONE = 3
"""The entry of kh that is taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One run of the command line that changes something.

    Args:
        words: What is typed; {} stands for the folder of all.
        is_done: Whether the work is there, whole.
        again: What it may refuse with when the work was done already.
    """

    words: str
    is_done: Callable[[Path], bool]
    again: str = ""

    def typed(self, folder: Path) -> list[str]:
        """Return the words for a folder."""
        words = (word.replace("{}", str(folder)) for word in self.words.split())
        return [word.replace("~", " ") for word in words]


def entries_of(node: Path) -> list[bytes]:
    """Return what a node's journal holds."""
    frames = read_frames(Disk(node), JOURNAL, 0)
    return [entry for frame in frames for entry in frame.entries]


def checkpoints_under(folder: Path) -> Iterator[Checkpoint]:
    """Yield every checkpoint that stands signed anywhere: published, recorded, mirrored."""
    for path in sorted(folder.glob("[!.]*/**/*")):
        if path.name in {"checkpoint", "counted"} and path.is_file():
            yield _checkpoint(path.read_bytes())
        if path.match(f"*/{LAST}"):
            disk = Disk(path.parents[1])
            if (encoded := Record(disk, LAST).read()) is not None:
                yield _checkpoint(encoded)


def roots_under(folder: Path) -> dict[tuple[Origin, int], Digest]:
    """Return every root shown, by log and size.

    Raises:
        AssertionError: Two of them contradict.
    """
    found: dict[tuple[Origin, int], Digest] = {}
    for one in checkpoints_under(folder):
        assert found.setdefault((one.origin, one.size), one.root) == one.root, one
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Harbour:
    """Two members as they were before, and where a verb works on a copy of them."""

    base: Path
    work: Path

    @staticmethod
    def build(folder: Path) -> "Harbour":
        """Found them below a folder."""
        found = Harbour(base=folder / "base", work=folder / "work")
        furnish(found.work)  # where they will be: peers name each other's folders
        found.work.rename(found.base)
        return found

    def renew(self) -> None:
        """Put everything back as it was."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.base, self.work)

    def problems(self) -> list[str]:
        """Return what is wrong with any node, in words."""
        nodes = sorted(path.parent for path in self.work.glob("[!.]*/node.toml"))
        found = (one for node in nodes for one in check_node(node).problems)
        return [f"{one.place}: {one.message}" for one in found]

    def check(
        self,
        verb: Verb,
        said: str,
        play: Callable[[list[str]], tuple[int, str]],
        *,
        is_done: bool,
    ) -> None:
        """Check what an interrupted verb left, run it again, and check what that came to.

        Args:
            said: What to say where something is wrong.
            play: Runs the command line; returns its exit code and its errors.
            is_done: Whether the verb said that it had succeeded.
        """
        for problem in self.problems():
            assert problem.endswith(MENDABLE), f"{said}\n{problem}"
        shown = roots_under(self.work)
        if is_done:
            assert verb.is_done(self.work), said
        code, err = play(verb.typed(self.work))
        if verb.again and verb.again in err:
            assert code == 2, err
        else:
            assert code == 0, f"{said}\nagain: {err}"
        assert verb.is_done(self.work), f"{said}\nagain, it was not done"
        for node in sorted({path.parent for path in self.work.glob("[!.]*/node.toml")}):
            for rest in check_node(node).problems:
                if rest.place.startswith("blobs/"):
                    name = rest.place.rpartition("/")[2]
                    play(["blob", "erase", name, *ERASED, "--node", str(node)])
            play(["node", "fsck", str(node), "--repair"])
        left = [one for one in self.problems() if "the next append" not in one]
        assert left == [], f"{said}\nleft: {left}"
        for place, root in roots_under(self.work).items():
            assert shown.setdefault(place, root) == root, said


def furnish(folder: Path) -> None:
    """Found two members with statements, a blob, a mirror, a stick, a backup and files."""
    folder.mkdir()
    kh, br = found(folder, "kh"), found(folder, "br")
    befriend(kh, br)
    befriend(br, kh)
    content = b"the inspector's notes"
    access = Access(kind=AccessClass.NAMED, readers=frozenset([br.member]))
    made = keep_blob(kh, content, media="text/plain", access=access, salts=bytes)
    say(kh, "note", {"number": 1})
    say(kh, "incident-draft", {"details": made.to_json()})
    say(kh, "note", {"number": 2, "name": "somebody"})
    say(kh, "note", {"number": 3})
    sync(kh, br)
    back_up(folder / "kh", folder / "copy", NOW)
    say(kh, "note", {"number": 4})
    kh.publish(NOW)
    load(kh, Disk(folder / "stick"), Loading(), NOW)
    _ = kh.view(), br.view()
    said = {"predicateType": "note", "subject": [], "predicate": {"number": 7}}
    (folder / "note.json").write_text(json.dumps(said), "utf-8")
    (folder / "notes.bin").write_bytes(bytes(range(256)) * 1024)
    kh.close()
    br.close()


def verbs() -> dict[str, Verb]:
    """Return the verbs that write, by name."""
    why = "--class personal~data --basis Article~17"
    return {
        "init": Verb(
            words="node init {}/sg --name sg --role regulator --jurisdiction SGP "
            "--origin sg.example/log --example",
            is_done=lambda at: len(entries_of(at / "sg")) == 1,
            again="is not empty",
        ),
        "publish": Verb(
            words="publish {}/note.json --node {}/kh", is_done=lambda at: _has(at, "number", 7)
        ),
        "follow": Verb(
            words="node follow {}/br --no-seen",
            is_done=lambda at: _mirrored(at) == _published(at / "kh").size,
        ),
        "redact": Verb(
            words=f"node redact {{}}/kh kh.example/log#{GONE} {why}",
            is_done=lambda at: is_erased(entries_of(at / "kh")[GONE]) and _is_public(at / "kh"),
        ),
        "erase": Verb(
            words=f"blob erase kh.example/log#2 {why} --node {{}}/kh",
            is_done=lambda at: _kept(at / "kh") == 0 and _is_public(at / "kh"),
        ),
        "keep": Verb(
            words="blob keep {}/notes.bin --access sealed --to br --node {}/kh",
            is_done=lambda at: _kept(at / "kh") >= 2,
        ),
        "seal": Verb(
            words="blob seal {}/notes.bin --to br --node {}/kh --out {}/notes.sealed",
            is_done=lambda at: (at / "notes.sealed").stat().st_size > 256 * 1024,
            again="is there already",
        ),
        "conceal": Verb(
            words="blob conceal {}/note.json --field number --node {}/kh",
            is_done=lambda at: _is_public(at / "kh"),
        ),
        "rotate": Verb(
            words="identity rotate --node {}/kh",
            is_done=lambda at: _count(at, KEYSET_TYPE) >= 2 and _is_public(at / "kh"),
        ),
        "compromise": Verb(
            words="identity compromise --keys witness --last-good 1 --reason stolen "
            "--node {}/kh",
            is_done=lambda at: _is_public(at / "kh"),
        ),
        "backup": Verb(
            words="node backup {}/kh {}/copy", is_done=lambda at: _backed_up(at) == 6
        ),
        "restore": Verb(
            words="node restore {}/copy {}/kh2",
            is_done=lambda at: (at / "kh2" / RESTORED).is_file(),
            again="is not empty",
        ),
        "export": Verb(
            words="node export {}/kh {}/new-stick",
            is_done=lambda at: any((at / "new-stick").rglob("checkpoint")),
        ),
        "import": Verb(
            words="node import {}/br {}/stick",
            is_done=lambda at: _mirrored(at) == _published(at / "kh").size,
        ),
        "reindex": Verb(words="node reindex {}/kh", is_done=lambda _: True),
        "endorse": Verb(
            words="identity endorse kh --checked by~telephone --node {}/br",
            is_done=lambda at: _is_public(at / "br"),
        ),
    }  # fmt: skip


def _checkpoint(encoded: bytes) -> Checkpoint:
    return from_text(from_bytes(encoded).text)


def _published(node: Path) -> Checkpoint:
    return _checkpoint((node / CHECKPOINT).read_bytes())


def _is_public(node: Path) -> bool:
    return _published(node).size == len(entries_of(node))


def _mirrored(at: Path) -> int:
    (folder,) = (at / "br/peers").iterdir()
    return _checkpoint((folder / "checkpoint").read_bytes()).size


def _count(at: Path, kind: str) -> int:
    said = (read_entry(entry, None).statement for entry in entries_of(at / "kh"))
    return sum(one is not None and one.predicate_type == kind for one in said)


def _has(at: Path, name: str, value: object) -> bool:
    said = (read_entry(entry, None).statement for entry in entries_of(at / "kh"))
    return any(one is not None and one.predicate.get(name) == value for one in said)


def _kept(node: Path) -> int:
    return sum(1 for _ in Blobs(Disk(node)).kept.names())


def _backed_up(at: Path) -> int:
    return int(json.loads((at / "copy/manifest.json").read_bytes())["size"])
