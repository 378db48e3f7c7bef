# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bodies on disk: `packs/bodies/*.toml`, or the user's own, with their tables of weights."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from comity.council.body.body import Basis, Body, Grounds
from comity.council.rule.floor import Weights
from comity.errors import NotFound
from comity.files.pack import SHIPPED
from comity.files.shipped import find_path, named_instead, shipped_paths
from comity.files.table import Table, open_table, settle
from comity.files.weighttable import MOST_DIGITS, read_weights
from comity.kernel.alike import copies, look_of
from comity.law.cursor import near_miss

BODIES = SHIPPED / "bodies"
"""The bodies that come with Comity; each says where its list comes from."""

MAX_MEMBERS = 2000
MAX_NEAR = 100
"""Faults for which a near name is sought; whoever made more has not mistyped."""

MOST_WEIGHT = 10**MOST_DIGITS
_BASES = tuple(basis.value for basis in Basis)


def shipped_bodies() -> tuple[Body, ...]:
    """Return the bodies that come with Comity, by slug."""
    return tuple(read_body(path) for path in shipped_paths(BODIES))


def get_body(name: str) -> Body:
    """Return a shipped body by its slug, or one's own by its file.

    Raises:
        NotFound: No body is called so and no file is there (code `files.no_body`).
        InvalidDocument: The file has faults; all are listed.
    """
    path = find_path(name, BODIES)
    if path is None:
        message, hint = f"no body is called {name[:60]!r}", named_instead(name, BODIES)
        raise NotFound(message, code="files.no_body", hint=hint)
    return read_body(path)


def get_weights(name: str) -> Weights:
    """Return a shipped table of weights by its name, or one's own by its file.

    Raises:
        NotFound: No table is called so and no file is there (code `files.no_weight_table`).
        InvalidDocument: The file has faults; all are listed.
    """
    shipped = {path.stem: path for path in BODIES.glob("*.csv")}
    if name not in shipped and ("\x00" in name or Path(name).suffix != ".csv"):
        raise NotFound(
            f"no table of weights is called {name[:60]!r}",
            code="files.no_weight_table",
            hint=f"there are {', '.join(sorted(shipped))}; or give a .csv file of your own",
        )
    return read_weights(shipped.get(name) or Path(name))


def read_body(path: Path) -> Body:
    """Read a body.

    Raises:
        NotFound: No such file (code `files.no_body`).
        InvalidDocument: Any fault in it; all are listed with their places (`files.body`).
    """
    table = open_table(path, "body")
    grounds = _grounds(table)
    members = _members(table)
    groups = dict(_groups(table, members))
    body = Body(
        slug=path.stem,
        title=table.text("title"),
        members=members,
        groups={name: frozenset(found) for name, (found, _) in groups.items()},
        weights=dict(_weights(table, members, path.parent)),
        cautions=table.texts("cautions"),
        cautions_on=_cautions_on(table),
        source=grounds.source,
        basis=grounds.basis,
        group_grounds={name: found for name, (_, found) in groups.items()},
        names=_names(table, members),
    )
    _disjoint(table, body.groups)
    table.finish()
    settle(table, "body")
    return body


def _cautions_on(table: Table) -> dict[str, str]:
    section = table.inner("cautions_on")
    return {} if section is None else {name: section.text(name) for name in section.row}


def _names(table: Table, members: tuple[str, ...]) -> dict[str, str]:
    section = table.inner("names")
    if section is None:
        return {}
    for member in section.row:
        if member not in members:
            near = near_miss(member, members)
            section.fault(member, f"{member!r} is no member of the body", near)
    return {member: section.text(member) for member in section.row}


def _grounds(table: Table) -> Grounds:
    word = table.word("basis", _BASES)
    basis = Basis(word) if word in _BASES else Basis.WEAK
    return Grounds(source=table.text("source"), basis=basis)


def _members(table: Table) -> tuple[str, ...]:
    members = table.texts("members")
    if not 1 <= len(members) <= MAX_MEMBERS:
        table.fault("members", f"a body has 1 to {MAX_MEMBERS:,} members")
    for member in members[:MAX_MEMBERS]:
        if not look_of(member):
            table.fault("members", f"{member!r} shows nothing that can be read")
    for place, said in copies(members[:MAX_MEMBERS]):
        table.fault("members", f"{members[place]!r} {said}")
    return tuple(dict.fromkeys(members[:MAX_MEMBERS]))


def _groups(
    table: Table, members: tuple[str, ...]
) -> Iterator[tuple[str, tuple[tuple[str, ...], Grounds]]]:
    section = table.inner("groups")
    if section is None:
        return
    listed = frozenset(members)
    for name, group in section.inners():
        if not all(part.strip() for part in name.partition(":")[::2]):
            section.fault(name, f"write a group as family:name, not {name!r}")
        grounds = _grounds(group)
        found = group.texts("members")
        if not found:
            group.fault("members", f"group {name!r} has nobody")
        for member in found:
            if member not in listed:
                near = near_miss(member, members) if len(table.faults) < MAX_NEAR else None
                group.fault("members", f"{member!r} is no member of the body", near)
        group.finish()
        yield name, (found, grounds)


def _disjoint(table: Table, groups: Mapping[str, frozenset[str]]) -> None:
    held: dict[tuple[str, str], str] = {}
    for name, members in groups.items():
        family = name.partition(":")[0]
        both: dict[str, list[str]] = defaultdict(list)
        for member in sorted(members):
            other = held.setdefault((family, member), name)
            if other != name:
                both[other].append(member)
        for other, shared in both.items():
            message = f"{', '.join(shared)} in both {other!r} and {name!r}"
            table.faults.append(table.toml.fault(("groups", name), message))


def _weights(
    table: Table, members: tuple[str, ...], folder: Path
) -> Iterator[tuple[str, Weights]]:
    section = table.inner("weights")
    if section is None:
        return
    for name, inner in section.inners():
        known, unit, source = _known_weights(inner, folder)
        missing = [member for member in members if member not in known]
        if missing:
            inner.fault("values", f"no {name} is given for {', '.join(missing)}")
        for member in sorted(known):
            if known[member] >= MOST_WEIGHT:
                inner.fault(
                    "values", f"{name} of {member!r} has more than {MOST_DIGITS} digits"
                )
        inner.finish()
        values = {member: known.get(member, 0) for member in members}
        yield name, Weights(name=name, unit=unit, source=source, values=values)


def _known_weights(inner: Table, folder: Path) -> tuple[Mapping[str, int], str, str]:
    shipped, own = inner.text("table", default=""), inner.text("file", default="")
    if not shipped and not own:
        return inner.wholes("values"), inner.text("unit"), _told(inner)
    path = BODIES / f"{shipped}.csv" if shipped else folder / own
    read = read_weights(path)
    besides = inner.inner("besides")
    if besides is None:
        return read.values, read.unit, read.source
    source = f"{read.source}; {_told(besides)}"
    values = {**read.values, **besides.wholes("values")}
    besides.finish()
    return values, read.unit, source


def _told(table: Table) -> str:
    grounds = _grounds(table)
    return f"{grounds.source} ({grounds.basis.value})"
