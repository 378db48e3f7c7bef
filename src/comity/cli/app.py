# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The command line: verbs are loaded only when called, so `comity --help` is quick."""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from cyclopts import App, CycloptsError

from comity import __version__
from comity.cli.terminal import clear_output
from comity.errors import ComityError, InvalidDocument, StorageFailed, VerificationFailed

_VERBS = (
    ("assess.afterwards:accredit", "Vouch that a member tests as it should."),
    ("law.align:align", "Propose which norms the provisions of a draft text speak to."),
    ("assess.assess:app", "Test an AI service, each step logged before the next."),
    ("bank.bank:app", "Build, check and commit question banks."),
    ("blob.blob:app", "Keep content outside the log, show it to some, erase it openly."),
    ("law.changes:changes", "Say what became due, ended or changed for a system, and why."),
    (
        "council.consult:app",
        "Ask people in declared groups what they agree with; count in the open.",
    ),
    ("exposure.cooperate:app", "Say what is offered and needed, and find who fits whom."),
    ("council.council:app", "Decide together: rules as data, ballots, results, voting power."),
    ("demo:demo", "Run the main job here: two real AI services, four nodes, one finding."),
    ("law.determine:determine", "Say which duties bind a system, where, from when, and why."),
    ("assess.dossier:dossier", "Write a finding as one file that checks anywhere, offline."),
    (
        "identity.identity:app",
        "Show who members are; vouch for them; rotate keys; sign together.",
    ),
    ("node.export:app", "Write entries in the forms other people's tools read."),
    ("exposure.exposure:app", "Say what a state depends on, and what a shock would stop."),
    (
        "council.instrument:app",
        "Show who is bound by what; sign, ratify, reserve, differ, adopt.",
    ),
    ("law.interview:interview", "Ask what settles most next; answers are written at once."),
    (
        "judge.judge:app",
        "Try a model that judges; have people judge; audit either by a few labels.",
    ),
    ("law.measures:measures", "Plan the least-cost measures that meet every duty."),
    ("node.node:app", "Run one member's node: its log, its peers, its witness."),
    ("law.pack:app", "Read packs of rules and list every fault."),
    ("assess.policy:app", "Fix beforehand what one relies on."),
    (
        "council.programme:app",
        "Carry out an adopted plan: who does which task, what is done twice.",
    ),
    ("law.prove:app", "Prove what holds of the rules: conflicts, relations, faults."),
    ("node.publish:publish", "Sign statements from files into the node's log."),
    (
        "assess.recognise:recognise",
        "Rely on another's finding by one's own policy, or decline.",
    ),
    ("law.register:app", "Make up registers of systems, for trials."),
    ("law.relate:relate", "Say how norms on the same conduct lie to each other."),
    (
        "node.statement:app",
        "Say what statements must say; check files before they are published.",
    ),
    ("law.status:status", "Keep who sees to each duty, by when, with what evidence."),
    ("assess.subject:app", "Say how a service is reached, and try it before any test."),
    ("law.sweep:sweep", "Rule on every system of a register; say what a draft would do to it."),
    ("assess.system:app", "Register the versions of one's AI systems."),
    ("trust.trust:app", "Say whose cosignatures count, and what that withstands."),
    ("trust.verify:verify", "Check a file, a folder or an address; no node is needed."),
    ("node.view:app", "Show what a node sees, and why two nodes see different things."),
    ("assess.afterwards:withdraw", "Take back what one said; what rests on it falls with it."),
)
"""Each verb's place below `comity.cli`, and what the list of verbs says of it."""

_LATE = (["council"], ["exposure"])
"""Verbs whose own verbs are loaded late, so that their summaries are too."""

READER_GONE = 141
"""What a shell reports of a program whose output nobody reads any more."""


def build(*, with_summaries: bool) -> App:
    """Return the command line; a verb given a summary would show that as its whole help."""
    app = App(
        name="comity",
        version=__version__,
        help="AI services tested once, checkable everywhere.",
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for place, summary in _VERBS:
        module, _, function = place.partition(":")
        verb = module.rpartition(".")[2]
        name = verb if function in {"app", verb} else function
        shown = summary if with_summaries else None
        app.command(f"comity.cli.{place}", name=name, help=shown)
    return app


def main() -> None:
    """Run one verb; exit 0 when done, 1 when something does not verify, 2 on bad input."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed (`>&-`): whoever did so wants to read nothing
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - to the exit
            setattr(sys, name, nowhere)
    clear_output()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one verb and return its exit code; every error becomes one readable message."""
    try:
        app = build(with_summaries=not arguments or arguments[0].startswith("-"))
        if arguments[:1] in _LATE and arguments[1:] in ([], ["--help"], ["-h"]):
            app[arguments[0]].resolved_commands()  # verbs loaded late have no summary to list
        result = app(arguments, exit_on_error=False, print_error=True)
        sys.stdout.flush()
    except CycloptsError:
        return 2
    except ComityError as error:
        _report(error, as_json="--json" in arguments)
        return 1 if isinstance(error, VerificationFailed) else 2
    except KeyboardInterrupt:
        print("interrupted; run the same command again to resume", file=sys.stderr)  # noqa: T201
        return 130
    except OSError as error:
        return _refused_by_system(error, as_json="--json" in arguments)
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):  # rich leaves so, with exit code 1
            return _refused_by_system(left.__context__, as_json=False)
        raise
    return result if isinstance(result, int) else 0


def _refused_by_system(error: OSError, *, as_json: bool) -> int:
    """Say what no room said: most often that nobody reads the output, or its disk is full."""
    with suppress(OSError):  # what is left in the buffer would fail once more at the exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return READER_GONE
    what = f"{error.filename}: " if error.filename else "cannot write the output: "
    hint = "see that the place is there and has room; what a node logged before stays logged"
    _report(
        StorageFailed(f"{what}{error.strerror or error}", code="cli.system", hint=hint),
        as_json=as_json,
    )
    return 2


def _report(error: ComityError, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": as_problem(error)}, ensure_ascii=False), file=sys.stderr)  # noqa: T201
        return
    print(f"error: {error}", file=sys.stderr)  # noqa: T201
    if error.hint:
        print(f"hint: {error.hint}", file=sys.stderr)  # noqa: T201


def as_problem(error: ComityError) -> dict[str, object]:
    """Return an error as plain JSON values: code, message, hint, faults with places."""
    problem: dict[str, object] = {
        "code": error.code,
        "message": str(error),
        "hint": error.hint,
    }
    if isinstance(error, InvalidDocument):
        problem["source"] = error.source
        problem["faults"] = [
            {
                "source": f.source,
                "message": f.message,
                "line": f.line,
                "column": f.column,
                "near": f.near,
            }
            for f in error.faults
        ]
    return problem
