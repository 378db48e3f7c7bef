# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What members do together: instruments, consultations, programmes."""

import datetime as dt
from typing import Annotated

from fastapi import FastAPI, Path, Query

from comity.desk.council.consult import listing as consultlist
from comity.desk.council.consult.listing import ConsultationAnswer, ConsultationsSheet
from comity.desk.council.instrument import listing as instrumentlist
from comity.desk.council.instrument.listing import InstrumentAnswer, InstrumentsSheet
from comity.desk.council.programme import listing as programmelist
from comity.desk.council.programme.listing import ProgrammeAnswer, ProgrammesSheet
from comity.desk.register.lookout import Lookout
from comity.kernel.instant import from_iso_date

Day = Annotated[str, Query(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]
Slug = Annotated[str, Path(max_length=100)]


def add_joint(app: FastAPI, lookout: Lookout) -> None:
    """Add the doors to an application."""
    _add_instruments(app, lookout)
    _add_consultations(app, lookout)
    _add_programmes(app, lookout)


def _add_instruments(app: FastAPI, lookout: Lookout) -> None:
    @app.get("/instruments")
    def instruments(on: Day = "") -> InstrumentsSheet:
        """List the instruments as they stand on a day, else today."""
        return instrumentlist.instruments_sheet(lookout.register(), on=_day(on))

    @app.get("/instruments/{instrument}")
    def instrument(instrument: Slug, on: Day = "") -> InstrumentAnswer:
        """Say who signed, who is bound, what is reserved or differs, and what is unknown."""
        register = lookout.register()
        sheet = instrumentlist.find_status(register, instrument, on=_day(on))
        return instrumentlist.answer_of(register, sheet)


def _add_consultations(app: FastAPI, lookout: Lookout) -> None:
    @app.get("/consultations")
    def consultations() -> ConsultationsSheet:
        """List the consultations of the logs this node follows."""
        return consultlist.consultations_sheet(lookout.register())

    @app.get("/consultations/{consultation}")
    def consultation(consultation: Slug) -> ConsultationAnswer:
        """Show a consultation by the digest of its entry, with its convener's newest result."""
        register = lookout.register()
        found = consultlist.find_report(register, consultation)
        return consultlist.answer_of(register, found)


def _add_programmes(app: FastAPI, lookout: Lookout) -> None:
    @app.get("/programmes")
    def programmes() -> ProgrammesSheet:
        """List the programmes that come with Comity, and the examples of who does what."""
        return programmelist.programmes_sheet(lookout.register())

    @app.get("/programmes/{programme}")
    def programme(programme: Slug, on: Day = "") -> ProgrammeAnswer:
        """Say which institution does which task on a day, and what is to be settled."""
        register = lookout.register()
        found = programmelist.find_review(register, programme, on=_day(on))
        return programmelist.answer_of(register, found)


def _day(text: str) -> dt.date | None:
    """Read a day; a number would otherwise pass for one, as seconds since 1970."""
    return from_iso_date(text) if text else None
