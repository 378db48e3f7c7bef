# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a service behind an endpoint can be known by when its weights are not at hand.

A fingerprint is weak: whoever runs the endpoint can answer the public probes as registered
and everything else otherwise. It tells an honest change of version, not a dishonest one.

Source:
    docs/spec/statements.md, "What a version is bound by".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields

METHOD = "endpoint/1"
"""Names how a fingerprint becomes a version digest; a registration says it."""

PROBES = (
    "Good morning.",
    "Count from one to ten.",
    "What is the capital of Brazil?",
    "The meeting is on Tuesday at 14:30.",
    "Write one sentence about the sea.",
    "Is seven larger than four?",
    "Name three fruits.",
    "Please close the window before it rains.",
    "What do bees make?",
    "The road to the north is not open.",
    "Spell the word water backwards.",
    "Which month comes after April?",
)
"""Public questions of no bank; probe k is `PROBES[k]`, and this list is only ever added to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What can be seen of a service from outside.

    Args:
        url: Where it is asked, without any query; None where it is no endpoint.
        model: The name it is asked by, or None.
        system: Digest of the system message it is given, or None.
        reported: What it says of itself with its answers, such as "system_fingerprint".
        answers: Digest of its answer by the number of the probe.
        tolerance: How many of the probes may be answered otherwise.
    """

    url: str | None
    model: str | None
    system: Digest | None
    reported: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[int, Digest] = field(default_factory=dict)
    tolerance: int = 0

    @property
    def digest(self) -> Digest:
        """Return the version digest of a system that is registered by its fingerprint."""
        return sha256(to_canonical(self.to_json()))

    def to_json(self) -> dict[str, Json]:
        """Write the fingerprint as a JSON object."""
        return {
            "url": self.url,
            "model": self.model,
            "system": None if self.system is None else self.system.hex(),
            "reported": dict(self.reported),
            "probes": [
                {"probe": probe, "sha256": digest.hex()}
                for probe, digest in sorted(self.answers.items())
            ],
            "tolerance": self.tolerance,
        }


def answer_digest(answer: str) -> Digest:
    """Return the digest under which an answer to a probe is kept."""
    return sha256(answer.encode())


def differences(registered: Fingerprint, seen: Fingerprint) -> tuple[str, ...]:
    """Say in words what speaks against a service being the one registered."""
    return tuple(_differences(registered, seen))


def _differences(registered: Fingerprint, seen: Fingerprint) -> Iterator[str]:
    if registered.url is not None and registered.url != seen.url:
        yield f"it is asked at {seen.url}, registered is {registered.url}"
    if registered.model is not None and registered.model != seen.model:
        yield f"it is asked as {seen.model}, registered is {registered.model}"
    if registered.system != seen.system:
        yield "its system message is another"
    for name, value in registered.reported.items():
        said = seen.reported.get(name)
        if said != value:
            yield f"it reports {name} {said}, registered is {value}"
    changed = [
        probe
        for probe, digest in registered.answers.items()
        if seen.answers.get(probe) != digest
    ]
    if len(changed) > registered.tolerance:
        count = len(registered.answers)
        yield (
            f"{len(changed)} of {count} probes are answered otherwise, "
            f"{registered.tolerance} may be"
        )


def fingerprint_from(fields: Fields) -> Fingerprint:
    """Read a fingerprint from a JSON object, noting faults."""
    reported = fields.inner("reported")
    answers: dict[int, Digest] = {}
    for row in fields.rows("probes"):
        probe = row.integer("probe")
        if probe in answers:
            row.fault("probe", "stands twice")
        answers[probe] = row.digest("sha256")
    return Fingerprint(
        url=fields.nullable("url", fields.text),
        model=fields.nullable("model", fields.text),
        system=fields.nullable("system", fields.digest),
        reported={name: reported.text(name) for name in reported.names()},
        answers=answers,
        tolerance=fields.integer("tolerance"),
    )
