# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Say whose cosignatures count at a node, what that withstands, and where two readers part."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.errors import ComityError, NotFound, StorageFailed
from comity.kernel.ids import MemberId, Origin
from comity.ledger.gate import Gate, Part, names_in
from comity.ledger.identity import Identity
from comity.ledger.policyfile import MAX_BYTES
from comity.ledger.quorum import Quorum, eligible, rule_of
from comity.ledger.split import Split, Strength, find_split, passes_by_formula, strength_of
from comity.node.care.audit import read_identity
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.logs.mirror import Mirror
from comity.node.member import config as settings
from comity.node.member.config import Config
from comity.node.views.trust import TrustKeeper, read_policy, to_quorum, voice_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who counts cosignatures by a rule of their own.

    Args:
        name: Where the rule was read.
        quorum: The rule.
        names: What each member is called there.
        logs: Whose logs are followed there, by member, the own one included.
        owners: Whose each known witness key is.
        is_policy: Whether a tlog-policy states the rule.
    """

    name: str
    quorum: Quorum
    names: Mapping[str, str]
    logs: Mapping[MemberId, Origin]
    owners: Mapping[bytes, MemberId]
    is_policy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a reader's rule asks for one log, its owner taken out.

    Args:
        rule: None where nobody is left who counts, or nobody is asked for.
    """

    owner: MemberId
    origin: Origin
    rule: Part | None
    strength: Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Where two readers can be shown two stories.

    Args:
        split: With the fewest colluders; None where a rule can never be met or the search
            is too large.
        by_formula: How many may lie by the formula for two plain numbers; None where a rule
            is none.
    """

    shared: tuple[str, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    split: Split | None
    by_formula: int | None

    @property
    def safe(self) -> int | None:
        """Return how many of the shared witnesses may lie and both still see one story.

        -1 where no liar is needed at all.
        """
        return None if self.split is None else len(self.split.colluders) - 1


def reader_at(place: Path, known: Mapping[bytes, MemberId] | None = None) -> Reader:
    """Read the rule of a node's folder, or a policy file; no passphrase is needed.

    Args:
        known: Whose keys are, where a bare policy does not say.

    Raises:
        InvalidDocument: The settings or the policy have faults, all of them listed.
        NotFound: There is neither.
    """
    if (place / settings.FILE).is_file():
        return _node_at(place)
    content = _read(place)
    owners = dict(known or {})
    policy = read_policy(content, str(place))
    quorum = to_quorum(policy, owners)
    names: dict[str, str] = {}
    for one in policy.witnesses:
        names.setdefault(voice_of(one.key, owners), one.name)
    return Reader(
        name=str(place), quorum=quorum, names=names, logs={}, owners=owners, is_policy=True
    )


def rulings(reader: Reader) -> tuple[Ruling, ...]:
    """Return what the rule asks for each log that is followed."""
    found: list[Ruling] = []
    for owner, origin in reader.logs.items():
        rule = rule_of(reader.quorum, owner=owner)
        strength = strength_of(rule)
        found.append(Ruling(owner=owner, origin=origin, rule=rule, strength=strength))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weaker:
    """A log for which a new rule withstands less than the one before it."""

    name: str
    before: Strength
    after: Strength


def weaker(before: Reader, after: Reader) -> tuple[Weaker, ...]:
    """Return the logs for which a node's rule asks for less than it did, or withstands less."""
    was = {one.owner: one.strength for one in rulings(before)}
    return tuple(
        Weaker(
            name=after.names.get(one.owner, one.owner),
            before=was[one.owner],
            after=one.strength,
        )
        for one in rulings(after)
        if one.owner in was and _is_less(one.strength, was[one.owner])
    )


def _is_less(after: Strength, before: Strength) -> bool:
    """Tell whether fewer liars, or fewer cosignatures, do, and no more members may fail.

    To need five of seven instead of all is no less: two may then be away. That no checkpoint
    counts at all is no less either.
    """
    if after.needed is None or after.lying is None:
        return False
    if before.needed is None or before.lying is None:
        return True
    needs_fewer = after.lying < before.lying or after.needed < before.needed
    return needs_fewer and after.both <= before.both


def who_counts(reader: Reader) -> tuple[str, ...]:
    """Return the names of those whose cosignatures may count for a log of another."""
    rule = rule_of(reader.quorum)
    named = frozenset[str]() if rule is None else names_in(rule)
    counted = (one.member for one in eligible(reader.quorum, owner=None))
    return tuple(reader.names.get(member, member) for member in counted if member in named)


def compare(first: Reader, second: Reader, owner: MemberId | None = None) -> Comparison:
    """Say up to how many liars two readers of one log still see one story.

    Args:
        owner: Whose log it is; it counts for neither.
    """
    one, other = (rule_of(reader.quorum, owner=owner) for reader in (first, second))
    left, right = (frozenset() if rule is None else names_in(rule) for rule in (one, other))
    split = None if one is None or other is None else find_split(one, other)
    return Comparison(
        shared=tuple(sorted(left & right)),
        only_first=tuple(sorted(left - right)),
        only_second=tuple(sorted(right - left)),
        split=split,
        by_formula=_by_formula(one, other),
    )


def find_owner(readers: Iterable[Reader], name: str) -> MemberId:
    """Return whose log a name, a member id or an origin means to one of some readers.

    Raises:
        NotFound: To none of them.
    """
    known: list[str] = []
    for reader in readers:
        for member, origin in reader.logs.items():
            if name in {member, origin, reader.names.get(member)}:
                return member
            known.append(reader.names.get(member, member))
    raise NotFound(
        f"neither of them follows a log called {name!r}",
        code="desk.trust_log",
        hint=f"known are: {', '.join(dict.fromkeys(known)) or 'none'}",
    )


def _by_formula(one: Part | None, other: Part | None) -> int | None:
    gates = [_plain(rule) for rule in (one, other)]
    if gates[0] is None or gates[1] is None:
        return None
    first, second = gates[0], gates[1]
    for lying in range(len(names_in(first) & names_in(second)) + 1):
        if passes_by_formula(first, second, lying):
            return lying - 1
    return len(names_in(first) & names_in(second))


def _plain(rule: Part | None) -> Gate | None:
    if isinstance(rule, str):
        return Gate(needed=1, parts=(rule,))
    is_plain = rule is not None and all(isinstance(part, str) for part in rule.parts)
    return rule if is_plain else None


def _node_at(folder: Path) -> Reader:
    disk = Disk(folder.absolute())
    config = settings.from_toml(disk.read(settings.FILE))
    own = read_identity(FolderSource(disk.folder / "public"))
    keeper = TrustKeeper(disk)
    keys = own.keyset.witness_keys
    return Reader(
        name=str(folder),
        quorum=keeper.quorum(config, own, keys),
        names=names_of(config, own, keeper.owners(config, own, keys).values()),
        logs={own.member: own.origin}
        | {peer.member: Origin(peer.log_key.name) for peer in config.peers},
        owners=keeper.owners(config, own, keys),
        is_policy=bool(config.policy),
    )


def names_of(config: Config, own: Identity, members: Iterable[str]) -> dict[str, str]:
    """Return what each member is called at a node."""
    found = {member: member for member in members}
    found |= {peer.member: peer.name for peer in config.peers}
    return found | {own.member: own.keyset.name}


def jurisdictions(disk: Disk, config: Config, own: Identity) -> dict[MemberId, str]:
    """Return where each member says it is, as far as its log has been read."""
    found = {own.member: own.keyset.jurisdiction}
    for peer in config.peers:
        mirror = Mirror(disk, peer.member)
        try:
            found[peer.member] = mirror.read_identity().keyset.jurisdiction
        except ComityError:
            continue
    return found


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        if isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError):
            raise NotFound(
                f"neither a node nor a trust policy stands at {path}",
                code="desk.trust_place",
                hint="give a node's folder, or a file such as kh/trust.policy",
            ) from None
        raise StorageFailed(f"cannot read {path}: {error.strerror}", code="desk.file") from None
