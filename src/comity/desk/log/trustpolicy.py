# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Write a node's trust policy: its peers, under the quorum that docs/spec/trust.md derives."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.desk.log.trusting import Reader, Weaker, jurisdictions, names_of, reader_at, weaker
from comity.errors import ComityError, Conflict, Fault, InvalidDocument
from comity.kernel.ids import MemberId
from comity.ledger.gate import without
from comity.ledger.identity import Identity
from comity.ledger.note import NoteKey
from comity.ledger.policy import PolicyGroup, PolicyWitness, TrustPolicy, to_rule, to_text
from comity.ledger.split import Strength, strength_of
from comity.node.care.audit import read_identity
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.member import config as settings
from comity.node.member.config import Config
from comity.node.member.peerblock import rewrite
from comity.node.views.trust import TrustKeeper

POLICY = "trust.policy"
_QUORUM = "quorum-of-witnesses"
_BLOC = re.compile(r"([A-Za-z0-9._-]{1,40})=([A-Z]{3}(?:,[A-Z]{3})*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A policy that was written.

    Args:
        weakest: What it withstands for the log for which it withstands least.
        weaker: The logs for which it withstands less than what stood before.
    """

    path: Path
    policy: TrustPolicy
    weakest: Strength
    weaker: tuple[Weaker, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    member: MemberId
    name: str
    keys: tuple[NoteKey, ...]
    jurisdiction: str


def default_threshold(eligible: int) -> int:
    """Return how many of so many witnesses must have cosigned, at the least.

    Source:
        k = 1 + floor(2n/3): no split view passes while k witnesses are honest.
    """
    return 1 + 2 * eligible // 3


def read_blocs(texts: Iterable[str]) -> dict[str, str]:
    """Read blocs such as "asean=KHM,VNM,THA" as the bloc of each jurisdiction.

    Raises:
        InvalidDocument: With every fault.
    """
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for text in texts:
        match = _BLOC.fullmatch(text)
        if match is None:
            faults.append(Fault(message=f"{text[:60]!r} is no bloc: write asean=KHM,VNM"))
            continue
        faults += [
            Fault(message=f"{code} is in {found[code]} and in {match[1]}")
            for code in match[2].split(",")
            if found.setdefault(code, match[1]) != match[1]
        ]
    if faults:
        raise InvalidDocument("no blocs", code="desk.blocs", faults=faults)
    return found


def write_policy(
    folder: Path, *, needed: int | None, blocs: Mapping[str, str], replace: bool
) -> Written:
    """Write a node's policy beside its settings, and name it in them.

    Args:
        needed: How many must have cosigned; None for the default.
        blocs: The bloc of each jurisdiction; empty to count members, not blocs.

    Raises:
        Conflict: There is a policy already.
        InvalidDocument: Nobody is there to count, or fewer than are needed.
    """
    disk = Disk(folder.absolute())
    content = disk.read(settings.FILE)
    config = settings.from_toml(content)
    if disk.length(POLICY) and not replace:
        raise Conflict(
            f"{folder / POLICY} is there already",
            code="desk.policy_exists",
            hint="look at it with comity trust show; --replace writes a new one over it",
        )
    before = _stood(folder)
    own = read_identity(FolderSource(disk.folder / "public"))
    voices = _voices(disk, config, own)
    logs = (own.member, *(peer.member for peer in config.peers))
    policy = _by_bloc(voices, blocs) if blocs else _by_number(voices, logs, needed)
    weakest = _weakest(policy, voices, logs)
    disk.replace(POLICY, to_text(policy, notes=_notes(voices, weakest)).encode())
    if config.policy != POLICY:
        rewrite(disk, _named)
    less = () if before is None else weaker(before, reader_at(folder))
    return Written(path=folder / POLICY, policy=policy, weakest=weakest, weaker=less)


def _named(content: bytes) -> bytes:
    """Return node.toml with the policy named in it, and no other."""
    lines = content.decode().splitlines(keepends=True)
    kept = [line for line in lines if not re.match(r"\s*policy\s*=", line)]
    return f'policy = "{POLICY}"\n{"".join(kept)}'.encode()


def _stood(folder: Path) -> Reader | None:
    """Return the rule that stands before anything is written; None where it has faults."""
    try:
        return reader_at(folder)
    except ComityError:
        return None


def _voices(disk: Disk, config: Config, own: Identity) -> tuple[_Voice, ...]:
    keeper, places = TrustKeeper(disk), jurisdictions(disk, config, own)
    keys = {
        peer.member: keeper.keys_of(peer)
        for peer in config.peers
        if peer.witness_key is not None
    }
    if config.counts_self:
        keys[own.member] = own.keyset.witness_keys
    names = names_of(config, own, keys)
    taken: set[str] = set()
    found: list[_Voice] = []
    for member, known in keys.items():
        name = _slug(names[member], taken)
        place = places.get(member, "")
        found.append(_Voice(member=member, name=name, keys=known, jurisdiction=place))
    if not found:
        raise InvalidDocument(
            "nobody's cosignatures can count here",
            code="desk.no_witness",
            hint="comity node peer NODE ADDRESS writes down a peer that counts",
            faults=[Fault(message=f"no peer in {settings.FILE} has a witness key")],
        )
    return tuple(found)


def _slug(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^\w.-]+", "-", name).strip("-") or "witness"
    slug, count = base, 1
    while slug in taken or slug in {"none", _QUORUM}:
        count += 1
        slug = f"{base}-{count}"
    taken.update((slug, f"{slug}-either", f"{slug}-mldsa"))
    return slug


def _by_number(
    voices: Sequence[_Voice], logs: Iterable[MemberId], needed: int | None
) -> TrustPolicy:
    members = {one.member for one in voices}
    eligible = [len(members - {owner}) for owner in logs]
    usual = max(1, min(default_threshold(max(eligible)), *eligible))
    threshold = usual if needed is None else needed
    if not 1 <= threshold <= len(voices):
        message = f"{threshold} of {len(voices)} witnesses can never have cosigned"
        raise InvalidDocument(message, code="desk.threshold", faults=[Fault(message=message)])
    witnesses, groups, names = _lines(voices)
    top = PolicyGroup(name=_QUORUM, needed=threshold, members=tuple(names.values()))
    return TrustPolicy(quorum=_QUORUM, witnesses=witnesses, groups=(*groups, top))


def _by_bloc(voices: Sequence[_Voice], blocs: Mapping[str, str]) -> TrustPolicy:
    witnesses, groups, names = _lines(voices)
    inside: dict[str, list[str]] = {}
    for voice in voices:
        bloc = blocs.get(voice.jurisdiction, voice.jurisdiction or "elsewhere")
        inside.setdefault(bloc, []).append(names[voice.member])
    made = [
        PolicyGroup(name=f"bloc-{bloc}", needed=_majority(len(of)), members=tuple(of))
        for bloc, of in inside.items()
    ]
    threshold = None if len(made) <= 3 else default_threshold(len(made))
    top = PolicyGroup(name=_QUORUM, needed=threshold, members=tuple(one.name for one in made))
    return TrustPolicy(quorum=_QUORUM, witnesses=witnesses, groups=(*groups, *made, top))


def _majority(count: int) -> int:
    """Return a majority that can be had when one of them owns the log."""
    return max(1, min(count // 2 + 1, count - 1))


def _lines(
    voices: Sequence[_Voice],
) -> tuple[tuple[PolicyWitness, ...], tuple[PolicyGroup, ...], dict[MemberId, str]]:
    """Write each member as one witness, or as a group that any of its keys meets."""
    witnesses: list[PolicyWitness] = []
    groups: list[PolicyGroup] = []
    names: dict[MemberId, str] = {}
    for voice in voices:
        own = [voice.name] + [
            f"{voice.name}-mldsa" if number == 1 else f"{voice.name}-key-{number + 1}"
            for number in range(1, len(voice.keys))
        ]
        pairs = zip(own, voice.keys, strict=True)
        witnesses += [PolicyWitness(name=name, key=key) for name, key in pairs]
        names[voice.member] = voice.name
        if len(own) > 1:
            names[voice.member] = f"{voice.name}-either"
            groups.append(
                PolicyGroup(name=f"{voice.name}-either", needed=1, members=tuple(own))
            )
    return tuple(witnesses), tuple(groups), names


def _weakest(
    policy: TrustPolicy, voices: Sequence[_Voice], logs: Iterable[MemberId]
) -> Strength:
    owner_of = {key.public: voice.member for voice in voices for key in voice.keys}
    rule = to_rule(policy, {one.name: owner_of[one.key.public] for one in policy.witnesses})
    found = [strength_of(None if rule is None else without(rule, {log})) for log in logs]
    return min(found, key=lambda one: one.both)


def _notes(voices: Sequence[_Voice], weakest: Strength) -> tuple[str, ...]:
    least = f"Of the {weakest.witnesses} for the log it guards least, {weakest.both} may fail."
    places = ", ".join(f"{one.name} {one.jurisdiction or '?'}" for one in voices)
    return (
        "Whose cosignatures make a checkpoint count (C2SP tlog-policy).",
        "A member never counts for its own log: it is taken out first, the numbers stay.",
        least,
        f"Written by comity trust policy for {places}.",
    )
