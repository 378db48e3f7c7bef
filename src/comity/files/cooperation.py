# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Offers, needs and projects on disk: `packs/cooperation/*.toml`, or one's own."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from comity.errors import InvalidDocument
from comity.exposure.cooperate.matter import Matter, Need, Offer, Project, Weights
from comity.exposure.cooperate.statement import faults_of_offer, flaws_in
from comity.exposure.cooperate.word import KINDS, TERMS, is_target, is_word
from comity.files.materials.row import BASES, material_of
from comity.files.pack import SHIPPED
from comity.files.table import Table, open_table, settle
from comity.files.toml import Path as TomlPath
from comity.kernel.digest import Digest, from_hex
from comity.kernel.localtext import LocalText
from comity.kernel.material import Material
from comity.law.cursor import near_miss
from comity.law.market import BODIES, EUROPEAN_UNION, STATES, is_market

RECORDS = SHIPPED / "cooperation"
"""What is publicly known to be offered and done, each with source and basis."""

PROFILES = SHIPPED.parent / "demo" / "examples"
"""The profiles of the demonstration projects, among the examples that come with Comity."""

_NO_DIGEST = Digest(bytes(32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Who says so, and how well it is known.

    Args:
        id: Names the row in its file.
        by: A state's code, or an organization's name; "" in a file for one's own log.
        status: Where it stands, such as "pledged".
        basis: One of `BASES`; "" where the author speaks for himself.
        unverified: What nobody could verify; such a row is paired with nobody.
        unknown: What is not known of it.
        rows: Rows of the facts.
    """

    id: str
    by: str = ""
    status: str = ""
    source: str = ""
    basis: str = ""
    unverified: str = ""
    unknown: str = ""
    rows: tuple[str, ...] = ()

    @property
    def seat(self) -> str:
        """Return the state that `by` names, or "" where it names none."""
        return self.by if self.by in STATES or self.by == EUROPEAN_UNION else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """An offer in a file."""

    offer: Offer
    ground: Ground
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """A need in a file."""

    need: Need
    ground: Ground
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow:
    """A project in a file.

    Args:
        profile: The shipped profile of its system; "" where it has none.
        inventory: The shipped record of what it rests on; "" where there is none.
    """

    project: Project
    ground: Ground
    place: str
    profile: str = ""
    inventory: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What files of cooperation hold."""

    offers: tuple[OfferRow, ...] = ()
    needs: tuple[NeedRow, ...] = ()
    projects: tuple[ProjectRow, ...] = ()

    def joined(self, other: "Folder") -> "Folder":
        """Return what both hold."""
        return Folder(
            offers=(*self.offers, *other.offers),
            needs=(*self.needs, *other.needs),
            projects=(*self.projects, *other.projects),
        )


def shipped_records() -> Folder:
    """Return the public records that come with Comity, file by file."""
    found = Folder()
    for path in sorted(RECORDS.glob("*.toml")):
        found = found.joined(read_cooperation(path))
    return found


def read_cooperation(path: Path) -> Folder:
    """Read a file of offers, needs and projects: [[offer]], [[need]] and [[project]] tables.

    Raises:
        NotFound: No such file (`files.no_cooperation`).
        InvalidDocument: Any fault in it, all with line and column (`files.cooperation`).
    """
    table = open_table(path, "cooperation")
    is_example = table.flag("example")
    folder = Folder(
        offers=tuple(
            _offer(row, path.name, is_example=is_example) for row in table.tables("offer")
        ),
        needs=tuple(
            _need(row, path.name, is_example=is_example) for row in table.tables("need")
        ),
        projects=tuple(
            _project(row, path.name, is_example=is_example) for row in table.tables("project")
        ),
    )
    if not table.row:
        table.fault("", "it lists nothing: write [[offer]], [[need]] or [[project]]")
    _unique(table, folder)
    table.finish()
    settle(table, "cooperation")
    return folder


_Row: TypeAlias = OfferRow | NeedRow | ProjectRow


def _unique(table: Table, folder: Folder) -> None:
    kinds: dict[str, tuple[_Row, ...]] = {
        "offer": folder.offers, "need": folder.needs, "project": folder.projects,
    }  # fmt: skip
    for kind, rows in kinds.items():
        seen: set[str] = set()
        for place, row in enumerate(rows):
            if row.ground.id in seen:
                message = f"the id {row.ground.id!r} stands twice"
                table.faults.append(table.toml.fault((kind, place, "id"), message))
            seen.add(row.ground.id)


def _offer(row: Table, name: str, *, is_example: bool) -> OfferRow:
    ground = _ground(row)
    offer = Offer(
        matter=_matter(row),
        materials=tuple(map(_material, row.tables("material"))),
        weights=_weights(row),
        recipients_unstated=row.flag("recipients_unstated"),
        example=row.flag("example") or is_example,
    )
    if offer.recipients_unstated and offer.matter.markets:
        row.fault("recipients_unstated", "markets say for whom it is; leave one of the two out")
    for fault in faults_of_offer(offer):
        row.fault("title", fault.message, fault.near)
    row.finish()
    return OfferRow(offer=offer, ground=ground, place=f"{name}#{ground.id}")


def _need(row: Table, name: str, *, is_example: bool) -> NeedRow:
    ground = _ground(row)
    need = Need(
        matter=_matter(row),
        requires=_terms(row, "requires"),
        example=row.flag("example") or is_example,
    )
    for term in need.requires:
        if term not in TERMS:
            row.fault("requires", f"{term[:40]!r} cannot be compared", near_miss(term, TERMS))
    for said in flaws_in(need.matter):
        row.fault("title", said)
    row.finish()
    return NeedRow(need=need, ground=ground, place=f"{name}#{ground.id}")


def _project(row: Table, name: str, *, is_example: bool) -> ProjectRow:
    ground = _ground(row)
    parties = row.texts("parties")
    if not parties:
        row.fault("parties", "parties is missing: member ids, or names of offices")
    project = Project(
        title=_title(row),
        kind=row.text("kind"),
        parties=parties,
        status=ground.status or "planned",
        goals=_goals(row),
        markets=_markets(row),
        terms=_terms(row, "terms"),
        note=row.text("note", default=""),
        example=row.flag("example") or is_example,
    )
    profile = row.text("profile", default="")
    if profile and not (PROFILES / f"{profile}.toml").is_file():
        names = [path.stem for path in PROFILES.glob("*.toml")]
        row.fault(
            "profile", f"no profile is called {profile[:40]!r}", near_miss(profile, names)
        )
    inventory = row.text("inventory", default="")
    _uncited(row)
    row.finish()
    return ProjectRow(
        project=project, ground=ground, place=f"{name}#{ground.id}", profile=profile,
        inventory=inventory,
    )  # fmt: skip


def _ground(row: Table) -> Ground:
    by = row.text("by", default="")
    return Ground(
        id=row.text("id"),
        by=by,
        status=row.text("status", default=""),
        source=row.text("source", default=""),
        basis=row.word("basis", BASES, default=""),
        unverified=row.text("unverified", default=""),
        unknown=row.text("unknown", default=""),
        rows=row.texts("rows"),
    )


def _matter(row: Table) -> Matter:
    return Matter(
        title=_title(row),
        what=row.word("what", KINDS),
        sector=row.text("sector"),
        goals=_goals(row),
        amount=row.whole("amount", least=1),
        unit=row.text("unit", default="") or None,
        markets=_markets(row),
        since=row.date("from"),
        until=row.date("until"),
        terms=_terms(row, "terms"),
        languages=row.texts("languages"),
    )


def _title(row: Table) -> LocalText:
    if isinstance(row.row.get("title"), str):
        return LocalText(by_tag={"en": row.text("title")})
    inner = row.inner("title")
    if inner is None or "en" not in inner.row:
        row.fault("title", 'title is missing: title = "…", or { en = "…", pt = "…" }')
        return LocalText(by_tag={"en": ""})
    return LocalText(by_tag={tag: inner.text(tag) for tag in inner.row})


def _goals(row: Table) -> tuple[str, ...]:
    goals = row.texts("goals")
    for goal in goals:
        if not is_target(goal):
            row.fault("goals", f"{goal[:20]!r} is no target of the goals: one is 9.5 or 9.b")
    return goals


def _markets(row: Table) -> tuple[str, ...]:
    codes = row.texts("markets")
    for code in codes:
        if not is_market(code):
            near = near_miss(code.upper(), [*sorted(STATES), EUROPEAN_UNION, *BODIES])
            row.fault("markets", f"{code[:20]!r} is no code of a state or a body", near)
    return codes


def _terms(row: Table, name: str) -> tuple[str, ...]:
    terms = row.texts(name)
    for term in terms:
        if is_word(term) and term not in TERMS:
            message = (
                f"no term is called {term[:40]!r}; plain words stand beside the known ones"
            )
            row.fault(name, message, near_miss(term, TERMS))
    return terms


def _material(row: Table) -> Material:
    def fault(field: TomlPath, message: str, near: str | None) -> None:
        row.faults.append(row.toml.fault((*row.path, *field), message, near=near))

    return material_of(row.row, fault)


def _weights(row: Table) -> Weights | None:
    inner = row.inner("weights")
    if inner is None:
        return None
    text = inner.text("sha256")
    digest = _NO_DIGEST
    try:
        digest = from_hex(text)
    except InvalidDocument as error:
        inner.fault("sha256", error.message)
    weights = Weights(
        method=inner.text("method", default="model-signing/1"),
        sha256=digest,
        signed=inner.flag("signed"),
    )
    inner.finish()
    return weights


def _uncited(row: Table) -> None:
    """Refuse citations: a file knows no log; the verb that logs it is told them."""
    for name in ("offers", "needs", "systems"):
        if name in row.row:
            row.known.append(name)
            option = name.rstrip("s")
            row.fault(name, f"{name} are cited when it is logged: --{option} LOG#INDEX")
