# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Take a subject's fingerprint: ask the public probes, and note what it says of itself."""

import asyncio
from collections.abc import Sequence

from comity.assess.subjects.endpoint import Endpoint, reported_by
from comity.assess.subjects.process import Process
from comity.assess.subjects.subject import Limits, Subject, ask_within, preflight
from comity.evidence.fingerprint import PROBES, Fingerprint, answer_digest
from comity.kernel.digest import Digest, sha256

LIMITS = Limits()
TIMES = 2
"""How often a probe is asked as a fingerprint is registered: what varies tells nothing."""


def take(subject: Subject, *, limits: Limits = LIMITS, times: int = 1) -> Fingerprint:
    """Ask the probes, one after another, and return what was seen.

    Args:
        times: How often; a probe that was answered in two ways, or not, is left out.

    Raises:
        PeerFailed: The subject is not ready.
    """
    return asyncio.run(_take(subject, limits, times))


async def _take(subject: Subject, limits: Limits, times: int) -> Fingerprint:
    seen: dict[int, set[Digest]] = {}
    async with subject.open(limits, 1) as session:
        await preflight(session, subject, limits)
        for _ in range(times):
            for probe, text in enumerate(PROBES):
                answer = await ask_within(session, text, limits)
                given = answer_digest(answer) if isinstance(answer, str) else Digest(b"")
                seen.setdefault(probe, set()).add(given)
        reported = reported_by(session)
    steady = {probe: next(iter(given)) for probe, given in seen.items() if len(given) == 1}
    return Fingerprint(
        url=subject.label if isinstance(subject, Endpoint) else None,
        model=_model(subject),
        system=_system(subject),
        reported=reported,
        answers={probe: digest for probe, digest in steady.items() if digest},
    )


def _model(subject: Subject) -> str | None:
    match subject:
        case Endpoint(request={"model": str(model)}):
            return model
        case _:
            return None


def _system(subject: Subject) -> Digest | None:
    match subject:
        case Endpoint(system=str(text)) | Process(system=str(text)):
            return sha256(text.encode())
        case _:
            return None


def tolerance_for(probes: Sequence[int]) -> int:
    """Return how many probes may be answered otherwise where nothing else is said: a quarter.

    Engines answer some questions otherwise on another processor or in another batch.
    """
    return len(probes) // 4
