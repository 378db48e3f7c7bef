# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity trust`: whose cosignatures count, what that withstands, and evidence of forks."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from comity.cli.session import Json, PassphraseFile, Publish, Telling, opened
from comity.cli.trust.render_trust import (
    comparison_facts,
    show_facts,
    tell_comparison,
    tell_show,
    tell_written,
)
from comity.cli.trust.render_verify import fork_facts
from comity.desk.log.trusting import Reader, compare, find_owner, reader_at
from comity.desk.log.trustpolicy import read_blocs, write_policy
from comity.errors import Fault, InvalidDocument, NotFound
from comity.kernel.noun import counted
from comity.ledger.fork import MAX_BYTES, Fork, from_bytes
from comity.node.clock import read_clock
from comity.node.inquiry import report as report_fork

app = App(name="trust", help="Say whose cosignatures count, and what that withstands.")


@app.command
def policy(
    node: Path,
    *,
    needed: int | None = None,
    bloc: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    replace: Annotated[bool, Parameter(negative="")] = False,
    as_json: Json = False,
) -> None:
    """Write the node's trust policy: its peers under the default quorum.

    The file is a C2SP tlog-policy; edit it as you like, the node reads it again at once. The
    default is 1 + floor(2n/3) of the n that may count for a log: docs/spec/trust.md says why.
    Where it withstands less than the rule before it, that is said.

    Example: comity trust policy kh

    Example: comity trust policy kh --needed 5

    Example: comity trust policy kh --bloc asean=KHM,VNM,THA --bloc south=BRA,ZAF

    Args:
        node: The node's folder.
        needed: How many must have cosigned, instead of the default.
        bloc: Jurisdictions that count as one bloc; a majority of each of three blocs, or of
            1 + floor(2b/3) of more, must then have cosigned. May be given again.
        replace: Write over the policy that is there.
    """
    telling = Telling(as_json=as_json)
    blocs = read_blocs(bloc)
    if blocs and needed is not None:
        message = "--needed counts members, --bloc counts blocs; give one of them"
        raise InvalidDocument(message, code="cli.trust", faults=[Fault(message=message)])
    written = write_policy(_node(node), needed=needed, blocs=blocs, replace=replace)
    tell_written(telling, written, node)


@app.command
def show(node: Path, *, as_json: Json = False) -> None:
    """Say whose cosignatures count for which log, and how many may lie or be away.

    Example: comity trust show kh

    Example: comity trust show kh/trust.policy

    Args:
        node: The node's folder, or a policy file.
    """
    telling = Telling(as_json=as_json)
    reader = reader_at(node)
    tell_show(telling, reader)
    telling.print_json(show_facts(reader))


@app.command(name="compare")
def compare_two(
    first: Path, second: Path, *, log: str | None = None, as_json: Json = False
) -> int:
    """Say up to how many liars two readers still see one story, and how they are split.

    Exit 1 where no liar at all is needed to show them two stories.

    Example: comity trust compare kh br

    Example: comity trust compare kh/trust.policy theirs.policy

    Args:
        first: A node's folder, or a policy file.
        second: Another one.
        log: Whose log it is, by a name, member id or origin known to one of them: its owner
            counts for neither.
    """
    telling = Telling(as_json=as_json)
    one, other = _pair(first, second)
    owner = None if log is None else find_owner((one, other), log)
    found = compare(one, other, owner)
    tell_comparison(telling, one, other, found)
    telling.print_json(comparison_facts(one, other, found))
    return 1 if found.safe is not None and found.safe < 0 else 0


@app.command
def report(
    node: Path,
    file: Path,
    *,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Keep evidence that a log told two stories, and tell of it in the node's own log.

    The file becomes a blob that others fetch; from now on this node shows that log as forked.

    Example: comity trust report kh fork.json

    Args:
        node: The node's folder.
        file: The evidence, as comity node follow writes it or a member hands it on.
    """
    telling = Telling(as_json=as_json)
    fork = _fork(file)
    with opened(node, passphrase_file) as held:
        exhibit, said = report_fork(held, fork, read_clock())
        shared = exhibit.found.shared
        telling.say(f"✓ {exhibit.origin} told two stories", style="green")
        same = counted(shared, "entry", "entries")
        telling.say(f"both share {same}; nothing after that counts here")
        if said is not None:
            telling.logged(
                held,
                said,
                "told",
                publish=publish,
                more=fork_facts(exhibit.fork, exhibit.found),
            )
            return
    telling.say("this node has told of it before")
    telling.print_json({"reference": None, **fork_facts(exhibit.fork, exhibit.found)})


def _pair(first: Path, second: Path) -> tuple[Reader, Reader]:
    """Read two rules; a bare policy is read by what the other knows of whose keys are."""
    one = reader_at(first)
    other = reader_at(second, one.owners)
    return reader_at(first, other.owners), other


def _node(folder: Path) -> Path:
    if not (folder / "node.toml").is_file():
        raise NotFound(
            f"no node in {folder}", code="node.missing", hint="found one: comity node init"
        )
    return folder


def _fork(path: Path) -> Fork:
    content = _read(path)
    message = "the file is empty" if not content else "not evidence of a fork"
    try:
        return from_bytes(content)
    except InvalidDocument as error:
        raise InvalidDocument(
            message,
            code=error.code,
            hint=error.hint or "a changed file reads so too; get it again from its author",
            source=str(path),
            faults=error.faults,
        ) from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotFound(
            f"cannot read {path}: {error.strerror}",
            code="cli.verify_file",
            hint="give the evidence file; a node keeps its own below evidence/",
        ) from None
