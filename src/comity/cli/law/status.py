# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity status`: who sees to each duty of a system, by when, with what evidence."""

import datetime as dt
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from comity.cli.option import Json, day_of, print_json, today, words_of
from comity.desk.law.duties import Inquiry
from comity.desk.law.standing import Duty, Standing, Word, late_first, standing_of
from comity.errors import InvalidDocument
from comity.files.status import State
from comity.kernel.instant import from_iso_date


def status(
    profile: Path,
    *,
    in_: Annotated[str, Parameter(name="--in")] = "",
    on: str = "",
    norm: str = "",
    role: str = "",
    state: State | None = None,
    owner: str | None = None,
    deadline: str = "",
    evidence: Annotated[tuple[Path | str, ...], Parameter(negative="")] = (),
    note: str | None = None,
    as_json: Json = False,
) -> int:
    """Keep, beside a profile, who sees to each duty, by when, and what shows that it is met.

    People may write in PROFILE.status.toml too.

    Example: comity status relief.toml --in EU,VNM

    Example: comity status relief.toml --norm vnm.ai.11.1 --owner "Trust office"

    Args:
        profile: The system's profile.
        in_: Markets; without it, the profile's own.
        on: The day asked about; without it, today.
        norm: Id of the duty something is said of.
        role: In which role, where the norm binds in several.
        state: open, started, met or not_ours.
        owner: Who sees to it.
        deadline: By when, such as 2027-03-01.
        evidence: What shows that it is met; may be given again.
        note: Anything else; needed for not_ours.
    """
    inquiry = Inquiry(markets=words_of(in_), on=day_of(on) or today())
    said = _word(norm, role, state, owner, deadline, evidence, note)
    return _show(standing_of(profile, inquiry, said), norm, as_json=as_json)


def _show(found: Standing, norm: str, *, as_json: bool) -> int:
    if as_json:
        print_json(_plain(found))
    else:
        _print(Console(highlight=False), found, norm)
    return 0


def _word(  # noqa: PLR0917 - one parameter an option
    norm: str, role: str, state: State | None, owner: str | None, deadline: str,
    evidence: tuple[Path | str, ...], note: str | None,
) -> Word | None:  # fmt: skip
    something = state or owner is not None or deadline or evidence or note is not None
    if not norm:
        if something:
            raise InvalidDocument("of which duty?", code="cli.which_duty", hint="--norm NAME")
        return None
    return Word(
        norm=norm, role=role, state=state, owner=owner, note=note,
        deadline=from_iso_date(deadline) if deadline else None,
        evidence=tuple(map(str, evidence)),
    )  # fmt: skip


def _plain(found: Standing) -> dict[str, object]:
    return {
        "system": found.determination.profile.system,
        "on": found.determination.on.isoformat(),
        "file": str(found.path),
        "open_questions": found.open_questions,
        "duties": [
            {
                "norm": duty.keeping.norm,
                "market": duty.keeping.market,
                "role": duty.keeping.role,
                "title": None if duty.ruling is None
                else duty.ruling.norm.title.in_language("en"),
                "status": "gone" if duty.ruling is None else duty.ruling.status.value,
                "state": duty.keeping.state.value,
                "owner": duty.keeping.owner,
                "deadline": _day(duty.keeping.deadline) or None,
                "evidence": list(duty.keeping.evidence),
                "note": duty.keeping.note,
                "late": duty.is_late,
            }
            for duty in late_first(found.duties)
        ],
    }  # fmt: skip


def _print(console: Console, found: Standing, norm: str) -> None:
    """Print every duty, or that of which something was said just now."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("", "duty", "state", "by", "owner", "evidence"):
        table.add_column(column, no_wrap=column in {"", "state", "by"}, overflow="fold")
    for duty in late_first(found.duties):
        if duty.ruling is not None and norm in {"", duty.keeping.norm}:
            table.add_row(*_cells(duty))
    console.print(table)
    for duty in found.gone if not norm else ():
        console.print(f"binds no longer: {duty.keeping.norm}", markup=False, style="dim")
    late = sum(duty.is_late for duty in found.duties)
    counts = ", ".join(f"{len(found.of(state))} {_spaced(state)}" for state in State)
    console.print(f"\n{counts}; {late} late; kept in {found.path.name}", markup=False)
    if found.open_questions:
        console.print(
            f"of {found.open_questions} binding norms it cannot be told whether they apply, "
            "now or once in force: "
            "comity interview settles most of them",
            style="dim",
        )


def _cells(duty: Duty) -> tuple[str, ...]:
    kept, ruling = duty.keeping, duty.ruling
    title = "" if ruling is None else ruling.norm.title.in_language("en")
    mark = "!" if duty.is_late else "·" if kept.state is State.MET else " "
    return (
        mark, f"{kept.norm} ({kept.role}) {title}", _spaced(kept.state), _day(kept.deadline),
        kept.owner or "nobody", str(len(kept.evidence) or "none"),
    )  # fmt: skip


def _day(day: dt.date | None) -> str:
    return "" if day is None else day.isoformat()


def _spaced(state: State) -> str:
    return state.value.replace("_", " ")
