# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity dossier`: one file that checks a finding anywhere, offline."""

from collections.abc import Sequence
from pathlib import Path

from comity.cli.session import Json, NodeFolder, PassphraseFile, Telling, looked_at
from comity.desk.case.bundles import bundles_of
from comity.desk.case.case import gather
from comity.desk.finding.verification import Verified, assemble, verify_dossier
from comity.desk.log.citation import cite, short
from comity.desk.log.shelf import ViewShelf
from comity.errors import Conflict
from comity.evidence.publishing import Publishing, publishing_of
from comity.files.dossier import from_bytes, to_bytes, write_dossier


def dossier(
    finding: str,
    *,
    node: NodeFolder,
    out: Path,
    replace: bool = False,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write a finding, all it rests on with proofs, and its evidence, as one file.

    Whoever has it checks it with comity verify, without a node and without a network.

    Example: comity dossier kh.example/log#9 --node br --out finding.json

    Args:
        finding: The finding: its place, or digits of its SHA-256.
        out: Where the file is written, whole or not at all.
        replace: Write over a file that is there.
    """
    telling = Telling(as_json=as_json)
    if out.exists() and not replace:
        raise Conflict(
            f"{out} is there already",
            code="cli.exists",
            hint="choose another name, or add --replace",
        )
    with looked_at(node, passphrase_file) as own:
        shelf = ViewShelf(own.view())
        said = cite(shelf, finding, "finding")
        written = assemble(own, gather(shelf, said.reference, bundles_of(own)))
    encoded = to_bytes(written)
    verified = verify_dossier(from_bytes(encoded))
    write_dossier(written, out)
    names = [one.keyset.name for one in verified.signatories]
    telling.say(f"{out}: {len(encoded):,} bytes, {len(verified.checks)} checks hold")
    _tell(telling, verified, names, out)
    telling.print_json(
        {"finding": short(said), "file": str(out), "bytes": len(encoded), "members": names}
    )


def _tell(telling: Telling, verified: Verified, names: Sequence[str], out: Path) -> None:
    telling.say(f"it rests on the keys of: {'; '.join(names)}")
    if publishing_of(verified.publication.case.plan) is not Publishing.ALL:
        telling.say(
            "the plan keeps items back, and this file opens every one: it is for who hears an "
            "appeal; publish its report instead (comity verify --html, --report)",
            style="yellow",
        )
    telling.say(f"next: comity verify {out} --html report.html", style="green")
