# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity export`: entries in the forms other people's tools read."""

from pathlib import Path

from cyclopts import App

from comity.cli.option import Json, print_json
from comity.cli.session import NodeFolder, PassphraseFile, looked_at, opened
from comity.desk.log.exhibits import from_label
from comity.desk.log.exporting import export_bundle, export_receipt
from comity.errors import Conflict, Fault, InvalidDocument
from comity.node.clock import read_clock

app = App(name="export", help="Write entries in the forms other people's tools read.")


@app.command
def receipt(
    entry: str,
    *,
    node: NodeFolder = Path(),
    to: Path = Path(),
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write an entry of your own log with its COSE receipt, for readers of SCITT (RFC 9942).

    Example: comity export receipt ai-office.example/log#12 --node kh --to handed-over

    Four files: the entry, its receipt, the key that checks it, and your signed word that the
    key is yours. The entry must stand under enough cosignatures.

    Args:
        entry: Which entry: LOG#N, as `comity publish` prints it.
        node: The node's folder.
        to: The folder to write into; made where it is missing.
    """
    origin, index = from_label(entry)
    with opened(node, passphrase_file) as opened_node:
        made = export_receipt(opened_node, origin, index, read_clock())
    files = {
        f"entry-{index}.dsse.json": made.entry,
        f"entry-{index}.receipt.cose": made.receipt,
        "receipt-key.pem": made.key_pem,
        "receipt-key.dsse.json": made.key_document,
    }
    written = _write(to, files)
    _say(written, {"entry": entry, "size": made.size}, as_json=as_json)


@app.command
def bundle(
    *entries: str,
    node: NodeFolder = Path(),
    to: Path = Path("statements.intoto.jsonl"),
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write entries of any followed logs as an in-toto bundle: one signed envelope a line.

    Example: comity export bundle ai-office.example/log#12 br.example/log#7 --node kh

    Args:
        entries: Which entries: LOG#N, as `comity publish` prints them.
        node: The node's folder.
        to: The file to write.
    """
    if not entries:
        message = "no entry was named"
        raise InvalidDocument(
            message,
            code="cli.export",
            hint="name at least one: LOG#N, such as ai-office.example/log#12",
            faults=[Fault(message=message)],
        )
    places = [from_label(entry) for entry in entries]
    with looked_at(node, passphrase_file) as opened_node:
        content = export_bundle(opened_node, places)
    written = _write(to.parent, {to.name: content})
    _say(written, {"entries": list(entries)}, as_json=as_json)


def _write(folder: Path, files: dict[str, bytes]) -> list[str]:
    if folder.exists() and not folder.is_dir():
        message = f"{folder} is a file, not a folder"
        raise Conflict(message, code="cli.export", hint="choose another --to")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [str(folder / name) for name in files]


def _say(written: list[str], more: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json({**more, "written": written})
        return
    for name in written:
        print(name)  # noqa: T201 - the verb's output
