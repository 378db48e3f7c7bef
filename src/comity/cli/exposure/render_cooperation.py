# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Boards, matches and demonstration projects as text."""

from collections.abc import Sequence

from rich.console import Console

from comity.cli.exposure.render_exposure import shown
from comity.desk.cooperation.sheet import (
    AloneRow,
    Board,
    MatchSheet,
    MatterRow,
    PairRow,
    ProjectRow,
    SpareRow,
    Standing,
)
from comity.desk.law.demonstrating import HintSheet
from comity.exposure.cooperate.effect import Effect


def print_board(console: Console, board: Board) -> None:
    """Print what is offered, needed and done."""
    for name, rows in (("Offered", board.offers), ("Needed", board.needs)):
        if rows:
            console.print(name, style="bold")
            for row in rows:
                _matter(console, row)
    if board.projects:
        console.print("In common", style="bold")
        for project in board.projects:
            _project(console, project)
    if not (board.offers or board.needs or board.projects):
        console.print("Nobody offers or needs anything here.")
    if board.withdrawn:
        console.print(f"{board.withdrawn} taken back, and left out.", style="dim")


def print_match(console: Console, sheet: MatchSheet) -> None:
    """Print who fits whom, what it does, and why the others stay alone."""
    count = len(sheet.pairs)
    pairs = f"{count} pair{'s' * (count != 1)} of {sheet.fitting} that fit"
    said = f"{sheet.method} on {sheet.on}: {pairs}"
    console.print(said, style="bold")
    for pair in sheet.pairs:
        _pair(console, pair)
    if sheet.alone:
        console.print("\nNot met, or not in full", style="bold")
        for one in sheet.alone:
            _alone(console, one)
    if sheet.spare:
        console.print("\nNot taken up, or not in full", style="bold")
        for spare in sheet.spare:
            _spare(console, spare)


def print_hints(console: Console, sheets: Sequence[HintSheet]) -> None:
    """Print what is known to bind the demonstration projects, and whether the packs agree."""
    for sheet in sheets:
        title = f"{sheet.profile} in {sheet.market} as {sheet.role} on {sheet.on}"
        console.print(title, style="bold", markup=False, soft_wrap=True)
        if sheet.hypothetical:
            said = f"  hypothetical: supposes {sheet.hypothetical}"
            console.print(said, style="yellow", markup=False, soft_wrap=True)
        console.print(f"  {sheet.says}", markup=False, soft_wrap=True)
        for one in sheet.norms:
            mark = "" if one.agrees else f" (the source says: {one.expected})"
            force = "" if one.is_binding else ", no binding force"
            said = f"  {one.norm} {one.found}{mark}{force}: {one.title}"
            style = "" if one.agrees else "red"
            console.print(said, style=style, markup=False, soft_wrap=True)
        console.print(f"  {sheet.source}", style="dim", markup=False, soft_wrap=True)


def _matter(console: Console, row: MatterRow) -> None:
    one = row.matter
    by = row.standing.by
    title = f"{row.title}{f' ({by})' if by else ''}{_marks(row.standing)}"
    console.print(f"  {title}", markup=False, soft_wrap=True)
    amount = "" if one.amount is None else f", {one.amount:,}"
    unit = f" {one.unit}" if one.unit and one.amount is not None else ""
    where = ", ".join(one.markets)
    if row.recipients_unstated:
        where = "nobody said for whom"
    days = f"{one.since or ''}–{one.until or ''}" if one.since or one.until else ""
    facts = [f"{one.what}{amount}{unit}", f"sector {one.sector}", where, days]
    console.print(f"    {'; '.join(filter(None, facts))}", markup=False, soft_wrap=True)
    asked = [*(f"{term} (required)" for term in row.requires), *one.terms]
    if asked:
        console.print(f"    terms: {', '.join(asked)}", markup=False, soft_wrap=True)
    if row.weights is not None:
        signed = "signed by their maker" if row.weights.signed else "not signed"
        said = f"    weights {row.weights.method} {row.weights.sha256.hex()[:16]}…, {signed}"
        console.print(said, markup=False, soft_wrap=True)
    _grounds(console, row.standing)


def _project(console: Console, row: ProjectRow) -> None:
    title = row.title.get("en", "")
    console.print(f"  {title}{_marks(row.standing)}", markup=False, soft_wrap=True)
    where = f" in {', '.join(row.markets)}" if row.markets else ""
    parties = ", ".join(one[:60] for one in row.parties)
    console.print(f"    {row.kind}{where}; {parties}", markup=False, soft_wrap=True)
    for place, word in row.rests_on:
        console.print(f"    rests on {place} ({word})", markup=False, soft_wrap=True)
    if row.note:
        console.print(f"    {row.note}", markup=False, soft_wrap=True)
    _grounds(console, row.standing)


def _marks(standing: Standing) -> str:
    marks = [
        *(["made up"] if standing.example else []),
        *(["UNVERIFIED"] if standing.unverified else []),
        *([] if standing.is_counted else ["not cosigned enough"]),
    ]
    return f" [{', '.join(marks)}]" if marks else ""


def _grounds(console: Console, standing: Standing) -> None:
    if standing.status:
        console.print(f"    {standing.status}", markup=False, soft_wrap=True)
    if standing.unverified:
        said = f"    unverified: {standing.unverified}"
        console.print(said, style="yellow", markup=False, soft_wrap=True)
    if standing.unknown:
        said = f"    unknown: {standing.unknown}"
        console.print(said, style="yellow", markup=False, soft_wrap=True)
    basis = f"{standing.basis}: {standing.source}; " if standing.basis else ""
    console.print(f"    {basis}{standing.place}", style="dim", markup=False, soft_wrap=True)


def _pair(console: Console, pair: PairRow) -> None:
    unit = pair.need.matter.unit or ""
    amount = "" if pair.amount is None else f"{pair.amount:,} {unit}: "
    by = pair.offer.standing.by
    said = f"\n{amount}{pair.need.title} ({pair.need.standing.place})"
    console.print(said, style="green", markup=False, soft_wrap=True)
    open_ = "" if pair.is_counted else "; nobody said how much is offered"
    said = f"  from {pair.offer.title} ({by or 'unnamed'}, {pair.offer.standing.place}{open_})"
    console.print(said, markup=False, soft_wrap=True)
    if pair.merit.terms:
        console.print(f"  terms met: {', '.join(pair.merit.terms)}", markup=False)
    if pair.merit.lacking:
        said = f"  terms lacking: {', '.join(pair.merit.lacking)}"
        console.print(said, markup=False, style="yellow")
    if not pair.effects:
        console.print(
            "  dependence: unknown; the offer does not say what it brings", style="dim"
        )
    for effect in pair.effects:
        console.print(f"  {_effect(effect)}", markup=False, soft_wrap=True)


def _effect(effect: Effect) -> str:
    law = effect.jurisdiction or "an unknown state"
    read = " (read off the sort of offer and its maker's seat)" if effect.assumed else ""
    return (
        f"dependence on {law} in {effect.layer}: {effect.sense.value}, "
        f"{shown(effect.before)} % to {shown(effect.after)} %{read}"
    )


def _alone(console: Console, one: AloneRow) -> None:
    unit = one.need.matter.unit or ""
    left = "" if one.missing is None else f": {one.missing:,} {unit} missing"
    console.print(f"  {one.need.title}{left}", markup=False, soft_wrap=True)
    if not one.reasons:
        said = f"    nobody offers {one.need.matter.what}"
        console.print(said, markup=False, style="yellow", soft_wrap=True)
    for row, why in one.reasons:
        said = f"    {row.title}: {'; '.join(why) or 'it is spent on others'}"
        console.print(said, markup=False, style="yellow", soft_wrap=True)


def _spare(console: Console, one: SpareRow) -> None:
    unit = one.offer.matter.unit or ""
    left = "" if one.left is None else f" ({one.left:,} {unit})"
    why = "; ".join(one.reasons) or "the needs that it fits took others, or have enough"
    console.print(f"  {one.offer.title}{left}: {why}", markup=False, soft_wrap=True)
