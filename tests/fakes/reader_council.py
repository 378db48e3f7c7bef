# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The council's ways in for bytes from outside, beside those of `tests.fakes.reader`.

What could be read is also used: a file that is let in and breaks the count is a fault of its
reader.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from tests.fakes.document import examples_of
from tests.fakes.reader import (
    FEWER,
    JSON,
    TEXT,
    Reader,
    contents,
    from_file,
    predicate_reader,
)
from tests.unit.files import (
    test_adoption,
    test_consultation,
    test_electorate,
    test_instrument,
    test_programme,
    test_rollcall,
)

from comity.council.body.body import Body, floor_of
from comity.council.instrument.instrument import Instrument
from comity.council.instrument.status import status
from comity.council.programme.review import review
from comity.council.rule.decide import decide
from comity.desk.council.bodies import body_sheet_of
from comity.desk.log.codec import find_reader
from comity.files.adoption import read_adoptions
from comity.files.answertable import read_answers
from comity.files.body import read_body
from comity.files.consultation import read_addition, read_consultation
from comity.files.electorate import read_electorate
from comity.files.instrument import read_acts, read_instrument
from comity.files.pack import SHIPPED
from comity.files.programme import read_programme, read_workplan
from comity.files.rollcall import read_rollcall
from comity.files.rule import read_rule_file
from comity.law.pack import Library

DAY = dt.date(2026, 11, 22)
KINDS = (
    "instrument-act", "difference", "pack-adoption", "assignment", "consultation", "opinions",
    "consultation-votes", "consultation-result",
)  # fmt: skip
COUNCIL = (
    *(f"predicate of {kind}" for kind in KINDS),
    "rule file", "body file", "electorate file", "instrument file", "acts file",
    "programme file", "workplan file", "adoptions file", "consultation file", "opinions file",
    "answers", "roll call",
)  # fmt: skip
ACTS = (
    b'[[act]]\nact = "ratification"\non = 2026-01-01\nbasis = "memory"\nsource = "x"\n'
    b'states = ["KHM"]\n'
)
OPINIONS = (
    b'[[opinions]]\nname = "two"\ntext = "Most of it."\nlanguage = "en"\n'
    b'[[left_out]]\nname = "three"\nsha256 = "' + b"ab" * 32 + b'"\nreason = "spam"\n'
)
ANSWERS = b"participant,opinion,answer\nana,all,agree\nben,all,disagree\nana,two,pass\n"


def council_readers(library: Library, folder: Path) -> dict[str, Reader]:
    """Return every way in, by name.

    Args:
        folder: Where files to be read may be written.
    """
    found = {
        **_predicates(),
        **_rule_readers(folder),
        **_instrument_readers(library, folder),
        **_consultation_readers(folder),
    }
    return {name: found[name] for name in COUNCIL}


def _predicates() -> dict[str, Reader]:
    valid = examples_of(*KINDS)
    found: dict[str, Reader] = {}
    for kind in KINDS:
        read = find_reader(kind)
        assert read is not None
        found[f"predicate of {kind}"] = Reader(
            read=predicate_reader(read), valid=[valid[kind]], mutators=JSON, examples=FEWER
        )
    return found


def _rule_readers(folder: Path) -> dict[str, Reader]:
    """Return what reads who decides, and how."""

    def used_body(path: Path) -> object:
        body: Body = read_body(path)
        assert body_sheet_of(body).to_json()
        return floor_of(body)

    def used_rule(path: Path) -> object:
        procedure = read_rule_file(path).procedure
        seats = read_body(SHIPPED / "bodies" / "eec-1958.toml")
        known = floor_of(seats)
        weighed = all(name in known.weights for name in _weights_of(procedure))
        return decide(procedure.adopts, known) if weighed else procedure

    rules = contents(SHIPPED / "rules", "[eiu]*.toml")
    bodies = contents(SHIPPED / "bodies", "[ae]*.toml")
    return {
        "rule file": _file(folder / "rule.toml", used_rule, *rules),
        "body file": _file(folder / "body.toml", used_body, *bodies),
        "electorate file": _file(
            folder / "members.toml",
            lambda path: read_electorate(path, test_electorate.KNOWN),
            test_electorate.GOOD.encode(),
        ),
        "roll call": _file(
            folder / "votes.csv", read_rollcall, test_rollcall.GOOD.encode(), examples=300
        ),
    }


def _weights_of(procedure: object) -> list[str]:
    """Return every name of weights a procedure may count, as its words show it."""
    return [word.split("'")[1] for word in repr(procedure).split("by=")[1:] if word[0] == "'"]


def _instrument_readers(library: Library, folder: Path) -> dict[str, Reader]:
    """Return what reads instruments, programmes and adoptions."""

    def used_instrument(path: Path) -> object:
        found: Instrument = read_instrument(path)
        return status(found, (), DAY).to_json()

    def used_workplan(path: Path) -> object:
        plan = read_workplan(path)
        return review(plan.programmes, plan.assignments, DAY, ("KHM",))

    (folder / "plan.toml").write_text(test_programme.TASKS, "utf-8")
    instruments = contents(SHIPPED / "instruments", "*.toml")
    whole = test_instrument.WHOLE.encode()
    tasks = test_programme.TASKS.encode()
    return {
        "instrument file": _file(folder / "treaty.toml", used_instrument, whole, *instruments),
        "acts file": _file(folder / "acts.toml", read_acts, ACTS),
        "programme file": _file(folder / "tasks.toml", read_programme, tasks),
        "workplan file": _file(
            folder / "work.toml", used_workplan, test_programme.WORK.encode()
        ),
        "adoptions file": _file(
            folder / "adoptions.toml",
            lambda path: read_adoptions(path, library),
            test_adoption.WHOLE.encode(),
        ),
    }


def _consultation_readers(folder: Path) -> dict[str, Reader]:
    """Return what reads questions, opinions and answers."""
    members, now = test_consultation.MEMBERS, test_consultation.NOW
    return {
        "consultation file": _file(
            folder / "consultation.toml",
            lambda path: read_consultation(path, members, now),
            test_consultation.GOOD.encode(),
        ),
        "opinions file": _file(folder / "opinions.toml", read_addition, OPINIONS),
        "answers": _file(
            folder / "answers.csv", lambda path: read_answers(path, ("all", "two")), ANSWERS
        ),
    }


def _file(
    path: Path, read: Callable[[Path], object], *valid: bytes, examples: int = FEWER
) -> Reader:
    return Reader(read=from_file(path, read), valid=valid, mutators=TEXT, examples=examples)
