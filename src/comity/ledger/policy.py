# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whom a reader trusts, as one file: known logs, known witnesses, and the quorum.

Source:
    C2SP tlog-policy (June 2026). Narrowed here: at most 1 MiB, 4,096 lines and 256 each of
    logs, witnesses and groups; a name is shown with what is not UTF-8 in it escaped, and
    compared by its bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument
from comity.ledger.gate import Gate, Part
from comity.ledger.note import NoteKey

NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLog:
    """A log whose checkpoints are accepted."""

    key: NoteKey
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWitness:
    """A witness, by the name it has within the file."""

    name: str
    key: NoteKey
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyGroup:
    """At least so many of its members, each a witness or a group further up.

    Args:
        needed: None for "all".
    """

    name: str
    needed: int | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPolicy:
    """A policy without faults.

    Args:
        quorum: The name of a witness or a group, or "none".
    """

    quorum: str
    logs: tuple[PolicyLog, ...] = ()
    witnesses: tuple[PolicyWitness, ...] = ()
    groups: tuple[PolicyGroup, ...] = ()


def to_rule(policy: TrustPolicy, voices: Mapping[str, str]) -> Part | None:
    """Return the quorum as a tree over voices, or None where no cosignature is asked for.

    A voice that has several witness lines speaks once: its first line stands for all its
    keys, the others leave their groups, whose numbers stay.

    Args:
        voices: Whose each witness is, by its name in the policy; left out, its own.
    """
    if policy.quorum == NONE:
        return None
    parts: dict[str, Part | None] = {}
    heard: set[str] = set()
    for witness in policy.witnesses:
        voice = voices.get(witness.name, witness.name)
        parts[witness.name] = None if voice in heard else voice
        heard.add(voice)
    for group in policy.groups:
        found = [parts[name] for name in group.members]
        inner = tuple(one for one in found if one is not None)
        parts[group.name] = _gate(group.needed, inner)
    return parts[policy.quorum] or Gate(needed=1, parts=())


def _gate(needed: int | None, parts: tuple[Part, ...]) -> Part | None:
    """Return a group as a rule; one that a single part meets is that part."""
    if len(parts) == 1 and needed in {None, 1}:
        return parts[0]
    return Gate(needed=needed, parts=parts) if parts else None


def to_text(policy: TrustPolicy, *, notes: tuple[str, ...] = ()) -> str:
    """Write a policy as its file.

    Args:
        notes: Lines of comment to stand at the top.
    """
    logs = (("log", one.key.vkey, one.url) for one in policy.logs)
    witnesses = (("witness", one.name, one.key.vkey, one.url) for one in policy.witnesses)
    lines = [f"# {note}".rstrip() for note in notes]
    lines += [" ".join(filter(None, items)) for items in (*logs, *witnesses)]
    for group in policy.groups:
        needed = "all" if group.needed is None else str(group.needed)
        lines.append(" ".join(("group", group.name, needed, *group.members)))
    lines.append(f"quorum {policy.quorum}")
    return "".join(f"{line}\n" for line in lines)


def refused(faults: list[Fault]) -> InvalidDocument:
    """Return the error that lists every fault of a policy."""
    return InvalidDocument(
        "not a trust policy",
        code="ledger.policy",
        hint="lines are: log VKEY [URL], witness NAME VKEY [URL], "
        "group NAME all|any|NUMBER NAME..., quorum NAME",
        faults=faults,
    )
