# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity system`: a provider registers the versions of its systems."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.assessment.identity import Version, version_of
from comity.desk.assessment.registering import register_system, with_materials
from comity.desk.assessment.service import to_subject
from comity.desk.law.duties import load_profile
from comity.errors import Fault, InvalidDocument
from comity.files.materials.bom import read_bom
from comity.files.subject import read_subject
from comity.files.weights import METHOD, digest_of
from comity.kernel.digest import from_hex
from comity.law.statement import Identity
from comity.node.clock import read_clock

app = App(name="system", help="Register the versions of one's AI systems.")


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What names the version: weights, a service's file, or a digest taken elsewhere.

    Args:
        weights: The files that make this version what it is; their digest names it.
        subject: Instead, a file that says how the service is reached: its weights name the
            version as OpenSSF model signing counts them, or a fingerprint where it names none.
        tolerance: With a fingerprint, how many public probes may be answered otherwise.
        digest: Instead, a SHA-256 that changes when the version does, 64 digits.
        method: With --digest, how it was computed.
        what: What the digest is of, in a sentence.
    """

    weights: Annotated[tuple[Path, ...], Parameter(consume_multiple=True, negative="")] = ()
    subject: Path | None = None
    tolerance: int | None = None
    digest: str | None = None
    method: str | None = None
    what: str | None = None


BY_NOTHING = Named()


@app.command
def register(
    profile: Path,
    *,
    node: NodeFolder,
    named: Named = BY_NOTHING,
    materials: Path | None = None,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Log one version of a system: what it is, what it answers to the law, what it is made of.

    The version's digest is what every application, plan and finding is about.

    Example: comity system register relief.toml --weights model.bin vocab.spm --node maker

    Example: comity system register relief.toml --subject service.toml --node maker

    Example: comity system register relief.toml --digest 9f86…0a08 --method image/1 --node maker

    Example: comity system register relief.toml --weights m.bin --materials bom.json --node kh

    Args:
        profile: The system's profile, a TOML file.
        materials: A bill of materials beside the profile's own: CycloneDX or SPDX 3 as JSON.
    """
    telling = Telling(as_json=as_json)
    _check(named)
    read = load_profile(profile)
    if materials is not None:
        read = with_materials(read, read_bom(materials))
    found = _version(telling, named)
    with opened(node, passphrase_file) as own:
        identity = found.identity
        reference = register_system(own, read, identity, now=read_clock(), rest=found.rest)
        version = identity.sha256.hex()
        telling.say(f"bound by {identity.what}")
        telling.say(f"{read.system} {read.version}, version digest {version}")
        telling.logged(own, reference, "system", publish=publish, more={"version": version})


def _check(given: Named) -> None:
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


def _version(telling: Telling, given: Named) -> Version:
    if given.subject is None:
        return Version(identity=_identity(given))
    service = read_subject(given.subject)
    with telling.working("asking the service what it can be known by"):
        found = version_of(service, to_subject(service), tolerance=given.tolerance)
    identity = (
        found.identity if given.what is None else replace(found.identity, what=given.what)
    )
    return replace(found, identity=identity)


def _identity(given: Named) -> Identity:
    if given.digest is not None:
        said = given.what or "as its provider says"
        return Identity(method=str(given.method), sha256=from_hex(given.digest), what=said)
    files = ", ".join(sorted(file.name for file in given.weights))
    said = given.what or f"the files {files}"
    return Identity(method=METHOD, sha256=digest_of(given.weights), what=said)
