# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Codecs of what members say of instruments: acts, differences, adoptions of packs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from comity.council.instrument.act import Act, Deed, Ground
from comity.council.instrument.difference import Stands, Stated
from comity.errors import InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields
from comity.kernel.instant import from_iso_date
from comity.kernel.reference import Reference, to_reference_json

BINDING = "binding"
SOFT = "soft"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedAct:
    """An act as its author says it.

    Args:
        state: For whom it is done; "" for the state that the author's keyset names.
        extra: What a newer member said besides, kept as it was.
    """

    instrument: str
    deed: Deed
    on: dt.date
    provisions: tuple[str, ...] = ()
    text: str = ""
    state: str = ""
    towards: str = ""
    opposes_entry: bool = False
    amendment: str = ""
    is_example: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict)

    def to_act(self, state: str, ground: Ground) -> Act:
        """Return it as an act of *state*."""
        return Act(
            state=state, deed=self.deed, on=self.on, provisions=self.provisions,
            towards=self.towards, opposes_entry=self.opposes_entry, amendment=self.amendment,
            text=self.text, ground=ground,
        )  # fmt: skip

    def to_predicate(self) -> dict[str, Json]:
        """Write it as a predicate; `issued` is added by whoever records it."""
        written: dict[str, Json] = {
            "instrument": self.instrument, "act": self.deed.value, "on": self.on.isoformat(),
            "provisions": list(self.provisions), "text": self.text,
        }  # fmt: skip
        optional: dict[str, Json] = {
            "state": self.state, "towards": self.towards, "opposes_entry": self.opposes_entry,
            "amendment": self.amendment, "example": self.is_example,
        }  # fmt: skip
        said = {name: value for name, value in optional.items() if value}
        return {**written, **said, **self.extra}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDifference:
    """How a member says that its practice stands to a provision.

    Args:
        norm: Id of a norm that stands in the place of the provision, or "".
    """

    instrument: str
    provision: str
    stands: Stands
    since: dt.date
    text: str = ""
    norm: str = ""
    is_example: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict)

    def to_stated(self, state: str, ground: Ground) -> Stated:
        """Return it as what *state* stated."""
        return Stated(
            state=state, provision=self.provision, stands=self.stands, text=self.text,
            since=self.since, norm=self.norm, ground=ground,
        )  # fmt: skip

    def to_predicate(self) -> dict[str, Json]:
        """Write it as a predicate; `issued` is added by whoever records it."""
        written: dict[str, Json] = {
            "instrument": self.instrument, "provision": self.provision,
            "stands": self.stands.value, "text": self.text, "from": self.since.isoformat(),
        }  # fmt: skip
        optional: dict[str, Json] = {"norm": self.norm, "example": self.is_example}
        said = {name: value for name, value in optional.items() if value}
        return {**written, **said, **self.extra}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedAdoption:
    """A pack that a member takes as law of a market.

    Args:
        act: The act on an instrument by which it was adopted, or None.
        through: The instrument's slug, or "".
        force: `BINDING`, or `SOFT` where it is to bind nobody there.
    """

    pack: str
    version: str
    market: str
    since: dt.date
    act: Reference | None = None
    through: str = ""
    force: str = BINDING
    note: str = ""
    is_example: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write it as a predicate; `issued` is added by whoever records it."""
        written: dict[str, Json] = {
            "pack": self.pack, "version": self.version, "market": self.market,
            "from": self.since.isoformat(), "note": self.note,
            "instrument": None if self.act is None else to_reference_json(self.act),
        }  # fmt: skip
        force = "" if self.force == BINDING else self.force
        optional: dict[str, Json] = {
            "through": self.through, "force": force, "example": self.is_example,
        }  # fmt: skip
        said = {name: value for name, value in optional.items() if value}
        return {**written, **said, **self.extra}


def act_from_predicate(predicate: Mapping[str, Json]) -> StatedAct:
    """Read an `instrument-act`.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    said = StatedAct(
        instrument=fields.text("instrument"),
        deed=Deed(fields.choice("act", [deed.value for deed in Deed])),
        on=_date(fields, "on"),
        provisions=tuple(dict.fromkeys(fields.texts("provisions"))),
        text=fields.text("text", empty=True),
        state=fields.optional("state", fields.text) or "",
        towards=fields.optional("towards", fields.text) or "",
        opposes_entry=fields.optional("opposes_entry", fields.flag) or False,
        amendment=fields.optional("amendment", fields.text) or "",
        is_example=fields.optional("example", fields.flag) or False,
        extra=fields.rest(),
    )
    if said.deed in _NEEDS_TOWARDS and not said.towards:
        fields.fault(
            "towards", f"is missing; a {said.deed.value} names whose reservation it is"
        )
    if said.deed in _NEEDS_AMENDMENT and not said.amendment:
        fields.fault("amendment", f"is missing; a {said.deed.value} names the amendment")
    fields.finish("not an act on an instrument", code="council.act")
    return said


def difference_from_predicate(predicate: Mapping[str, Json]) -> StatedDifference:
    """Read a `difference`.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    said = StatedDifference(
        instrument=fields.text("instrument"),
        provision=fields.text("provision"),
        stands=Stands(fields.choice("stands", [stands.value for stands in Stands])),
        text=fields.text("text", empty=True),
        since=_date(fields, "from"),
        norm=fields.optional("norm", fields.text) or "",
        is_example=fields.optional("example", fields.flag) or False,
        extra=fields.rest(),
    )
    match said.stands:
        case Stands.DIFFERS:
            if not said.text.strip() and not said.norm:
                fields.fault("text", "is empty; a difference says in which way")
        case Stands.COMPLIES | Stands.NOT_STATED:
            if said.norm:
                fields.fault("norm", f"stands beside {said.stands.value!r}")
        case _ as never:
            assert_never(never)
    fields.finish("not a difference", code="council.difference")
    return said


def adoption_from_predicate(predicate: Mapping[str, Json]) -> StatedAdoption:
    """Read a `pack-adoption`.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    said = StatedAdoption(
        pack=fields.text("pack"),
        version=fields.text("version"),
        market=fields.text("market"),
        since=_date(fields, "from"),
        act=fields.nullable("instrument", fields.reference),
        through=fields.optional("through", fields.text) or "",
        force=fields.optional("force", lambda name: fields.choice(name, (BINDING, SOFT)))
        or BINDING,
        note=fields.text("note", empty=True),
        is_example=fields.optional("example", fields.flag) or False,
        extra=fields.rest(),
    )
    fields.finish("not an adoption of a pack", code="council.adoption")
    return said


_NEEDS_TOWARDS = frozenset({
    Deed.OBJECTION, Deed.OBJECTION_WITHDRAWN, Deed.RESERVATION_ACCEPTED,
    Deed.RESERVATION_REFUSED,
})  # fmt: skip
_NEEDS_AMENDMENT = frozenset({Deed.AMENDMENT_ACCEPTED, Deed.AMENDMENT_OBJECTED})


def _date(fields: Fields, name: str) -> dt.date:
    text = fields.text(name)
    try:
        return from_iso_date(text)
    except InvalidDocument as error:
        if text:
            fields.fault(name, f"is wrong: {error.message}")
        return dt.date.min
