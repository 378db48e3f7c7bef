# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a version of a system is bound by, and whether what is tested is that version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from comity.assess.subjects.probe import take, tolerance_for
from comity.assess.subjects.subject import Subject
from comity.desk.case.case import find_system
from comity.desk.log.refusal import not_ours
from comity.desk.log.shelf import Said, ViewShelf, get, read_or_none
from comity.errors import InvalidDocument, VerificationFailed
from comity.evidence.binding import FIELD, Binding, Strength, binding_from, weakest
from comity.evidence.fingerprint import METHOD as ENDPOINT_METHOD
from comity.evidence.fingerprint import Fingerprint, differences, fingerprint_from
from comity.evidence.plan import plan_from_predicate
from comity.files.service import Kind, Service
from comity.files.weights import MANIFEST_METHOD, digest_of, manifest_of, verify_signature
from comity.files.weights import METHOD as WEIGHTS_METHOD
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.law.statement import Identity
from comity.node.node import Node

FINGERPRINT = "fingerprint"
"""The field of a registration that holds the fingerprint its digest is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a registration says of a version's identity.

    Args:
        rest: Fields of the registration beside the identity.
    """

    identity: Identity
    rest: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What a registration binds its version by.

    Args:
        sha256: The version digest.
    """

    method: str
    sha256: Digest
    fingerprint: Fingerprint | None = None


def version_of(service: Service, subject: Subject, *, tolerance: int | None = None) -> Version:
    """Bind a version by what its service's file names: weights, else a fingerprint.

    A fingerprint asks each public probe twice and keeps those answered alike.

    Args:
        tolerance: How many probes may later be answered otherwise; a quarter if not given.

    Raises:
        InvalidDocument: The weights cannot be read, or are several files.
        PeerFailed: The service does not answer.
        VerificationFailed: The weights' signature does not hold.
    """
    if _weights(service):
        digest, said = _counted(MANIFEST_METHOD, service)
        what = "; ".join(said)
        return Version(identity=Identity(method=MANIFEST_METHOD, sha256=digest, what=what))
    seen = take(subject, times=2)
    allowed = tolerance_for(tuple(seen.answers)) if tolerance is None else tolerance
    print_ = Fingerprint(
        url=seen.url,
        model=seen.model,
        system=seen.system,
        reported=seen.reported,
        answers=seen.answers,
        tolerance=allowed,
    )
    what = f"its fingerprint: {_words(print_)}"
    identity = Identity(method=ENDPOINT_METHOD, sha256=print_.digest, what=what)
    return Version(identity=identity, rest={FINGERPRINT: print_.to_json()})


def bind(node: Node, plan: Said, subject: Subject, service: Service | None) -> Binding:
    """Compare what is to be tested with the version registered, and keep what was found.

    Raises:
        NotPermitted: The plan is another tester's.
        VerificationFailed: It is another version; every difference is named.
        PeerFailed: A fingerprint is to be compared and the service does not answer.
    """
    if plan.member != node.member:
        raise not_ours(plan, "this is another tester's plan")
    shelf = ViewShelf(node.view())
    planned = plan_from_predicate(plan.statement.predicate)
    said = find_system(shelf, get(shelf, planned.application, "application"))
    binding = compare(registered_of(said), subject, service)
    path = _kept(node, plan.reference.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(binding.to_json()) + "\n")
    return binding


def forget_unasked(node: Node, plan: Said) -> None:
    """Take back what was kept of a run that failed before it asked anything."""
    kept = _kept(node, plan.reference.sha256)
    if not kept.with_suffix(".transcript").exists():
        kept.unlink(missing_ok=True)


def registered_of(system: Said) -> Registered:
    """Return what a registration binds its version by; one of no known form binds nothing."""
    found = read_or_none(_registered, system)
    return found if found is not None else Registered(method="unknown", sha256=system.subject)


def compare(registered: Registered, subject: Subject, service: Service | None) -> Binding:
    """Compare a subject with a registered version.

    Raises:
        VerificationFailed: It is another version; every difference is named.
    """
    match registered.method:
        case "weights/1" | "model-signing/1" if service is not None and _weights(service):
            return _by_weights(registered, service)
        case "endpoint/1" if registered.fingerprint is not None:
            return _by_fingerprint(registered, registered.fingerprint, subject)
        case _:
            return Binding(
                strength=Strength.NONE, method=registered.method, registered=registered.sha256
            )


def found_identity(node: Node, plan: Digest) -> dict[str, Json]:
    """Return what a finding says of the identity of what was tested: the weakest of its runs.

    Nothing where no run of the test kept anything.
    """
    try:
        lines = _kept(node, plan).read_text("utf-8").splitlines()
    except OSError:
        return {}
    found: list[Binding] = []
    for line in lines:
        fields = Fields(json.loads(line), faults=[])
        found.append(binding_from(fields))
        fields.finish("not a kept binding", code="desk.identity")
    least = weakest(found)
    return {} if least is None else {FIELD: least.to_json()}


def _by_weights(registered: Registered, service: Service) -> Binding:
    seen, compared = _counted(registered.method, service)
    if seen != registered.sha256:
        words = f"its weights count {seen.hex()}, registered is {registered.sha256.hex()}"
        raise _other((words,))
    loads = service.kind in {Kind.GGUF, Kind.TRANSFORMERS}
    is_loaded = loads and _weights(service) == (service.file,)
    return Binding(
        strength=Strength.WEIGHTS if is_loaded else Strength.DECLARED,
        method=registered.method,
        registered=registered.sha256,
        compared=compared,
        seen=seen,
    )


def _by_fingerprint(
    registered: Registered, fingerprint: Fingerprint, subject: Subject
) -> Binding:
    if fingerprint.digest != registered.sha256:
        raise _other(("the registration's fingerprint is not the one its digest is of",))
    found = differences(fingerprint, take(subject))
    if found:
        raise _other(found)
    return Binding(
        strength=Strength.ENDPOINT if fingerprint.answers else Strength.NAME,
        method=registered.method,
        registered=registered.sha256,
        compared=(_words(fingerprint),),
    )


def _counted(method: str, service: Service) -> tuple[Digest, tuple[str, ...]]:
    """Count a service's weights as a method does; a signature beside them must hold."""
    weights, signed = _weights(service), service.weights
    said: tuple[str, ...] = ()
    if signed.signature is not None and signed.public_key is not None:
        model = _only(weights)
        verify_signature(model, signature=signed.signature, public_key=signed.public_key)
        key = sha256(signed.public_key.read_bytes()).hex()
        said = (f"signed by the key in the file with SHA-256 {key}",)
    if method == WEIGHTS_METHOD:
        digest = digest_of(weights)
        return digest, (f"the files {', '.join(path.name for path in weights)}", *said)
    ignored = () if signed.signature is None else (signed.signature,)
    manifest = manifest_of(_only(weights), ignored=ignored)
    return manifest.root, (f"the weights {manifest.name}, {len(manifest.files)} files", *said)


def _only(weights: tuple[Path, ...]) -> Path:
    if len(weights) != 1:
        raise InvalidDocument(
            "a model's manifest is of one folder or one file",
            code="desk.weights",
            hint="put the files in one folder and name that",
        )
    return weights[0]


def _weights(service: Service) -> tuple[Path, ...]:
    """Return the files a service is made of, as its file names them or as it loads them."""
    if service.weights.files or service.kind not in {Kind.GGUF, Kind.TRANSFORMERS}:
        return service.weights.files
    return (service.file,)


def _words(seen: Fingerprint) -> str:
    parts = [f"{name} {value}" for name, value in seen.reported.items()]
    named = [f"the name {seen.model}"] if seen.model is not None else []
    address = [f"the address {seen.url}"] if seen.url is not None else []
    system = ["its system message"] if seen.system is not None else []
    count, other = len(seen.answers), seen.tolerance
    probes = f"its answers to {count} public probes, of which {other} may be others"
    return "; ".join([*address, *named, *system, *parts, probes])


def _registered(predicate: Json) -> Registered:
    fields = Fields(predicate, faults=[])
    identity = fields.inner("identity")
    found = Registered(
        method=identity.text("method"),
        sha256=identity.digest("sha256"),
        fingerprint=fields.optional(
            FINGERPRINT, lambda name: fingerprint_from(fields.inner(name))
        ),
    )
    fields.finish("not bound", code="desk.fingerprint")
    return found


def _kept(node: Node, plan: Digest) -> Path:
    return node.folder / "work" / f"{plan.hex()}.identity"


def _other(differs: tuple[str, ...]) -> VerificationFailed:
    return VerificationFailed(
        f"what would be tested is not the version registered: {'; '.join(differs)}",
        code="desk.identity",
        hint="no question of the bank was asked; the provider registers a new version as such",
    )
