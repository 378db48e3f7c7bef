# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity system`: a provider registers the versions of its systems."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.duties import load_profile
from comity.desk.registering import register_system
from comity.errors import Fault, InvalidDocument
from comity.files.weights import METHOD, digest_of
from comity.kernel.digest import Digest, from_hex
from comity.law.statement import Identity
from comity.node.server import read_clock

app = App(name="system", help="Register the versions of one's AI systems.")


@app.command
def register(
    profile: Path,
    *,
    node: NodeFolder,
    weights: Annotated[tuple[Path, ...], Parameter(consume_multiple=True, negative="")] = (),
    digest: str | None = None,
    method: str | None = None,
    what: str | None = None,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Log one version of a system: what it is, what it answers to the law, what it is made of.

    The version's digest is what every application, plan and finding is about.

    Example: comity system register relief.toml --weights model.bin vocab.spm --node maker

    Example: comity system register relief.toml --digest 9f86…0a08 --method image/1 --node maker

    Args:
        profile: The system's profile, a TOML file.
        weights: The files that make this version what it is; their digest names it.
        digest: Instead, a SHA-256 that changes when the version does, 64 digits.
        method: With --digest, how it was computed.
        what: What the digest is of, in a sentence.
    """
    telling = Telling(as_json=as_json)
    identity = _identity(weights, digest, method, what)
    read = load_profile(profile)
    with opened(node, passphrase_file) as own:
        reference = register_system(own, read, identity, now=read_clock())
        version = identity.sha256.hex()
        telling.say(f"{read.system} {read.version}, version digest {version}")
        telling.logged(own, reference, "system", publish=publish, more={"version": version})


def _identity(
    weights: tuple[Path, ...], digest: str | None, method: str | None, what: str | None
) -> Identity:
    faults: list[Fault] = []
    if bool(weights) == (digest is not None):
        faults.append(Fault(message="give either --weights or --digest"))
    if digest is not None and not (method or "").strip():
        faults.append(Fault(message="--digest needs --method: how the digest was computed"))
    if weights and method is not None:
        faults.append(Fault(message=f"--method is for --digest; of --weights it is {METHOD}"))
    found = Digest(bytes(32))
    try:
        found = digest_of(weights) if weights else from_hex(digest or "")
    except InvalidDocument as error:
        faults += [] if digest is None and not weights else list(error.faults)
    if faults:
        raise InvalidDocument("no version to register", code="cli.version", faults=faults)
    files = ", ".join(sorted(file.name for file in weights))
    return Identity(
        method=METHOD if weights else str(method),
        sha256=found,
        what=what or (f"the files {files}" if weights else "as its provider says"),
    )
