# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity system`: a provider registers the versions of its systems."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

from cyclopts import App, Parameter

from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.duties import load_profile
from comity.desk.identity import Version, version_of
from comity.desk.registering import register_system
from comity.desk.service import to_subject
from comity.errors import Fault, InvalidDocument
from comity.files.subject import read_subject
from comity.files.weights import METHOD, digest_of
from comity.kernel.digest import from_hex
from comity.law.statement import Identity
from comity.node.server import read_clock

app = App(name="system", help="Register the versions of one's AI systems.")


@app.command
def register(
    profile: Path,
    *,
    node: NodeFolder,
    weights: Annotated[tuple[Path, ...], Parameter(consume_multiple=True, negative="")] = (),
    subject: Path | None = None,
    tolerance: int | None = None,
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

    Example: comity system register relief.toml --subject service.toml --node maker

    Example: comity system register relief.toml --digest 9f86…0a08 --method image/1 --node maker

    Args:
        profile: The system's profile, a TOML file.
        weights: The files that make this version what it is; their digest names it.
        subject: Instead, a file that says how the service is reached: its weights name the
            version as OpenSSF model signing counts them, or a fingerprint where it names none.
        tolerance: With a fingerprint, how many public probes may be answered otherwise.
        digest: Instead, a SHA-256 that changes when the version does, 64 digits.
        method: With --digest, how it was computed.
        what: What the digest is of, in a sentence.
    """
    telling = Telling(as_json=as_json)
    _check(Given(weights, subject, tolerance, digest, method))
    read = load_profile(profile)
    if subject is None:
        found = Version(identity=_identity(weights, digest, method, what))
    else:
        with telling.working("asking the service what it can be known by"):
            found = _described(subject, tolerance, what)
    with opened(node, passphrase_file) as own:
        identity = found.identity
        reference = register_system(own, read, identity, now=read_clock(), rest=found.rest)
        version = identity.sha256.hex()
        telling.say(f"bound by {identity.what}")
        telling.say(f"{read.system} {read.version}, version digest {version}")
        telling.logged(own, reference, "system", publish=publish, more={"version": version})


class Given(NamedTuple):
    """What was given to name a version."""

    weights: tuple[Path, ...]
    subject: Path | None
    tolerance: int | None
    digest: str | None
    method: str | None


def _check(given: Given) -> None:
    faults: list[Fault] = []
    ways = (bool(given.weights), given.subject is not None, given.digest is not None)
    if sum(ways) != 1:
        faults.append(Fault(message="give one of --weights, --subject and --digest"))
    if given.digest is not None and not (given.method or "").strip():
        faults.append(Fault(message="--digest needs --method: how the digest was computed"))
    if given.digest is None and given.method is not None:
        message = f"--method is for --digest; of --weights it is {METHOD}"
        faults.append(Fault(message=message))
    if given.tolerance is not None and (given.subject is None or given.tolerance < 0):
        faults.append(Fault(message="--tolerance is for --subject, and at least 0"))
    try:
        _ = from_hex(given.digest) if given.digest is not None else None
    except InvalidDocument as error:
        faults += error.faults
    if faults:
        raise InvalidDocument("no version to register", code="cli.version", faults=faults)


def _identity(
    weights: tuple[Path, ...], digest: str | None, method: str | None, what: str | None
) -> Identity:
    if digest is not None:
        said = what or "as its provider says"
        return Identity(method=str(method), sha256=from_hex(digest), what=said)
    files = ", ".join(sorted(file.name for file in weights))
    return Identity(method=METHOD, sha256=digest_of(weights), what=what or f"the files {files}")


def _described(subject: Path, tolerance: int | None, what: str | None) -> Version:
    service = read_subject(subject)
    found = version_of(service, to_subject(service), tolerance=tolerance)
    return (
        found if what is None else replace(found, identity=replace(found.identity, what=what))
    )
