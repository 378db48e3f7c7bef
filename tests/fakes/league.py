# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Thirteen members on a bad network, some of whom tell two stories and cosign anything.

Logs, witnesses, gathering of cosignatures and following are the real ones; storage,
network and time are made up, so that a seed replays a whole history.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import combinations, compress
from pathlib import Path

from tests.fakes.power import FOR_EVER, Medium

from comity.errors import Conflict, PeerFailed, VerificationFailed
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import from_posix, from_rfc3339, to_posix
from comity.kernel.merkle import leaf_hash, root_of
from comity.ledger.cosignature import cosign
from comity.ledger.envelope import sign_payload
from comity.ledger.fork import from_bytes as fork_from_bytes
from comity.ledger.fork import verify_fork
from comity.ledger.keyset import Keyset, to_statement
from comity.ledger.note import NoteKey, NoteSignature
from comity.ledger.note import from_bytes as note_from_bytes
from comity.ledger.quorum import Quorum
from comity.ledger.quorum import Witness as Counted
from comity.ledger.redaction import Erased, to_redacted
from comity.ledger.statement import PAYLOAD_TYPE, to_payload
from comity.ledger.tile import from_bundle
from comity.node.following.follow import Trust, follow
from comity.node.keys.keys import Keys, generate
from comity.node.logs.log import PUBLIC, Log
from comity.node.logs.mirror import Mirror
from comity.node.witness.gather import Request, ask
from comity.node.witness.witness import Witness

MEMBERS = 13
NOW = from_rfc3339("2026-11-21T19:19:24Z")


def least_safe(lying_witnesses: int) -> int:
    """Return the fewest cosignatures that no split view passes: 2k > n + f.

    Each log has twelve witnesses, its owner being none.
    """
    return (MEMBERS - 1 + lying_witnesses) // 2 + 1


@dataclass(slots=True, kw_only=True)
class Story:
    """One history a member tells, and the cosignatures it has gathered for its newest size."""

    log: Log
    medium: Medium
    newest: Request | None = None
    past: list[bytes] = field(default_factory=list)
    signatures: list[NoteSignature] = field(default_factory=list)

    def grow(self, dice: random.Random) -> None:
        """Append something nobody else has, and sign a checkpoint over it."""
        self.log.append([dice.randbytes(12) for _ in range(dice.randint(1, 3))])
        checkpoint, note, tree = self.log.prepare()
        self.newest = Request(note=note, size=checkpoint.size, tree=tree)
        self.signatures = []

    def publish(self) -> None:
        """Put the newest checkpoint out with what was gathered for it."""
        if self.newest is not None:
            with suppress(Conflict):
                note = self.log.publish(self.newest.note.with_signatures(self.signatures))
                self.past.append(note.encoded)

    def root(self, size: int) -> Digest | None:
        """Return the root this history has at a size, or None beyond its end."""
        if size > self.log.size:
            return None
        return root_of(map(leaf_hash, self.log.entries(0, size)))


@dataclass(slots=True, kw_only=True)
class Member:
    """One member: what it tells, what it witnesses, what it follows.

    Args:
        sides: By member that tells two stories, which of them this one is shown.
        counted: By member, every checkpoint followed that met the quorum.
        forked: Members whose own signatures convict them in this one's eyes.
        wronged: Refusals of members that told but one story.
    """

    name: str
    keys: Keys
    keyset: Keyset
    stories: list[Story]
    witness: Witness
    desk: Medium
    sides: dict[MemberId, int] = field(default_factory=dict)
    counted: dict[MemberId, set[tuple[int, Digest]]] = field(default_factory=dict)
    forked: set[MemberId] = field(default_factory=set)
    wronged: list[str] = field(default_factory=list)

    @property
    def is_liar(self) -> bool:
        """Tell whether it signs two histories."""
        return len(self.stories) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What one member reaches of another, for once: a request, or the files of one story."""

    league: "League"
    member: Member
    story: Story

    @property
    def name(self) -> str:
        """Return who answers."""
        return self.member.name

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:  # noqa: ARG002 - the protocol's
        """Ask for a cosignature; the question or the answer may be lost."""
        self.league.maybe_lose(self)
        if self.member.is_liar:
            note = note_from_bytes(body.partition(b"\n\n")[2])
            when = from_posix(to_posix(NOW) - self.league.dice.choice([0, 0, 86_400 * 365]))
            status, answer = 200, cosign(note, self.member.keys.witness, when).line.encode()
        else:
            found = self.member.witness.add_checkpoint(body, NOW)
            status, answer = found.status, found.body
        self.league.maybe_lose(self)
        return status, answer

    def read(self, path: str, *, limit: int) -> bytes:  # noqa: ARG002 - the protocol's
        """Read a public file."""
        self.league.maybe_lose(self)
        content = self.story.medium.read(PUBLIC + path)
        if (
            self.member.is_liar
            and not self.league.is_healed
            and self.league.dice.random() < 0.1
        ):
            return self._spoilt(path, content)
        return content

    def _spoilt(self, path: str, content: bytes) -> bytes:
        """Withhold a file, show an older checkpoint, or erase and change entries in secret."""
        dice = self.league.dice
        if dice.random() < 0.3:
            raise PeerFailed("kept back", code="node.peer", peer=self.name)
        if path == "checkpoint":
            return dice.choice([content, *self.story.past])
        if not path.startswith("tile/entries/") or not content:
            return content
        at = dice.randrange(len(content))
        if dice.random() < 0.5:
            return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        entries = from_bundle(content)
        gone = dice.randrange(len(entries))
        mark = Erased.of(Digest(dice.randbytes(32)))
        return to_redacted([*entries[:gone], mark, *entries[gone + 1 :]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One member's mirror of another's log, as a third reads it."""

    medium: Medium
    folder: str

    @property
    def name(self) -> str:
        """Return where it stands."""
        return self.folder

    def read(self, path: str, *, limit: int) -> bytes:  # noqa: ARG002 - the protocol's
        """Read a file of it."""
        return self.medium.read(self.folder + path)

    def post(self, path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Take no letters."""
        raise PeerFailed(f"{path}, {len(body)}, {limit}", code="node.peer", peer=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A request to cosign on its way; letters overtake each other."""

    story: Story
    request: Request
    to: Member


class League:
    """Members of whom some lie, and the network between them.

    Args:
        liars: How many tell two stories and cosign whatever they are asked to.
        counts_when: How many cosignatures everyone's quorum asks for.
    """

    def __init__(self, seed: int, *, liars: int, counts_when: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - replayable, not secret
        self.loss = self.dice.uniform(0, 0.3)
        self.is_healed = False
        self.cut: frozenset[str] = frozenset()
        self.letters: list[Letter] = []
        self.members = [self._found(number, number < liars) for number in range(MEMBERS)]
        witnesses = tuple(
            Counted(member=one.keyset.member, key=one.keyset.witness_key)
            for one in self.members
        )
        self.quorum = Quorum(witnesses=witnesses, counts_when=counts_when)
        self._split()

    @property
    def honest(self) -> list[Member]:
        """Return the members that tell one story."""
        return [one for one in self.members if not one.is_liar]

    @property
    def liars(self) -> list[Member]:
        """Return the members that tell two stories."""
        return [one for one in self.members if one.is_liar]

    def play(self, rounds: int) -> None:
        """Let time pass on a network that loses, reorders, repeats and partitions."""
        for _ in range(rounds):
            names = [one.name for one in self.members]
            lonely = self.dice.sample(names, self.dice.choice([0, 0, 1, 3]))
            self.cut = frozenset(lonely)
            self._round(growth=0.5)

    def heal(self) -> None:
        """Let the network work, so that everyone hears of everyone."""
        self.is_healed, self.cut = True, frozenset()
        for _ in range(2):
            self._round(growth=0)

    def meet(self, liar: Member) -> Iterator[tuple[bool, bytes | None]]:
        """Let honest members who hold a liar's log read each other's copies of it.

        Yields:
            For each pair: whether what they held contradicts, and the evidence found.
        """
        member = liar.keyset.member
        holders = [one for one in self.honest if Mirror(one.desk, member).size]
        for one, other in combinations(holders, 2):
            is_split = self._told(liar, one) != self._told(liar, other)
            is_split = is_split and None not in (self._told(liar, one), self._told(liar, other))
            found: bytes | None = None
            for reader, lender in ((one, other), (other, one)):
                copy = Copy(medium=lender.desk, folder=f"peers/{member}/")
                trust = Trust(member=member, log_key=liar.keyset.log_key, quorum=self.quorum)
                try:
                    follow(copy, Mirror(reader.desk, member), trust, NOW)
                except VerificationFailed as error:
                    if error.code == "ledger.fork":
                        found = self._newest_evidence(reader, liar)
            yield is_split, found

    def _told(self, liar: Member, reader: Member) -> int | None:
        """Return which story a reader's copy can only be of, None where it is of both."""
        held = Mirror(reader.desk, liar.keyset.member).find_checkpoint()
        if held is None:
            return None
        one, other = (
            s.root(held.checkpoint.size) == held.checkpoint.root for s in liar.stories
        )
        return None if one == other else int(other)

    def _newest_evidence(self, reader: Member, liar: Member) -> bytes | None:
        for name in reader.desk.names("evidence"):
            encoded = reader.desk.read(name)
            smaller, _ = verify_fork(fork_from_bytes(encoded))
            if smaller.origin == liar.keyset.origin:
                return encoded
        return None

    def close(self) -> None:
        """Close the witnesses' databases."""
        for member in self.members:
            member.witness.close()

    def maybe_lose(self, wire: Wire) -> None:
        """Lose a message now and then, and every one across a partition."""
        if self.is_healed:
            return
        if wire.member.name in self.cut or self.dice.random() < self.loss:
            raise PeerFailed("lost on its way", code="node.peer", peer=wire.name)

    def contradictions(self) -> int:
        """Count the members of whom honest followers counted two stories."""
        return sum(self._is_split(owner) for owner in self.members)

    def _is_split(self, owner: Member) -> bool:
        told: set[int] = set()
        for size, root in self._counted(owner):
            tellers = [
                number for number, story in enumerate(owner.stories) if story.root(size) == root
            ]
            assert tellers, "a checkpoint counted that its owner never told"
            if len(tellers) == 1:
                told.update(tellers)
        return owner.is_liar and len(told) > 1

    def _counted(self, owner: Member) -> set[tuple[int, Digest]]:
        every = [one.counted.get(owner.keyset.member, set()) for one in self.honest]
        return set().union(*every)

    def _found(self, number: int, is_liar: bool) -> Member:  # noqa: FBT001 - its one trait
        keys = generate(Origin(f"m{number}.example/log"), self.dice.randbytes)
        keyset = keys.to_keyset(
            name=f"m{number}", role="regulator", jurisdiction="KHM", example=True, issued=NOW
        )
        first = sign_payload(to_payload(to_statement(keyset)), PAYLOAD_TYPE, [keys.statement])
        medium = self._medium()
        past = [
            first,
            *(self._false_rotations(keyset) if is_liar else ()),
            *(self.dice.randbytes(12) for _ in range(self.dice.randint(0, 3))),
        ]
        Log(medium, keys.log).append(past)
        mediums = [medium]
        if is_liar:
            mediums.append(self._medium(medium.cached))
        return Member(
            name=keyset.name,
            keys=keys,
            keyset=keyset,
            stories=[Story(log=Log(one, keys.log), medium=one) for one in mediums],
            witness=Witness(Path(":memory:"), [keys.witness], self._find_log),
            desk=self._medium(),
        )

    def _false_rotations(self, keyset: Keyset) -> Iterator[bytes]:
        """Yield keysets nobody announced, signed by themselves."""
        keys = generate(keyset.origin, self.dice.randbytes)
        other = keys.to_keyset(
            name="another", role="regulator", jurisdiction="KHM", example=True, issued=NOW
        )
        for sequence in (0, 1):
            said = to_statement(replace(other, sequence=sequence))
            yield sign_payload(to_payload(said), PAYLOAD_TYPE, [keys.statement])

    def _medium(self, content: Mapping[str, bytes] | None = None) -> Medium:
        medium = Medium(self.dice, steps_left=FOR_EVER)
        medium.cached = dict(content or {})
        return medium

    def _find_log(self, origin: Origin, _size: int) -> tuple[NoteKey, ...]:
        keys = (one.keyset.log_key for one in self.members)
        return tuple(key for key in keys if key.name == origin)

    def _split(self) -> None:
        """Let each liar divide the honest members between its stories as evenly as it can."""
        for liar in self.members:
            if liar.is_liar:
                order = self.dice.sample(self.honest, len(self.honest))
                for place, member in enumerate(order):
                    member.sides[liar.keyset.member] = place % 2

    def _round(self, *, growth: float) -> None:
        for owner in self._shuffled(self.members):
            for story in owner.stories:
                if self.dice.random() < growth or story.newest is None:
                    story.grow(self.dice)
                self._post(owner, story)
        self._deliver()
        for owner in self.members:
            for story in owner.stories:
                story.publish()
        for reader in self._shuffled(self.honest):
            for owner in self._shuffled(self.members):
                if owner is not reader:
                    self._follow(reader, owner)

    def _shuffled(self, members: list[Member]) -> list[Member]:
        return self.dice.sample(members, len(members))

    def _post(self, owner: Member, story: Story) -> None:
        assert story.newest is not None
        for member in self.members:
            if member is not owner and self._is_told(owner, story, member):
                letter = Letter(story=story, request=story.newest, to=member)
                self.letters += [letter] * self.dice.choice([1, 1, 2])

    def _is_told(self, owner: Member, story: Story, member: Member) -> bool:
        """A liar asks each honest witness for one story, and now and then for the other."""
        side = member.sides.get(owner.keyset.member)
        if side is None or owner.stories.index(story) == side:
            return True
        return self.dice.random() < 0.1

    def _deliver(self) -> None:
        """Deliver most of what is on its way, in any order; the rest stays on its way."""
        self.dice.shuffle(self.letters)
        share = 1.0 if self.is_healed else 0.7
        arriving = [self.dice.random() < share for _ in self.letters]
        now = list(compress(self.letters, arriving))
        self.letters = [one for one, at in zip(self.letters, arriving, strict=True) if not at]
        for letter in now:
            wire = Wire(league=self, member=letter.to, story=letter.story)
            asked = ask(wire, (letter.to.keyset.witness_key,), letter.request)
            if letter.request is letter.story.newest:
                letter.story.signatures.extend(asked.signatures)

    def _follow(self, reader: Member, owner: Member) -> None:
        member = owner.keyset.member
        side = reader.sides.get(member, 0)
        if owner.is_liar and self.dice.random() < 0.03:
            side = 1 - side
        wire = Wire(league=self, member=owner, story=owner.stories[side])
        trust = Trust(member=member, log_key=owner.keyset.log_key, quorum=self.quorum)
        mirror = Mirror(reader.desk, member)
        try:
            followed = follow(wire, mirror, trust, NOW)
        except PeerFailed:
            return
        except VerificationFailed as error:
            if owner.is_liar:
                self._check_evidence(reader, owner, error)
            else:
                reader.wronged.append(str(error))
            return
        if followed.tally.is_met:
            held = mirror.find_counted()
            assert held is not None
            found = (held.checkpoint.size, held.checkpoint.root)
            reader.counted.setdefault(member, set()).add(found)

    def _check_evidence(self, reader: Member, owner: Member, error: VerificationFailed) -> None:
        if error.code != "ledger.fork":
            return
        reader.forked.add(owner.keyset.member)
        for name in reader.desk.names("evidence"):
            smaller, _ = verify_fork(fork_from_bytes(reader.desk.read(name)))
            assert smaller.origin in _origins(self.members, is_liar=True)


def _origins(members: Iterable[Member], *, is_liar: bool) -> set[Origin]:
    return {one.keyset.origin for one in members if one.is_liar is is_liar}
