# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Histories that come with Comity: `packs/history`, and decisions in `packs/rules/history`."""

from pathlib import Path

from comity.council.replay.history import History, Item, history_of, merged
from comity.council.rule.flip import UNNAMED
from comity.errors import NotFound
from comity.files.pack import SHIPPED
from comity.files.rollcall import Reading, RollCall, read_rollcall
from comity.files.rule import RULES
from comity.files.rulehistory import Decision, get_history
from comity.law.cursor import near_miss

HISTORIES = SHIPPED / "history"
"""Roll calls, each item with its source and basis."""


def histories() -> tuple[str, ...]:
    """Return the names of the histories that come with Comity."""
    calls = {path.stem for path in HISTORIES.glob("*.csv")}
    rules = {path.stem for path in (RULES / "history").glob("*.toml")}
    return tuple(sorted(calls | {rule for rule in rules if _decisions(rule)}))


def open_history(name: str, reading: Reading) -> RollCall:
    """Return a shipped history by its name, or one's own by its file.

    Decisions whose seats are not all on record, made-up ones, and votes that were taken under
    another rule are in no history.

    Raises:
        NotFound: No history is called so and no file is there (code `files.no_rollcall`).
        InvalidDocument: The file has faults; all are listed.
    """
    is_shipped = name in histories()
    if not is_shipped and (Path(name).suffix or Path(name).is_file()):
        return read_rollcall(Path(name), reading)
    path = HISTORIES / f"{name}.csv"
    calls = [read_rollcall(path)] if path.is_file() else []
    decided = _decisions(name)
    if not is_shipped:
        known = histories()
        near = near_miss(name, known)
        guess = f"did you mean {near!r}? " if near else ""
        raise NotFound(
            f"no roll call at {name}",
            code="files.no_rollcall",
            hint=f"{guess}there are {', '.join(known)}; or give a .csv or .parquet file",
        )
    past = merged(
        [*(call.history for call in calls), *([_history(decided)] if decided else [])]
    )
    return RollCall(
        history=_by_day(past),
        flags=tuple(flag for call in calls for flag in call.flags),
        unrecorded=sum(call.unrecorded for call in calls),
    )


def _decisions(rule: str) -> tuple[Decision, ...]:
    return tuple(
        decision
        for decision in get_history(rule).decisions
        if decision.is_precedent
        and not any(seat.startswith(UNNAMED) for seat in decision.floor.seats)
    )


def _history(decisions: tuple[Decision, ...]) -> History:
    return history_of(
        {
            Item(
                id=each.name,
                title=each.note,
                date=each.on,
                adopted=each.result.is_adopted,
                source=each.source,
                basis=each.basis.value,
            ): {seat: each.floor.answer(seat) for seat in each.floor.seats}
            for each in decisions
        },
        missing=None,
    )


def _by_day(past: History) -> History:
    """Put items in the order of their days; those without one come last."""
    days = [(item.date is None, str(item.date)) for item in past.items]
    order = sorted(range(len(days)), key=lambda row: days[row])
    return History(
        items=tuple(past.items[row] for row in order), seats=past.seats, said=past.said[order]
    )
