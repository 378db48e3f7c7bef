# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity instrument`: who signed, who is bound from when, what is reserved or differs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from comity.cli.council.render_instrument import (
    print_list,
    print_matrix,
    print_pair,
    print_pairs,
    print_status,
)
from comity.cli.option import Json, day_of, print_json, today, words_of
from comity.cli.session import NodeFolder, PassphraseFile, Publish, Telling, looked_at, opened
from comity.council.instrument.act import Deed
from comity.council.instrument.difference import Stands
from comity.council.instrument.statement import StatedAct, StatedAdoption, StatedDifference
from comity.desk.council.instrument.instrument import (
    Heard,
    InstrumentSheet,
    instrument_sheet,
    listed,
    pair_in,
)
from comity.desk.council.instrument.saying import (
    Spoken,
    get_pack,
    heard_by,
    own_act,
    say_act,
    say_adoption,
    say_difference,
    speakers_in,
)
from comity.errors import Fault, InvalidDocument
from comity.files.instrument import read_instrument
from comity.law.cursor import near_miss
from comity.node.clock import read_clock
from comity.node.node import Node

app = App(
    name="instrument", help="Show who is bound by what; sign, ratify, reserve, differ, adopt."
)

OnDay = Annotated[str, Parameter(name="--on", help="The day, such as 2026-12-01; else today.")]
View = Annotated[
    Path | None,
    Parameter(name="--node", help="A node's folder, to hear what states say in their logs."),
]


@app.command(name="list")
def list_(*, on: OnDay = "", node: View = None, passphrase_file: PassphraseFile = None,
          as_json: Json = False) -> None:  # fmt: skip
    """List the instruments that come with Comity, each as it stands on a day.

    Example: comity instrument list

    Example: comity instrument list --on 1957-07-20 --json
    """
    sheets = listed(day_of(on) or today(), _heard(node, passphrase_file))
    if as_json:
        print_json([sheet.to_json() for sheet in sheets])
    else:
        print_list(sheets)


@app.command
def status(
    instrument: str, *, on: OnDay = "", node: View = None,
    passphrase_file: PassphraseFile = None,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Say who signed and who is bound, on whose word, what is missing and what is unknown.

    Example: comity instrument status waico

    Example: comity instrument status iaea-statute --on 1957-07-20

    Example: comity instrument status waico --node kh --on 2026-12-01

    Args:
        instrument: Slug of an instrument, or a .toml file of one's own.
        all_: Print every state by itself, with the source of each act.
    """
    sheet = _sheet(instrument, on, node, passphrase_file)
    if as_json:
        print_json(sheet.to_json())
    else:
        print_status(sheet, everything=all_)


@app.command
def matrix(
    instrument: str, *, on: OnDay = "", node: View = None,
    passphrase_file: PassphraseFile = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Show which member complies with which provision, differs, or has not stated.

    Where nothing was stated nothing is taken for complied with.

    Example: comity instrument matrix cets-225

    Args:
        instrument: Slug of an instrument, or a .toml file of one's own.
    """
    sheet = _sheet(instrument, on, node, passphrase_file)
    if as_json:
        print_json(sheet.status.matrix.to_json())
    else:
        print_matrix(sheet)


@app.command
def pairs(
    instrument: str, states: str = "", *, on: OnDay = "", node: View = None,
    passphrase_file: PassphraseFile = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Show what holds between two parties, reservations and objections counted.

    Example: comity instrument pairs agreement.toml KHM,LAO

    Example: comity instrument pairs agreement.toml --on 2028-01-01

    Args:
        instrument: Slug of an instrument, or a .toml file of one's own.
        states: Two states; without them, every pair with something out of the plain text.
    """
    named = words_of(states)
    if named and len(named) != 2:
        fault = Fault(message=f"two states are named, such as KHM,LAO; here are {len(named)}")
        raise InvalidDocument("not a pair", code="cli.pair", faults=[fault])
    sheet = _sheet(instrument, on, node, passphrase_file)
    if named:
        pair = pair_in(sheet, named[0], named[1])
        print_json(pair.to_json()) if as_json else print_pair(sheet, pair)
    elif as_json:
        print_json([pair.to_json() for pair in sheet.status.pairs])
    else:
        print_pairs(sheet)


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an act speaks of.

    Args:
        provisions: Which provisions it concerns, such as 3.2,4; none for the whole.
        towards: Whose reservation is objected to, accepted or refused.
        no_relation: Wants no treaty relation with that state.
        amendment: Which amendment it speaks of.
        state: The organ it is done for, where the node's keyset names no jurisdiction.
    """

    provisions: str = ""
    towards: str = ""
    no_relation: bool = False
    amendment: str = ""
    state: str = ""


_VERBS = {
    "sign": Deed.SIGNATURE.value,
    "ratify": Deed.RATIFICATION.value,
    "accept": Deed.ACCEPTANCE.value,
    "approve": Deed.APPROVAL.value,
    "accede": Deed.ACCESSION.value,
    "reserve": Deed.RESERVATION.value,
    "object": Deed.OBJECTION.value,
    "denounce": Deed.DENUNCIATION.value,
}
_MEANT = dict.fromkeys(("leave", "exit", "withdraw", "withdrawal"), Deed.DENUNCIATION.value)
"""Words that mean another act too, so that they are asked back and not taken."""

_THE_WHOLE = About()


@app.command
def act(
    instrument: str, *, act: str, node: NodeFolder, on: OnDay = "", about: About = _THE_WHOLE,
    text: str = "", even_so: bool = False, example: bool = False, publish: Publish = True,
    passphrase_file: PassphraseFile = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Say in one's own log what one's state did: sign, ratify, reserve, object, leave.

    It is evidence by that state and shown beside the record; where the two contradict each
    other, that is shown. What could not count is refused with the reason.

    Example: comity instrument act waico --act ratification --on 2026-12-01 --node kh

    Example: comity instrument act treaty.toml --act reservation --provisions 3.2 --node kh

    Args:
        instrument: Slug of an instrument, or a .toml file of one's own.
        act: What was done, as a noun or a verb: signature, ratification, acceptance, approval,
            accession, reservation, objection, withdrawal of reservation, denunciation and
            others (docs/spec/instruments.md).
        text: Its words.
        even_so: Log it although it would count for nothing.
        example: Mark it as made up.
    """
    said = StatedAct(
        instrument=instrument, deed=_deed(act), on=day_of(on) or today(),
        provisions=words_of(about.provisions), text=text, state=about.state,
        towards=about.towards, opposes_entry=about.no_relation, amendment=about.amendment,
        is_example=example,
    )  # fmt: skip
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        spoken = say_act(own, said, even_so=even_so, now=read_clock())
        for caution in spoken.cautions:
            telling.say(caution, style="yellow")
        telling.say(f"{spoken.state}: {said.deed.value} of {said.on}")
        if said.deed is Deed.RESERVATION and not said.provisions:
            telling.say("it is of the whole; --provisions 3,7 names provisions", style="yellow")
        _logged(telling, own, spoken, "instrument-act", publish=publish)


@app.command
def differ(
    instrument: str, provision: str, *, node: NodeFolder, on: OnDay = "",
    stands: Literal["complies", "differs", "not stated"] = "differs", text: str = "",
    instead: str = "", example: bool = False, publish: Publish = True,
    passphrase_file: PassphraseFile = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Say how one's practice stands to a provision: complies, differs, or not stated.

    A difference stands in the place of the provision for this member, in the matrix and, where
    a pack was adopted, in `comity determine`.

    Example: comity instrument differ waico soft.waico.chair.agents --on 2027-01-01
        --text "Applies to public services only" --node kh

    Args:
        instrument: Slug of an instrument, a .toml file, or the name of a pack.
        provision: A provision of it, or the id of a norm of a pack.
        stands: How it stands.
        text: In which way it differs.
        instead: Id of a norm of one's own that stands in the place.
        example: Mark it as made up.
    """
    said = StatedDifference(
        instrument=instrument, provision=provision, stands=Stands(stands), text=text,
        since=day_of(on) or today(), norm=instead, is_example=example,
    )  # fmt: skip
    if said.stands is Stands.DIFFERS and not text.strip() and not instead:
        fault = Fault(message="--text is missing: in which way it differs")
        raise InvalidDocument("not a difference", code="council.difference", faults=[fault])
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        spoken = say_difference(own, said, now=read_clock())
        telling.say(f"{spoken.state} {said.stands.value}: {provision}, from {said.since}")
        _logged(telling, own, spoken, "difference", publish=publish)


@app.command
def adopt(
    pack: str, *, node: NodeFolder, on: OnDay = "", through: str = "",
    force: Literal["binding", "soft"] = "binding", note: str = "", example: bool = False,
    publish: Publish = True, passphrase_file: PassphraseFile = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Take a pack of rules over as law of one's own market, from a day on.

    `comity determine --node` then shows its norms in that market, less what this member
    reserved, with its differences in their place.

    Example: comity instrument adopt soft.waico --through waico --on 2027-01-01 --node kh

    Args:
        pack: Name of the pack, such as soft.waico or sgp.genai.
        through: Slug of the instrument through which it is adopted.
        force: binding, or soft where it is to bind nobody.
        note: What is to be said of it.
        example: Mark it as made up.
    """
    since = day_of(on) or today()
    held = get_pack(pack)
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        market = next(one.state for one in speakers_in(own.view()) if one.member == own.member)
        said = StatedAdoption(
            pack=pack, version=held.version.isoformat(), market=market, since=since,
            through=through, force=force, note=note, is_example=example,
            act=own_act(own, through, on=since) if through else None,
        )  # fmt: skip
        spoken = say_adoption(own, said, now=read_clock())
        telling.say(f"{market} adopts {pack}, {len(held.norms)} norms, from {since}")
        _logged(telling, own, spoken, "pack-adoption", publish=publish)


@app.command
def check(file: Path, *, as_json: Json = False) -> None:
    """Read an instrument from a file and list every fault, with line and column.

    Example: comity instrument check agreement.toml

    Args:
        file: The instrument, a TOML file; docs/spec/instruments.md describes every field.
    """
    found = read_instrument(file)
    telling = Telling(as_json=as_json)
    acts = len(found.acts)
    telling.say(f"{file}: {found.title}, {acts} act{'' if acts == 1 else 's'}, no fault")
    telling.print_json({"file": str(file), "instrument": found.slug, "acts": acts})


def _deed(word: str) -> Deed:
    known = {deed.value: deed for deed in Deed}
    plain = word.replace("-", " ").replace("_", " ").strip().casefold()
    plain = _VERBS.get(plain, plain)
    if plain not in known:
        near = _MEANT.get(plain) or near_miss(plain, known)
        fault = Fault(message=f"{word[:60]!r} is no act: {', '.join(known)}", near=near)
        raise InvalidDocument("no such act", code="cli.act", faults=[fault])
    return known[plain]


def _heard(node: Path | None, passphrase_file: Path | None) -> Heard | None:
    if node is None:
        return None
    with looked_at(node, passphrase_file) as own:
        return heard_by(own)


def _sheet(
    instrument: str, on: str, node: Path | None, passphrase_file: Path | None
) -> InstrumentSheet:
    day = day_of(on) or today()
    return instrument_sheet(instrument, day, _heard(node, passphrase_file))


def _logged(telling: Telling, own: Node, spoken: Spoken, kind: str, *, publish: bool) -> None:
    more = {"state": spoken.state, "cautions": list(spoken.cautions)}
    telling.logged(own, spoken.reference, kind, publish=publish, more=more)
