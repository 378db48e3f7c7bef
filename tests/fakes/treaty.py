# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A made-up treaty and acts on it."""

import datetime as dt
from dataclasses import replace

from comity.council.instrument.act import Act, Basis, Deed, Ground
from comity.council.instrument.delay import Delay
from comity.council.instrument.difference import Stands, Stated
from comity.council.instrument.instrument import Entry, Exit, Instrument, Provision
from comity.council.rule.rule import Leaf, Number

GROUND = Ground(basis=Basis.TEXT, source="made up")
OPENED = dt.date(2020, 1, 1)
LATE = dt.date(2030, 1, 1)


def treaty(**changes: object) -> Instrument:
    """Return a treaty of five provisions that needs three ratifications and thirty days."""
    plain = Instrument(
        slug="example", title="Example treaty", ground=GROUND, known_to=LATE, opened=OPENED,
        entry=Entry(
            rule=Leaf(need=Number(least=3)), delay=Delay(days=30), later=Delay(days=30),
            ground=GROUND,
        ),
        exit=Exit(notice=Delay(months=12), not_before=Delay(months=12)),
        provisions=tuple(Provision(name=str(n), title=f"Article {n}") for n in range(1, 6)),
        is_complete=True, is_example=True,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type] # fields of it, as each test names


def act(state: str, deed: Deed, on: str, **more: object) -> Act:
    """Return an act of a state on a day."""
    plain = Act(state=state, deed=deed, on=dt.date.fromisoformat(on), ground=GROUND)
    return replace(plain, **more)  # type: ignore[arg-type] # fields of it, as each test names


def ratified(*states: str, on: str = "2021-03-01") -> tuple[Act, ...]:
    """Return ratifications of one day."""
    return tuple(act(state, Deed.RATIFICATION, on) for state in states)


def stated(state: str, provision: str, stands: Stands, since: str, text: str = "") -> Stated:
    """Return what a state stated of a provision."""
    return Stated(
        state=state, provision=provision, stands=stands, text=text,
        since=dt.date.fromisoformat(since), ground=GROUND,
    )  # fmt: skip
