# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity cooperate weights`: name weights to offer them, or check those fetched."""

from pathlib import Path

from comity.cli.session import Json, PassphraseFile, Telling, looked_at
from comity.desk.cooperation.offeredweights import Signed, WeightsSheet, weights_sheet
from comity.desk.log.citation import cite
from comity.desk.log.shelf import ViewShelf
from comity.errors import Fault, InvalidDocument


def weights(
    model: Path,
    *,
    offer: str = "",
    node: Path | None = None,
    signature: Path | None = None,
    public_key: Path | None = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Name weights as an offer names them; or check that those fetched are those offered.

    Example: comity cooperate weights model

    Example: comity cooperate weights model --offer br.example/log#3 --node kh

    Args:
        model: A folder, or one file.
        offer: An offer of open weights, ORIGIN#INDEX; with --node.
        node: The node's folder whose logs hold the offer.
        signature: Their maker's OpenSSF model signature; with --public-key.
        public_key: An elliptic-curve key in PEM.
    """
    faults: list[Fault] = []
    if bool(offer) is (node is None):
        faults.append(Fault(message="--offer and --node go together"))
    if (signature is None) is not (public_key is None):
        faults.append(Fault(message="--signature and --public-key go together"))
    if faults:
        raise InvalidDocument(
            "weights are not checked by halves", code="cli.choose", faults=faults
        )
    signed = None
    if signature is not None and public_key is not None:
        signed = Signed(signature=signature, public_key=public_key)
    _tell(Telling(as_json=as_json), _found(model, offer, node, passphrase_file, signed=signed))


def _found(
    model: Path,
    offer: str,
    node: Path | None,
    passphrase_file: Path | None,
    *,
    signed: Signed | None,
) -> WeightsSheet:
    if node is None:
        return weights_sheet(model, offer=None, signed=signed)
    with looked_at(node, passphrase_file) as own:
        said = cite(ViewShelf(own.view()), offer, "offer")
        return weights_sheet(model, offer=said, signed=signed)


def _tell(telling: Telling, found: WeightsSheet) -> None:
    telling.say(f"model-signing/1 {found.root}, {found.files} files", style="bold")
    if found.offered:
        telling.say("these are the weights offered", style="green")
    if found.signed:
        telling.say("their maker's signature holds", style="green")
    telling.print_json(found.to_json())
