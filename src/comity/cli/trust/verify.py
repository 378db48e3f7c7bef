# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity verify`: check what others published, from a file, a folder or an address."""

from collections.abc import Sequence
from pathlib import Path

from comity.cli.blob.render_disclosed import tell_disclosed
from comity.cli.session import Json, Telling
from comity.cli.trust.render_verify import (
    collection_facts,
    dossier_facts,
    tell_collection,
    tell_dossier,
    tell_fork,
)
from comity.cli.trust.report import NOTHING, Paper, write_reports, write_verifier
from comity.desk.finding.collection import Collection, collect_address, collect_folder
from comity.desk.finding.verification import verify_dossier
from comity.desk.log.disclosing import is_disclosure_file, verify_disclosure_file
from comity.desk.log.surveying import Survey, survey
from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.dossier import MAX_BYTES, from_bytes, is_dossier
from comity.ledger.fork import from_bytes as fork_from_bytes
from comity.ledger.fork import is_fork, judge_fork
from comity.node.clock import read_clock
from comity.node.secrets.sealed import is_sealed


def verify(target: str | None = None, *, paper: Paper = NOTHING, as_json: Json = False) -> int:
    """Check signatures, proofs and arithmetic of what others published; no node is needed.

    Exit 0 when everything that could be checked holds, 1 with place and reason when something
    does not, 2 when the target cannot be read. The report of a finding is written only after
    everything in its dossier was re-derived.

    Example: comity verify finding.json

    Example: comity verify finding.json --html report.html --report report.json

    Example: comity verify --write-verifier comity_verify.py

    Example: comity verify /media/stick/kh-node

    Example: comity verify https://kh.example

    Args:
        target: A dossier, an evidence file of a fork, a file of disclosed fields; a node's
            folder or the static files of a log; or the http(s) address of a node.
    """
    telling = Telling(as_json=as_json)
    paper.check()
    if paper.write_verifier is not None:
        write_verifier(telling, paper.write_verifier)
    if target is None:
        return _nothing(paper)
    path = Path(target)
    if "://" in target or path.is_dir():
        _refuse_report(paper)
        with telling.working(f"reading {target}"):
            found = collect_address(target) if "://" in target else collect_folder(path)
        with telling.working("looking at every entry"):
            surveys = survey([mark.log for mark in found.logs], read_clock())
        return _tell(telling, found, surveys)
    _verify_file(telling, path, paper)
    return 0


def _verify_file(telling: Telling, path: Path, paper: Paper) -> None:
    content = _read(path)
    try:
        _file(telling, path, content, paper)
    except InvalidDocument as error:
        hint = "a changed file reads so too; get it again from its author"
        raise error.named(str(path), hint=hint) from None


def _tell(telling: Telling, found: Collection, surveys: Sequence[Survey]) -> int:
    tell_collection(telling, found, surveys)
    telling.print_json(collection_facts(found, surveys))
    return 0 if found.holds else 1


def _nothing(paper: Paper) -> int:
    if paper.write_verifier is not None:
        return 0
    raise InvalidDocument(
        "nothing to check",
        code="cli.verify_target",
        hint="name a file, a folder or an address; comity verify --help has examples",
        faults=[Fault(message="no target is named")],
    )


def _refuse_report(paper: Paper) -> None:
    if (paper.html, paper.report, paper.eval_log) != (None, None, None):
        raise InvalidDocument(
            "a report is of one finding",
            code="cli.verify_report",
            hint="comity dossier writes a finding as one file; verify that file",
            faults=[Fault(message="--html and --report need a dossier")],
        )


def _file(telling: Telling, path: Path, content: bytes, paper: Paper) -> None:
    if is_fork(content):
        _refuse_report(paper)
        fork = fork_from_bytes(content)
        tell_fork(telling, fork, judge_fork(fork))
    elif is_disclosure_file(content):
        _refuse_report(paper)
        tell_disclosed(telling, verify_disclosure_file(content))
    elif is_sealed(content):
        raise InvalidDocument(
            "this file is sealed",
            code="cli.verify_sealed",
            hint="open it first: comity blob open FILE --out NEW --node NODE; then verify NEW",
            faults=[Fault(message="only a member it was sealed for can read it")],
        )
    elif is_dossier(content):
        with telling.working(f"checking {path}"):
            verified = verify_dossier(from_bytes(content))
        tell_dossier(telling, verified)
        write_reports(telling, verified, paper)
        telling.print_json(dossier_facts(verified))
    else:
        raise InvalidDocument(
            "neither a dossier nor evidence of a fork",
            code="cli.verify_target",
            hint="comity dossier writes the one, comity node follow the other",
            faults=[Fault(message="nothing in it says what it is")],
        )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotFound(
            f"cannot read {path}: {error.strerror}",
            code="cli.verify_file",
            hint="give a file, a folder, or an address such as https://kh.example",
        ) from None
    if len(content) > MAX_BYTES:
        fault = Fault(message=f"larger than {MAX_BYTES // 2**20} MB")
        raise InvalidDocument(
            "cannot be checked", code="cli.verify_file", source=str(path), faults=[fault]
        )
    return content
